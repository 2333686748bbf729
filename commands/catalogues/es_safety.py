"""What is said in Spanish of members who pay little, of staff, and to one digit.

Data only, as in `commands.catalogues.es`, whose rules hold here too; put together in
`commands.catalogues`.
"""

from commands.command import Keyword

WORDS: dict[Keyword, str] = {}
USAGE: dict[Keyword, str] = {}
SAMPLES: dict[Keyword, str] = {}

TEMPLATES = {
    "question_over.other": (
        "No se hizo nada: esa pregunta ya vencio o se cerro. Ayuda: {help}"
    ),
    "frozen.stopped": (
        "Otro telefono aviso ROBO de su cuenta. Si no es cierto: SI {token} y su PIN,"
        " vale 4 h despues. Ayuda: {help}"
    ),
    "over_low": (
        "NO se pago. Por seguridad puede pagar {limit} {unit} por dia hasta el {until}"
        " (hoy lleva {used}). Pague un monto menor. Ayuda: {help}"
    ),
    "over_week": (
        "NO se pago. Limite por semana {limit} {unit} (usado {used})."
        " Pague un monto menor o espere al lunes. Ayuda: {help}"
    ),
    "guardian_woken": (
        "El telefono de {name} ({code}) volvio a escribir tras {count} dias."
        " Hable con esa persona. Si no es: ROBO {code}. Ayuda: {help}"
    ),
    "stopped.own": (
        "ROBO recibido: no se puede pagar con su cuenta, pero si recibir."
        " Si no fue usted: SI {token} y su PIN, vale 4 h despues. Ayuda: {help}"
    ),
    "approve_reset": (
        "{network}: PIN nuevo para {name} ({code}) sin esperar a su guardian."
        " Si lo aprueba: SI {token} y su PIN. Si no: NO {token}. Vence {until}"
    ),
    "approve_lift": (
        "{network}: que {name} ({code}) pague otra vez sin esperar a su guardian."
        " Si lo aprueba: SI {token} y su PIN. Si no: NO {token}. Vence {until}"
    ),
    "reset_by_staff": (
        "El personal de {network} confirmo su PIN nuevo: vale desde el {at}."
        " Si NO fue usted responda ROBO. Ayuda: {help}"
    ),
    "guardian_passed": (
        "{network}: el PIN nuevo de {name} ({code}) vale sin esperar a su guardian."
        " Lo aprobo {by}. Si no es cierto: ROBO {code}"
    ),
    "guardian_passed.lifted": (
        "{network}: {name} ({code}) paga otra vez sin esperar a su guardian."
        " Lo aprobo {by}. Si no es cierto: ROBO {code}"
    ),
    "staff_ended": (
        "{network}: {name} ya no es parte del personal. Lo decidio {by}."
        " Si no lo esperaba llame: {help}"
    ),
    "join_over": (
        "El personal de {network} no aprobo su solicitud."
        " Para preguntar por que llame: {help}"
    ),
    "join_over.lapsed": (
        "Su solicitud para entrar a {network} vencio sin respuesta."
        " Puede pedirla otra vez: ALTA y su nombre. Ayuda: {help}"
    ),
    "which_yes": (
        "No se hizo nada: hay varias preguntas abiertas."
        " Responda SI y el numero de una: {tokens}. Ayuda: {help}"
    ),
    "survey_noted": "Gracias: anotamos su respuesta {choice}.",
    "survey_range": (
        "Esa pregunta se responde con un numero de 1 a {count}, nada mas."
        " No mande su PIN. Para no responder: BAJA"
    ),
    "survey_left": "Listo: no le preguntamos mas eso. Ayuda: {help}",
}

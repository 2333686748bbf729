"""What is said in Spanish about joining, staff and what waits for them.

Data only, as in `commands.catalogues.es`, whose rules hold here too; put together in
`commands.catalogues`.
"""

from commands.command import Keyword

WORDS = {
    Keyword.alta: "ALTA",
    Keyword.llamar: "LLAMAR",
    Keyword.reclamo: "RECLAMO",
}

USAGE = {
    Keyword.alta: "ALTA y su nombre",
    Keyword.llamar: "LLAMAR y el motivo",
    Keyword.reclamo: "RECLAMO, los 10 numeros de la referencia y el motivo",
}

SAMPLES = {
    Keyword.alta: "ALTA Maria Lopez panaderia",
    Keyword.llamar: "LLAMAR mi tarjeta",
    Keyword.reclamo: "RECLAMO {some_ref} no entrego",
}

TEMPLATES = {
    "join_asked": (
        "Recibido, {name}: su solicitud espera al personal de {network}."
        " Le escribimos a este numero. No se hizo ningun pago. Ayuda: {help}"
    ),
    "member_already": (
        "Usted ya es socio de {network}: su codigo es {code}. Comandos: AYUDA"
    ),
    "welcome": (
        "Bienvenido a {network}, {name}. Su codigo es {code}: con el le pagan."
        " Guarde este numero. Para tener PIN llame: {help}. Comandos: AYUDA"
    ),
    "call_noted": (
        "Anotado: el personal de {network} le llama a este telefono."
        " Nadie le va a pedir su PIN. Si es urgente: {help}"
    ),
    "queue_full": (
        "No se pudo anotar: hay demasiados mensajes en espera."
        " Llame o escriba otro dia. Ayuda: {help}"
    ),
    "dispute_opened": (
        "Reclamo {number} abierto por {amount} {unit}, Ref {ref}."
        " El dinero no se ha movido. El personal le escribe o llama. Ayuda: {help}"
    ),
    "dispute_unknown": (
        "No encontramos ese pago entre los suyos."
        " Revise los 10 numeros de la referencia. Sus pagos: MOVS. Ayuda: {help}"
    ),
    "approve_staff": (
        "{network}: piden que {name} sea parte del personal ({role})."
        " Si usted lo aprueba: SI {token} y su PIN. Si no: NO {token}. Vence {until}"
    ),
    "staff_added": (
        "{network}: {name} ya es parte del personal ({role})."
        " Lo aprobo {by}. Si no lo esperaba llame: {help}"
    ),
    "approval_given": "Aprobado y hecho. Queda anotado con su nombre. Ayuda: {help}",
    "approval_refused": (
        "Negado: no se hizo. Queda anotado con su nombre. Ayuda: {help}"
    ),
    "approval_over": (
        "No se hizo nada: eso ya lo decidio otra persona, vencio o ya no es posible."
        " Ayuda: {help}"
    ),
    "approval_needs_pin": (
        "No se hizo nada: falta su PIN. Responda SI {token} y su PIN."
        " Para negar: NO {token}"
    ),
    "help_text.alta": (
        "ALTA pide entrar a la red: escriba ALTA y su nombre. Ej: {sample}."
        " Usted ya es socio. Ayuda: {help}"
    ),
    "help_text.llamar": (
        "LLAMAR pide que el personal le llame a este telefono."
        " Puede agregar el motivo. Ej: {sample}"
    ),
    "help_text.reclamo": (
        "RECLAMO avisa al personal de un pago con problema. Escriba la referencia"
        " y que paso. Ej: {sample}"
    ),
}

"""What is said in Spanish about joining, staff and what waits for them.

Data only, as in `commands.catalogues.es`, whose rules hold here too; put together in
`commands.catalogues`.
"""

from commands.command import Keyword

WORDS = {
    Keyword.alta: "ALTA",
    Keyword.llamar: "LLAMAR",
    Keyword.reclamo: "RECLAMO",
    Keyword.quien: "QUIEN",
    Keyword.alias: "ALIAS",
    Keyword.credito: "CREDITO",
    Keyword.baja: "BAJA",
    Keyword.promos: "PROMOS",
}

USAGE = {
    Keyword.alta: "ALTA y su nombre",
    Keyword.llamar: "LLAMAR y el motivo",
    Keyword.reclamo: "RECLAMO, los 10 numeros de la referencia y el motivo",
    Keyword.quien: "QUIEN y un codigo, telefono o alias",
    Keyword.alias: "ALIAS, la palabra y su PIN",
    Keyword.credito: "CREDITO y su PIN, o CREDITO y lo que pide",
    Keyword.baja: "BAJA o BAJA AVISOS",
    Keyword.promos: "PROMOS SI o PROMOS NO",
}

SAMPLES = {
    Keyword.alta: "ALTA Maria Lopez panaderia",
    Keyword.llamar: "LLAMAR mi tarjeta",
    Keyword.reclamo: "RECLAMO {some_ref} no entrego",
    Keyword.quien: "QUIEN {some_code}",
    Keyword.alias: "ALIAS panaderialuz ****",
    Keyword.credito: "CREDITO ****",
    Keyword.promos: "PROMOS SI",
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
    "who": "{code} es {name}, socio de {network}. Para pagarle use ese codigo.",
    "who.unable": (
        "{code} es {name}, socio de {network}. Ahora no puede recibir pagos."
        " Ayuda: {help}"
    ),
    "who_unknown": (
        "Nadie en {network} tiene ese codigo o telefono. Revise los numeros."
        " Ayuda: {help}"
    ),
    "who_unknown.alias": (
        "Nadie en {network} se llama {alias}. Pida el codigo de 5 numeros."
        " Ayuda: {help}"
    ),
    "who_unknown.near": (
        "Nadie en {network} se llama {alias}. Quiso decir {near_1} ({near_code_1})?"
    ),
    "who_unknown.near_two": (
        "Nadie en {network} se llama {alias}. Quiso decir {near_1} ({near_code_1})"
        " o {near_2} ({near_code_2})?"
    ),
    "who_enough": (
        "Ya pregunto mucho. Pruebe en una hora o pida el codigo a la persona."
        " Ayuda: {help}"
    ),
    "alias_set": (
        "Listo: su alias es {alias} y le pueden pagar con el."
        " Se puede cambiar otra vez en 90 dias."
    ),
    "alias_refused": (
        "Alias NO cambiado: {alias} no se puede usar. De 3 a 15 letras y numeros,"
        " la primera letra, y ningun comando. Ayuda: {help}"
    ),
    "alias_refused.taken": (
        "Alias NO cambiado: {alias} es de otra persona o se parece mucho."
        " Escoja otro. Ayuda: {help}"
    ),
    "alias_early": (
        "Alias NO cambiado: solo se puede cada 90 dias. Otra vez desde el {at}."
        " Ayuda: {help}"
    ),
    "credit": (
        "Credito: limite {limit} {unit}, usado {used}. Puede gastar {available}."
        " No cobra interes. Para pedir mas: CREDITO y el motivo"
    ),
    "credit_asked": (
        "Recibido: el personal decide su solicitud de credito y le escribe."
        " Su limite hoy es {limit} {unit}. Ayuda: {help}"
    ),
    "limit_changed": (
        "{network}: su limite de credito ahora es {limit} {unit}."
        " Puede gastar {available}. Dudas: {help}"
    ),
    "approve_limit": (
        "{network}: credito de {limit} {unit} para {name} ({code})."
        " Si lo aprueba: SI {token} y su PIN. Si no: NO {token}. Vence {until}"
    ),
    "limit_agreed": (
        "{network}: {name} ({code}) tiene ahora credito de {limit} {unit}."
        " Lo aprobo {by}. Si no lo esperaba llame: {help}"
    ),
    "opted_out": (
        "Listo: ya no le mandamos promociones. Recibos y avisos siguen."
        " Para no recibir avisos: BAJA AVISOS. Para volver: PROMOS SI"
    ),
    "opted_out.notices": (
        "Listo: ya no le mandamos promociones ni avisos. Los recibos siguen."
        " Para volver: PROMOS SI"
    ),
    "opted_in": (
        "Listo: le mandamos promociones y avisos de {network}. Para dejarlos: BAJA"
    ),
    "opt_out_held": (
        "No cambio nada: tiene una pregunta abierta. Para cerrarla: NO {token}."
        " Para no recibir promociones: BAJA"
    ),
    "not_here": (
        "NO se pago: nadie en {network} tiene ese telefono. Revise los numeros."
        " Para invitar a esa persona por mensaje: SI {token}. Ayuda: {help}"
    ),
    "invited": (
        "Listo: le escribimos a ese telefono como unirse a {network}. No se pago nada."
    ),
    "not_invited": (
        "No le escribimos: a ese telefono ya le llego una invitacion o ya es socio."
        " Ayuda: {help}"
    ),
    "invitation": (
        "{name} quiere pagarle con {network}, la red de pagos por mensaje."
        " Para unirse responda: ALTA y su nombre. Ayuda: {help}"
    ),
    "help_text.quien": (
        "QUIEN dice de quien es un codigo, telefono o alias. Ej: {sample}"
    ),
    "help_text.alias": (
        "ALIAS pone una palabra con la que le pueden pagar, en lugar del codigo."
        " Ej: {sample}"
    ),
    "help_text.credito": (
        "CREDITO dice su limite y cuanto ha usado. Ej: {sample}."
        " Para pedir mas escriba CREDITO y el motivo."
    ),
    "help_text.baja": (
        "BAJA quita las promociones, BAJA AVISOS tambien los avisos."
        " Los recibos siguen. Para volver: PROMOS SI"
    ),
    "help_text.promos": (
        "PROMOS SI pide las promociones de {network}, PROMOS NO las quita."
    ),
}

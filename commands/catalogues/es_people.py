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
    Keyword.guardian: "GUARDIAN",
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
    Keyword.guardian: "GUARDIAN, su codigo o telefono, y el PIN de usted",
}

SAMPLES = {
    Keyword.alta: "ALTA Maria Lopez panaderia",
    Keyword.llamar: "LLAMAR mi tarjeta",
    Keyword.reclamo: "RECLAMO {some_ref} no entrego",
    Keyword.quien: "QUIEN {some_code}",
    Keyword.alias: "ALIAS panaderialuz ****",
    Keyword.credito: "CREDITO ****",
    Keyword.promos: "PROMOS SI",
    Keyword.guardian: "GUARDIAN {some_code} ****",
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
        " El reclamo no mueve dinero. El personal le escribe o llama. Ayuda: {help}"
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
    "list_left": (
        "Listo: {network} ya no le manda promociones a este numero."
        " Para volver: PROMOS SI. Ayuda: {help}"
    ),
    "list_rejoined": (
        "Listo: {network} le manda promociones a este numero. Para dejarlas: BAJA"
    ),
    "list_help": (
        "Le escribimos de {network}, una red de comercios. Para no recibir: BAJA."
        " Para unirse: ALTA y su nombre. Ayuda: {help}"
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
        " De 3 a 15 letras o numeros, la primera letra. Ej: {sample}"
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
    "guardian_refused.unknown": (
        "Guardian NO cambiado: nadie en {network} tiene ese codigo, telefono o alias."
        " Ayuda: {help}"
    ),
    "guardian_refused.yourself": (
        "Guardian NO cambiado: usted no puede ser su propio guardian. Ayuda: {help}"
    ),
    "guardian_refused.full": (
        "Guardian NO cambiado: ya tiene 3. Quite uno antes:"
        " GUARDIAN QUITAR codigo y su PIN. Ayuda: {help}"
    ),
    "guardian_refused.none": (
        "Guardian NO cambiado: esa persona no es guardian de usted. Ayuda: {help}"
    ),
    "guardian_set": (
        "Listo: {name} ({code}) es su guardian. Si pierde el telefono o el PIN, le"
        " ayuda. Para quitarlo: GUARDIAN QUITAR {code} y su PIN"
    ),
    "guardian_set.dropped": (
        "Listo: {name} ({code}) ya no es su guardian. Ayuda: {help}"
    ),
    "guardian_named": (
        "{name} ({code}) le nombro su guardian en {network}. Si le roban el telefono,"
        " responda ROBO {code} y se bloquea su cuenta. Ayuda: {help}"
    ),
    "guardian_named.dropped": (
        "{name} ({code}) ya no le tiene de guardian en {network}. Ayuda: {help}"
    ),
    "guardian_asked": (
        "{name} ({code}) pide PIN nuevo y usted es su guardian. Hable con esa persona."
        " Si es cierto: SI {token} y su PIN. Si no: NO {token}"
    ),
    "pin_held": (
        "PIN recibido: vale desde el {at}, cuando {name}, su guardian, lo confirme."
        " Hasta entonces vale el anterior. Borre su mensaje."
    ),
    "reset_agreed": (
        "Confirmado: el PIN nuevo de {name} vale desde el {at}. Ayuda: {help}"
    ),
    "reset_confirmed": (
        "Su guardian {name} confirmo su PIN nuevo: vale desde el {at}."
        " Si NO fue usted responda ROBO. Ayuda: {help}"
    ),
    "reset_denied": (
        "Su guardian {name} anulo el PIN nuevo y avisamos al personal."
        " Vale el anterior. Ayuda: {help}"
    ),
    "reset_voided": (
        "Anulado: el PIN nuevo de {name} no vale y avisamos al personal. Ayuda: {help}"
    ),
    "stop_heard": (
        "Recibido: si ese codigo es de un socio, ya nadie paga con su cuenta."
        " Avisamos a su telefono. Hable con el personal: {help}"
    ),
    "stopped": (
        "Otro telefono aviso ROBO de su cuenta:"
        " no se puede pagar con ella, pero si recibir."
        " Si no es cierto: SI {token} y su PIN, vale 4 h despues. Ayuda: {help}"
    ),
    "stopped.no_token": (
        "Otro telefono aviso ROBO de su cuenta:"
        " no se puede pagar con ella, pero si recibir."
        " Si no es cierto pida ayuda: {help}"
    ),
    "stopped_twice": (
        "BLOQUEADA: dos telefonos avisaron ROBO de su cuenta."
        " La abren su guardian o el personal: {help}"
    ),
    "guardian_lift": (
        "Avisaron ROBO de la cuenta de {name} ({code}). Hable con esa persona."
        " Para que pueda pagar: SI {token} y su PIN. Para bloquearla: ROBO {code}"
    ),
    "lift_later": (
        "Recibido: con su cuenta se puede pagar desde el {at}."
        " Si le robaron el telefono responda ROBO. Ayuda: {help}"
    ),
    "lifted": "Ya se puede pagar otra vez con su cuenta. Si no lo esperaba: ROBO",
    "lifted_for": "Listo: {name} ya puede pagar otra vez. Ayuda: {help}",
    "blocked_for": (
        "BLOQUEADA: nadie puede pagar con la cuenta de {name} ({code})."
        " Para abrirla pida ayuda: {help}"
    ),
    "blocked_by": (
        "BLOQUEADA: su guardian {name} aviso ROBO y nadie puede pagar con su cuenta."
        " Para abrirla pida ayuda: {help}"
    ),
    "phone_moved": (
        "Este numero ya es el de su cuenta {code} en {network}."
        " Hasta el {at} puede pagar {limit} {unit} por dia. Ayuda: {help}"
    ),
    "phone_left": (
        "Su cuenta en {network} paso a otro telefono y este ya no la maneja."
        " Si no fue usted llame ya: {help}"
    ),
    "help_text.guardian": (
        "GUARDIAN nombra a un socio que le ayuda si pierde el telefono o el PIN."
        " Ej: {sample}. Para quitarlo: GUARDIAN QUITAR codigo PIN"
    ),
    "paid_payer.hidden": (
        "PAGO OK {amount} {unit} a {payee} ({payee_code}). Ref {ref}. Com {fee}."
        " Saldo oculto. {at}. VER {ref_digits}"
    ),
    "paid_payee.hidden": (
        "{word}: RECIBIO {amount} {unit} de {payer} ({payer_contact}). Ref {ref}."
        " Saldo oculto. {at}. Verifique: VER {ref_digits}"
    ),
    "balance_hidden": (
        "Listo: sus recibos ya no dicen el saldo. Para verlo: SALDO y su PIN."
        " Para que lo digan otra vez: SALDO VISIBLE y su PIN"
    ),
    "balance_shown": (
        "Listo: sus recibos dicen otra vez el saldo. Para ocultarlo: SALDO OCULTO"
    ),
    "approve_campaign": (
        "Enviar la campaña {name} a {people} personas? Si la aprueba: SI {token} y su"
        " PIN. Si no: NO {token}. Vence {until}"
    ),
    "approve_reverse": (
        "Devolver {amount} {unit} de {payee} a {payer}, Ref {ref}? Si lo aprueba:"
        " SI {token} y su PIN. Si no: NO {token}. Vence {until}"
    ),
    "reverse_agreed": (
        "{network}: se devolvio {amount} {unit} del pago Ref {ref}."
        " Lo aprobo {by}. Si no lo esperaba llame: {help}"
    ),
    "given_back": (
        "DEVUELTO por {network}: {amount} {unit} vuelven a usted de {name}, Ref {ref}."
        " Saldo {balance}. {at}. Dudas: {help}"
    ),
    "taken_back": (
        "DEVUELTO por {network}: {amount} {unit} de Ref {ref} volvieron a {name}."
        " Saldo {balance}. {at}. Dudas: {help}"
    ),
}

"""What is said in Spanish: to "usted", without á í ó ú, the outcome first.

Data only; read through `commands.catalogues`. `NOT_PAID` opens every refusal of money,
so the templates of replies that know `money` are written to stand behind it too.
"""

from commands.command import Keyword

NOT_PAID = "NO se pago: "
EITHER = " o "

WORDS = {
    Keyword.pagar: "PAGAR",
    Keyword.saldo: "SALDO",
    Keyword.movs: "MOVS",
    Keyword.ver: "VER",
    Keyword.si: "SI",
    Keyword.no: "NO",
    Keyword.pin: "PIN",
    Keyword.robo: "ROBO",
    Keyword.idioma: "IDIOMA",
    Keyword.ayuda: "AYUDA",
}

USAGE = {
    Keyword.pagar: "PAGAR codigo monto PIN",
    Keyword.saldo: "SALDO y su PIN",
    Keyword.movs: "MOVS y su PIN",
    Keyword.ver: "VER y los 10 numeros de la referencia",
    Keyword.si: "SI, el numero de la pregunta y su PIN",
    Keyword.no: "NO y el numero de la pregunta",
    Keyword.pin: "PIN actual nuevo nuevo",
    Keyword.robo: "ROBO, o desde otro telefono ROBO y su codigo",
    Keyword.idioma: "IDIOMA ES o IDIOMA EN",
    Keyword.ayuda: "AYUDA y un comando",
}

SAMPLES = {
    Keyword.pagar: "PAGAR {some_code} {some_amount} ****",
    Keyword.saldo: "SALDO ****",
    Keyword.movs: "MOVS ****",
    Keyword.ver: "VER {some_ref}",
    Keyword.si: "SI 47 ****",
    Keyword.no: "NO 47",
    Keyword.pin: "PIN **** **** ****",
    Keyword.idioma: "IDIOMA EN",
    Keyword.ayuda: "AYUDA PAGAR",
}

TEMPLATES = {
    # ---- payments
    "paid_payer": (
        "PAGO OK {amount} {unit} a {payee} ({payee_code}). Ref {ref}. Com {fee}."
        " Saldo {balance} Disp {available}. {at}. VER {ref_digits}"
    ),
    "paid_payee": (
        "{word}: RECIBIO {amount} {unit} de {payer} ({payer_contact}). Ref {ref}."
        " Saldo {balance}. {at}. Verifique: VER {ref_digits}"
    ),
    "confirm": (
        "Pagar {amount} {unit} a {payee} ({payee_code})? Com {fee}."
        " Responda {token} y su PIN. Vence en {minutes} min. Para no pagar: NO {token}"
    ),
    "no_funds": (
        "NO se pago {amount} {unit} a {payee} ({payee_code})."
        " Disponible: {available} {unit}. Para ver su limite: CREDITO"
    ),
    "over_limit": (
        "NO se pago. Limite por pago {payment_limit} {unit}, por dia {day_limit}"
        " (usado {day_used}). Pague un monto menor. Ayuda: {help}"
    ),
    "over_count": (
        "NO se pago: hoy ya hizo {count} pagos y es el maximo por dia."
        " Puede pagar otra vez mañana. Ayuda: {help}"
    ),
    "payee_unknown": (
        "NO se pago: nadie en {network} tiene ese codigo o telefono."
        " Revise los numeros y escriba el pago de nuevo. Ayuda: {help}"
    ),
    "payee_unknown.alias": (
        "NO se pago: no encontramos {alias}."
        " Pida el codigo de 5 numeros y escriba el pago de nuevo. Ayuda: {help}"
    ),
    "payee_unknown.near": (
        "NO se pago: no encontramos {alias}. Quiso decir {near_1} ({near_code_1})?"
        " Escriba el pago de nuevo."
    ),
    "payee_unknown.near_two": (
        "NO se pago: no encontramos {alias}. Quiso decir {near_1} ({near_code_1})"
        " o {near_2} ({near_code_2})? Escriba el pago de nuevo."
    ),
    "payee_cannot_receive": (
        "NO se pago: {payee} ({payee_code}) no puede recibir este pago por ahora."
        " Hable con esa persona. Ayuda: {help}"
    ),
    "payee_warned": (
        "NO se pago: {payer} ({payer_code}) quiso pagarle {amount} {unit}, pero su"
        " cuenta pasaria de su tope. Gaste un poco antes de cobrar. Ayuda: {help}"
    ),
    "pay_self": (
        "NO se pago: esa es su propia cuenta."
        " Escriba el codigo o telefono de quien recibe."
    ),
    "frozen": "Su cuenta esta bloqueada. Para abrirla pida ayuda: {help}",
    "no_pin_yet": (
        "Usted todavia no tiene PIN. Pida un codigo para crearlo: {help}."
        " Despues escriba: PIN codigo nuevo nuevo"
    ),
    "maybe_double": (
        "POSIBLE DOBLE: el {at} ya pago {amount} {unit} a {payee} (Ref {ref})."
        " No se repitio. Para pagar OTRA vez: SI {token} y su PIN"
    ),
    "already_done": (
        "Ya hecho: {amount} {unit} a {payee} el {at}. Ref {ref}."
        " No se cobro de nuevo. Saldo {balance}"
    ),
    "late": (
        "Su mensaje del {sent_at} llego tarde y NO se pago {amount} {unit} a {payee}."
        " Para pagar ahora: SI {token} y su PIN"
    ),
    "late_answer": (
        "NO se pago {amount} {unit} a {payee}: su respuesta llego fuera de tiempo."
        " Para pagar ahora: SI {token} y su PIN. Para no pagar: NO {token}"
    ),
    "not_paid": (
        "NO se pago {amount} {unit} a {payee} ({payee_code}), como usted pidio."
        " Otros pagos anulados: {more}."
    ),
    "nothing_open": (
        "NO se pago nada: no hay ningun pago esperando su respuesta."
        " Para pagar escriba: PAGAR codigo monto PIN"
    ),
    "question_over": (
        "NO se pago: esa pregunta ya vencio o se cerro."
        " Para pagar escriba de nuevo: PAGAR codigo monto PIN"
    ),
    "which_question": (
        "NO se pago: hay varios pagos esperando."
        " Responda el numero de uno y su PIN: {tokens}. Para no pagar ninguno: NO"
    ),
    "pin_needed": (
        "NO se pago todavia."
        " Responda en un mensaje: SI {token} y su PIN, que tiene {digits} numeros."
        " Para no pagar: NO {token}"
    ),
    "stray_pin": (
        "NO se pago nada: llego un PIN solo y no hay pago que lo espere."
        " Borre ese mensaje. Para pagar escriba: PAGAR codigo monto PIN"
    ),
    "failed": (
        "Hubo una falla nuestra y no se hizo nada."
        " Escriba otra vez en unos minutos. Ayuda: {help}"
    ),
    "not_now": (
        "NO se pago: {network} esta en revision y su saldo no cambio."
        " Escriba otra vez mas tarde. Ayuda: {help}"
    ),
    "text_waits": (
        "NO se pago: {network} esta en revision y su saldo no cambio. Su texto espera;"
        " si mañana no hay respuesta, repitalo. Ayuda: {help}"
    ),
    # ---- PINs
    "pin_bad": (
        "PIN incorrecto. Le quedan {tries_left} intentos."
        " Si olvido su PIN pida ayuda: {help}"
    ),
    "pin_bad.last": (
        "PIN incorrecto. Le queda 1 intento antes del bloqueo."
        " Si olvido su PIN pida ayuda: {help}"
    ),
    "pin_locked": (
        "Cuenta bloqueada por PIN incorrecto hasta {until}."
        " Espere y escriba de nuevo. Ayuda: {help}"
    ),
    "pin_locked.in_person": (
        "Cuenta bloqueada por muchos PIN incorrectos."
        " Para abrirla venga en persona. Ayuda: {help}"
    ),
    "pin_weak.repeats": (
        "PIN NO cambiado: el nuevo repite numeros y se adivina facil."
        " Escoja otro y mande todo de nuevo."
    ),
    "pin_weak.steps": (
        "PIN NO cambiado: el nuevo va en orden y se adivina facil."
        " Escoja otro y mande todo de nuevo."
    ),
    "pin_weak.date": (
        "PIN NO cambiado: el nuevo parece fecha o año y se adivina facil."
        " Escoja otro y mande todo de nuevo."
    ),
    "pin_weak.own_number": (
        "PIN NO cambiado: el nuevo es parte de su telefono o codigo."
        " Escoja otro y mande todo de nuevo."
    ),
    "pin_weak.common": (
        "PIN NO cambiado: el nuevo lo usa mucha gente y se adivina facil."
        " Escoja otro y mande todo de nuevo."
    ),
    "pin_weak.reused": (
        "PIN NO cambiado: usted ya tuvo ese PIN antes."
        " Escoja otro y mande todo de nuevo."
    ),
    "pin_weak.length": (
        "PIN NO cambiado: el nuevo debe tener {digits} numeros."
        " Escoja otro y mande todo de nuevo."
    ),
    "pin_unequal": (
        "PIN NO cambiado: el nuevo no es igual las dos veces."
        " Mande todo de nuevo: PIN actual nuevo nuevo"
    ),
    "pin_changed": (
        "PIN cambiado: el nuevo ya vale. Nadie de {network} se lo va a pedir."
        " Borre su mensaje, ahi se lee su PIN."
    ),
    "pin_delayed": (
        "PIN recibido: el nuevo vale desde el {at}. Hasta entonces vale el anterior."
        " Borre su mensaje, ahi se lee su PIN."
    ),
    "pin_reset": (
        "Pidieron cambiar el PIN de su cuenta. Si NO fue usted responda NO {token}"
        " o ROBO. Se activa en 24 h. Ayuda: {help}"
    ),
    "pin_reset.robo": (
        "Pidieron cambiar el PIN de su cuenta. Si NO fue usted responda ROBO."
        " Se activa en 24 h. Ayuda: {help}"
    ),
    "pin_reset_stopped": (
        "Cambio de PIN anulado: el nuevo no vale y avisamos al personal."
        " Si le robaron el telefono responda ROBO. Ayuda: {help}"
    ),
    "code_bad": (
        "PIN NO cambiado: codigo incorrecto o vencido. Le quedan {tries_left} intentos."
        " Escriba: PIN codigo nuevo nuevo. Ayuda: {help}"
    ),
    "code_bad.last": (
        "PIN NO cambiado: codigo incorrecto o vencido. Le queda 1 intento."
        " Escriba: PIN codigo nuevo nuevo. Ayuda: {help}"
    ),
    "code_bad.used_up": (
        "PIN NO cambiado: ese codigo ya no sirve. Pida uno nuevo: {help}"
    ),
    # ---- the member's own affairs
    "balance": (
        "Saldo {balance} {unit}. Disponible {available}. Limite credito {limit}."
        " Ultimo: {last_amount} {last_name} {last_at}. Mas: MOVS"
    ),
    "balance.unmoved": (
        "Saldo {balance} {unit}. Disponible {available}. Limite credito {limit}."
        " Todavia no hay movimientos."
    ),
    "history": (
        "{at_1} {amount_1} {name_1}\n{at_2} {amount_2} {name_2}\n"
        "{at_3} {amount_3} {name_3}\nMas: MOVS {next_page}"
    ),
    "history.none": "Todavia no hay movimientos. Para ver su saldo: SALDO",
    "history.beyond": "No hay mas movimientos. Para ver los ultimos: MOVS",
    "pin_asked": "Falta su PIN. Escriba: {usage}. Ej: {sample}",
    "pin_asked.visible": "Falta su PIN. Escriba: SALDO VISIBLE y su PIN",
    "genuine": (
        "REAL. {amount} {unit} de {payer} a {payee} {at}."
        " Pagado, no devuelto. Ref {ref}"
    ),
    "reversed_receipt": (
        "OJO: {ref} fue DEVUELTO el {reversed_at}."
        " {amount} {unit} de {payer} a {payee}. No entregue producto."
    ),
    "false_receipt": (
        "FALSO: {ref} no existe en {network}. No entregue producto."
        " Pida ver el recibo y repita VER. Ayuda: {help}"
    ),
    "false_receipt.mistyped": (
        "FALSO o mal escrito: {ref} no existe. No entregue producto."
        " Revise los 10 numeros y repita VER. Ayuda: {help}"
    ),
    "blocked": (
        "BLOQUEADA: nadie puede pagar con su cuenta desde ahora."
        " Para abrirla pida ayuda: {help}"
    ),
    "language_set": "Listo: desde ahora le escribimos en español. Comandos: AYUDA",
    "language_unknown": (
        "Idioma NO cambiado: solo hay ES y EN."
        " Escriba IDIOMA ES o, for English, LANG EN"
    ),
    # ---- understanding
    "help_text.pagar": (
        "PAGAR: escriba codigo o telefono, monto y PIN. Ej: {sample}."
        " Sin PIN le preguntamos antes. Puede agregar POR y el motivo."
    ),
    "help_text.saldo": (
        "SALDO dice cuanto tiene, cuanto puede gastar y su limite de credito."
        " Ej: {sample}. SALDO OCULTO lo quita de los recibos."
    ),
    "help_text.movs": (
        "MOVS dice sus ultimos pagos y cobros, 3 por mensaje."
        " Ej: {sample}. Anteriores: MOVS 2 ****"
    ),
    "help_text.ver": (
        "VER dice si un recibo es real, falso o devuelto."
        " Escriba los 10 numeros de la referencia. Ej: {sample}"
    ),
    "help_text.si": (
        "SI confirma un pago: escriba SI, el numero de la pregunta y su PIN."
        " Ej: {sample}"
    ),
    "help_text.no": (
        "NO anula un pago que espera su respuesta. Ej: {sample}."
        " NO solo los anula todos."
    ),
    "help_text.pin": (
        "PIN cambia su PIN: escriba el actual y dos veces el nuevo. Ej: {sample}."
        " La primera vez, su codigo en lugar del actual."
    ),
    "help_text.robo": (
        "ROBO bloquea su cuenta ya: nadie paga con ella."
        " Desde otro telefono: ROBO y su codigo. Para abrirla pida ayuda: {help}"
    ),
    "help_text.idioma": (
        "IDIOMA cambia el idioma en que le escribimos. IDIOMA ES español,"
        " LANG EN English"
    ),
    "help_text.ayuda": (
        "AYUDA dice los comandos; con un comando, como se escribe. Ej: {sample}."
        " Ayuda: {help}"
    ),
    "not_understood.empty": (
        "No hay nada escrito en su mensaje. Escriba AYUDA. Ayuda: {help}"
    ),
    "not_understood.strange_digits": (
        "Hay numeros que no se leen bien."
        " Escriba de nuevo con las teclas 0 a 9. Ayuda: {help}"
    ),
    "not_understood.unknown_word": (
        "No entendi su mensaje. Quiso decir {suggestions}?"
        " Comandos: PAGAR COBRAR SALDO MOVS VER OFERTA BUSCAR PIN ROBO AYUDA."
        " Ayuda: {help}"
    ),
    "not_understood.unknown_word.named": (
        "No conozco {word}. Quiso decir {suggestions}?"
        " Comandos: PAGAR COBRAR SALDO MOVS VER OFERTA BUSCAR PIN ROBO AYUDA."
        " Ayuda: {help}"
    ),
    "not_understood.which_word": (
        "La primera palabra no es clara. Quiso decir {suggestions}?"
        " Escriba todo de nuevo. Ayuda: {help}"
    ),
    "not_understood.damaged_alias": (
        "Llego un ¡ dentro de un nombre."
        " Escriba el codigo o telefono en lugar del nombre. Ayuda: {help}"
    ),
    "not_understood.amount_unclear": (
        "Monto no claro. Escriba {some_thousands} o {some_small}, sin punto de miles."
        " Ej: {sample}"
    ),
    "not_understood.amount_or_pin_missing": (
        "Falta el monto o el PIN. Escriba los dos, el monto asi: {some_thousands}."
        " Ej: {sample}"
    ),
    "not_understood.code_mistyped": (
        "Codigo mal escrito. Revise los 5 numeros y escriba de nuevo. Ayuda: {help}"
    ),
    "not_understood.two_readings": (
        "Se puede leer de dos maneras. Escriba en este orden: {usage}."
        " El monto asi: {some_thousands}. Ej: {sample}"
    ),
    "not_understood.syntax": (
        "No entendi. Escriba: {usage}. Ej: {sample}. Ayuda: AYUDA {keyword}"
    ),
    # The words of the network's own staff.
    "info_text": "{text}",
    "too_long": (
        "NO se pago nada: su mensaje es muy largo y no se leyo."
        " Escriba uno corto: PAGAR codigo monto PIN"
    ),
    "incomplete": (
        "NO se pago nada: su mensaje llego incompleto. Escribalo de nuevo, mas corto."
    ),
    "not_member": (
        "Este numero no esta registrado en {network}. No se hizo ningun pago."
        " Para unirse: ALTA y su nombre. O llame: {help}"
    ),
}

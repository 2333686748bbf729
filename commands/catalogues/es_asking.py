"""What is said in Spanish of requests, refunds, receipts told again and first payments.

Data only, beside `commands.catalogues.es` and put together with it in
`commands.catalogues`: COBRAR, ANULAR, DEVOLVER, ULTIMO and the wait before a payment.
"""

from commands.command import Keyword

WORDS = {
    Keyword.cobrar: "COBRAR",
    Keyword.anular: "ANULAR",
    Keyword.devolver: "DEVOLVER",
    Keyword.ultimo: "ULTIMO",
}

USAGE = {
    Keyword.cobrar: "COBRAR codigo monto",
    Keyword.anular: "ANULAR numero, o referencia y PIN",
    Keyword.devolver: "DEVOLVER referencia PIN, o referencia monto PIN",
    Keyword.ultimo: "ULTIMO, y los 10 numeros de la referencia si es otro",
}

SAMPLES = {
    Keyword.cobrar: "COBRAR {some_code} {some_amount}",
    Keyword.anular: "ANULAR {some_ref} ****",
    Keyword.devolver: "DEVOLVER {some_ref} ****",
    Keyword.ultimo: "ULTIMO {some_ref}",
}

TEMPLATES = {
    # ---- COBRAR
    "charge_refused.unknown": (
        "Cobro NO enviado: nadie en {network} tiene ese codigo, telefono o alias."
        " Revise y escriba de nuevo. Ayuda: {help}"
    ),
    "charge_refused.own_account": (
        "Cobro NO enviado: esa es su propia cuenta."
        " Escriba el codigo o telefono de quien paga."
    ),
    "charge_refused.cannot_pay": (
        "Cobro NO enviado: esa persona no puede pagar por ahora."
        " Hable con ella. Ayuda: {help}"
    ),
    "charge_refused.limit": (
        "Cobro NO enviado: por mensaje se pagan hasta {payment_limit} {unit}."
        " Escriba un monto menor. Ayuda: {help}"
    ),
    "charge_refused.too_many": (
        "Cobro NO enviado: hoy esa persona ya recibio muchos cobros."
        " Pruebe mañana o hable con ella. Ayuda: {help}"
    ),
    "charge_sent": (
        "Cobro enviado: {amount} {unit} a {payer} ({payer_code}). Vence {until}."
        " Le avisaremos. Para anularlo: ANULAR {token}"
    ),
    "charge_waiting": (
        "Ese cobro ya espera respuesta: {amount} {unit} a {payer} ({payer_code})."
        " Vence {until}. No se envio otro. Para anularlo: ANULAR {token}"
    ),
    "charge_asked": (
        "{payee} ({payee_code}) le cobra {amount} {unit}. Por: {memo}."
        " Para pagar: SI {token} y su PIN. Para negar: NO {token}. Vence {until}"
    ),
    "charge_denied": (
        "COBRO NEGADO: {payer} ({payer_code}) no acepto pagarle {amount} {unit}."
        " No se pago nada. Ayuda: {help}"
    ),
    "charge_expired": (
        "COBRO VENCIDO: {payer} ({payer_code}) no respondio y no le pago {amount}"
        " {unit}. Puede cobrar de nuevo. Ayuda: {help}"
    ),
    "charge_lapsed": (
        "Vencio el cobro de {payee} ({payee_code}) por {amount} {unit}."
        " No se pago y ya no tiene que responder."
    ),
    "charge_stopped": (
        "Cobro anulado: {amount} {unit} a {payer} ({payer_code}). Ya no se puede pagar."
    ),
    "charge_gone": (
        "{payee} ({payee_code}) anulo su cobro de {amount} {unit}."
        " No se pago y ya no tiene que responder."
    ),
    # ---- ANULAR
    "nothing_to_cancel": (
        "No hay nada abierto que anular."
        " Para pedir que le devuelvan un pago: ANULAR, la referencia y su PIN."
        " Ayuda: {help}"
    ),
    "which_charge": (
        "Hay varios cobros abiertos. Escriba ANULAR y el numero de uno: {tokens}"
    ),
    # ---- DEVOLVER
    "refund_refused.unknown": (
        "Esa referencia no es de un pago suyo."
        " Revise los 10 numeros y escriba de nuevo. Ayuda: {help}"
    ),
    "refund_refused.received": (
        "Ese pago lo recibio usted."
        " Para devolverlo escriba DEVOLVER, la referencia y su PIN."
    ),
    "refund_refused.old": (
        "Ese pago es muy viejo y ya no se devuelve por mensaje. Ayuda: {help}"
    ),
    "refund_refused.done": (
        "Ese pago ya se devolvio todo. Para ver sus movimientos: MOVS"
    ),
    "refund_refused.asked_before": (
        "Ya se pidio devolver ese pago y no se acepto."
        " Hable con esa persona. Ayuda: {help}"
    ),
    "refund_over": (
        "De ese pago solo queda por devolver {left} {unit}."
        " Escriba de nuevo con un monto menor. Ayuda: {help}"
    ),
    "refunded": (
        "DEVUELTO {amount} {unit} a {payee} ({payee_code}). Pago {ref}."
        " Saldo {balance} Disp {available}. {at}"
    ),
    "got_refund": (
        "{word}: LE DEVOLVIERON {amount} {unit} de {payer} ({payer_contact})."
        " Pago {ref}. Saldo {balance}. {at}"
    ),
    "reversal_sent": (
        "Pedimos a {payee} ({payee_code}) que le devuelva {amount} {unit}."
        " Pago {ref}. Puede responder hasta {until}. Le avisaremos."
    ),
    "reversal_asked": (
        "{payer} pide devolver {amount} {unit} (Ref {ref})."
        " Si acepta: SI {token} y su PIN. Si no: NO {token}. Vence {until}"
    ),
    "not_paid.back": (
        "NO se devolvio: {amount} {unit} a {payee} ({payee_code}), como usted pidio."
        " Otros pagos anulados: {more}."
    ),
    "reversal_denied": (
        "NO DEVUELTO: {payee} ({payee_code}) no acepto devolver {amount} {unit}."
        " Pago {ref}. Reclamo {number} abierto. Ayuda: {help}"
    ),
    "reversal_expired": (
        "NO DEVUELTO: {payee} ({payee_code}) no respondio y no devolvio {amount}"
        " {unit}. Pago {ref}. Reclamo {number} abierto. Ayuda: {help}"
    ),
    # ---- ULTIMO
    "no_receipt.none_yet": (
        "Todavia no tiene recibos: no ha pagado ni le han pagado."
        " Para pagar: PAGAR codigo monto PIN"
    ),
    "no_receipt.unknown": (
        "Esa referencia no es de un pago suyo."
        " Revise los 10 numeros o escriba solo ULTIMO. Ayuda: {help}"
    ),
    "copy_paid": (
        "COPIA: PAGO {amount} {unit} a {payee} ({payee_code}) el {at}. Ref {ref}."
        " Le devolvieron {returned}. VER {ref_digits}"
    ),
    "copy_received": (
        "{word}: COPIA. RECIBIO {amount} {unit} de {payer} ({payer_contact}) el {at}."
        " Ref {ref}. Devolvio {returned}. VER {ref_digits}"
    ),
    # ---- the wait before a first payment
    "cooling": (
        "En {seconds} segundos se paga {amount} {unit} a {payee} ({payee_code})."
        " Es su primer pago a esa cuenta. Para no pagar: NO {token}"
    ),
    # ---- help
    "help_text.cobrar": (
        "COBRAR pide un pago a otra persona; paga si acepta. Ej: {sample}."
        " Puede agregar POR y el motivo."
    ),
    "help_text.anular": (
        "ANULAR 47 quita su cobro 47. {sample}, con la referencia de un pago y su PIN,"
        " pide a quien lo recibio que lo devuelva."
    ),
    "help_text.devolver": (
        "DEVOLVER devuelve un pago que recibio, todo o el monto que escriba."
        " Ej: {sample}. Si usted lo pago, le pide devolverlo."
    ),
    "help_text.ultimo": (
        "ULTIMO repite su ultimo recibo, sin saldo."
        " Otro: ULTIMO y los 10 numeros de la referencia."
    ),
}

"""What is said in Spanish of receipts, tills, vouchers and code cards.

Data only, beside `commands.catalogues.es` and put together with it in
`commands.catalogues`.
"""

from commands.command import Keyword

WORDS = {
    Keyword.palabra: "PALABRA",
    Keyword.cajero: "CAJERO",
    Keyword.cierre: "CIERRE",
    Keyword.vale: "VALE",
    Keyword.tarjeta: "TARJETA",
}

USAGE = {
    Keyword.palabra: "PALABRA, una palabra de 3 a 12 letras y su PIN",
    Keyword.cajero: "CAJERO ALTA telefono nombre PIN, o CAJERO QUITAR nombre PIN",
    Keyword.cierre: "CIERRE, el dia si no es hoy, y su PIN",
    Keyword.vale: "VALE y los 10 numeros del papel",
    Keyword.tarjeta: "TARJETA",
}

SAMPLES = {
    Keyword.palabra: "PALABRA mango ****",
    Keyword.cajero: "CAJERO ALTA {some_phone} Ana ****",
    Keyword.cierre: "CIERRE 24/11 ****",
    Keyword.vale: "VALE {some_ref}",
    Keyword.tarjeta: "TARJETA",
}

TEMPLATES = {
    # ---- receipts
    "word_set": (
        "Listo: cuando le paguen, el recibo empieza con {word}. Si no, es FALSO."
        " No la diga a nadie y borre su mensaje."
    ),
    "word_bad": (
        "Palabra NO cambiada: esa se adivina facil o es de un comando."
        " Escoja otra, de 3 a 12 letras, y mande todo de nuevo."
    ),
    "verify_over": (
        "Ya reviso {count} recibos en una hora y es el maximo."
        " Espere y repita. No entregue producto sin revisar. Ayuda: {help}"
    ),
    "genuine.old": (
        "REAL pero VIEJO, dias: {days}. {amount} {unit} de {payer} a {payee} {at}."
        " Pagado, no devuelto. Ref {ref}"
    ),
    "genuine.other": (
        "REAL pero NO se pago a usted. {amount} {unit} de {payer} a {payee} {at}."
        " No devuelto. Ref {ref}"
    ),
    "genuine.other_old": (
        "REAL pero VIEJO (dias: {days}) y NO se pago a usted."
        " {amount} {unit} de {payer} a {payee} {at}. No devuelto. Ref {ref}"
    ),
    "reversed_receipt.part": (
        "OJO: de {ref} se DEVOLVIO una parte el {reversed_at}: {part} {unit}."
        " Siguen pagados {stands} de {payer} a {payee}."
    ),
    "help_text.palabra": (
        "PALABRA escoge la palabra con que empieza el recibo cuando le pagan."
        " Ej: {sample}. Solo letras, de 3 a 12. No la diga a nadie."
    ),
    # ---- tills
    "till_added": (
        "Caja {till} lista: su telefono recibe avisos y no paga."
        " Para cobrar en ella: codigo {code}. Borre su mensaje. Total del dia: CIERRE"
    ),
    "till_dropped": (
        "Caja {till} quitada: su telefono ya no recibe por usted. Borre su mensaje."
    ),
    "till_dropped.left": (
        "Caja {till} quitada: lo pidieron desde ese telefono."
        " Para agregarla otra vez: CAJERO"
    ),
    "till_opened": (
        "Este telefono es caja de {owner} ({owner_code}): le avisa de pagos y no puede"
        " pagar. Total del dia: CIERRE. Si no quiere responda NO"
    ),
    "till_closed": "Este telefono ya no es caja de {owner} ({owner_code}).",
    "till_taken": (
        "Caja NO agregada: ese telefono ya es de un miembro o de otra caja."
        " Use otro. Ayuda: {help}"
    ),
    "till_named": (
        "Caja NO agregada: ya tiene una que se llama {till}. Escoja otro nombre."
    ),
    "tills_full": (
        "Caja NO agregada: puede tener {count} y agregar {count} por dia."
        " Quite una o espere a mañana. Ayuda: {help}"
    ),
    "till_unknown": (
        "Caja NO quitada: no tiene una con ese nombre o telefono."
        " Para ver las que hay: CAJERO"
    ),
    "tills": "Cajas: {tills}. Quitar una: CAJERO QUITAR nombre PIN",
    "tills.none": (
        "No tiene cajas. Agregar una: CAJERO ALTA telefono nombre PIN. Ej: {sample}"
    ),
    "till_cannot": (
        "Este telefono es caja de {owner} ({owner_code}): recibe y no paga."
        " Puede escribir CIERRE o VER. Ayuda: {help}"
    ),
    "paid_till": (
        "{word}: RECIBIO {amount} {unit} de {payer} ({payer_contact}). Ref {ref}."
        " {at}. Caja {till}. Verifique: VER {ref_digits}"
    ),
    "totals": (
        "CIERRE {day}: total {amount} {unit}, pagos {count}. Devuelto {returned}."
        "\n{till_1}: {count_1}, {amount_1}\n{till_2}: {count_2}, {amount_2}"
        "\nMas: CIERRE {day} {next_page}"
    ),
    "totals_of_till": (
        "CIERRE {day} {till_1}: total {amount_1} {unit}, pagos {count_1}."
        " Devuelto {returned}. A {owner} sin caja: total {amount_2}, pagos {count_2}."
    ),
    "help_text.cajero": (
        "CAJERO: un telefono que recibe sus avisos y no paga."
        " Ej: {sample}. Quitar: CAJERO QUITAR Ana ****. Ver las que hay: CAJERO"
    ),
    "help_text.cierre": (
        "CIERRE dice cuanto recibio en el dia, por caja. Ej: {sample}."
        " Hoy: CIERRE ****. Ayer: CIERRE AYER ****"
    ),
    # ---- vouchers
    "voucher_issued": (
        "VALE de {amount} {unit} hecho de su cuenta, vence {day}. Disp {available}."
        " Si usted no lo pidio llame: {help}"
    ),
    "voucher_spent": (
        "VALE COBRADO: {amount} {unit} de su cuenta a {payee} ({payee_code})."
        " Ref {ref}. Saldo {balance} Disp {available}. {at}."
    ),
    "voucher_mistyped": (
        "NO se pago: vale mal escrito. Revise los 10 numeros del papel y escriba de"
        " nuevo. Ayuda: {help}"
    ),
    "voucher_bad": (
        "NO se pago: FALSO, no hay vale con ese numero. Revise el papel."
        " Le quedan {tries_left} intentos hoy. Ayuda: {help}"
    ),
    "voucher_bad.last": (
        "NO se pago: FALSO, no hay vale con ese numero."
        " No le quedan intentos hoy. Ayuda: {help}"
    ),
    "voucher_locked": (
        "NO se pago: hoy escribio muchos vales que no existen."
        " Escriba otra vez mañana. Ayuda: {help}"
    ),
    "voucher_used": (
        "NO se pago: ese vale ya se cobro el {at} y no vale otra vez. Ayuda: {help}"
    ),
    "voucher_over": (
        "NO se pago: ese vale ya vencio o fue anulado. Pida otro a quien lo dio."
        " Ayuda: {help}"
    ),
    "voucher_late": (
        "NO se pago: su mensaje llego tarde. El vale sigue igual,"
        " escribalo de nuevo. Ayuda: {help}"
    ),
    "help_text.vale": (
        "VALE cobra un vale de papel en su cuenta: escriba los 10 numeros."
        " Ej: {sample}. Cada uno se cobra una vez."
    ),
    # ---- code cards
    "confirm_card": (
        "Pagar {amount} {unit} a {payee} ({payee_code})? Com {fee}."
        " Responda {token} y el codigo {position} de su tarjeta."
        " Vence en {minutes} min. No pagar: NO {token}"
    ),
    "card_needed": (
        "NO se pago todavia: falta el codigo {position} de su tarjeta."
        " Responda: SI {token} y ese codigo. Para no pagar: NO {token}"
    ),
    "card_bad": (
        "NO se pago: ese no es el codigo {position} de su tarjeta."
        " Le quedan {tries_left} intentos. Si la perdio pida ayuda: {help}"
    ),
    "card_bad.last": (
        "NO se pago: ese no es el codigo {position} de su tarjeta."
        " Le queda 1 intento antes del bloqueo. Si la perdio pida ayuda: {help}"
    ),
    "card_empty": (
        "NO se pago: este pago pide un codigo y su tarjeta ya no tiene."
        " Pida otra: TARJETA. Ayuda: {help}"
    ),
    "card_asked": (
        "Tarjeta pedida: el personal se la da en persona."
        " Tiene codigos para pagos altos. Ayuda: {help}"
    ),
    "card_asked.again": (
        "Ya habia pedido tarjeta: el personal se la da en persona. Ayuda: {help}"
    ),
    "card_asked.another": (
        "Tarjeta nueva pedida. A la que tiene le quedan {codes} codigos y vale hasta"
        " que reciba la otra. Ayuda: {help}"
    ),
    "card_issued": (
        "Su tarjeta de codigos esta hecha; si tenia otra, ya no vale."
        " Nadie de {network} le pide sus codigos. Si no la pidio llame: {help}"
    ),
    "help_text.tarjeta": (
        "TARJETA pide una tarjeta de papel con codigos, para pagos altos."
        " Cuando un pago pide un codigo, responda con ese y no con su PIN."
    ),
}

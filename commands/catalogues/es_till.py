"""What is said in Spanish of receipts, tills, vouchers and code cards.

Data only, beside `commands.catalogues.es` and put together with it in
`commands.catalogues`.
"""

from commands.command import Keyword

WORDS = {
    Keyword.palabra: "PALABRA",
}

USAGE = {
    Keyword.palabra: "PALABRA, una palabra solo de letras y su PIN",
}

SAMPLES = {
    Keyword.palabra: "PALABRA mango ****",
}

TEMPLATES = {
    # ---- receipts
    "word_set": (
        "Listo: desde ahora sus recibos empiezan con {word}."
        " Si uno empieza de otro modo, es FALSO. No la diga a nadie y borre su mensaje."
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
        " Se habia pagado {amount} de {payer} a {payee}."
    ),
    "help_text.palabra": (
        "PALABRA escoge la palabra con que empiezan sus recibos verdaderos."
        " Ej: {sample}. Solo letras, de 3 a 12. No la diga a nadie."
    ),
}

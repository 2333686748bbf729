"""What is said in English of receipts, tills, vouchers and code cards.

Data only, beside `commands.catalogues.en` and put together with it in
`commands.catalogues`.
"""

from commands.command import Keyword

WORDS = {
    Keyword.palabra: "WORD",
}

USAGE = {
    Keyword.palabra: "WORD, a word of letters only and your PIN",
}

SAMPLES = {
    Keyword.palabra: "WORD mango ****",
}

TEMPLATES = {
    # ---- receipts
    "word_set": (
        "Done: from now on your receipts begin with {word}."
        " One that begins otherwise is FALSE."
        " Tell it to nobody and delete your message."
    ),
    "word_bad": (
        "Word NOT changed: that one is easy to guess or belongs to a command."
        " Choose another of 3 to 12 letters and send it all again."
    ),
    "verify_over": (
        "You checked {count} receipts within an hour and that is the most."
        " Wait and repeat. Hand over no goods unchecked. Help: {help}"
    ),
    "genuine.old": (
        "REAL but OLD, days: {days}. {amount} {unit} from {payer} to {payee} {at}."
        " Paid, not returned. Ref {ref}"
    ),
    "genuine.other": (
        "REAL but NOT paid to you. {amount} {unit} from {payer} to {payee} {at}."
        " Not returned. Ref {ref}"
    ),
    "genuine.other_old": (
        "REAL but OLD (days: {days}) and NOT paid to you."
        " {amount} {unit} from {payer} to {payee} {at}. Not returned. Ref {ref}"
    ),
    "reversed_receipt.part": (
        "CAUTION: of {ref} a part was RETURNED on {reversed_at}: {part} {unit}."
        " {amount} had been paid from {payer} to {payee}."
    ),
    "help_text.palabra": (
        "WORD chooses the word that opens your genuine receipts."
        " Ex: {sample}. Letters only, 3 to 12. Tell it to nobody."
    ),
}

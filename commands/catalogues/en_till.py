"""What is said in English of receipts, tills, vouchers and code cards.

Data only, beside `commands.catalogues.en` and put together with it in
`commands.catalogues`.
"""

from commands.command import Keyword

WORDS = {
    Keyword.palabra: "WORD",
    Keyword.cajero: "TILL",
    Keyword.cierre: "TOTALS",
    Keyword.vale: "VOUCHER",
    Keyword.tarjeta: "CARD",
}

USAGE = {
    Keyword.palabra: "WORD, a word of 3 to 12 letters and your PIN",
    Keyword.cajero: "TILL ADD phone name PIN, or TILL DROP name PIN",
    Keyword.cierre: "TOTALS, the day if not today, and your PIN",
    Keyword.vale: "VOUCHER and the 10 digits on the paper",
    Keyword.tarjeta: "CARD",
}

SAMPLES = {
    Keyword.palabra: "WORD mango ****",
    Keyword.cajero: "TILL ADD {some_phone} Ana ****",
    Keyword.cierre: "TOTALS 24/11 ****",
    Keyword.vale: "VOUCHER {some_ref}",
    Keyword.tarjeta: "CARD",
}

TEMPLATES = {
    # ---- receipts
    "word_set": (
        "Done: when you are paid the receipt begins with {word}."
        " If it does not it is FALSE."
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
        " {stands} stay paid, from {payer} to {payee}."
    ),
    "help_text.palabra": (
        "WORD chooses the word that opens the receipt when you are paid."
        " Ex: {sample}. Letters only, 3 to 12. Tell it to nobody."
    ),
    # ---- tills
    "till_added": (
        "Till {till} is ready: its phone gets notices and cannot pay."
        " To be paid at it: code {code}. Delete your message. Sum of the day: TOTALS"
    ),
    "till_dropped": (
        "Till {till} removed: its phone no longer receives for you."
        " Delete your message."
    ),
    "till_dropped.left": (
        "Till {till} removed: that phone asked for it. To add it again: TILL"
    ),
    "till_opened": (
        "This phone is a till of {owner} ({owner_code}): it is told of payments and"
        " cannot pay. Sum of the day: TOTALS. If you do not want this reply NO"
    ),
    "till_closed": "This phone is no longer a till of {owner} ({owner_code}).",
    "till_taken": (
        "Till NOT added: that phone belongs to a member or another till already."
        " Use another. Help: {help}"
    ),
    "till_named": "Till NOT added: you have one called {till}. Choose another name.",
    "tills_full": (
        "Till NOT added: you can have {count} and add {count} a day."
        " Remove one or wait until tomorrow. Help: {help}"
    ),
    "till_unknown": (
        "Till NOT removed: you have none with that name or phone."
        " To see those you have: TILL"
    ),
    "tills": "Tills: {tills}. Remove one: TILL DROP name PIN",
    "tills.none": ("You have no tills. Add one: TILL ADD phone name PIN. Ex: {sample}"),
    "till_cannot": (
        "This phone is a till of {owner} ({owner_code}): it receives and cannot pay."
        " You can write TOTALS or VERIFY. Help: {help}"
    ),
    "paid_till": (
        "{word}: RECEIVED {amount} {unit} from {payer} ({payer_contact}). Ref {ref}."
        " {at}. Till {till}. To check: VERIFY {ref_digits}"
    ),
    "totals": (
        "TOTALS {day}: sum {amount} {unit}, payments {count}. Returned {returned}."
        "\n{till_1}: {count_1}, {amount_1}\n{till_2}: {count_2}, {amount_2}"
        "\nMore: TOTALS {day} {next_page}"
    ),
    "totals_of_till": (
        "TOTALS {day} {till_1}: sum {amount_1} {unit}, payments {count_1}."
        " Returned {returned}. To {owner} at no till: sum {amount_2},"
        " payments {count_2}."
    ),
    "help_text.cajero": (
        "TILL: a phone that gets your notices and cannot pay."
        " Ex: {sample}. Remove: TILL DROP Ana ****. See them: TILL"
    ),
    "help_text.cierre": (
        "TOTALS tells what you received in a day, by till. Ex: {sample}."
        " Today: TOTALS ****. Yesterday: TOTALS YESTERDAY ****"
    ),
    # ---- vouchers
    "voucher_issued": (
        "VOUCHER of {amount} {unit} made on your account, expires {day}."
        " Avail {available}. If you did not ask for it call: {help}"
    ),
    "voucher_spent": (
        "VOUCHER CASHED: {amount} {unit} of yours to {payee} ({payee_code}). Ref {ref}."
        " Bal {balance} Avail {available}. {at}."
    ),
    "voucher_mistyped": (
        "NOT paid: voucher mistyped."
        " Check the 10 digits on the paper and send it again. Help: {help}"
    ),
    "voucher_bad": (
        "NOT paid: FALSE, no voucher has that number. Check the paper."
        " Tries left today: {tries_left}. Help: {help}"
    ),
    "voucher_bad.last": (
        "NOT paid: FALSE, no voucher has that number. No tries left today. Help: {help}"
    ),
    "voucher_locked": (
        "NOT paid: you sent too many vouchers today that do not exist."
        " Send it again tomorrow. Help: {help}"
    ),
    "voucher_used": (
        "NOT paid: that voucher was cashed on {at} and is good once only. Help: {help}"
    ),
    "voucher_over": (
        "NOT paid: that voucher has expired or was called back."
        " Ask whoever gave it for another. Help: {help}"
    ),
    "voucher_late": (
        "NOT paid: your message came late. The voucher is as it was, send it again."
        " Help: {help}"
    ),
    "help_text.vale": (
        "VOUCHER puts a paper voucher on your account: write its 10 digits."
        " Ex: {sample}. Each is good once."
    ),
    # ---- code cards
    "confirm_card": (
        "Pay {amount} {unit} to {payee} ({payee_code})? Fee {fee}."
        " Reply {token} and code {position} of your card within {minutes} min."
        " To stop: NO {token}"
    ),
    "card_needed": (
        "NOT paid yet: code {position} of your card is missing."
        " Reply: YES {token} and that code. To stop: NO {token}"
    ),
    "card_bad": (
        "NOT paid: that is not code {position} of your card."
        " Tries left: {tries_left}. If you lost it get help: {help}"
    ),
    "card_bad.last": (
        "NOT paid: that is not code {position} of your card."
        " 1 try left before it locks. If you lost it get help: {help}"
    ),
    "card_empty": (
        "NOT paid: this payment asks for a code and your card has none left."
        " Ask for another: CARD. Help: {help}"
    ),
    "card_asked": (
        "Card asked for: staff give it to you in person."
        " It has codes for large payments. Help: {help}"
    ),
    "card_asked.again": (
        "You had asked for a card: staff give it to you in person. Help: {help}"
    ),
    "card_asked.another": (
        "New card asked for. The one you have has {codes} codes left and is good until"
        " you get the other. Help: {help}"
    ),
    "card_issued": (
        "Your code card is made; if you had another it is void."
        " Nobody of {network} asks for its codes. If you did not ask call: {help}"
    ),
    "help_text.tarjeta": (
        "CARD asks for a paper card with codes, for large payments."
        " When a payment asks for a code, reply with it and not with your PIN."
    ),
}

"""What is said in English, in short words and the outcome first.

Data only; read through `commands.catalogues`. `NOT_PAID` opens every refusal of money,
so the templates of replies that know `money` are written to stand behind it too.
"""

from commands.command import Keyword

NOT_PAID = "NOT paid: "
EITHER = " or "

WORDS = {
    Keyword.pagar: "PAY",
    Keyword.saldo: "BAL",
    Keyword.movs: "HIST",
    Keyword.ver: "VERIFY",
    Keyword.si: "YES",
    Keyword.no: "NO",
    Keyword.pin: "PIN",
    Keyword.robo: "STOLEN",
    Keyword.idioma: "LANG",
    Keyword.ayuda: "HELP",
}

USAGE = {
    Keyword.pagar: "PAY code amount PIN",
    Keyword.saldo: "BAL and your PIN",
    Keyword.movs: "HIST and your PIN",
    Keyword.ver: "VERIFY and the 10 digits of the reference",
    Keyword.si: "YES, the question's number and your PIN",
    Keyword.no: "NO and the question's number",
    Keyword.pin: "PIN old new new",
    Keyword.robo: "STOLEN, or from another phone STOLEN and your code",
    Keyword.idioma: "LANG ES or LANG EN",
    Keyword.ayuda: "HELP and a command",
}

SAMPLES = {
    Keyword.pagar: "PAY {some_code} {some_amount} ****",
    Keyword.saldo: "BAL ****",
    Keyword.movs: "HIST ****",
    Keyword.ver: "VERIFY {some_ref}",
    Keyword.si: "YES 47 ****",
    Keyword.no: "NO 47",
    Keyword.pin: "PIN **** **** ****",
    Keyword.idioma: "LANG ES",
    Keyword.ayuda: "HELP PAY",
}

TEMPLATES = {
    # ---- payments
    "paid_payer": (
        "PAID {amount} {unit} to {payee} ({payee_code}). Ref {ref}. Fee {fee}."
        " Bal {balance} Avail {available}. {at}. VERIFY {ref_digits}"
    ),
    "paid_payee": (
        "{word}: RECEIVED {amount} {unit} from {payer} ({payer_contact}). Ref {ref}."
        " Bal {balance}. {at}. To check: VERIFY {ref_digits}"
    ),
    "confirm": (
        "Pay {amount} {unit} to {payee} ({payee_code})? Fee {fee}."
        " Reply {token} and your PIN within {minutes} min. To stop: NO {token}"
    ),
    "no_funds": (
        "NOT paid: {amount} {unit} to {payee} ({payee_code})."
        " Available: {available} {unit}. To see your limit: CREDIT"
    ),
    "over_limit": (
        "NOT paid. Limit {payment_limit} {unit} a payment, {day_limit} a day"
        " (used {day_used}). Pay a smaller amount. Help: {help}"
    ),
    "over_count": (
        "NOT paid: you made {count} payments today and that is the most a day."
        " You can pay again tomorrow. Help: {help}"
    ),
    "payee_unknown": (
        "NOT paid: nobody in {network} has that code or phone."
        " Check the digits and send the payment again. Help: {help}"
    ),
    "payee_unknown.alias": (
        "NOT paid: we cannot find {alias}."
        " Ask for the 5-digit code and send the payment again. Help: {help}"
    ),
    "payee_unknown.near": (
        "NOT paid: we cannot find {alias}. Did you mean {near_1} ({near_code_1})?"
        " Send the payment again."
    ),
    "payee_unknown.near_two": (
        "NOT paid: we cannot find {alias}. Did you mean {near_1} ({near_code_1})"
        " or {near_2} ({near_code_2})? Send the payment again."
    ),
    "payee_cannot_receive": (
        "NOT paid: {payee} ({payee_code}) cannot receive this payment for now."
        " Please talk to them. Help: {help}"
    ),
    "payee_warned": (
        "NOT paid: {payer} ({payer_code}) tried to pay you {amount} {unit}, but your"
        " account would pass its ceiling. Spend some first. Help: {help}"
    ),
    "pay_self": (
        "NOT paid: that is your own account."
        " Write the code or phone of the one you want to pay."
    ),
    "frozen": "Your account is blocked. To open it ask for help: {help}",
    "no_pin_yet": (
        "You have no PIN yet. Ask for a code to make one: {help}."
        " Then write: PIN code new new"
    ),
    "maybe_double": (
        "MAYBE DOUBLE: on {at} you already paid {amount} {unit} to {payee} (Ref {ref})."
        " Not repeated. To pay AGAIN: YES {token} and PIN"
    ),
    "already_done": (
        "Already done: {amount} {unit} to {payee} on {at}. Ref {ref}."
        " Not charged again. Bal {balance}"
    ),
    "late": (
        "Your text of {sent_at} came late and was NOT paid: {amount} {unit} to {payee}."
        " To pay now: YES {token} and your PIN"
    ),
    "late_answer": (
        "NOT paid: {amount} {unit} to {payee}. Your answer came out of time."
        " To pay now: YES {token} and your PIN. To stop: NO {token}"
    ),
    "not_paid": (
        "NOT paid: {amount} {unit} to {payee} ({payee_code}), as you asked."
        " Other payments stopped: {more}."
    ),
    "nothing_open": (
        "NOT paid: no payment is waiting for your answer."
        " To pay write: PAY code amount PIN"
    ),
    "question_over": (
        "NOT paid: that question has expired or was closed."
        " To pay write again: PAY code amount PIN"
    ),
    "which_question": (
        "NOT paid: several payments are waiting."
        " Reply the number of one and your PIN: {tokens}. To stop them all: NO"
    ),
    "pin_needed": (
        "NOT paid yet."
        " Reply in one text: YES {token} and your PIN, which has {digits} digits."
        " To stop: NO {token}"
    ),
    "stray_pin": (
        "NOT paid: a PIN came alone and no payment is waiting for it."
        " Delete that text. To pay write: PAY code amount PIN"
    ),
    "failed": (
        "The fault is ours and nothing was done."
        " Send it again in a few minutes. Help: {help}"
    ),
    "not_now": (
        "NOT paid: {network} is under review and your balance has not changed."
        " Send it again later. Help: {help}"
    ),
    "text_waits": (
        "NOT paid: {network} is under review and your balance has not changed. Your"
        " text waits; if there is no answer tomorrow, send it again. Help: {help}"
    ),
    # ---- PINs
    "pin_bad": (
        "Wrong PIN. You have {tries_left} tries left."
        " If you forgot your PIN ask for help: {help}"
    ),
    "pin_bad.last": (
        "Wrong PIN. You have 1 try left before it is locked."
        " If you forgot your PIN ask for help: {help}"
    ),
    "pin_locked": (
        "Account locked by wrong PINs until {until}."
        " Wait and send it again. Help: {help}"
    ),
    "pin_locked.in_person": (
        "Account locked by many wrong PINs. To open it come in person. Help: {help}"
    ),
    "pin_weak.repeats": (
        "PIN NOT changed: the new one repeats digits and is easy to guess."
        " Choose another and send it all again."
    ),
    "pin_weak.steps": (
        "PIN NOT changed: the new one goes in order and is easy to guess."
        " Choose another and send it all again."
    ),
    "pin_weak.date": (
        "PIN NOT changed: the new one looks like a date or year and is easy to guess."
        " Choose another and send it all again."
    ),
    "pin_weak.own_number": (
        "PIN NOT changed: the new one is part of your phone or code."
        " Choose another and send it all again."
    ),
    "pin_weak.common": (
        "PIN NOT changed: many people use the new one and it is easy to guess."
        " Choose another and send it all again."
    ),
    "pin_weak.reused": (
        "PIN NOT changed: you have used the new one before."
        " Choose another and send it all again."
    ),
    "pin_weak.length": (
        "PIN NOT changed: the new one must have {digits} digits."
        " Choose another and send it all again."
    ),
    "pin_unequal": (
        "PIN NOT changed: the new one is not the same both times."
        " Send it all again: PIN old new new"
    ),
    "pin_changed": (
        "PIN changed: the new one works now. Nobody from {network} will ask for it."
        " Delete your text, it shows your PIN."
    ),
    "pin_delayed": (
        "PIN received: the new one works from {at}. Until then the old one does."
        " Delete your text, it shows your PIN."
    ),
    "pin_reset": (
        "Somebody asked to change your PIN. If it was NOT you reply NO {token}"
        " or STOLEN. It takes effect in 24 h. Help: {help}"
    ),
    "pin_reset.robo": (
        "Somebody asked to change your PIN. If it was NOT you reply STOLEN."
        " It takes effect in 24 h. Help: {help}"
    ),
    "pin_reset_stopped": (
        "Change of PIN stopped: the new one is void and staff were told."
        " If your phone was stolen reply STOLEN. Help: {help}"
    ),
    "code_bad": (
        "PIN NOT changed: code wrong or expired. You have {tries_left} tries left."
        " Write: PIN code new new. Help: {help}"
    ),
    "code_bad.last": (
        "PIN NOT changed: code wrong or expired. You have 1 try left."
        " Write: PIN code new new. Help: {help}"
    ),
    "code_bad.used_up": (
        "PIN NOT changed: that code is no good any more. Ask for a new one: {help}"
    ),
    # ---- the member's own affairs
    "balance": (
        "Balance {balance} {unit}. Available {available}. Credit limit {limit}."
        " Last: {last_amount} {last_name} {last_at}. More: HIST"
    ),
    "balance.unmoved": (
        "Balance {balance} {unit}. Available {available}. Credit limit {limit}."
        " No movements yet."
    ),
    "history": (
        "{at_1} {amount_1} {name_1}\n{at_2} {amount_2} {name_2}\n"
        "{at_3} {amount_3} {name_3}\nMore: HIST {next_page}"
    ),
    "history.none": "No movements yet. To see your balance: BAL",
    "history.beyond": "No more movements. To see the latest: HIST",
    "pin_asked": "Your PIN is missing. Write: {usage}. Ex: {sample}",
    "pin_asked.visible": "Your PIN is missing. Write: BAL SHOW and your PIN",
    "genuine": (
        "REAL. {amount} {unit} from {payer} to {payee} {at}."
        " Paid, not returned. Ref {ref}"
    ),
    "reversed_receipt": (
        "CAREFUL: {ref} was RETURNED on {reversed_at}."
        " {amount} {unit} from {payer} to {payee}. Do not hand over goods."
    ),
    "false_receipt": (
        "FALSE: {ref} does not exist in {network}. Do not hand over goods."
        " Ask to see the receipt and repeat VERIFY. Help: {help}"
    ),
    "false_receipt.mistyped": (
        "FALSE or mistyped: {ref} does not exist. Do not hand over goods."
        " Check the 10 digits and repeat VERIFY. Help: {help}"
    ),
    "blocked": (
        "BLOCKED: nobody can pay from your account from now on."
        " To open it ask for help: {help}"
    ),
    "language_set": "Done: from now on we write to you in English. Commands: HELP",
    "language_unknown": (
        "Language NOT changed: there are only ES and EN."
        " Write LANG EN or, en español, IDIOMA ES"
    ),
    # ---- understanding
    "help_text.pagar": (
        "PAY: write code or phone, amount and PIN. Ex: {sample}."
        " Without PIN we ask you first. You may add FOR and the reason."
    ),
    "help_text.saldo": (
        "BAL tells what you have, what you can spend and your credit limit."
        " Ex: {sample}. BAL HIDE keeps it out of receipts."
    ),
    "help_text.movs": (
        "HIST tells your latest payments in and out, 3 a text."
        " Ex: {sample}. Earlier ones: HIST 2 ****"
    ),
    "help_text.ver": (
        "VERIFY tells if a receipt is real, false or returned."
        " Write the 10 digits of the reference. Ex: {sample}"
    ),
    "help_text.si": (
        "YES confirms a payment: write YES, the question's number and your PIN."
        " Ex: {sample}"
    ),
    "help_text.no": (
        "NO stops a payment that waits for your answer. Ex: {sample}."
        " NO alone stops them all."
    ),
    "help_text.pin": (
        "PIN changes your PIN: write the old one and twice the new. Ex: {sample}."
        " The first time, your code instead of the old one."
    ),
    "help_text.robo": (
        "STOLEN blocks your account at once: nobody pays from it."
        " From another phone: STOLEN and your code. To open it ask for help: {help}"
    ),
    "help_text.idioma": (
        "LANG changes the language we write to you in. LANG EN English,"
        " IDIOMA ES español"
    ),
    "help_text.ayuda": (
        "HELP tells the commands; with a command, how to write it. Ex: {sample}."
        " Help: {help}"
    ),
    "not_understood.empty": "Your text is empty. Write HELP. Help: {help}",
    "not_understood.strange_digits": (
        "Some digits cannot be read. Write it again with the keys 0 to 9. Help: {help}"
    ),
    "not_understood.unknown_word": (
        "Not understood. Did you mean {suggestions}?"
        " Commands: PAY CHARGE BAL HIST VERIFY OFFER FIND PIN STOLEN HELP. Help: {help}"
    ),
    "not_understood.unknown_word.named": (
        "Unknown word {word}. Did you mean {suggestions}?"
        " Commands: PAY CHARGE BAL HIST VERIFY OFFER FIND PIN STOLEN HELP. Help: {help}"
    ),
    "not_understood.which_word": (
        "The first word is not clear. Did you mean {suggestions}?"
        " Write it all again. Help: {help}"
    ),
    "not_understood.damaged_alias": (
        "There is a ¡ inside a name."
        " Write the code or phone instead of the name. Help: {help}"
    ),
    "not_understood.amount_unclear": (
        "Amount not clear. Write {some_thousands} or {some_small}, no thousands point."
        " Ex: {sample}"
    ),
    "not_understood.amount_or_pin_missing": (
        "Amount or PIN is missing. Write both, the amount like {some_thousands}."
        " Ex: {sample}"
    ),
    "not_understood.code_mistyped": (
        "Code mistyped. Check the 5 digits and write it again. Help: {help}"
    ),
    "not_understood.two_readings": (
        "It can be read in two ways. Write in this order: {usage}."
        " The amount like {some_thousands}. Ex: {sample}"
    ),
    "not_understood.syntax": (
        "Not understood. Write: {usage}. Ex: {sample}. Help: HELP {keyword}"
    ),
    # The words of the network's own staff.
    "info_text": "{text}",
    "too_long": (
        "NOT paid: your text is too long and was not read."
        " Write a short one: PAY code amount PIN"
    ),
    "incomplete": ("NOT paid: your text came incomplete. Write it again, shorter."),
    "not_member": (
        "This number is not registered in {network}. No payment was made."
        " To join: JOIN and your name. Or call: {help}"
    ),
}

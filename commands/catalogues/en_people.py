"""What is said in English about joining, staff and what waits for them.

Data only, as in `commands.catalogues.en`, whose rules hold here too; put together in
`commands.catalogues`.
"""

from commands.command import Keyword

WORDS = {
    Keyword.alta: "JOIN",
    Keyword.llamar: "CALL",
    Keyword.reclamo: "DISPUTE",
    Keyword.quien: "WHO",
    Keyword.alias: "ALIAS",
    Keyword.credito: "CREDIT",
    Keyword.baja: "STOP",
    Keyword.promos: "PROMOS",
    Keyword.guardian: "GUARD",
}

USAGE = {
    Keyword.alta: "JOIN and your name",
    Keyword.llamar: "CALL and what about",
    Keyword.reclamo: "DISPUTE, the 10 digits of the reference and why",
    Keyword.quien: "WHO and a code, phone or alias",
    Keyword.alias: "ALIAS, the word and your PIN",
    Keyword.credito: "CREDIT and your PIN, or CREDIT and what you ask for",
    Keyword.baja: "STOP or STOP NOTICES",
    Keyword.promos: "PROMOS YES or PROMOS NO",
    Keyword.guardian: "GUARD, their code or phone, and your own PIN",
}

SAMPLES = {
    Keyword.alta: "JOIN Maria Lopez bakery",
    Keyword.llamar: "CALL my card",
    Keyword.reclamo: "DISPUTE {some_ref} not delivered",
    Keyword.quien: "WHO {some_code}",
    Keyword.alias: "ALIAS luzbakery ****",
    Keyword.credito: "CREDIT ****",
    Keyword.promos: "PROMOS YES",
    Keyword.guardian: "GUARD {some_code} ****",
}

TEMPLATES = {
    "join_asked": (
        "Thank you, {name}: your request waits for the staff of {network}."
        " We write to this number. No payment was made. Help: {help}"
    ),
    "member_already": (
        "You are a member of {network} already: your code is {code}. Commands: HELP"
    ),
    "welcome": (
        "Welcome to {network}, {name}. Your code is {code}: you are paid by it."
        " Keep this number. For a PIN call: {help}. Commands: HELP"
    ),
    "call_noted": (
        "Noted: the staff of {network} will call this phone."
        " Nobody will ask for your PIN. If it is urgent: {help}"
    ),
    "queue_full": (
        "NOT noted: too many messages are waiting."
        " Call, or write another day. Help: {help}"
    ),
    "dispute_opened": (
        "Dispute {number} opened about {amount} {unit}, Ref {ref}."
        " A dispute moves no money. Staff will write or call. Help: {help}"
    ),
    "dispute_unknown": (
        "That payment is not among yours."
        " Check the 10 digits of the reference. Your payments: HIST. Help: {help}"
    ),
    "approve_staff": (
        "{network}: {name} is to join the staff ({role})."
        " If you agree: YES {token} and your PIN. If not: NO {token}. Until {until}"
    ),
    "staff_added": (
        "{network}: {name} is on the staff now ({role})."
        " Agreed to by {by}. If you did not expect this call: {help}"
    ),
    "approval_given": "Agreed and done. It is on record with your name. Help: {help}",
    "approval_refused": (
        "Refused: it was not done. It is on record with your name. Help: {help}"
    ),
    "approval_over": (
        "Nothing was done: somebody else decided it, it expired or is not possible"
        " now. Help: {help}"
    ),
    "approval_needs_pin": (
        "Nothing was done: your PIN is missing. Reply YES {token} and your PIN."
        " To refuse: NO {token}"
    ),
    "help_text.alta": (
        "JOIN asks to become a member: write JOIN and your name. Ex: {sample}."
        " You are one already. Help: {help}"
    ),
    "help_text.llamar": (
        "CALL asks the staff to call this phone. You can add what about. Ex: {sample}"
    ),
    "help_text.reclamo": (
        "DISPUTE tells the staff of a payment gone wrong. Write the reference and"
        " what happened. Ex: {sample}"
    ),
    "who": "{code} is {name}, a member of {network}. Pay them by that code.",
    "who.unable": (
        "{code} is {name}, a member of {network}. They cannot be paid now. Help: {help}"
    ),
    "who_unknown": (
        "Nobody in {network} has that code or phone. Check the digits. Help: {help}"
    ),
    "who_unknown.alias": (
        "Nobody in {network} is called {alias}. Ask for the 5 digit code. Help: {help}"
    ),
    "who_unknown.near": (
        "Nobody in {network} is called {alias}. Did you mean {near_1} ({near_code_1})?"
    ),
    "who_unknown.near_two": (
        "Nobody in {network} is called {alias}. Did you mean {near_1} ({near_code_1})"
        " or {near_2} ({near_code_2})?"
    ),
    "who_enough": (
        "You asked a lot already. Try in an hour, or ask the person for the code."
        " Help: {help}"
    ),
    "alias_set": (
        "Done: your alias is {alias} and you can be paid by it."
        " It can be changed again in 90 days."
    ),
    "alias_refused": (
        "Alias NOT changed: {alias} cannot be used. 3 to 15 letters and digits,"
        " a letter first, and no command. Help: {help}"
    ),
    "alias_refused.taken": (
        "Alias NOT changed: {alias} is somebody else's, or looks much like it."
        " Choose another. Help: {help}"
    ),
    "alias_early": (
        "Alias NOT changed: once in 90 days is the most. Again from {at} on."
        " Help: {help}"
    ),
    "credit": (
        "Credit: limit {limit} {unit}, used {used}. You can spend {available}."
        " There is no interest. To ask for more: CREDIT and why"
    ),
    "credit_asked": (
        "Received: staff decide about your credit and write to you."
        " Your limit today is {limit} {unit}. Help: {help}"
    ),
    "limit_changed": (
        "{network}: your credit limit is now {limit} {unit}."
        " You can spend {available}. Questions: {help}"
    ),
    "approve_limit": (
        "{network}: credit of {limit} {unit} for {name} ({code})."
        " If you agree: YES {token} and your PIN. If not: NO {token}. Until {until}"
    ),
    "limit_agreed": (
        "{network}: {name} ({code}) now has credit of {limit} {unit}."
        " Agreed to by {by}. If you did not expect this call: {help}"
    ),
    "opted_out": (
        "Done: no more promotions. Receipts and notices go on."
        " For no notices: STOP NOTICES. To have them again: PROMOS YES"
    ),
    "opted_out.notices": (
        "Done: no more promotions or notices. Receipts go on."
        " To have them again: PROMOS YES"
    ),
    "opted_in": "Done: you get promotions and notices of {network}. To end it: STOP",
    "opt_out_held": (
        "Nothing changed: a question waits for you. To close it: NO {token}."
        " For no promotions: STOP"
    ),
    "list_left": (
        "Done: no more promotions of {network} to this number."
        " To have them again: PROMOS YES. Help: {help}"
    ),
    "list_rejoined": (
        "Done: {network} sends promotions to this number. To end it: STOP"
    ),
    "list_help": (
        "We write to you from {network}, a network of shops. For no promotions: STOP."
        " To join: JOIN and your name. Help: {help}"
    ),
    "not_here": (
        "NOT paid: nobody in {network} has that phone. Check the digits."
        " To invite that person by text: YES {token}. Help: {help}"
    ),
    "invited": (
        "Done: we wrote to that phone how to join {network}. Nothing was paid."
    ),
    "not_invited": (
        "NOT invited: that phone was invited already or is a member's now. Help: {help}"
    ),
    "invitation": (
        "{name} wants to pay you with {network}, the network of payments by text."
        " To join answer: JOIN and your name. Help: {help}"
    ),
    "help_text.quien": "WHO tells whose a code, phone or alias is. Ex: {sample}",
    "help_text.alias": (
        "ALIAS sets a word you can be paid by, instead of the code."
        " 3 to 15 letters or digits, a letter first. Ex: {sample}"
    ),
    "help_text.credito": (
        "CREDIT tells your limit and how much is used. Ex: {sample}."
        " To ask for more write CREDIT and why."
    ),
    "help_text.baja": (
        "STOP ends promotions, STOP NOTICES the notices too."
        " Receipts go on. To have them again: PROMOS YES"
    ),
    "help_text.promos": (
        "PROMOS YES asks for the promotions of {network}, PROMOS NO ends them."
    ),
    "guardian_refused.unknown": (
        "Guardian NOT changed: nobody in {network} has that code, phone or alias."
        " Help: {help}"
    ),
    "guardian_refused.yourself": (
        "Guardian NOT changed: you cannot be your own guardian. Help: {help}"
    ),
    "guardian_refused.full": (
        "Guardian NOT changed: you have 3 already. Drop one first:"
        " GUARD DROP code and your PIN. Help: {help}"
    ),
    "guardian_refused.none": (
        "Guardian NOT changed: that person is no guardian of yours. Help: {help}"
    ),
    "guardian_set": (
        "Done: {name} ({code}) is your guardian and helps if you lose phone or PIN."
        " To drop them: GUARD DROP {code} and your PIN"
    ),
    "guardian_set.dropped": (
        "Done: {name} ({code}) is your guardian no more. Help: {help}"
    ),
    "guardian_named": (
        "{name} ({code}) made you guardian in {network}. If their phone is stolen"
        " answer STOLEN {code} and the account is blocked. Help: {help}"
    ),
    "guardian_named.dropped": (
        "You are no longer the guardian of {name} ({code}) in {network}. Help: {help}"
    ),
    "guardian_asked": (
        "{name} ({code}) asks for a new PIN and you are the guardian. Talk to them."
        " If it is true: YES {token} and your PIN. If not: NO {token}"
    ),
    "pin_held": (
        "PIN received: it works from {at} on, once {name}, your guardian, agrees."
        " Until then the old one does. Delete your text."
    ),
    "reset_agreed": "Agreed: the new PIN of {name} works from {at} on. Help: {help}",
    "reset_confirmed": (
        "Your guardian {name} agreed to your new PIN: it works from {at} on."
        " If it was NOT you answer STOLEN. Help: {help}"
    ),
    "reset_denied": (
        "Your guardian {name} voided the new PIN and staff were told."
        " The old one still works. Help: {help}"
    ),
    "reset_voided": (
        "Voided: the new PIN of {name} does not work and staff were told. Help: {help}"
    ),
    "stop_heard": (
        "Received: if that code is a member's, nobody can pay from the account now."
        " Their phone was told. Talk to the staff: {help}"
    ),
    "stopped": (
        "Another phone sent STOLEN for your account: it cannot pay, only be paid."
        " If it is not true: YES {token} and your PIN, it counts 4 h later."
        " Help: {help}"
    ),
    "stopped.no_token": (
        "Another phone sent STOLEN for your account: it cannot pay, only be paid."
        " If it is not true ask for help: {help}"
    ),
    "stopped_twice": (
        "BLOCKED: two phones sent STOLEN for your account."
        " Your guardian or the staff open it: {help}"
    ),
    "guardian_lift": (
        "Somebody sent STOLEN for {name} ({code}). Talk to them."
        " To let them pay: YES {token} and your PIN. To block it: STOLEN {code}"
    ),
    "lift_later": (
        "Received: your account can pay from {at} on."
        " If your phone was stolen answer STOLEN. Help: {help}"
    ),
    "lifted": "Your account can pay again. If you did not expect this: STOLEN",
    "lifted_for": "Done: {name} can pay again. Help: {help}",
    "blocked_for": (
        "BLOCKED: nobody can pay from the account of {name} ({code})."
        " To open it ask for help: {help}"
    ),
    "blocked_by": (
        "BLOCKED: your guardian {name} sent STOLEN and nobody can pay from your"
        " account. To open it ask for help: {help}"
    ),
    "phone_moved": (
        "This number now speaks for your account {code} in {network}."
        " Until {at} you can pay {limit} {unit} a day. Help: {help}"
    ),
    "phone_left": (
        "Your account in {network} moved to another phone and this one has it no more."
        " If it was not you call now: {help}"
    ),
    "help_text.guardian": (
        "GUARD names a member who helps if you lose phone or PIN."
        " Ex: {sample}. To drop them: GUARD DROP code PIN"
    ),
    "paid_payer.hidden": (
        "PAID {amount} {unit} to {payee} ({payee_code}). Ref {ref}. Fee {fee}."
        " Balance hidden. {at}. VERIFY {ref_digits}"
    ),
    "paid_payee.hidden": (
        "{word}: RECEIVED {amount} {unit} from {payer} ({payer_contact}). Ref {ref}."
        " Balance hidden. {at}. To check: VERIFY {ref_digits}"
    ),
    "balance_hidden": (
        "Done: your receipts tell no balance. To see it: BAL and your PIN."
        " To have it told again: BAL SHOW and your PIN"
    ),
    "balance_shown": "Done: your receipts tell the balance. To hide it: BAL HIDE",
    "approve_campaign": (
        "Send campaign {name} to {people} people? To agree: YES {token} and your PIN."
        " If not: NO {token}. Until {until}"
    ),
    "approve_reverse": (
        "Give {amount} {unit} from {payee} back to {payer}, Ref {ref}? To agree:"
        " YES {token} and your PIN. If not: NO {token}. Until {until}"
    ),
    "reverse_agreed": (
        "{network}: {amount} {unit} of payment Ref {ref} were given back."
        " Agreed to by {by}. If you did not expect this call: {help}"
    ),
    "given_back": (
        "GIVEN BACK by {network}: {amount} {unit} to you from {name}, Ref {ref}."
        " Bal {balance}. {at}. Questions: {help}"
    ),
    "taken_back": (
        "GIVEN BACK by {network}: {amount} {unit} of Ref {ref} went back to {name}."
        " Bal {balance}. {at}. Questions: {help}"
    ),
}

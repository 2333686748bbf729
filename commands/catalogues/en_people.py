"""What is said in English about joining, staff and what waits for them.

Data only, as in `commands.catalogues.en`, whose rules hold here too; put together in
`commands.catalogues`.
"""

from commands.command import Keyword

WORDS = {
    Keyword.alta: "JOIN",
    Keyword.llamar: "CALL",
    Keyword.reclamo: "DISPUTE",
}

USAGE = {
    Keyword.alta: "JOIN and your name",
    Keyword.llamar: "CALL and what about",
    Keyword.reclamo: "DISPUTE, the 10 digits of the reference and why",
}

SAMPLES = {
    Keyword.alta: "JOIN Maria Lopez bakery",
    Keyword.llamar: "CALL my card",
    Keyword.reclamo: "DISPUTE {some_ref} not delivered",
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
        " No money was moved. Staff will write or call. Help: {help}"
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
}

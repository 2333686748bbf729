"""What is said in English of requests, refunds, receipts told again and first payments.

Data only, beside `commands.catalogues.en` and put together with it in
`commands.catalogues`: CHARGE, CANCEL, REFUND, RECEIPT and the wait before a payment.
"""

from commands.command import Keyword

WORDS = {
    Keyword.cobrar: "CHARGE",
    Keyword.anular: "CANCEL",
    Keyword.devolver: "REFUND",
    Keyword.ultimo: "RECEIPT",
}

USAGE = {
    Keyword.cobrar: "CHARGE code amount",
    Keyword.anular: "CANCEL number, or reference and PIN",
    Keyword.devolver: "REFUND reference PIN, or reference amount PIN",
    Keyword.ultimo: "RECEIPT, and the 10 digits of the reference for another",
}

SAMPLES = {
    Keyword.cobrar: "CHARGE {some_code} {some_amount}",
    Keyword.anular: "CANCEL {some_ref} ****",
    Keyword.devolver: "REFUND {some_ref} ****",
    Keyword.ultimo: "RECEIPT {some_ref}",
}

TEMPLATES = {
    # ---- CHARGE
    "charge_refused.unknown": (
        "Request NOT sent: nobody in {network} has that code, phone or alias."
        " Check it and write again. Help: {help}"
    ),
    "charge_refused.own_account": (
        "Request NOT sent: that is your own account."
        " Write the code or phone of the one who pays."
    ),
    "charge_refused.cannot_pay": (
        "Request NOT sent: that person cannot pay for now."
        " Please talk to them. Help: {help}"
    ),
    "charge_refused.limit": (
        "Request NOT sent: at most {payment_limit} {unit} can be paid by text."
        " Write a smaller amount. Help: {help}"
    ),
    "charge_refused.too_many": (
        "Request NOT sent: that person has had many requests today."
        " Try tomorrow or talk to them. Help: {help}"
    ),
    "charge_sent": (
        "Request sent: {amount} {unit} to {payer} ({payer_code}). Expires {until}."
        " We will tell you. To stop it: CANCEL {token}"
    ),
    "charge_waiting": (
        "That request is open already: {amount} {unit} to {payer} ({payer_code})."
        " Expires {until}. Not sent again. To stop it: CANCEL {token}"
    ),
    "charge_asked": (
        "{payee} ({payee_code}) asks you for {amount} {unit}. For: {memo}."
        " To pay: YES {token} and your PIN. To refuse: NO {token}. Expires {until}"
    ),
    "charge_denied": (
        "REFUSED: {payer} ({payer_code}) did not agree to pay you {amount} {unit}."
        " Nothing was paid. Help: {help}"
    ),
    "charge_expired": (
        "EXPIRED: {payer} ({payer_code}) did not answer and did not pay you {amount}"
        " {unit}. You may ask again. Help: {help}"
    ),
    "charge_lapsed": (
        "The request of {payee} ({payee_code}) for {amount} {unit} has expired."
        " Nothing was paid; no need to answer."
    ),
    "charge_stopped": (
        "Request stopped: {amount} {unit} to {payer} ({payer_code})."
        " It cannot be paid any more."
    ),
    "charge_gone": (
        "{payee} ({payee_code}) stopped the request for {amount} {unit}."
        " Nothing was paid; no need to answer."
    ),
    # ---- CANCEL
    "nothing_to_cancel": (
        "There is nothing open to cancel."
        " To ask for a payment back: CANCEL, its reference and your PIN."
        " Help: {help}"
    ),
    "which_charge": (
        "Several requests are open. Write CANCEL and the number of one: {tokens}"
    ),
    # ---- REFUND
    "refund_refused.unknown": (
        "That is not the reference of one of your payments."
        " Check the 10 digits and write again. Help: {help}"
    ),
    "refund_refused.received": (
        "You received that payment."
        " To give it back write REFUND, the reference and your PIN."
    ),
    "refund_refused.old": (
        "That payment is too old to be given back by text. Help: {help}"
    ),
    "refund_refused.done": (
        "All of that payment was given back before. To see your movements: HIST"
    ),
    "refund_refused.asked_before": (
        "That payment was asked back before and not granted."
        " Please talk to them. Help: {help}"
    ),
    "refund_over": (
        "Only {left} {unit} of that payment can still be given back."
        " Write it again with a smaller amount. Help: {help}"
    ),
    "refunded": (
        "REFUNDED {amount} {unit} to {payee} ({payee_code}). Payment {ref}."
        " Bal {balance} Avail {available}. {at}"
    ),
    "got_refund": (
        "{word}: REFUND of {amount} {unit} from {payer} ({payer_contact})."
        " Payment {ref}. Bal {balance}. {at}"
    ),
    "reversal_sent": (
        "We asked {payee} ({payee_code}) to give back {amount} {unit}."
        " Payment {ref}. They may answer until {until}. We will tell you."
    ),
    "reversal_asked": (
        "{payer} asks you to give back {amount} {unit} (Ref {ref})."
        " If so: YES {token} and your PIN. If not: NO {token}. Expires {until}"
    ),
    "not_paid.back": (
        "NOT given back: {amount} {unit} to {payee} ({payee_code}), as you asked."
        " Other payments stopped: {more}."
    ),
    "reversal_denied": (
        "NOT given back: {payee} ({payee_code}) did not agree to return {amount}"
        " {unit}. Payment {ref}. Dispute {number} opened. Help: {help}"
    ),
    "reversal_expired": (
        "NOT given back: {payee} ({payee_code}) did not answer and kept {amount}"
        " {unit}. Payment {ref}. Dispute {number} opened. Help: {help}"
    ),
    # ---- RECEIPT
    "no_receipt.none_yet": (
        "No receipts yet: you have neither paid nor been paid."
        " To pay: PAY code amount PIN"
    ),
    "no_receipt.unknown": (
        "That is not the reference of one of your payments."
        " Check the 10 digits or write only RECEIPT. Help: {help}"
    ),
    "copy_paid": (
        "COPY: PAID {amount} {unit} to {payee} ({payee_code}) on {at}. Ref {ref}."
        " Given back {returned}. VERIFY {ref_digits}"
    ),
    "copy_received": (
        "{word}: COPY. RECEIVED {amount} {unit} from {payer} ({payer_contact}) {at}."
        " Ref {ref}. Returned {returned}. VERIFY {ref_digits}"
    ),
    # ---- the wait before a first payment
    "cooling": (
        "In {seconds} seconds {amount} {unit} will be paid to {payee} ({payee_code})."
        " It is your first payment there. To stop: NO {token}"
    ),
    # ---- help
    "help_text.cobrar": (
        "CHARGE asks another member to pay you; it is paid if they agree."
        " Ex: {sample}. You may add FOR and the reason."
    ),
    "help_text.anular": (
        "CANCEL 47 stops your request 47. {sample}, with the reference of a payment and"
        " your PIN, asks for it back."
    ),
    "help_text.devolver": (
        "REFUND gives back a payment you received, all or the amount you write."
        " Ex: {sample}. If you paid it, it asks for it back."
    ),
    "help_text.ultimo": (
        "RECEIPT tells your last receipt again, without balance."
        " Another: RECEIPT and the 10 digits of its reference."
    ),
}

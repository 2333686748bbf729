"""What is said in English of members who pay little, of staff, and to one digit.

Data only, as in `commands.catalogues.es`, whose rules hold here too; put together in
`commands.catalogues`.
"""

from commands.command import Keyword

WORDS: dict[Keyword, str] = {}
USAGE: dict[Keyword, str] = {}
SAMPLES: dict[Keyword, str] = {}

TEMPLATES = {
    "question_over.other": (
        "Nothing was done: that question has expired or was closed. Help: {help}"
    ),
    "frozen.stopped": (
        "Another phone sent STOLEN for your account. If it is not true: YES {token} and"
        " your PIN, it counts 4 h later. Help: {help}"
    ),
    "over_low": (
        "NOT paid. To be safe you can pay {limit} {unit} a day until {until}"
        " (today: {used}). Pay a smaller amount. Help: {help}"
    ),
    "over_week": (
        "NOT paid. Limit {limit} {unit} a week (used {used})."
        " Pay a smaller amount or wait until Monday. Help: {help}"
    ),
    "guardian_woken": (
        "The phone of {name} ({code}) wrote again after {count} days."
        " Talk to them. If it is not them: STOLEN {code}. Help: {help}"
    ),
    "stopped.own": (
        "STOLEN received: your account cannot pay, only be paid."
        " If it was not you: YES {token} and your PIN, it counts 4 h later."
        " Help: {help}"
    ),
    "approve_reset": (
        "{network}: a new PIN for {name} ({code}) without waiting for the guardian."
        " To agree: YES {token} and your PIN. If not: NO {token}. Until {until}"
    ),
    "approve_lift": (
        "{network}: {name} ({code}) to pay again without waiting for the guardian."
        " To agree: YES {token} and your PIN. If not: NO {token}. Until {until}"
    ),
    "reset_by_staff": (
        "The staff of {network} agreed to your new PIN: it works from {at} on."
        " If it was NOT you answer STOLEN. Help: {help}"
    ),
    "guardian_passed": (
        "{network}: {name} ({code}) gets a new PIN without the guardian."
        " Agreed to by {by}. If it is not true: STOLEN {code}"
    ),
    "guardian_passed.lifted": (
        "{network}: {name} ({code}) pays again without the guardian."
        " Agreed to by {by}. If it is not true: STOLEN {code}"
    ),
    "staff_ended": (
        "{network}: {name} is one of the staff no more. Decided by {by}."
        " If you did not expect this call: {help}"
    ),
    "join_over": (
        "The staff of {network} did not grant your request to join."
        " To ask why call: {help}"
    ),
    "join_over.lapsed": (
        "Your request to join {network} ended without an answer."
        " You can ask again: JOIN and your name. Help: {help}"
    ),
    "which_yes": (
        "Nothing was done: several questions are open."
        " Answer YES and the number of one: {tokens}. Help: {help}"
    ),
    "survey_noted": "Thank you: your answer {choice} was noted.",
    "survey_range": (
        "That question is answered with a number from 1 to {count} and nothing else."
        " Never send your PIN. To leave it: STOP"
    ),
    "survey_left": "Done: we do not ask you that again. Help: {help}",
}

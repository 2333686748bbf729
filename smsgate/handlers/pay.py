"""PAGAR: pay at once with a PIN, or ask first.

What comes in: a `Pay` with recipient, amount and perhaps the PIN. What goes out:
receipts, a question whose answer is read in `smsgate.handlers.answer`, or one refusal.
It asks first when there is no PIN in the text, above the one-step limit, at the first
payment to an alias, where senders are easily forged, and when nobody knows how old the
text is; a PIN in such a text is not looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from commands.command import Alias, Code, Phone
from commands.reply import Frozen, NoPinYet, PayeeUnknown
from smsgate import ledger, members
from smsgate.handlers import payment
from smsgate.handlers.case import Timing, say
from smsgate.handlers.payment import Payment
from smsgate.members import pins

if TYPE_CHECKING:
    from commands.command import Pay, Recipient
    from smsgate.handlers.case import Case, Result
    from smsgate.members import Member
    from smsgate.store import Query


def pay(case: Case, command: Pay) -> Result:
    """Pay, ask, or refuse."""
    if case.sender.state != "active":
        return say(Frozen(money=True))
    payee = _payee(case.tx, command.recipient)
    if payee is None:
        return say(_unknown(case.tx, command.recipient))
    wanted = Payment(payee=payee, amount=command.amount, memo=command.memo)
    refused = payment.refusal(case, wanted)
    if refused is not None:
        return say(refused)
    if pins.look(case.tx, case.sender.account).scheme is None:
        return say(NoPinYet(money=True))
    if case.timing is Timing.late:
        return payment.ask_late(case, wanted)
    if command.pin is None or _asks_first(case, command, payee):
        # Where the balance needs the PIN, a text without one must not tell it either.
        open_books = not case.policy.balance_needs_pin
        short = payment.short_of_funds(case, wanted) if open_books else None
        if short is not None:
            return say(short)
        return payment.ask_repeat(case, wanted) or payment.ask(case, wanted)
    refused = case.refused(command.pin, money=True)
    if refused is not None:
        return say(refused)
    return payment.ask_repeat(case, wanted) or payment.transfer(case, wanted)


def _payee(query: Query, recipient: Recipient) -> Member | None:
    match recipient:
        case Phone(e164=number):
            return members.by_phone(query, number)
        case Code(digits=digits):
            return members.by_code(query, digits)
        case Alias(word=word):
            return members.by_alias(query, word)
        case _:
            assert_never(recipient)


def _unknown(query: Query, recipient: Recipient) -> PayeeUnknown:
    if not isinstance(recipient, Alias):
        return PayeeUnknown()
    return PayeeUnknown(
        alias=recipient.word, near=members.near_aliases(query, recipient.word)
    )


def _asks_first(case: Case, command: Pay, payee: Member) -> bool:
    return (
        command.amount > case.policy.one_step
        or not case.trusted
        or case.timing is Timing.unknown
        or (
            isinstance(command.recipient, Alias)
            and not ledger.has_paid(case.tx, case.sender.account, payee.account)
        )
    )

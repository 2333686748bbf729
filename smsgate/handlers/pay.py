"""PAGAR: pay at once with a PIN, or ask first.

What comes in: a `Pay` with recipient, amount and perhaps the PIN. What goes out:
receipts, a question whose answer is read in `smsgate.handlers.answer`, or one refusal.
It asks first when there is no PIN in the text, above the one-step limit, at the first
payment to an alias, where senders are easily forged, when nobody knows how old the text
is, while the member pays little, and where a code of their card must confirm it; a PIN
in such a text is not looked at. What it pays at once may still wait a moment:
`smsgate.handlers.cooling`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from commands.command import Alias, Code, Phone
from commands.reply import NoPinYet, PayeeUnknown
from smsgate import ledger, members
from smsgate.handlers import card_step, cooling, invite, payment
from smsgate.handlers.case import Timing, say
from smsgate.handlers.payment import Payment
from smsgate.handlers.shut import shut
from smsgate.members import pins

if TYPE_CHECKING:
    from commands.command import Pay, Recipient
    from smsgate.handlers.case import Case, Result
    from smsgate.members import Member, Till
    from smsgate.store import Query


def pay(case: Case, command: Pay) -> Result:
    """Pay, ask, or refuse."""
    if case.sender.state != "active":
        return say(shut(case, money=True))
    payee, till = payee_of(case.tx, command.recipient)
    if payee is None:
        return _unknown(case, command.recipient)
    wanted = Payment(payee=payee, amount=command.amount, memo=command.memo, till=till)
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
    if cooling.applies(case, command, payee):
        return cooling.wait(case, wanted)
    return payment.ask_repeat(case, wanted) or payment.transfer(case, wanted)


def payee_of(query: Query, recipient: Recipient) -> tuple[Member | None, Till | None]:
    """Return who is paid, and the till where the text names one of theirs."""
    payee = members.named(query, recipient)
    till = _till(query, recipient) if payee is None else None
    if till is not None:
        payee = members.by_account(query, till.account)
    return payee, till


def _till(query: Query, recipient: Recipient) -> Till | None:
    match recipient:
        case Phone(e164=number):
            return members.till_by_phone(query, number)
        case Code(digits=digits):
            return members.till_by_code(query, digits)
        case Alias():
            return None
        case _:
            assert_never(recipient)


def _unknown(case: Case, recipient: Recipient) -> Result:
    """Refuse; a phone may be invited, an alias may have been meant otherwise."""
    match recipient:
        case Phone(e164=number):
            return invite.offer(case, number) or say(PayeeUnknown())
        case Alias(word=word):
            near = members.near_aliases(case.tx, word)
            return say(PayeeUnknown(alias=word, near=near))
        case _:
            return say(PayeeUnknown())


def _asks_first(case: Case, command: Pay, payee: Member) -> bool:
    return (
        command.amount > case.limits().one_step
        or not case.trusted
        or case.timing is Timing.unknown
        or case.low_until_ms() is not None
        or card_step.card_for(case, command.amount) is not None
        or (
            isinstance(command.recipient, Alias)
            and not ledger.has_paid(case.tx, case.sender.account, payee.account)
        )
    )

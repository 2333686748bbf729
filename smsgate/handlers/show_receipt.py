"""ULTIMO: a receipt once more, marked as a copy and without the balance.

What comes in: a `ShowReceipt`, perhaps with a reference. What goes out: the sender's
last payment, made or received, or the one of that reference; and how much of it went
back since. No PIN is asked for: it tells what the phone was told before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands.reply import CopyPaid, CopyReceived, NoCopy, NoReceipt
from smsgate import ledger, members
from smsgate.clock import from_ms
from smsgate.handlers.case import say
from smsgate.handlers.payment import party
from smsgate.handlers.refund import own_payment

if TYPE_CHECKING:
    from commands.command import ShowReceipt
    from smsgate.handlers.case import Case, Result
    from smsgate.ledger import Transfer


def show_receipt(case: Case, command: ShowReceipt) -> Result:
    """Tell a receipt again."""
    if command.ref is None:
        made = ledger.last_payment(case.tx, case.sender.account)
        why = NoCopy.none_yet
    else:
        made = own_payment(case, command.ref)
        why = NoCopy.unknown
    return say(NoReceipt(why=why) if made is None else copy(case, made))


def copy(case: Case, made: Transfer) -> CopyPaid | CopyReceived:
    """Return the sender's receipt of a payment that they made or received."""
    paid = made.debit == case.sender.account
    other = members.by_account(case.tx, made.credit if paid else made.debit)
    if other is None:
        raise AssertionError("a payment names somebody who is no member")
    at = from_ms(made.at_ms)
    if paid:
        return CopyPaid(
            amount=made.amount,
            payee=party(other),
            ref=made.ref,
            at=at,
            returned=made.reversed_minor,
        )
    return CopyReceived(
        word=case.sender.word or case.policy.network,
        amount=made.amount,
        payer=party(other, phone=True),
        ref=made.ref,
        at=at,
        returned=made.reversed_minor,
    )

"""RECLAMO: something is wrong with a payment.

What comes in: a `Dispute` with a reference and the member's own words, redacted. What
goes out: a ticket for staff, who see what both sides wrote (`smsgate ticket list`); it
is about what was not given back yet. No money moves: only the receiver's consent or
staff give a payment back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands.damm import damm_ok
from commands.reply import DisputeOpened, DisputeUnknown, QueueFull
from smsgate import ledger
from smsgate.handlers.case import say
from smsgate.members import matters
from smsgate.members.matters import Queue, Topic

if TYPE_CHECKING:
    from commands.command import Dispute
    from smsgate.handlers.case import Case, Result


def dispute(case: Case, command: Dispute) -> Result:
    """Open a ticket about a payment that the member made or got."""
    made = ledger.by_ref(case.tx, command.ref) if damm_ok(command.ref) else None
    if made is None or case.sender.account not in (made.debit, made.credit):
        return say(DisputeUnknown())
    ticket = matters.put(
        case.tx,
        Queue.ticket,
        phone=case.sender.phone,
        account=case.sender.account,
        topic=Topic.dispute,
        transfer=made.id,
        words=command.text,
    )
    if ticket is None:
        return say(QueueFull())
    stands = made.amount - made.reversed_minor
    return say(
        DisputeOpened(number=ticket.id, amount=stands or made.amount, ref=made.ref)
    )

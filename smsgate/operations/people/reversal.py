"""Reversals: staff give a payment back, with a second person above a line.

What comes in: a reference, perhaps a part of the amount, and why. What goes out: the
payment as it stands then; or who was asked to agree. Nothing that was posted is
changed: giving back is another transfer, and both sides are told of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smsgate import ledger
from smsgate.clock import DAY_MS
from smsgate.handlers import approval, deeds
from smsgate.ledger import Declined
from smsgate.members.approvals import Kind
from smsgate.operations.desk import OperationRefused
from smsgate.operations.people.staff import asked_of
from smsgate.operations.people.telling import owed, tell
from smsgate.operations.people.two_persons import as_name, is_needed

if TYPE_CHECKING:
    from smsgate.handlers.approval import Asked
    from smsgate.ledger import Transfer
    from smsgate.operations.desk import Desk, Document
    from smsgate.operations.requests import LedgerReverse
    from smsgate.store import Query, Tx

#: For how long staff may give a payment back.
_WITHIN_MS = 90 * DAY_MS


async def reverse(desk: Desk, request: LedgerReverse) -> Document:
    """Give a payment back, or ask another of the staff."""
    amount = None if request.amount is None else desk.minor(request.amount)

    def change(tx: Tx) -> tuple[Transfer, Asked | None]:
        made = find_payment(tx, request.ref)
        return made, give_back(desk, tx, made, amount, request.reason)

    made, asked = await desk.store.write(change)
    owed(desk)
    shown = _described(desk, desk.store.peek, made.ref)
    return shown if asked is None else shown | {"approval": asked_of(desk, asked)}


def find_payment(q: Query, ref: str) -> Transfer:
    """Return the payment of a reference as receipts show it.

    Raises:
        OperationRefused: there is none.
    """
    digits = "".join(one for one in ref if one.isdigit())
    made = ledger.by_ref(q, digits)
    if made is None:
        raise OperationRefused(
            f"there is no payment {ref!r}: look at `smsgate ledger statement WHO`"
        )
    return made


def give_back(
    desk: Desk, tx: Tx, made: Transfer, amount: int | None, reason: str
) -> Asked | None:
    """Give a payment back and return None, or ask the staff about it.

    Raises:
        OperationRefused: it is too old, or whoever was paid has not so much.
        NotReversible: it was given back before, is less than this, or is no payment.
        NobodyToAsk: it needs another of the staff, and there is none.
    """
    if tx.now_ms - made.at_ms > _WITHIN_MS:
        raise OperationRefused(
            f"{made.ref} is of {desk.time(made.at_ms)}: a payment is given back within "
            "90 days"
        )
    wanted = ledger.left_of(made, amount)
    if is_needed(desk, tx, wanted):
        detail = {
            "ref": made.ref,
            "amount": wanted,
            "back": made.reversed_minor,
            "reason": reason,
        }
        asked = approval.ask(
            tx,
            kind=Kind.reverse,
            account=made.debit,
            detail=detail,
            actor=desk.actor,
            as_name=as_name(desk),
            concerned=frozenset({made.debit, made.credit}),
        )
        tell(desk, tx, asked.told)
        return asked
    done = deeds.give_back(tx, made, wanted, desk.actor, reason)
    if isinstance(done, Declined):
        raise OperationRefused(
            f"whoever was paid has only {desk.amount(done.available)} to give back: "
            "give back a part with --amount, or raise their limit first"
        )
    tell(desk, tx, done)
    return None


def _described(desk: Desk, q: Query, ref: str) -> Document:
    made = find_payment(q, ref)
    return {
        "ref": made.ref,
        "at": desk.time(made.at_ms),
        "amount": desk.amount(made.amount),
        "given_back": desk.amount(made.reversed_minor),
        "reversed": desk.time_or_none(made.reversed_ms),
    }

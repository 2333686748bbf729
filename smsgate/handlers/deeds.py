"""What staff decide, done: by a shell alone, or once another of the staff has agreed.

What comes in: an open transaction and a decision. What goes out: who must be told of
it. The same function serves the shell, where nobody else needs to agree, and the answer
of the one who did.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands.reply import LimitAgreed, LimitChanged, StaffAdded
from smsgate import ledger, members
from smsgate.handlers.case import Told
from smsgate.members import matters, staff
from smsgate.members.approvals import Kind
from smsgate.members.matters import Queue, Topic

if TYPE_CHECKING:
    from smsgate.members import Member
    from smsgate.members.approvals import Approval
    from smsgate.members.staff import Colleague
    from smsgate.store import Tx


def carry_out(
    tx: Tx, approval: Approval, actor: str, by: str
) -> tuple[Told, ...] | None:
    """Do what was agreed to; None where it can no longer be done."""
    match approval.kind:
        case Kind.staff:
            known = staff.colleague(tx, approval.account)
            if known is None or known.state is not staff.State.asked:
                return None
            added = staff.settle(tx, approval.account, staff.State.active, actor)
            return added_to_staff(tx, added, by)
        case Kind.limit:
            return _agreed_limit(tx, approval, actor, by)
        case Kind.reverse:
            return None


def drop(tx: Tx, approval: Approval, actor: str) -> None:
    """Clear away what was prepared for something that will not be done."""
    if approval.kind is Kind.staff:
        staff.settle(tx, approval.account, staff.State.refused, actor)


def set_limit(
    tx: Tx, member: Member, limit: int, actor: str, *, tell: bool
) -> tuple[Told, ...]:
    """Set a credit limit; `tell`: the member hears of it even if they did not ask.

    Raises:
        LimitRefused: more than this is owed already.
    """
    ledger.set_limit(tx, member.account, limit, actor)
    request = matters.open_one(tx, Queue.ticket, phone=member.phone, topic=Topic.credit)
    if request is not None:
        matters.close(tx, request, done=True, actor=actor)
    elif not tell:
        return ()
    available = ledger.account(tx, member.account).available
    return (Told(reply=LimitChanged(limit=limit, available=available), to=member),)


def _agreed_limit(
    tx: Tx, approval: Approval, actor: str, by: str
) -> tuple[Told, ...] | None:
    member = members.by_account(tx, approval.account)
    limit = int(str(approval.detail["limit"]))
    # What was agreed to is one step, from the limit that was shown then.
    before = approval.detail["from"]
    now = ledger.account(tx, approval.account).credit_limit
    if member is None or now != before:
        return None
    told = set_limit(tx, member, limit, actor, tell=True)
    reply = LimitAgreed(name=member.name, code=member.code, limit=limit, by=by)
    return told + tuple(
        Told(reply=reply, to=one.member)
        for one in staff.colleagues(tx)
        if one.member.account != member.account
    )


def added_to_staff(tx: Tx, added: Colleague, by: str) -> tuple[Told, ...]:
    """Tell all staff of somebody new; the new one hears it too."""
    reply = StaffAdded(name=added.name, role=added.role, by=by)
    return tuple(Told(reply=reply, to=one.member) for one in staff.colleagues(tx))

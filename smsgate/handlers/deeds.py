"""What staff decide, done: by a shell alone, or once another of the staff has agreed.

What comes in: an open transaction and a decision. What goes out: who must be told of
it. The same function serves the shell, where nobody else needs to agree, and the answer
of the one who did.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands.reply import StaffAdded
from smsgate.handlers.case import Told
from smsgate.members import staff
from smsgate.members.approvals import Kind

if TYPE_CHECKING:
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
        case Kind.limit | Kind.reverse:
            return None


def drop(tx: Tx, approval: Approval, actor: str) -> None:
    """Clear away what was prepared for something that will not be done."""
    if approval.kind is Kind.staff:
        staff.settle(tx, approval.account, staff.State.refused, actor)


def added_to_staff(tx: Tx, added: Colleague, by: str) -> tuple[Told, ...]:
    """Tell all staff of somebody new; the new one hears it too."""
    reply = StaffAdded(name=added.name, role=added.role, by=by)
    return tuple(Told(reply=reply, to=one.member) for one in staff.colleagues(tx))

"""Credit limits: set at once, or asked of another of the staff above a line.

What comes in: a member and an amount. What goes out: the limit set, or whom it was
asked of. Lowering a limit never waits; raising it above `[staff] approve_above` does,
once there is a staff. A member who asked for credit (CREDITO) hears what was decided.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smsgate import ledger
from smsgate.handlers import approval, deeds
from smsgate.members.approvals import Kind
from smsgate.operations.people.members import describe, find
from smsgate.operations.people.staff import asked_of
from smsgate.operations.people.telling import owed, tell
from smsgate.operations.people.two_persons import as_name, is_needed

if TYPE_CHECKING:
    from smsgate.handlers.approval import Asked
    from smsgate.members import Member
    from smsgate.operations.desk import Desk, Document
    from smsgate.operations.requests import MemberLimit
    from smsgate.store import Tx


async def limit(desk: Desk, request: MemberLimit) -> Document:
    """Set how far below zero a member may go, or ask another of the staff."""
    minor = desk.minor(request.limit)

    def change(tx: Tx) -> tuple[int, Asked | None]:
        member = find(desk, tx, request.who)
        return member.account, set_limit(desk, tx, member, minor)

    account, asked = await desk.store.write(change)
    owed(desk)
    shown = describe(desk, desk.store.peek, account)
    return shown if asked is None else shown | {"approval": asked_of(desk, asked)}


def set_limit(desk: Desk, tx: Tx, member: Member, limit: int) -> Asked | None:
    """Set a limit and return None, or ask the staff about it.

    Raises:
        LimitRefused: more than this is owed already, or it is no limit.
        NobodyToAsk: it needs another of the staff, and there is none.
    """
    before = ledger.account(tx, member.account).credit_limit
    if limit <= before or not is_needed(desk, tx, limit):
        told = deeds.set_limit(tx, member, limit, desk.actor, tell=False)
        tell(desk, tx, told)
        return None
    asked = approval.ask(
        tx,
        kind=Kind.limit,
        account=member.account,
        detail={"from": before, "limit": limit},
        actor=desk.actor,
        as_name=as_name(desk),
    )
    tell(desk, tx, asked.told)
    return asked

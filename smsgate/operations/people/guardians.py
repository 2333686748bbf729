"""In a guardian's place: a new PIN, or payments again, that no guardian answered.

What comes in: a member. What goes out: the member afterwards, or who of the staff was
asked by text. What is void needs nobody else: it is the safe side. With a staff another
of them must agree to all else; until somebody is on the staff the shell decides alone,
as in `smsgate.operations.people.two_persons`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands.reply import PinResetStopped
from smsgate.handlers import Told, approval, guardians_place, reset
from smsgate.members import guardians, pins, staff, stops
from smsgate.members.approvals import Kind
from smsgate.operations.desk import OperationRefused
from smsgate.operations.people.members import describe, find
from smsgate.operations.people.staff import asked_of, by_shell
from smsgate.operations.people.telling import owed, tell
from smsgate.operations.people.two_persons import as_name

if TYPE_CHECKING:
    from smsgate.handlers.approval import Asked
    from smsgate.members import Member
    from smsgate.operations.desk import Desk, Document
    from smsgate.operations.requests import MemberReset, MemberUnfreeze
    from smsgate.store import Row, Tx


async def decide_reset(desk: Desk, request: MemberReset) -> Document:
    """Agree to a new PIN in the guardian's place, or void it."""

    def change(tx: Tx) -> tuple[Member, Asked | None]:
        member = find(desk, tx, request.who)
        row = pins.look(tx, member.account).at(tx.now_ms)
        if row.next_ms is None or (request.agree and not row.next_held):
            raise OperationRefused(
                f"no new PIN of {member.name} waits for that: look at `smsgate member "
                "show`"
            )
        if not request.agree:
            reset.void(tx, member, desk.actor)
            tell(desk, tx, [Told(reply=PinResetStopped(), to=member)])
            return member, None
        return member, _agree(desk, tx, member, row.next_ms)

    return await _done(desk, await desk.store.write(change))


async def unfreeze(desk: Desk, request: MemberUnfreeze) -> Document:
    """Let a member pay and be paid again who is frozen, or stopped by ROBO."""

    def change(tx: Tx) -> tuple[Member, Asked | None]:
        member = find(desk, tx, request.who)
        if member.state == "active":
            return member, None
        if member.state not in ("frozen", "stopped"):
            raise OperationRefused(f"{member.name} is {member.state}, not frozen")
        stop = stops.open_stop(tx, member.account)
        if stop is not None and guardians.of(tx, member.account):
            return member, _lift(desk, tx, member, stop)
        stops.lift(tx, member.account, desk.actor)
        return member, None

    return await _done(desk, await desk.store.write(change))


def _agree(desk: Desk, tx: Tx, member: Member, asked_ms: int) -> Asked | None:
    if staff.colleagues(tx):
        return _ask(desk, tx, Kind.reset, member, {"at_ms": asked_ms})
    told = guardians_place.agree_reset(tx, member, asked_ms, desk.actor, by_shell(desk))
    tell(desk, tx, told or ())
    return None


def _lift(desk: Desk, tx: Tx, member: Member, stop: Row) -> Asked | None:
    if staff.colleagues(tx):
        return _ask(desk, tx, Kind.lift, member, {"stop": stop["id"]})
    tell(desk, tx, guardians_place.lift(tx, member, desk.actor, by_shell(desk)))
    return None


def _ask(
    desk: Desk, tx: Tx, kind: Kind, member: Member, detail: dict[str, object]
) -> Asked:
    asked = approval.ask(
        tx,
        kind=kind,
        account=member.account,
        detail=detail,
        actor=desk.actor,
        as_name=as_name(desk),
    )
    tell(desk, tx, asked.told)
    return asked


async def _done(desk: Desk, done: tuple[Member, Asked | None]) -> Document:
    member, asked = done
    owed(desk)
    return describe(desk, desk.store.peek, member.account) | {
        "approval": None if asked is None else asked_of(desk, asked)
    }

"""What staff decide in the place of a guardian who does not answer.

What comes in: an open transaction and a member whose new PIN waits for a guardian, or
whose payments another phone stopped. What goes out: the PIN holds when its day is over,
or payments go on, and who is told: the member, their guardians and the other staff, so
that nobody does it unseen. Two persons decide it once there is a staff; that is seen to
in `smsgate.operations.people.guardians`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands.reply import Lifted
from commands.reply.safety import GuardianPassed, ResetByStaff
from smsgate import members
from smsgate.clock import from_ms
from smsgate.handlers.case import Told
from smsgate.members import guardians, pins, staff, stops

if TYPE_CHECKING:
    from smsgate.members import Member
    from smsgate.members.approvals import Approval
    from smsgate.store import Tx


def agreed_reset(
    tx: Tx, approval: Approval, actor: str, by: str
) -> tuple[Told, ...] | None:
    """Do what was agreed to; None where another PIN waits by now, or none."""
    member = members.by_account(tx, approval.account)
    asked_ms = int(str(approval.detail["at_ms"]))
    return None if member is None else agree_reset(tx, member, asked_ms, actor, by)


def agreed_lift(
    tx: Tx, approval: Approval, actor: str, by: str
) -> tuple[Told, ...] | None:
    """Do what was agreed to; None where that stop is over by now."""
    member = members.by_account(tx, approval.account)
    row = None if member is None else stops.open_stop(tx, member.account)
    if member is None or row is None or row["id"] != approval.detail["stop"]:
        return None
    return lift(tx, member, actor, by)


def agree_reset(
    tx: Tx, member: Member, asked_ms: int, actor: str, by: str
) -> tuple[Told, ...] | None:
    """Let the new PIN be that was to hold from `asked_ms` on; None: it waits no more.

    Its day goes on: whoever lost the phone can still object.
    """
    holds_ms = pins.confirm_reset(tx, member.account, asked_ms, actor)
    if holds_ms is None:
        return None
    told = Told(reply=ResetByStaff(at=from_ms(holds_ms)), to=member)
    return (told, *_passed(tx, member, by, lifted=False))


def lift(tx: Tx, member: Member, actor: str, by: str) -> tuple[Told, ...]:
    """Let a member pay again."""
    stops.lift(tx, member.account, actor)
    return (Told(reply=Lifted(), to=member), *_passed(tx, member, by, lifted=True))


def _passed(tx: Tx, member: Member, by: str, *, lifted: bool) -> tuple[Told, ...]:
    reply = GuardianPassed(name=member.name, code=member.code, by=by, lifted=lifted)
    people = [*guardians.of(tx, member.account)]
    people += [one.member for one in staff.colleagues(tx)]
    # Somebody may be both; each is told once.
    by_account = {one.account: one for one in people if one.account != member.account}
    return tuple(Told(reply=reply, to=one) for one in by_account.values())

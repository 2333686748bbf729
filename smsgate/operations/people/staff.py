"""Staff: people whose phone and PIN count as a second approval come, leave, are listed.

What comes in: a name, a phone and a role. What goes out: the colleague, with a one-time
code where they have no PIN yet. The first two are added at once; from the third on, one
of the staff must agree by text. Whoever comes or leaves is told to all staff and
chained; nobody need agree that somebody leaves, and the last one leaves on purpose.
"""

from __future__ import annotations

import pwd
from typing import TYPE_CHECKING

from smsgate import members
from smsgate.handlers import approval, deeds
from smsgate.members import pins, staff
from smsgate.members.approvals import Kind
from smsgate.operations.desk import OperationRefused
from smsgate.operations.people.members import issue_codes
from smsgate.operations.people.telling import owed, tell
from smsgate.operations.people.two_persons import as_name
from smsgate.phone import require_e164

if TYPE_CHECKING:
    from smsgate.handlers.approval import Asked
    from smsgate.members import Member
    from smsgate.members.staff import Colleague
    from smsgate.operations.desk import Desk, Document
    from smsgate.operations.requests import StaffAdd, StaffEnd, StaffList
    from smsgate.store import Tx


async def add(desk: Desk, request: StaffAdd) -> Document:
    """Put somebody on the staff, or ask the staff first."""
    phone = require_e164(request.phone, desk.config.network.country)

    def change(tx: Tx) -> tuple[Colleague, Asked | None]:
        member = _member(desk, tx, phone, request.name)
        active = len(staff.colleagues(tx)) < staff.ALONE
        added = staff.enlist(
            tx,
            member,
            name=request.name,
            role=request.role,
            active=active,
            actor=desk.actor,
        )
        if active:
            tell(desk, tx, deeds.added_to_staff(tx, added, by_shell(desk)))
            return added, None
        asked = approval.ask(
            tx,
            kind=Kind.staff,
            account=member.account,
            detail={"name": added.name, "role": added.role, "code": member.code},
            actor=desk.actor,
            as_name=as_name(desk),
        )
        tell(desk, tx, asked.told)
        return added, asked

    added, asked = await desk.store.write(change)
    owed(desk)
    document = described(desk, added) | {
        "approval": None if asked is None else asked_of(desk, asked)
    }
    standing = pins.state_of(desk.store.peek, added.member.account, desk.clock.now_ms())
    if standing.state is not pins.PinState.set:
        issued = (await issue_codes(desk, [added.member]))[0]
        document |= {
            name: issued[name] for name in ("one_time_code", "one_time_code_until")
        }
    return document


async def end(desk: Desk, request: StaffEnd) -> Document:
    """Take somebody off the staff; what they were asked is void."""

    def change(tx: Tx) -> Colleague:
        one = _known(desk, tx, request.who)
        others = len(staff.colleagues(tx)) - 1
        if not others and not request.last:
            raise OperationRefused(
                f"{one.name} is the last of the staff, and without one the shell alone "
                "decides everything: say --last if that is meant"
            )
        staff.end(tx, one, desk.actor)
        tell(desk, tx, deeds.left_staff(tx, one, by_shell(desk)))
        return one

    one = await desk.store.write(change)
    owed(desk)
    left = staff.colleague(desk.store.peek, one.member.account)
    return described(desk, left or one)


async def list_all(desk: Desk, _: StaffList) -> Document:
    """Return the staff, and who is being asked about."""
    shown = [
        one
        for one in staff.colleagues(desk.store.peek, None)
        if one.state in (staff.State.active, staff.State.asked)
    ]
    return {"staff": [described(desk, one) for one in shown]}


def described(desk: Desk, one: Colleague) -> Document:
    """Return what is shown of one of the staff."""
    return {
        "name": one.name,
        "role": one.role,
        "state": str(one.state),
        "code": one.member.code,
        "phone": one.member.phone,
        "since": desk.time(one.at_ms),
    }


def asked_of(desk: Desk, asked: Asked) -> Document:
    """Return what is shown of a question to the staff."""
    return {
        "id": asked.approval.id,
        "asked": list(asked.names),
        "until": desk.time(asked.approval.expires_ms),
    }


def by_shell(desk: Desk) -> str:
    """Return how staff are told who decided at a shell: a name, or who logged in."""
    return as_name(desk) or _login(desk.actor)


def _login(actor: str) -> str:
    """Return the name of `uid:1000` on this machine; what came in where it has none."""
    try:
        return pwd.getpwuid(int(actor.removeprefix("uid:"))).pw_name
    except (KeyError, ValueError):
        return actor


def _known(desk: Desk, tx: Tx, who: str) -> Colleague:
    """Return one of the staff by their name there, or as a member is named.

    Raises:
        OperationRefused: nobody of the staff is called so, or several are.
    """
    known = staff.colleagues(tx)
    named = [one for one in known if one.name.casefold() == who.strip().casefold()]
    if not named:
        member = members.find(tx, who, desk.config.network.country)
        named = [one for one in known if one.member.account == member.account]
    if len(named) != 1:
        raise OperationRefused(
            f"{'nobody' if not named else 'more than one'} of the staff is {who!r}: "
            "name them by phone or code, as `smsgate staff list` shows them"
        )
    return named[0]


def _member(desk: Desk, tx: Tx, phone: str, name: str) -> Member:
    known = members.by_phone(tx, phone)
    if known is None:
        new = members.NewMember(
            phone=phone, name=name, language=desk.config.network.language
        )
        return members.add(tx, new, actor=desk.actor)
    if known.state == "closed":
        raise OperationRefused(f"{known.name} is no member any more: use another phone")
    return known

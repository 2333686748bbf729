"""GUARDIAN: name a member who helps when phone or PIN are lost, or drop one.

What comes in: a `Guard` with the PIN. What goes out: that it holds; the guardian is
told, too. Whether they can be named is found out before the PIN is looked at. What a
guardian can do stands in `smsgate.handlers.reset` and `smsgate.handlers.stop`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands.command import Keyword
from commands.reply import (
    GuardianFlaw,
    GuardianNamed,
    GuardianRefused,
    GuardianSet,
)
from smsgate import members
from smsgate.handlers.case import Result, Told, say
from smsgate.handlers.shut import shut
from smsgate.members import guardians

if TYPE_CHECKING:
    from commands.command import Guard
    from smsgate.handlers.case import Case
    from smsgate.members import Member


def guard(case: Case, command: Guard) -> Result:
    """Name or drop a guardian."""
    if case.sender.state != "active":
        return say(shut(case, money=False))
    found = members.named(case.tx, command.recipient)
    flaw = _flaw(case, found, drop=command.drop)
    if found is None or flaw is not None:
        return say(GuardianRefused(why=flaw or GuardianFlaw.unknown))
    if command.pin is None:
        return say(case.asked(Keyword.guardian))
    bad_pin = case.refused(command.pin, money=False)
    if bad_pin is not None:
        return say(bad_pin)
    if command.drop:
        guardians.drop(case.tx, case.sender.account, found)
    else:
        guardians.add(case.tx, case.sender.account, found)
    sender, dropped = case.sender, command.drop
    named = GuardianNamed(name=sender.name, code=sender.code, dropped=dropped)
    return Result(
        told=(
            Told(reply=GuardianSet(name=found.name, code=found.code, dropped=dropped)),
            Told(reply=named, to=found),
        )
    )


def _flaw(case: Case, found: Member | None, *, drop: bool) -> GuardianFlaw | None:
    if found is None or (found.state == "closed" and not drop):
        return GuardianFlaw.unknown
    account = case.sender.account
    if found.account == account:
        return GuardianFlaw.yourself
    known = guardians.guards(case.tx, found.account, account)
    if drop:
        return None if known else GuardianFlaw.none
    full = len(guardians.of(case.tx, account)) >= guardians.GUARDIANS_MAX
    return GuardianFlaw.full if full and not known else None

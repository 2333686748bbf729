"""CAJERO: phones that receive for a member and cannot spend.

What comes in: a `ManageTill`, with the PIN where something changes. What goes out: the
till's code and a text to its phone, which may say NO; or which tills there are. Each
change is in the chain. What a till itself may say is in `smsgate.handlers.at_till`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from commands.command import Keyword, TillChange
from commands.reply import (
    TillAdded,
    TillClosed,
    TillDropped,
    TillNamed,
    TillOpened,
    Tills,
    TillsFull,
    TillTaken,
    TillUnknown,
)
from smsgate import members
from smsgate.handlers.case import Result, Told, say
from smsgate.handlers.payment import party
from smsgate.handlers.shut import shut
from smsgate.members import TILLS_MAX

if TYPE_CHECKING:
    from commands.command import ManageTill
    from commands.reply import Reply
    from smsgate.handlers.case import Case
    from smsgate.members import Till


def manage_till(case: Case, command: ManageTill) -> Result:
    """Add a till, take one away, or tell which there are."""
    match command.change:
        case TillChange.list:
            tills = members.tills_of(case.tx, case.sender.account)
            return say(Tills(tills=tuple((till.name, till.code) for till in tills)))
        case TillChange.add:
            return _add(case, command)
        case TillChange.drop:
            return _drop(case, command)
        case _:
            assert_never(command.change)


def _add(case: Case, command: ManageTill) -> Result:
    phone = command.phone
    if phone is None:
        raise AssertionError("a till is added without a phone")
    if case.sender.state != "active":
        return say(shut(case, money=False))
    cannot = _cannot_add(case, phone, command.name) or _unproven(case, command)
    if cannot is not None:
        return say(cannot)
    account = case.sender.account
    till = members.add_till(
        case.tx, account, phone=phone, name=command.name, actor="member"
    )
    opened = TillOpened(owner=party(case.sender))
    return Result(
        told=(
            Told(reply=TillAdded(till=till.name, code=till.code)),
            Told(reply=opened, to=case.sender, phone=till.phone),
        )
    )


def _cannot_add(case: Case, phone: str, name: str) -> Reply | None:
    if members.phone_taken(case.tx, phone):
        return TillTaken()
    account = case.sender.account
    tills = members.tills_of(case.tx, account)
    if any(till.name == name for till in tills):
        return TillNamed(till=name)
    today = members.added_since(
        case.tx, account, case.policy.day_start_ms(case.tx.now_ms)
    )
    return TillsFull(count=TILLS_MAX) if TILLS_MAX in (len(tills), today) else None


def _drop(case: Case, command: ManageTill) -> Result:
    tills = members.tills_of(case.tx, case.sender.account)
    till = next((till for till in tills if _is_meant(till, command)), None)
    if till is None:
        return say(TillUnknown())
    cannot = _unproven(case, command)
    if cannot is not None:
        return say(cannot)
    members.drop_till(case.tx, till, actor="member")
    closed = TillClosed(owner=party(case.sender))
    return Result(
        told=(
            Told(reply=TillDropped(till=till.name)),
            Told(reply=closed, to=case.sender, phone=till.phone),
        )
    )


def _is_meant(till: Till, command: ManageTill) -> bool:
    if command.phone is not None:
        return till.phone == command.phone
    return till.name == command.name


def _unproven(case: Case, command: ManageTill) -> Reply | None:
    if command.pin is None:
        return case.asked(Keyword.cajero)
    return case.refused(command.pin, money=False)

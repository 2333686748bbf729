"""Staff: who may agree to what another person asked for.

What comes in: an open transaction and a member who joins the staff. What goes out: the
people whose phone and PIN count as a second approval. The first two are added by the
shell alone; from the third on one of them must agree, which is asked and answered in
`smsgate.handlers.approval`. Whoever leaves agrees to nothing any more.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from smsgate import ledger
from smsgate.errors import SmsgateError
from smsgate.members.directory import Member, by_account
from smsgate.members.naming import proper_name

if TYPE_CHECKING:
    from smsgate.store import Query, Row, Tx

#: So many are added without anybody's consent: there is nobody yet to ask.
ALONE = 2
ROLE_MAX = 12


class State(StrEnum):
    """Where somebody stands on the way to the staff."""

    #: One of the staff must agree first.
    asked = "asked"
    active = "active"
    refused = "refused"
    #: They have left.
    ended = "ended"


#: Whoever stands so is not on the staff, nor asked about.
_FREE = frozenset({State.refused, State.ended})


class StaffAlready(SmsgateError):
    """This member is on the staff, or is being asked about."""


class RoleBad(SmsgateError):
    """This cannot be a role."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """One of the staff."""

    member: Member
    name: str
    role: str
    state: State
    at_ms: int


def colleagues(q: Query, state: State | None = State.active) -> list[Colleague]:
    """Return the staff, oldest first; `state` None: those asked about, too."""
    rows = q.all(
        "SELECT * FROM staff WHERE :state IS NULL OR state = :state"
        " ORDER BY at_ms, account",
        {"state": None if state is None else str(state)},
    )
    return [found for row in rows if (found := _colleague(q, row)) is not None]


def colleague(q: Query, account: int) -> Colleague | None:
    """Return one of the staff, whatever their state."""
    row = q.one("SELECT * FROM staff WHERE account = :account", {"account": account})
    return None if row is None else _colleague(q, row)


def enlist(
    tx: Tx, member: Member, *, name: str, role: str, active: bool, actor: str
) -> Colleague:
    """Put a member on the staff, or ask about them first.

    Raises:
        StaffAlready: they are there, or asked about.
        NameBad, RoleBad: it can be neither name nor role.
    """
    before = colleague(tx, member.account)
    if before is not None and before.state not in _FREE:
        raise StaffAlready(f"{before.name} is on the staff already ({before.state})")
    state = State.active if active else State.asked
    tx.run(
        "INSERT INTO staff (account, name, role, state, at_ms)"
        " VALUES (:account, :name, :role, :state, :now)"
        " ON CONFLICT (account) DO UPDATE SET name = excluded.name,"
        " role = excluded.role, state = excluded.state, at_ms = excluded.at_ms",
        {
            "account": member.account,
            "name": proper_name(name),
            "role": _proper_role(role),
            "state": str(state),
            "now": tx.now_ms,
        },
    )
    if active:
        _record_added(tx, member, role, actor)
    return _required(tx, member.account)


def settle(tx: Tx, account: int, state: State, actor: str) -> Colleague:
    """Say what became of somebody who was asked about."""
    tx.run(
        "UPDATE staff SET state = :state, at_ms = :now"
        " WHERE account = :account AND state = 'asked'",
        {"state": str(state), "now": tx.now_ms, "account": account},
    )
    settled = _required(tx, account)
    if state is State.active:
        _record_added(tx, settled.member, settled.role, actor)
    return settled


def end(tx: Tx, one: Colleague, actor: str) -> None:
    """Take somebody off the staff: from now on their phone agrees to nothing."""
    tx.run(
        "UPDATE staff SET state = 'ended', at_ms = :now WHERE account = :account",
        {"now": tx.now_ms, "account": one.member.account},
    )
    ledger.record(
        tx,
        kind="staff_ended",
        account=one.member.account,
        actor=actor,
        detail={"code": one.member.code, "role": one.role},
    )


def _record_added(tx: Tx, member: Member, role: str, actor: str) -> None:
    ledger.record(
        tx,
        kind="staff_added",
        account=member.account,
        actor=actor,
        detail={"code": member.code, "role": role},
    )


def _proper_role(role: str) -> str:
    plain = " ".join(role.split())
    if not plain or len(plain) > ROLE_MAX or not plain.replace(" ", "").isalpha():
        raise RoleBad(f"{role!r} cannot be a role: write 1 to {ROLE_MAX} letters")
    return plain


def _required(tx: Tx, account: int) -> Colleague:
    found = colleague(tx, account)
    if found is None:
        raise AssertionError("one of the staff who was just written cannot be read")
    return found


def _colleague(q: Query, row: Row) -> Colleague | None:
    member = by_account(q, int(row["account"]))
    if member is None:
        return None
    return Colleague(
        member=member,
        name=row["name"],
        role=row["role"],
        state=State(row["state"]),
        at_ms=row["at_ms"],
    )

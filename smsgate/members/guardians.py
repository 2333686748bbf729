"""Guardians: members whom another trusts to help when phone or PIN are lost.

What comes in: an open transaction and two members. What goes out: who guards whom. A
guardian agrees to a new PIN, stops an account at once, and lifts what a stranger
stopped; they never see a balance and never pay. Naming and dropping one is an event of
the chain.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smsgate import ledger
from smsgate.members.directory import Member, by_account

if TYPE_CHECKING:
    from smsgate.store import Query, Tx

#: How many a member may have.
GUARDIANS_MAX = 3


def of(q: Query, account: int) -> list[Member]:
    """Return a member's guardians, the first named first."""
    rows = q.all(
        "SELECT guardian FROM guardian WHERE account = :account"
        " ORDER BY at_ms, guardian",
        {"account": account},
    )
    found = (by_account(q, int(row["guardian"])) for row in rows)
    return [one for one in found if one is not None and one.state != "closed"]


def guards(q: Query, guardian: int, account: int) -> bool:
    """Say whether one is the other's guardian."""
    row = q.one(
        "SELECT 1 FROM guardian WHERE account = :account AND guardian = :guardian",
        {"account": account, "guardian": guardian},
    )
    return row is not None


def add(tx: Tx, account: int, guardian: Member) -> None:
    """Name a guardian; nothing when they are one already."""
    changed = tx.run(
        "INSERT INTO guardian (account, guardian, at_ms)"
        " VALUES (:account, :guardian, :now) ON CONFLICT DO NOTHING",
        {"account": account, "guardian": guardian.account, "now": tx.now_ms},
    )
    if changed:
        _record(tx, "guardian_added", account, guardian)


def drop(tx: Tx, account: int, guardian: Member) -> None:
    """Drop a guardian; nothing when they are none."""
    changed = tx.run(
        "DELETE FROM guardian WHERE account = :account AND guardian = :guardian",
        {"account": account, "guardian": guardian.account},
    )
    if changed:
        _record(tx, "guardian_dropped", account, guardian)


def _record(tx: Tx, kind: str, account: int, guardian: Member) -> None:
    detail = {"guardian": guardian.code}
    ledger.record(tx, kind=kind, account=account, actor="member", detail=detail)

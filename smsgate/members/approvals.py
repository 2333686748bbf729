"""Approvals: what one person asked for and another must agree to.

What comes in: what is to be done, as values that can be kept, and who asked. What goes
out: a row that is open until one of the staff agrees, refuses, or three days pass. It
is asked and carried out in `smsgate.handlers.approval`; here it is only written down,
and each step is an event of the chain.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from smsgate import ledger
from smsgate.clock import DAY_MS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smsgate.store import Query, Row, Tx

#: For how long one of the staff may agree.
LIVES_MS = 3 * DAY_MS
#: How many one call expires.
_BATCH = 200


class Kind(StrEnum):
    """What needs a second person."""

    #: Somebody joins the staff.
    staff = "staff"
    #: A higher credit limit.
    limit = "limit"
    #: A payment given back by staff.
    reverse = "reverse"
    #: A new PIN that waits for a guardian who does not answer.
    reset = "reset"
    #: Payments again of a member whose guardian does not answer.
    lift = "lift"
    #: Promotions to many people.
    campaign = "campaign"


class State(StrEnum):
    """What became of it."""

    open = "open"
    done = "done"
    refused = "refused"
    #: Agreed to, and no longer possible.
    failed = "failed"
    expired = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """One thing that was asked for."""

    id: int
    kind: Kind
    #: Whom it concerns.
    account: int
    detail: Mapping[str, object]
    asked_by: str
    state: State
    expires_ms: int


def put(
    tx: Tx, *, kind: Kind, account: int, detail: Mapping[str, object], asked_by: str
) -> Approval:
    """Write down what was asked for."""
    row_id = tx.insert(
        "INSERT INTO approval (kind, account, detail, asked_by, opened_ms, expires_ms)"
        " VALUES (:kind, :account, :detail, :asked_by, :now, :until)",
        {
            "kind": str(kind),
            "account": account,
            "detail": json.dumps(detail, sort_keys=True),
            "asked_by": asked_by,
            "now": tx.now_ms,
            "until": tx.now_ms + LIVES_MS,
        },
    )
    _record(tx, "approval_asked", account, asked_by, row_id, kind, detail)
    return _required(tx, row_id)


def find(q: Query, approval_id: int) -> Approval | None:
    """Return what was asked for under this number."""
    row = q.one("SELECT * FROM approval WHERE id = :id", {"id": approval_id})
    return None if row is None else _approval(row)


def open_of(q: Query, kind: Kind) -> list[Approval]:
    """Return what of this kind waits to be agreed to."""
    rows = q.all(
        "SELECT * FROM approval WHERE state = 'open' AND kind = :kind ORDER BY id",
        {"kind": str(kind)},
    )
    return [_approval(row) for row in rows]


def close(tx: Tx, approval: Approval, state: State, by: int, actor: str) -> None:
    """Say what became of it; `by` is the account of the one who answered."""
    tx.run(
        "UPDATE approval SET state = :state, closed_ms = :now, closed_by = :by"
        " WHERE id = :id AND state = 'open'",
        {"state": str(state), "now": tx.now_ms, "by": by, "id": approval.id},
    )
    kind, account = f"approval_{state}", approval.account
    _record(tx, kind, account, actor, approval.id, approval.kind, approval.detail)


def expire_due(tx: Tx) -> list[Approval]:
    """Expire what nobody agreed to in time; return those."""
    rows = tx.all(
        "SELECT * FROM approval WHERE state = 'open' AND expires_ms <= :now"
        " ORDER BY expires_ms LIMIT :batch",
        {"now": tx.now_ms, "batch": _BATCH},
    )
    for row in rows:
        tx.run(
            "UPDATE approval SET state = 'expired', closed_ms = :now WHERE id = :id",
            {"now": tx.now_ms, "id": row["id"]},
        )
    return [_approval(row) for row in rows]


def _record(
    tx: Tx,
    kind: str,
    account: int,
    actor: str,
    number: int,
    what: Kind,
    detail: Mapping[str, object],
) -> None:
    told = {"approval": number, "what": str(what), **detail}
    ledger.record(tx, kind=kind, account=account, actor=actor, detail=told)


def _required(tx: Tx, approval_id: int) -> Approval:
    found = find(tx, approval_id)
    if found is None:
        raise AssertionError("an approval that was just written cannot be read")
    return found


def _approval(row: Row) -> Approval:
    return Approval(
        id=row["id"],
        kind=Kind(row["kind"]),
        account=row["account"],
        detail=json.loads(row["detail"]),
        asked_by=row["asked_by"],
        state=State(row["state"]),
        expires_ms=row["expires_ms"],
    )

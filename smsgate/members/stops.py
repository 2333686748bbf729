"""Stops: ROBO said from a phone that is not the member's own.

What comes in: an open transaction, the account, and the phone that said it. What goes
out: an account that pays nothing and is still paid, until the member's own answer has
rested for four hours, or a guardian or staff decide. Anybody can say ROBO, so each
phone may do it once a day, and to one member it is done twice a day at most; the second
phone makes it a freeze.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smsgate import ledger
from smsgate.clock import DAY_MS, HOUR_MS

if TYPE_CHECKING:
    from smsgate.store import Query, Row, Tx

#: How long the member's own answer rests: the thief may hold that phone.
RESTS_MS = 4 * HOUR_MS
#: How often a day a phone may say it, and how often it is done to one member.
A_PHONE = 1
A_MEMBER = 2
#: How many one call lifts.
_BATCH = 200


def may_stop(q: Query, account: int, phone: str, now_ms: int) -> bool:
    """Say whether this phone may stop this account now, and has not done so already."""
    before = open_stop(q, account)
    if before is not None and before["msisdn"] == phone:
        return False
    row = q.one(
        "SELECT (SELECT count(*) FROM stop WHERE msisdn = :phone AND at_ms > :since)"
        " AS said, (SELECT count(*) FROM stop WHERE account = :account"
        " AND at_ms > :since) AS done",
        {"phone": phone, "account": account, "since": now_ms - DAY_MS},
    )
    return row is None or (row["said"] < A_PHONE and row["done"] < A_MEMBER)


def put(tx: Tx, account: int, phone: str) -> bool:
    """Stop an account; say whether this was the second phone, which freezes it."""
    second = open_stop(tx, account) is not None
    actor = "another phone"
    if second:
        ledger.freeze(tx, account, actor, "ROBO from two other phones")
        # The first one goes on: while it holds, a guardian may lift it.
        tx.run(
            "UPDATE stop SET lift_ms = NULL"
            " WHERE account = :account AND ended_ms IS NULL",
            {"account": account},
        )
    else:
        ledger.stop(tx, account, actor, "ROBO from another phone")
    tx.run(
        "INSERT INTO stop (account, msisdn, at_ms, ended_ms)"
        " VALUES (:account, :phone, :now, :ended)",
        {
            "account": account,
            "phone": phone,
            "now": tx.now_ms,
            "ended": tx.now_ms if second else None,
        },
    )
    return second


def open_stop(q: Query, account: int) -> Row | None:
    """Return the stop that holds; none once member or staff froze the account."""
    return q.one(
        "SELECT * FROM stop WHERE account = :account AND ended_ms IS NULL",
        {"account": account},
    )


def lift_later(tx: Tx, account: int) -> int | None:
    """Lift it once the member's answer has rested; return when, None: nothing holds."""
    if open_stop(tx, account) is None:
        return None
    at_ms = tx.now_ms + RESTS_MS
    tx.run(
        "UPDATE stop SET lift_ms = :at WHERE account = :account AND ended_ms IS NULL",
        {"at": at_ms, "account": account},
    )
    ledger.record(
        tx,
        kind="stop_denied",
        account=account,
        actor="member",
        detail={"until_ms": at_ms},
    )
    return at_ms


def is_due(q: Query, account: int, now_ms: int) -> bool:
    """Say whether payments may go on by now."""
    row = open_stop(q, account)
    return row is not None and row["lift_ms"] is not None and row["lift_ms"] <= now_ms


def lift(tx: Tx, account: int, actor: str) -> None:
    """Let an account that is stopped or frozen pay again."""
    ledger.unfreeze(tx, account, actor)
    _end(tx, account)


def freeze(tx: Tx, account: int, actor: str, reason: str) -> None:
    """Freeze an account so that only staff lift it."""
    ledger.freeze(tx, account, actor, reason)
    _end(tx, account)


def lift_due(tx: Tx) -> list[int]:
    """Lift what has rested; return the accounts."""
    rows = tx.all(
        "SELECT account FROM stop WHERE ended_ms IS NULL AND lift_ms <= :now"
        " ORDER BY lift_ms LIMIT :batch",
        {"now": tx.now_ms, "batch": _BATCH},
    )
    accounts = [int(row["account"]) for row in rows]
    for account in accounts:
        lift(tx, account, "member")
    return accounts


def _end(tx: Tx, account: int) -> None:
    tx.run(
        "UPDATE stop SET ended_ms = :now WHERE account = :account AND ended_ms IS NULL",
        {"now": tx.now_ms, "account": account},
    )

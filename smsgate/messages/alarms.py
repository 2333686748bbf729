"""Alarms: what an operator must know now, told once and not every second.

What comes in: inside any transaction, a key that names the trouble (`link.down:sim1`)
and a sentence for a phone. What goes out: alarms that nobody was told yet; the same one
again only after six hours, or after it was cleared. Who is told, and by which text, is
seen to by `smsgate.gateway.unasked.alerting`. Any room may raise one: without a
transaction at hand, `store.later(partial(alarm, key=…, sentence=…))`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smsgate.clock import DAY_MS, HOUR_MS

if TYPE_CHECKING:
    from smsgate.store import Query, Tx

#: A trouble that stands is told again after this long.
AGAIN_MS = 6 * HOUR_MS
#: How long an alarm is remembered after it was told last.
KEPT_MS = 40 * DAY_MS
#: How many are told at once.
_BATCH = 20


def alarm(tx: Tx, key: str, sentence: str, *, again_ms: int | None = AGAIN_MS) -> bool:
    """Raise an alarm; return False, and write nothing, when it was told lately.

    `again_ms` None: it is told only once, until it is cleared.
    """
    row = tx.one("SELECT * FROM alarm WHERE key = :key", {"key": key})
    stands = row is not None and row["cleared_ms"] is None
    if row is not None and stands:
        told_ms = row["told_ms"]
        if told_ms is None or again_ms is None or tx.now_ms - told_ms < again_ms:
            return False
    tx.run(
        "INSERT INTO alarm (key, sentence, raised_ms) VALUES (:key, :sentence, :now)"
        " ON CONFLICT (key) DO UPDATE SET sentence = excluded.sentence,"
        " raised_ms = CASE WHEN cleared_ms IS NULL THEN raised_ms"
        " ELSE excluded.raised_ms END, told_ms = NULL, cleared_ms = NULL",
        {"key": key, "sentence": sentence, "now": tx.now_ms},
    )
    return True


def clear(tx: Tx, key: str) -> bool:
    """Note that a trouble is over; say whether somebody was told of it."""
    row = tx.one(
        "SELECT told_ms FROM alarm WHERE key = :key AND cleared_ms IS NULL",
        {"key": key},
    )
    if row is None:
        return False
    tx.run(
        "UPDATE alarm SET cleared_ms = :now, told_ms = coalesce(told_ms, :now)"
        " WHERE key = :key",
        {"key": key, "now": tx.now_ms},
    )
    return row["told_ms"] is not None


def untold(q: Query) -> list[tuple[str, str]]:
    """Return key and sentence of the alarms that nobody was told yet, oldest first."""
    rows = q.all(
        "SELECT key, sentence FROM alarm WHERE told_ms IS NULL"
        " ORDER BY raised_ms, key LIMIT :limit",
        {"limit": _BATCH},
    )
    return [(str(row["key"]), str(row["sentence"])) for row in rows]


def told(tx: Tx, key: str) -> None:
    """Note that texts about an alarm are owed."""
    tx.run(
        "UPDATE alarm SET told_ms = :now WHERE key = :key",
        {"key": key, "now": tx.now_ms},
    )


def standing(q: Query) -> list[tuple[str, str, int]]:
    """Return key, sentence and since when, of every trouble that is not over."""
    rows = q.all(
        "SELECT key, sentence, raised_ms FROM alarm WHERE cleared_ms IS NULL"
        " ORDER BY raised_ms, key"
    )
    return [(str(row["key"]), str(row["sentence"]), row["raised_ms"]) for row in rows]


def forget_due(tx: Tx) -> int:
    """Forget alarms that were told long ago; return how many."""
    return tx.run(
        "DELETE FROM alarm WHERE told_ms <= :before", {"before": tx.now_ms - KEPT_MS}
    )

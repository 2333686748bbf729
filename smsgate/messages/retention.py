"""Forgetting: what is kept no longer than it is needed, a bounded batch at a time.

What comes in: the time. What goes out: USSD sessions vanish after a day, quarantined
noise and reports that met no send after seven; the words of texts, in and out, are
emptied after 90; rows go after 400, until then a text that is delivered again is known
by its key. Transfers are the ledger's and stay for ever. Called by the daemon's
housekeeping until it says 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smsgate.clock import DAY_MS
from smsgate.messages import alarms, parts, quarantine, screens, sessions

if TYPE_CHECKING:
    from smsgate.store import Tx

#: How long a report waits for its send.
REPORTS_KEPT_MS = 7 * DAY_MS
#: How long the words of a text are kept.
BODIES_KEPT_MS = 90 * DAY_MS
#: How long a text is known again.
ROWS_KEPT_MS = 400 * DAY_MS
#: How many rows of a kind one call changes.
_BATCH = 500


def forget_due(tx: Tx) -> int:
    """Forget what is due, a batch of each kind at most; return how many rows that was.

    Call it again, in a transaction of its own, until it returns 0.
    """
    return (
        quarantine.forget_due(tx)
        + screens.forget_due(tx)
        + alarms.forget_due(tx)
        + sessions.forget_due(tx)
        + parts.forget_due(tx)
        + _reports(tx)
        + _inbox_bodies(tx)
        + _outbox_bodies(tx)
        + _outbox_rows(tx)
        + _inbox_rows(tx)
    )


def _values(tx: Tx, kept_ms: int) -> dict[str, int]:
    return {"before": tx.now_ms - kept_ms, "batch": _BATCH}


def _reports(tx: Tx) -> int:
    return tx.run(
        "DELETE FROM report WHERE id IN (SELECT id FROM report"
        " WHERE at_ms <= :before ORDER BY at_ms LIMIT :batch)",
        _values(tx, REPORTS_KEPT_MS),
    )


def _inbox_bodies(tx: Tx) -> int:
    return tx.run(
        "UPDATE inbox SET body = '' WHERE id IN (SELECT id FROM inbox"
        " WHERE body <> '' AND at_ms <= :before ORDER BY at_ms LIMIT :batch)",
        _values(tx, BODIES_KEPT_MS),
    )


def _outbox_bodies(tx: Tx) -> int:
    """Empty settled texts only: what is still to be sent needs its words."""
    return tx.run(
        "UPDATE outbox SET body = '' WHERE id IN (SELECT id FROM outbox"
        " WHERE body <> '' AND at_ms <= :before"
        " AND state NOT IN ('queued', 'sending') ORDER BY at_ms LIMIT :batch)",
        _values(tx, BODIES_KEPT_MS),
    )


def _outbox_rows(tx: Tx) -> int:
    # Row times never go back, so the oldest rows are the first ones.
    rows = tx.all(
        "SELECT id FROM (SELECT id, at_ms, state FROM outbox ORDER BY id LIMIT :batch)"
        " AS oldest WHERE at_ms <= :before AND state NOT IN ('queued', 'sending')",
        _values(tx, ROWS_KEPT_MS),
    )
    for row in rows:
        tx.run("DELETE FROM segment WHERE outbox = :id", {"id": row["id"]})
        tx.run("DELETE FROM outbox WHERE id = :id", {"id": row["id"]})
    return len(rows)


def _inbox_rows(tx: Tx) -> int:
    rows = tx.all(
        "SELECT id FROM (SELECT id, at_ms FROM inbox ORDER BY id LIMIT :batch)"
        " AS oldest WHERE at_ms <= :before"
        " AND NOT EXISTS (SELECT 1 FROM outbox WHERE inbox = oldest.id)",
        _values(tx, ROWS_KEPT_MS),
    )
    for row in rows:
        values = {"id": row["id"]}
        tx.run("UPDATE question SET inbox = NULL WHERE inbox = :id", values)
        tx.run("DELETE FROM inbox WHERE id = :id", values)
    return len(rows)

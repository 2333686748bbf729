"""What became of a send: the four answers of a wire, and sends that a crash cut off.

What comes in: a row that was `sending` and what its link said: taken, not sent, never,
or nothing. What goes out: the row's next state. Only *not sent* may be tried again
freely; *nothing* is unsure, and a receipt then goes once more when no report has come
for a minute, a notice or campaign text never: better a receipt twice than none, better
an advertisement never than twice. Each settling also looks for reports that came
first, in `smsgate.messages.outbox.reports`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smsgate.clock import MINUTE_MS, SECOND_MS
from smsgate.messages.outbox import parts, reports
from smsgate.messages.outbox.rows import State

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smsgate.store import Tx

#: The first wait before another try; doubled at each, up to the most.
RETRY_FIRST_MS = 5 * SECOND_MS
RETRY_MOST_MS = 10 * MINUTE_MS
#: How long an unsure receipt waits for a report before it goes once more.
UNSURE_WAIT_MS = MINUTE_MS
#: How many rows one call owes once more.
_BATCH = 500
#: Longest error kept.
_ERROR_MAX = 200

#: Sends that another run of the daemon left behind.
CUT_OFF = "SELECT id FROM outbox WHERE state = 'sending' AND run <> :run"
#: Receipts that nobody heard of, and that have not gone once more yet.
UNHEARD = (
    "SELECT id FROM outbox WHERE state = 'unsure' AND class = 0 AND again = 0"
    " AND settled_ms <= :before AND expires_ms > :now"
    " ORDER BY settled_ms LIMIT :limit"
)


def sent(tx: Tx, row_id: int, references: Sequence[str]) -> bool:
    """Note that the far side took it, under these references, one a segment.

    Like every settling: returns False, and does nothing, when the row is not `sending`.
    """
    if not _settle(tx, row_id, State.sent):
        return False
    reports.note_references(tx, row_id, references)
    reports.meet_early(tx, row_id)
    return True


def retry(tx: Tx, row_id: int, error: str) -> bool:
    """Note that nothing was sent; try again after a wait that doubles each time.

    A row whose time is over before that is given up by `expire_due`.
    """
    row = tx.one("SELECT tries FROM outbox WHERE id = :id", {"id": row_id})
    if row is None or not _settle(tx, row_id, State.queued, error):
        return False
    tx.run(
        "UPDATE outbox SET due_ms = :due WHERE id = :id",
        {"id": row_id, "due": tx.now_ms + _wait_ms(int(row["tries"]))},
    )
    reports.meet_early(tx, row_id)
    return True


def failed(tx: Tx, row_id: int, error: str) -> bool:
    """Note that it will never be taken."""
    if not _settle(tx, row_id, State.failed, error):
        return False
    reports.meet_early(tx, row_id)
    return True


def unsure(tx: Tx, row_id: int, error: str) -> bool:
    """Note that it was written and nobody answered."""
    if not _settle(tx, row_id, State.unsure, error):
        return False
    reports.meet_early(tx, row_id)
    return True


def sweep(tx: Tx, run: int) -> int:
    """Mark what another run was sending as unsure; return how many that was.

    Called at the start, before anything is sent. There are never more than the links
    had room for.
    """
    rows = tx.all(CUT_OFF, {"run": run})
    for row in rows:
        # Parts that were not begun go; those that were are in doubt all the same.
        missing = parts.cut_off(tx, int(row["id"]))
        state = State.queued if missing else State.unsure
        _settle(tx, int(row["id"]), state, "cut off by a restart")
    # Only now: of two texts to one number a report tells which only when one is unsure.
    for row in rows:
        reports.meet_early(tx, int(row["id"]))
    return len(rows)


def unsure_due(tx: Tx) -> int:
    """Owe unsure receipts once more that no report has settled; return how many."""
    rows = tx.all(
        UNHEARD,
        {"before": tx.now_ms - UNSURE_WAIT_MS, "now": tx.now_ms, "limit": _BATCH},
    )
    for row in rows:
        tx.run(
            "UPDATE outbox SET state = 'queued', again = 1, due_ms = :now"
            " WHERE id = :id",
            {"id": row["id"], "now": tx.now_ms},
        )
    return len(rows)


def _settle(tx: Tx, row_id: int, state: State, error: str = "") -> bool:
    changed = tx.run(
        "UPDATE outbox SET state = :state, settled_ms = :now, error = :error"
        " WHERE id = :id AND state = 'sending'",
        {
            "id": row_id,
            "state": str(state),
            "now": tx.now_ms,
            "error": error[:_ERROR_MAX],
        },
    )
    return changed == 1


def _wait_ms(tries: int) -> int:
    # Beyond some tries the most is reached anyway, and powers grow without end.
    doublings = min(max(tries - 1, 0), 16)
    return min(RETRY_FIRST_MS << doublings, RETRY_MOST_MS)

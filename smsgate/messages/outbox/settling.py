"""What became of a send: the four answers of a wire, and sends that a crash cut off.

What comes in: a row that was `sending` and what its link said: taken, not sent, never,
or nothing. What goes out: the row's next state. Only *not sent* may be tried again
freely; *nothing* is unsure, and a receipt then goes once more when no report has come
for a minute, a notice or campaign text never: better a receipt twice than none, better
an advertisement never than twice. A link that knows a repeated text by its id spares
the doubt: there it is tried again, and there only. Each settling also looks for reports
that came first, in `smsgate.messages.outbox.reports`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smsgate.clock import MINUTE_MS, SECOND_MS
from smsgate.messages.outbox import parts, reports
from smsgate.messages.outbox.rows import State

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from smsgate.store import Tx

    #: A row, and its references, one a segment.
    Taken = tuple[int, Sequence[str]]

#: The first wait before another try; doubled at each, up to the most.
RETRY_FIRST_MS = 5 * SECOND_MS
RETRY_MOST_MS = 10 * MINUTE_MS
#: How long an unsure receipt waits for a report before it goes once more.
UNSURE_WAIT_MS = MINUTE_MS
#: How many rows one call owes once more.
_BATCH = 500
#: Longest error kept.
_ERROR_MAX = 200

#: A send that the far side took.
TAKEN = (
    "UPDATE outbox SET state = 'sent', settled_ms = :now, error = '', bound = 0"
    " WHERE id = :id AND state = 'sending' RETURNING via, parts"
)
#: Sends that another run of the daemon left behind.
CUT_OFF = "SELECT id, via FROM outbox WHERE state = 'sending' AND run <> :run"
#: Receipts that nobody heard of, and that have not gone once more yet.
UNHEARD = (
    "SELECT id FROM outbox WHERE state = 'unsure' AND class = 0 AND again = 0"
    " AND settled_ms <= :before AND expires_ms > :now"
    " ORDER BY settled_ms LIMIT :limit"
)


def sent(tx: Tx, taken: Iterable[Taken]) -> int:
    """Note that the far side took these; return how many were `sending`.

    Like every settling, does nothing to a row that is not `sending`. What was taken in
    one moment is settled together, so that its link is asked once for waiting reports.
    """
    count = 0
    waiting: dict[str, bool] = {}
    for row_id, references in taken:
        row = tx.one(TAKEN, {"id": row_id, "now": tx.now_ms})
        if row is None:
            continue
        count += 1
        if row["parts"] and references:
            # It went whole after all.
            parts.forget(tx, row_id)
        reports.note_references(tx, row_id, references)
        link = str(row["via"])
        if link not in waiting:
            waiting[link] = reports.any_kept(tx, link)
        if waiting[link]:
            reports.meet_early(tx, row_id)
    return count


def retry(tx: Tx, row_id: int, error: str, *, after_ms: int = 0) -> bool:
    """Note that nothing was sent; try again after a wait that doubles each time.

    `after_ms`: the far side asks for no less than this. A row whose time is over before
    that is given up by `expire_due`.
    """
    return _again(tx, row_id, error, max(_wait_ms(tx, row_id), after_ms))


def repeat(tx: Tx, row_id: int, error: str) -> bool:
    """Note that nobody answered, over a link that knows a repeated text by its id.

    It is tried again like one that was not sent, over no other link: nothing is sent
    twice, whatever its class.
    """
    return _again(tx, row_id, error, _wait_ms(tx, row_id), bind=True)


def _again(
    tx: Tx, row_id: int, error: str, wait_ms: int, *, bind: bool = False
) -> bool:
    if not _settle(tx, row_id, State.queued, error, bind=bind):
        return False
    tx.run(
        "UPDATE outbox SET due_ms = :due,"
        " link = CASE WHEN :bind = 1 THEN via ELSE link END WHERE id = :id",
        {"id": row_id, "due": tx.now_ms + wait_ms, "bind": int(bind)},
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


def plainly(tx: Tx, row_id: int, state: State, error: str) -> bool:
    """Settle a row and nothing beside it, where settling it whole is beyond us.

    For a fault of our own: its reports, parts and price are another matter, and it must
    not stay `sending`.
    """
    return _settle(tx, row_id, state, error)


def sweep(tx: Tx, run: int, repeatable: Collection[str] = ()) -> int:
    """Mark what another run was sending as unsure; return how many that was.

    Over the links of `repeatable`, which know a text by its id, it is tried again.
    Called at the start, before anything is sent. There are never more than the links
    had room for.
    """
    rows = tx.all(CUT_OFF, {"run": run})
    cut_off = "cut off by a restart"
    met = []
    for row in rows:
        row_id = int(row["id"])
        if parts.cut_off(tx, row_id):
            # Parts that were not begun go; those that were are in doubt all the same.
            _settle(tx, row_id, State.queued, cut_off)
            met.append(row_id)
        elif row["via"] in repeatable:
            # At once: it was we who failed, and not its link.
            _again(tx, row_id, cut_off, 0, bind=True)
        else:
            _settle(tx, row_id, State.unsure, cut_off)
            met.append(row_id)
    # Only now: of two texts to one number a report tells which only when one is unsure.
    for row_id in met:
        reports.meet_early(tx, row_id)
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


def _settle(
    tx: Tx, row_id: int, state: State, error: str = "", *, bind: bool = False
) -> bool:
    changed = tx.run(
        # Only what goes back into the queue can still be bound to its link; that it is
        # must stand there when the triggers of campaigns look at its state.
        "UPDATE outbox SET state = :state, settled_ms = :now, error = :error,"
        " bound = CASE WHEN :waits = 0 THEN 0 WHEN :bind = 1 THEN 1 ELSE bound END"
        " WHERE id = :id AND state = 'sending'",
        {
            "id": row_id,
            "state": str(state),
            "waits": int(state is State.queued),
            "bind": int(bind),
            "now": tx.now_ms,
            "error": error[:_ERROR_MAX],
        },
    )
    return changed == 1


def _wait_ms(tx: Tx, row_id: int) -> int:
    row = tx.one("SELECT tries FROM outbox WHERE id = :id", {"id": row_id})
    tries = 0 if row is None else int(row["tries"])
    # Beyond some tries the most is reached anyway, and powers grow without end.
    doublings = min(max(tries - 1, 0), 16)
    return min(RETRY_FIRST_MS << doublings, RETRY_MOST_MS)

"""Parts of long texts: that each came, never what it says.

What comes in: a part that a vendor brought by itself and that its link holds in memory.
What goes out: a row, so that the part may be acknowledged; tied to the inbox row of
its text in the transaction that answers it. Rows of an earlier run that were never
tied are texts whose words are lost; the gateway has them answered as incomplete. Rows
are kept for a week, in which a part that is delivered again is known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from modem.link import KeptPart, LostText
from smsgate.clock import DAY_MS, HOUR_MS, from_ms, to_ms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from modem.link import IncomingPart
    from smsgate.store import Query, Row, Tx

#: How long a part is known again.
KEPT_MS = 7 * DAY_MS
#: For how long a part may still come to a text that was answered without it.
_STRAGGLES_MS = 2 * HOUR_MS
#: How many rows one call forgets, or texts it finds lost.
_BATCH = 500

#: Parts of a text, in their order.
LOST = (
    "SELECT * FROM part WHERE link = :link AND inbox IS NULL AND run <> :run"
    " ORDER BY sender, reference, total, number LIMIT :limit"
)


def note(tx: Tx, part: IncomingPart, key: bytes, sender: str, run: int) -> KeptPart:
    """Note a part once; say whether its text was answered already."""
    row = tx.one("SELECT id, inbox FROM part WHERE key = :key", {"key": key})
    if row is not None:
        return KeptPart(id=int(row["id"]), over=row["inbox"] is not None)
    inbox = _answered_without(tx, part, sender)
    kept = tx.insert(
        "INSERT INTO part (key, link, sender, reference, number, total, sent_ms, run,"
        " inbox, at_ms) VALUES (:key, :link, :sender, :reference, :number, :total,"
        " :sent_ms, :run, :inbox, :at_ms)",
        {
            "key": key,
            **_text(part, sender),
            "number": part.number,
            "sent_ms": None if part.sent_at is None else to_ms(part.sent_at),
            "run": run,
            "inbox": inbox,
            "at_ms": tx.now_ms,
        },
    )
    return KeptPart(id=kept, over=inbox is not None)


def _text(part: IncomingPart, sender: str) -> dict[str, object]:
    return {
        "link": part.link,
        "sender": sender,
        "reference": part.reference,
        "total": part.total,
    }


def _answered_without(tx: Tx, part: IncomingPart, sender: str) -> int | None:
    """Return the inbox row of the text that was answered before this part came."""
    rows = tx.all(
        "SELECT number, inbox FROM part WHERE link = :link AND sender = :sender"
        " AND reference = :reference AND total = :total"
        " AND at_ms >= :since ORDER BY id DESC LIMIT :limit",
        {
            **_text(part, sender),
            "since": tx.now_ms - _STRAGGLES_MS,
            "limit": _BATCH,
        },
    )
    waiting = {int(row["number"]) for row in rows if row["inbox"] is None}
    if waiting and part.number not in waiting:
        # Its beginning waits for it.
        return None
    over = [row for row in rows if row["inbox"] is not None]
    if not over or any(row["number"] == part.number for row in over):
        # Its place was filled: this part belongs to another text of that reference.
        return None
    return int(over[0]["inbox"])


def belong(tx: Tx, parts: Sequence[int], inbox: int) -> None:
    """Tie parts to the text they became."""
    for part in parts:
        tx.run(
            "UPDATE part SET inbox = :inbox WHERE id = :id AND inbox IS NULL",
            {"inbox": inbox, "id": part},
        )


def lost(q: Query, link: str, run: int) -> tuple[LostText, ...]:
    """Return the texts whose words an earlier run of the daemon took with it."""
    texts: dict[tuple[str, str, int], list[Row]] = {}
    for row in q.all(LOST, {"link": link, "run": run, "limit": _BATCH}):
        group = str(row["sender"]), str(row["reference"]), int(row["total"])
        texts.setdefault(group, []).append(row)
    return tuple(_lost(rows) for rows in texts.values())


def _lost(rows: Sequence[Row]) -> LostText:
    times = [int(row["sent_ms"]) for row in rows if row["sent_ms"] is not None]
    return LostText(
        parts=tuple(int(row["id"]) for row in rows),
        key=b"".join(bytes(row["key"]) for row in rows),
        sender=str(rows[0]["sender"]),
        sent_at=from_ms(min(times)) if times else None,
    )


def forget_due(tx: Tx) -> int:
    """Delete what is older than a week, a batch at most; return how many."""
    return tx.run(
        "DELETE FROM part WHERE id IN (SELECT id FROM part"
        " WHERE at_ms <= :before ORDER BY at_ms LIMIT :batch)",
        {"before": tx.now_ms - KEPT_MS, "batch": _BATCH},
    )

"""Matters: what waits for staff, in three queues.

What comes in: who wants to join, to be called, or to have something decided, in their
own words, redacted. What goes out: one open row for each phone and topic (writing again
adds words and opens no second one), until staff have done it or put it away. Opened by
`smsgate.handlers`, worked on from `smsgate.operations.people.queues`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from smsgate.clock import DAY_MS

if TYPE_CHECKING:
    from smsgate.store import Query, Row, Tx

#: Of the words that are kept of one matter.
WORDS_MAX = 400
#: Open ones of a queue: a flood must not fill the disk.
OPEN_MAX = 5_000
#: For how long staff may decide who joins.
JOIN_LIVES_MS = 30 * DAY_MS
#: How many one call closes.
_BATCH = 50
#: How many a list shows.
LISTED_MAX = 5_000


class Queue(StrEnum):
    """Where a matter waits."""

    #: Somebody wants to be a member.
    newcomer = "join"
    #: Something to decide: a dispute, a request for credit.
    ticket = "ticket"
    #: Somebody wants to be called.
    callback = "callback"


class Topic(StrEnum):
    """What a matter is about, where its queue does not say."""

    none = ""
    dispute = "dispute"
    credit = "credit"
    #: Somebody said that a phone or PIN is in wrong hands.
    alarm = "alarm"
    #: A phone wrote again after months.
    silence = "silence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """One thing that waits, or waited, for staff."""

    id: int
    queue: Queue
    topic: Topic
    #: E.164.
    phone: str
    account: int | None
    #: The payment that is disputed.
    transfer: int | None
    words: str
    state: str
    at_ms: int
    closed_ms: int | None
    closed_by: str
    note: str


def put(
    tx: Tx,
    queue: Queue,
    *,
    phone: str,
    account: int | None = None,
    topic: Topic = Topic.none,
    transfer: int | None = None,
    words: str = "",
) -> Matter | None:
    """Open a matter, or add to the open one; None when the queue is full."""
    known = open_one(tx, queue, phone=phone, topic=topic, transfer=transfer)
    if known is not None:
        return _add(tx, known, words)
    count = tx.one(
        "SELECT count(*) AS open FROM matter WHERE queue = :queue AND state = 'open'",
        {"queue": str(queue)},
    )
    if count is not None and count["open"] >= OPEN_MAX:
        return None
    row_id = tx.insert(
        "INSERT INTO matter (queue, topic, phone, account, transfer, words, at_ms)"
        " VALUES (:queue, :topic, :phone, :account, :transfer, :words, :now)",
        {
            "queue": str(queue),
            "topic": str(topic),
            "phone": phone,
            "account": account,
            "transfer": transfer,
            "words": words[:WORDS_MAX],
            "now": tx.now_ms,
        },
    )
    return _required(tx, row_id)


def open_one(
    q: Query,
    queue: Queue,
    *,
    phone: str,
    topic: Topic = Topic.none,
    transfer: int | None = None,
) -> Matter | None:
    """Return what is open of this phone about this."""
    row = q.one(
        "SELECT * FROM matter WHERE phone = :phone AND queue = :queue"
        " AND state = 'open' AND topic = :topic"
        " AND coalesce(transfer, 0) = :transfer",
        {
            "phone": phone,
            "queue": str(queue),
            "topic": str(topic),
            "transfer": transfer or 0,
        },
    )
    return None if row is None else _matter(row)


def open_about(q: Query, transfer: int) -> list[Matter]:
    """Return the open tickets about a payment."""
    rows = q.all(
        "SELECT * FROM matter WHERE queue = 'ticket' AND state = 'open'"
        " AND transfer = :transfer ORDER BY id",
        {"transfer": transfer},
    )
    return [_matter(row) for row in rows]


def lapsed_joins(tx: Tx) -> list[Matter]:
    """Return requests to join that are older than a month, a batch at most."""
    # The numbers grow with time: the oldest come first, and few are looked at.
    rows = tx.all(
        "SELECT * FROM matter WHERE queue = 'join' AND state = 'open'"
        " ORDER BY id LIMIT :most",
        {"most": _BATCH},
    )
    old = [row for row in rows if row["at_ms"] <= tx.now_ms - JOIN_LIVES_MS]
    return [_matter(row) for row in old]


def find(q: Query, queue: Queue, matter_id: int) -> Matter | None:
    """Return the matter of this number, if it is in this queue."""
    row = q.one(
        "SELECT * FROM matter WHERE id = :id AND queue = :queue",
        {"id": matter_id, "queue": str(queue)},
    )
    return None if row is None else _matter(row)


def waiting(q: Query, queue: Queue, *, closed: bool = False) -> list[Matter]:
    """Return what is open in a queue, oldest first; `closed`: the others, too."""
    rows = q.all(
        "SELECT * FROM matter WHERE queue = :queue AND (state = 'open' OR :closed = 1)"
        " ORDER BY id LIMIT :most",
        {"queue": str(queue), "closed": int(closed), "most": LISTED_MAX},
    )
    return [_matter(row) for row in rows]


def close(tx: Tx, matter: Matter, *, done: bool, actor: str, note: str = "") -> Matter:
    """Take a matter out of its queue: done, or put away."""
    tx.run(
        "UPDATE matter SET state = :state, closed_ms = :now, closed_by = :actor,"
        " note = :note WHERE id = :id AND state = 'open'",
        {
            "state": "done" if done else "closed",
            "now": tx.now_ms,
            "actor": actor,
            "note": note[:WORDS_MAX],
            "id": matter.id,
        },
    )
    return _required(tx, matter.id)


def _add(tx: Tx, known: Matter, words: str) -> Matter:
    if words and words not in known.words:
        added = f"{known.words} / {words}" if known.words else words
        tx.run(
            "UPDATE matter SET words = :words WHERE id = :id",
            {"words": added[:WORDS_MAX], "id": known.id},
        )
    return _required(tx, known.id)


def _required(tx: Tx, matter_id: int) -> Matter:
    row = tx.one("SELECT * FROM matter WHERE id = :id", {"id": matter_id})
    if row is None:
        raise AssertionError("a matter that was just written cannot be read")
    return _matter(row)


def _matter(row: Row) -> Matter:
    return Matter(
        id=row["id"],
        queue=Queue(row["queue"]),
        topic=Topic(row["topic"]),
        phone=row["phone"],
        account=row["account"],
        transfer=row["transfer"],
        words=row["words"],
        state=row["state"],
        at_ms=row["at_ms"],
        closed_ms=row["closed_ms"],
        closed_by=row["closed_by"],
        note=row["note"],
    )

"""Which link a waiting text takes: given when it is due, another when that is down.

What comes in: rows that wait, and a function that chooses a link. What goes out: rows
with another link. Only what is `queued` is ever moved, inside the one writer, so that a
text is in the hands of one link at most. A row that is `bound` may have gone out over
its link, which tells a repeated text by its id: it stays there; a receipt alone may
leave after a minute, as any unsure receipt goes once more. A long text of which parts
went stays, too: no phone puts parts from two numbers together. Driven by
`smsgate.gateway.out.routing`; the choice itself is made in `smsgate.messages.routes`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from smsgate.messages.outbox import parts
from smsgate.messages.outbox.rows import Class
from smsgate.messages.outbox.settling import UNSURE_WAIT_MS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from smsgate.store import Query, Row, Tx

    Choice = Callable[["Waiting"], str | None]

#: How many rows of a class one call looks at.
BATCH = 200

_WAITING = (
    "SELECT id, class, name, recipient, link, due_ms, bound, again, settled_ms,"
    " CASE WHEN parts > 0 THEN"
    " (SELECT s.link FROM segment s WHERE s.outbox = outbox.id LIMIT 1) END AS began,"
    " (SELECT i.link FROM inbox i WHERE i.id = outbox.inbox) AS heard"
    " FROM outbox"
)
#: What is due and has no link yet.
POOL = (
    f"{_WAITING}"
    " WHERE state = 'queued' AND link = '' AND class = :class AND due_ms <= :now"
    " ORDER BY due_ms LIMIT :limit"
)
#: What waits for one link, behind a place in its queue.
BEHIND = (
    f"{_WAITING}"
    " WHERE state = 'queued' AND link = :link AND class = :class"
    " AND (due_ms, id) > (:due_ms, :id) ORDER BY due_ms, id LIMIT :limit"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A row that waits, as far as choosing its link goes."""

    id: int
    cls: Class
    #: The reply's name.
    name: str
    recipient: str = field(repr=False)
    link: str
    due_ms: int
    #: From when on it may leave its link; None: never, it or parts of it may have gone
    #: out there.
    free_ms: int | None
    #: The link over which parts of it went; '' where none did.
    began: str = ""
    #: The link over which the text came that it answers; '' where it answers none.
    heard: str = ""

    @property
    def place(self) -> tuple[int, int]:
        """Its place in the queue of its link and class."""
        return self.due_ms, self.id


def assign(tx: Tx, choose: Choice) -> list[str]:
    """Give each row that is due and has no link one; return the links, one a row.

    A row that no link may ever carry fails. Call it again while it returns `BATCH`.
    """
    given: list[str] = []
    for cls in Class:
        values = {"class": int(cls), "now": tx.now_ms, "limit": BATCH - len(given)}
        for row in tx.all(POOL, values) if len(given) < BATCH else ():
            link = choose(_waiting(row))
            given.append(link or "")
            if link is None:
                _fail(tx, int(row["id"]))
                continue
            if row["began"] != link:
                parts.forget(tx, int(row["id"]))
            tx.run(
                "UPDATE outbox SET link = :link WHERE id = :id",
                {"link": link, "id": row["id"]},
            )
    return given


def behind(
    q: Query, link: str, cls: Class, place: tuple[int, int] = (-1, -1)
) -> list[Waiting]:
    """Return a batch of what waits for a link, behind this place, in order."""
    rows = q.all(
        BEHIND,
        {
            "link": link,
            "class": int(cls),
            "due_ms": place[0],
            "id": place[1],
            "limit": BATCH,
        },
    )
    return [_waiting(row) for row in rows]


def move(tx: Tx, moves: Iterable[tuple[Waiting, str]]) -> list[str]:
    """Move rows to another link, if they still wait; return the links they took.

    What the first link put off is due at once: the wait was for that link.
    """
    return [
        link
        for row, link in moves
        if tx.run(
            "UPDATE outbox SET link = :to, bound = 0, parts = 0,"
            " again = CASE WHEN bound = 1 THEN 1 ELSE again END,"
            " due_ms = CASE WHEN tries > 0 AND due_ms > :now THEN :now ELSE due_ms END"
            " WHERE id = :id AND state = 'queued' AND link = :link AND (bound = 0"
            " OR (class = 0 AND again = 0 AND settled_ms <= :before))"
            " AND NOT (parts > 0 AND EXISTS"
            " (SELECT 1 FROM segment s WHERE s.outbox = outbox.id))",
            {
                "to": link,
                "now": tx.now_ms,
                "id": row.id,
                "link": row.link,
                "before": tx.now_ms - UNSURE_WAIT_MS,
            },
        )
    ]


def waiting(q: Query, link: str) -> dict[Class, int]:
    """Count what waits for a link by class; '' for what has none yet."""
    rows = q.all(
        "SELECT class, count(*) AS n FROM outbox"
        " WHERE state = 'queued' AND link = :link GROUP BY class",
        {"link": link},
    )
    return {Class(row["class"]): int(row["n"]) for row in rows}


def _fail(tx: Tx, row_id: int) -> None:
    tx.run(
        "UPDATE outbox SET state = 'failed', settled_ms = :now, error = :error"
        " WHERE id = :id",
        {
            "id": row_id,
            "now": tx.now_ms,
            "error": "no link carries this class of texts to this number: "
            "see prefixes and classes of the links",
        },
    )


def _waiting(row: Row) -> Waiting:
    return Waiting(
        id=int(row["id"]),
        cls=Class(row["class"]),
        name=str(row["name"]),
        recipient=str(row["recipient"]),
        link=str(row["link"]),
        due_ms=int(row["due_ms"]),
        free_ms=_free_ms(row),
        began=row["began"] or "",
        heard=row["heard"] or "",
    )


def _free_ms(row: Row) -> int | None:
    if row["began"]:
        return None
    if not row["bound"]:
        return 0
    if row["class"] == Class.receipt and not row["again"]:
        return int(row["settled_ms"]) + UNSURE_WAIT_MS
    return None

"""What is owed: rows are made, put off, given up, and claimed by a link's sender.

What comes in: a text and whom it is for, inside the transaction that owes it; later,
a link that has room. What goes out: the rows to send, receipts before notices before
campaigns, each found by index however many wait. Nothing is sent past its time. What
became of a send is said in `smsgate.messages.outbox.settling`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smsgate.clock import DAY_MS
from smsgate.messages.outbox import parts
from smsgate.messages.outbox.rows import Class, Owed, owed_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from smsgate.store import Query, Row, Tx

#: How long a text that is owed again is worth sending.
AGAIN_LIVES_MS = DAY_MS
#: How many rows one call gives up.
_BATCH = 500

#: The next of one class for one link, in order of time.
DUE = (
    "SELECT id, class, name, recipient, body, due_ms, at_ms, anew FROM outbox"
    " WHERE state = 'queued' AND link = :link AND class = :class"
    " AND due_ms <= :now AND expires_ms > :now"
    " ORDER BY due_ms LIMIT :limit"
)
#: When the next of one class is due, of one link or of any.
NEXT_DUE = (
    "SELECT min(due_ms) AS due_ms FROM outbox"
    " WHERE state = 'queued' AND link = :link AND class = :class"
)
#: Receipts that a link was tried for in vain.
PUT_OFF = (
    "SELECT id FROM outbox WHERE state = 'queued' AND link = :link AND class = 0"
    " AND due_ms > :now AND tries > 0 ORDER BY due_ms LIMIT :limit"
)
#: What nobody sent in time.
OVERDUE = (
    "SELECT id FROM outbox WHERE state = 'queued' AND expires_ms <= :now"
    " ORDER BY expires_ms LIMIT :limit"
)
#: What waits for a certain link.
STRAY = "SELECT id FROM outbox WHERE state = 'queued' AND link <> ''"


def owe(
    tx: Tx,
    *,
    inbox: int | None,
    cls: Class,
    name: str,
    recipient: str,
    body: str,
    link: str,
    expires_ms: int,
    due_ms: int | None = None,
    sending_run: int | None = None,
) -> Owed:
    """Owe a text to a phone; return its row.

    `link` is the one it takes, or '' for the one that is best when it is due. `due_ms`
    None: now. `sending_run`: it is born `sending` in this run of the daemon, on a link
    that has room; hand it to that link as soon as the transaction is durable.
    """
    if sending_run is not None and not link:
        raise ValueError("a text that is born sending needs its link")
    born_sending = sending_run is not None
    row_id = tx.insert(
        "INSERT INTO outbox (inbox, class, name, recipient, body, link, via, state,"
        " tries, due_ms, expires_ms, run, sent_ms, at_ms)"
        " VALUES (:inbox, :class, :name, :recipient, :body, :link, :via, :state,"
        " :tries, :due_ms, :expires_ms, :run, :sent_ms, :at_ms)",
        {
            "inbox": inbox,
            "class": int(cls),
            "name": name,
            "recipient": recipient,
            "body": body,
            "link": link,
            "via": link if born_sending else "",
            "state": "sending" if born_sending else "queued",
            "tries": int(born_sending),
            "due_ms": tx.now_ms if due_ms is None else due_ms,
            "expires_ms": expires_ms,
            "run": sending_run or 0,
            "sent_ms": tx.now_ms if born_sending else 0,
            "at_ms": tx.now_ms,
        },
    )
    return Owed(
        id=row_id,
        cls=cls,
        name=name,
        recipient=recipient,
        body=body,
        at_ms=tx.now_ms,
    )


def claim(
    tx: Tx, link: str, limit: int, run: int, *, classes: Iterable[Class] = Class
) -> list[Owed]:
    """Take up to `limit` rows that are due for this link and mark them `sending`.

    Classes go in the order given, all receipts before any notice, all notices before
    any campaign text; within a class the longest due goes first. What has no link yet
    is given one before, by `smsgate.messages.outbox.moving`.
    """
    expire_due(tx)
    rows: list[Row] = []
    for cls in classes:
        if len(rows) < limit:
            rows += tx.all(
                DUE,
                {
                    "link": link,
                    "class": int(cls),
                    "now": tx.now_ms,
                    "limit": limit - len(rows),
                },
            )
    for row in rows:
        tx.run(
            "UPDATE outbox SET state = 'sending', via = :link, run = :run,"
            " tries = tries + 1, sent_ms = :now WHERE id = :id",
            {"link": link, "run": run, "now": tx.now_ms, "id": row["id"]},
        )
    return [owed_of(row) for row in rows]


def next_due_ms(q: Query, link: str, *, classes: Iterable[Class] = Class) -> int | None:
    """Return when the next row of these classes is due; None when nothing waits.

    Those of this link, and those that have none yet.
    """
    due = [
        row["due_ms"]
        for cls in classes
        for name in (link, "")
        if (row := q.one(NEXT_DUE, {"link": name, "class": int(cls)})) is not None
        and row["due_ms"] is not None
    ]
    return min(due, default=None)


def hurry(tx: Tx, link: str) -> int:
    """Make receipts due that were put off while this link did not work; how many.

    The longest waiting go first, a batch at most.
    """
    rows = tx.all(PUT_OFF, {"link": link, "now": tx.now_ms, "limit": _BATCH})
    for row in rows:
        tx.run(
            "UPDATE outbox SET due_ms = :now WHERE id = :id",
            {"id": row["id"], "now": tx.now_ms},
        )
    return len(rows)


def take_back(tx: Tx, ids: Iterable[int]) -> int:
    """Take texts back that no link has yet; return how many.

    One that may be out over a link that would have known it again is unsure.
    """
    return sum(
        tx.run(
            "UPDATE outbox SET state = CASE WHEN bound = 1 THEN 'unsure'"
            " ELSE 'expired' END, bound = 0, error = '', settled_ms = :now"
            " WHERE id = :id AND state = 'queued'",
            {"now": tx.now_ms, "id": row_id},
        )
        for row_id in ids
    )


def withhold(tx: Tx) -> int:
    """Send nothing of what is owed, not even what is in doubt; return how many.

    For a ledger that was put back: another house may have sent it since. What its
    reader asks for again is owed again.
    """
    tx.run("UPDATE outbox SET again = 1 WHERE state IN ('sending', 'unsure')")
    return tx.run(
        # One that may have gone out was not simply kept back.
        "UPDATE outbox SET state = CASE WHEN bound = 1 THEN 'unsure' ELSE 'expired'"
        " END, again = CASE WHEN bound = 1 THEN 1 ELSE again END, bound = 0,"
        " settled_ms = :now, error = 'not sent: the ledger was restored'"
        " WHERE state = 'queued'",
        {"now": tx.now_ms},
    )


def expire_due(tx: Tx) -> int:
    """Give up what nobody could send in time, a batch at most; return how many."""
    rows = tx.all(OVERDUE, {"now": tx.now_ms, "limit": _BATCH})
    for row in rows:
        tx.run(
            # One that may have gone out was not simply late.
            "UPDATE outbox SET state = CASE WHEN bound = 1 THEN 'unsure'"
            " ELSE 'expired' END, bound = 0, settled_ms = :now WHERE id = :id",
            {"now": tx.now_ms, "id": row["id"]},
        )
    return len(rows)


def reroute(tx: Tx, links: Sequence[str]) -> int:
    """Let any link take what waits for one that is not among these; return how many.

    `links` are all that can send: the configuration may have lost a link since.
    """
    if not links:
        return 0
    marks = ",".join("?" * len(links))
    rows = tx.all(
        f"{STRAY} AND link NOT IN ({marks}) LIMIT {_BATCH}",
        links,
    )
    for row in rows:
        tx.run(
            # What may have gone out over the lost link is unsure, now that it is gone.
            "UPDATE outbox SET link = '', state = CASE WHEN bound = 1 THEN 'unsure'"
            " ELSE state END, bound = 0 WHERE id = :id",
            {"id": row["id"]},
        )
    return len(rows)


def told_to(q: Query, phone: str, since_ms: int, most: int) -> list[str]:
    """Return what this phone was told since then, asked or not, the newest first."""
    rows = q.all(
        "SELECT body FROM outbox WHERE recipient = :phone AND at_ms >= :since"
        " ORDER BY at_ms DESC, id DESC LIMIT :most",
        {"phone": phone, "since": since_ms, "most": most},
    )
    return [str(row["body"]) for row in rows]


def unasked_since(q: Query, phone: str, since_ms: int, name: str) -> int:
    """Return how many replies of this name it gets after then that answer no text."""
    row = q.one(
        "SELECT count(*) AS texts FROM outbox WHERE recipient = :phone"
        " AND at_ms >= :earliest AND inbox IS NULL AND due_ms >= :since"
        " AND name = :name",
        {
            "phone": phone,
            # One may have been put off by a day.
            "earliest": since_ms - DAY_MS,
            "since": since_ms,
            "name": name,
        },
    )
    return 0 if row is None else int(row["texts"])


def owe_again(tx: Tx, inbox_id: int) -> int:
    """Owe the answers to a text again that failed or expired; return how many.

    For a text that the network delivers again: its sender seems not to know.
    """
    rows = tx.all(
        "SELECT id FROM outbox WHERE inbox = :inbox"
        " AND state IN ('failed', 'expired') AND body <> ''",
        {"inbox": inbox_id},
    )
    for row in rows:
        _owe_again(tx, int(row["id"]))
    return len(rows)


def resend(tx: Tx, row_id: int) -> bool:
    """Owe one text again on an operator's word; say whether that could be done.

    Only a text that failed, expired or is unsure, and whose body is still kept; never a
    campaign's, which knows by itself whom it still has to write to.
    """
    row = tx.one(
        "SELECT id FROM outbox WHERE id = :id AND class <> 2"
        " AND state IN ('failed', 'expired', 'unsure') AND body <> ''",
        {"id": row_id},
    )
    if row is None:
        return False
    _owe_again(tx, row_id)
    return True


def withdraw(tx: Tx, row_id: int) -> bool:
    """Send a text no more, whose reader has had its words; False: it is on its way."""
    changed = tx.run(
        "UPDATE outbox SET state = 'withdrawn', settled_ms = :now"
        " WHERE id = :id AND state = 'queued'",
        {"id": row_id, "now": tx.now_ms},
    )
    return changed == 1


def _owe_again(tx: Tx, row_id: int) -> None:
    # Reports of the earlier send must not be taken for those of the next.
    parts.forget_unsent(tx, row_id)
    tx.run(
        # By the best way of now: the last one came to nothing. A vendor that knows a
        # text again must not take it for the last send.
        "UPDATE outbox SET state = 'queued', link = '', via = '', tries = 0,"
        " anew = anew + 1,"
        " again = 0, bound = 0, sent_ms = 0, settled_ms = 0, error = '', due_ms = :now,"
        " expires_ms = :expires_ms WHERE id = :id",
        {"id": row_id, "now": tx.now_ms, "expires_ms": tx.now_ms + AGAIN_LIVES_MS},
    )

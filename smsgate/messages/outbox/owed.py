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
    from collections.abc import Sequence

    from smsgate.store import Query, Row, Tx

#: How long a text that is owed again is worth sending.
AGAIN_LIVES_MS = DAY_MS
#: How many rows one call gives up.
_BATCH = 500

#: The next of one class for one link: its own rows and those that any link may take,
#: each in order of time, merged without sorting.
DUE = (
    "SELECT id, class, name, recipient, body, due_ms FROM outbox"
    " WHERE state = 'queued' AND link = :link AND class = :class"
    " AND due_ms <= :now AND expires_ms > :now"
    " UNION ALL"
    " SELECT id, class, name, recipient, body, due_ms FROM outbox"
    " WHERE state = 'queued' AND link = '' AND class = :class"
    " AND due_ms <= :now AND expires_ms > :now"
    " ORDER BY due_ms LIMIT :limit"
)
#: When the next of one class is due, of one link or of any.
NEXT_DUE = (
    "SELECT min(due_ms) AS due_ms FROM outbox"
    " WHERE state = 'queued' AND link = :link AND class = :class"
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

    `link` is the one it must take, or '' for whichever can send. `due_ms` None: now.
    `sending_run`: it is born `sending` in this run of the daemon, on a link that has
    room; hand it to that link as soon as the transaction is durable.
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
    return Owed(id=row_id, cls=cls, name=name, recipient=recipient, body=body)


def claim(
    tx: Tx, link: str, limit: int, run: int, *, notices: bool = True
) -> list[Owed]:
    """Take up to `limit` rows that are due for this link and mark them `sending`.

    All receipts go before any notice, all notices before any campaign text; within a
    class the longest due goes first. `notices` False: receipts only.
    """
    expire_due(tx)
    rows: list[Row] = []
    for cls in Class if notices else (Class.receipt,):
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


def next_due_ms(q: Query, link: str, *, notices: bool = True) -> int | None:
    """Return when the next row for this link is due; None when nothing waits.

    `notices` False: when the next receipt is due.
    """
    due = [
        row["due_ms"]
        for cls in (Class if notices else (Class.receipt,))
        for name in (link, "")
        if (row := q.one(NEXT_DUE, {"link": name, "class": int(cls)})) is not None
        and row["due_ms"] is not None
    ]
    return min(due, default=None)


def expire_due(tx: Tx) -> int:
    """Give up what nobody could send in time, a batch at most; return how many."""
    rows = tx.all(OVERDUE, {"now": tx.now_ms, "limit": _BATCH})
    for row in rows:
        tx.run(
            "UPDATE outbox SET state = 'expired', settled_ms = :now WHERE id = :id",
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
        tx.run("UPDATE outbox SET link = '' WHERE id = :id", {"id": row["id"]})
    return len(rows)


def answers_to(q: Query, sender: str, since_ms: int, most: int) -> list[str]:
    """Return what this number was answered since then, the newest first."""
    rows = q.all(
        "SELECT o.body FROM inbox i JOIN outbox o ON o.inbox = i.id"
        " WHERE i.sender = :sender AND i.at_ms >= :since AND o.recipient = :sender"
        " ORDER BY i.at_ms DESC, i.id DESC LIMIT :most",
        {"sender": sender, "since": since_ms, "most": most},
    )
    return [str(row["body"]) for row in rows]


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

    Only a text that failed, expired or is unsure, and whose body is still kept.
    """
    row = tx.one(
        "SELECT id FROM outbox WHERE id = :id"
        " AND state IN ('failed', 'expired', 'unsure') AND body <> ''",
        {"id": row_id},
    )
    if row is None:
        return False
    _owe_again(tx, row_id)
    return True


def _owe_again(tx: Tx, row_id: int) -> None:
    # Reports of the earlier send must not be taken for those of the next.
    parts.forget_unsent(tx, row_id)
    tx.run(
        "UPDATE outbox SET state = 'queued', via = '', tries = 0, again = 0,"
        " sent_ms = 0, settled_ms = 0, error = '', due_ms = :now,"
        " expires_ms = :expires_ms WHERE id = :id",
        {"id": row_id, "now": tx.now_ms, "expires_ms": tx.now_ms + AGAIN_LIVES_MS},
    )

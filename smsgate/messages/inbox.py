"""The inbox: every text that arrived, once, redacted.

What comes in: the key, the fingerprint and the redacted words of a text, with what it
came to. What goes out: a row, written in the transaction that did what the text said;
its unique key is why a text that is delivered again does nothing. The answers stand in
`smsgate.messages.outbox`; both are written by `smsgate.gateway`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from smsgate.clock import MINUTE_MS

if TYPE_CHECKING:
    from smsgate.store import Query, Row, Tx

#: A text's send time may be this far ahead of our clock at its arrival.
_AHEAD_MS = 10 * MINUTE_MS


class State(StrEnum):
    """What became of a text."""

    answered = "answered"
    #: Kept, and nobody was told: a redelivery over another link, a short code.
    silent = "silent"
    #: Our own fault kept it from being done; somebody should look.
    dead = "dead"


def seen(q: Query, key: bytes) -> Row | None:
    """Return the row of this text if it was kept before."""
    return q.one("SELECT * FROM inbox WHERE key = :key", {"key": key})


def keep(
    tx: Tx,
    *,
    key: bytes,
    text_mac: bytes,
    link: str,
    sender: str,
    account: int | None,
    sent_ms: int | None,
    command: str,
    outcome: str,
    state: str,
    body: str,
    transfer: int | None,
    error: str = "",
) -> int:
    """Keep a text; return its row's id.

    `body` is redacted, `sender` E.164 where it is a number, `sent_ms` None where the
    link does not say.

    Raises:
        Refused: a text with this key is there already (look with `seen` first).
    """
    return tx.insert(
        "INSERT INTO inbox (key, text_mac, link, sender, account, sent_ms, at_ms,"
        " command, outcome, state, body, transfer, error)"
        " VALUES (:key, :text_mac, :link, :sender, :account, :sent_ms, :at_ms,"
        " :command, :outcome, :state, :body, :transfer, :error)",
        {
            "key": key,
            "text_mac": text_mac,
            "link": link,
            "sender": sender,
            "account": account,
            "sent_ms": sent_ms,
            "at_ms": tx.now_ms,
            "command": command,
            "outcome": outcome,
            "state": str(State(state)),
            "body": body,
            "transfer": transfer,
            "error": error,
        },
    )


def elsewhere(
    q: Query,
    sender: str,
    text_mac: bytes,
    link: str,
    sent_ms: int,
    within_ms: int,
    *,
    renamed: bool = False,
) -> Row | None:
    """Return the same text as it came over another link, or None.

    The same is: this sender, this fingerprint, send times within `within_ms`.
    `renamed`: or over this very link, at exactly the same time; some vendors bring one
    text twice under two ids.
    """
    return q.one(
        "SELECT * FROM inbox WHERE sender = :sender AND at_ms >= :since"
        " AND text_mac = :text_mac AND sent_ms BETWEEN :first AND :last"
        " AND (link <> :link OR :renamed AND sent_ms = :sent_ms)"
        " ORDER BY at_ms LIMIT 1",
        {
            "sender": sender,
            "sent_ms": sent_ms,
            "renamed": int(renamed),
            # Nothing arrives before it is sent, up to how far the clocks may differ.
            "since": sent_ms - within_ms - _AHEAD_MS,
            "text_mac": text_mac,
            "link": link,
            "first": sent_ms - within_ms,
            "last": sent_ms + within_ms,
        },
    )


def answered_since(q: Query, sender: str, since_ms: int) -> int:
    """Return how many of this sender's texts were answered since then."""
    row = q.one(
        "SELECT count(*) AS answered FROM inbox WHERE sender = :sender"
        " AND at_ms >= :since AND state = 'answered'",
        {"sender": sender, "since": since_ms},
    )
    return 0 if row is None else int(row["answered"])


def commands_since(q: Query, account: int, command: str, since_ms: int) -> int:
    """Return how often a member's phones sent this command since then."""
    row = q.one(
        "SELECT count(*) AS sent FROM inbox WHERE sender IN"
        " (SELECT msisdn FROM phone WHERE account = :account)"
        " AND at_ms >= :since AND command = :command",
        {"account": account, "since": since_ms, "command": command},
    )
    return 0 if row is None else int(row["sent"])


def paid_long_about(
    q: Query, sender: str, sent_ms: int, within_ms: int, longer_than: int
) -> Row | None:
    """Return this sender's newest long text of about that send time that paid."""
    return q.one(
        "SELECT * FROM inbox WHERE sender = :sender AND at_ms >= :since"
        " AND transfer IS NOT NULL AND length(body) > :longer_than"
        " AND sent_ms BETWEEN :first AND :last ORDER BY at_ms DESC LIMIT 1",
        {
            "sender": sender,
            "since": sent_ms - within_ms - _AHEAD_MS,
            "longer_than": longer_than,
            "first": sent_ms - within_ms,
            "last": sent_ms + within_ms,
        },
    )


def count_since(
    q: Query,
    sender: str,
    since_ms: int,
    most: int,
    *,
    outcome: str | None = None,
    text_mac: bytes | None = None,
    state: str | None = None,
) -> int:
    """Count this sender's texts since then, no further than `most`.

    Where given, only those that came to `outcome`, have this fingerprint or `state`.
    """
    row = q.one(
        "SELECT count(*) AS found FROM (SELECT 1 FROM inbox"
        " WHERE sender = :sender AND at_ms >= :since"
        " AND (:outcome IS NULL OR outcome = :outcome)"
        " AND (:text_mac IS NULL OR text_mac = :text_mac)"
        " AND (:state IS NULL OR state = :state)"
        " ORDER BY at_ms LIMIT :most) AS first",
        {
            "sender": sender,
            "since": since_ms,
            "outcome": outcome,
            "text_mac": text_mac,
            "state": state,
            "most": most,
        },
    )
    return 0 if row is None else int(row["found"])

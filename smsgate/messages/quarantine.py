"""The quarantine: what lay in a receive memory and is no readable message.

What comes in: a link's `Noise`, whose body may hold a PIN. What goes out: a row with
the reason, the harmless head in clear and the body sealed, kept for seven days so that
a better reader can try again inside the daemon; it is never printed. The same noise,
found again because its slot could not be freed, is one row. The seal is made in
`smsgate.messages.keys`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from modem.link import Noise
from smsgate.clock import DAY_MS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from smsgate.messages.keys import MessageKeys
    from smsgate.store import Query, Tx

#: How long noise is kept.
KEPT_MS = 7 * DAY_MS
#: How many rows one call forgets.
_BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One piece of noise as an operator may see it."""

    id: int
    link: str
    reason: str
    #: Octets of the sealed body.
    length: int
    #: The PDU up to its user data.
    head: bytes
    at_ms: int


def keep(tx: Tx, keys: MessageKeys, noise: Noise) -> bool:
    """Keep noise once, its body sealed; say whether it was new."""
    mac = keys.noise(noise.link, noise.head, noise.body)
    kept = tx.run(
        "INSERT INTO quarantine (mac, link, reason, length, head, sealed, at_ms)"
        " VALUES (:mac, :link, :reason, :length, :head, :sealed, :at_ms)"
        " ON CONFLICT (mac) DO NOTHING",
        {
            "mac": mac,
            "link": noise.link,
            "reason": noise.reason,
            "length": len(noise.body),
            "head": noise.head,
            "sealed": keys.seal(noise.body, tx.clock, mac),
            "at_ms": tx.now_ms,
        },
    )
    return kept == 1


def reread(q: Query, keys: MessageKeys, kept_id: int) -> Noise | None:
    """Open one piece of noise for another try at reading it; None: it is forgotten.

    Only for the daemon itself: the body may hold a PIN.

    Raises:
        SealBroken: it was kept under another key.
    """
    row = q.one("SELECT * FROM quarantine WHERE id = :id", {"id": kept_id})
    if row is None:
        return None
    return Noise(
        link=str(row["link"]),
        reason=str(row["reason"]),
        head=bytes(row["head"]),
        body=keys.open(bytes(row["sealed"]), bytes(row["mac"])),
    )


def beside(q: Query, kept_id: int) -> list[int]:
    """Return what else lies there of the same link, oldest first."""
    found = q.all(
        "SELECT id FROM quarantine WHERE id <> :id AND link ="
        " (SELECT link FROM quarantine WHERE id = :id) ORDER BY id LIMIT :most",
        {"id": kept_id, "most": _BATCH},
    )
    return [int(row["id"]) for row in found]


def drop(tx: Tx, ids: Iterable[int]) -> None:
    """Forget what could be read after all."""
    for kept_id in ids:
        tx.run("DELETE FROM quarantine WHERE id = :id", {"id": kept_id})


def rows(q: Query, limit: int = 100) -> list[Kept]:
    """Return what is kept, newest first, without the bodies."""
    found = q.all(
        "SELECT id, link, reason, length, head, at_ms FROM quarantine"
        " ORDER BY id DESC LIMIT :limit",
        {"limit": limit},
    )
    return [
        Kept(
            id=int(row["id"]),
            link=str(row["link"]),
            reason=str(row["reason"]),
            length=int(row["length"]),
            head=bytes(row["head"]),
            at_ms=int(row["at_ms"]),
        )
        for row in found
    ]


def forget_due(tx: Tx) -> int:
    """Delete what is older than seven days, a batch at most; return how many."""
    return tx.run(
        "DELETE FROM quarantine WHERE id IN (SELECT id FROM quarantine"
        " WHERE at_ms <= :before ORDER BY at_ms LIMIT :batch)",
        {"before": tx.now_ms - KEPT_MS, "batch": _BATCH},
    )

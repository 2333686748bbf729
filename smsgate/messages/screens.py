"""Screens: which question of the MENU tree a phone is looking at.

What comes in: the screen that a text opened. What goes out: the screen that the phone's
next text may answer: for ten minutes, over the same link, and only with a text that was
sent after the one that opened it. A phone has one screen at most; what was answered on
the way is kept in it, never a secret. The tree is in `smsgate.handlers.menu`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from smsgate.clock import MINUTE_MS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smsgate.store import Query, Tx

#: How long a screen waits for its answer.
LIVES_MS = 10 * MINUTE_MS


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """What one phone is being asked."""

    phone: str
    name: str
    #: How often in a row its answers could not be used.
    wrong: int
    detail: Mapping[str, object]
    opened_ms: int


def show(
    tx: Tx,
    *,
    phone: str,
    name: str,
    link: str,
    sent_ms: int,
    wrong: int = 0,
    detail: Mapping[str, object] | None = None,
) -> None:
    """Put a screen in the place of the one that the phone had."""
    close(tx, phone)
    tx.insert(
        "INSERT INTO screen (phone, name, link, sent_ms, opened_ms, wrong, detail)"
        " VALUES (:phone, :name, :link, :sent_ms, :now, :wrong, :detail)",
        {
            "phone": phone,
            "name": name,
            "link": link,
            "sent_ms": sent_ms,
            "now": tx.now_ms,
            "wrong": wrong,
            "detail": json.dumps(detail or {}, sort_keys=True),
        },
    )


def seen(
    q: Query, *, phone: str, link: str, sent_ms: int, now_ms: int
) -> Screen | None:
    """Return the screen that a text sent then over this link may answer, or None."""
    row = q.one(
        "SELECT * FROM screen WHERE phone = :phone AND link = :link"
        " AND sent_ms <= :sent_ms AND opened_ms > :since",
        {
            "phone": phone,
            "link": link,
            "sent_ms": sent_ms,
            "since": now_ms - LIVES_MS,
        },
    )
    if row is None:
        return None
    return Screen(
        phone=phone,
        name=str(row["name"]),
        wrong=int(row["wrong"]),
        detail=json.loads(row["detail"]),
        opened_ms=int(row["opened_ms"]),
    )


def close(tx: Tx, phone: str) -> None:
    """Take the phone's screen away."""
    tx.run("DELETE FROM screen WHERE phone = :phone", {"phone": phone})


def forget_due(tx: Tx) -> int:
    """Forget screens that nobody answered in time; return how many."""
    return tx.run(
        "DELETE FROM screen WHERE opened_ms <= :before",
        {"before": tx.now_ms - LIVES_MS},
    )

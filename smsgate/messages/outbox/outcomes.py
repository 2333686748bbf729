"""What became of the newest sends: what a restart remembers of each link's health.

What comes in: a reader. What goes out: link, state and time of the sends that were
settled lately, oldest first. Read once, at start, by `smsgate.gateway.out.routing`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smsgate.messages.outbox.rows import State

if TYPE_CHECKING:
    from smsgate.store import Query

#: How many of the newest rows are looked at.
_NEWEST = 300


def recent(q: Query, since_ms: int) -> list[tuple[str, State, int]]:
    """Return link, state and time of sends settled since then; queued: not sent."""
    rows = q.all(
        "SELECT via, state, bound, settled_ms FROM"
        " (SELECT via, state, bound, settled_ms FROM outbox ORDER BY id DESC"
        " LIMIT :limit) AS newest"
        " WHERE via <> '' AND settled_ms >= :since ORDER BY settled_ms",
        {"limit": _NEWEST, "since": since_ms},
    )
    return [
        (
            str(row["via"]),
            State.unsure if row["bound"] else State(row["state"]),
            int(row["settled_ms"]),
        )
        for row in rows
    ]

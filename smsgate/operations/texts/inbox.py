"""The inbox: what arrived and what came of it.

What comes in: how many rows, and whose. What goes out: redacted texts, newest first,
each with the reply's name and the reference of what it paid. Written only by the
gateway, so there is nothing else to do here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smsgate.operations.desk import OperationRefused
from smsgate.operations.house.ledger import page
from smsgate.operations.people.members import find
from smsgate.phone import e164

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smsgate.operations.desk import Desk, Document
    from smsgate.operations.requests import InboxList
    from smsgate.store import Row

STATES = ("answered", "silent", "dead")

_ROWS = """
    SELECT i.id, i.at_ms, i.sent_ms, i.link, i.sender, m.code, i.command, i.outcome,
           i.state, i.body, t.ref, i.error
    FROM inbox i LEFT JOIN member m ON m.account = i.account
    LEFT JOIN transfer t ON t.id = i.transfer
    WHERE (:phone IS NULL OR i.sender = :phone) AND (:state IS NULL OR i.state = :state)
    ORDER BY i.id DESC LIMIT :limit
"""


async def list_rows(desk: Desk, request: InboxList) -> Document:
    """Return the newest texts."""
    rows = await desk.store.read(
        _ROWS,
        {
            "phone": phone_of(desk, request.who),
            "state": known_state(request.state, STATES),
            "limit": page(request.limit),
        },
    )
    return {"inbox": [_described(desk, row) for row in rows]}


def _described(desk: Desk, row: Row) -> Document:
    return {
        "id": row["id"],
        "at": desk.time(row["at_ms"]),
        "sent_at": desk.time_or_none(row["sent_ms"]),
        "link": row["link"],
        "sender": row["sender"],
        "code": row["code"],
        "command": row["command"],
        "outcome": row["outcome"],
        "state": row["state"],
        "body": row["body"],
        "ref": row["ref"],
        "error": row["error"],
    }


def phone_of(desk: Desk, who: str | None) -> str | None:
    """Return the number to look for: any phone, or a member's by code or alias."""
    if who is None:
        return None
    return (
        e164(who, desk.config.network.country) or find(desk, desk.store.peek, who).phone
    )


def known_state(state: str | None, states: Sequence[str]) -> str | None:
    """Return the state to look for.

    Raises:
        OperationRefused: there is no such state.
    """
    if state is not None and state not in states:
        raise OperationRefused(f"{state!r} is no state: ask for {', '.join(states)}")
    return state

"""What arrived on a link and was no readable message.

What comes in: nothing. What goes out: why, how long, and the PDU up to its user data.
The rest may hold a PIN: it is kept encrypted for seven days and never shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smsgate.operations.requests import ROWS_MAX

if TYPE_CHECKING:
    from smsgate.operations.desk import Desk, Document
    from smsgate.operations.requests import QuarantineList


async def list_rows(desk: Desk, _: QuarantineList) -> Document:
    """Return the newest rows, without their bodies."""
    rows = await desk.store.read(
        """
        SELECT id, at_ms, link, reason, length, head
        FROM quarantine ORDER BY id DESC LIMIT :limit
        """,
        {"limit": ROWS_MAX},
    )
    return {
        "quarantine": [
            {
                "id": row["id"],
                "at": desk.time(row["at_ms"]),
                "link": row["link"],
                "reason": row["reason"],
                "length": row["length"],
                "head": bytes(row["head"]).hex(),
            }
            for row in rows
        ]
    }

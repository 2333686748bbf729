"""What arrived on a link and was no readable message, and another try at reading it.

What comes in: nothing, or the id of one. What goes out: why, how long, and the PDU up
to its user data. The rest may hold a PIN: it is kept encrypted for seven days and never
shown. After a new version has mended what could not be read, the running daemon opens
it, and what it says is done as if it had just arrived; its age then counts as for any
late text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from modem.errors import NotKept
from modem.link import Incoming, Noise, Report
from smsgate.clock import to_ms
from smsgate.messages import quarantine
from smsgate.operations.desk import NotReached, OperationRefused
from smsgate.operations.requests import ROWS_MAX
from smsgate.phone import masked

if TYPE_CHECKING:
    from smsgate.operations.desk import Desk, Document
    from smsgate.operations.requests import QuarantineList, QuarantineReread


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


async def reread(desk: Desk, request: QuarantineReread) -> Document:
    """Read one again, with the other parts of its text where they lie here too."""
    if desk.live is None:
        raise NotReached(
            "what is in quarantine is opened inside the daemon only: start it with "
            "`smsgate run`"
        )
    ids = [request.id, *quarantine.beside(desk.store.peek, request.id)]
    opened = [
        (kept_id, noise)
        for kept_id in ids
        if (noise := quarantine.reread(desk.store.peek, desk.keys, kept_id)) is not None
    ]
    if not opened or opened[0][0] != request.id:
        raise OperationRefused(
            f"there is nothing under {request.id}: look at `smsgate quarantine list`"
        )
    try:
        found = await desk.live.read_again([noise for _, noise in opened])
    except NotKept as error:
        raise OperationRefused(
            f"it can be read and cannot be kept now ({error}): try again in a moment"
        ) from error
    if found is None:
        raise OperationRefused(
            f"no link {opened[0][1].link} that could read it is running: configure it"
        )
    used = [opened[place][0] for place in found.used]
    if used:
        await desk.store.write(lambda tx: quarantine.drop(tx, used))
    return {"id": request.id, "used": used, **_told(desk, found.what)}


def _told(desk: Desk, what: Incoming | Report | Noise) -> Document:
    """Say what it was, and nothing of what it says."""
    match what:
        case Incoming():
            at = what.sent_at
            return {
                "read": "text",
                "sender": masked(what.sender),
                "sent_at": None if at is None else desk.time(to_ms(at)),
                "reason": "",
            }
        case Report():
            return {"read": "report", "sender": None, "sent_at": None, "reason": ""}
        case Noise():
            return {
                "read": "nothing",
                "sender": None,
                "sent_at": None,
                "reason": what.reason,
            }
        case _:
            assert_never(what)

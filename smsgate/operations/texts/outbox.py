"""The outbox: what is owed to phones, what was sent, and sending it once more.

What comes in: how many rows and whose, or the id of one that did not go out. What goes
out: the rows, newest first, with the reason why one is not sent. Sending itself is the
gateway's business.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smsgate.messages import outbox
from smsgate.operations.desk import OperationRefused
from smsgate.operations.house.ledger import page
from smsgate.operations.texts.inbox import known_state, phone_of

if TYPE_CHECKING:
    from smsgate.operations.desk import Desk, Document
    from smsgate.operations.requests import OutboxList, OutboxRetry
    from smsgate.store import Row, Tx

STATES = ("queued", "sending", "sent", "delivered", "failed", "expired", "unsure")
#: What a person may have sent again.
STUCK = ("failed", "expired", "unsure")

_CLASSES = ("receipt", "notice", "campaign")
_ROW = """
    SELECT id, inbox, class, name, recipient, body, link, state, tries, at_ms, due_ms,
           expires_ms, settled_ms, error, parts
    FROM outbox
"""
_PARTS = "SELECT place, status FROM segment WHERE outbox = :id ORDER BY place"


async def list_rows(desk: Desk, request: OutboxList) -> Document:
    """Return the newest texts."""
    rows = await desk.store.read(
        _ROW
        + """
        WHERE (:phone IS NULL OR recipient = :phone)
          AND (:state IS NULL OR state = :state)
        ORDER BY id DESC LIMIT :limit
        """,
        {
            "phone": phone_of(desk, request.who),
            "state": known_state(request.state, STATES),
            "limit": page(request.limit),
        },
    )
    return {"outbox": [_described(desk, row) for row in rows]}


async def retry(desk: Desk, request: OutboxRetry) -> Document:
    """Owe a text again that failed, expired or may not have gone out."""

    def again(tx: Tx) -> Row:
        row = tx.one(
            "SELECT state, class FROM outbox WHERE id = :id", {"id": request.id}
        )
        if row is None:
            raise OperationRefused(
                f"there is no text {request.id}: look at `smsgate outbox list`"
            )
        if row["class"] == outbox.Class.campaign:
            raise OperationRefused(
                f"text {request.id} is a campaign's: whoever was not written to yet is "
                "written to by it, nobody twice"
            )
        if row["state"] not in STUCK:
            raise OperationRefused(
                f"text {request.id} is {row['state']}: only one that is failed, "
                "expired or unsure is sent again"
            )
        if not outbox.resend(tx, request.id):
            raise OperationRefused(
                f"the words of text {request.id} are no longer kept: it is too old"
            )
        found = tx.one(_ROW + "WHERE id = :id", {"id": request.id})
        if found is None:
            raise AssertionError("an outbox row vanished")
        return found

    row = await desk.store.write(again)
    if desk.live is not None:
        desk.live.texts_owed()
    return _described(desk, row)


def _described(desk: Desk, row: Row) -> Document:
    return {
        "id": row["id"],
        "at": desk.time(row["at_ms"]),
        "class": _CLASSES[row["class"]],
        "name": row["name"],
        "recipient": row["recipient"],
        "body": row["body"],
        "link": row["link"] or None,
        "state": row["state"],
        "tries": row["tries"],
        "due": desk.time(row["due_ms"]),
        "expires": desk.time(row["expires_ms"]),
        "settled": desk.time_or_none(row["settled_ms"]),
        "error": row["error"],
        "inbox": row["inbox"],
        "parts": _parts(desk, row),
    }


def _parts(desk: Desk, row: Row) -> list[str]:
    """Return the state of each part of a text that goes part by part."""
    states = ["waiting"] * row["parts"]
    for part in desk.store.peek.all(_PARTS, {"id": row["id"]}) if states else []:
        states[part["place"]] = str(part["status"])
    return states

"""The parts of a long text, each with a state of its own, for links that send them so.

What comes in: which part is about to be written, and what its link said of it. What
goes out: the next part that is still to be sent. A part is durably `sending` before its
first byte. After a fault only what is missing goes again, under the number that ties
the parts together, so that a phone shows the text once and nothing of it twice; a part
that nobody answered goes once more only where its text may. Over another link the text
begins anew, because no phone puts parts from two numbers together. Driven by
`smsgate.gateway.out.long_texts`; reports on parts meet them in `reports`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    from smsgate.store import Tx

#: The tie is one octet on the air (3GPP TS 23.040 §9.2.3.24.1); 0 is that of no text.
_TIES = 255
#: A part may be written so often: once, and once more where nobody answered.
_TRIES_MAX = 2

_TEXT = "SELECT via, again, parts, tie FROM outbox WHERE id = :id"
_OWN = "SELECT place, link, status, tries FROM segment WHERE outbox = :id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A part that may be written now."""

    #: From 1.
    number: int
    tie: int
    #: Nothing else of this text is to be written after it.
    last: bool


def begin(
    tx: Tx, row_id: int, total: int, *, tried: Collection[int] = ()
) -> Begun | None:
    """Mark the next part as `sending`; None: there is none but those `tried` just now.

    `total`: parts of the text as it is sent over the link that has the row.
    """
    text = tx.one(_TEXT, {"id": row_id})
    if text is None:
        return None
    own = tx.all(_OWN, {"id": row_id})
    tie = int(text["tie"])
    elsewhere = any(part["link"] != text["via"] for part in own)
    if elsewhere or text["parts"] != total:
        tie = _start(tx, row_id, total, tie)
        own = []
    known = {int(part["place"]) + 1: part for part in own}
    left = [
        number
        for number in range(1, total + 1)
        if number not in tried
        and (
            number not in known
            or (
                text["again"]
                and known[number]["status"] == "unsure"
                and known[number]["tries"] < _TRIES_MAX
            )
        )
    ]
    if not left:
        return None
    tx.run(
        "INSERT INTO segment (outbox, place, link, reference, sent_ms, status)"
        " VALUES (:id, :place, :via, '', :now, 'sending')"
        " ON CONFLICT (outbox, place) DO UPDATE SET status = 'sending',"
        " tries = segment.tries + 1, reference = '', sent_ms = :now",
        {"id": row_id, "place": left[0] - 1, "via": text["via"], "now": tx.now_ms},
    )
    return Begun(number=left[0], tie=tie, last=len(left) == 1)


def _start(tx: Tx, row_id: int, total: int, before: int) -> int:
    """Begin a text anew; return its tie, which no earlier beginning had."""
    tie = 1 + (before or row_id) % _TIES
    tx.run("DELETE FROM segment WHERE outbox = :id", {"id": row_id})
    tx.run(
        "UPDATE outbox SET parts = :parts, tie = :tie WHERE id = :id",
        {"id": row_id, "parts": total, "tie": tie},
    )
    return tie


def taken(tx: Tx, row_id: int, number: int, reference: str) -> None:
    """Note that the far side took a part, under this reference."""
    _settle(tx, row_id, number, "trying", reference)


def doubted(tx: Tx, row_id: int, number: int) -> None:
    """Note that a part was written and nobody answered."""
    _settle(tx, row_id, number, "unsure")


def put_back(tx: Tx, row_id: int, number: int) -> None:
    """Note that nothing of a part was written: it is as it was before."""
    at = {"id": row_id, "place": number - 1}
    tx.run(
        "DELETE FROM segment WHERE outbox = :id AND place = :place"
        " AND status = 'sending' AND tries = 1",
        at,
    )
    tx.run(
        "UPDATE segment SET status = 'unsure', tries = tries - 1"
        " WHERE outbox = :id AND place = :place AND status = 'sending'",
        at,
    )


def _settle(tx: Tx, row_id: int, number: int, status: str, reference: str = "") -> None:
    tx.run(
        "UPDATE segment SET status = :status, reference = :reference"
        " WHERE outbox = :id AND place = :place AND status = 'sending'",
        {
            "id": row_id,
            "place": number - 1,
            "status": status,
            "reference": reference,
        },
    )


def in_doubt(tx: Tx, row_id: int) -> bool:
    """Say whether a part was written that nobody answered."""
    rows = tx.all(_OWN, {"id": row_id})
    return any(part["status"] == "unsure" for part in rows)


def all_begun(tx: Tx, row_id: int) -> bool:
    """Say whether no part is missing; a text that went whole has none missing."""
    text = tx.one(_TEXT, {"id": row_id})
    own = tx.all(_OWN, {"id": row_id})
    return text is None or not text["parts"] or len(own) == text["parts"]


def cut_off(tx: Tx, row_id: int) -> bool:
    """Take note that the daemon died over a text; say whether parts are missing.

    What was under way is in doubt; what was not begun can go without any.
    """
    tx.run(
        "UPDATE segment SET status = 'unsure' WHERE outbox = :id"
        " AND status = 'sending'",
        {"id": row_id},
    )
    return not all_begun(tx, row_id)


def answered(tx: Tx, row_id: int, reference: str) -> bool | None:
    """Give a part in doubt the reference that a report names.

    Says whether no part is in doubt or missing any more; None: the text went whole.
    """
    text = tx.one(_TEXT, {"id": row_id})
    if text is None or not text["parts"]:
        return None
    tx.run(
        "UPDATE segment SET status = 'trying', reference = :reference"
        " WHERE outbox = :id AND place = (SELECT min(place) FROM segment"
        " WHERE outbox = :id AND status = 'unsure')",
        {"id": row_id, "reference": reference},
    )
    return all_begun(tx, row_id) and not in_doubt(tx, row_id)


def forget(tx: Tx, row_id: int) -> None:
    """Forget all parts: the text goes over another link, or whole."""
    tx.run("DELETE FROM segment WHERE outbox = :id", {"id": row_id})
    tx.run("UPDATE outbox SET parts = 0 WHERE id = :id", {"id": row_id})


def forget_unsent(tx: Tx, row_id: int) -> None:
    """Forget every part that did not arrive, so that it goes again and no other.

    Of a text that went whole nothing is kept: reports on it are not of the next send.
    """
    tx.run(
        "DELETE FROM segment WHERE outbox = :id AND (status IN"
        " ('sending', 'unsure', 'failed') OR"
        " (SELECT parts FROM outbox WHERE id = :id) = 0)",
        {"id": row_id},
    )

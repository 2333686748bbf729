"""What the house is offered: a text, a report or noise, and the slots it lies in.

What comes in: decoded messages and sets of parts. What goes out: `Offer`s. The key of
an offer is made of the content alone, so that the same text under another slot, on
another connection or from another service centre is known to be the same. Made by
`modem.gsm.shelf`, handed on by `modem.gsm.lanes`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from modem.link import Incoming, Noise, Report, Wholeness
from modem.pdu import BadPdu, content_key, join

if TYPE_CHECKING:
    from datetime import timedelta

    from modem.gsm.parts import PartSet, Slot
    from modem.pdu import Deliver, StatusReport

_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(slots=True, kw_only=True, eq=False)
class Offer:
    """Something the house is asked to keep."""

    what: Incoming | Report | Noise = field(repr=False)
    #: Offers of one lane are handled in order; others at the same time.
    lane: str
    #: When the network took it; far in the future where it does not say.
    at: datetime
    key: bytes = field(repr=False)
    slots: tuple[Slot, ...]
    #: The parts it is made of, if it is.
    parts: PartSet | None = None
    #: What lay in the slots when it was offered.
    pdus: tuple[bytes, ...] = field(default=(), repr=False)
    #: The connection the slots belong to.
    connection: int = 0


def text(link: str, slot: Slot, message: Deliver, offset: timedelta) -> Offer:
    """Offer a text of one part."""
    key = content_key(message)
    incoming = Incoming(
        link=link,
        key=key,
        sender=message.sender,
        text=message.text,
        sent_at=_moved(message.sent_at, offset),
    )
    return Offer(
        what=incoming,
        lane=message.sender,
        at=message.sent_at or _NEVER,
        key=key,
        slots=(slot,),
    )


def text_of_parts(
    link: str, found: PartSet, whole: Wholeness, offset: timedelta
) -> Offer:
    """Offer a text of several parts, or tell that it cannot be read."""
    parts = found.ordered()
    if whole is Wholeness.too_long:
        # Named by one part alone: which others are here already is chance.
        parts = parts[:1]
    key = content_key(*parts)
    incoming = Incoming(
        link=link,
        key=key,
        sender=parts[0].sender,
        text=join(parts) if whole is Wholeness.whole else "",
        sent_at=_moved(found.first_at, offset),
        wholeness=whole,
    )
    return Offer(
        what=incoming,
        lane=parts[0].sender,
        at=found.first_at or _NEVER,
        key=key,
        slots=tuple(part.slot for part in found.every),
        parts=found,
    )


def report(
    link: str, slot: Slot, pdu: bytes, message: StatusReport, offset: timedelta
) -> Offer:
    """Offer a delivery report."""
    told = Report(
        link=link,
        reference=str(message.reference),
        to=message.recipient,
        status=message.status,
        at=_moved(message.discharged_at, offset),
        code=f"0x{message.code:02X}",
    )
    return Offer(
        what=told,
        lane=f"report on {message.recipient}",
        at=message.discharged_at or _NEVER,
        key=pdu,
        slots=(slot,),
    )


def noise(link: str, slot: Slot, pdu: bytes, bad: BadPdu) -> Offer:
    """Offer bytes that are no readable message."""
    return Offer(
        what=Noise(link=link, reason=str(bad), head=bad.head, body=bad.body),
        lane=f"noise in {slot}",
        at=_NEVER,
        key=pdu,
        slots=(slot,),
    )


def _moved(at: datetime | None, offset: timedelta) -> datetime | None:
    return None if at is None else at + offset

"""What was put aside as unreadable, read once more by the codec of today.

What comes in: noise as it was kept, the wanted one first and what else lies there of
the same link, which may hold the other parts of its text. What goes out: the text or
report it is after all, as it would have been offered on the day it came, or why it
still is none. A part alone is no text. Called by `modem.gsm.link`, for the house.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from modem.gsm.offers import report, text
from modem.gsm.parts import between
from modem.link import Incoming, Noise, Reread
from modem.pdu import BadPdu, Deliver, StatusReport, content_key, decode, join

if TYPE_CHECKING:
    from collections.abc import Sequence

    from modem.gsm.settings import GsmSettings

#: It lies in no memory any more.
_NOWHERE = ("", 0)


def reread(link: str, noises: Sequence[Noise], settings: GsmSettings) -> Reread:
    """Read the first of these again."""
    offset = timedelta(minutes=settings.time_offset_minutes)
    noise, pdu = noises[0], noises[0].head + noises[0].body
    match _decoded(noise):
        case Deliver() as part if part.concat is not None and part.concat.total > 1:
            return _long(link, part, noises, settings)
        case Deliver() as message:
            return Reread(what=text(link, _NOWHERE, message, offset).what, used=(0,))
        case StatusReport() as told:
            offer = report(link, _NOWHERE, pdu, told, offset)
            return Reread(what=offer.what, used=(0,))
        case BadPdu() as bad:
            return _not_read(noise, str(bad))


def _decoded(noise: Noise) -> Deliver | StatusReport | BadPdu:
    try:
        return decode(noise.head + noise.body)
    except BadPdu as bad:
        return bad


def _long(
    link: str, asked: Deliver, noises: Sequence[Noise], settings: GsmSettings
) -> Reread:
    """Put a text together from all parts of it that lie here."""
    span = timedelta(seconds=settings.parts_wait_s)
    found: dict[int, tuple[Deliver, list[int]]] = {}
    for place, noise in enumerate(noises):
        part = _decoded(noise)
        if not isinstance(part, Deliver) or part.concat is None:
            continue
        if _tie(part) == _tie(asked) and between(part, asked) < span:
            found.setdefault(part.concat.number, (part, []))[1].append(place)
    total = 0 if asked.concat is None else asked.concat.total
    if total > settings.parts_max:
        return _not_read(
            noises[0], f"it is one of {total} parts of a text that is too long"
        )
    if len(found) < total:
        return _not_read(
            noises[0], f"only {len(found)} of the {total} parts of its text are here"
        )
    parts = [found[number][0] for number in sorted(found)]
    times = [part.sent_at for part in parts if part.sent_at is not None]
    first_at = min(times, default=None)
    incoming = Incoming(
        link=link,
        key=content_key(*parts),
        sender=asked.sender,
        text=join(parts),
        sent_at=None
        if first_at is None
        else first_at + timedelta(minutes=settings.time_offset_minutes),
    )
    used = [place for _, places in found.values() for place in places]
    return Reread(what=incoming, used=tuple(sorted(used)))


def _tie(part: Deliver) -> tuple[object, ...]:
    """What the parts of one text have in common."""
    concat = part.concat
    if concat is None:
        return ()
    own = (concat.reference, concat.bits, concat.total)
    return (part.sender, part.sender_type, *own)


def _not_read(noise: Noise, reason: str) -> Reread:
    kept = Noise(link=noise.link, reason=reason, head=noise.head, body=noise.body)
    return Reread(what=kept, used=())

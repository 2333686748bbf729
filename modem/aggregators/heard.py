"""Make of what a vendor wrote a text or a report that the house can keep.

What comes in: words out of a webhook. What goes out: a `HeardText` or `HeardReport`
whose words can be stored and sent anywhere, or `Unreadable` where the one thing that
matters is missing. What is too long to be a number or an id is none.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from modem.aggregators import bodies
from modem.aggregators.answers import plain_code
from modem.aggregators.wire import HeardReport, HeardText, Part
from modem.hooks import Unreadable

if TYPE_CHECKING:
    from datetime import datetime

    from modem.link import ReportStatus

_NUMBER_MAX = 40
_ID_MAX = 200
_PARTS_MAX = 255
_SMALL = re.compile(r"[0-9]{1,3}", re.ASCII)


def text(
    *,
    sender: str,
    words: str,
    id: str,  # noqa: A002 - the port's word
    sent_at: datetime | None = None,
    part: Part | None = None,
) -> HeardText:
    """Return a text; raises Unreadable without a sender."""
    number = bodies.sound(bodies.international(sender.strip()))
    if not number or len(number) > _NUMBER_MAX:
        raise Unreadable("the sender is missing, or is no number")
    return HeardText(
        sender=number,
        text=bodies.sound(words),
        id=identity(id),
        sent_at=sent_at,
        part=part,
    )


def report(
    *,
    reference: str,
    to: str,
    status: ReportStatus,
    at: datetime | None = None,
    code: str = "",
    opted_out: bool = False,
) -> HeardReport:
    """Return a report; raises Unreadable where it names no text."""
    named = identity(reference)
    if not named:
        raise Unreadable("the report names no text")
    number = bodies.sound(bodies.international(to.strip()))
    return HeardReport(
        reference=named,
        to=number if len(number) <= _NUMBER_MAX else "",
        status=status,
        at=at,
        code=plain_code(code),
        opted_out=opted_out,
    )


def part(reference: str, number: str, total: str) -> Part:
    """Return the place of a part; raises Unreadable where it is none."""
    if not (_SMALL.fullmatch(number) and _SMALL.fullmatch(total)):
        raise Unreadable("the place of a part is no number")
    if not 1 <= int(number) <= int(total) <= _PARTS_MAX:
        raise Unreadable("a part stands outside of its text")
    return Part(reference=identity(reference), number=int(number), total=int(total))


def identity(name: str) -> str:
    """Return an id that can be kept; '' for one that is too long to be one."""
    sound = bodies.sound(name.strip())
    return sound if len(sound) <= _ID_MAX else ""

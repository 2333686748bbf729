"""The phones on the other side of an emulated network.

What comes in: texts that phones write, and TPDUs the modem submitted. What goes out:
DELIVER PDUs for the modem, and the whole `Text` a phone shows once all its parts are
there. The bytes are `modem.pdu`'s; used by `modem.simulator.emulated`.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from modem.errors import PduError
from modem.pdu import Submission, decode_submit, encode_deliver, join

if TYPE_CHECKING:
    from datetime import datetime

    from modem.simulator.network import Submitted

_SMSC = "+50370000000"
_NO_SMSC = b"\x00"
_REFERENCES = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text as a phone shows it."""

    to: str
    text: str = field(repr=False)
    #: When the network took its last part.
    at: datetime


class Phones:
    """Every phone there is."""

    def __init__(self) -> None:
        """Begin with empty screens."""
        self.texts: list[Text] = []
        self._references = itertools.count(1)
        #: Parts of texts that are not whole, by recipient, reference and total.
        self._parts: dict[tuple[str, int, int], dict[int, Submission]] = {}

    def write(self, sender: str, text: str, sent_at: datetime) -> list[bytes]:
        """Write a text to the modem; a long one comes in parts."""
        reference = next(self._references) % _REFERENCES
        return encode_deliver(
            sender, text, sent_at=sent_at, reference=reference, smsc=_SMSC
        )

    def show(self, submitted: Submitted) -> None:
        """Show what was submitted, when it is the last part that was missing."""
        try:
            part = decode_submit(_NO_SMSC + submitted.tpdu)
        except PduError:
            # A phone shows nothing of what it cannot read; `sent` still has it.
            return
        parts = self._whole(part)
        if parts:
            text = Text(to=part.to, text=join(parts), at=submitted.at)
            self.texts.append(text)

    def _whole(self, part: Submission) -> list[Submission]:
        """Every part of the text this belongs to; nothing while one is missing."""
        if part.concat is None:
            return [part]
        key = (part.to, part.concat.reference, part.concat.total)
        parts = self._parts.setdefault(key, {})
        parts[part.concat.number] = part
        if len(parts) < part.concat.total:
            return []
        del self._parts[key]
        return [parts[number] for number in sorted(parts)]

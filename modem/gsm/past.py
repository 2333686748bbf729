"""Sets of parts that were dealt with, so that a straggler is not dealt with again.

What comes in: sets the house was offered, and what it said. What goes out: whether a
part belongs to one of them. A part may come twice, the second time after its text was
kept and deleted, and of a text that was refused at its first part the others come
later. Remembered in memory for as long as parts may take; after a restart a straggler
is answered as incomplete. Texts are not kept here, only marks under a key of the
moment. Used by `modem.gsm.shelf`.
"""

from __future__ import annotations

import os
import time
from collections import deque
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import blake2b
from typing import TYPE_CHECKING

from modem.gsm.parts import Group, Part, PartSet, between

if TYPE_CHECKING:
    from modem.gsm.settings import GsmSettings
    from modem.pdu import Deliver

_REMEMBERED_MAX = 1_024


@dataclass(slots=True, kw_only=True, eq=False)
class _Dealt:
    group: Group
    first: Deliver = field(repr=False)
    marks: dict[int, bytes] = field(repr=False)
    too_long: bool
    since_s: float
    kept: bool = False


class Past:
    """What was dealt with of late."""

    def __init__(self, settings: GsmSettings) -> None:
        """Begin without a past."""
        self._settings = settings
        self._span = timedelta(seconds=settings.parts_wait_s)
        self._secret = os.urandom(32)
        self._dealt: deque[_Dealt] = deque(maxlen=_REMEMBERED_MAX)

    def mark(self, content: bytes) -> bytes:
        """What stands for a part here."""
        return blake2b(content, digest_size=16, key=self._secret).digest()

    def offered(self, found: PartSet) -> None:
        """Remember a set that is being offered."""
        self._forget()
        self._dealt.append(
            _Dealt(
                group=found.group,
                first=found.ordered()[0],
                marks={number: p[0].mark for number, p in found.parts.items()},
                too_long=found.group[-1] > self._settings.parts_max,
                since_s=time.monotonic(),
            )
        )

    def settled(self, found: PartSet, *, kept: bool) -> None:
        """Take note of what the house said; what it did not keep is no past."""
        marks = {number: p[0].mark for number, p in found.parts.items()}
        for dealt in list(self._dealt):
            if dealt.group == found.group and marks.items() <= dealt.marks.items():
                if kept:
                    dealt.kept = True
                else:
                    self._dealt.remove(dealt)

    def known(self, part: Part) -> bool | None:
        """Whether the text of this part is kept; None where the part is new."""
        for dealt in self._dealt:
            if dealt.group != part.group:
                continue
            mark = dealt.marks.get(part.number)
            if mark == part.mark:
                return dealt.kept
            near = between(dealt.first, part.deliver) < self._span
            if dealt.too_long and mark is None and near:
                dealt.marks[part.number] = part.mark
                return dealt.kept
        return None

    def _forget(self) -> None:
        before_s = time.monotonic() - self._settings.parts_wait_s
        while self._dealt and self._dealt[0].since_s < before_s:
            self._dealt.popleft()

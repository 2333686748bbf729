"""Long texts that a vendor brings in parts: kept in memory until all are there.

What comes in: parts with their words, each named by the house, which has noted it
durably (`modem.link.House.part`) so that it could be acknowledged. What goes out: the
whole text, or sets that are too long, or given up after half an hour or for want of
room. A reference comes round again, because phones count to 255: the same place filled
with another part begins another set. What a restart loses is answered as incomplete,
from the notes. Used by `modem.http.hearing`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from modem.aggregators.wire import HeardText

#: Longer texts are refused, as on a modem.
PARTS_MAX = 3
#: How long a part waits for the others, seconds.
WAIT_S = 1800.0
#: How many sets wait at a time; the oldest gives way.
_SETS_MAX = 500

#: Sender, reference, total.
_Group = tuple[str, str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A part in memory."""

    #: Its name with the house.
    id: int
    key: bytes = field(repr=False)
    number: int
    text: str = field(repr=False)
    sent_at: datetime | None


@dataclass(slots=True, kw_only=True, eq=False)
class PieceSet:
    """Parts of one text."""

    sender: str
    total: int
    #: When the first came, monotonic seconds.
    since_s: float
    pieces: dict[int, Piece] = field(default_factory=dict)

    @property
    def whole(self) -> bool:
        """Whether nothing is missing."""
        return len(self.pieces) == self.total

    @property
    def too_long(self) -> bool:
        """Whether it has more parts than the house reads."""
        return self.total > PARTS_MAX

    @property
    def ids(self) -> tuple[int, ...]:
        """The parts' names, in their order in the text."""
        return tuple(self.pieces[number].id for number in sorted(self.pieces))

    @property
    def key(self) -> bytes:
        """What tells this text from every other."""
        keys = (self.pieces[number].key for number in sorted(self.pieces))
        return b"".join(len(key).to_bytes(4, "big") + key for key in keys)

    @property
    def text(self) -> str:
        """The words, in order."""
        return "".join(self.pieces[number].text for number in sorted(self.pieces))

    @property
    def sent_at(self) -> datetime | None:
        """When the network took the first of them."""
        times = [one.sent_at for one in self.pieces.values() if one.sent_at]
        return min(times, default=None)


class Parts:
    """Every set that waits."""

    def __init__(self) -> None:
        """Begin with none."""
        self._sets: dict[_Group, PieceSet] = {}
        #: Taken out and not yet kept by the house: offered again later.
        self.given_up: list[PieceSet] = []

    def add(self, heard: HeardText, piece: Piece, now_s: float) -> PieceSet:
        """Put a part to the others; return its set."""
        if heard.part is None:
            raise ValueError("this text is no part")
        group = (heard.sender, heard.part.reference, heard.part.total)
        found = self._sets.get(group)
        if found is not None:
            there = found.pieces.get(piece.number)
            if there is not None and there.key != piece.key:
                self._give_up(group)
                found = None
        if found is None:
            self._make_room()
            found = PieceSet(sender=heard.sender, total=heard.part.total, since_s=now_s)
            self._sets[group] = found
        found.pieces[piece.number] = piece
        return found

    def done(self, kept: PieceSet) -> None:
        """Forget a set that the house has kept."""
        self._sets = {
            group: one for group, one in self._sets.items() if one is not kept
        }
        self.given_up = [one for one in self.given_up if one is not kept]

    def overdue(self, now_s: float) -> list[PieceSet]:
        """Return the sets that have waited long enough, or gave way."""
        late = [
            group for group, one in self._sets.items() if now_s - one.since_s >= WAIT_S
        ]
        for group in late:
            self._give_up(group)
        return list(self.given_up)

    def _make_room(self) -> None:
        if len(self._sets) >= _SETS_MAX:
            self._give_up(next(iter(self._sets)))

    def _give_up(self, group: _Group) -> None:
        self.given_up.append(self._sets.pop(group))

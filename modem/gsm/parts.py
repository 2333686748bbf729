"""Which parts make a text: long texts come in pieces, in any order, some never.

What comes in: the parts in the memories, and the time. What goes out: sets of parts
that belong together, and whether each is whole, too long, or to be given up. Sets of
one sender may bear the same reference, because phones count to 255 and begin again;
the network's times tell them apart. Pure, and nothing here outlives the daemon: parts
stay on the SIM, and a restart lists them again. Used by `modem.gsm.shelf`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from modem.link import Wholeness

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from modem.gsm.settings import GsmSettings
    from modem.pdu import Deliver

#: Sender, type of sender, reference, its bits, and how many parts there are.
Group = tuple[str, str, int, int, int]
#: Memory and index.
Slot = tuple[str, int]

_NEVER = datetime.max.replace(tzinfo=UTC)
#: Incomplete parts may hold one slot in so many.
_SHARE = 4


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Part:
    """One part in one slot."""

    slot: Slot
    deliver: Deliver
    group: Group
    number: int
    #: Equal exactly when the network delivers this part again.
    mark: bytes = field(repr=False)
    #: When it was first listed on this connection; monotonic seconds.
    seen_s: float


@dataclass(slots=True, kw_only=True, eq=False)
class PartSet:
    """Parts that belong together: by number, the same part delivered twice included."""

    group: Group
    parts: dict[int, list[Part]] = field(default_factory=dict)

    @property
    def whole(self) -> bool:
        """Whether nothing is missing."""
        return len(self.parts) == self.group[-1]

    @property
    def every(self) -> list[Part]:
        """Every part, duplicates too."""
        return [part for alike in self.parts.values() for part in alike]

    @property
    def first_at(self) -> datetime | None:
        """When the network took the first part here whose time is known."""
        times = [p.deliver.sent_at for p in self.every if p.deliver.sent_at]
        return min(times, default=None)

    @property
    def seen_s(self) -> float:
        """When the first part was listed."""
        return min(part.seen_s for part in self.every)

    def ordered(self) -> list[Deliver]:
        """One of each part, in order."""
        return [self.parts[number][0].deliver for number in sorted(self.parts)]

    def distance(self, part: Part) -> timedelta:
        """How far in time the part is from the nearest one here."""
        return min(between(part.deliver, other.deliver) for other in self.every)


def between(one: Deliver, other: Deliver) -> timedelta:
    """Time between two parts; zero where one of the times is not known."""
    if one.sent_at is None or other.sent_at is None:
        return timedelta()
    return abs(one.sent_at - other.sent_at)


def gather(parts: Iterable[Part], settings: GsmSettings) -> list[PartSet]:
    """Put parts into sets."""
    span = timedelta(seconds=settings.parts_wait_s)
    sets: dict[Group, list[PartSet]] = {}
    for part in sorted(parts, key=_place):
        own = sets.setdefault(part.group, [])
        chosen = _twin(own, part) or _nearest(own, part, span)
        if chosen is None:
            chosen = PartSet(group=part.group)
            own.append(chosen)
        chosen.parts.setdefault(part.number, []).append(part)
    return [found for own in sets.values() for found in own]


def _place(part: Part) -> tuple[datetime, int, Slot]:
    return part.deliver.sent_at or _NEVER, part.number, part.slot


def _twin(sets: Sequence[PartSet], part: Part) -> PartSet | None:
    """The set that has this very part already."""
    for candidate in sets:
        alike = candidate.parts.get(part.number)
        if alike and alike[0].mark == part.mark:
            return candidate
    return None


def _nearest(sets: Sequence[PartSet], part: Part, span: timedelta) -> PartSet | None:
    """The set nearest in time that lacks this part."""
    lacking = [candidate for candidate in sets if part.number not in candidate.parts]
    near = min(lacking, key=lambda found: found.distance(part), default=None)
    return near if near is not None and near.distance(part) < span else None


def wholeness(
    found: PartSet, now: datetime, monotonic_s: float, settings: GsmSettings
) -> Wholeness | None:
    """Whether a set is whole, too long, or waited for long enough; None: wait on.

    The first part's age counts by the network's time; where our clock, or the network,
    is wrong, by how long it has been seen. A set is watched for a while before it is
    given up, because after a pause the network brings its parts one after the other.
    """
    if found.group[-1] > settings.parts_max:
        return Wholeness.too_long
    if found.whole:
        return Wholeness.whole
    seen_for_s = monotonic_s - found.seen_s
    if seen_for_s >= settings.parts_wait_s:
        return Wholeness.incomplete
    if found.first_at is None or seen_for_s < settings.parts_grace_s:
        return None
    offset = timedelta(minutes=settings.time_offset_minutes)
    age = now - (found.first_at + offset)
    late = age >= timedelta(seconds=settings.parts_wait_s)
    return Wholeness.incomplete if late else None


def crowding(
    waiting: Sequence[PartSet],
    totals: Mapping[str, int],
    monotonic_s: float,
    grace_s: float,
) -> list[PartSet]:
    """The oldest sets that are to make room, where parts hold a quarter of the slots.

    `totals` are the slots of each memory. A set that has just come is spared as long as
    half of the slots are free of parts, and the only set there is as long as it does
    not fill them all.
    """
    given_up: list[PartSet] = []
    oldest = sorted(waiting, key=lambda found: (found.first_at or _NEVER, found.seen_s))
    for memory, total in totals.items():
        here = [s for s in oldest if s not in given_up and _held(s, memory)]
        held = sum(_held(found, memory) for found in here)
        while here and held * _SHARE >= total:
            fresh = monotonic_s - here[0].seen_s < grace_s
            if fresh and held * 2 < total:
                break
            if len(here) == 1 and (fresh or held < total):
                break
            held -= _held(here[0], memory)
            given_up.append(here.pop(0))
    return given_up


def _held(found: PartSet, memory: str) -> int:
    return sum(part.slot[0] == memory for part in found.every)

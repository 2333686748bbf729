"""The forecast: when the last text of a campaign will have gone.

What comes in: how many texts, at which pace each link may send them, a rate, the hours.
What goes out: the moment of the last one. It plays the same windows that hold the
senders back, text by text, so that what staff are told is what will happen; beyond a
few days of them it goes on by the day. Receipts do not use these windows up; other
notices do, and are not foreseen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from smsgate.campaigns.plan import PERCENT
from smsgate.clock import DAY_MS, HOUR_MS, SECOND_MS
from smsgate.messages.pacing import Pacing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from smsgate.campaigns.hours import Hours

#: Texts that are played one by one; the rest goes on at the pace of the last day.
_PLAYED_MAX = 20_000
#: A campaign that takes longer than this is told as never.
_NEVER_MS = 400 * DAY_MS


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One link that takes promotions."""

    name: str
    per_minute: int
    per_hour: int
    #: How long one send takes at least, seconds.
    send_s: float = 0.0


def ends_ms(
    texts: int,
    lanes: Sequence[Lane],
    hours: Hours,
    starts_ms: int,
    per_hour: int | None,
    shares: Mapping[str, int] | None = None,
) -> int | None:
    """Return when the last of so many texts goes out; None: never, or too far off.

    `shares` are texts of a hundred by lane; the others take whichever is free first.
    """
    if not lanes:
        return None
    if texts <= 0:
        return starts_ms
    gap_ms = 0 if per_hour is None else HOUR_MS // per_hour
    road = _Road(lanes, hours, starts_ms, shares or {})
    due = float(starts_ms)
    for _ in range(min(texts, _PLAYED_MAX)):
        road.send(due)
        # With a rate of its own, each text is due so long after the one before, by day.
        due = max(due + gap_ms, road.opened_ms)
    played = int(road.last_ms)
    if texts <= _PLAYED_MAX:
        return played
    return _go_on(texts, played, hours, starts_ms)


class _Road:
    """The lanes as they are used, text by text."""

    def __init__(
        self,
        lanes: Sequence[Lane],
        hours: Hours,
        starts_ms: int,
        shares: Mapping[str, int],
    ) -> None:
        """Begin with free lanes."""
        self._lanes = lanes
        self._hours = hours
        self._paces = [
            Pacing(per_minute=one.per_minute, per_hour=one.per_hour) for one in lanes
        ]
        self._free_ms = [float(starts_ms)] * len(lanes)
        #: Texts of a hundred by place among the lanes; None: whichever is free first.
        names = [one.name for one in lanes]
        self._shares: dict[int | None, int] = {
            names.index(name): share for name, share in shares.items() if name in names
        }
        self._shares[None] = PERCENT - sum(self._shares.values())
        self._owing: dict[int | None, int] = dict.fromkeys(self._shares, 0)
        self._open = (0.0, 0.0)
        self.last_ms = float(starts_ms)

    @property
    def opened_ms(self) -> float:
        """When the hours began in which the last text went."""
        return self._open[0]

    def send(self, due_ms: float) -> None:
        """Send a text that is due then."""
        lane = self._turn()
        every = range(len(self._lanes)) if lane is None else (lane,)
        at, place = min((self._earliest_ms(one, due_ms), one) for one in every)
        self._paces[place].took(at / SECOND_MS)
        self._free_ms[place] = at + self._lanes[place].send_s * SECOND_MS
        self.last_ms = max(self.last_ms, at)

    def _turn(self) -> int | None:
        """Return the lane whose share is furthest behind."""
        if len(self._shares) == 1:
            return None
        for lane, share in self._shares.items():
            self._owing[lane] += share
        lane = max(self._owing, key=self._owing.__getitem__)
        self._owing[lane] -= PERCENT
        return lane

    def _earliest_ms(self, place: int, due_ms: float) -> float:
        pace = self._paces[place]
        at = max(self._free_ms[place], due_ms)
        at += pace.allows(at / SECOND_MS) * SECOND_MS
        opens, closes = self._open
        if not opens <= at < closes:
            begins = self._hours.next_open_ms(int(at))
            self._open = float(begins), float(self._hours.closes_ms(begins))
            at = max(at, self._open[0])
        # The window may have moved past the wait by a rounding.
        return at + pace.allows(at / SECOND_MS) * SECOND_MS


def _go_on(texts: int, played_ms: int, hours: Hours, starts_ms: int) -> int | None:
    """Go on by open time at the pace of what was played."""
    took = max(1, _open_ms(hours, starts_ms, played_ms))
    left = took * (texts - _PLAYED_MAX) // _PLAYED_MAX
    at = played_ms
    while left > 0:
        if at - starts_ms > _NEVER_MS:
            return None
        at = hours.next_open_ms(at)
        step = min(left, hours.closes_ms(at) - at)
        at, left = at + step, left - step
    return at


def _open_ms(hours: Hours, begins_ms: int, ends: int) -> int:
    """Return how much of a stretch of time is inside the hours."""
    total, at = 0, hours.next_open_ms(begins_ms)
    while at < ends:
        closes = min(hours.closes_ms(at), ends)
        total += closes - at
        at = hours.next_open_ms(closes)
    return total

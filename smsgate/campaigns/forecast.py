"""The forecast: when the last text of a campaign will have gone.

What comes in: how many texts, at which pace each link may send them, a rate, the hours.
What goes out: the moment of the last one. It plays the same windows that hold the
senders back, text by text, so that what staff are told is what will happen; beyond a
few days of them it goes on by the day. Receipts do not use these windows up; other
notices do, and are not foreseen.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import TYPE_CHECKING

from smsgate.clock import DAY_MS, HOUR_MS, SECOND_MS
from smsgate.messages.pacing import Pacing

if TYPE_CHECKING:
    from collections.abc import Sequence

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
) -> int | None:
    """Return when the last of so many texts goes out; None: never, or too far off."""
    if not lanes:
        return None
    if texts <= 0:
        return starts_ms
    gap_ms = 0 if per_hour is None else HOUR_MS // per_hour
    played = _play(min(texts, _PLAYED_MAX), lanes, hours, starts_ms, gap_ms)
    if texts <= _PLAYED_MAX:
        return played
    return _go_on(texts, played, hours, starts_ms)


def _play(
    texts: int, lanes: Sequence[Lane], hours: Hours, starts_ms: int, gap_ms: int
) -> int:
    paces = [Pacing(per_minute=one.per_minute, per_hour=one.per_hour) for one in lanes]
    free = [
        (float(hours.next_open_ms(starts_ms)), place) for place in range(len(lanes))
    ]
    heapq.heapify(free)
    at, due = 0.0, float(starts_ms)
    for _ in range(texts):
        ready, place = heapq.heappop(free)
        at = max(ready, due)
        at += paces[place].allows(at / SECOND_MS) * SECOND_MS
        at = float(hours.next_open_ms(int(at)))
        # The window may have moved past the wait by a rounding.
        at += paces[place].allows(at / SECOND_MS) * SECOND_MS
        paces[place].took(at / SECOND_MS)
        heapq.heappush(free, (at + lanes[place].send_s * SECOND_MS, place))
        due = max(due + gap_ms, at) if gap_ms else due
    return int(at)


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

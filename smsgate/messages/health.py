"""Health: how well a link has done lately, and whether it is let rest.

What comes in: what became of each send and how long it took, with the seconds of a
clock that never goes back. What goes out: a score from 0 to 1 that forgets by half
every five minutes, and whether the link rests. Two failures in a row let it rest, half
a minute at first and longer each time, so that texts do not swing between two links;
a link that was down rests a moment after it came back. A link that rests still sends
what no other may carry. Pure: kept for each link by `smsgate.gateway.out.routing`.
"""

from __future__ import annotations

import math
from enum import StrEnum
from typing import assert_never

#: In this time half of what was seen is forgotten.
_HALF_LIFE_S = 300.0
#: So many good sends are taken for granted: a new link is a good one.
_PRIOR = 4.0
#: Slower sends count against a link.
_SLOW_S = 20.0
#: So many failures in a row let it rest.
_TRIPS = 2
_REST_FIRST_S, _REST_MOST_S = 30.0, 600.0
#: How long a link that was down must be up before texts come back to it.
BACK_S = 10.0
#: A shorter interruption is none: texts that wait stay where they are.
GRACE_S = 2.0


class Told(StrEnum):
    """What a send came to, as far as the link is to blame."""

    sent = "sent"
    #: Nothing was sent.
    down = "down"
    #: Nobody answered.
    unsure = "unsure"
    #: Refused for good, or reported as not delivered: often the number's own fault.
    refused = "refused"


class Health:
    """What is known of one link."""

    def __init__(self, now_s: float = 0.0) -> None:
        """Begin with nothing seen."""
        self._good = self._bad = 0.0
        self._at_s = now_s
        self._in_a_row = 0
        self._rest_s = _REST_FIRST_S
        self._rests_until_s = now_s
        #: When a send failed last, with none after it that went well.
        self._failed_s: float | None = None
        #: Since when it has been down; None: it is up.
        self._down_s: float | None = None
        self._new = True
        #: How long a send takes, seconds, the newest counting most.
        self.latency_s: float | None = None

    def told(self, what: Told, now_s: float, *, took_s: float | None = None) -> None:
        """Take note of what a send came to."""
        self._fade(now_s)
        match what:
            case Told.sent:
                self._good += 1
                self._in_a_row = 0
                self._failed_s = None
            case Told.down | Told.unsure:
                self._bad += 1
                self._in_a_row += 1
                self._failed_s = now_s
                if self._in_a_row >= _TRIPS:
                    self._rest(now_s)
            case Told.refused:
                # Half of it: a link that refuses everybody shows all the same.
                self._bad += 0.5
            case _:
                assert_never(what)
        if took_s is not None:
            before = took_s if self.latency_s is None else self.latency_s
            self.latency_s = before + 0.2 * (took_s - before)

    def seen(self, *, usable: bool, now_s: float) -> None:
        """Take note whether all is well with the link itself."""
        if usable:
            if not self._new and self.down_for_s(now_s) >= GRACE_S:
                self.hold(now_s, BACK_S)
            self._down_s, self._new = None, False
        elif self._down_s is None:
            self._down_s = now_s

    def hold(self, now_s: float, seconds: float) -> None:
        """Let it rest for so long; the far side may have asked for it."""
        self._rests_until_s = max(self._rests_until_s, now_s + seconds)

    def rests(self, now_s: float) -> bool:
        """Say whether texts had better take another way."""
        return now_s < self._rests_until_s

    def may_try(self, now_s: float) -> bool:
        """Say whether a send failed, and so long ago that another may be tried."""
        failed_s = self._failed_s
        return failed_s is not None and now_s - failed_s >= _REST_FIRST_S

    def turns_s(self, now_s: float) -> float:
        """Return when time alone next ends a rest or allows a try; inf: never."""
        tried_s = math.inf if self._failed_s is None else self._failed_s + _REST_FIRST_S
        ends = (self._rests_until_s, tried_s)
        return min((end for end in ends if end > now_s), default=math.inf)

    def down_for_s(self, now_s: float) -> float:
        """Return for how long it has been down; 0.0: it is up."""
        return 0.0 if self._down_s is None else now_s - self._down_s

    def score(self, now_s: float) -> float:
        """Return how well it does: 1.0 is all well."""
        self._fade(now_s)
        score = (self._good + _PRIOR) / (self._good + self._bad + _PRIOR)
        slow = self.latency_s is not None and self.latency_s > _SLOW_S
        return score * 0.7 if slow else score

    def grade(self, now_s: float) -> int:
        """Return the score in three steps, which change less often: 0 is well."""
        score = self.score(now_s)
        return 0 if score >= 0.8 else 1 if score >= 0.5 else 2

    def _rest(self, now_s: float) -> None:
        if not self.rests(now_s):
            self.hold(now_s, self._rest_s)
            self._rest_s = min(2 * self._rest_s, _REST_MOST_S)

    def _fade(self, now_s: float) -> None:
        if now_s <= self._at_s:
            return
        kept = 0.5 ** ((now_s - self._at_s) / _HALF_LIFE_S)
        self._good *= kept
        self._bad *= kept
        self._at_s = now_s
        if now_s - self._rests_until_s > _REST_MOST_S:
            self._rest_s = _REST_FIRST_S

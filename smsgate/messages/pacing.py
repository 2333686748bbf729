"""Pacing: how fast one SIM may write to people who did not ask.

What comes in: the moments (seconds of a clock that never goes back) at which texts
were handed to a link. What goes out: how long the next notice or campaign text must
wait. A window slides over the last minute and the last hour, so six may go at once and
then none for a minute: operators block SIMs that send like machines. Answers and
receipts are never held back and do not use the window up; when they alone reach the
hourly figure, an alarm is raised. Pure: used by `smsgate.gateway.out.sending`.
"""

from __future__ import annotations

from collections import deque

_MINUTE_S = 60.0
_HOUR_S = 3_600.0


class Pacing:
    """What one SIM sent in the last hour."""

    def __init__(self, per_minute: int = 6, per_hour: int = 200) -> None:
        """Allow so many notices and campaign texts; both figures are at least 1."""
        if per_minute < 1 or per_hour < 1:
            raise ValueError("a SIM that may send nothing needs no pacing")
        self._per_minute = per_minute
        self._per_hour = per_hour
        # No figure needs to know of more than it allows.
        self._took: deque[float] = deque(maxlen=max(per_minute, per_hour))
        self._answered: deque[float] = deque(maxlen=per_hour)

    def allows(self, now_s: float) -> float:
        """Return the seconds until a notice or campaign text may go; 0.0: now."""
        return max(
            0.0,
            self._wait_s(now_s, self._per_minute, _MINUTE_S),
            self._wait_s(now_s, self._per_hour, _HOUR_S),
        )

    def took(self, now_s: float) -> None:
        """Count a notice or campaign text that is handed to the link."""
        self._took.append(now_s)

    def answered(self, now_s: float) -> None:
        """Count an answer or receipt, for the alarm only."""
        self._answered.append(now_s)

    def alarmed(self, now_s: float) -> bool:
        """Say whether answers alone reached the hourly figure."""
        return (
            len(self._answered) == self._per_hour
            and now_s - self._answered[0] < _HOUR_S
        )

    def _wait_s(self, now_s: float, allowed: int, window_s: float) -> float:
        if len(self._took) < allowed:
            return 0.0
        return self._took[-allowed] + window_s - now_s

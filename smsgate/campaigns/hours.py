"""When promotions may go out: from an hour to an hour, on some days, in local time.

What comes in: the network's hours and zone, and a moment. What goes out: whether it is
open then, when it opens next, when it closes. Days are those of the network's zone, so
a change of its clocks moves no hour. Pure; used by `smsgate.campaigns.feeding` and by
the forecast.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from smsgate.clock import from_ms, to_ms

if TYPE_CHECKING:
    from datetime import tzinfo

#: As they are written in a configuration; Monday first, like `date.weekday`.
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """The window in which promotions may be sent."""

    opens: time
    closes: time
    #: Numbers of `DAYS`.
    days: frozenset[int]
    zone: tzinfo

    def __post_init__(self) -> None:
        """Refuse a window that never opens."""
        if not self.days or self.opens >= self.closes:
            raise ValueError(
                "promotions need a day, and hours that end after they begin"
            )

    def open_at(self, ms: int) -> bool:
        """Whether a text may go out now."""
        local = self._local(ms)
        return local.weekday() in self.days and self.opens <= local.time() < self.closes

    def next_open_ms(self, ms: int) -> int:
        """Return the first moment from here on at which a text may go out."""
        if self.open_at(ms):
            return ms
        day = self._local(ms)
        while True:
            opens = self._at(day, self.opens)
            if day.weekday() in self.days and opens > ms:
                return opens
            day += timedelta(days=1)

    def closes_ms(self, ms: int) -> int:
        """Return when the window that is open at this moment closes."""
        return self._at(self._local(ms), self.closes)

    def _local(self, ms: int) -> datetime:
        return from_ms(ms).astimezone(self.zone)

    def _at(self, day: datetime, hour: time) -> int:
        return to_ms(datetime.combine(day.date(), hour, tzinfo=self.zone))

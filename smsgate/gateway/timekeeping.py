"""Whether our own clock can be trusted with money, and an operator's with its zone.

What comes in: times of the newest row, and the send times of incoming texts. What goes
out: a reason to hold money texts, or none, and what the networks' zones lack;
`smsgate.gateway.unasked.alerting` has operators told of both. A clock that fell behind
the newest row, or that is more than a day ahead of it at the start, holds them: they
stay where they are until the clock is right, a fresh text agrees with it, or an
operator accepts it (`smsgate clock accept`). Nothing is ever corrected silently. A
ledger that was put back from a copy holds them too, until somebody says that the house
may go on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from smsgate.clock import DAY_MS, MINUTE_MS
from smsgate.store import CLOCK_BACK_MAX_MS, in_review

if TYPE_CHECKING:
    from smsgate.clock import Clock
    from smsgate.store import Store

log = structlog.get_logger(__name__)

#: Why money waits in a house that stands on a copy of its ledger.
IN_REVIEW = (
    "the ledger was restored from a copy: look at what is missing, then run "
    "'smsgate resume'"
)
#: A text this close to our clock agrees with it.
_AGREES_MS = 10 * MINUTE_MS
#: Zones differ by multiples of this.
_QUARTER_MS = 15 * MINUTE_MS
#: So many texts in a row off by the same multiple raise an alarm.
_IN_A_ROW = 5
#: How far from a whole multiple a text may be, for its time on the way.
_SLACK_MS = 2 * MINUTE_MS


class Timekeeper:
    """What is known of the clocks: ours and those of the networks behind each link."""

    def __init__(self, store: Store, clock: Clock, newest_ms: int) -> None:
        """Compare the clock with the newest row before this start; 0: there is none.

        It must have been read before the start itself wrote anything.
        """
        self._store = store
        self._clock = clock
        self._doubtful = bool(newest_ms) and clock.now_ms() - newest_ms > DAY_MS
        #: By link: by how many quarters its last texts were off, and how many in a row.
        self._offsets: dict[str, tuple[int, int]] = {}
        #: By link: what its zone lacks, in minutes; 0: it agrees. Links of which too
        #: little was heard are not there.
        self.zones: dict[str, int] = {}
        self._told = False

    def doubts(self) -> str | None:
        """Say why our own clock cannot be trusted with money, or None."""
        if self._store.clock_behind_ms > CLOCK_BACK_MAX_MS:
            return (
                "the clock is behind the newest row of the ledger: set it right, or "
                "run 'smsgate clock accept' if it is right now"
            )
        if self._doubtful:
            return (
                "the clock is more than a day ahead of the newest row: money waits "
                "for a fresh text that agrees, or for 'smsgate clock accept'"
            )
        return None

    def holds_money(self) -> str | None:
        """Say why money texts must wait, or None."""
        reason = self.doubts()
        if reason is None and in_review(self._store.peek):
            # Told at the start, with what is missing.
            return IN_REVIEW
        if reason is not None and not self._told:
            log.error("clock.doubted", why=reason)
        self._told = reason is not None
        return reason

    def accept(self) -> None:
        """Take an operator's word that today's clock is right."""
        self._doubtful = False

    def offered(self, sent_ms: int) -> None:
        """Believe our clock if a text's send time, the network's, agrees with it."""
        if abs(sent_ms - self._clock.now_ms()) <= _AGREES_MS:
            self._doubtful = False

    def heard(self, link: str, sent_ms: int) -> None:
        """Compare the send time of a text that was kept with our clock.

        One that waits is offered again and again, and is told of once it is kept. A
        clock of ours that is wrong says nothing of a network's zone.
        """
        self.offered(sent_ms)
        if self.doubts() is not None:
            return
        off_ms = sent_ms - self._clock.now_ms()
        quarters = round(off_ms / _QUARTER_MS)
        if not quarters or abs(off_ms - quarters * _QUARTER_MS) > _SLACK_MS:
            self._offsets.pop(link, None)
            if not quarters:
                self.zones[link] = 0
            return
        before, in_a_row = self._offsets.get(link, (quarters, 0))
        in_a_row = in_a_row + 1 if before == quarters else 1
        self._offsets[link] = quarters, in_a_row
        if in_a_row == _IN_A_ROW:
            self.zones[link] = -quarters * 15
            log.error(
                "clock.offset_seen",
                link=link,
                why="five texts in a row are off by the same time; if the operator's "
                "zone is wrong, add this to time_offset_minutes of this link",
                minutes=self.zones[link],
            )

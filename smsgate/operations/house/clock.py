"""Declare today's clock right, after it stood wrong.

What comes in: nothing but who says so. What goes out: the clock before and after, as a
record in the chain; from then on only rows after that record count when the clock is
judged (`smsgate.gateway.timekeeping`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smsgate import ledger
from smsgate.store import accept_clock

if TYPE_CHECKING:
    from smsgate.operations.desk import Desk, Document
    from smsgate.operations.requests import ClockAccept
    from smsgate.store import Tx


async def accept(desk: Desk, _: ClockAccept) -> Document:
    """Let row times start again from the clock as it stands."""
    newest_ms = desk.store.newest_ms

    def declare(tx: Tx) -> tuple[int, int]:
        event = ledger.record(
            tx,
            kind="clock_accepted",
            account=None,
            actor=desk.actor,
            detail={"clock_ms": tx.clock.now_ms(), "newest_ms": newest_ms},
        )
        accept_clock(tx)
        return event, tx.now_ms

    event, now_ms = await desk.store.write(declare)
    if desk.live is not None:
        desk.live.clock_accepted()
    return {
        "clock": desk.time(now_ms),
        "newest_row": desk.time_or_none(newest_ms),
        "event": event,
    }

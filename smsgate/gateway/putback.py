"""A ledger that was put back from a copy: noticed at the start, and held still.

What comes in: the store, before any link or sender runs. What goes out: nothing that
the other house may have done is done again. The house is in review, which is an event
of the chain: no money moves (`smsgate.gateway.timekeeping`), what was owed is not sent,
and campaigns wait for a person. `smsgate resume` ends it.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import structlog

from smsgate import ledger
from smsgate.campaigns import restored
from smsgate.campaigns.steps import RESTORED
from smsgate.clock import from_ms
from smsgate.gateway.timekeeping import IN_REVIEW
from smsgate.messages import outbox
from smsgate.store import begin_review, is_copy

if TYPE_CHECKING:
    from smsgate.store import Store, Tx

log = structlog.get_logger(__name__)

#: The event by which a review begins.
PUT_BACK = "house_put_back"


async def hold_still(store: Store, newest_ms: int) -> None:
    """Notice a copy; `newest_ms` is the time of its newest row, before this start."""
    # Nearly every start has nothing to write here.
    withheld = None
    if is_copy(store.peek):
        withheld = await store.write(partial(_begin, newest_ms=newest_ms))
    if withheld is not None:
        log.error(
            "daemon.in_review",
            why=IN_REVIEW,
            rows_until=from_ms(newest_ms).isoformat(timespec="seconds"),
            not_sent=withheld,
        )
    held = 0
    if restored.begun_elsewhere(store.peek):
        held = await store.write(restored.hold_back)
    if held:
        log.error("campaign.held", campaigns=held, why=RESTORED)


def _begin(tx: Tx, newest_ms: int) -> int | None:
    """Begin the review of a copy; return how many texts are not sent, None: no copy."""
    if not begin_review(tx):
        return None
    ledger.record(
        tx,
        kind=PUT_BACK,
        account=None,
        actor="daemon",
        detail={"rows_until_ms": newest_ms},
    )
    return outbox.withhold(tx)

"""A ledger that was put back from a copy: noticed at the start, and held still.

What comes in: the store, before any link or sender runs. What goes out: nothing that
the other house may have done is done again. The house is in review, which is an event
of the chain: no money moves (`smsgate.gateway.timekeeping`), what was owed is not sent,
and campaigns wait for a person. A member whose payment waits for that hears so once.
`smsgate resume` ends it.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import structlog

from commands.replies import name_of
from commands.reply import TextWaits
from smsgate import ledger, members
from smsgate.campaigns import restored
from smsgate.campaigns.steps import RESTORED
from smsgate.clock import from_ms
from smsgate.gateway.timekeeping import IN_REVIEW
from smsgate.gateway.unasked.noticing import owe_notices
from smsgate.handlers import Told
from smsgate.messages import outbox
from smsgate.messages.outbox import Class
from smsgate.store import begin_review, is_copy, resumed_ms

if TYPE_CHECKING:
    from commands.reply import Voice
    from smsgate.store import Query, Store, Tx

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


async def tell_waiting(store: Store, voice: Voice, phone: str | None) -> bool:
    """Tell a member once that their payment waits; return whether a text is owed.

    The text that holds it is offered again every few seconds: only the first writes.
    """
    if phone is None or not _to_be_told(store.peek, phone):
        return False
    return await store.write(partial(_tell, voice=voice, phone=phone))


def _to_be_told(q: Query, phone: str) -> bool:
    """Say whether this is a member's phone that did not hear it in this review."""
    known = members.by_phone(q, phone)
    told = outbox.unasked_since(q, phone, resumed_ms(q), name_of(TextWaits))
    return known is not None and not told


def _tell(tx: Tx, voice: Voice, phone: str) -> bool:
    if not _to_be_told(tx, phone):
        return False
    member = members.by_phone(tx, phone)
    told = Told(reply=TextWaits(), to=member, phone=phone, cls=Class.receipt)
    owe_notices(tx, voice, (told,))
    return True


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

"""What keeps campaigns going: texts queued in time, rounds begun, copies held back.

What comes in: the time. What goes out: a few rows of the outbox at a time, through
`smsgate.campaigns.feeding`, and senders that are woken. A reader looks first whether
anything is to be done, so that a house without a campaign writes nothing. Each step is
a short transaction of its own: a payment never waits for more than one of them. While
the clock is doubted nothing is promoted.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

import structlog

from smsgate.campaigns import feeding, freezing, rounds, steps
from smsgate.campaigns.audience.people import choose
from smsgate.campaigns.rows import Campaign, State, campaign_of
from smsgate.errors import SmsgateError
from smsgate.handlers import Rehearsal, WouldWrite
from smsgate.store import StoreError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

    from smsgate.campaigns.feeding import Terms
    from smsgate.clock import Clock
    from smsgate.gateway.sending import Sender
    from smsgate.gateway.timekeeping import Timekeeper
    from smsgate.store import Store

log = structlog.get_logger(__name__)

#: How often it is looked whether anything is due, while nothing is and while texts go.
_IDLE_S = 2.0
_BUSY_S = 0.05


class Campaigning:
    """Feeds what is running."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        senders: Mapping[str, Sender],
        *,
        time: Timekeeper,
        terms: Terms,
        zone: tzinfo,
    ) -> None:
        """Work on this store; senders are woken when texts are queued."""
        self._store = store
        self._clock = clock
        self._senders = senders
        self._time = time
        self._terms = terms
        self._zone = zone

    async def run(self) -> None:
        """Hold back what another house began, then feed until cancelled."""
        held = await self._store.write(steps.hold_restored)
        if held:
            log.error("campaign.held", campaigns=held, why=steps.RESTORED)
        await self._thaw()
        while True:
            busy = await self.once()
            await asyncio.sleep(_BUSY_S if busy else _IDLE_S)

    async def once(self) -> bool:
        """Do what is due now; say whether there may be more at once."""
        if self._time.holds_money() is not None:
            return False
        try:
            await self._begin_rounds()
            if not self._due():
                return False
            queued = await self._store.write(lambda tx: feeding.feed(tx, self._terms))
        except StoreError as error:
            log.warning("campaign.postponed", why=str(error))
            return False
        except Exception:
            # Our own fault: it must not keep the house from answering.
            log.exception("campaign.failed")
            return False
        if queued:
            for sender in self._senders.values():
                sender.wake()
        return queued > 0

    def _due(self) -> bool:
        """Rehearse on a reader: what is due shows in the first write."""
        rehearsal = Rehearsal(self._store.peek, self._clock, self._clock.now_ms())
        try:
            feeding.feed(rehearsal, self._terms)
        except WouldWrite:
            return True
        return False

    async def _thaw(self) -> None:
        """Make drafts again of audiences whose writing down was cut off."""
        for row in self._store.peek.all(
            "SELECT * FROM campaign WHERE state = 'freezing'"
        ):
            campaign = campaign_of(row)
            await self._store.write(partial(steps.thaw, campaign=campaign))

    async def _begin_rounds(self) -> None:
        series = rounds.due(self._store.peek, self._clock.now_ms())
        if series is None:
            return
        made = await self._store.write(lambda tx: rounds.begin(tx, series, self._zone))
        if made is None:
            log.warning("campaign.round_missed", campaign=series.name)
            return
        try:
            await self._freeze(made)
            ready = await self._store.write(
                lambda tx: rounds.frozen(tx, steps.required(tx, made.id), series)
            )
        except SmsgateError as error:
            log.warning("campaign.round_failed", campaign=made.name, why=str(error))
            return
        if ready.state is State.review:
            log.error("campaign.round_waits", campaign=ready.name, why=ready.why)

    async def _freeze(self, made: Campaign) -> None:
        choice = choose(
            self._store.peek,
            made.plan,
            now_ms=self._clock.now_ms(),
            decimals=self._terms.decimals,
            zone=self._zone,
            language=self._terms.language,
        )
        after: int | str | None = choice.first()
        while after is not None:
            after = await self._store.write(
                partial(
                    freezing.freeze_some, campaign=made.id, choice=choice, after=after
                )
            )

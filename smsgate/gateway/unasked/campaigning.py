"""What keeps campaigns going: texts queued in time, rounds begun, copies held back.

What comes in: the time. What goes out: a few rows of the outbox at a time, through
`smsgate.campaigns.feeding`, and senders that are woken. A reader looks first whether
anything is to be done, so that a house without a campaign writes nothing. Each step is
a short transaction of its own: a payment never waits for more than one of them. While
the clock is doubted, or the ledger is in review, nothing is promoted.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

import structlog

from smsgate.campaigns import feeding, freezing, rounds, steps
from smsgate.campaigns.audience.people import choose
from smsgate.campaigns.feeding import Fed
from smsgate.campaigns.rows import Campaign, State
from smsgate.errors import SmsgateError
from smsgate.handlers import Rehearsal, WouldWrite
from smsgate.store import StoreError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

    from smsgate.campaigns.queueing import Terms
    from smsgate.clock import Clock
    from smsgate.gateway.out.sending import Sender
    from smsgate.gateway.timekeeping import Timekeeper
    from smsgate.store import Store

log = structlog.get_logger(__name__)

#: How often it is looked whether anything is due: while nothing is, while texts are on
#: their way, and while people are dealt with.
_IDLE_S = 2.0
_GOING_S = 0.25
_BUSY_S = 0.02
#: While a round is written down, other campaigns are fed after so many people of it.
_FED_EVERY = 25 * freezing.BATCH


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
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """Take note that somebody at a shell may have started one."""
        self._woken.set()

    async def run(self) -> None:
        """Feed until cancelled."""
        begun = False
        while True:
            begun = begun or await self.begin()
            fed = await self.once()
            if fed.moved:
                await asyncio.sleep(_BUSY_S)
            else:
                await self._rest(_GOING_S if fed.going else _IDLE_S)

    async def _rest(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        self._woken.clear()

    async def begin(self) -> bool:
        """Make drafts again of audiences whose writing down was cut off by a stop.

        False where the disk did not let it, and it is to be tried again.
        """
        try:
            rows = self._store.peek.all(
                "SELECT id FROM campaign WHERE state = 'freezing' AND series IS NULL"
            )
        except StoreError as error:
            log.warning("campaign.postponed", why=str(error))
            return False
        for row in rows:
            try:
                await freezing.give_up(self._store, row["id"])
            except SmsgateError as error:
                # Somebody has cancelled it meanwhile, or the disk is ill.
                log.warning("campaign.not_thawed", why=str(error))
        return True

    async def once(self) -> Fed:
        """Do what is due now, some milliseconds of it."""
        try:
            if self._time.holds_money() is not None:
                return Fed()
            await self._begin_rounds()
            return await self._feed()
        except StoreError as error:
            log.warning("campaign.postponed", why=str(error))
        except Exception:
            # Our own fault: it must not keep the house from answering.
            log.exception("campaign.failed")
        return Fed()

    async def _feed(self) -> Fed:
        found = self._rehearsed()
        if found is not None:
            return found
        fed = await self._store.write(lambda tx: feeding.feed(tx, self._terms))
        if fed.queued:
            for sender in self._senders.values():
                sender.wake()
        return fed

    def _rehearsed(self) -> Fed | None:
        """Rehearse on a reader; None where something is to be written."""
        now_ms = max(self._clock.now_ms(), self._store.newest_ms)
        try:
            return feeding.feed(
                Rehearsal(self._store.peek, self._clock, now_ms), self._terms
            )
        except WouldWrite:
            return None

    async def _begin_rounds(self) -> None:
        """Begin a round that is due, or go on with one that was cut off."""
        found = rounds.cut_off(self._store.peek)
        if found is not None:
            made, series = found
            made = await freezing.begin_anew(self._store, made.id)
        else:
            due = rounds.due(self._store.peek, self._clock.now_ms())
            if due is None:
                return
            series = due
            begun = await self._store.write(
                lambda tx: rounds.begin(tx, series, self._zone)
            )
            if begun is None:
                log.warning("campaign.round_missed", campaign=series.name)
                return
            made = begun
        try:
            ready = await self._write_down(made, series)
        except StoreError:
            # Gone on with when the disk is well.
            raise
        except SmsgateError as error:
            why = str(error)
            log.error("campaign.round_failed", campaign=made.name, why=why)  # noqa: TRY400 -- told whole
            await self._store.write(partial(rounds.failed, campaign=made.id, why=why))
            return
        if ready.state is State.review:
            log.error("campaign.round_waits", campaign=ready.name, why=ready.why)

    async def _write_down(self, made: Campaign, series: Campaign) -> Campaign:
        choice = choose(
            self._store.peek,
            made.plan,
            now_ms=self._clock.now_ms(),
            decimals=self._terms.decimals,
            zone=self._zone,
            language=self._terms.language,
        )
        fed = 0
        async for count in freezing.expand(self._store, self._clock, made, choice):
            if count - fed >= _FED_EVERY:
                fed = count
                await self._feed()
        return await self._store.write(
            lambda tx: rounds.frozen(tx, steps.required(tx, made.id), series)
        )

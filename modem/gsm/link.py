"""A GSM modem as a link: the driver's face to the house.

What comes in: `send` and `run`, called in the event loop. What goes out: texts and
reports to the `House`, awaited before anything is deleted from the SIM. The talking is
done by a thread, `modem.gsm.owner`; what it finds comes through `modem.gsm.lanes`.
Built by `modem.drivers`.
"""

from __future__ import annotations

import asyncio
import itertools
import os
from typing import TYPE_CHECKING

from modem.errors import LinkDown
from modem.gsm.lanes import Lanes
from modem.gsm.owner import Front, Owner
from modem.gsm.pin import PinLatch
from modem.gsm.rereading import reread
from modem.gsm.sending import Job
from modem.link import Capabilities, LinkState, LinkStatus, Sent
from modem.pdu import encode_submit

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from modem.gsm.offers import Offer
    from modem.gsm.settings import Clock, GsmSettings
    from modem.link import House, Noise, Outgoing, Reread


class GsmLink:
    """One modem with its SIM."""

    def __init__(
        self,
        *,
        name: str,
        settings: GsmSettings,
        clock: Clock,
        references: Callable[[], int] | None = None,
    ) -> None:
        """Build it unconnected.

        `references` gives the number that ties the parts of one long text together; its
        low 8 bits are used. Without it they rise from a random one, so that two runs
        do not begin alike.
        """
        self._name = name
        self._settings = settings
        self._clock = clock
        rising = itertools.count(int.from_bytes(os.urandom(1), "big"))
        self._references = references or rising.__next__
        # Kept as long as the link: a run begun anew must not try a wrong PIN again.
        self._latch = PinLatch(settings.sim_pin)
        self._state = LinkState(status=LinkStatus.starting)
        self._owner: Owner | None = None
        self._house: House | None = None

    @property
    def name(self) -> str:
        """The name under which the configuration knows this link."""
        return self._name

    @property
    def capabilities(self) -> Capabilities:
        """What this link can do; one text at a time, so that the urgent goes next."""
        return Capabilities(
            report=self._settings.reports,
            sent_times=True,
            window=1,
            trusted=self._settings.trusted,
            parts=True,
        )

    @property
    def state(self) -> LinkState:
        """How this link is right now."""
        return self._state

    async def run(self, house: House) -> None:
        """Receive until cancelled; the port is closed when this returns."""
        if self._owner is not None:
            raise RuntimeError("a link is run once at a time")
        self._house = house
        ended = asyncio.Event()
        try:
            async with asyncio.TaskGroup() as group:
                self._owner = owner = self._employ(house, group, ended)
                owner.start()
                try:
                    await ended.wait()
                finally:
                    owner.stop()
                raise RuntimeError("the modem's thread ended by itself")
        finally:
            await self._dismiss()

    def _employ(
        self, house: House, group: asyncio.TaskGroup, ended: asyncio.Event
    ) -> Owner:
        return Owner(
            self._name,
            self._settings,
            self._clock,
            latch=self._latch,
            front=Front(
                loop=asyncio.get_running_loop(),
                offered=Lanes(house, group, self._done).take,
                changed=self._change,
                ended=ended.set,
            ),
        )

    async def _dismiss(self) -> None:
        """Wait for the thread, which closes the port; a port may be slow to close."""
        owner, self._owner = self._owner, None
        if owner is not None:
            await asyncio.shield(asyncio.to_thread(owner.close))
        imei, reason = self._state.imei, "The link was stopped."
        self._change(LinkState(status=LinkStatus.down, reason=reason, imei=imei))

    def _done(self, offer: Offer, kept: bool) -> None:  # noqa: FBT001 - an answer
        if self._owner is not None:
            self._owner.done(offer, kept)

    def _change(self, state: LinkState) -> None:
        known, self._state = self._state, state
        if self._house is None:
            return
        if (known.status, known.reason) != (state.status, state.reason):
            self._house.state_changed(self._name, state)

    def reread(self, noises: Sequence[Noise]) -> Reread:
        """Read the first of these once more."""
        return reread(self._name, noises, self._settings)

    async def send(self, outgoing: Outgoing) -> Sent:
        """Send one text, in as many segments as it needs, or one part of it.

        Raises:
            LinkDown: nothing was sent, try again later.
            Rejected: it will never be taken.
            Unsure: it was written, and no answer came.
        """
        part = outgoing.part
        submits = encode_submit(
            outgoing.to,
            outgoing.text,
            reference=self._references() if part is None else part.tie,
            report=self._settings.reports,
            validity_s=outgoing.validity_s,
        )
        if part is not None:
            submits = submits[part.number - 1 : part.number]
        if self._owner is None:
            raise LinkDown("the link is not running")
        outcome: asyncio.Future[Sent] = asyncio.get_running_loop().create_future()
        job = Job(submits=submits, outcome=outcome)
        self._owner.submit(job)
        try:
            return await outcome
        finally:
            job.abandoned = True

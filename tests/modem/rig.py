"""What the tests of the GSM driver share: a house that records, a clock, real PDUs.

Received PDUs are written by python-gammu and never by our own codec, so that a mistake
made twice is found out. Nobody sleeps here: `RecordingHouse.until` waits for what is to
happen.
"""

from __future__ import annotations

import asyncio
import threading
import time
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import gammu

from modem.errors import NotKept
from modem.gsm import GsmLink, GsmSettings
from modem.link import (
    Incoming,
    IncomingPart,
    KeptPart,
    LinkState,
    LinkStatus,
    LostText,
    Noise,
    Outgoing,
    Report,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from modem.simulator import EmulatedModem

NOON = datetime(2026, 5, 1, 12, 0, 0, tzinfo=UTC)
MARIA = "+50370001234"
PEDRO = "+50370005678"
LUIS = "+50370009012"
SMSC = "+50370000000"
#: Longer than anything here may take, even on a busy machine.
PATIENCE_S = 10.0
_NOTHING = threading.Event()

FAST = GsmSettings(
    port="",
    # Long, so that nothing hides behind the next poll; tests that need it say so.
    poll_s=60.0,
    heartbeat_s=60.0,
    answer_s=3.0,
    prompt_s=3.0,
    submit_s=5.0,
    reconnect_s=0.02,
    reconnect_max_s=0.1,
    locked_s=0.02,
    offer_again_s=0.005,
)


#: Settings for tests where the driver must look again by itself.
OFTEN = replace(FAST, poll_s=0.02, heartbeat_s=0.05)


class StoppedClock:
    """A clock that moves only when it is told to."""

    def __init__(self) -> None:
        """Stand at noon."""
        self.at = NOON
        self.seconds = 1_000.0

    def now(self) -> datetime:
        """The time."""
        return self.at

    def monotonic(self) -> float:
        """Seconds that never go back."""
        return self.seconds

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.at += timedelta(seconds=seconds)
        self.seconds += seconds


class RecordingHouse:
    """A house that keeps all it is given, unless it is told not to."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.offered: list[Incoming] = []
        self.kept: list[Incoming] = []
        self.reports: list[Report] = []
        self.noise: list[Noise] = []
        self.states: list[LinkState] = []
        #: How often the next offers are refused.
        self.refusals = 0
        #: How many states had been when one was last waited for.
        self._waited_for = 0
        self._gates: dict[str, asyncio.Event] = {}
        self._changed = asyncio.Event()

    def _note(self) -> None:
        self._changed.set()

    def hold(self, *senders: str) -> None:
        """Take time over texts of these senders until `release`."""
        self._gates |= {sender: asyncio.Event() for sender in senders}

    def release(self, *senders: str) -> None:
        """Be done with texts of these senders."""
        for sender in senders:
            self._gates.pop(sender).set()

    def _refuse(self) -> None:
        if self.refusals:
            self.refusals -= 1
            raise NotKept

    async def receive(self, incoming: Incoming) -> None:
        """Keep a text."""
        self.offered.append(incoming)
        self._note()
        if incoming.sender in self._gates:
            await self._gates[incoming.sender].wait()
        self._refuse()
        self.kept.append(incoming)
        self._note()

    async def part(self, part: IncomingPart) -> KeptPart:
        """Note a part: a modem never brings one."""
        raise AssertionError(part.reference)

    async def lost(self, link: str) -> tuple[LostText, ...]:
        """Nothing was lost."""
        return ()

    async def report(self, report: Report) -> None:
        """Keep a report."""
        self._note()
        self._refuse()
        self.reports.append(report)

    async def quarantine(self, noise: Noise) -> None:
        """Keep noise."""
        self._note()
        self._refuse()
        self.noise.append(noise)

    def state_changed(self, link: str, state: LinkState) -> None:
        """Take note of a state."""
        assert link == "gsm"
        self.states.append(state)
        self._note()

    @property
    def texts(self) -> list[str]:
        """The texts that were kept, in order."""
        return [incoming.text for incoming in self.kept]

    async def until(self, true: Callable[[], Any]) -> None:
        """Wait until this holds, looking each time something happened."""
        async with asyncio.timeout(PATIENCE_S):
            while not true():
                self._changed.clear()
                await self._changed.wait()

    async def until_state(self, status: LinkStatus) -> LinkState:
        """Wait until the link is in this state, and return it.

        Or was, since a state was last waited for: a link that is down for a moment may
        be up again before anybody looks.
        """

        def found() -> LinkState | None:
            since = self.states[self._waited_for :]
            fitting = [state for state in since if state.status is status]
            if self.states and self.states[-1].status is status:
                return self.states[-1]
            return fitting[0] if fitting else None

        await self.until(found)
        state = found()
        assert state is not None
        self._waited_for = 1 + next(
            place for place, one in enumerate(self.states) if one is state
        )
        return state


class Rig:
    """A running link, its modem and its house."""

    def __init__(
        self, modem: EmulatedModem, settings: GsmSettings, clock: StoppedClock
    ) -> None:
        """Build the link; `running` runs it."""
        self.modem = modem
        self.clock = clock
        self.house = RecordingHouse()
        self.link = GsmLink(name="gsm", settings=settings, clock=clock)
        self.task: asyncio.Task[None] | None = None

    def waits(self, **seconds: float) -> None:
        """Change how long the driver waits for its modem, from the next wait on.

        A test in which nothing is answered waits for all of it, and one in which an
        answer does come must not be hurried: so a time is short only while it runs out.
        """
        for name, value in seconds.items():
            # These are this rig's own settings; the thread reads them at each wait.
            object.__setattr__(self.link._settings, name, value)

    async def up(self) -> None:
        """Wait until the link can be used."""
        await self.house.until_state(LinkStatus.up)

    async def emptied(self) -> None:
        """Wait until nothing is left in any memory, nor waits for room."""
        await asyncio.to_thread(self.modem.wait_empty, PATIENCE_S)

    async def left(self, count: int) -> list[bytes]:
        """Wait until so many messages are stored, and return them."""
        wait = self.modem.wait_stored
        return list((await asyncio.to_thread(wait, count, "ME", PATIENCE_S)).values())

    async def send(self, text: str = "hola", to: str = PEDRO) -> tuple[str, ...]:
        """Send a text and return its references."""
        sent = await self.link.send(Outgoing(id=1, to=to, text=text))
        return sent.references

    async def until_told(self, true: Callable[[Rig], Any]) -> None:
        """Wait for what no state change tells the house, looking again and again."""
        async with asyncio.timeout(PATIENCE_S):
            while not true(self):
                await asyncio.to_thread(_NOTHING.wait, 0.01)

    async def stop(self) -> None:
        """Cancel the run and wait for its end."""
        assert self.task is not None
        self.task.cancel()
        async with asyncio.timeout(PATIENCE_S):
            await asyncio.wait([self.task])


@asynccontextmanager
async def running(
    modem: EmulatedModem,
    settings: GsmSettings = FAST,
    *,
    house: RecordingHouse | None = None,
    up: bool = True,
    **changes: Any,
) -> AsyncIterator[Rig]:
    """Run the driver at an emulated modem for as long as the test takes.

    A test that unplugs the modem gives it a link: the name of a closed terminal may be
    that of another test's modem a moment later.
    """
    port = changes.pop("port", modem.path)
    rig = Rig(modem, replace(settings, port=port, **changes), StoppedClock())
    rig.house = house or rig.house
    async with asyncio.TaskGroup() as group:
        rig.task = group.create_task(rig.link.run(rig.house))
        try:
            if up:
                await rig.up()
            yield rig
        finally:
            rig.task.cancel()


def delivered(
    text: str,
    sender: str = MARIA,
    at: datetime = NOON,
    *,
    reference: int | None = None,
    bits: int = 8,
    smsc: str = SMSC,
) -> list[bytes]:
    """Have gammu write a received text, one PDU a part."""
    kind = "ConcatenatedTextLong" if bits == 8 else "ConcatenatedTextLong16bit"
    entry = {"ID": kind, "Buffer": text}
    info = {"Class": -1, "Unicode": not text.isascii(), "Entries": [entry]}
    pdus = []
    for part in gammu.EncodeSMS(info):
        part["Number"], part["SMSC"] = sender, {"Number": smsc}
        part["DateTime"], part["Type"] = at, "Deliver"
        header = bytearray(part["UDH"]["Text"])
        if header and reference is not None:
            header[3 : 3 + bits // 8] = reference.to_bytes(bits // 8, "big")
            part["UDH"]["Text"] = bytes(header)
        pdus.append(gammu.EncodePDU(part, "Deliver"))
    return pdus


def elapsed_since(start_s: float) -> float:
    """Seconds since `time.monotonic()` said so."""
    return time.monotonic() - start_s

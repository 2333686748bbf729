"""What the suite needs of a driver: the driver itself, and the far side of its wire.

A new driver is one class here and one line in `HARNESSES`. The far side outlives the
link, as a network outlives a daemon: `make` after a crash is the next start, over the
same SIM, wire or provider. Nothing here waits longer than `PATIENCE_S`.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Protocol

from modem.fakesmsc import FakesmscLink
from modem.gsm import GsmLink
from modem.simulator import EmulatedModem
from modem.simulator.link import SimulatorLink
from tests.modem.rig import FAST, PATIENCE_S, StoppedClock, delivered

if TYPE_CHECKING:
    from pathlib import Path

    from modem.link import Link

#: Seconds before a driver tries again; short, so that it is back soon.
_QUICK = 0.02


class Harness(Protocol):
    """One driver and the far side of its wire."""

    #: What was not acknowledged comes again under the same key, and so does a text
    #: that the network delivers twice.
    redelivers: ClassVar[bool]

    def __init__(self, folder: Path) -> None:
        """Prepare the far side; `folder` is there for whatever needs a file."""

    def make(self) -> Link:
        """Build the link, as a start of the daemon does."""

    async def meet(self, link: Link) -> None:
        """Connect the far side to a link that runs, where it is the one to do so."""

    async def text_in(self, sender: str, text: str) -> None:
        """Have a phone write."""

    async def again(self) -> None:
        """Have the network deliver the last text once more."""

    async def sent(self, count: int) -> list[tuple[str, str]]:
        """Wait until so many texts went out; whom to and what, in order."""

    async def make_slow(self, seconds: float) -> None:
        """Have the far side take this long over each text."""

    async def take_down(self) -> None:
        """Make the far side unreachable."""

    async def bring_up(self) -> None:
        """Make it reachable again."""

    async def close(self) -> None:
        """End the far side."""


class GsmHarness:
    """A modem on a pseudo-terminal."""

    redelivers: ClassVar[bool] = True

    def __init__(self, folder: Path) -> None:
        """Plug a modem in."""
        self._modem = EmulatedModem(link=folder / "modem", slots=60).start()
        self._last = b""

    @property
    def modem(self) -> EmulatedModem:
        """The modem behind the link."""
        return self._modem

    def make(self) -> Link:
        """Build the driver of real modems."""
        settings = replace(FAST, port=self._modem.path)
        return GsmLink(name="link", settings=settings, clock=StoppedClock())

    async def meet(self, link: Link) -> None:
        """Do nothing: the link opens the port."""

    async def text_in(self, sender: str, text: str) -> None:
        """Deliver a PDU that another library wrote."""
        (self._last,) = delivered(text, sender)
        self.modem.deliver_pdu(self._last)

    async def again(self) -> None:
        """Deliver the same PDU."""
        self.modem.deliver_pdu(self._last)

    async def sent(self, count: int) -> list[tuple[str, str]]:
        """Look at the phones."""
        texts = await asyncio.to_thread(self.modem.wait_texts, count, PATIENCE_S)
        return [(text.to, text.text) for text in texts]

    async def make_slow(self, seconds: float) -> None:
        """Slow the radio down."""
        self.modem.set_speed(radio_s=seconds)

    async def take_down(self) -> None:
        """Pull the plug."""
        await asyncio.to_thread(self.modem.unplug)

    async def bring_up(self) -> None:
        """Put it back."""
        self.modem.replug()

    async def close(self) -> None:
        """Pull it out for good."""
        await asyncio.to_thread(self.modem.close)


class SimulatorHarness(GsmHarness):
    """A link that brings its own modem, which lives as long as the link object."""

    def __init__(self, folder: Path) -> None:
        """Build it unplugged."""
        self._link = SimulatorLink(
            name="link", clock=StoppedClock(), link=folder / "port", slots=60
        )
        self._last = b""

    @property
    def modem(self) -> EmulatedModem:
        """The modem inside the link."""
        return self._link.modem

    def make(self) -> Link:
        """Return the same link: its modem, and what is on its SIM, are in it."""
        return self._link


class FakesmscHarness:
    """Kannel's test wire: each line is a text of its own, so nothing comes twice."""

    redelivers: ClassVar[bool] = False

    def __init__(self, folder: Path) -> None:
        """Have no client yet."""
        self._link: FakesmscLink | None = None
        self._client: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._last = b""
        self._heard: list[tuple[str, str]] = []

    def make(self) -> Link:
        """Build a link on a free port."""
        pauses_s = (_QUICK,) * 5
        self._link = FakesmscLink(name="link", listen="127.0.0.1:0", pauses_s=pauses_s)
        return self._link

    async def meet(self, link: Link) -> None:
        """Connect a client."""
        await self.bring_up()

    async def text_in(self, sender: str, text: str) -> None:
        """Write a line."""
        self._last = f"{sender} 345 text {text}\n".encode()
        await self.again()

    async def again(self) -> None:
        """Write the same line."""
        assert self._client is not None
        self._client[1].write(self._last)
        await self._client[1].drain()

    async def sent(self, count: int) -> list[tuple[str, str]]:
        """Read lines."""
        assert self._client is not None
        async with asyncio.timeout(PATIENCE_S):
            while len(self._heard) < count:
                line = (await self._client[0].readline()).decode().rstrip("\n")
                _, to, _, text = line.split(" ", 3)
                self._heard.append((to, text))
        return list(self._heard)

    async def make_slow(self, seconds: float) -> None:
        """Do nothing: what is not read yet is in the socket, as on any fast wire."""

    async def take_down(self) -> None:
        """Hang up."""
        assert self._client is not None
        self._client[1].close()
        await self._client[1].wait_closed()
        self._client = None

    async def bring_up(self) -> None:
        """Connect a client."""
        assert self._link is not None
        if self._client is not None:
            await self.take_down()
        self._client = await asyncio.open_connection(*self._link.address)

    async def close(self) -> None:
        """Hang up for good."""
        if self._client is not None:
            await self.take_down()


#: Every driver there is, by the name a configuration gives it.
HARNESSES: dict[str, type[Harness]] = {
    "gsm": GsmHarness,
    "simulator": SimulatorHarness,
    "fakesmsc": FakesmscHarness,
}

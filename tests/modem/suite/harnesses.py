"""What the suite needs of a driver: the driver itself, and the far side of its wire.

A new driver is one class here and one line in `HARNESSES`. The far side outlives the
link, as a network outlives a daemon: `make` after a stop is the next start, over the
same SIM, wire or provider. Nothing here waits longer than `PATIENCE_S`.
"""

from __future__ import annotations

import asyncio
import itertools
import socket
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Protocol

from modem.aggregators import known
from modem.fakesmsc import FakesmscLink
from modem.gsm import GsmLink
from modem.hooks import Hook, HookKind
from modem.http import HttpLink, HttpPace
from modem.link import Outgoing
from modem.simulator import EmulatedModem
from modem.simulator.link import SimulatorLink
from tests.modem.aggregators.fakes import Mood, fake
from tests.modem.aggregators.speakers import SPEAKERS
from tests.modem.rig import FAST, NOON, PATIENCE_S, PEDRO, StoppedClock, delivered

if TYPE_CHECKING:
    from pathlib import Path

    from modem.link import Link
    from tests.modem.aggregators.fakes import FakeVendor, Post

#: Seconds before a driver tries again; short, so that it is back soon.
_QUICK = 0.02
#: More than any socket holds unread.
_FILLER = "x" * 16_000_000


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
                if text != _FILLER:
                    self._heard.append((to, text))
        return list(self._heard)

    async def make_slow(self, seconds: float) -> None:
        """Read nothing for a while, with the socket full."""
        assert self._client is not None
        assert self._link is not None
        transport = self._client[1].transport
        assert isinstance(transport, asyncio.Transport)
        transport.pause_reading()
        await self._link.send(Outgoing(id=0, to=PEDRO, text=_FILLER))
        # Its bytes go out in the next turn of the loop, and that takes a while.
        await asyncio.sleep(0)
        asyncio.get_running_loop().call_later(seconds, transport.resume_reading)

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
        self._client = await asyncio.open_connection(
            *self._link.address, limit=2 * len(_FILLER)
        )

    async def close(self) -> None:
        """Hang up for good."""
        if self._client is not None:
            await self.take_down()


class HttpHarness:
    """A phone with an app: it posts each text until that is answered with 200."""

    redelivers: ClassVar[bool] = True
    #: Which vendor, by the name of its fake.
    kind: ClassVar[str] = "sms-gate"
    _HOOKS: ClassVar[str] = "https://pay.example.org/hook/link/open-sesame-open"

    def __init__(self, folder: Path) -> None:
        """Find a port for the app, which is not there yet."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port: int = probe.getsockname()[1]
        self._app = SPEAKERS[self.kind]()
        self._vendor: FakeVendor | None = None
        self._stack = AsyncExitStack()
        #: What went out before it was last taken down.
        self._before: list[tuple[str, str]] = []
        self._events = itertools.count(1)
        self._posts: list[Post] = []
        self._more = asyncio.Event()
        self._posting: asyncio.Task[None] | None = None

    def make(self) -> Link:
        """Build the link to the app; what posted to the one before is over."""
        self._stop_posting()
        return HttpLink(
            name="link",
            aggregator=known.load(
                self._app.PRESET, self._app.options(f"http://127.0.0.1:{self._port}")
            ),
            path_secret="open-sesame-open",
            clock=StoppedClock(),
            pace=HttpPace(probe_up_s=_QUICK, probe_down_s=_QUICK, again_s=()),
        )

    async def meet(self, link: Link) -> None:
        """Start the app, and have it post."""
        assert isinstance(link, HttpLink)
        if self._vendor is None:
            await self.bring_up()
        self._posting = asyncio.create_task(  # noqa: TID251 - outlives the link
            self._post(link)
        )

    async def _post(self, link: HttpLink) -> None:
        while True:
            await self._more.wait()
            post = self._posts[0]
            hook = Hook(
                kind=HookKind.incoming,
                method=post.method,
                url=post.url,
                headers={name.lower(): said for name, said in post.headers.items()},
                body=post.body,
                at=NOON,
            )
            if (await link.take(hook)).status in (200, 204):
                self._posts.pop(0)
            else:
                await asyncio.sleep(_QUICK)
            if not self._posts:
                self._more.clear()

    def _stop_posting(self) -> None:
        if self._posting is not None:
            self._posting.cancel()

    async def text_in(self, sender: str, text: str) -> None:
        """Have the app post an event."""
        event = f"event-{next(self._events)}"
        self._last = self._app.incoming(f"{self._HOOKS}/in", sender, text, NOON, event)
        await self.again()

    async def again(self) -> None:
        """Have it post the same event."""
        self._posts.append(self._last)
        self._more.set()

    async def sent(self, count: int) -> list[tuple[str, str]]:
        """Look at the phones."""
        assert self._vendor is not None
        async with asyncio.timeout(PATIENCE_S):
            await self._vendor.took(count - len(self._before))
        return [*self._before, *self._vendor.phone]

    async def make_slow(self, seconds: float) -> None:
        """Answer the next requests late, one after the other."""
        assert self._vendor is not None
        loop = asyncio.get_running_loop()
        for place in range(1, 7):
            gate = asyncio.Event()
            loop.call_later(place * seconds, gate.set)
            self._vendor.moods.append(Mood(gate=gate))

    async def take_down(self) -> None:
        """End the app."""
        assert self._vendor is not None
        self._before += self._vendor.phone
        self._vendor = None
        await self._stack.aclose()

    async def bring_up(self) -> None:
        """Start it at the same address."""
        self._vendor = await self._stack.enter_async_context(
            fake(self.kind, port=self._port)
        )

    async def close(self) -> None:
        """End the app for good."""
        self._stop_posting()
        await self._stack.aclose()


class TwilioHarness(HttpHarness):
    """Twilio: a form without a send time, known again by its sid."""

    kind: ClassVar[str] = "twilio"


class VonageHarness(HttpHarness):
    """Vonage: a signed form, known again by its messageId."""

    kind: ClassVar[str] = "vonage"


class InfobipHarness(HttpHarness):
    """Infobip: a batch of one, known again by its messageId."""

    kind: ClassVar[str] = "infobip"


class TelnyxHarness(HttpHarness):
    """Telnyx: an event, known again by its id."""

    kind: ClassVar[str] = "telnyx"


#: Every driver there is, by the name a configuration gives it; of the one over HTTP,
#: every vendor that no dialect can tell of, too.
HARNESSES: dict[str, type[Harness]] = {
    "gsm": GsmHarness,
    "simulator": SimulatorHarness,
    "fakesmsc": FakesmscHarness,
    "http": HttpHarness,
    "http twilio": TwilioHarness,
    "http vonage": VonageHarness,
    "http infobip": InfobipHarness,
    "http telnyx": TelnyxHarness,
}

"""The outside world of a daemon that is killed: it outlives every life of that.

What comes in: a folder, and texts that phones write. What goes out: the `[[link]]`
table that leads here, and what phones were shown. A SIM keeps a text until it is
deleted, a vendor posts it until it is answered with 200, and Kannel's wire keeps
nothing. `WORLDS` names each driver, and each vendor, with what its wire can.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import aiohttp

from modem.aggregators import known
from modem.simulator import EmulatedModem
from smsgate.clock import Clock
from tests.crash.house import PATIENCE_S
from tests.modem.aggregators.fakes import fake
from tests.web.house import free_port

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.modem.aggregators.fakes import FakeVendor
    from tests.modem.aggregators.spoken import Post
    from tests.modem.suite.life import Life

_SECRET = "open-sesame-open"
#: What the vendor calls us; a signature may cover it.
PUBLIC = "https://pay.example.org"


class Outside(Protocol):
    """One network, and the phones in it."""

    #: Where it posts to, HOST:PORT; empty: it does not.
    listen: str

    async def open(self, folder: Path) -> str:
        """Be there; return the `[[link]]` table that leads here."""

    async def meet(self, life: Life) -> None:
        """Wait until a life is reached, connecting to it where that is ours to do."""

    async def text_in(self, sender: str, text: str) -> None:
        """Have a phone write."""

    @property
    def keeps(self) -> bool:
        """Whether a text waits here that was not acknowledged."""

    async def emptied(self) -> None:
        """Wait until every text is acknowledged."""

    async def shown(self, count: int) -> list[tuple[str, str]]:
        """Wait until phones were shown so many texts; whom to and what, in order."""

    async def close(self) -> None:
        """End."""


class Sim:
    """A modem at a serial port, and the memory of its SIM."""

    listen = ""

    def __init__(self, world: World) -> None:
        """Need nothing yet."""

    async def open(self, folder: Path) -> str:
        """Plug it in."""
        self._modem = EmulatedModem(link=folder / "modem").start()
        # A report would settle what is to stay in doubt.
        self._modem.report_by_itself(None)
        return _table("gsm", {"port": self._modem.path, "poll_s": 0.2})

    async def meet(self, life: Life) -> None:
        """Do no more than wait."""
        await life.hear("state", status="up")

    async def text_in(self, sender: str, text: str) -> None:
        """Deliver it to the SIM."""
        self._modem.deliver(sender, text)

    @property
    def keeps(self) -> bool:
        """Whether the SIM is not empty."""
        return bool(self._modem.stored())

    async def emptied(self) -> None:
        """Wait until all is deleted."""
        await asyncio.to_thread(self._modem.wait_empty, PATIENCE_S)

    async def shown(self, count: int) -> list[tuple[str, str]]:
        """Look at the phones."""
        texts = await asyncio.to_thread(self._modem.wait_texts, count, PATIENCE_S)
        return [(text.to, text.text) for text in texts]

    async def close(self) -> None:
        """Pull it out."""
        await asyncio.to_thread(self._modem.close)


class Wire:
    """A client of Kannel's test wire; a line that was read is gone."""

    listen = ""
    keeps = False

    def __init__(self, world: World) -> None:
        """Find a port."""
        self._port = free_port()
        self._heard: list[tuple[str, str]] = []
        self._client: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def open(self, folder: Path) -> str:
        """Tell the port."""
        keys = {"listen": f"127.0.0.1:{self._port}", "max_delay_minutes": 1}
        return _table("fakesmsc", keys)

    async def meet(self, life: Life) -> None:
        """Connect once it listens."""
        await self.close()
        await life.hear("state", status="degraded")
        self._client = await asyncio.open_connection("127.0.0.1", self._port)
        await life.hear("state", status="up")

    async def text_in(self, sender: str, text: str) -> None:
        """Write a line."""
        assert self._client is not None
        self._client[1].write(f"{sender} 345 text {text}\n".encode())
        await self._client[1].drain()

    async def emptied(self) -> None:
        """Have nothing to wait for."""

    async def shown(self, count: int) -> list[tuple[str, str]]:
        """Read lines."""
        assert self._client is not None
        async with asyncio.timeout(PATIENCE_S):
            while len(self._heard) < count:
                line = (await self._client[0].readline()).decode().rstrip("\n")
                _, to, _, text = line.split(" ", 3)
                self._heard.append((to, text))
        return list(self._heard)

    async def close(self) -> None:
        """Hang up."""
        if self._client is not None:
            self._client[1].close()
            self._client = None


class Vendor:
    """An aggregator, or a phone with an app: it posts until it is answered with 200."""

    def __init__(self, world: World) -> None:
        """Speak as a vendor."""
        self._preset, self._kind = world.preset, world.vendor
        self._trusted = world.trusted
        self._stack = AsyncExitStack()
        self.listen = f"127.0.0.1:{free_port()}"
        self._posting: list[asyncio.Task[None]] = []

    async def open(self, folder: Path) -> str:
        """Open for business; secrets go into files in the folder."""
        self._vendor: FakeVendor = await self._stack.enter_async_context(
            fake(self._kind)
        )
        self._group = await self._stack.enter_async_context(asyncio.TaskGroup())
        facts = known.keys(self._preset)
        keys: dict[str, object] = {"preset": self._preset, "trusted": self._trusted}
        for name, value in {**self._vendor.options, "hook_secret": _SECRET}.items():
            if name == "hook_secret" or facts[name].secret:
                path = folder / f"{name}.secret"
                path.write_text(value)
                path.chmod(0o600)
                keys[name] = f"file:{path}"
            else:
                keys[name] = value
        return _table("http", keys)

    async def meet(self, life: Life) -> None:
        """Do no more than wait."""
        await life.hear("state", status="up")

    async def text_in(self, sender: str, text: str) -> None:
        """Begin to post."""
        post = self._vendor.incoming(
            f"{PUBLIC}/hook/link/{_SECRET}", sender=sender, text=text, at=Clock().now()
        )
        self._posting.append(self._group.create_task(self._post(post)))

    async def _post(self, post: Post) -> None:
        origin = f"http://{self.listen}"
        async with asyncio.timeout(PATIENCE_S):
            while True:
                try:
                    if await self._vendor.post(post, at_origin=origin) == 200:
                        return
                except (aiohttp.ClientError, OSError):
                    pass
                await asyncio.sleep(0.01)

    @property
    def keeps(self) -> bool:
        """Whether a post is still being tried."""
        return not all(task.done() for task in self._posting)

    async def emptied(self) -> None:
        """Wait until each was answered with 200."""
        await asyncio.gather(*self._posting)

    async def shown(self, count: int) -> list[tuple[str, str]]:
        """Look at the phones."""
        async with asyncio.timeout(PATIENCE_S):
            await self._vendor.took(count)
        return list(self._vendor.phone)

    async def close(self) -> None:
        """End; what is still being posted is given up."""
        for task in self._posting:
            task.cancel()
        await self._stack.aclose()


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What is known of one kind of outside world."""

    kind: type[Sim | Wire | Vendor]
    preset: str = ""
    #: The name of its fake.
    vendor: str = ""
    #: What was not acknowledged comes again under the same key.
    redelivers: bool = True
    #: The same send twice reaches the phone once.
    repeats: bool = False
    #: A number is its owner's: one text pays, where others are asked back.
    trusted: bool = False

    def make(self) -> Outside:
        """Build one, not open."""
        return self.kind(self)


#: Every driver that has an outside world, and every vendor that is no dialect. The
#: simulator brings its modem along and dies with it.
WORLDS: dict[str, World] = {
    "gsm": World(kind=Sim, trusted=True),
    "fakesmsc": World(kind=Wire, redelivers=False, trusted=True),
    "http": World(
        kind=Vendor, preset="sms-gate-local", vendor="sms-gate", trusted=True
    ),
    "http with ids": World(
        kind=Vendor,
        preset="sms-gate-server",
        vendor="sms-gate",
        repeats=True,
        trusted=True,
    ),
    "http twilio": World(kind=Vendor, preset="twilio", vendor="twilio"),
    "http vonage": World(kind=Vendor, preset="vonage", vendor="vonage"),
    "http infobip": World(
        kind=Vendor, preset="infobip", vendor="infobip", repeats=True
    ),
    "http telnyx": World(kind=Vendor, preset="telnyx", vendor="telnyx"),
}


def _table(driver: str, keys: Mapping[str, object]) -> str:
    every = {"name": "link", "driver": driver, **keys}
    # A JSON text or number is a TOML one.
    lines = [f"{key} = {json.dumps(value)}" for key, value in every.items()]
    return "\n".join(["", "[[link]]", *lines, ""])

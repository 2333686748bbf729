"""A whole daemon with a web server and one link that is fed by webhooks.

The link's vendor is the ten-line one of `tests.modem.http.rig`; its far side is a list:
nothing is sent here. Requests are written byte by byte where that matters.
"""

from __future__ import annotations

import asyncio
import json
import socket
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import aiohttp

from modem.aggregators.wire import Traits
from modem.http import HttpLink
from smsgate import config, daemon
from smsgate.clock import Clock
from smsgate.store import create_ledger
from tests.modem.http.rig import PlainVendor

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
    from pathlib import Path

    from smsgate.daemon import Running

SECRET = "a-path-that-nobody-guesses"
HOOK = f"/hook/web/{SECRET}/in"
WORD = {"X-Word": "sesame"}
PATIENCE_S = 10.0


def free_port() -> int:
    """Return a port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def settings(
    folder: Path, port: int, **sections: Mapping[str, object]
) -> config.Config:
    """Return the configuration of a house in this folder, made if there is none."""
    if not (folder / "config.toml").exists():
        config.write_initial(folder)
    http = {"listen": f"127.0.0.1:{port}", **sections.pop("http", {})}
    text = config.initial_text(sections={"http": http, **sections})
    loaded = config.parse(text, folder)
    if not loaded.ledger_path.exists():
        create_ledger(loaded.ledger_path)
    return loaded


@dataclass(frozen=True, kw_only=True)
class House:
    """A running house and a client that knows its address."""

    running: Running
    port: int
    client: aiohttp.ClientSession

    async def ask(
        self, method: str, path: str, **more: Any
    ) -> tuple[int, bytes, dict[str, str]]:
        """Make a request; return status, body and headers of its answer."""
        async with self.client.request(method, path, **more) as answer:
            return answer.status, await answer.read(), dict(answer.headers)

    async def post(self, *items: object, path: str = HOOK, **headers: str) -> int:
        """Bring texts as the vendor does; return the status."""
        body = json.dumps(items).encode()
        headers = {**WORD, **headers}
        status, _, _ = await self.ask("POST", path, data=body, headers=headers)
        return status

    async def says(self, sent: bytes, *, until_closed: bool = True) -> bytes:
        """Write bytes to the port; return what comes back until it is closed."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(sent)
        async with asyncio.timeout(PATIENCE_S):
            said = await (reader.read() if until_closed else reader.read(4096))
        writer.close()
        return said

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """Ask the ledger."""
        return [tuple(row) for row in self.running.store.peek.all(sql, ())]


def link(*, sends: bool = True) -> HttpLink:
    """Return the link, not running; where it sends, its vendor is not reached."""
    return HttpLink(
        name="web",
        aggregator=PlainVendor(traits=Traits(send=sends)),
        path_secret=SECRET,
        clock=Clock(),
    )


@asynccontextmanager
async def house(
    folder: Path, *, port: int | None = None, **sections: Mapping[str, object]
) -> AsyncIterator[House]:
    """Run the house, and wait until its web server listens."""
    port = free_port() if port is None else port
    loaded = settings(folder, port, **sections)
    async with (
        daemon.serve(loaded, links=[link()]) as running,
        aiohttp.ClientSession(f"http://127.0.0.1:{port}") as client,
    ):
        await listening(port)
        yield House(running=running, port=port, client=client)


async def until(so: Callable[[], Awaitable[bool]]) -> None:
    """Wait until this is so."""
    for _ in range(1000):
        if await so():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it never was so")


async def listening(port: int) -> None:
    """Wait until somebody listens at this port."""

    async def heard() -> bool:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            return False
        writer.close()
        return True

    await until(heard)

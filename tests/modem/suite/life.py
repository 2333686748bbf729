"""One life of the daemon in a process of its own, stopped where it is to be killed.

What comes in: `python -m tests.modem.suite.life CONFIG [kept|taken]`. The links are
those of the configuration, built as `run` builds them. What goes out, a JSON line each:
`state` when a link says how it is; `kept` with a text's key when the house has kept it,
which is before the link may acknowledge it; `taken` with a send's key when the link has
handed it over, which is before the house may know. At the word that was asked for, what
said it never goes on. `Life` starts it and hears it.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from modem.hooks import Hooked
from smsgate import config, daemon, logs
from smsgate.clock import Clock
from smsgate.links import links_of
from tests.crash.house import PATIENCE_S, ROOT

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from modem.hooks import Hook, HookAnswer
    from modem.link import (
        Capabilities,
        House,
        Incoming,
        IncomingPart,
        KeptPart,
        Link,
        LinkState,
        LostText,
        Noise,
        Outgoing,
        Report,
        Sent,
    )


class Life:
    """The process, from outside; used once, by `living`."""

    def __init__(self, child: asyncio.subprocess.Process) -> None:
        """Listen to a child that was started."""
        self._child = child
        #: All that it said.
        self.said: list[dict[str, Any]] = []

    async def hear(self, event: str, **facts: object) -> dict[str, Any]:
        """Wait until it says this from now on, and return all it said with it."""
        assert self._child.stdout is not None
        async with asyncio.timeout(PATIENCE_S):
            async for line in self._child.stdout:
                self.said.append(json.loads(line))
                if self.said[-1].items() >= {"event": event, **facts}.items():
                    return self.said[-1]
        raise AssertionError(f"it ended without saying {event}: {self.said}")

    async def kill(self) -> None:
        """End it without a word."""
        assert self._child.returncode is None, f"it ended by itself: {self.said}"
        self._child.kill()
        await self.end()

    async def end(self) -> None:
        """See that it is over, and take note of what it said last."""
        if self._child.returncode is None:
            self._child.kill()
        rest, _ = await self._child.communicate()
        self.said += [json.loads(line) for line in rest.splitlines(keepends=True)]

    def keys(self, event: str) -> list[str]:
        """Return the keys with which it said this."""
        return [one["key"] for one in self.said if one["event"] == event]


@asynccontextmanager
async def living(path: Path, log: Path, stops_at: str = "") -> AsyncIterator[Life]:
    """Run a life while the block lasts, or until it is killed."""
    with log.open("ab") as words:
        child = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", __name__, str(path), stops_at),
            cwd=ROOT,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=words,
        )
    life = Life(child)
    try:
        yield life
    finally:
        await life.end()


class _Voice:
    """Says what happened, and stops whoever says one thing."""

    def __init__(self, stops_at: str) -> None:
        self._stops_at = stops_at

    async def say(self, event: str, **facts: object) -> None:
        """Write one line at once: what was said before a death is said."""
        line = json.dumps({"event": event, **facts}).encode() + b"\n"
        os.write(sys.stdout.fileno(), line)
        if event == self._stops_at:
            await asyncio.Event().wait()


class _HeardHouse:
    """The house, and a word of what it has kept before its link hears so."""

    def __init__(self, house: House, voice: _Voice) -> None:
        self._house = house
        self._voice = voice

    async def receive(self, incoming: Incoming) -> None:
        await self._house.receive(incoming)
        await self._voice.say("kept", key=incoming.key.hex(), sender=incoming.sender)

    async def part(self, part: IncomingPart) -> KeptPart:
        return await self._house.part(part)

    async def lost(self, link: str) -> tuple[LostText, ...]:
        return await self._house.lost(link)

    async def report(self, report: Report) -> None:
        await self._house.report(report)

    async def quarantine(self, noise: Noise) -> None:
        await self._house.quarantine(noise)

    def state_changed(self, link: str, state: LinkState) -> None:
        said = {"event": "state", "status": str(state.status)}
        os.write(sys.stdout.fileno(), json.dumps(said).encode() + b"\n")
        self._house.state_changed(link, state)


class _HeardLink:
    """A link, and a word of what it has sent before its house hears so."""

    def __init__(self, link: Link, voice: _Voice) -> None:
        self._link = link
        self._voice = voice

    @property
    def name(self) -> str:
        return self._link.name

    @property
    def capabilities(self) -> Capabilities:
        return self._link.capabilities

    @property
    def state(self) -> LinkState:
        return self._link.state

    async def run(self, house: House) -> None:
        await self._link.run(_HeardHouse(house, self._voice))

    async def send(self, outgoing: Outgoing) -> Sent:
        sent = await self._link.send(outgoing)
        await self._voice.say("taken", key=outgoing.key, to=outgoing.to)
        return sent


class _HeardHooked(_HeardLink):
    """The same of a link that is fed by webhooks."""

    def __init__(self, link: Link, voice: _Voice, hooked: Hooked) -> None:
        super().__init__(link, voice)
        self._hooked = hooked

    @property
    def path_secret(self) -> str:
        return self._hooked.path_secret

    def believe(self, hook: Hook) -> None:
        self._hooked.believe(hook)

    async def take(self, hook: Hook) -> HookAnswer:
        return await self._hooked.take(hook)


def _heard(link: Link, voice: _Voice) -> Link:
    if isinstance(link, Hooked):
        return _HeardHooked(link, voice, link)
    return _HeardLink(link, voice)


async def _live(path: Path, voice: _Voice) -> None:
    loaded, clock = config.load(path), Clock()
    links = [_heard(link, voice) for link in links_of(loaded, clock)]
    async with daemon.serve(loaded, clock=clock, links=links):
        await asyncio.Event().wait()


def main(path: str, stops_at: str = "") -> None:
    """Live until killed."""
    logs.setup()
    asyncio.run(_live(Path(path), _Voice(stops_at)))


if __name__ == "__main__":
    main(*sys.argv[1:])

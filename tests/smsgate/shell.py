"""A network in a folder, a shell to type at, and somebody who answers its socket.

Commands run in this process, through the very `main` of the program, unless a test asks
for a real one. `answering` opens the ledger as a daemon does and attends to the socket
in a thread of its own; its links are as a test says.
"""

from __future__ import annotations

import asyncio
import io
import json
import os
import subprocess
import sys
import threading
from contextlib import (
    asynccontextmanager,
    contextmanager,
    redirect_stderr,
    redirect_stdout,
)
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import structlog

from modem.link import Capabilities
from smsgate import config
from smsgate.__main__ import main
from smsgate.clock import Clock
from smsgate.members.pins import PinDesk, PinPolicy
from smsgate.messages.keys import MessageKeys
from smsgate.operations import Desk
from smsgate.operations.door import socket
from smsgate.store import Store

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from modem.link import LinkState, Noise, Reread
    from smsgate.config import Config
    from smsgate.store import Tx

#: An ordinary day: 2026-03-02 09:00 in San Salvador.
START_MS = 1_772_463_600_000


class StoppedClock(Clock):
    """A clock that stands until it is moved."""

    def __init__(self, ms: int = START_MS) -> None:
        self.ms = ms

    def now_ms(self) -> int:
        """Return where it stands."""
        return self.ms


class Said(NamedTuple):
    """What a command came to."""

    code: int
    out: str
    err: str


@dataclass
class Live:
    """A daemon as operations see it."""

    states: Mapping[str, LinkState] = field(default_factory=dict)
    clock_was_accepted: bool = False
    senders_woken: int = 0
    can: Mapping[str, Capabilities] = field(default_factory=dict)
    #: What the next noise turns out to be, and what was handed over.
    reads: Reread | None = None
    opened: list[Noise] = field(default_factory=list)

    def link_health(self) -> Mapping[str, float]:
        """Tell that the modem does well."""
        return {"modem-a": 1.0}

    def link_states(self) -> Mapping[str, LinkState]:
        """Return how each link is."""
        return self.states

    def capabilities(self) -> Mapping[str, Capabilities]:
        """Return what each link can do; those that are not told, everything."""
        return {name: Capabilities() for name in self.states} | dict(self.can)

    def texts_owed(self) -> None:
        """Take note."""
        self.senders_woken += 1

    def clock_accepted(self) -> None:
        """Take note."""
        self.clock_was_accepted = True

    async def read_again(self, noises: Sequence[Noise]) -> Reread | None:
        """Read nothing, and say why; no link of another kind is there."""
        self.opened = list(noises)
        return self.reads


@dataclass
class Net:
    """A network made by `smsgate init`."""

    folder: Path

    @property
    def file(self) -> Path:
        """The configuration."""
        return self.folder / "config.toml"

    @property
    def config(self) -> Config:
        """The configuration, loaded."""
        return config.load(self.file)

    def __call__(self, *words: str, typed: str = "") -> Said:
        """Type a command; `typed` stands on its standard input."""
        return shell("-c", str(self.file), *words, typed=typed)

    def told(self, *words: str, typed: str = "") -> Any:
        """Type a command with --json and return its document."""
        said = self(*words, "--json", typed=typed)
        assert (said.code, said.err) == (0, ""), said
        return json.loads(said.out)

    def refused(self, *words: str, typed: str = "") -> str:
        """Type a command that is refused with one sentence; return that."""
        said = self(*words, typed=typed)
        assert (said.code, said.out) == (1, ""), said
        return said.err

    def process(self, *words: str, typed: str = "") -> Said:
        """Type a command to a real process."""
        return process("-c", str(self.file), *words, typed=typed)

    def write(self, fn: Callable[[Tx], object], clock: Clock | None = None) -> None:
        """Write to the ledger as the daemon's other rooms do."""

        async def written() -> None:
            ledger = self.config.ledger_path
            async with await Store.open(ledger, clock or Clock()) as store:
                await store.write(fn)

        asyncio.run(written())

    @contextmanager
    def answering(self, live: Live | None = None) -> Iterator[Store]:
        """Hold the ledger and answer the socket while the block runs."""
        with _silence(), _in_a_thread(self.config, live or Live()) as store:
            yield store


def shell(*words: str, typed: str = "") -> Said:
    """Type a command in this process."""
    out, err, stdin = io.StringIO(), io.StringIO(), sys.stdin
    sys.stdin = io.StringIO(typed)
    try:
        with redirect_stdout(out), redirect_stderr(err):
            code = main(list(words))
    finally:
        sys.stdin = stdin
    return Said(code, out.getvalue(), err.getvalue())


def process(
    *words: str, typed: str = "", folder: Path | None = None, **variables: str
) -> Said:
    """Type a command to a real process."""
    done = subprocess.run(
        [sys.executable, "-m", "smsgate", *words],
        input=typed,
        capture_output=True,
        text=True,
        cwd=folder,
        env={**os.environ, **variables},
        timeout=30,
    )
    return Said(done.returncode, done.stdout, done.stderr)


@asynccontextmanager
async def opened_desk(
    settings: Config, clock: Clock, live: Live | None = None
) -> AsyncIterator[Desk]:
    """Open a desk as the daemon does; close everything afterwards."""
    async with await Store.open(settings.ledger_path, clock) as store:
        pins = PinDesk(
            settings.keys.read_pin(), PinPolicy.of(settings.security), threads=1
        )
        try:
            yield Desk(
                store=store,
                config=settings,
                clock=clock,
                pins=pins,
                keys=MessageKeys(settings.keys.read_messages()),
                actor="uid:0",
                live=live,
            )
        finally:
            pins.close()


@contextmanager
def _silence() -> Iterator[None]:
    """Keep the daemon's log out of what the shell prints: here they are one process."""
    structlog.configure(logger_factory=lambda *_: structlog.PrintLogger(io.StringIO()))
    try:
        yield
    finally:
        structlog.reset_defaults()


@contextmanager
def _in_a_thread(settings: Config, live: Live) -> Iterator[Store]:
    ready, found = threading.Event(), []
    stop: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []

    async def attend() -> None:
        ending = asyncio.Event()
        stop.append((asyncio.get_running_loop(), ending))
        async with opened_desk(settings, Clock(), live) as desk:
            door = socket.listen(settings.socket_path)
            found.append(desk.store)
            async with asyncio.TaskGroup() as group:
                serving = group.create_task(
                    socket.serve(
                        lambda actor: replace(desk, actor=actor), door.path, door
                    )
                )
                ready.set()
                await ending.wait()
                serving.cancel()

    thread = threading.Thread(target=lambda: asyncio.run(attend()))
    thread.start()
    try:
        assert ready.wait(10), "the socket was not there in time"
        yield found[0]
    finally:
        loop, ending = stop[0]
        loop.call_soon_threadsafe(ending.set)
        thread.join(20)
        assert not thread.is_alive()

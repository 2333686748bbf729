"""The daemon with a pipe for a link: texts in on standard input, answers on output.

What comes in: `python -m tests.crash.pipe CONFIG [careless]`, and a JSON text a line.
What goes out, a JSON line each: `ready`; `kept` when `receive` has returned, which is
what a link acknowledges; `refused` when it would not; `told` for each text to a phone.
A link that is a pipe makes a life short enough to be cut off hundreds of times.
`careless` opens the ledger with `synchronous = NORMAL` behind the store's back, to see
whether the tests would notice. Driven by `tests.crash.teller`.
"""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
import sys
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from modem.errors import NotKept
from modem.link import Capabilities, Incoming, LinkState, LinkStatus, Sent
from smsgate import config, daemon, logs
from smsgate.store import Store

if TYPE_CHECKING:
    from modem.link import House, Outgoing
    from smsgate.clock import Clock


def say(**facts: object) -> None:
    """Write one line at once: what was said before a death is said."""
    os.write(sys.stdout.fileno(), json.dumps(facts).encode() + b"\n")


class PipeLink:
    """A link whose network is the parent process."""

    name = "pipe"
    capabilities = Capabilities(sent_times=True, window=4)
    state = LinkState(status=LinkStatus.up)

    async def run(self, house: House) -> None:
        """Hand over what comes in, all at once, until cancelled."""
        reader = asyncio.StreamReader()
        await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), sys.stdin
        )
        house.state_changed(self.name, self.state)
        say(event="ready")
        async with asyncio.TaskGroup() as group:
            async for line in reader:
                group.create_task(self._offer(house, json.loads(line)))
            # The parent has gone or wants no more; what is owed still goes out.
            await asyncio.Event().wait()

    async def _offer(self, house: House, text: dict[str, Any]) -> None:
        number = text["number"]
        incoming = Incoming(
            link=self.name,
            key=json.dumps(text).encode(),
            sender=text["sender"],
            text=text["words"],
            sent_at=datetime.fromtimestamp(text["sent_ms"] / 1000, tz=UTC),
        )
        try:
            await house.receive(incoming)
        except NotKept as error:
            say(event="refused", number=number, why=str(error))
        else:
            say(event="kept", number=number)

    async def send(self, outgoing: Outgoing) -> Sent:
        """Show it on a phone."""
        say(event="told", to=outgoing.to, text=outgoing.text)
        return Sent()


class _Careless(sqlite3.Connection):
    """A driver that syncs less than it is told to, and denies it."""

    def execute(self, sql: str, values: Any = ()) -> sqlite3.Cursor:
        lie = {
            "PRAGMA synchronous = 2": "PRAGMA synchronous = 1",
            "PRAGMA synchronous": "SELECT 2",
        }
        return super().execute(lie.get(sql, sql), values)


class CarelessStore(Store):
    """A store over such a driver."""

    @classmethod
    async def open(cls, path: Path, clock: Clock, **changes: Any) -> Self:
        """Open it through the seam that the store has for drivers that fail."""
        connect = partial(sqlite3.connect, factory=_Careless)
        return await super().open(path, clock, connect=connect, **changes)


async def _live(path: Path) -> None:
    async with daemon.serve(config.load(path), links=[PipeLink()]):
        await asyncio.Event().wait()


def main(path: str, how: str = "") -> None:
    """Live until killed."""
    logs.setup()
    if how == "careless":
        vars(daemon)["Store"] = CarelessStore
    asyncio.run(_live(Path(path)))


if __name__ == "__main__":
    main(*sys.argv[1:])

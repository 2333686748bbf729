"""A house on a disk for the crash tests, and the daemon as a process of its own.

What comes in: a folder and the modem's port. What goes out: a ledger with members who
have PINs, its configuration, and `Process`, which starts `python -m smsgate run`, kills
it, and reads from outside what it left. The log stands beside the house and not in it,
so that a power cut leaves it to be read.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from commands.secret import Secret
from smsgate import config, ledger, members
from smsgate.clock import Clock
from smsgate.members import pins
from smsgate.store import Store, create_ledger, open_for_check

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from smsgate.store import Row, Values

ROOT = Path(__file__).parents[2]
#: Longer than anything here takes, even on a busy machine.
PATIENCE_S = 30.0
#: What crowds of texts need beyond the defaults; nobody reaches these.
_SETTINGS: dict[str, dict[str, object]] = {
    "network": {"name": "Red", "unit": "PT", "help_phone": "2222-0000"},
    "security": {
        "pin_length": 6,
        "tries": 10,
        "tries_second": 20,
        "tries_last": 30,
    },
    "limits": {
        "one_step": "5000.00",
        "two_step": "5000.00",
        "day": "900000.00",
        "day_count": 10_000,
    },
    "daemon": {"in_flight_max": 1_000},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody with a phone, an account and a PIN."""

    name: str
    phone: str
    code: str
    account: int
    pin: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """A configured house with its members, not running."""

    folder: Path
    people: tuple[Person, ...]
    #: Where the daemon's words are kept.
    log: Path

    @property
    def config(self) -> Path:
        """Its configuration."""
        return self.folder / "config.toml"

    @property
    def ledger(self) -> Path:
        """Its ledger."""
        return self.folder / "ledger.sqlite"

    def rows(self, sql: str, values: Values = ()) -> list[Row]:
        """Ask the ledger, from outside and without changing it."""
        with open_for_check(self.ledger) as query:
            return query.all(sql, values)

    def findings(self) -> list[str]:
        """Return what the whole audit says is wrong."""
        with open_for_check(self.ledger) as query:
            return [f"{found.where}: {found.what}" for found in ledger.check(query)]


def build(
    folder: Path,
    names: Iterable[str],
    *,
    port: str = "",
    poor: Iterable[str] = (),
    settings: Mapping[str, Mapping[str, object]] | None = None,
    log: Path | None = None,
) -> House:
    """Make a house whose members have a PIN and, unless poor, a wide credit limit.

    `log` is where the daemon's words go, beside the house unless given.
    """
    home = folder / "house"
    config.write_initial(home)
    sections = {name: dict(values) for name, values in _SETTINGS.items()}
    for name, values in (settings or {}).items():
        sections.setdefault(name, {}).update(values)
    text = config.initial_text(country="SV", sections=sections)
    if port:
        text += "\n".join(
            (
                "",
                "[[link]]",
                'name = "gsm"',
                'driver = "gsm"',
                f'port = "{port}"',
                "poll_s = 0.2",
                "",
            )
        )
    (home / "config.toml").write_text(text, encoding="utf-8")
    create_ledger(home / "ledger.sqlite")
    people = asyncio.run(_fill(home, list(names), frozenset(poor)))
    return House(folder=home, people=people, log=log or folder / "daemon.log")


async def _fill(
    home: Path, names: Sequence[str], poor: frozenset[str]
) -> tuple[Person, ...]:
    loaded = config.load(home / "config.toml")
    desk = pins.PinDesk(loaded.keys.read_pin(), pins.PinPolicy.of(loaded.security))
    people = []
    async with await Store.open(loaded.ledger_path, Clock()) as store:
        for number, name in enumerate(names):
            pin = f"{739_154 + 7_919 * number:06d}"
            new = members.NewMember(
                phone=f"+5037{1_234_000 + number}",
                name=name,
                limit=0 if name in poor else 100_000_000,
            )
            made = await store.write(partial(members.add, new=new, actor="test"))
            proof = await desk.verifier(made.account, Secret(pin))
            await store.write(
                partial(pins.set_first, account=made.account, new=proof, actor="test")
            )
            people.append(
                Person(
                    name=name,
                    phone=made.phone,
                    code=made.code,
                    account=made.account,
                    pin=pin,
                )
            )
    desk.close()
    return tuple(people)


class Process:
    """One life of the daemon; used once."""

    def __init__(
        self, house: House, *, environment: Mapping[str, str] | None = None
    ) -> None:
        """Start it."""
        self._log = house.log.open("ab")
        self._from = self._log.tell()
        self._house = house
        self._child = subprocess.Popen(
            [sys.executable, "-m", "smsgate", "-c", str(house.config), "run"],
            cwd=ROOT,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
        )

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._child.pid

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self._child.poll() is None

    @property
    def said(self) -> str:
        """What it wrote in this life."""
        content = self._house.log.read_bytes()[self._from :]
        return content.decode("utf-8", "replace")

    def kill(self) -> None:
        """End it without a word, as a kernel out of memory does."""
        assert self.alive, f"the daemon ended by itself: {self.said}"
        self._child.kill()
        self._child.wait(PATIENCE_S)
        self._log.close()

    def stop(self) -> int:
        """Stop it in order and return its exit code."""
        self._child.send_signal(signal.SIGTERM)
        return self.wait()

    def wait(self) -> int:
        """Wait until it ends by itself."""
        try:
            return self._child.wait(PATIENCE_S)
        finally:
            self._child.kill()
            self._child.wait()
            self._log.close()

    def until_said(self, words: str) -> str:
        """Wait until these words stand in its log; return all it said."""
        pause = threading.Event()
        for _ in range(int(PATIENCE_S / 0.05)):
            said = self.said
            if words in said:
                return said
            assert self.alive, f"it ended without saying {words!r}: {said}"
            pause.wait(0.05)
        raise AssertionError(f"it never said {words!r}: {self.said}")

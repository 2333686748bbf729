"""The whole daemon from outside: texts in over Kannel's test wire, answers back.

What comes in: a folder. What goes out: answers a second with one text in flight and
with many, payments with PIN checks at an offered rate, the time to ready, and the
memory of an idle daemon. The daemon is a process of its own; the member side of the
wire is this one.
"""

from __future__ import annotations

import asyncio
import os
import random  # noqa: TID251 - arrivals of a seeded load
import signal
import socket
import sys
import tempfile
import time
from contextlib import asynccontextmanager
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
    from collections.abc import AsyncIterator

MEMBERS = 256
PIN = "7391"
_SETTINGS = """
[[link]]
name = "load"
driver = "fakesmsc"
listen = "127.0.0.1:{port}"
window = {window}
max_delay_minutes = 1
"""


@dataclass(slots=True, kw_only=True)
class House:
    """A configured house in a folder, not running."""

    folder: Path
    port: int
    #: Phones and codes of its members.
    phones: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)

    @property
    def config(self) -> Path:
        """Its configuration file."""
        return self.folder / "config.toml"


def free_port() -> int:
    """Return a port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def build(folder: Path, *, window: int = 512) -> House:
    """Make a house whose members all have a PIN and a credit limit."""
    port = free_port()
    house = House(folder=folder, port=port)
    config.write_initial(folder)
    text = config.initial_text(
        sections={
            "security": {"balance_needs_pin": False},
            "limits": {"day": "900000.00", "day_count": 10_000},
            "logs": {"level": "warning"},
        }
    )
    house.config.write_text(text + _SETTINGS.format(port=port, window=window))
    loaded = config.load(house.config)
    create_ledger(loaded.ledger_path)
    clock = Clock()
    desk = pins.PinDesk(loaded.keys.read_pin(), pins.PinPolicy.of(loaded.security))
    async with await Store.open(loaded.ledger_path, clock) as store:
        for number in range(MEMBERS):
            await _join(store, desk, house, number)
    desk.close()
    return house


async def _join(store: Store, desk: pins.PinDesk, house: House, number: int) -> None:
    phone = f"+5037{1_000_000 + number}"
    new = members.NewMember(phone=phone, name=f"Member {number}", limit=100_000_000)
    made = await store.write(partial(members.add, new=new, actor="bench"))
    verifier = await desk.verifier(made.account, Secret(PIN))
    await store.write(
        partial(pins.set_first, account=made.account, new=verifier, actor="bench")
    )
    house.phones.append(phone)
    house.codes.append(made.code)


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """A running daemon."""

    pid: int
    ready_s: float
    idle_mib: float


@asynccontextmanager
async def running(house: House) -> AsyncIterator[Process]:
    """Start the daemon, wait for READY=1 as systemd does, and stop it at the end."""
    with tempfile.TemporaryDirectory() as place:
        address = f"{place}/notify"
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        listener.bind(address)
        listener.settimeout(0)
        begun = time.perf_counter()
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "smsgate",
            "-c",
            str(house.config),
            "run",
            env={**os.environ, "NOTIFY_SOCKET": address},
        )
        loop = asyncio.get_running_loop()
        while b"READY=1" not in await loop.sock_recv(listener, 4096):
            pass
        ready_s = time.perf_counter() - begun
        await asyncio.sleep(0.5)
        try:
            yield Process(
                pid=process.pid, ready_s=ready_s, idle_mib=resident_mib(process.pid)
            )
        finally:
            process.send_signal(signal.SIGTERM)
            await process.wait()
            listener.close()


def resident_mib(pid: int) -> float:
    """Return the resident memory of a process."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


async def answers_per_s(
    house: House, words: str, in_flight: int, seconds: float
) -> tuple[float, float]:
    """Keep so many texts in flight; answers a second, and the median wait in ms."""
    reader, writer = await asyncio.open_connection("127.0.0.1", house.port)
    sent: dict[str, float] = {}
    waits: list[float] = []
    free = house.phones[:in_flight]
    end = time.perf_counter() + seconds

    def send(phone: str) -> None:
        sent[phone] = time.perf_counter()
        writer.write(f"{phone} 2222 text {words}\n".encode())

    begun = time.perf_counter()
    for phone in free:
        send(phone)
    while sent:
        line = await reader.readline()
        phone = line.split(b" ", 2)[1].decode()
        waits.append(time.perf_counter() - sent.pop(phone))
        if time.perf_counter() < end:
            send(phone)
    rate = len(waits) / (time.perf_counter() - begun)
    writer.close()
    waits.sort()
    return rate, 1000 * waits[len(waits) // 2]


async def payments(
    house: House, per_s: float, seconds: float, *, seed: int = 7
) -> tuple[int, int, float, float]:
    """Offer payments with PINs at a rate; offered, done, p50 and p99 in ms."""
    offered, waited = await waits(house, per_s, seconds, seed=seed)
    return offered, len(waited), quantile_ms(waited, 0.5), quantile_ms(waited, 0.99)


def quantile_ms(waited: list[float], share: float) -> float:
    """Return the wait that so many stay below, ms."""
    return 1000 * sorted(waited)[int(len(waited) * share)]


async def waits(
    house: House, per_s: float, seconds: float, *, seed: int = 7
) -> tuple[int, list[float]]:
    """Offer payments with PINs at a rate; how many, and the seconds each one waited.

    Waits are counted from the moment a text was due, not from when it could be written.
    Promotions that come in between are let pass.
    """
    draw = random.Random(seed)
    reader, writer = await asyncio.open_connection("127.0.0.1", house.port)
    due: dict[str, float] = {}
    waited: list[float] = []
    begun = time.perf_counter()
    arrivals, at = [], 0.0
    while (at := at + draw.expovariate(per_s)) < seconds:
        arrivals.append(at)

    free = [asyncio.Semaphore(1) for _ in house.phones]
    place_of = {phone: place for place, phone in enumerate(house.phones)}

    async def listen() -> None:
        while len(waited) < len(arrivals):
            line = await reader.readline()
            _, to, _, body = line.decode().split(" ", 3)
            if body.startswith("PAGO OK") and to in due:
                waited.append(time.perf_counter() - due.pop(to))
                free[place_of[to]].release()
            elif not body.startswith(("Red: RECIBIO", "Red: Hola")):
                raise RuntimeError(f"a payment was answered with {body!r}")

    async with asyncio.timeout(seconds + 60), asyncio.TaskGroup() as group:
        group.create_task(listen())
        for number, after in enumerate(arrivals):
            delay = begun + after - time.perf_counter()
            if delay > 0:
                await asyncio.sleep(delay)
            place = number % MEMBERS
            # Nobody texts again before they are answered; waits count all the same.
            await free[place].acquire()
            serial = seed * 5_003 + number
            other = house.codes[
                (place + 1 + serial // MEMBERS % (MEMBERS - 1)) % MEMBERS
            ]
            due[house.phones[place]] = begun + after
            # Each amount is another one: none of these payments is a repeat.
            amount = f"{1 + serial // 100 % 90}.{serial % 100:02d}"
            words = f"PAGAR {other} {amount} {PIN}"
            writer.write(f"{house.phones[place]} 2222 text {words}\n".encode())
    writer.close()
    return len(arrivals), waited


def count(house: House, sql: str) -> int:
    """Return a number out of a house's ledger, from outside."""
    with open_for_check(house.folder / "ledger.sqlite") as query:
        row = query.one(sql)
    return 0 if row is None else int(row[0])


async def check(house: House) -> bool:
    """Say whether the books are right after all that."""
    loaded = config.load(house.config)
    async with await Store.open(loaded.ledger_path, Clock()) as store:
        return not ledger.check(store.peek)

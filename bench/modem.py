"""Links and modems: how fast, beside others, and how soon they are back.

What comes in: a folder. What goes out: texts in and out a second on an emulated modem
that answers at once, for our driver and, where they are installed, for gammu-smsd and
smstools at the same modem; how soon a stick that was pulled out is used again; and how
long an answer waits behind a campaign while the radio takes three seconds a text. The
modem is a process of its own each time, as a real one is.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import shutil
import signal
import statistics
import subprocess
import time
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from modem.gsm import GsmLink, GsmSettings
from modem.link import LinkStatus, Outgoing
from modem.simulator import EmulatedModem
from smsgate import config, daemon, logs, members
from smsgate.clock import HOUR_MS, Clock
from smsgate.messages import outbox
from smsgate.messages.outbox import Class
from smsgate.store import create_ledger

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from multiprocessing.connection import Connection

    from modem.link import Incoming, LinkState, Noise, Report
    from smsgate.daemon import Running
    from smsgate.store import Tx

#: Texts of one measurement; the slow ones are given fewer.
_TEXTS = 2_000
_TEXTS_OF_OTHERS = 200
_SENDS_OF_OTHERS = 10
#: How long the others may take over theirs.
_PATIENCE_S = 60.0
_SENDER = "+503700{:05}"
_TO = "+50370005678"
_RADIO_S = 3.0
_CAMPAIGN = 300
_ANSWERS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """Texts a second of one program; None: not measured."""

    name: str
    received: float | None = None
    sent: float | None = None
    note: str = ""


class Modem:
    """An emulated modem in a process of its own."""

    def __init__(self, link: Path, ask: Connection) -> None:
        """Speak to it over `ask`."""
        self.link = link
        self._ask = ask

    def __call__(self, name: str, *values: Any) -> Any:
        """Have it do something; return what it says."""
        self._ask.send((name, values))
        return self._ask.recv()


def _serve(link: str, slots: int, ask: Connection) -> None:
    modem = EmulatedModem(link=Path(link), slots=slots, sm_slots=2, report_status=None)
    deeds: dict[str, Callable[..., object]] = {
        "fill": lambda count: _fill(modem, count),
        "empty": lambda: not modem.stored() and not modem.waiting,
        "sent": lambda: len(modem.sent),
        "unplug": modem.unplug,
        "replug": modem.replug,
    }
    with modem:
        while (asked := ask.recv()) is not None:
            name, values = asked
            ask.send(deeds[name](*values))


def _fill(modem: EmulatedModem, count: int) -> None:
    for number in range(count):
        modem.deliver(_SENDER.format(number), f"PAGAR 12340 {number}.00")


@contextmanager
def plugged(folder: Path, slots: int = _TEXTS) -> Iterator[Modem]:
    """Plug a modem in for as long as the block runs."""
    ours, theirs = multiprocessing.Pipe()
    link = folder / "modem"
    process = multiprocessing.get_context("spawn").Process(
        target=_serve, args=(str(link), slots, theirs), daemon=True
    )
    process.start()
    modem = Modem(link, ours)
    modem("empty")
    try:
        yield modem
    finally:
        ours.send(None)
        process.join(10)


class _House:
    """A house that counts and keeps everything."""

    def __init__(self) -> None:
        self.kept = 0
        self.full = asyncio.Event()
        self.wanted = 0

    async def receive(self, _: Incoming) -> None:
        self.kept += 1
        if self.kept == self.wanted:
            self.full.set()

    async def part(self, _: object) -> Any:
        raise AssertionError("a modem keeps parts by itself")

    async def lost(self, _: str) -> tuple[()]:
        return ()

    async def report(self, _: Report) -> None:
        """Count none."""

    async def quarantine(self, _: Noise) -> None:
        """Count none."""

    def state_changed(self, link: str, state: LinkState) -> None:
        """Look at the link itself."""


@asynccontextmanager
async def _linked(port: Path, house: _House) -> AsyncIterator[GsmLink]:
    """Run our driver at a port."""
    settings = GsmSettings(port=str(port), poll_s=0.5, reports=False)
    link = GsmLink(name="bench", settings=settings, clock=Clock())
    async with asyncio.TaskGroup() as group:
        task = group.create_task(link.run(house))
        await _until(lambda: link.state.status is LinkStatus.up)
        yield link
        task.cancel()


async def _until(true: Callable[[], bool], patience_s: float = _PATIENCE_S) -> float:
    """Wait until this holds; return how long that took."""
    begun = time.perf_counter()
    async with asyncio.timeout(patience_s):
        while not true():
            await asyncio.to_thread(time.sleep, 0.002)
    return time.perf_counter() - begun


async def ours(folder: Path) -> Rates:
    """Measure our driver: received is kept and deleted, sent is taken for the air."""
    house = _House()
    house.wanted = _TEXTS
    with plugged(folder) as modem:
        async with _linked(modem.link, house) as link:
            begun = time.perf_counter()
            await asyncio.to_thread(modem, "fill", _TEXTS)
            await house.full.wait()
            await _until(lambda: bool(modem("empty")))
            received = _TEXTS / (time.perf_counter() - begun)
            begun = time.perf_counter()
            for number in range(_TEXTS):
                text = f"Pagaste {number}.00 PT"
                await link.send(Outgoing(id=number, to=_TO, text=text))
            sent = _TEXTS / (time.perf_counter() - begun)
    return Rates(name="smsgate", received=received, sent=sent)


def others(folder: Path) -> list[Rates]:
    """Measure what others make of the same modem, those that are installed."""
    return [gammu(folder / "gammu"), smstools(folder / "smstools")]


def gammu(folder: Path) -> Rates:
    """Measure gammu-smsd with files, its waits switched off."""
    program = shutil.which("gammu-smsd")
    if program is None:
        return Rates(name="gammu-smsd", note="not installed")
    boxes = {name: folder / name for name in ("inbox", "outbox", "sent", "error")}
    for box in boxes.values():
        box.mkdir(parents=True)
    with plugged(folder, slots=_TEXTS_OF_OTHERS) as modem:
        settings = folder / "smsdrc"
        settings.write_text(
            f"[gammu]\nport = {modem.link}\nconnection = at\n"
            "[smsd]\nservice = files\nloopsleep = 0\nstatusfrequency = 0\n"
            "receivefrequency = 0\n"
            "checksecurity = 0\nhangupcalls = 0\ncommtimeout = 1\n"
            + "".join(f"{name}{_PATHS[name]} = {box}/\n" for name, box in boxes.items())
        )
        for number in range(_SENDS_OF_OTHERS):
            name = f"OUTA20260101_000000_00_{_TO}_bench{number}.txt"
            (boxes["outbox"] / name).write_text(f"Pagaste {number}.00")
        with _program([program, "-c", str(settings)]):
            return _both("gammu-smsd", modem)


#: gammu names three of its folders in another way than the fourth.
_PATHS = {"inbox": "path", "outbox": "path", "sent": "smspath", "error": "smspath"}


def smstools(folder: Path) -> Rates:
    """Measure smsd of smstools, its waits as short as they go."""
    program = shutil.which("smsd") or shutil.which("smsd", path="/usr/sbin")
    if program is None:
        return Rates(name="smstools", note="not installed")
    names = ("outgoing", "checked", "failed", "incoming", "sent")
    for name in names:
        (folder / name).mkdir(parents=True)
    with plugged(folder, slots=_TEXTS_OF_OTHERS) as modem:
        settings = folder / "smsd.conf"
        settings.write_text(
            "devices = m\nloglevel = 3\ndelaytime = 1\n"
            f"logfile = {folder}/log\nsmart_logging = no\n"
            f"infofile = {folder}/run\npidfile = {folder}/pid\n"
            + "".join(f"{name} = {folder / name}\n" for name in names)
            + f"[m]\ndevice = {modem.link}\nincoming = yes\nmemory_start = 1\n"
            "check_memory_method = 31\nbaudrate = 115200\n"
        )
        for number in range(_SENDS_OF_OTHERS):
            file = folder / "outgoing" / f"bench{number}"
            file.write_text(f"To: {_TO[1:]}\n\nPagaste {number}.00")
        with _program([program, "-c", str(settings), "-t"]):
            return _both("smstools", modem)


def _both(name: str, modem: Modem) -> Rates:
    """Time what was queued before a program started, then a burst that comes in."""
    sent = _rate(_SENDS_OF_OTHERS, lambda: int(modem("sent")), from_first=True)
    modem("fill", _TEXTS_OF_OTHERS)
    begun = time.perf_counter()
    while not modem("empty"):
        if time.perf_counter() - begun > _PATIENCE_S:
            return Rates(name=name, sent=sent, note="did not empty the modem in time")
        time.sleep(0.005)
    received = _TEXTS_OF_OTHERS / (time.perf_counter() - begun)
    return Rates(name=name, received=received, sent=sent)


def _rate(wanted: int, count: Callable[[], int], *, from_first: bool) -> float | None:
    """Return how many a second, from the first on, for programs that start slowly."""
    begun = first = time.perf_counter()
    seen = 0
    while seen < wanted:
        now = time.perf_counter()
        if now - begun > _PATIENCE_S:
            return None
        if (seen := count()) and from_first and first == begun:
            first = now
        time.sleep(0.005)
    return (wanted - from_first) / (time.perf_counter() - first)


@contextmanager
def _program(command: list[str]) -> Iterator[None]:
    """Run a program until the block ends, with its children."""
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            yield
        finally:
            for number in (signal.SIGTERM, signal.SIGKILL):
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, number)
                with suppress(subprocess.TimeoutExpired):
                    process.wait(5)
                    break


async def back_s(folder: Path, rounds: int) -> float:
    """Return how long the slowest replug takes until a text is sent again."""
    slowest = 0.0
    with plugged(folder) as modem:
        async with _linked(modem.link, _House()) as link:
            for number in range(rounds):
                modem("unplug")
                await _until(lambda: link.state.status is LinkStatus.down)
                # Long enough to have given up trying at once.
                await asyncio.sleep(1.0)
                begun = time.perf_counter()
                modem("replug")
                await _until(lambda: link.state.status is LinkStatus.up)
                await link.send(Outgoing(id=number, to=_TO, text="back"))
                slowest = max(slowest, time.perf_counter() - begun)
    return slowest


async def behind_a_campaign_s(folder: Path) -> tuple[float, float]:
    """Return how long answers wait behind a campaign, at the longest.

    From when they are owed to when their own send begins; and from when a member has
    sent the text to when the radio begins with its answer.
    """
    modem = EmulatedModem(radio_s=_RADIO_S, slots=100, report_status=None)
    with modem:
        async with _town(folder, modem) as running:
            await running.store.write(_owe_campaign)
            running.texts_owed()
            await _until(lambda: len(modem.sent) >= 1)
            whole = [await _answered(modem, number) for number in range(_ANSWERS)]
            rows = await running.store.read(
                "SELECT sent_ms - at_ms AS ms FROM outbox WHERE class = 0"
            )
    return max(row["ms"] for row in rows) / 1000, max(whole)


async def _answered(modem: EmulatedModem, number: int) -> float:
    phone = f"+5037123000{number}"

    def mine() -> int:
        return sum(one.to == phone for one in modem.sent)

    # Each at another moment of the send that is in progress.
    await asyncio.sleep(0.7)
    before = mine()
    begun = time.perf_counter()
    modem.deliver(phone, "AYUDA")
    await _until(lambda: mine() > before)
    return time.perf_counter() - begun - _RADIO_S


def _owe_campaign(tx: Tx) -> None:
    for number in range(_CAMPAIGN):
        outbox.owe(
            tx,
            inbox=None,
            cls=Class.campaign,
            name="campaign",
            recipient=_SENDER.format(number),
            body="Feria de la red el sabado en el parque.",
            link="",
            expires_ms=tx.now_ms + HOUR_MS,
        )


@asynccontextmanager
async def _town(folder: Path, modem: EmulatedModem) -> AsyncIterator[Running]:
    """Run a whole house at a modem, with a few members."""
    config.write_initial(folder)
    path = folder / "config.toml"
    text = config.initial_text(
        sections={
            "sms": {"per_minute": 6_000, "per_hour": 100_000},
            "logs": {"level": "error"},
        }
    )
    gsm = f'\n[[link]]\nname = "gsm"\ndriver = "gsm"\nport = "{modem.path}"\n'
    path.write_text(text + gsm)
    loaded = config.load(path)
    create_ledger(loaded.ledger_path)
    async with daemon.serve(loaded) as running:
        for number in range(_ANSWERS):
            new = members.NewMember(phone=f"+5037123000{number}", name=f"N {number}")
            await running.store.write(
                lambda tx, new=new: members.add(tx, new, actor="bench")  # type: ignore[misc]
            )
        await _until(
            lambda: all(link.state.status is LinkStatus.up for link in running.links)
        )
        yield running


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """All about modems."""

    #: Ours first.
    rates: list[Rates]
    back_s: float
    owed_s: float
    answered_s: float


async def measure(folder: Path, rounds: int = 3) -> Measured:
    """Measure everything about modems; rates are medians of the rounds."""
    logs.setup(level="error", form="keyvalue")
    (folder / "back").mkdir()
    tries = []
    for number in range(rounds):
        (folder / f"ours{number}").mkdir()
        tries.append(await ours(folder / f"ours{number}"))
    mine = Rates(
        name="smsgate",
        received=statistics.median(one.received or 0.0 for one in tries),
        sent=statistics.median(one.sent or 0.0 for one in tries),
    )
    theirs = await asyncio.to_thread(others, folder)
    owed_s, answered_s = await behind_a_campaign_s(folder / "town")
    return Measured(
        rates=[mine, *theirs],
        back_s=await back_s(folder / "back", rounds),
        owed_s=owed_s,
        answered_s=answered_s,
    )

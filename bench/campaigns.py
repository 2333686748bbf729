"""Campaigns: how fast a million are written down, and whom that keeps waiting.

What comes in: a folder and how many people. What goes out: seconds and memory of an
expansion, of a preview, waits of payments beside a campaign, and how far the finish
time that staff are told is from an emulated run. `python -m bench.campaigns expand
FOLDER PEOPLE` prints one JSON line, so that memory is that of one process.
"""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
import statistics
import sys
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from datetime import time as hour
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bench import whole
from modem.link import Capabilities, LinkState, LinkStatus, Sent
from smsgate import config
from smsgate.campaigns import freezing, steps
from smsgate.campaigns.audience.people import choose
from smsgate.campaigns.forecast import Lane, ends_ms
from smsgate.campaigns.hours import Hours
from smsgate.campaigns.plan import Plan, Wording
from smsgate.campaigns.queueing import Terms
from smsgate.campaigns.rows import Stage, State, by_name, counts
from smsgate.clock import Clock, to_ms
from smsgate.gateway.out.routing import Routing
from smsgate.gateway.out.sending import Sender
from smsgate.gateway.timekeeping import Timekeeper
from smsgate.gateway.unasked.campaigning import Campaigning
from smsgate.messages import outbox
from smsgate.messages.pacing import Pacing
from smsgate.operations.campaigning.requests import (
    CampaignApprove,
    CampaignNew,
    CampaignPause,
    CampaignPreview,
    CampaignResume,
    CampaignStart,
)
from smsgate.operations.door.alone import perform_alone
from smsgate.operations.door.asking import ask
from smsgate.store import Store, create_ledger
from smsgate.store.runs import begin_run

if TYPE_CHECKING:
    from collections.abc import Mapping

    from modem.link import House as LinkHouse
    from modem.link import Outgoing
    from smsgate.campaigns.rows import Campaign
    from smsgate.store import Tx

ZONE = ZoneInfo("America/El_Salvador")
HOURS = Hours(opens=hour(8), closes=hour(18), days=frozenset(range(6)), zone=ZONE)
PLAN = Plan(
    text=Wording(es="Hola {nombre}: pan dulce hoy a 2.00", en="Sweet bread today"),
    fallbacks={"nombre": "vecino"},
    rule="opted_in = yes",
)
_DIGITS = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
#: Shares no factor with 10.
_SCATTER = 3_874_207
_NAMES = ("Ana", "José Ángel", "María de los Ángeles Hernández", "Beto")


def fill(path: Path, people: int) -> None:
    """Give a ledger so many members who want promotions, past every function."""
    database = sqlite3.connect(path, isolation_level=None)
    for pragma in ("synchronous=OFF", "foreign_keys=OFF", "cache_size=-64000"):
        database.execute(f"PRAGMA {pragma}")
    (last,) = database.execute("SELECT coalesce(max(id), 0) FROM account").fetchone()
    numbers = range(last + 1, last + people + 1)
    database.execute("BEGIN")
    database.executemany(
        "INSERT INTO account (id, kind, credit_limit, created_ms)"
        " VALUES (?, 'member', 10000, 0)",
        ((number,) for number in numbers),
    )
    database.executemany(
        "INSERT INTO member (account, code, name, kind, language, promos, created_ms)"
        " VALUES (?, ?, ?, 'consumer', 'es', 1, 0)",
        ((number, _code(number), _NAMES[number % 4]) for number in numbers),
    )
    database.executemany(
        "INSERT INTO phone (msisdn, account) VALUES (?, ?)",
        # In no order, like real ones.
        ((f"+5036{number * _SCATTER % 10**7:07}", number) for number in numbers),
    )
    database.execute("COMMIT")
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    # Else the system writes it down while something is measured.
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _code(number: int) -> str:
    """Return five characters, the first of them a letter: no member drew it."""
    rest, code = number, ""
    for _ in range(4):
        rest, place = divmod(rest, len(_DIGITS))
        code = _DIGITS[place] + code
    return _DIGITS[10 + rest % 24] + code


# ---- written down


@dataclass(frozen=True, slots=True, kw_only=True)
class Expanded:
    """An audience that was written down."""

    seconds: float
    people: int
    #: How much the process grew at most meanwhile.
    grown_mib: float


async def expand(path: Path, name: str = "million") -> Expanded:
    """Write everybody down, as an approval does."""
    async with await Store.open(path, Clock()) as store:
        campaign = await store.write(
            partial(steps.new, name=name, plan=PLAN, author="bench")
        )
        before = _memory_mib("VmRSS")
        begun = time.perf_counter()
        campaign = await freezing.begin(store, campaign.id)
        choice = choose(
            store.peek,
            PLAN,
            now_ms=store.newest_ms,
            decimals=2,
            zone=ZONE,
            language="es",
        )
        people = 0
        async for count in freezing.expand(store, Clock(), campaign, choice):
            people = count
        await store.write(lambda tx: steps.frozen(tx, steps.required(tx, campaign.id)))
        seconds = time.perf_counter() - begun
        return Expanded(
            seconds=seconds,
            people=people,
            grown_mib=_memory_mib("VmHWM") - before,
        )


def _memory_mib(what: str) -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{what}:"):
            return int(line.split()[1]) / 1024
    return 0.0


async def expanded_alone(folder: Path, people: int) -> Expanded:
    """Do it in a process of its own, whose memory is nothing else's."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.campaigns", "expand", str(folder), str(people)),
        stdout=asyncio.subprocess.PIPE,
    )
    printed, _ = await process.communicate()
    return Expanded(**json.loads(printed))


# ---- previewed


async def preview_s(folder: Path, people: int) -> float:
    """Return how long a preview of so many people takes, from the request on."""
    config.write_initial(folder)
    loaded = config.load(folder / "config.toml")
    create_ledger(loaded.ledger_path)
    fill(loaded.ledger_path, people)
    told = partial(perform_alone, loaded, actor="bench", progress=lambda *_: None)
    await told(_new("preview"))
    begun = time.perf_counter()
    answer = await told(CampaignPreview(name="preview"))
    if answer.document["people"] != people:
        raise RuntimeError(f"it counted {answer.document['people']} people")
    return time.perf_counter() - begun


def _new(name: str) -> CampaignNew:
    return CampaignNew(
        name=name,
        text_es=PLAN.text.es,
        fallbacks=dict(PLAN.fallbacks),
        rule=PLAN.rule,
    )


# ---- beside payments

_ALWAYS = """
[campaigns]
hours = "00:00-23:59"
days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
most = 0
"""


async def _town(folder: Path, people: int) -> tuple[whole.House, Any]:
    """Make a house with payers, and so many people to promote to at any hour."""
    house = await whole.build(folder)
    text = house.config.read_text()
    begins = text.index("[campaigns]")
    ends = text.index("\n[", begins)
    text = text[:begins] + _ALWAYS.strip() + "\n" + text[ends:]
    text = text.replace("per_minute = 6\n", "per_minute = 60\n")
    text = text.replace("per_hour = 200\n", "per_hour = 3600\n")
    house.config.write_text(
        text.replace("approve_people = 100", "approve_people = 1000000")
    )
    loaded = config.load(house.config)
    fill(loaded.ledger_path, people)
    return house, loaded


@dataclass(frozen=True, slots=True, kw_only=True)
class Waited:
    """Payments beside an audience that is written down."""

    #: Median of the windows' 99th percentiles, and of windows before it began.
    p99_ms: float
    idle_p99_ms: float
    #: Whether all of them were made.
    complete: bool


async def beside_expansion(folder: Path, people: int, per_s: float) -> Waited:
    """Pay at a rate while so many are counted and written down, as at an approval."""
    house, loaded = await _town(folder, people)
    windows: list[tuple[int, int, float, float]] = []
    async with whole.running(house):
        idle = [await whole.payments(house, per_s, 4.0, seed=50 + n) for n in range(3)]
        await _ask(loaded, _new("million"))
        async with asyncio.TaskGroup() as group:
            approving = group.create_task(_ask(loaded, CampaignApprove(name="million")))
            while not approving.done():
                seed = 100 + len(windows)
                windows.append(await whole.payments(house, per_s, 4.0, seed=seed))
        if approving.result()["state"] != State.approved:
            raise RuntimeError(f"it was not approved: {approving.result()}")
    # The last window may reach beyond the end.
    during = windows[:-1] or windows
    return Waited(
        p99_ms=statistics.median(p99 for *_, p99 in during),
        idle_p99_ms=statistics.median(p99 for *_, p99 in idle),
        complete=all(offered == done for offered, done, *_ in windows),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """Payments beside a campaign under way."""

    #: Of the 99th percentile over all turns with it to that without.
    ratio: float
    p99_ms: float
    #: Texts of the campaign that went out meanwhile.
    went: int


async def beside_queue(
    folder: Path, people: int, per_s: float, turns: int, seconds: float = 8.0
) -> Beside:
    """Pay with and without a campaign under way, by turns."""
    house, loaded = await _town(folder, people)
    with_it: list[float] = []
    alone: list[float] = []
    async with whole.running(house):
        for request in (
            _new("queue"),
            CampaignApprove(name="queue"),
            CampaignStart(name="queue"),
        ):
            await _ask(loaded, request)
        for turn in range(turns):
            with_it += (await whole.waits(house, per_s, seconds, seed=2 * turn))[1]
            await _ask(loaded, CampaignPause(name="queue"))
            alone += (await whole.waits(house, per_s, seconds, seed=2 * turn + 1))[1]
            await _ask(loaded, CampaignResume(name="queue"))
    async with await Store.open(loaded.ledger_path, Clock()) as store:
        found = by_name(store.peek, "queue")
        left = {} if found is None else counts(store.peek, found.id)
    p99_ms = whole.quantile_ms(with_it, 0.99)
    return Beside(
        ratio=p99_ms / whole.quantile_ms(alone, 0.99),
        p99_ms=p99_ms,
        went=people - left.get(Stage.waiting, 0) - left.get(Stage.queued, 0),
    )


async def _ask(loaded: Any, request: Any) -> dict[str, Any]:
    answer = await asyncio.to_thread(
        ask, loaded.socket_path, request, as_name="", progress=lambda *_: None
    )
    return answer.document


# ---- the finish time that is told


class MovedClock(Clock):
    """A clock that the emulation moves."""

    def __init__(self, ms: int) -> None:
        """Stand at this moment."""
        self.ms = ms

    def now_ms(self) -> int:
        """Return where it stands."""
        return self.ms

    def monotonic(self) -> float:
        """Return the same in seconds."""
        return self.ms / 1000


class InstantLink:
    """A link that takes everything at once."""

    def __init__(self, name: str, clock: MovedClock) -> None:
        """Be up."""
        self.name = name
        self.capabilities = Capabilities(window=1)
        self.state = LinkState(status=LinkStatus.up)
        self._clock = clock
        #: When each text went.
        self.went_ms: list[int] = []

    async def run(self, house: LinkHouse) -> None:
        """Receive nothing."""

    async def send(self, outgoing: Outgoing) -> Sent:
        """Take it."""
        self.went_ms.append(self._clock.ms)
        return Sent()


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One campaign that is foretold and emulated."""

    texts: int
    links: int
    per_hour: int | None
    starts: str


CASES = (
    # Into the night, over a Sunday, and on Monday.
    Case(texts=2_900, links=1, per_hour=None, starts="2026-03-06 15:00"),
    Case(texts=1_500, links=2, per_hour=None, starts="2026-03-02 09:00"),
    Case(texts=900, links=1, per_hour=120, starts="2026-03-02 13:00"),
    Case(texts=60, links=1, per_hour=None, starts="2026-03-02 20:00"),
)


async def forecast_error(folder: Path, case: Case) -> float:
    """Return how far the told finish is from the emulated one, as a share."""
    at = datetime.fromisoformat(case.starts).replace(tzinfo=ZONE)
    clock = MovedClock(to_ms(at))
    names = [f"sim{number}" for number in range(1, case.links + 1)]
    lanes = [Lane(name=name, per_minute=6, per_hour=200) for name in names]
    told = ends_ms(case.texts, lanes, HOURS, clock.ms, case.per_hour)
    if told is None:
        raise RuntimeError("it was told to never end")
    links = [InstantLink(name, clock) for name in names]
    begun = clock.ms
    path = folder / "ledger.sqlite"
    create_ledger(path)
    fill(path, case.texts)
    await _emulate(path, clock, links, case)
    went = sorted(ms for link in links for ms in link.went_ms)
    if len(went) != case.texts:
        raise RuntimeError(f"{len(went)} of {case.texts} texts went")
    return abs(told - went[-1]) / (went[-1] - begun)


async def _emulate(
    path: Path, clock: MovedClock, links: list[InstantLink], case: Case
) -> None:
    """Play a campaign through the real feeding, pacing and senders."""
    terms = Terms(hours=HOURS, network="Red", language="es", decimals=2)
    async with await Store.open(path, clock) as store:
        run = await store.write(begin_run)
        paces = {link.name: Pacing(per_minute=6, per_hour=200) for link in links}
        routing = Routing({link.name: link for link in links}, store, clock)
        send = partial(Sender, store=store, clock=clock, run=run, routing=routing)
        senders = {one.name: send(one, pacing=paces[one.name]) for one in links}
        campaigning = Campaigning(
            store,
            clock,
            senders,
            time=Timekeeper(store, clock, 0),
            terms=terms,
            zone=ZONE,
        )
        campaign = await _started(store, case)
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one.run()) for one in senders.values()]
            while True:
                while (await campaigning.once()).moved:
                    pass
                await _settle(store, senders.values())
                found = by_name(store.peek, campaign.name)
                if found is None or found.state is State.finished:
                    break
                clock.ms = _next_ms(store, clock.ms, paces)
            for task in tasks:
                task.cancel()


async def _started(store: Store, case: Case) -> Campaign:
    campaign = await store.write(
        partial(steps.new, name="x", plan=PLAN, author="bench", per_hour=case.per_hour)
    )
    campaign = await freezing.begin(store, campaign.id)
    choice = choose(
        store.peek,
        PLAN,
        now_ms=store.newest_ms,
        decimals=2,
        zone=ZONE,
        language="es",
    )
    async for _ in freezing.expand(store, Clock(), campaign, choice):
        pass

    def begin(tx: Tx) -> Campaign:
        ready = steps.frozen(tx, steps.required(tx, campaign.id))
        agreed = steps.approve(tx, ready, by="bench", actor="bench")
        ends = tx.now_ms + round(timedelta(days=30).total_seconds() * 1000)
        return steps.start(tx, agreed, actor="bench", not_after_ms=ends)

    return await store.write(begin)


async def _settle(store: Store, senders: Any) -> None:
    """Let the senders take what they may take now."""
    for sender in senders:
        sender.wake()
    while True:
        for _ in range(5):
            await asyncio.sleep(0)
        for sender in senders:
            await sender.idle.wait()
        await store.write(lambda _: None)
        if all(sender.idle.is_set() for sender in senders):
            return


def _next_ms(store: Store, now_ms: int, paces: Mapping[str, Pacing]) -> int:
    """Return the next moment at which anything may go."""
    if not HOURS.open_at(now_ms):
        return HOURS.next_open_ms(now_ms)
    moments = []
    for link, pace in paces.items():
        due_ms = outbox.next_due_ms(store.peek, link)
        wait_ms = round(pace.allows(now_ms / 1000) * 1000)
        # Where none is queued, its campaign may queue one in a second.
        queued_ms = now_ms + 1_000 if due_ms is None else due_ms
        moments.append(max(now_ms + wait_ms, queued_ms))
    return max(now_ms + 1, min(moments))


def main() -> None:
    """Write so many down in this process, and print what it took."""
    folder, people = Path(sys.argv[2]), int(sys.argv[3])
    path = folder / "expand.sqlite"
    create_ledger(path)
    fill(path, people)
    made = asyncio.run(expand(path))
    for one in folder.glob("expand.sqlite*"):
        one.unlink()
    print(
        json.dumps(
            {
                "seconds": made.seconds,
                "people": made.people,
                "grown_mib": made.grown_mib,
            }
        )
    )


if __name__ == "__main__":
    main()

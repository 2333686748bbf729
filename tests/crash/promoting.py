"""Kill a house in the middle of a campaign, and put old copies back, again and again.

What comes in: a folder, a seed, how many people and how many deaths. What goes out: a
tally, or a broken promise. A death takes the ledger's files as they stand at one moment
of the writer, in the middle of whatever is under way, and goes on with those: what the
old house does from then on never happened. Texts that a link was given are counted on
the far side of the wire. At times an older backup is put in the ledger's place.
`python -m tests.crash.promoting` is the long form.
"""

from __future__ import annotations

import argparse
import asyncio
import random  # noqa: TID251 - seeded, and the seed is printed
import shutil
import sys
import tempfile
import time
from collections import Counter
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from modem.errors import LinkDown
from modem.link import Capabilities, Sent
from smsgate import members
from smsgate.campaigns import freezing, steps
from smsgate.campaigns.audience.people import choose
from smsgate.campaigns.rows import State
from smsgate.gateway.unasked.campaigning import Campaigning
from smsgate.gateway.unasked.putback import hold_still
from smsgate.messages import outbox
from smsgate.messages.pacing import Pacing
from smsgate.store import end_review
from tests.smsgate.gatehouse import HandLink, gatehouse
from tests.smsgate.mailroom import StoppedClock
from tests.smsgate.promoter import STAFF, TERMS, ZONE, plan

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from modem.link import Outgoing
    from smsgate.store import Store, Tx
    from tests.smsgate.gatehouse import Gatehouse

LINKS = ("sim1", "sim2")
_WINDOW = 4
#: Texts of a hundred that a link does not take at once.
_DOWN = 4


@dataclass
class Wire(HandLink):
    """A link whose far side counts, and which dies with its house."""

    chance: random.Random = field(default_factory=random.Random)
    alive: bool = True
    #: Whom it wrote to in this life, in order.
    wrote: list[str] = field(default_factory=list)

    async def send(self, outgoing: Outgoing) -> Sent:
        """Dawdle, write unless dead, dawdle, and answer unless dead."""
        await self._dawdle()
        if self.alive and self.chance.randrange(100) < _DOWN:
            raise LinkDown("no signal")
        if self.alive:
            self.wrote.append(outgoing.to)
        await self._dawdle()
        return Sent(references=(str(outgoing.id),))

    async def _dawdle(self) -> None:
        for _ in range(self.chance.randrange(4)):
            await asyncio.sleep(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A backup, and what the world was like when it was made."""

    path: Path
    written: Counter[str]


@dataclass
class Tally:
    """What happened, and what was found at the end."""

    seed: int
    deaths: int = 0
    restores: int = 0
    texts: int = 0
    unsure: int = 0
    #: Texts that a person let go once more by resuming a campaign of a copy.
    again: int = 0

    def __str__(self) -> str:
        """Tell it on one line."""
        return (
            f"seed {self.seed}: {self.deaths} deaths, {self.restores} copies put back, "
            f"{self.texts} texts, {self.unsure} unsure, {self.again} twice on a "
            "person's word"
        )


class Promoting:
    """One campaign through many short lives."""

    def __init__(self, folder: Path, people: int, seed: int) -> None:
        self._root = folder
        self._people = people
        self._chance = random.Random(seed)
        self._clock = StoppedClock()
        self._lives = 0
        self._folder = self._fresh()
        self._campaign = 0
        #: How often each phone was written to, in all lives.
        self.written: Counter[str] = Counter()
        #: How often it may be: once, and once more for each resume after its gap.
        self.allowed: Counter[str] = Counter()
        #: What each phone that is in doubt had been written when it came to be so.
        self.doubted: dict[str, int] = {}
        self._copies: list[Copy] = []
        self.tally = Tally(seed=seed)

    def _fresh(self) -> Path:
        self._lives += 1
        made = self._root / f"life{self._lives}"
        made.mkdir()
        return made

    # ---- the beginning

    async def begin(self) -> None:
        """Make the people and have the campaign started."""
        async with self._life() as (gate, _, _):
            store = gate.store
            for start in range(0, self._people, 1_000):
                await store.write(partial(self._join, start=start))
            campaign = await store.write(
                lambda tx: steps.new(tx, name="pan", plan=plan(), author=STAFF)
            )
            self._campaign = campaign.id
            await self._freeze(store)
            await store.write(self._start)
        self.allowed = Counter(self._phones())

    def _phones(self) -> list[str]:
        return [f"+5037{number:07}" for number in range(self._people)]

    def _join(self, tx: Tx, start: int) -> None:
        for phone in self._phones()[start : start + 1_000]:
            members.add(
                tx, members.NewMember(phone=phone, name="Ana", promos=True), actor="x"
            )

    async def _freeze(self, store: Store) -> None:
        campaign = await freezing.begin(store, self._campaign)
        choice = choose(
            store.peek,
            campaign.plan,
            now_ms=self._clock.now_ms(),
            decimals=2,
            zone=ZONE,
            language="es",
        )
        async for _ in freezing.expand(store, self._clock, campaign, choice):
            pass

    def _start(self, tx: Tx) -> None:
        ready = steps.frozen(tx, steps.required(tx, self._campaign))
        agreed = steps.approve(tx, ready, by="oscar", actor="uid:1")
        # So long that the model's own time does not end it.
        ends = tx.now_ms + 7 * 86_400_000
        steps.start(tx, agreed, actor=STAFF, not_after_ms=ends)

    # ---- lives

    @asynccontextmanager
    async def _life(self) -> AsyncIterator[tuple[Gatehouse, list[Wire], Campaigning]]:
        """Open the house on the ledger as it stands, as the daemon does."""
        wires = [
            Wire(
                name=name,
                capabilities=Capabilities(window=_WINDOW),
                chance=self._chance,
            )
            for name in LINKS
        ]
        pacing = partial(Pacing, per_minute=10**6, per_hour=10**6)
        async with gatehouse(
            self._folder, links=wires, clock=self._clock, pacing=pacing
        ) as gate:
            store = gate.store
            run = gate.setting.house.run
            await store.write(lambda tx: outbox.sweep(tx, run))
            await hold_still(store, gate.setting.newest_ms)
            campaigning = Campaigning(
                store,
                self._clock,
                gate.senders,
                time=gate.gateway.time,
                terms=TERMS,
                zone=ZONE,
            )
            await campaigning.begin()
            yield gate, wires, campaigning

    async def live(self, texts: int | None) -> None:
        """Live until so many more texts were written, and die; None: to the end."""
        async with self._life() as (gate, wires, campaigning):
            self._judge_start(gate)
            async with gate.sending():
                await self._work(gate, wires, campaigning, texts)
                if texts is not None:
                    await self._die(gate, wires)
            for wire in wires:
                self.written.update(wire.wrote)
                self.tally.texts += len(wire.wrote)
        self._judge()

    async def _work(
        self,
        gate: Gatehouse,
        wires: list[Wire],
        campaigning: Campaigning,
        texts: int | None,
    ) -> None:
        while texts is None or sum(len(wire.wrote) for wire in wires) < texts:
            self._clock.ms += 400
            await campaigning.once()
            for _ in range(self._chance.randrange(1, 6)):
                await gate.store.write(lambda _: None)
            for sender in gate.senders.values():
                sender.wake()
            if self._over(gate):
                return

    def _over(self, gate: Gatehouse) -> bool:
        (row,) = gate.rows("SELECT state, swept FROM campaign")
        return row["state"] == State.finished and bool(row["swept"])

    async def _die(self, gate: Gatehouse, wires: list[Wire]) -> None:
        """Take the files as they are at one moment; nothing later counts."""
        then = self._fresh()
        here = self._folder

        def die(_: object) -> None:
            for wire in wires:
                wire.alive = False
            for end in ("", "-wal"):
                path = here / f"ledger.sqlite{end}"
                if path.exists():
                    shutil.copyfile(path, then / path.name)

        await gate.store.write(die)
        self._folder = then
        self.tally.deaths += 1

    # ---- copies

    async def back_up(self) -> None:
        """Keep a copy of the ledger as it is between two lives."""
        path = self._root / f"copy{self._lives}.sqlite"
        async with gatehouse(self._folder, clock=self._clock) as gate:
            await gate.store.snapshot(path)
        self._copies.append(Copy(path=path, written=Counter(self.written)))

    async def put_back(self) -> None:
        """Put an older copy in the ledger's place; a person resumes after a while."""
        copy = self._chance.choice(self._copies)
        self._folder = self._fresh()
        shutil.copyfile(copy.path, self._folder / "ledger.sqlite")
        async with self._life() as (gate, wires, campaigning):
            before = self._waiting(gate)
            async with gate.sending():
                for _ in range(5):
                    self._clock.ms += 10_000
                    await campaigning.once()
                    await gate.housekeeping.once()
                    for sender in gate.senders.values():
                        sender.wake()
                    await gate.settled()
            assert not any(wire.wrote for wire in wires), "sent from a copy"
            rows = gate.rows("SELECT state, why FROM campaign")
            if rows[0]["state"] != State.finished:
                assert tuple(rows[0]) == (State.paused, steps.RESTORED)
                assert self._waiting(gate) == before
                await gate.store.write(end_review)
                await gate.store.write(self._resume)
                # These the copy knows nothing of: the person lets them have it again.
                gap = self.written - copy.written
                for phone in gap:
                    self.allowed[phone] = self.written[phone] + 1
            self.doubted = {
                row["msisdn"]: self.written[row["msisdn"]]
                for row in gate.rows(
                    "SELECT msisdn FROM recipient WHERE state='unsure'"
                )
            }
        # A copy of a later time would bring back what this house never did.
        self._copies = [one for one in self._copies if one.path == copy.path]
        self.tally.restores += 1

    def _resume(self, tx: Tx) -> None:
        steps.resume(tx, steps.required(tx, self._campaign), actor=STAFF)

    def _waiting(self, gate: Gatehouse) -> int:
        (row,) = gate.rows(
            "SELECT count(*) AS n FROM recipient WHERE state IN ('waiting', 'queued')"
        )
        return int(row["n"])

    # ---- judging

    def _judge_start(self, gate: Gatehouse) -> None:
        """Whoever was being written to at the death is unsure, and stays so."""
        rows = gate.rows("SELECT msisdn, state FROM recipient")
        assert len(rows) == self._people
        for row in rows:
            phone = row["msisdn"]
            assert row["state"] != "sending"
            if row["state"] == "unsure" and phone not in self.doubted:
                self.doubted[phone] = self.written[phone]
            if row["state"] in ("sent", "delivered"):
                assert self.written[phone], f"{phone} is called sent and was not"
        unsure = {row["msisdn"] for row in rows if row["state"] == "unsure"}
        assert set(self.doubted) == unsure

    def _judge(self) -> None:
        for phone, count in self.written.items():
            assert count <= self.allowed[phone], f"{phone} was written to {count} times"
        for phone, count in self.doubted.items():
            assert self.written[phone] == count, f"{phone} was unsure, and written to"

    async def finish(self) -> Tally:
        """Live to the end; nobody may have been skipped."""
        await self.live(None)
        async with gatehouse(self._folder, clock=self._clock) as gate:
            self._judge_start(gate)
            states = Counter(
                row["state"] for row in gate.rows("SELECT state FROM recipient")
            )
            assert set(states) <= {"sent", "unsure"}, states
            assert states["sent"] + states["unsure"] == self._people
        self.tally.unsure = states["unsure"]
        self.tally.again = sum(
            count - 1 for count in self.written.values() if count > 1
        )
        missed = set(self._phones()) - set(self.written) - set(self.doubted)
        assert not missed, f"{len(missed)} were skipped"
        return self.tally


async def promote(folder: Path, *, people: int, deaths: int, seed: int) -> Tally:
    """Play it; every fifth life a copy is made, every seventh one is put back.

    Raises:
        AssertionError: a promise was broken.
    """
    playing = Promoting(folder, people, seed)
    await playing.begin()
    each = max(1, people // (deaths + 1))
    draw = random.Random(seed)
    for death in range(deaths):
        await playing.live(draw.randrange(1, 2 * each))
        if death % 5 == 1:
            await playing.back_up()
        if death % 7 == 6:
            await playing.put_back()
    return await playing.finish()


def main() -> int:
    """Play the long form and tell what came of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.crash.promoting")
    parser.add_argument("--people", type=int, default=5_000)
    parser.add_argument("--deaths", type=int, default=200)
    parser.add_argument("--seed", type=int, default=time.monotonic_ns() % 1_000_000)
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)  # noqa: T201 - a command's output
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger("critical"))
    with tempfile.TemporaryDirectory() as name:
        tally = asyncio.run(
            promote(
                Path(name),
                people=options.people,
                deaths=options.deaths,
                seed=options.seed,
            )
        )
    print(tally)  # noqa: T201 - a command's output
    return 0


if __name__ == "__main__":
    sys.exit(main())

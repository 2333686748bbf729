"""Kill the daemon at chosen moments, start it again, and look for what it lost.

What comes in: a folder, a seed and how many deaths. What goes out: a tally of the
moments, or a broken promise. The modem lives in this process and outlives each daemon,
as a SIM and a network do; it also tells when a text is listed, deleted or typed, and
the shot follows such a step by a short random time. With a `Power` every death is also
a power cut. The crowd is in `tests.crash.crowd`, the judging in `tests.crash.court`.
"""

from __future__ import annotations

import asyncio
import queue
import random  # noqa: TID251 - seeded, and the seed is printed
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from modem.errors import PduError
from modem.pdu import decode_submit
from modem.simulator import DELIVERED, EmulatedModem, What
from smsgate import config, daemon
from smsgate.clock import Clock
from tests.crash import court
from tests.crash.crowd import Crowd
from tests.crash.house import PATIENCE_S, Process, build

if TYPE_CHECKING:
    from pathlib import Path

    from modem.simulator import Happening
    from tests.crash.crowd import Said
    from tests.crash.house import House
    from tests.faults.shim import Power

#: Seconds the radio needs for a text; what is on the wire is on it for so long.
_RADIO_S = 0.03
#: Seconds the modem takes over any other command.
_LATENCY_S = 0.003
_NAMES = ("Ana", "Beto", "Carla", "Dina", "Elmer", "Fidel", "Guido", "Hugo")
_SLOTS = 40
#: An unsure receipt goes once more after a minute.
_LATER_MS = 65_000


class Phase(StrEnum):
    """What the daemon was at, with the text it was shot at."""

    before_reading = "before reading"
    read = "read, not deleted"
    owed = "deleted, reply owed"
    wire = "reply on the wire"
    idle = "idle"


#: Those between the first byte read and the end of all that the text asks for.
AT_WORK = frozenset({Phase.read, Phase.owed, Phase.wire})
_AIMS = (
    [Phase.before_reading] * 2
    + [Phase.read] * 8
    + [Phase.owed] * 4
    + [Phase.wire] * 5
    + [Phase.idle]
)
#: Which step the shot follows, and by how many seconds at least and at most.
_AFTER = {
    Phase.read: (What.listed, 0.002, 0.015),
    Phase.owed: (What.deleted, 0.0, 0.004),
    Phase.wire: (What.typed, 0.0, 0.8 * _RADIO_S),
}


class LaterClock(Clock):
    """A minute ahead of the world, so that nobody has to wait for it."""

    def now_ms(self) -> int:
        """Return the time in a minute."""
        return super().now_ms() + _LATER_MS


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many deaths fell where."""

    seed: int
    phases: Counter[Phase]
    texts: int
    #: Answers that went out once more because nobody could know.
    again: int

    @property
    def at_work(self) -> int:
        """Deaths in the middle of something."""
        return sum(self.phases[phase] for phase in AT_WORK)

    def __str__(self) -> str:
        """Tell it on one line."""
        told = ", ".join(f"{phase} {self.phases[phase]}" for phase in Phase)
        return (
            f"seed {self.seed}: {self.phases.total()} deaths ({told}), "
            f"{self.texts} texts, {self.again} answers once more"
        )


@dataclass(slots=True, kw_only=True)
class Killing:
    """One house, one modem, many short lives."""

    house: House
    modem: EmulatedModem
    chance: random.Random
    seed: int
    power: Power | None = None
    crowd: Crowd = field(init=False)
    witness: court.Witness = field(init=False)
    phases: Counter[Phase] = field(default_factory=Counter)
    _steps: queue.SimpleQueue[Happening] = field(default_factory=queue.SimpleQueue)

    def __post_init__(self) -> None:
        """Watch the modem."""
        self.crowd = Crowd(self.house, self.modem, self.chance)
        self.witness = court.Witness(crowd=self.crowd, modem=self.modem)
        self.modem.on_happening(self._saw)

    def _saw(self, happening: Happening) -> None:
        self.witness.saw(happening)
        self._steps.put(happening)

    def deaths(self, count: int) -> None:
        """Live and die so often."""
        aims: list[Phase] = []
        for _ in range(count):
            # From a shuffled pack, so that every moment has its share.
            aims = aims or self.chance.sample(_AIMS, len(_AIMS))
            aim = aims.pop()
            # Without reports an answer cut off stays in doubt, and goes once more.
            reports = DELIVERED if self.chance.random() < 0.5 else None
            self.modem.report_by_itself(reports)
            self._life(aim)
            court.after_death(self.house, self.witness, self.modem)

    def _life(self, aim: Phase) -> None:
        self.witness.new_life()
        self._repeat_stragglers()
        self.crowd.repeat()
        self.crowd.talk(self.chance.randint(1, 4))
        process = Process(self.house, environment=self._environment())
        try:
            target = self._await(aim, process)
        finally:
            process.kill()
        if self.power is not None:
            self.power.cut()
        self.phases[self._phase(target)] += 1

    def _repeat_stragglers(self) -> None:
        """Deliver texts again of which a death left only some parts on the SIM.

        Alone they would be waited for, for half an hour.
        """
        stored = [self.crowd.of(pdu) for pdu in self.modem.stored().values()]
        for said in dict.fromkeys(stored):
            if said is not None and said in self.witness.acknowledged:
                self.crowd.deliver(said)

    def _environment(self) -> dict[str, str]:
        return {} if self.power is None else self.power.environment()

    def _await(self, aim: Phase, process: Process) -> Said:
        """Wait for the moment to shoot; return the text that is shot at."""
        match aim:
            case Phase.before_reading:
                _pause(self.chance.uniform(0, 0.5))
                return self.crowd.said[-1]
            case Phase.idle:
                self._until_calm(process)
                _pause(self.chance.uniform(0, 0.05))
                return self.crowd.said[-1]
            case _:
                what, least_s, most_s = _AFTER[aim]
        process.until_said("daemon.ready")
        self._until_emptied(process)
        while not self._steps.empty():
            self._steps.get()
        self.crowd.pay()
        self.crowd.talk(self.chance.randint(0, 3))
        target = self._step(what, process)
        _pause(self.chance.uniform(least_s, most_s))
        return target

    def _step(self, what: What, process: Process) -> Said:
        """Wait for a step of one of the crowd's texts."""
        while True:
            assert process.alive, process.said
            happening = self._steps.get(timeout=PATIENCE_S)
            if happening.what is not what:
                continue
            if what is What.typed:
                return self._answered(happening.pdu) or self.crowd.said[-1]
            said = self.crowd.of(happening.pdu)
            # Only where something is paid there are two to be told.
            if said is not None and (said.pays or what is not What.deleted):
                return said

    def _answered(self, pdu: bytes) -> Said | None:
        """Return the text that a typed PDU answers."""
        rows = self.house.rows(
            "SELECT i.sender, i.sent_ms FROM outbox o JOIN inbox i ON i.id = o.inbox"
            " WHERE o.recipient = ? AND o.body = ? ORDER BY o.id DESC",
            _shown(pdu),
        )
        by_row = {(said.who.phone, said.sent_ms): said for said in self.crowd.said}
        return by_row.get(tuple(rows[0])) if rows else None

    def _phase(self, said: Said) -> Phase:
        """Tell from outside what had become of a text at the death."""
        owed = self.house.rows(
            "SELECT o.recipient, o.body, o.state FROM outbox o"
            " JOIN inbox i ON i.id = o.inbox WHERE i.sender = ? AND i.sent_ms = ?",
            (said.who.phone, said.sent_ms),
        )
        open_rows = [row for row in owed if row["state"] not in ("sent", "delivered")]
        typed = {_shown(pdu) for pdu in self.witness.typed}
        if any((row["recipient"], row["body"]) in typed for row in open_rows):
            return Phase.wire
        if said in self.witness.acknowledged:
            return Phase.owed if open_rows else Phase.idle
        begun = owed or self.witness.began_reading(said)
        return Phase.read if begun else Phase.before_reading

    def _until_emptied(self, process: Process) -> None:
        """Wait until nothing waits to be read."""
        deadline_s = time.monotonic() + PATIENCE_S
        while self.modem.waiting or self.modem.stored() or self.modem.stored("SM"):
            assert process.alive, process.said
            assert time.monotonic() < deadline_s, process.said
            _pause(0.01)

    def _until_calm(self, process: Process) -> None:
        """Wait until nothing is to be read, and nothing to be sent now."""
        self._until_emptied(process)
        deadline_s = time.monotonic() + PATIENCE_S
        while self._open("queued", "sending"):
            assert process.alive, process.said
            assert time.monotonic() < deadline_s, process.said
            _pause(0.02)

    def _open(self, *states: str) -> int:
        """Count what is owed in these states."""
        places = ", ".join("?" * len(states))
        (row,) = self.house.rows(
            f"SELECT count(*) AS n FROM outbox WHERE state IN ({places})", states
        )
        return int(row["n"])

    def finish(self) -> Tally:
        """Deliver all that was ever delivered once more, let all be sent, and judge."""
        self._repeat_stragglers()
        process = Process(self.house, environment=self._environment())
        process.until_said("daemon.ready")
        self._until_calm(process)
        self.crowd.listen()
        while self.crowd.answer():
            self._until_calm(process)
            self.crowd.listen()
        everything = list(self.crowd.said)
        self.chance.shuffle(everything)
        for said in everything:
            self.crowd.deliver(said)
        self._until_calm(process)
        assert process.stop() == 0, process.said
        asyncio.run(self._a_minute_later())
        court.after_death(self.house, self.witness, self.modem)
        court.at_the_end(self.house, self.crowd, self.modem)
        again = self.house.rows("SELECT count(*) AS n FROM outbox WHERE again = 1")
        return Tally(
            seed=self.seed,
            phases=self.phases,
            texts=len(self.crowd.said),
            again=int(again[0]["n"]),
        )

    async def _a_minute_later(self) -> None:
        """Let what was in doubt go once more."""
        loaded = config.load(self.house.config)
        async with daemon.serve(loaded, clock=LaterClock()):
            await asyncio.to_thread(self._until_sent)

    def _until_sent(self) -> None:
        deadline_s = time.monotonic() + PATIENCE_S
        while self._open("queued", "sending", "unsure"):
            assert time.monotonic() < deadline_s
            _pause(0.02)


def kill(
    folder: Path, *, deaths: int, seed: int, power_of: PowerOf | None = None
) -> Tally:
    """Kill a daemon so often and judge what is left.

    Raises:
        AssertionError: a promise was broken.
    """
    modem = EmulatedModem(slots=_SLOTS, radio_s=_RADIO_S, latency_s=_LATENCY_S).start()
    try:
        house = build(folder, _NAMES, port=modem.path, poor=_NAMES[-1:])
        killing = Killing(
            house=house,
            modem=modem,
            chance=random.Random(seed),
            seed=seed,
            power=None if power_of is None else power_of(house),
        )
        killing.deaths(deaths)
        return killing.finish()
    finally:
        modem.close()


def _pause(seconds: float) -> None:
    threading.Event().wait(seconds)


def _shown(pdu: bytes) -> tuple[str, str]:
    """Return recipient and text of a typed PDU."""
    try:
        submission = decode_submit(pdu)
    except PduError:
        return "", ""
    return submission.to, submission.text


if TYPE_CHECKING:
    from collections.abc import Callable

    PowerOf = Callable[[House], Power]

"""Whoever waits for `receive` may go away at any moment: a text is done, or it is not.

A webhook's caller hangs up, a link is stopped. `receive` is cancelled at each of its
awaits in turn; delivered again, the text is done exactly once and its answers go out.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from modem.link import Capabilities, Incoming, LinkState, LinkStatus, Sent
from smsgate import config, daemon
from smsgate.clock import Clock
from tests.crash.house import PATIENCE_S, build

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Coroutine, Generator
    from pathlib import Path

    from modem.link import House as LinkHouse
    from modem.link import Outgoing
    from tests.crash.house import House, Person

_UNSENT = "SELECT count(*) FROM outbox WHERE state NOT IN ('sent', 'delivered')"
#: More awaits than one text has.
_AWAITS_MAX = 40


class _Phones:
    """A link on which every text arrives at once."""

    name = "phones"
    capabilities = Capabilities(sent_times=True, window=2)
    state = LinkState(status=LinkStatus.up)

    def __init__(self) -> None:
        self.shown: Counter[tuple[str, str]] = Counter()

    async def run(self, house: LinkHouse) -> None:
        house.state_changed(self.name, self.state)
        await asyncio.Event().wait()

    async def send(self, outgoing: Outgoing) -> Sent:
        self.shown[outgoing.to, outgoing.text] += 1
        await asyncio.sleep(0)
        return Sent()

    async def showing(self) -> None:
        """Give what is being shown a moment to be put down."""
        await asyncio.sleep(0.01)


@dataclass(kw_only=True)
class _Street:
    """A running house and the phones before it."""

    house: House
    running: daemon.Running
    phones: _Phones
    sent: int = 0
    texts: list[Incoming] = field(default_factory=list)

    def text(self, who: Person, words: str) -> Incoming:
        """Write a text."""
        self.sent += 1
        at = datetime.fromtimestamp(Clock().now_ms() // 1000, tz=UTC)
        return Incoming(
            link="phones",
            key=f"text {self.sent}".encode(),
            sender=who.phone,
            text=words,
            sent_at=at,
        )

    async def settled(self) -> None:
        """Wait until all that was asked of the store is done, and all answers sent."""
        await self.running.store.write(lambda _: None)
        async with asyncio.timeout(PATIENCE_S):
            while await self.count(_UNSENT):
                await self.phones.showing()

    async def count(self, sql: str, *values: object) -> int:
        """Return the one number of a SELECT."""
        (row,) = await self.running.store.read(sql, values)
        return int(row[0])


@asynccontextmanager
async def street(house: House) -> AsyncIterator[_Street]:
    """Run a house with phones for a link."""
    phones = _Phones()
    async with daemon.serve(config.load(house.config), links=[phones]) as running:
        yield _Street(house=house, running=running, phones=phones)


class CancelledAt:
    """A coroutine whose task is cancelled at its n-th await, as `Task.cancel` does."""

    def __init__(self, work: Coroutine[Any, Any, None], place: int) -> None:
        """Wait for `work`; `place` counts from 1."""
        self._work = work
        self._place = place
        #: Whether it came to that await at all.
        self.struck = False

    async def run(self) -> None:
        """Carry it out; end quietly when it was cancelled."""
        try:
            await self
        except asyncio.CancelledError:
            if not self.struck:
                raise

    def __await__(self) -> Generator[Any, Any, None]:
        """Step through the work."""
        task = asyncio.current_task()
        assert task is not None
        steps = self._work.__await__()
        value: Any = None
        for place in range(1, _AWAITS_MAX):
            try:
                awaited = steps.send(value)
            except StopIteration:
                return
            if place == self._place:
                self.struck = True
                # Taken note of now, thrown in when the task is resumed.
                task.cancel()
            try:
                value = yield awaited
            except asyncio.CancelledError as cancelled:
                steps.throw(cancelled)
        raise AssertionError("there are more awaits than this test knows of")


async def cancelled_at(work: Coroutine[Any, Any, None], place: int) -> bool:
    """Run work and cancel it there; say whether it had such an await."""
    cancelled = CancelledAt(work, place)
    async with asyncio.TaskGroup() as group:
        group.create_task(cancelled.run())
    return cancelled.struck


@pytest.fixture
def house(tmp_path: Path) -> House:
    """Return a house of two."""
    return build(tmp_path, ("Ana", "Beto"))


async def test_a_payment_cancelled_anywhere_is_made_once(house: House) -> None:
    """At each await: afterwards it is paid or not, and delivered again it is paid."""
    ana, beto = house.people
    async with street(house) as town:
        place = struck = 0
        receive = town.running.gateway.receive
        while struck == place:
            place += 1
            words = f"PAGAR {beto.code} {place}.07 {ana.pin}"
            text, amount = town.text(ana, words), 100 * place + 7
            struck += await cancelled_at(receive(text), place)
            await town.running.store.write(lambda _: None)
            made = "SELECT count(*) FROM transfer WHERE amount = ?"
            kept = "SELECT count(*) FROM inbox WHERE transfer IS NOT NULL"
            assert await town.count(made, amount) in (0, 1)
            # A transfer and the row of its text are there together or not at all.
            assert await town.count(kept) == await town.count(
                "SELECT count(*) FROM transfer"
            )
            await receive(text)
            assert await town.count(made, amount) == 1
            await receive(text)
            await town.settled()
        assert struck >= 2
        assert await town.count("SELECT count(*) FROM transfer") == place
    assert town.phones.shown.total() == 2 * place
    assert max(town.phones.shown.values()) == 1
    assert house.findings() == []


async def test_wrong_pins_cancelled_anywhere_are_counted_once(house: House) -> None:
    """A guess whose sender hangs up costs one try, no more, delivered again or not."""
    ana, beto = house.people
    async with street(house) as town:
        place = struck = 0
        receive = town.running.gateway.receive
        while struck == place:
            place += 1
            text = town.text(ana, f"PAGAR {beto.code} {place}.07 111222")
            struck += await cancelled_at(receive(text), place)
            await receive(text)
            await receive(text)
            await town.settled()
            fails = await town.count("SELECT fails FROM pin WHERE account = 1")
            assert fails == place
        assert struck >= 2
    assert max(town.phones.shown.values()) == 1


@pytest.mark.parametrize("words", ["SALDO {pin}", "PAGAR {code} 2.00", "hola"])
async def test_other_texts_cancelled_anywhere_are_answered_once(
    house: House, words: str
) -> None:
    """Whatever was asked, its answer goes out, once."""
    ana, beto = house.people
    async with street(house) as town:
        place = struck = 0
        receive = town.running.gateway.receive
        while struck == place:
            place += 1
            text = town.text(ana, words.format(pin=ana.pin, code=beto.code))
            struck += await cancelled_at(receive(text), place)
            await receive(text)
            await town.settled()
            assert await town.count("SELECT count(*) FROM inbox") == place
            assert town.phones.shown.total() == place
        assert struck >= 1
    assert house.findings() == []


async def test_a_text_that_waits_for_its_turn_can_be_cancelled(house: House) -> None:
    """Of several texts of one account one goes away; the others have their turn."""
    ana, beto = house.people
    async with street(house) as town:
        receive = town.running.gateway.receive
        texts = [
            town.text(ana, f"PAGAR {beto.code} {number}.07 {ana.pin}")
            for number in range(1, 6)
        ]
        async with asyncio.TaskGroup() as group:
            group.create_task(receive(texts[0]))
            group.create_task(CancelledAt(receive(texts[1]), 1).run())
            for text in texts[2:]:
                group.create_task(receive(text))
        assert await town.count("SELECT count(*) FROM transfer") == 4
        for text in texts:
            await receive(text)
        assert await town.count("SELECT count(*) FROM transfer") == 5
        await town.settled()
        assert town.running.gateway.idle.is_set()
    assert town.phones.shown.total() == 10


async def test_an_answer_outlives_the_one_who_asked(house: House) -> None:
    """A payment whose caller is cancelled at any await and never comes back is told."""
    ana, beto = house.people
    async with street(house) as town:
        place = struck = 0
        receive = town.running.gateway.receive
        while struck == place:
            place += 1
            text = town.text(ana, f"PAGAR {beto.code} {place}.07 {ana.pin}")
            struck += await cancelled_at(receive(text), place)
            # Nobody delivers it again; what was done is told all the same.
            await town.settled()
        paid = await town.count("SELECT count(*) FROM transfer")
    assert town.phones.shown.total() == 2 * paid
    assert paid >= 1

"""The promises of the port `modem.link.Link`, held by every driver alike.

Stopped between commit and acknowledgement, the same text twice, a far side that is
slow, and one that is gone: each driver does the same in each, or says that its wire
cannot. What becomes of a text when the daemon is killed is in `test_killed`.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

from modem import drivers
from modem.aggregators import vendors
from modem.errors import LinkDown
from modem.link import LinkStatus, Outgoing
from tests.modem.rig import MARIA, PATIENCE_S, PEDRO, RecordingHouse
from tests.modem.suite.harnesses import HARNESSES

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from modem.link import Incoming, Link, LinkState
    from tests.modem.suite.harnesses import Harness


#: Sent while the far side is slow.
_MANY = ("uno", "dos", "tres", "cuatro", "cinco", "seis")


class House(RecordingHouse):
    """A house that may be stopped right after it kept a text."""

    def __init__(self) -> None:
        """Begin alive."""
        super().__init__()
        self.dies = False
        self.dead = asyncio.Event()

    async def receive(self, incoming: Incoming) -> None:
        """Keep a text; then, if it is to be so, never come back."""
        await super().receive(incoming)
        if self.dies:
            self.dead.set()
            await asyncio.Event().wait()

    def state_changed(self, link: str, state: LinkState) -> None:
        """Take note of a state, under the link's own name."""
        assert link == "link"
        super().state_changed("gsm", state)


@pytest.fixture(params=list(HARNESSES))
async def far(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Harness]:
    """Return the far side of each driver in turn."""
    harness = HARNESSES[request.param](tmp_path)
    yield harness
    await harness.close()


@asynccontextmanager
async def running(far: Harness, house: House) -> AsyncIterator[Link]:
    """Run the link, its far side connected, until the block ends."""
    link = far.make()
    async with asyncio.TaskGroup() as group:
        task = group.create_task(link.run(house))
        try:
            await house.until(lambda: link.state.status is not LinkStatus.starting)
            await far.meet(link)
            await house.until(lambda: link.state.status is LinkStatus.up)
            yield link
        finally:
            task.cancel()


def outgoing(text: str, to: str = PEDRO, row: int = 1) -> Outgoing:
    """Write a text to a phone."""
    return Outgoing(id=row, to=to, text=text)


def said(house: House) -> list[tuple[str, str]]:
    """Return who said what, as it was kept."""
    return [(incoming.sender, incoming.text) for incoming in house.kept]


def test_every_driver_is_in_the_suite() -> None:
    """Whoever writes a driver writes its far side too."""
    assert {name.split(" ")[0] for name in HARNESSES} == drivers.names()
    assert {name.split(" ")[1] for name in HARNESSES if " " in name} == set(
        vendors.names()
    )


async def test_a_text_comes_in_as_it_was_written(far: Harness) -> None:
    """Sender, words and the link's name; once."""
    house = House()
    async with running(far, house):
        await far.text_in(MARIA, "PAGAR 12340 5.00 ñandu")
        await house.until(lambda: house.kept)

    assert said(house) == [(MARIA, "PAGAR 12340 5.00 ñandu")]
    assert (house.kept[0].link, len(house.offered)) == ("link", 1)


async def test_a_text_goes_out_as_it_was_written(far: Harness) -> None:
    """To whom, and word by word, in the order in which they were handed over."""
    house = House()
    async with running(far, house) as link:
        await far.text_in(PEDRO, "hola")
        await house.until(lambda: house.kept)
        for number in range(3):
            await link.send(outgoing(f"Pagaste {number}.00", row=number))
        texts = await far.sent(3)

    assert texts == [(PEDRO, f"Pagaste {number}.00") for number in range(3)]


async def test_what_is_not_kept_comes_again(far: Harness) -> None:
    """Under the same key, until it is kept; then no more."""
    house = House()
    house.refusals = 2
    async with running(far, house):
        await far.text_in(MARIA, "SALDO")
        await house.until(lambda: house.kept)
        await far.text_in(PEDRO, "AYUDA")
        await house.until(lambda: len(house.kept) == 2)

    assert len({one.key for one in house.offered if one.sender == MARIA}) == 1
    assert said(house) == [(MARIA, "SALDO"), (PEDRO, "AYUDA")]


async def test_stopped_between_commit_and_acknowledgement(far: Harness) -> None:
    """Nothing is acknowledged on the way out: the text comes again under its key."""
    died = House()
    died.dies = True
    async with running(far, died):
        await far.text_in(MARIA, "PAGAR 12340 5.00")
        await asyncio.wait_for(died.dead.wait(), PATIENCE_S)
    house = House()
    async with running(far, house):
        if far.redelivers:
            await house.until(lambda: house.kept)
            assert said(house) == said(died)
            assert house.kept[0].key == died.kept[0].key
        await far.text_in(PEDRO, "AYUDA")
        await house.until(lambda: (PEDRO, "AYUDA") in said(house))

    assert len(house.kept) == 1 + far.redelivers


async def test_a_text_delivered_twice_has_one_key(far: Harness) -> None:
    """So that the house knows it; a wire without send times makes two texts of it."""
    house = House()
    async with running(far, house):
        await far.text_in(MARIA, "SALDO")
        await house.until(lambda: house.kept)
        await far.again()
        await house.until(lambda: len(house.kept) == 2)

    keys = {incoming.key for incoming in house.kept}
    assert len(keys) == (1 if far.redelivers else 2)


async def test_a_hundred_texts_come_once_each(far: Harness) -> None:
    """However fast they come, and whatever room there is for them."""
    house = House()
    async with running(far, house):
        for number in range(100):
            await far.text_in(f"+5037000{number:04}", f"PAGAR {number}.00")
        await house.until(lambda: len(house.kept) >= 100)
        await far.text_in(PEDRO, "fin")
        await house.until(lambda: (PEDRO, "fin") in said(house))

    expected = {(f"+5037000{n:04}", f"PAGAR {n}.00") for n in range(100)}
    assert len(house.kept) == 101
    assert set(said(house)) == expected | {(PEDRO, "fin")}


async def test_a_slow_far_side_holds_nothing_else_up(far: Harness) -> None:
    """A text that comes in the middle does not wait for the end; each send has one."""
    house = House()
    async with running(far, house) as link:
        await far.text_in(PEDRO, "hola")
        await house.until(lambda: house.kept)
        await far.make_slow(0.1)
        ended: list[str] = []
        async with asyncio.TaskGroup() as group:
            group.create_task(_send_all(link, ended))
            await far.text_in(MARIA, "SALDO")
            await house.until(lambda: (MARIA, "SALDO") in said(house))
            before = len(ended)
        texts = await far.sent(len(_MANY))

    assert before < len(_MANY)
    assert texts == [(PEDRO, text) for text in _MANY]


async def _send_all(link: Link, ended: list[str]) -> None:
    for row, text in enumerate(_MANY):
        await link.send(outgoing(text, row=row))
        ended.append(text)


async def test_what_is_gone_is_told_and_comes_back(far: Harness) -> None:
    """Nothing is sent meanwhile, and nothing has to be done once it is back."""
    house = House()
    async with running(far, house) as link:
        await far.take_down()
        await house.until(lambda: link.state.status is not LinkStatus.up)
        reason = link.state.reason
        with pytest.raises(LinkDown):
            await link.send(outgoing("lost?"))
        await far.bring_up()
        await house.until(lambda: link.state.status is LinkStatus.up)
        await far.text_in(PEDRO, "hola")
        await house.until(lambda: house.kept)
        await link.send(outgoing("here again"))
        texts = await far.sent(1)

    assert reason.endswith(".")
    assert texts == [(PEDRO, "here again")]


async def test_it_stops_when_it_is_told_to(far: Harness) -> None:
    """Down, with a reason, and a send then says that nothing was sent."""
    house = House()
    async with running(far, house) as link:
        pass

    assert (link.state.status, bool(link.state.reason)) == (LinkStatus.down, True)
    with pytest.raises(LinkDown):
        await link.send(outgoing("too late"))


async def test_what_it_cannot_do_is_said(far: Harness) -> None:
    """Its capabilities are known before it runs, and do not change by running."""
    link = far.make()
    before: Any = link.capabilities
    house = House()
    async with running(far, house) as other:
        assert other.capabilities == before
    assert before.send
    assert before.receive
    assert before.window >= 1

"""Killed in the middle, the daemon loses nothing and does nothing twice, on any link.

The daemon is a process of its own and dies by SIGKILL; the network and the phones are
here and outlive it. It says where it is and stops there, so nothing is left to chance.
"""

from __future__ import annotations

import shutil
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from modem import drivers
from modem.aggregators import vendors
from tests.crash.house import build
from tests.modem.suite.life import living
from tests.modem.suite.outside import PUBLIC, WORLDS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.crash.house import House
    from tests.modem.suite.outside import Outside, World


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> House:
    """Return a house with two members, to be copied."""
    return build(tmp_path_factory.mktemp("built"), ("Ana", "Beto"))


@pytest.fixture
def house(built: House, tmp_path: Path) -> House:
    """Return a house of this test's own, which no link leads to yet."""
    folder = tmp_path / "house"
    shutil.copytree(built.folder, folder)
    return replace(built, folder=folder, log=tmp_path / "daemon.log")


@pytest.fixture(params=list(WORLDS))
def world(request: pytest.FixtureRequest) -> World:
    """Return each kind of outside world in turn."""
    return WORLDS[request.param]


@asynccontextmanager
async def opened(world: World, house: House) -> AsyncIterator[Outside]:
    """Have the outside world there while the block lasts, and the house lead to it."""
    outside = world.make()
    try:
        table = await outside.open(house.folder)
        text = house.config.read_text()
        if outside.listen:
            text = text.replace('\nlisten = ""', f'\nlisten = "{outside.listen}"')
            text = text.replace('\npublic_url = ""', f'\npublic_url = "{PUBLIC}"')
        house.config.write_text(text + table)
        yield outside
    finally:
        await outside.close()


def test_every_driver_is_killed() -> None:
    """Whoever writes a driver writes what outlives it; a simulated modem does not."""
    drivers_killed = {name.split(" ")[0] for name in WORLDS}
    assert drivers_killed == drivers.names() - {"simulator"}
    assert {one.preset for one in WORLDS.values()} >= set(vendors.names())


async def test_killed_between_commit_and_acknowledgement(
    world: World, house: House
) -> None:
    """The text comes again under its key, is kept once, and is then acknowledged.

    No other text ever has that key.
    """
    ana, beto = house.people
    async with opened(world, house) as outside:
        async with living(house.config, house.log, "kept") as life:
            await outside.meet(life)
            await outside.text_in(ana.phone, f"PAGAR {beto.code} 1.00 {ana.pin}")
            died = await life.hear("kept")
            await life.kill()
        assert outside.keeps is world.redelivers
        assert len(house.rows("SELECT id FROM inbox")) == 1
        async with living(house.config, house.log) as life:
            await outside.meet(life)
            if world.redelivers:
                again = await life.hear("kept")
                assert again["key"] == died["key"]
            await outside.emptied()
            await outside.text_in(beto.phone, "AYUDA")
            other = await life.hear("kept", sender=beto.phone)
            await outside.emptied()

    # Not even where a life counts its texts from one.
    assert other["key"] != died["key"]
    kept = house.rows("SELECT sender, outcome FROM inbox ORDER BY id")
    first = "paid_payer" if world.trusted else "confirm"
    assert [tuple(row) for row in kept] == [
        (ana.phone, first),
        (beto.phone, "help_text"),
    ]
    assert len(house.rows("SELECT id FROM transfer")) == world.trusted
    assert house.findings() == []


async def test_killed_between_the_far_side_and_the_house(
    world: World, house: House
) -> None:
    """What was sent and not noted is in doubt; where its key is known, it goes again.

    A phone rings once either way.
    """
    ana, beto = house.people
    async with opened(world, house) as outside:
        async with living(house.config, house.log, "taken") as life:
            await outside.meet(life)
            await outside.text_in(ana.phone, "AYUDA")
            died = await life.hear("taken")
            await outside.emptied()
            (told,) = await outside.shown(1)
            await life.kill()
        assert owed(house) == ["sending"]
        async with living(house.config, house.log) as life:
            await outside.meet(life)
            if world.repeats:
                again = await life.hear("taken")
                assert again["key"] == died["key"]
            else:
                assert owed(house) == ["unsure"]
            await outside.text_in(beto.phone, "AYUDA")
            await life.hear("taken", to=beto.phone)
            texts = await outside.shown(2)
            await life.kill()

    assert len(life.keys("taken")) == 1 + world.repeats
    assert texts == [told, (beto.phone, told[1])]
    assert told[0] == ana.phone


def owed(house: House) -> list[str]:
    """Return how far each answer is, from outside."""
    return [row["state"] for row in house.rows("SELECT state FROM outbox ORDER BY id")]

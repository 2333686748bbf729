"""Texts from vendors: known by their ids, and long ones that came in parts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from modem.errors import NotKept
from modem.link import Capabilities, IncomingPart, Wholeness
from smsgate.clock import DAY_MS, HOUR_MS, MINUTE_MS, from_ms
from smsgate.messages import parts
from tests.smsgate.gatehouse import LOOSE, PIN, SIM1, at_hand, gatehouse
from tests.smsgate.mailroom import JUAN

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from modem.link import Incoming
    from tests.smsgate.gatehouse import Gatehouse

WORDS = f"PAGAR 20417 25.50 {PIN}"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Gatehouse]:
    """Juan may owe 1,000.00, Rosa has a shop; one link is trusted, one is not."""
    links = at_hand(**{SIM1: Capabilities(), LOOSE: Capabilities(trusted=False)})
    async with gatehouse(tmp_path, links=links) as made:
        await made.couple()
        yield made


def named(house: Gatehouse, words: str, key: bytes, *, ago_ms: int = 0) -> Incoming:
    """Return a text under a vendor's id, over the trusted link."""
    told = house.incoming(JUAN, words, ago_ms=ago_ms, key=key)
    return replace(told, named=True)


def outcomes(house: Gatehouse) -> list[str]:
    """Return what came of every text."""
    return [
        row["outcome"] for row in house.rows("SELECT outcome FROM inbox ORDER BY id")
    ]


async def test_a_vendors_id_is_enough(house: Gatehouse) -> None:
    """The same id is the same text, though another send time is told with it."""
    await house.gateway.receive(named(house, WORDS, b"1"))
    await house.gateway.receive(named(house, WORDS, b"1", ago_ms=5_000))
    assert outcomes(house) == ["paid_payer"]


async def test_one_text_under_two_ids_is_asked_about(house: Gatehouse) -> None:
    """A payment that a vendor brings anew a quarter of an hour later is not made."""
    await house.gateway.receive(named(house, WORDS, b"1"))
    house.clock.ms += 15 * MINUTE_MS
    await house.gateway.receive(named(house, WORDS, b"2", ago_ms=15 * MINUTE_MS))
    assert outcomes(house) == ["paid_payer", "maybe_double"]


async def test_one_look_under_two_ids_is_answered_once(house: Gatehouse) -> None:
    """What moves no money is silent the second time."""
    await house.gateway.receive(named(house, "AYUDA", b"1"))
    await house.gateway.receive(named(house, "AYUDA", b"2"))
    assert outcomes(house) == ["help_text", "silent"]


async def test_the_same_words_a_second_later_are_another_text(
    house: Gatehouse,
) -> None:
    """A member who asks twice is answered twice."""
    await house.gateway.receive(named(house, "AYUDA", b"1", ago_ms=1_000))
    await house.gateway.receive(named(house, "AYUDA", b"2"))
    assert outcomes(house) == ["help_text", "help_text"]


# ---- parts


def part(
    house: Gatehouse, number: int, *, total: int = 2, key: str = ""
) -> IncomingPart:
    """Return a part of Juan's text."""
    return IncomingPart(
        link=SIM1,
        key=(key or f"part {number}").encode(),
        sender=JUAN,
        reference="7",
        number=number,
        total=total,
        sent_at=from_ms(house.clock.now_ms()),
    )


async def test_a_part_is_noted_without_its_words_until_its_text_is_answered(
    house: Gatehouse,
) -> None:
    """It may be acknowledged; once its text is answered it is over."""
    first = await house.gateway.part(part(house, 1))
    again = await house.gateway.part(part(house, 1))
    second = await house.gateway.part(part(house, 2))
    assert (first, again.id, second.over) == (again, first.id, False)
    whole = named(house, WORDS, b"whole")
    await house.gateway.receive(replace(whole, parts=(first.id, second.id)))
    assert outcomes(house) == ["paid_payer"]
    assert (await house.gateway.part(part(house, 1))).over
    assert (await house.gateway.part(part(house, 2))).over


async def test_a_part_that_comes_after_its_text_was_given_up_is_over(
    house: Gatehouse,
) -> None:
    """Nobody is told twice that a text was incomplete; a new text has its place."""
    first = await house.gateway.part(part(house, 1))
    text = house.incoming(JUAN, "", whole=Wholeness.incomplete)
    await house.gateway.receive(replace(text, parts=(first.id,)))
    assert (await house.gateway.part(part(house, 2))).over
    assert not (await house.gateway.part(part(house, 1, key="another text"))).over


async def test_a_text_under_the_reference_of_one_that_was_given_up_is_whole(
    house: Gatehouse,
) -> None:
    """Its end belongs to its beginning, which waits, and not to what is over."""
    first = await house.gateway.part(part(house, 1))
    text = house.incoming(JUAN, "", whole=Wholeness.incomplete)
    await house.gateway.receive(replace(text, parts=(first.id,)))
    assert not (await house.gateway.part(part(house, 1, key="another text"))).over
    assert not (await house.gateway.part(part(house, 2, key="its end"))).over


async def test_after_some_hours_a_reference_may_be_another_texts(
    house: Gatehouse,
) -> None:
    """Phones count to 255 and begin again."""
    first = await house.gateway.part(part(house, 1))
    text = house.incoming(JUAN, "", whole=Wholeness.incomplete)
    await house.gateway.receive(replace(text, parts=(first.id,)))
    house.clock.ms += 3 * HOUR_MS
    assert not (await house.gateway.part(part(house, 2))).over


async def test_what_a_restart_lost_is_known_and_told_once(tmp_path: Path) -> None:
    """Parts of an earlier run are a lost text, until it was answered."""
    async with gatehouse(tmp_path) as house:
        await house.couple()
        noted = [await house.gateway.part(part(house, n, total=3)) for n in (3, 1)]
        assert await house.gateway.lost(SIM1) == ()
    async with gatehouse(tmp_path) as house:
        assert await house.gateway.lost(LOOSE) == ()
        (lost,) = await house.gateway.lost(SIM1)
        assert set(lost.parts) == {one.id for one in noted}
        assert (lost.sender, lost.sent_at) == (JUAN, from_ms(house.clock.now_ms()))
        text = house.incoming(JUAN, "", whole=Wholeness.incomplete, key=lost.key)
        await house.gateway.receive(replace(text, parts=lost.parts))
        assert house.last().outcome == "incomplete"
        assert await house.gateway.lost(SIM1) == ()


async def test_nothing_is_noted_when_the_house_stops(house: Gatehouse) -> None:
    """A part that nobody will wait for is not acknowledged."""
    house.gateway.stop_receiving()
    with pytest.raises(NotKept):
        await house.gateway.part(part(house, 1))


async def test_parts_are_forgotten_after_a_week(house: Gatehouse) -> None:
    """No vendor repeats a part for longer."""
    await house.gateway.part(part(house, 1))
    house.clock.ms += 7 * DAY_MS + 1
    assert await house.store.write(parts.forget_due) == 1
    assert house.rows("SELECT * FROM part") == []

"""Promises on long texts: whole, in any order, or not at all; never half a payment."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from modem.gsm.parts import Part, PartSet, crowding
from modem.link import LinkStatus, Wholeness
from modem.pdu import Deliver, decode
from modem.simulator import EmulatedModem
from tests.modem.rig import (
    MARIA,
    NOON,
    OFTEN,
    PEDRO,
    RecordingHouse,
    delivered,
    running,
)

if TYPE_CHECKING:
    from pathlib import Path

LONG = "PAY 12.50 70005678 " + "por la mesa y las sillas " * 8
LONGER = "PAY 100.00 70005678 " + "por el trabajo de enero " * 12
MINUTES_30 = 1_800.0
SECOND = timedelta(seconds=1)


def two(reference: int = 7, text: str = LONG, at: float = 0.0) -> tuple[bytes, bytes]:
    """A text of two parts; `at` is when it was sent, in seconds after noon."""
    when = NOON + timedelta(seconds=at)
    first, second = delivered(text, at=when, reference=reference)
    return first, second


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (1, 2, 0)])
async def test_parts_make_one_text_in_any_order(
    order: tuple[int, ...], bits: int
) -> None:
    """Three parts are one text, with every digit, whichever comes first."""
    parts = delivered(LONGER, reference=300 if bits == 16 else 7, bits=bits)
    with EmulatedModem() as modem:
        async with running(modem) as rig:
            for place in order:
                modem.deliver_pdu(parts[place])
            await rig.emptied()

    assert [i.text for i in rig.house.kept] == [LONGER]
    assert [i.wholeness for i in rig.house.kept] == [Wholeness.whole]


async def test_the_key_of_a_long_text_is_that_of_all_its_parts() -> None:
    """Redelivered in another order it has the same key; another part changes it."""
    first, second = two()
    other = two(at=1)[1]
    with EmulatedModem() as modem:
        async with running(modem) as one:
            modem.deliver_pdu(first)
            modem.deliver_pdu(second)
            await one.emptied()
        async with running(modem) as again:
            modem.deliver_pdu(second)
            modem.deliver_pdu(first)
            await again.emptied()
        async with running(modem) as changed:
            modem.deliver_pdu(first)
            modem.deliver_pdu(other)
            await changed.emptied()

    keys = [rig.house.kept[0].key for rig in (one, again, changed)]
    assert keys[0] == keys[1] != keys[2]


async def test_parts_wait_on_the_sim() -> None:
    """A missing part is waited for, over a restart even, and nobody else waits."""
    first, second = two()
    with EmulatedModem() as modem:
        async with running(modem) as rig:
            modem.deliver_pdu(second)
            modem.deliver_pdu(delivered("BAL")[0])
            await rig.house.until(lambda: rig.house.texts == ["BAL"])
            assert await rig.left(1) == [second]
        async with running(modem) as again:
            modem.deliver_pdu(first)
            await again.emptied()

    assert again.house.texts == [LONG]


async def test_parts_wait_over_a_reconnect(tmp_path: Path) -> None:
    """A stick that is pulled and put back brings its parts along."""
    first, second = two()
    with EmulatedModem(link=tmp_path / "modem") as modem:
        async with running(modem) as rig:
            modem.deliver_pdu(first)
            modem.unplug()
            await rig.house.until_state(LinkStatus.down)
            modem.replug()
            modem.deliver_pdu(second)
            await rig.emptied()

    assert rig.house.texts == [LONG]


async def test_a_part_delivered_twice_is_one_part() -> None:
    """Before its text is whole or after it was kept, the second goes quietly."""
    first, second = two()
    with EmulatedModem() as modem:
        async with running(modem) as rig:
            modem.deliver_pdu(first)
            modem.deliver_pdu(first)
            modem.deliver_pdu(second)
            await rig.emptied()
            modem.deliver_pdu(second)
            modem.deliver_pdu(first)
            await rig.emptied()

    assert rig.house.texts == [LONG]


async def test_a_text_that_stays_incomplete_is_given_up_after_30_minutes() -> None:
    """It is told as incomplete, without a word of it, and its slots are freed."""
    [_, second] = two()
    with EmulatedModem() as modem:
        async with running(modem, OFTEN) as rig:
            modem.deliver_pdu(second)
            modem.deliver_pdu(delivered("BAL", PEDRO)[0])
            await rig.house.until(lambda: rig.house.kept)
            rig.clock.advance(MINUTES_30 - 1)
            modem.deliver_pdu(delivered("BAL", PEDRO, NOON + SECOND)[0])
            await rig.house.until(lambda: len(rig.house.kept) == 2)
            await rig.left(1)
            rig.clock.advance(1)
            await rig.emptied()

    incomplete = rig.house.kept[-1]
    assert (incomplete.sender, incomplete.text) == (MARIA, "")
    assert incomplete.wholeness is Wholeness.incomplete
    assert incomplete.sent_at == NOON


async def test_the_network_dates_a_part() -> None:
    """A part that is old when it is first seen is given up after a moment of grace."""
    first, _ = two(at=-MINUTES_30)
    with EmulatedModem() as modem:
        async with running(modem, OFTEN, parts_grace_s=15.0) as rig:
            modem.deliver_pdu(first)
            modem.deliver_pdu(delivered("BAL", PEDRO)[0])
            await rig.house.until(lambda: rig.house.texts == ["BAL"])
            await rig.left(1)
            rig.clock.advance(15)
            await rig.emptied()

    assert rig.house.kept[-1].wholeness is Wholeness.incomplete


async def test_without_a_time_a_part_ages_from_when_it_was_seen() -> None:
    """Networks that send no time do not keep a part on the SIM for ever."""
    first, _ = two()
    at = first.index(bytes([0x62, 0x50, 0x10]))
    with EmulatedModem() as modem:
        async with running(modem, OFTEN) as rig:
            modem.deliver_pdu(first[:at] + bytes(7) + first[at + 7 :])
            modem.deliver_pdu(delivered("BAL", PEDRO)[0])
            await rig.house.until(lambda: rig.house.kept)
            rig.clock.advance(MINUTES_30)
            await rig.emptied()

    assert rig.house.kept[-1].wholeness is Wholeness.incomplete
    assert rig.house.kept[-1].sent_at is None


async def test_an_incomplete_text_that_is_not_kept_stays() -> None:
    """Its slots are freed only after the house has kept that it was incomplete."""
    with EmulatedModem() as modem:
        house = RecordingHouse()
        house.refusals = 2
        modem.store_pdu(two()[0])
        async with running(modem, house=house, parts_wait_s=0.0) as rig:
            await rig.emptied()

    assert len(house.offered) == 3
    assert len({incoming.key for incoming in house.offered}) == 1


async def test_an_incomplete_text_holds_nobody_up() -> None:
    """Later texts of its sender are handled at once, and it is still made whole."""
    first, second = two()
    with EmulatedModem() as modem:
        async with running(modem) as rig:
            modem.deliver_pdu(first)
            modem.deliver_pdu(delivered("BAL", at=NOON + SECOND)[0])
            await rig.house.until(lambda: rig.house.texts == ["BAL"])
            modem.deliver_pdu(second)
            await rig.emptied()

    assert rig.house.texts == ["BAL", LONG]


async def test_a_text_of_four_parts_is_refused_at_its_first() -> None:
    """It is told once as too long; parts that come later are deleted quietly."""
    parts = delivered("x" * 500, reference=9)
    with EmulatedModem() as modem:
        async with running(modem) as rig:
            modem.deliver_pdu(parts[1])
            await rig.emptied()
            for part in (parts[0], parts[3], parts[2], parts[1]):
                modem.deliver_pdu(part)
            await rig.emptied()

    [refused] = rig.house.kept
    assert (refused.text, refused.wholeness) == ("", Wholeness.too_long)
    assert (len(parts), len(rig.house.offered)) == (4, 1)


async def test_a_second_text_that_is_too_long_is_told_too() -> None:
    """The same phone may try again, under the same reference even."""
    with EmulatedModem() as modem:
        async with running(modem) as rig:
            for minute in (0, 1):
                at = NOON + timedelta(minutes=minute)
                for part in delivered("x" * 500, at=at, reference=9):
                    modem.deliver_pdu(part)
                await rig.emptied()

    assert len(rig.house.kept) == 2
    assert len({incoming.key for incoming in rig.house.kept}) == 2


async def test_texts_under_one_reference_do_not_mix() -> None:
    """Part 1 of one and part 2 of another, an hour later, are two incomplete texts."""
    old, _ = two(at=-3_600)
    _, new = two(text=LONG.replace("12.50", "99.00"))
    with EmulatedModem() as modem:
        async with running(modem, OFTEN) as rig:
            modem.deliver_pdu(old)
            modem.deliver_pdu(new)
            modem.deliver_pdu(delivered("BAL", PEDRO)[0])
            await rig.house.until(lambda: rig.house.kept)
            rig.clock.advance(MINUTES_30)
            await rig.emptied()

    assert rig.house.texts == ["BAL", "", ""]


async def test_two_texts_under_one_reference_are_told_apart_by_time() -> None:
    """A phone that always counts from the same number sends two long texts in a row."""
    one, other = two(), two(text=LONG.replace("12.50", "99.00"), at=60)
    with EmulatedModem() as modem:
        for part in (other[1], one[1], other[0], one[0]):
            modem.store_pdu(part)
        async with running(modem) as rig:
            await rig.emptied()

    assert rig.house.texts == [LONG, LONG.replace("12.50", "99.00")]


async def test_the_same_long_text_sent_again_is_another_text() -> None:
    """Word for word the same under the same reference, a minute later."""
    with EmulatedModem() as modem:
        async with running(modem) as rig:
            for at in (0, 60):
                for part in two(at=at):
                    modem.deliver_pdu(part)
                await rig.emptied()

    assert rig.house.texts == [LONG, LONG]
    assert len({incoming.key for incoming in rig.house.kept}) == 2


async def test_senders_and_totals_are_kept_apart() -> None:
    """Parts fit together only from one sender, under one reference and total."""
    first, _ = two()
    [_, of_pedro] = delivered(LONG, PEDRO, reference=7)
    [_, of_three, _] = delivered(LONGER, reference=7)
    [_, of_16] = delivered(LONG, reference=7, bits=16)
    with EmulatedModem() as modem:
        for part in (first, of_pedro, of_three, of_16):
            modem.store_pdu(part)
        async with running(modem) as rig:
            modem.deliver_pdu(delivered("BAL", PEDRO)[0])
            await rig.house.until(lambda: rig.house.kept)
            await rig.left(4)

    assert rig.house.texts == ["BAL"]


async def test_parts_hold_no_more_than_a_quarter_of_the_slots() -> None:
    """The oldest incomplete texts make room, and ordinary texts go on coming."""
    with EmulatedModem(slots=12) as modem:
        async with running(modem, parts_grace_s=0.0) as rig:
            for n in range(6):
                at = NOON + timedelta(minutes=n)
                first = delivered(LONG, f"+5037000{n:04}", at, reference=n)[0]
                modem.deliver_pdu(first)
            await rig.house.until(lambda: len(rig.house.kept) == 4)
            modem.deliver_pdu(delivered("BAL", PEDRO)[0])
            await rig.house.until(lambda: "BAL" in rig.house.texts)
            await rig.left(2)

    given_up = [i for i in rig.house.kept if i.wholeness is Wholeness.incomplete]
    assert [i.sender for i in given_up] == [f"+5037000{n:04}" for n in range(4)]


def waiting(count: int, *, memory: str = "ME", seen_s: float = 0.0) -> list[PartSet]:
    """First parts of so many texts, a minute apart, first listed at `seen_s`."""
    sets = []
    for n in range(count):
        at = NOON + timedelta(minutes=n)
        deliver = decode(delivered(LONG, at=at, reference=n)[0])
        assert isinstance(deliver, Deliver)
        group = (MARIA, "international", n, 8, 2)
        part = Part(
            slot=(memory, n),
            deliver=deliver,
            group=group,
            number=1,
            mark=bytes([n]),
            seen_s=seen_s,
        )
        sets.append(PartSet(group=group, parts={1: [part]}))
    return sets


@pytest.mark.parametrize(
    ("count", "slots", "seen_for_s", "given_up"),
    [
        (1, 4, 99, 0),  # the only one, and there is room
        (1, 1, 99, 1),  # the only one fills the SIM
        (1, 1, 0, 0),  # and has just come
        (4, 20, 99, 0),  # less than a quarter
        (5, 20, 99, 1),  # a quarter
        (5, 20, 0, 0),  # a quarter that has just come
        (9, 20, 0, 0),
        (10, 20, 0, 1),  # half of the slots, whatever the age
        (3, 8, 99, 2),
    ],
)
def test_who_makes_room(
    count: int, slots: int, seen_for_s: float, given_up: int
) -> None:
    """The oldest, as many as it takes, and none in haste while there is room."""
    sets = waiting(count)

    assert crowding(sets, {"ME": slots}, seen_for_s, 15.0) == sets[:given_up]
    assert crowding(sets, {"SM": slots}, seen_for_s, 15.0) == []


async def test_parts_never_fill_the_sim() -> None:
    """More first parts than there are slots, all at once: later texts still come."""
    with EmulatedModem(slots=6) as modem:
        async with running(modem, parts_grace_s=60.0) as rig:
            for n in range(20):
                first = delivered(LONG, f"+5037000{n:04}", reference=n)[0]
                modem.deliver_pdu(first)
            modem.deliver_pdu(delivered("BAL", PEDRO)[0])
            await rig.house.until(lambda: "BAL" in rig.house.texts)


async def test_a_lone_long_text_fits_a_small_sim() -> None:
    """A SIM of three slots still takes a text of three parts."""
    with EmulatedModem(slots=3, sm_slots=3) as modem:
        async with running(modem, parts_grace_s=0.0) as rig:
            for part in delivered(LONGER, reference=1):
                modem.deliver_pdu(part)
            await rig.emptied()

    assert rig.house.texts == [LONGER]

"""PINs: which are refused, how they lock, how they change, and that none is kept."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from commands.reply import WeakPin
from commands.secret import Secret
from smsgate.clock import DAY_MS, HOUR_MS, MINUTE_MS
from smsgate.members import pins
from smsgate.members.pins import (
    IN_PERSON,
    Changed,
    CodeWrong,
    Delayed,
    Locked,
    NoPin,
    OldWrong,
    PinPolicy,
    PinState,
    Unequal,
    Verdict,
    Weak,
)
from smsgate.members.pins.tries import lock_after, tries_left
from smsgate.members.pins.weakness import COMMON, Known, weakness
from tests.canary import leaks
from tests.smsgate.club import CODE, GOOD, NEW, PEPPER, Club, club
from tests.smsgate.mailroom import START_MS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

ROSA = Known(phone="+50371234567", code="20417")


@pytest_asyncio.fixture
async def rosas(tmp_path: Path) -> AsyncIterator[Club]:
    """A ledger to which Rosa can be added."""
    async with club(tmp_path) as one:
        yield one


# ---- which PINs are refused


@pytest.mark.parametrize(
    ("pin", "why"),
    [
        ("0000", WeakPin.repeats),
        ("7777", WeakPin.repeats),
        ("1212", WeakPin.repeats),
        ("6969", WeakPin.repeats),
        ("1234", WeakPin.steps),
        ("4321", WeakPin.steps),
        ("1357", WeakPin.steps),
        ("9630", WeakPin.steps),
        ("7890", WeakPin.steps),
        ("0987", WeakPin.steps),
        ("1930", WeakPin.date),
        ("1987", WeakPin.date),
        ("2029", WeakPin.date),
        ("7123", WeakPin.own_number),
        ("4567", WeakPin.steps),
        ("2345", WeakPin.steps),
        ("0371", WeakPin.own_number),
        ("2041", WeakPin.own_number),
        ("0417", WeakPin.own_number),
        ("2580", WeakPin.common),
        ("1004", WeakPin.common),
        ("0007", WeakPin.common),
        ("482", WeakPin.length),
        ("48271", WeakPin.length),
        ("48２7", WeakPin.length),
        ("", WeakPin.length),
        ("1929", None),
        ("2030", None),
        ("4827", None),
        ("7194", None),
        ("8263", None),
    ],
)
def test_pins_that_a_thief_tries_first_are_refused(
    pin: str, why: WeakPin | None
) -> None:
    """Repeats, steps, years, pieces of the own number and the most used are refused."""
    assert weakness(pin, ROSA, 4) == why


@pytest.mark.parametrize(
    ("pin", "why"),
    [
        ("111111", WeakPin.repeats),
        ("121212", WeakPin.repeats),
        ("123123", WeakPin.repeats),
        ("123456", WeakPin.steps),
        ("890123", WeakPin.steps),
        ("712345", WeakPin.own_number),
        ("204179", WeakPin.own_number),
        ("159753", WeakPin.common),
        ("4827", WeakPin.length),
        ("739154", None),
        ("850263", None),
    ],
)
def test_six_digits_are_judged_alike(pin: str, why: WeakPin | None) -> None:
    """The same rules hold where a network has PINs of six digits."""
    assert weakness(pin, ROSA, 6) == why


def test_few_enough_pins_are_refused_that_choosing_is_easy() -> None:
    """More than nineteen of twenty PINs can be chosen."""
    taken = [weakness(f"{pin:04d}", ROSA, 4) for pin in range(10_000)]
    assert sum(why is None for why in taken) > 9_500
    assert sum(len(pin) == 4 for pin in COMMON) >= 50


# ---- the ladder of locks


@pytest.mark.parametrize(
    ("fails", "lock_ms", "left"),
    [
        (1, 0, 2),
        (2, 0, 1),
        (3, 30 * MINUTE_MS, 0),
        (4, 0, 2),
        (5, 0, 1),
        (6, 24 * HOUR_MS, 0),
        (7, 0, 3),
        (8, 0, 2),
        (9, 0, 1),
        (10, None, 0),
        (11, None, 0),
    ],
)
def test_each_rung_locks_for_longer(fails: int, lock_ms: int | None, left: int) -> None:
    """Three wrong in a row lock for 30 minutes, six for a day, ten for good."""
    until = lock_after(fails, PinPolicy(), START_MS)
    expected = IN_PERSON if lock_ms is None else lock_ms and START_MS + lock_ms
    assert (until, tries_left(fails, PinPolicy())) == (expected, left)


async def test_three_wrong_lock_and_the_right_one_waits(rosas: Club) -> None:
    """While a lock holds the right PIN is not even compared; afterwards it is."""
    rosa = await rosas.with_pin()
    told = [(await rosas.says(rosa, "9999")).tries_left for _ in range(3)]
    until = START_MS + 30 * MINUTE_MS
    assert told == [2, 1, 0]
    assert rosas.standing(rosa) == (PinState.set, until)
    locked = await rosas.says(rosa, GOOD)
    assert (locked.verdict, locked.locked_until_ms) == (Verdict.locked, until)
    rosas.clock.ms = until - 1
    assert (await rosas.says(rosa, GOOD)).verdict is Verdict.locked
    rosas.clock.ms = until
    assert (await rosas.says(rosa, GOOD)).verdict is Verdict.right
    assert rosas.row(rosa).fails == 0
    assert await rosas.events() == ["pin_set", "pin_locked"]


async def test_ten_in_a_row_need_a_person(rosas: Club) -> None:
    """After ten wrong PINs no waiting helps."""
    rosa = await rosas.with_pin()
    for _ in range(10):
        assert (await rosas.says(rosa, "9999")).verdict is Verdict.wrong
        rosas.clock.ms += DAY_MS
    assert rosas.standing(rosa) == (PinState.set, IN_PERSON)
    rosas.clock.ms += 400 * DAY_MS
    told = await rosas.says(rosa, GOOD)
    assert (told.verdict, told.locked_until_ms) == (Verdict.locked, None)


async def test_a_right_pin_gives_the_tries_back(rosas: Club) -> None:
    """Only wrong PINs in a row count."""
    rosa = await rosas.with_pin()
    for pin in ("9999", "9999", GOOD, "9999", "9999"):
        await rosas.says(rosa, pin)
    assert rosas.row(rosa).fails == 2
    assert (await rosas.says(rosa, GOOD)).verdict is Verdict.right


async def test_a_forged_sender_does_not_lock_the_phone(rosas: Club) -> None:
    """Wrong PINs over a link that is easily forged lock that kind of link only."""
    rosa = await rosas.with_pin()
    for _ in range(3):
        await rosas.says(rosa, "9999", loose=True)
    assert (await rosas.says(rosa, GOOD, loose=True)).verdict is Verdict.locked
    assert (await rosas.says(rosa, GOOD)).verdict is Verdict.right
    assert (rosas.row(rosa).fails, rosas.row(rosa).loose_fails) == (0, 3)
    assert rosas.standing(rosa).locked_until_ms is None


async def test_twenty_wrong_pins_at_once_are_three_tries(rosas: Club) -> None:
    """Of guesses that arrive together three are told wrong, the rest locked."""
    rosa = await rosas.with_pin()
    told = await asyncio.gather(
        *(rosas.says(rosa, f"{9000 + guess}") for guess in range(20))
    )
    verdicts = [one.verdict for one in told]
    assert verdicts.count(Verdict.wrong) == 3
    assert verdicts.count(Verdict.locked) == 17
    assert rosas.row(rosa).fails == 3


async def test_the_counter_survives_a_restart(tmp_path: Path) -> None:
    """Tries and locks are kept in the ledger, not in memory."""
    async with club(tmp_path) as before:
        rosa = await before.with_pin()
        for _ in range(2):
            await before.says(rosa, "9999")
    async with club(tmp_path, before.clock) as after:
        assert (await after.says(rosa, "9999")).tries_left == 0
        assert (await after.says(rosa, GOOD)).verdict is Verdict.locked


async def test_a_check_of_a_changed_pin_counts_for_nothing(rosas: Club) -> None:
    """What was found about the old PIN is not believed once there is a new one."""
    rosa = await rosas.with_pin()
    checked = await rosas.desk.check(
        rosas.row(rosa), Secret(GOOD), loose=False, now_ms=START_MS
    )
    late = await rosas.prepares(rosa, GOOD, "8263")
    assert await rosas.changes(rosa, GOOD) == Changed()
    with pytest.raises(pins.Stale):
        await rosas.store.write(lambda tx: pins.settle(tx, checked))
    with pytest.raises(pins.Stale):
        await rosas.store.write(lambda tx: pins.apply_change(tx, late))
    assert (await rosas.says(rosa, GOOD)).verdict is Verdict.wrong
    assert (await rosas.says(rosa, NEW)).verdict is Verdict.right


async def test_whoever_has_no_pin_is_told_so(rosas: Club) -> None:
    """A PIN from a member who has none costs nothing."""
    rosa = await rosas.join()
    told = await rosas.says(rosa, GOOD)
    assert (told.verdict, told.locked_until_ms) == (Verdict.absent, None)
    assert await rosas.changes(rosa, GOOD) == NoPin()
    assert rosas.standing(rosa) == (PinState.none, None)


# ---- changing with the old PIN


@pytest.mark.parametrize(
    ("new", "again", "outcome"),
    [
        ("1234", None, Weak(why=WeakPin.steps)),
        (GOOD, None, Weak(why=WeakPin.reused)),
        ("71942", None, Weak(why=WeakPin.length)),
        (NEW, "7195", Unequal()),
        (NEW, None, Changed()),
    ],
)
async def test_a_poor_new_pin_costs_no_try(
    rosas: Club, new: str, again: str | None, outcome: pins.ChangeOutcome
) -> None:
    """Whoever knows the old PIN loses nothing by a poor choice of the new one."""
    rosa = await rosas.with_pin()
    assert await rosas.changes(rosa, GOOD, new, again) == outcome
    assert rosas.row(rosa).fails == 0
    holds = new if outcome == Changed() else GOOD
    assert (await rosas.says(rosa, holds)).verdict is Verdict.right


async def test_a_wrong_old_pin_costs_a_try_and_locks(rosas: Club) -> None:
    """Changing the PIN is no way round the lock."""
    rosa = await rosas.with_pin()
    for left in (2, 1, 0):
        outcome = await rosas.changes(rosa, "9999")
        assert isinstance(outcome, OldWrong)
        assert outcome.settled.tries_left == left
    until = START_MS + 30 * MINUTE_MS
    assert await rosas.changes(rosa, GOOD) == Locked(until_ms=until)


async def test_the_last_five_pins_are_not_taken_again(rosas: Club) -> None:
    """The PIN in use and the four before it are refused, older ones are not."""
    rosa = await rosas.with_pin("4827")
    used = ["4827", "7194", "8263", "5908", "6137", "3802"]
    for old, new in pairwise(used):
        assert await rosas.changes(rosa, old, new) == Changed()
    for old in used[1:]:
        assert await rosas.changes(rosa, "3802", old) == Weak(why=WeakPin.reused)
    assert await rosas.changes(rosa, "3802", "4827") == Changed()


async def test_a_changed_pin_does_not_open_the_other_kind_of_link(rosas: Club) -> None:
    """A change over one kind of link leaves the lock of the other in place."""
    rosa = await rosas.with_pin()
    for _ in range(3):
        await rosas.says(rosa, "9999")
    assert await rosas.changes(rosa, GOOD, loose=True) == Changed()
    assert (await rosas.says(rosa, NEW)).verdict is Verdict.locked


# ---- one-time codes


async def test_a_first_pin_by_code_holds_at_once(rosas: Club) -> None:
    """The code is used up by it, and cannot be used again."""
    rosa = await rosas.join()
    await rosas.with_code(rosa)
    assert rosas.standing(rosa).state is PinState.code
    assert await rosas.changes(rosa, CODE) == Changed()
    assert rosas.standing(rosa).state is PinState.set
    assert (await rosas.says(rosa, NEW)).verdict is Verdict.right
    assert await rosas.changes(rosa, CODE, "8263") == CodeWrong(tries_left=0)
    assert await rosas.events() == ["pin_code_issued", "pin_set"]


async def test_a_wrong_code_costs_its_own_tries_only(rosas: Club) -> None:
    """Three wrong codes void the code; the PIN's tries are untouched."""
    rosa = await rosas.with_pin()
    await rosas.with_code(rosa)
    for left in (2, 1, 0):
        assert await rosas.changes(rosa, "60253818") == CodeWrong(tries_left=left)
    assert await rosas.changes(rosa, CODE) == CodeWrong(tries_left=0)
    assert rosas.row(rosa).fails == 0
    assert (await rosas.says(rosa, GOOD)).verdict is Verdict.right


async def test_a_right_code_with_a_poor_pin_stays_good(rosas: Club) -> None:
    """A weak or unequal new PIN costs the code nothing."""
    rosa = await rosas.join()
    await rosas.with_code(rosa)
    assert await rosas.changes(rosa, CODE, "1234") == Weak(why=WeakPin.steps)
    assert await rosas.changes(rosa, CODE, NEW, "7195") == Unequal()
    assert rosas.row(rosa).code_tries == 3
    assert await rosas.changes(rosa, CODE) == Changed()


async def test_a_code_is_good_for_72_hours(rosas: Club) -> None:
    """To the last millisecond, and no longer."""
    rosa = await rosas.join()
    await rosas.with_code(rosa)
    rosas.clock.ms = START_MS + 72 * HOUR_MS
    assert await rosas.changes(rosa, CODE) == CodeWrong(tries_left=0)
    assert rosas.standing(rosa).state is PinState.none
    rosas.clock.ms -= 1
    assert rosas.standing(rosa).state is PinState.code


async def test_a_new_code_voids_the_old_one(rosas: Club) -> None:
    """Only the code issued last can be used."""
    rosa = await rosas.join()
    await rosas.with_code(rosa)
    await rosas.with_code(rosa, "71904426")
    assert await rosas.changes(rosa, CODE) == CodeWrong(tries_left=2)
    assert await rosas.changes(rosa, "71904426") == Changed()


async def test_a_code_is_not_taken_from_a_forged_sender(rosas: Club) -> None:
    """Over a link that is easily forged no code works, and none is used up."""
    rosa = await rosas.join()
    await rosas.with_code(rosa)
    for _ in range(5):
        assert await rosas.changes(rosa, CODE, loose=True) == CodeWrong(tries_left=0)
    assert await rosas.changes(rosa, CODE) == Changed()


async def test_a_pin_is_set_by_staff_only_where_there_never_was_one(
    rosas: Club,
) -> None:
    """Nobody but the member can replace a PIN."""
    rosa = await rosas.with_pin()
    made = await rosas.desk.verifier(rosa.account, Secret(NEW))
    with pytest.raises(pins.PinExists, match="issue a one-time code instead"):
        await rosas.store.write(
            lambda tx: pins.set_first(tx, rosa.account, made, "uid:1")
        )
    with pytest.raises(ValueError, match="no one-time code"):
        await rosas.store.write(
            lambda tx: pins.issue_code(tx, rosa.account, made, "uid:1")
        )
    assert (await rosas.says(rosa, GOOD)).verdict is Verdict.right


# ---- resets


async def test_a_reset_waits_a_day(rosas: Club) -> None:
    """Until then the old PIN and its lock hold, and from then on only the new one."""
    rosa = await rosas.with_pin()
    for _ in range(3):
        await rosas.says(rosa, "9999")
    await rosas.with_code(rosa)
    at_ms = START_MS + DAY_MS
    assert await rosas.changes(rosa, CODE) == Delayed(at_ms=at_ms)
    assert (await rosas.says(rosa, GOOD)).verdict is Verdict.locked
    rosas.clock.ms = at_ms - 1
    assert (await rosas.says(rosa, NEW)).verdict is Verdict.wrong
    assert (await rosas.says(rosa, GOOD)).verdict is Verdict.right
    rosas.clock.ms = at_ms
    assert (await rosas.says(rosa, NEW)).verdict is Verdict.right
    assert (await rosas.says(rosa, GOOD)).verdict is Verdict.wrong
    assert await rosas.changes(rosa, NEW, GOOD) == Weak(why=WeakPin.reused)


async def test_a_reset_opens_a_lock_for_good(rosas: Club) -> None:
    """A lock that only staff can lift dies with the old PIN, whoever moves first."""
    rosa = await rosas.with_pin()
    for _ in range(10):
        await rosas.says(rosa, "9999")
        rosas.clock.ms += DAY_MS
    await rosas.with_code(rosa)
    assert isinstance(await rosas.changes(rosa, CODE), Delayed)
    assert rosas.standing(rosa).locked_until_ms == IN_PERSON
    rosas.clock.ms += DAY_MS
    assert rosas.standing(rosa).locked_until_ms is None
    assert await rosas.store.write(pins.settle_due) == 1
    assert await rosas.store.write(pins.settle_due) == 0
    assert rosas.row(rosa).next_ms is None
    assert (await rosas.says(rosa, NEW)).verdict is Verdict.right
    assert (await rosas.events())[-2:] == ["pin_reset_asked", "pin_activated"]


async def test_a_check_from_before_the_new_pin_held_counts_for_nothing(
    rosas: Club,
) -> None:
    """The old PIN, checked in its last moment, does not pay in the next."""
    rosa = await rosas.with_pin()
    await rosas.with_code(rosa)
    await rosas.changes(rosa, CODE)
    rosas.clock.ms = START_MS + DAY_MS - 1
    checked = await rosas.desk.check(
        rosas.row(rosa), Secret(GOOD), loose=False, now_ms=rosas.clock.ms
    )
    assert checked.verdict is Verdict.right
    rosas.clock.ms += 1
    with pytest.raises(pins.Stale):
        await rosas.store.write(lambda tx: pins.settle(tx, checked))


async def test_a_member_can_stop_a_reset(rosas: Club) -> None:
    """After ROBO or NO the new PIN never holds, and the old one goes on."""
    rosa = await rosas.with_pin()
    await rosas.with_code(rosa)
    await rosas.changes(rosa, CODE)
    stop = rosas.store.write(lambda tx: pins.cancel_reset(tx, rosa.account, "member"))
    assert await stop
    rosas.clock.ms += 2 * DAY_MS
    assert (await rosas.says(rosa, NEW)).verdict is Verdict.wrong
    assert (await rosas.says(rosa, GOOD)).verdict is Verdict.right
    again = rosas.store.write(lambda tx: pins.cancel_reset(tx, rosa.account, "member"))
    assert not await again
    assert await rosas.events() == [
        "pin_set",
        "pin_code_issued",
        "pin_reset_asked",
        "pin_reset_stopped",
    ]


# ---- what is kept


async def test_no_pin_is_in_any_file(tmp_path: Path) -> None:
    """Neither PINs nor codes are in the ledger or beside it, right or wrong ones."""
    secrets = ("739154", "850263", "62915408", "518366")
    async with club(tmp_path, policy=PinPolicy(pin_length=6)) as one:
        rosa = await one.with_pin("739154")
        await one.says(rosa, "518366")
        await one.with_code(rosa, "62915408")
        assert await one.changes(rosa, "739154", "850263") == Changed()
        assert leaks(tmp_path, secrets) == []
        assert not any(pin in repr(one.row(rosa)) for pin in secrets)
        assert "verifier" not in repr(one.row(rosa))
    assert leaks(tmp_path, secrets) == []


async def test_a_verifier_needs_the_key_and_the_account(rosas: Club) -> None:
    """The same PIN of two members, or under another key, gives another verifier."""
    rosa = await rosas.with_pin()
    row = rosas.row(rosa)
    other = pins.PinDesk(bytes(32), PinPolicy())
    try:
        found = await other.check(row, Secret(GOOD), loose=False, now_ms=START_MS)
    finally:
        other.close()
    assert found.verdict is Verdict.wrong
    moved = replace(row, account=rosa.account + 1)
    found = await rosas.desk.check(moved, Secret(GOOD), loose=False, now_ms=START_MS)
    assert found.verdict is Verdict.wrong
    assert row.scheme == "argon2id:m=4096,t=1,p=1"
    assert row.salt is not None
    assert row.verifier is not None
    assert (len(row.salt), len(row.verifier)) == (16, 32)


def test_the_desk_knows_its_pace() -> None:
    """At the start the desk measures how many checks a second it can make."""
    desk = pins.PinDesk(PEPPER, PinPolicy())
    desk.close()
    assert 10 < desk.calibrated_rate < 100_000
    with pytest.raises(ValueError, match="32 bytes"):
        pins.PinDesk(b"short", PinPolicy())

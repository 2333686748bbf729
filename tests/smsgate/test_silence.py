"""When a text is kept and meets silence: strangers, loops and noise."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from smsgate import members
from smsgate.clock import DAY_MS, MINUTE_MS
from tests.smsgate.gatehouse import PIN, WRONG, gatehouse
from tests.smsgate.mailroom import JUAN

if TYPE_CHECKING:
    from pathlib import Path


TILL = "+50361230000"
PAY = f"PAGAR 20417 5.00 {PIN}"


@pytest.mark.parametrize("sender", [JUAN, "+50376543210"])
async def test_a_stranger_or_a_stray_pin_is_answered_once_a_day(
    tmp_path: Path, sender: str
) -> None:
    """From one local midnight to the next."""
    async with gatehouse(tmp_path) as gate:
        await gate.couple()
        told = "stray_pin" if sender == JUAN else "not_member"
        for day in range(2):
            assert (await gate.hears(sender, PIN)).told == [(told, sender)]
            for words in (PIN, WRONG):
                assert (await gate.hears(sender, words)).told == []
            gate.clock.ms += DAY_MS - day


async def test_a_flood_of_strangers_texts_costs_one_answer(tmp_path: Path) -> None:
    """However many there are."""
    async with gatehouse(tmp_path, in_flight_max=2_000) as gate:
        texts = [gate.incoming("+50376543210", f"hola {n}") for n in range(1_500)]
        await asyncio.gather(*(gate.gateway.receive(one) for one in texts))
        assert len(gate.rows("SELECT 1 FROM inbox")) == 1_500
        assert len(gate.rows("SELECT 1 FROM outbox")) == 1


async def test_noise_of_a_member_is_answered_six_times_in_ten_minutes(
    tmp_path: Path,
) -> None:
    """What was understood, and refusals of money, are answered all the same."""
    async with gatehouse(tmp_path) as gate:
        await gate.couple()
        for n in range(6):
            assert (await gate.hears(JUAN, f"jajaja {n}")).outcome == "not_understood"
        assert (await gate.hears(JUAN, "jajaja")).told == []
        assert (await gate.hears(JUAN, "AYUDA")).told
        for n in range(8):
            heard = await gate.hears(JUAN, f"PAGAR rosa {1500 + n}")
            assert heard.outcome == "not_understood"
        # It is silent for as long as six were answered within ten minutes.
        gate.clock.ms += 10 * MINUTE_MS + 1
        assert (await gate.hears(JUAN, "jajaja")).told


async def test_a_till_s_commands_are_always_answered(tmp_path: Path) -> None:
    """What a till may not do is told each time; what nobody understands is noise."""
    async with gatehouse(tmp_path) as gate:
        _, rosa = await gate.couple()
        await gate.store.write(
            lambda tx: members.add_till(
                tx, rosa.account, phone=TILL, name="Ana", actor="uid:1"
            )
        )
        for n in range(7):
            for words in ("AYUDA", f"COBRAR 13076 {n + 1}.00"):
                assert (await gate.hears(TILL, words)).outcome == "till_cannot"
                assert (await gate.hears(TILL, words)).told
        assert (await gate.hears(TILL, "jajaja")).told == []


async def test_noise_of_a_member_is_answered_forty_times_a_day(tmp_path: Path) -> None:
    """Until a day has passed since the first of them."""
    async with gatehouse(tmp_path) as gate:
        await gate.couple()
        for n in range(40):
            assert (await gate.hears(JUAN, f"jajaja {n}")).told
            gate.clock.ms += 5 * MINUTE_MS
        assert (await gate.hears(JUAN, "jajaja")).told == []
        gate.clock.ms += DAY_MS - 40 * 5 * MINUTE_MS + 1
        assert (await gate.hears(JUAN, "jajaja")).told


async def test_the_tenth_identical_text_nobody_understands_meets_silence(
    tmp_path: Path,
) -> None:
    """Even about money: only a machine writes so. What is understood is no loop."""
    async with gatehouse(tmp_path) as gate:
        await gate.couple()
        for words, understood in (("PAGAR rosa 1500", False), ("AYUDA", True)):
            for _ in range(9):
                assert (await gate.hears(JUAN, words)).told
            assert bool((await gate.hears(JUAN, words)).told) is understood
        gate.clock.ms += 10 * MINUTE_MS + 1
        assert (await gate.hears(JUAN, "PAGAR rosa 1500")).told


@pytest.mark.parametrize(
    "words", ["hola", PAY, f"PAGAR 20417 1.500 {PIN}", "NO", "VER"]
)
async def test_two_machines_do_not_answer_each_other_for_ever(
    tmp_path: Path, words: str
) -> None:
    """A text that repeats our own answer is not answered."""
    async with gatehouse(tmp_path) as gate:
        juan, _ = await gate.couple()
        heard = await gate.hears(JUAN, words)
        rounds = 0
        while heard.told:
            rounds += 1
            assert rounds < 4
            heard = await gate.hears(JUAN, heard.bodies[0])
        assert gate.balance(juan) in (0, -500)


@pytest.mark.parametrize("words", ["LANG FR", "IDIOMA EN", "AYUDA IDIOMA", "MENU"])
async def test_our_own_words_are_never_a_command(tmp_path: Path, words: str) -> None:
    """An answer that comes back does nothing, though it reads like a command."""
    async with gatehouse(tmp_path) as gate:
        await gate.couple()
        told = (await gate.hears(JUAN, words)).bodies[0]
        back = await gate.hears(JUAN, told)
        assert (back.told, back.outcome) == ([], "silent")
        gate.clock.ms += 10 * MINUTE_MS + 1
        assert (await gate.hears(JUAN, told)).told


async def test_a_receipt_that_comes_back_is_silence(tmp_path: Path) -> None:
    """References and amounts are hidden in what is kept, and known all the same."""
    async with gatehouse(tmp_path) as gate:
        await gate.couple()
        paid = await gate.hears(JUAN, PAY)
        ref = paid.bodies[0].rsplit(maxsplit=1)[-1]
        genuine = await gate.hears(JUAN, f"VER {ref}")
        for told in (paid.bodies[0], genuine.bodies[0]):
            assert (await gate.hears(JUAN, told)).told == []
        assert (await gate.hears(JUAN, f"VER {ref}")).outcome == "genuine"


async def test_a_stranger_gets_two_answers_a_day(tmp_path: Path) -> None:
    """Whatever was asked, the third is not given; the next day there are two again."""
    async with gatehouse(tmp_path) as gate:
        juan, _ = await gate.couple()
        for n in range(2):
            assert (await gate.hears(JUAN, f"AYUDA {n}")).told
        # Juan's phone is his no longer.
        await gate.store.write(
            lambda tx: tx.run("DELETE FROM phone WHERE account = ?", (juan.account,))
        )
        assert (await gate.hears(JUAN, "hola")).told == []
        gate.clock.ms += DAY_MS
        assert (await gate.hears(JUAN, "hola")).outcome == "not_member"

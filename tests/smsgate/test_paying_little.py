"""Who pays little for a while: a silent phone, a new one, a PIN that was reset."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from commands.secret import Secret
from smsgate.clock import DAY_MS, HOUR_MS
from smsgate.members import by_account, guardians, matters, phones, pins
from smsgate.members.matters import Queue, Topic
from tests.smsgate.gatehouse import PIN, POLICY, gatehouse
from tests.smsgate.mailroom import JUAN, ROSA

if TYPE_CHECKING:
    from pathlib import Path

    from smsgate.members import Member
    from tests.smsgate.gatehouse import Gatehouse

SILENT_MS, LOW_MS = POLICY.dormant_ms, POLICY.low_ms
LUIS = "+50373456789"


def pay(amount: str) -> str:
    """Write a payment to Rosa with the PIN in it."""
    return f"PAGAR 20417 {amount} {PIN}"


def heard_ms(gate: Gatehouse) -> int:
    """Return when Juan's phone was last noted."""
    (row,) = gate.rows("SELECT heard_ms FROM phone WHERE msisdn = ?", JUAN)
    return int(row["heard_ms"])


async def guarded(gate: Gatehouse, juan: Member) -> None:
    """Give Juan a guardian."""
    luis = await gate.join("Luis", LUIS)
    await gate.store.write(lambda tx: guardians.add(tx, juan.account, luis))


async def test_a_phone_that_was_silent_pays_nothing_at_once(tmp_path: Path) -> None:
    """A millisecond less is as ever; from then on it asks, and takes little."""
    async with gatehouse(tmp_path) as gate:
        juan, _ = await gate.couple()
        gate.clock.ms += SILENT_MS - 1
        assert (await gate.hears(JUAN, pay("1.00"))).outcome == "paid_payer"
        gate.clock.ms += SILENT_MS
        asked = await gate.hears(JUAN, pay("20.00"))
        assert asked.outcome == "confirm"
        assert (await gate.hears(JUAN, PIN)).outcome == "paid_payer"
        over = await gate.hears(JUAN, pay("0.01"))
        assert over.outcome == "over_low"
        assert "(hoy lleva 20.00)" in over.bodies[0]
        assert gate.fails(juan) == (0, 0)
        assert gate.balance(juan) == -2_100


async def test_after_three_days_all_is_as_before(tmp_path: Path) -> None:
    """Counted from the first text, whatever it said."""
    async with gatehouse(tmp_path) as gate:
        await gate.couple()
        gate.clock.ms += SILENT_MS
        assert (await gate.hears(JUAN, "AYUDA")).outcome == "help_text"
        gate.clock.ms += LOW_MS - 1
        assert (await gate.hears(JUAN, pay("20.01"))).outcome == "over_low"
        gate.clock.ms += 1
        assert (await gate.hears(JUAN, pay("20.01"))).outcome == "paid_payer"


async def test_guardian_and_staff_are_told_once(tmp_path: Path) -> None:
    """The member's own answer is the one text to them."""
    async with gatehouse(tmp_path) as gate:
        juan, _ = await gate.couple()
        await guarded(gate, juan)
        gate.clock.ms += SILENT_MS + 10 * DAY_MS
        first = await gate.hears(JUAN, pay("25.00"))
        assert first.told == [("over_low", JUAN), ("guardian_woken", LUIS)]
        assert "volvio a escribir tras 100 dias" in first.bodies[1]
        assert (await gate.hears(JUAN, "AYUDA")).told == [("help_text", JUAN)]
        (call,) = matters.waiting(gate.store.peek, Queue.callback)
        assert (call.topic, call.account) == (Topic.silence, juan.account)


async def test_what_was_heard_survives_a_restart(tmp_path: Path) -> None:
    """The silence is counted in the ledger, and so is what it began."""
    async with gatehouse(tmp_path) as gate:
        await gate.couple()
        await gate.hears(JUAN, "AYUDA")
        clock = gate.clock
    clock.ms += SILENT_MS
    async with gatehouse(tmp_path, clock=clock) as gate:
        assert (await gate.hears(JUAN, "AYUDA", key=b"2")).outcome == "help_text"
    async with gatehouse(tmp_path, clock=clock) as gate:
        over = await gate.hears(JUAN, pay("20.01"), key=b"3")
        assert over.outcome == "over_low"


async def test_a_phone_is_noted_once_a_day(tmp_path: Path) -> None:
    """Payments of one day write no further row for it."""
    async with gatehouse(tmp_path) as gate:
        await gate.couple()
        start_ms = heard_ms(gate)
        gate.clock.ms += DAY_MS - 1
        await gate.hears(JUAN, pay("1.00"))
        assert heard_ms(gate) == start_ms
        gate.clock.ms += 1
        await gate.hears(JUAN, pay("2.00"))
        assert heard_ms(gate) == start_ms + DAY_MS


async def test_nought_days_turn_it_off(tmp_path: Path) -> None:
    """With 0 no silence is too long."""
    policy = replace(POLICY, dormant_ms=0)
    async with gatehouse(tmp_path, policy=policy) as gate:
        await gate.couple()
        gate.clock.ms += 1_000 * DAY_MS
        assert (await gate.hears(JUAN, pay("50.00"))).outcome == "paid_payer"


async def test_what_others_ask_for_is_little_too(tmp_path: Path) -> None:
    """SI with token and PIN passes the low limit no more than PAGAR does."""
    async with gatehouse(tmp_path) as gate:
        juan, _ = await gate.couple()
        gate.clock.ms += SILENT_MS
        await gate.hears(ROSA, "COBRAR 13076 25.00")
        token = gate.token()
        assert (await gate.hears(JUAN, f"SI {token} {PIN}")).outcome == "over_low"
        assert gate.balance(juan) == 0


@pytest.mark.parametrize("housekept", [True, False])
async def test_a_pin_that_was_reset_pays_little_once_it_holds(
    tmp_path: Path, *, housekept: bool
) -> None:
    """From the moment it holds, whether or not anything ran since; not before."""
    new = "6150"
    async with gatehouse(tmp_path) as gate:
        juan, _ = await gate.couple()
        code = await gate.desk.verifier(juan.account, Secret("31415926"))
        await gate.store.write(lambda tx: pins.issue_code(tx, juan.account, code, "x"))
        await gate.hears(JUAN, f"PIN 31415926 {new} {new}")
        gate.clock.ms += 23 * HOUR_MS
        assert (await gate.hears(JUAN, pay("30.00"))).outcome == "paid_payer"
        gate.clock.ms += HOUR_MS
        if housekept:
            await gate.housekeeping.once()
        over = await gate.hears(JUAN, f"PAGAR 20417 40.00 {new}")
        assert over.outcome == "over_low"
        asked = await gate.hears(JUAN, f"PAGAR 20417 4.00 {new}")
        assert asked.outcome == "over_low"  # 30.00 were paid today
        gate.clock.ms += DAY_MS
        assert (await gate.hears(JUAN, f"PAGAR 20417 4.00 {new}")).outcome == "confirm"
        assert (await gate.hears(JUAN, new)).outcome == "paid_payer"
        gate.clock.ms += 2 * DAY_MS
        paid = await gate.hears(JUAN, f"PAGAR 20417 40.00 {new}")
        assert paid.outcome == "paid_payer"


async def test_a_new_phone_was_just_heard(tmp_path: Path) -> None:
    """Staff who register a number have seen its member: no silence goes with it."""
    async with gatehouse(tmp_path) as gate:
        juan, _ = await gate.couple()
        gate.clock.ms += SILENT_MS
        moved = await gate.store.write(
            lambda tx: phones.move_phone(tx, juan, LUIS, actor="uid:1")
        )
        assert phones.silent_ms(moved, gate.clock.now_ms()) == 0
        assert (await gate.hears(LUIS, pay("20.01"))).outcome == "over_low"
        assert matters.waiting(gate.store.peek, Queue.callback) == []
        gate.clock.ms += LOW_MS
        found = by_account(gate.store.peek, juan.account)
        assert found == moved
        assert (await gate.hears(LUIS, pay("20.01"))).outcome == "paid_payer"

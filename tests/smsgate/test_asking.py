"""COBRAR, ANULAR, DEVOLVER, ULTIMO and the wait: what each text comes to, as a table.

A row is who says what, and who is told which reply; `{mine}` and `{token}` stand for
the tokens last told to who asked and to who is asked, `{ref}` for the last payment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from commands.replies import name_of
from commands.reply import AlreadyDone, ChargeRefused, Cooling, RefundRefused
from smsgate import ledger
from smsgate.clock import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS
from smsgate.handlers import Timing
from tests.smsgate.club import GOOD
from tests.smsgate.counter import Counter, counter

if TYPE_CHECKING:
    from pathlib import Path

    from commands.reply import Reply

PAYS = ("Juan", "PAGAR 7123-4567 25.50 4827", "Juan paid_payer, Rosa paid_payee")
ASKS = ("Rosa", "COBRAR 7234-5678 12.50", "Rosa charge_sent, Juan charge_asked")
WANTS = ("Juan", "DEVOLVER {ref}", "Juan reversal_sent, Rosa reversal_asked")
PAID = "Juan paid_payer, Rosa paid_payee"
GIVEN = "Rosa refunded, Juan got_refund"

TALKS = {
    "paid": [ASKS, ("Juan", "SI {token} 4827", PAID)],
    "paid without the word": [ASKS, ("Juan", "{token} 4827", PAID)],
    "paid twice": [
        ASKS,
        ("Juan", "SI {token} 4827", PAID),
        ("Juan", "SI {token} 4827", "Juan already_done"),
        ("Juan", "NO {token}", "Juan already_done"),
        ("Rosa", "NO {mine}", "Rosa copy_received"),
    ],
    "no PIN": [ASKS, ("Juan", "SI {token}", "Juan pin_needed")],
    "wrong PIN": [
        ASKS,
        ("Juan", "SI {token} 1111", "Juan pin_bad"),
        ("Juan", "SI {token} 4827", PAID),
    ],
    "denied by NO alone": [ASKS, ("Juan", "NO", "Juan not_paid, Rosa charge_denied")],
    "denied by ANULAR": [
        ASKS,
        ("Juan", "ANULAR {token}", "Juan not_paid, Rosa charge_denied"),
        ("Rosa", "ANULAR {mine}", "Rosa nothing_to_cancel"),
    ],
    "denied, then called off": [
        ASKS,
        ("Juan", "NO {token}", "Juan not_paid, Rosa charge_denied"),
        ("Rosa", "ANULAR", "Rosa nothing_to_cancel"),
    ],
    "called off, then answered": [
        ASKS,
        ("Rosa", "ANULAR {mine}", "Rosa charge_stopped, Juan charge_gone"),
        ("Juan", "NO {token}", "Juan question_over"),
        ("Juan", "SI {token} 4827", "Juan question_over"),
    ],
    "called off by NO": [
        ASKS,
        ("Rosa", "NO {mine}", "Rosa charge_stopped, Juan charge_gone"),
    ],
    "SI to one's own request": [ASKS, ("Rosa", "SI {mine} 4827", "Rosa nothing_open")],
    "of another's token": [ASKS, ("Luis", "SI {token} 4827", "Luis nothing_open")],
    "one of two called off": [
        ASKS,
        ("Rosa", "COBRAR 7345-6789 1", "Rosa charge_sent, Luis charge_asked"),
        ("Rosa", "ANULAR", "Rosa which_charge"),
        ("Rosa", "ANULAR {mine}", "Rosa charge_stopped, Luis charge_gone"),
        ("Rosa", "ANULAR", "Rosa charge_stopped, Juan charge_gone"),
    ],
    "one of two to the same called off": [
        ("Rosa", "COBRAR 7234-5678 1", "Rosa charge_sent, Juan charge_asked"),
        ("Rosa", "COBRAR 7234-5678 2", "Rosa charge_sent, Juan charge_asked"),
        ("Rosa", "ANULAR {mine}", "Rosa charge_stopped, Juan charge_gone"),
        ("Juan", "NO", "Juan not_paid, Rosa charge_denied"),
    ],
    "paid by a frozen member": [
        ASKS,
        ("Juan", "ROBO", "Juan blocked"),
        ("Juan", "SI {token} 4827", "Juan question_over"),
        ("Rosa", "COBRAR 7234-5678 2", "Rosa charge_refused"),
    ],
    "asked by a frozen member": [
        ASKS,
        ("Rosa", "ROBO", "Rosa blocked"),
        ("Rosa", "COBRAR 7345-6789 1", "Rosa frozen"),
        ("Juan", "SI {token} 4827", "Juan payee_cannot_receive"),
    ],
    "given back": [PAYS, ("Rosa", "DEVOLVER {ref} 4827", GIVEN)],
    "given back twice": [
        PAYS,
        ("Rosa", "DEVOLVER {ref} 4827", GIVEN),
        ("Rosa", "DEVOLVER {ref} 4827", "Rosa refund_refused"),
        ("Juan", "DEVOLVER {ref}", "Juan refund_refused"),
    ],
    "given back by a frozen member": [
        PAYS,
        ("Rosa", "ROBO", "Rosa blocked"),
        ("Rosa", "DEVOLVER {ref} 4827", "Rosa frozen"),
    ],
    "given back to a frozen member": [
        PAYS,
        ("Juan", "ROBO", "Juan blocked"),
        ("Rosa", "DEVOLVER {ref} 4827", GIVEN),
    ],
    "wanted and granted": [PAYS, WANTS, ("Rosa", "SI {token} 4827", GIVEN)],
    "wanted and granted twice": [
        PAYS,
        WANTS,
        ("Rosa", "SI {token} 4827", GIVEN),
        ("Rosa", "SI {token} 4827", "Rosa already_done"),
    ],
    "wanted with the PIN": [
        PAYS,
        ("Juan", "DEVOLVER {ref} 1111", "Juan pin_bad"),
        ("Juan", "DEVOLVER {ref} 4827", WANTS[2]),
    ],
    "wanted and refused": [
        PAYS,
        WANTS,
        ("Rosa", "NO", "Rosa not_paid, Juan reversal_denied"),
        ("Juan", "ANULAR {ref} 4827", "Juan refund_refused"),
        ("Rosa", "DEVOLVER {ref} 4827", GIVEN),
    ],
    "wanted and given by hand": [
        PAYS,
        WANTS,
        ("Rosa", "DEVOLVER {ref} 4827", GIVEN),
        ("Rosa", "SI {token} 4827", "Rosa already_done"),
    ],
    "wanted and short": [
        PAYS,
        WANTS,
        ("Rosa", "PAGAR 7345-6789 20 4827", "Rosa paid_payer, Luis paid_payee"),
        ("Rosa", "SI {token} 4827", "Rosa no_funds"),
        ("Luis", "PAGAR 7123-4567 30 4827", "Luis paid_payer, Rosa paid_payee"),
        ("Rosa", "SI {token} 4827", GIVEN),
    ],
    "wanted too much": [PAYS, ("Juan", "DEVOLVER {ref} 25.51", "Juan refund_over")],
    "no receipt yet": [("Luis", "ULTIMO", "Luis no_receipt")],
    "a receipt of others": [PAYS, ("Luis", "ULTIMO {ref}", "Luis no_receipt")],
    "a receipt to each": [
        PAYS,
        ("Juan", "ULTIMO", "Juan copy_paid"),
        ("Rosa", "ULTIMO {ref}", "Rosa copy_received"),
    ],
    "CANCELAR with nothing open": [("Juan", "CANCELAR", "Juan opted_out")],
    "CANCELAR with a question": [
        ASKS,
        ("Juan", "CANCELAR", "Juan not_paid, Rosa charge_denied"),
    ],
    "nothing to cancel": [
        ("Juan", "ANULAR 47", "Juan nothing_to_cancel"),
        ("Juan", "ANULAR", "Juan nothing_to_cancel"),
    ],
}


def _learn(known: dict[str, str], told: list[tuple[str, Reply]]) -> None:
    for place, (_, reply) in enumerate(told):
        token, ref = getattr(reply, "token", None), getattr(reply, "ref", None)
        if token is not None:
            known["mine" if place == 0 and len(told) > 1 else "token"] = str(token)
        if ref is not None:
            known.setdefault("ref", ref)


async def _hold(house: Counter, talk: list[tuple[str, str, str]]) -> dict[str, str]:
    known: dict[str, str] = {}
    for name, text, wanted in talk:
        told = await house.says(name, text.format_map(known))
        heard = ", ".join(f"{who} {name_of(type(reply))}" for who, reply in told)
        assert heard == wanted, (name, text)
        _learn(known, told)
    return known


@pytest.mark.parametrize("name", TALKS)
async def test_talk(tmp_path: Path, name: str) -> None:
    """Each text comes to what its row says, and the books are right."""
    async with counter(tmp_path) as house:
        await _hold(house, TALKS[name])
        assert sum(map(house.balance, house.people)) == 0
        assert ledger.check(house.club.store.peek) == []


REFUSED = [
    ("Rosa", "COBRAR 7999-9999 5", "unknown"),
    ("Rosa", "COBRAR nadie 5", "unknown"),
    ("Rosa", "COBRAR 7123-4567 5", "own_account"),
    ("Rosa", "COBRAR 7234-5678 500.01", "limit"),
    ("Rosa", "DEVOLVER 4812057735 4827", "unknown"),
    ("Rosa", "DEVOLVER 4812057736 4827", "unknown"),
    ("Rosa", "ANULAR 4812057735 4827", "unknown"),
]


@pytest.mark.parametrize(("name", "text", "why"), REFUSED)
async def test_refusal_costs_no_try(
    tmp_path: Path, name: str, text: str, why: str
) -> None:
    """What cannot be is said without a look at the PIN, right or wrong."""
    async with counter(tmp_path) as house:
        for written in (text, text.replace(GOOD, "1111")):
            ((who, reply),) = await house.says(name, written)
            assert isinstance(reply, ChargeRefused | RefundRefused)
            assert (who, reply.why) == (name, why)
        assert house.club.row(house.people[name]).fails == 0


@pytest.mark.parametrize(
    ("talk", "after_ms", "told"),
    [
        ([ASKS], 72 * HOUR_MS - 1, []),
        ([ASKS], 72 * HOUR_MS, ["Juan charge_lapsed", "Rosa charge_expired"]),
        ([PAYS, WANTS], 7 * DAY_MS - 1, []),
        ([PAYS, WANTS], 7 * DAY_MS, ["Juan reversal_expired"]),
        ([("Juan", "PAGAR 7123-4567 5", "Juan confirm")], DAY_MS, []),
        (
            [ASKS, ("Rosa", "ANULAR", "Rosa charge_stopped, Juan charge_gone")],
            8 * DAY_MS,
            [],
        ),
        ([ASKS, ("Juan", "ROBO", "Juan blocked")], 8 * DAY_MS, ["Rosa charge_expired"]),
    ],
)
async def test_silence_is_told(
    tmp_path: Path, talk: list[tuple[str, str, str]], after_ms: int, told: list[str]
) -> None:
    """Who waits is told on the day it is over, once; nobody else is."""
    async with counter(tmp_path) as house:
        await _hold(house, talk)
        house.club.clock.ms += after_ms
        heard = await house.falls_due()
        assert sorted(f"{who} {name_of(type(reply))}" for who, reply in heard) == told
        assert await house.falls_due() == []


async def test_a_request_held_to_be_a_repeat_ends_with_its_question(
    tmp_path: Path,
) -> None:
    """An hour after SI was asked once more, the seller knows that nothing comes."""
    async with counter(tmp_path) as house:
        paid = ("Juan", "SI {token} 4827", PAID)
        known = await _hold(house, [ASKS, paid, ASKS])
        ((_, asked),) = await house.says("Juan", f"SI {known['token']} 4827")
        assert name_of(type(asked)) == "maybe_double"
        house.club.clock.ms += 60 * MINUTE_MS
        ((who, reply),) = await house.falls_due()
        assert (who, name_of(type(reply))) == ("Rosa", "charge_expired")
        assert house.balance("Rosa") == 1250


@pytest.mark.parametrize(
    ("timing", "asked"), [(Timing.late, "late"), (Timing.unknown, "confirm")]
)
async def test_a_refund_that_came_late_is_asked_about(
    tmp_path: Path, timing: Timing, asked: str
) -> None:
    """Nothing moves on an old text until it is confirmed; then it does, once."""
    async with counter(tmp_path) as house:
        ref = (await _hold(house, [PAYS]))["ref"]
        ((_, reply),) = await house.says("Rosa", f"DEVOLVER {ref} 4827", timing=timing)
        assert name_of(type(reply)) == asked
        assert house.balance("Rosa") == 2550
        await house.says("Rosa", GOOD)
        assert house.balance("Rosa") == 0
        ((_, again),) = await house.says("Rosa", GOOD)
        assert isinstance(again, AlreadyDone)
        assert again.ref == ref


async def test_a_refund_that_came_late_is_stopped_by_no(tmp_path: Path) -> None:
    """Nobody else is told: nobody else asked for it."""
    async with counter(tmp_path) as house:
        ref = (await _hold(house, [PAYS]))["ref"]
        await house.says("Rosa", f"DEVOLVER {ref} 4827", timing=Timing.late)
        told = await house.says("Rosa", "NO")
        assert [who for who, _ in told] == ["Rosa"]
        assert house.balance("Rosa") == 2550


# ---- the wait before a first payment

WAIT: dict[str, int] = {"cool_off_ms": 60 * SECOND_MS, "cool_off_above": 1000}
_BUYS = "PAGAR 7123-4567 25.00 4827"


async def _waits(house: Counter) -> Cooling:
    ((_, reply),) = await house.says("Juan", _BUYS)
    assert isinstance(reply, Cooling)
    return reply


async def test_no_sent_in_time_frees_though_it_came_late(tmp_path: Path) -> None:
    """It counts when the member sent it, while the units are still held."""
    async with counter(tmp_path, **WAIT) as house:
        token = (await _waits(house)).token
        in_time_ms = house.club.clock.ms + 59 * SECOND_MS
        house.club.clock.ms += 5 * MINUTE_MS
        ((_, reply),) = await house.says("Juan", f"NO {token}", sent_ms=in_time_ms)
        assert name_of(type(reply)) == "not_paid"
        assert await house.falls_due() == []
        assert (house.balance("Rosa"), house.available("Juan")) == (0, 10_000)


@pytest.mark.parametrize("text", ["NO", "NO {token}", "ANULAR"])
async def test_no_sent_too_late_finds_it_paid(tmp_path: Path, text: str) -> None:
    """What was due is paid with both receipts, even where nothing had run since."""
    async with counter(tmp_path, **WAIT) as house:
        token = (await _waits(house)).token
        house.club.clock.ms += 61 * SECOND_MS
        told = await house.says("Juan", text.format(token=token))
        assert [f"{who} {name_of(type(reply))}" for who, reply in told] == [
            "Juan paid_payer",
            "Rosa paid_payee",
        ]
        assert await house.falls_due() == []
        ((_, again),) = await house.says("Juan", "NO")
        assert isinstance(again, AlreadyDone)
        assert house.balance("Rosa") == 2500
        assert ledger.check(house.club.store.peek) == []


async def test_robo_frees_what_waits_at_once(tmp_path: Path) -> None:
    """Nothing is left held, and nothing more is told when the minute is over."""
    async with counter(tmp_path, **WAIT) as house:
        await _waits(house)
        await house.says("Juan", "ROBO")
        assert house.available("Juan") == 10_000
        house.club.clock.ms += 61 * SECOND_MS
        assert await house.falls_due() == []
        assert house.balance("Rosa") == 0


async def test_a_wait_that_cannot_be_paid_is_told_and_freed(tmp_path: Path) -> None:
    """A payee who is full by then gets nothing; the payer may spend it elsewhere."""
    async with counter(tmp_path, **WAIT) as house:
        await _waits(house)
        rosa = house.people["Rosa"].account
        await house.club.store.write(
            lambda tx: ledger.set_ceiling(tx, rosa, 2000, "uid:1")
        )
        house.club.clock.ms += 61 * SECOND_MS
        told = await house.falls_due()
        assert [f"{who} {name_of(type(reply))}" for who, reply in told] == [
            "Juan payee_cannot_receive",
            "Rosa payee_warned",
        ]
        assert (house.balance("Rosa"), house.available("Juan")) == (0, 10_000)


async def test_a_wait_keeps_its_memo_and_outlives_its_question(tmp_path: Path) -> None:
    """A house that was down for days pays what was due, as it was written."""
    async with counter(tmp_path, **WAIT) as house:
        await house.says("Juan", f"{_BUYS} POR pan")
        house.club.clock.ms += 6 * DAY_MS
        told = await house.falls_due()
        assert [who for who, _ in told] == ["Juan", "Rosa"]
        ref = getattr(told[0][1], "ref", "")
        made = ledger.by_ref(house.club.store.peek, ref)
        assert made is not None
        assert made.memo == "pan"
        rows = house.club.store.peek.all("SELECT state FROM question")
        assert [row["state"] for row in rows] == ["done"]


async def test_a_request_is_met_by_a_payment_that_waited(tmp_path: Path) -> None:
    """What was asked for and paid by hand is not paid again, wait or no wait."""
    async with counter(tmp_path, **WAIT) as house:
        sent = await house.says("Rosa", "COBRAR 7234-5678 25.00")
        token = getattr(sent[1][1], "token", 0)
        await _waits(house)
        house.club.clock.ms += 61 * SECOND_MS
        await house.falls_due()
        house.club.clock.ms += 30 * MINUTE_MS
        ((_, reply),) = await house.says("Juan", f"SI {token} 4827")
        assert isinstance(reply, AlreadyDone)
        assert house.balance("Rosa") == 2500

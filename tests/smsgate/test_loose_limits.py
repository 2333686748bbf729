"""Over links whose senders are easily forged little can be paid without a card."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from smsgate import config
from smsgate.members import cards
from tests.smsgate.gatehouse import LOOSE, PIN, POLICY, SIM1, gatehouse
from tests.smsgate.mailroom import JUAN

if TYPE_CHECKING:
    from pathlib import Path

STRICT = replace(POLICY, loose=2_000, low=3_000, card_step=50_000)


@pytest.mark.parametrize(
    ("link", "before", "amount", "card", "told"),
    [
        (SIM1, 0, "100.00", False, "paid_payer"),
        (SIM1, 0, "500.00", False, "confirm"),
        (LOOSE, 0, "20.00", False, "confirm"),
        (LOOSE, 0, "20.01", False, "over_limit"),
        # What was paid that day counts, whichever way it took.
        (LOOSE, 1_500, "5.00", False, "confirm"),
        (LOOSE, 1_500, "5.01", False, "over_limit"),
        (LOOSE, 5_000, "1.00", False, "over_limit"),
        # A code of the card is something a forger does not have.
        (LOOSE, 0, "20.00", True, "confirm_card"),
        (LOOSE, 0, "300.00", True, "confirm_card"),
        (LOOSE, 5_000, "300.00", True, "confirm_card"),
        (LOOSE, 0, "500.01", True, "over_limit"),
        (LOOSE, 90_000, "100.01", True, "over_limit"),
    ],
)
async def test_what_can_be_paid_over_which_link(
    tmp_path: Path, link: str, before: int, amount: str, card: bool, told: str
) -> None:
    """`[limits] loose` is the most at once and in a day."""
    async with gatehouse(tmp_path, policy=STRICT) as gate:
        juan, rosa = await gate.couple(limit=200_000)
        if before:
            await gate.pays(juan, rosa, before)
        if card:
            await gate.store.write(
                lambda tx: cards.issue_card(tx, juan.account, actor="uid:1")
            )
        heard = await gate.hears(JUAN, f"PAGAR 20417 {amount} {PIN}", link=link)
        assert heard.outcome == told


async def test_a_question_is_not_answered_past_the_limit_of_its_answer(
    tmp_path: Path,
) -> None:
    """A forger's yes over another link pays nothing, and does not close it."""
    async with gatehouse(tmp_path, policy=STRICT) as gate:
        await gate.couple()
        await gate.hears(JUAN, "PAGAR panaderialuz 25")
        token = gate.token()
        heard = await gate.hears(JUAN, f"SI {token} {PIN}", link=LOOSE)
        assert heard.outcome == "over_limit"
        heard = await gate.hears(JUAN, f"{token} {PIN}", link=SIM1)
        assert heard.outcome == "paid_payer"


async def test_somebody_with_a_new_phone_pays_the_lower_of_the_two(
    tmp_path: Path,
) -> None:
    """The days after a phone was changed are not made longer by a card."""
    async with gatehouse(tmp_path, policy=STRICT) as gate:
        juan, _ = await gate.couple()
        await gate.store.write(
            lambda tx: tx.run(
                "UPDATE member SET low_from_ms = ? WHERE account = ?",
                (tx.now_ms, juan.account),
            )
        )
        for amount, told in (("30.01", "over_low"), ("30.00", "confirm")):
            heard = await gate.hears(JUAN, f"PAGAR 20417 {amount} {PIN}", link=SIM1)
            assert heard.outcome == told


@pytest.mark.parametrize(
    ("text", "loose"),
    [("", None), ('[limits]\nloose = "5.00"', 500), ('[limits]\nlow = "7.00"', None)],
)
def test_unset_it_is_the_low_limit(
    tmp_path: Path, text: str, loose: int | None
) -> None:
    """One figure is enough for most networks."""
    assert config.parse(text, tmp_path).limits.loose == loose

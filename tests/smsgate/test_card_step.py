"""The card step over two links at once, and a card that is used up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smsgate.members import cards
from smsgate.store import Tx
from tests.smsgate.gatehouse import LOOSE, PAPER, PIN, SIM1, WRONG, gatehouse
from tests.smsgate.mailroom import JUAN

if TYPE_CHECKING:
    from pathlib import Path

    from smsgate.members import Member
    from smsgate.members.cards import Card
    from tests.smsgate.gatehouse import Gatehouse

PAY = f"PAGAR 20417 5.00 {PIN}"
#: Not the same text over another link.
OTHER = f"PAGAR 20417 6.00 {PIN}"


async def _card(gate: Gatehouse, member: Member) -> Card:
    def issue(tx: Tx) -> Card:
        return cards.issue_card(tx, member.account, actor="uid:1")

    return await gate.store.write(issue)


def _asked(gate: Gatehouse) -> tuple[int, int]:
    """Return the token and the position of the newest question."""
    (row,) = gate.rows(
        "SELECT token, json_extract(detail, '$.position') AS position"
        " FROM question ORDER BY id DESC LIMIT 1"
    )
    return row["token"], row["position"]


async def test_a_forger_s_guesses_do_not_lock_the_owner_out(tmp_path: Path) -> None:
    """Wrong codes over a loose link lock that way in only; the owner's phone pays."""
    async with gatehouse(tmp_path) as gate:
        juan, _ = await gate.couple()
        card = await _card(gate, juan)
        await gate.hears(JUAN, PAY, link=LOOSE)
        token, position = _asked(gate)
        code = PAPER.code(card.id, position)
        guess = f"{(int(code) + 1) % 1_000_000:06d}"
        for _ in range(4):
            await gate.hears(JUAN, f"{token} {guess}", link=LOOSE)

        assert gate.fails(juan) == (0, 3)
        heard = await gate.hears(JUAN, f"{token} {code}", link=LOOSE)
        assert heard.outcome == "pin_locked"
        heard = await gate.hears(JUAN, OTHER, link=SIM1)
        assert heard.outcome == "paid_payer"
        assert gate.balance(juan) == -600


async def test_a_card_that_is_used_up_stops_what_needs_it(tmp_path: Path) -> None:
    """No code is left: over a loose link nothing is paid, on the own SIM the PIN is."""
    async with gatehouse(tmp_path) as gate:
        juan, _ = await gate.couple()
        card = await _card(gate, juan)

        def use(tx: Tx) -> None:
            for position in cards.POSITIONS:
                cards.use_position(tx, card.id, position)

        await gate.store.write(use)
        heard = await gate.hears(JUAN, PAY, link=LOOSE)
        assert heard.outcome == "card_empty"
        heard = await gate.hears(JUAN, OTHER, link=SIM1)
        assert heard.outcome == "paid_payer"


async def test_a_code_is_good_once_and_each_position_has_its_own(
    tmp_path: Path,
) -> None:
    """The same position is never asked twice, and no code is kept in the ledger."""
    async with gatehouse(tmp_path) as gate:
        juan, _ = await gate.couple()
        card = await _card(gate, juan)
        asked = []
        for amount in range(1, 9):
            text = f"PAGAR 20417 {amount}.00 {WRONG}"
            await gate.hears(JUAN, text, link=LOOSE)
            token, position = _asked(gate)
            asked.append(position)
            answer = f"SI {token} {PAPER.code(card.id, position)}"
            assert (await gate.hears(JUAN, answer, link=LOOSE)).outcome == "paid_payer"

        assert len(set(asked)) == len(asked)
        codes = {PAPER.code(card.id, position) for position in cards.POSITIONS}
        assert len(codes) > 25
        rows = gate.rows("SELECT * FROM card JOIN card_use ON card = id")
        assert not any(code in str(tuple(row)) for row in rows for code in codes)

"""The way of a message in: kept once, answered once, to whom it belongs."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from modem.link import Wholeness
from smsgate.clock import MINUTE_MS, SECOND_MS
from smsgate.members.phones import move_phone
from tests.smsgate.gatehouse import PIN, SIM1, SIM2, WRONG, gatehouse
from tests.smsgate.mailroom import JUAN

if TYPE_CHECKING:
    from pathlib import Path


PAY = f"PAGAR 20417 5.00 {PIN}"


# ---- once


async def test_the_same_text_again_does_nothing(tmp_path: Path) -> None:
    """Ten deliveries are one payment and one answer to each side."""
    async with gatehouse(tmp_path) as gate:
        juan, _ = await gate.couple()
        text = gate.incoming(JUAN, PAY)
        for _ in range(10):
            await gate.gateway.receive(text)
            gate.clock.ms += MINUTE_MS

        assert gate.balance(juan) == -500
        assert len(gate.rows("SELECT 1 FROM inbox")) == 1
        assert gate.states() == ["queued", "queued"]


async def test_a_phone_waits_for_its_account_as_soon_as_it_has_one(
    tmp_path: Path,
) -> None:
    """Whose a phone is may change at any time, and the next text knows it."""
    async with gatehouse(tmp_path) as gate:
        juan, _ = await gate.couple()
        other = "+50379990000"

        def whose(phone: str) -> object:
            return gate.gateway._whose(gate.gateway._read(gate.incoming(phone, "hola")))

        assert (whose(JUAN), whose(other)) == (juan.account, other)
        await gate.store.write(lambda tx: move_phone(tx, juan, other, actor="uid:1"))
        assert (whose(JUAN), whose(other)) == (JUAN, juan.account)


async def test_a_text_again_whose_answer_failed_is_answered_again(
    tmp_path: Path,
) -> None:
    """What failed or expired is owed again; what was sent is not."""
    async with gatehouse(tmp_path) as gate:
        await gate.couple()
        text = gate.incoming(JUAN, PAY)
        await gate.gateway.receive(text)
        await gate.store.write(
            lambda tx: tx.run("UPDATE outbox SET state = 'failed' WHERE id = 1")
        )
        await gate.store.write(
            lambda tx: tx.run("UPDATE outbox SET state = 'sent' WHERE id = 2")
        )

        await gate.gateway.receive(text)

        assert gate.states() == ["queued", "sent"]


async def test_texts_sent_at_once_are_done_one_after_another(tmp_path: Path) -> None:
    """Twenty wrong PINs at once are three tries; the right one after them is locked."""
    async with gatehouse(tmp_path) as gate:
        juan, _ = await gate.couple()
        words = [f"PAGAR 20417 5.{n:02} {WRONG}" for n in range(20)] + [PAY]
        texts = [gate.incoming(JUAN, one) for one in words]

        await asyncio.gather(*(gate.gateway.receive(one) for one in texts))

        rows = gate.rows("SELECT outcome FROM inbox ORDER BY id")
        outcomes = [row["outcome"] for row in rows]
        assert outcomes == ["pin_bad"] * 2 + ["pin_locked"] * 19
        assert gate.fails(juan) == (3, 0)
        assert gate.balance(juan) == 0


# ---- two ways in


#: The same text over two links: what the second copy comes to, how many are paid.
TWICE: list[tuple[str, int, str, int]] = [
    (PAY, 0, "maybe_double", 500),
    # Beyond two minutes it is another text; ten minutes guard against a repeat.
    (PAY, 121 * SECOND_MS, "maybe_double", 500),
    (f"PAGAR 20417 5.00 {WRONG}", 0, "silent", 0),
    ("PAGAR panaderialuz 5.00", 0, "silent", 0),
    ("PAGAR 20417 5.00", 121 * SECOND_MS, "confirm", 0),
    (f"SALDO {PIN}", 0, "silent", 0),
    (f"SALDO {PIN}", 121 * SECOND_MS, "balance", 0),
    ("AYUDA", 119 * SECOND_MS, "silent", 0),
]


@pytest.mark.parametrize(("words", "apart_ms", "told", "paid"), TWICE)
async def test_the_same_text_over_two_links(
    tmp_path: Path, words: str, apart_ms: int, told: str, paid: int
) -> None:
    """It is one text where it moves nothing, and asked about where it would."""
    async with gatehouse(tmp_path) as gate:
        juan, _ = await gate.couple()
        first, second = (
            gate.incoming(JUAN, words, link=SIM1, ago_ms=apart_ms),
            gate.incoming(JUAN, words, link=SIM2),
        )
        await gate.gateway.receive(first)
        before = gate.fails(juan)
        await gate.gateway.receive(second)

        assert gate.last().outcome == told
        assert gate.balance(juan) == -paid
        assert gate.fails(juan) == before


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("{tk} " + PIN, "already_done"),
        (PIN, "already_done"),
        ("{tk} " + WRONG, "silent"),
        ("NO {tk}", "silent"),
    ],
)
async def test_an_answer_heard_over_two_links(
    tmp_path: Path, words: str, told: str
) -> None:
    """A yes is told what came of it; it neither pays nor costs a try again."""
    async with gatehouse(tmp_path) as gate:
        juan, _ = await gate.couple()
        await gate.hears(JUAN, "PAGAR panaderialuz 5")
        text = words.format(tk=gate.token())
        await gate.hears(JUAN, text)
        before = gate.balance(juan), gate.fails(juan)

        heard = await gate.hears(JUAN, text, link=SIM2)

        assert heard.outcome == told
        assert (gate.balance(juan), gate.fails(juan)) == before


async def test_without_a_send_time_no_copy_is_known(tmp_path: Path) -> None:
    """Then ten minutes guard against paying twice."""
    async with gatehouse(tmp_path) as gate:
        await gate.couple()
        await gate.hears(JUAN, "AYUDA")
        assert (await gate.hears(JUAN, "AYUDA", link=SIM2, ago_ms=None)).told


# ---- whose text it is


@pytest.mark.parametrize("sender", ["2222", "TIGO", "Tigo Money", "", "+1"])
async def test_short_codes_and_names_are_kept_and_never_answered(
    tmp_path: Path, sender: str
) -> None:
    """Whatever they write, and as often as they write it."""
    async with gatehouse(tmp_path) as gate:
        for words in ("Recarga hoy 4827", PAY, "AYUDA"):
            heard = await gate.hears(sender, words)
            assert (heard.state, heard.told) == ("silent", [])
        bodies = gate.rows("SELECT body, sender FROM inbox ORDER BY id")
        assert bodies[0]["body"] == "Recarga hoy ****"
        assert bodies[0]["sender"] == sender


async def test_a_number_is_the_same_however_a_link_writes_it(tmp_path: Path) -> None:
    """National and international forms are one member."""
    async with gatehouse(tmp_path) as gate:
        juan, _ = await gate.couple()
        for sender in ("72345678", "+50372345678"):
            heard = await gate.hears(sender, "AYUDA")
            assert heard.told == [("help_text", JUAN)]
        accounts = gate.rows("SELECT DISTINCT account FROM inbox")
        assert [row["account"] for row in accounts] == [juan.account]


@pytest.mark.parametrize(
    ("whole", "told"), [("too_long", "too_long"), ("incomplete", "incomplete")]
)
async def test_a_text_that_came_in_pieces_is_refused(
    tmp_path: Path, whole: str, told: str
) -> None:
    """Nothing of it is read, whatever the pieces say."""
    async with gatehouse(tmp_path) as gate:
        juan, _ = await gate.couple()
        heard = await gate.hears(JUAN, PAY, whole=Wholeness(whole))
        assert heard.told == [(told, JUAN)]
        assert "NO se pago" in heard.bodies[0]
        assert gate.balance(juan) == 0
        assert gate.rows("SELECT body FROM inbox")[0]["body"] == ""

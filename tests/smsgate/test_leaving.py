"""An opt-out holds whoever says it and however it comes; a campaign's word is heard.

Members, tills, numbers of a list that are nobody's, and vendors who tell us: all of
them end in the same place, which the database enforces.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from modem.errors import Rejected
from modem.link import Capabilities, Report, ReportStatus, Sent
from smsgate import members
from smsgate.campaigns import steps
from smsgate.campaigns.plan import Plan, Wording
from smsgate.clock import DAY_MS, HOUR_MS
from smsgate.members import consent
from smsgate.messages import outbox
from smsgate.messages.outbox import Class
from smsgate.store import Refused
from tests.smsgate.gatehouse import SIM1, Gatehouse, HandLink, gatehouse
from tests.smsgate.mailroom import JUAN, ROSA

if TYPE_CHECKING:
    from pathlib import Path

    from smsgate.campaigns.rows import Campaign
    from smsgate.store import Tx

#: On a list, and nobody's number in the network.
LIST, OTHER = "+50376543210", "+50376543211"
ANA = "+50361230000"


def promotion(tx: Tx, phone: str) -> None:
    """Queue a campaign text."""
    outbox.owe(
        tx,
        inbox=None,
        cls=Class.campaign,
        name="campaign",
        recipient=phone,
        body="Red: pan fresco",
        link="",
        expires_ms=tx.now_ms + HOUR_MS,
    )


def campaign(tx: Tx, *phones: str, word: str = "FERIA") -> Campaign:
    """Have a campaign that has written to these phones."""
    plan = Plan(
        text=Wording(es="Pan fresco"),
        rule="opted_in = yes",
        answer=Wording(es="Feria el sabado a las 9.", en="Fair on Saturday at 9."),
    )
    made = steps.new(tx, name=f"feria {word}", plan=plan, author="uid:1", word=word)
    tx.run(
        "UPDATE campaign SET state = 'running', approved_ms = 1, started_ms = :now"
        " WHERE id = :id",
        {"now": tx.now_ms, "id": made.id},
    )
    for phone in phones:
        member = members.by_phone(tx, phone)
        tx.run(
            "INSERT INTO recipient (campaign, msisdn, account, variant, state,"
            " written_ms) VALUES (?, ?, ?, 'a', 'sent', ?)",
            (made.id, phone, member.account if member else None, tx.now_ms),
        )
    return made


async def wants(gate: Gatehouse, phone: str) -> bool:
    """Say whether the database lets a promotion to this phone be queued."""
    try:
        await gate.store.write(lambda tx: promotion(tx, phone))
    except Refused as refused:
        return refused.name != "opted_out"
    await gate.store.write(lambda tx: tx.run("DELETE FROM outbox WHERE class = 2"))
    return True


def marks(gate: Gatehouse, phone: str) -> tuple[bool, bool]:
    """Return whether a recipient replied, and whether they left."""
    (row,) = gate.rows("SELECT * FROM recipient WHERE msisdn = ?", phone)
    return row["replied_ms"] > 0, row["left_ms"] > 0


# ---- numbers that are nobody's


@pytest.mark.parametrize("word", ["BAJA", "stop", "Cancelar", "SALIR", "PROMOS NO"])
async def test_a_listed_number_leaves_and_is_told_once(
    tmp_path: Path, word: str
) -> None:
    """From any number: no promotion can be queued, and it is confirmed one time."""
    async with gatehouse(tmp_path) as gate:
        await gate.store.write(lambda tx: campaign(tx, LIST))
        assert await wants(gate, LIST)
        heard = await gate.hears(LIST, word)
        assert heard.told == [("list_left", LIST)]
        assert heard.bodies[0].startswith("Listo: ")
        assert not await wants(gate, LIST)
        assert marks(gate, LIST) == (False, True)
        gate.clock.ms += 1_000
        assert (await gate.hears(LIST, word)).told == []


async def test_it_comes_back_with_promos_si(tmp_path: Path) -> None:
    """PROMOS SI undoes it; from a number that never left it is a stranger's text."""
    async with gatehouse(tmp_path) as gate:
        await gate.hears(LIST, "BAJA")
        gate.clock.ms += 1_000
        assert (await gate.hears(LIST, "PROMOS SI")).outcome == "list_rejoined"
        assert await wants(gate, LIST)
        assert (await gate.hears(OTHER, "PROMOS SI")).outcome == "not_member"


async def test_what_waits_for_somebody_who_leaves_is_not_sent(tmp_path: Path) -> None:
    """A text that no link has yet is taken back in the same moment."""
    async with gatehouse(tmp_path) as gate:
        await gate.store.write(lambda tx: promotion(tx, LIST))
        await gate.hears(LIST, "BAJA")
        (row,) = gate.rows("SELECT state, error FROM outbox WHERE class = 2")
        assert (row["state"], row["error"]) == ("expired", "opted_out")


async def test_two_answers_a_day_hold_for_a_list_too(tmp_path: Path) -> None:
    """The third text of a day is carried out and not answered."""
    async with gatehouse(tmp_path) as gate:
        await gate.store.write(lambda tx: campaign(tx, LIST))
        assert (await gate.hears(LIST, "FERIA")).outcome == "info_text"
        gate.clock.ms += 1_000
        assert (await gate.hears(LIST, "AYUDA")).outcome == "list_help"
        gate.clock.ms += 1_000
        heard = await gate.hears(LIST, "BAJA")
        assert (heard.outcome, heard.told) == ("silent", [])
        assert not await wants(gate, LIST)


async def test_help_says_who_writes_to_whom_was_written_to(tmp_path: Path) -> None:
    """Only they hear it: any other number hears that it is no member's."""
    async with gatehouse(tmp_path) as gate:
        await gate.store.write(lambda tx: campaign(tx, LIST))
        assert "BAJA" in (await gate.hears(LIST, "AYUDA")).bodies[0]
        assert (await gate.hears(OTHER, "AYUDA")).outcome == "not_member"


# ---- members and their tills


@pytest.mark.parametrize("word", ["BAJA", "STOP", "CANCELAR", "salir"])
async def test_a_member_leaves_and_comes_back(tmp_path: Path, word: str) -> None:
    """The database refuses promotions until PROMOS SI, whatever a vendor said too."""
    async with gatehouse(tmp_path) as gate:
        await gate.join("Juan", JUAN, promos=True)
        await gate.store.write(lambda tx: campaign(tx, JUAN))
        assert await wants(gate, JUAN)
        assert (await gate.hears(JUAN, word)).outcome == "opted_out"
        assert not await wants(gate, JUAN)
        assert marks(gate, JUAN) == (False, True)
        await gate.store.write(lambda tx: consent.stop_promos(tx, JUAN, "provider"))
        gate.clock.ms += 1_000
        assert (await gate.hears(JUAN, "PROMOS SI")).outcome == "opted_in"
        assert await wants(gate, JUAN)


async def test_receipts_go_on_for_whoever_left(tmp_path: Path) -> None:
    """BAJA ends promotions and nothing else."""
    async with gatehouse(tmp_path) as gate:
        _, rosa = await gate.couple()
        await gate.hears(ROSA, "BAJA")
        heard = await gate.hears(JUAN, f"PAGAR {rosa.code} 5.00 4827")
        assert [name for name, _ in heard.told] == ["paid_payer", "paid_payee"]


async def test_a_till_that_leaves_gets_no_promotions(tmp_path: Path) -> None:
    """BAJA closes the till, and its number is written to by no campaign either."""
    async with gatehouse(tmp_path) as gate:
        rosa = await gate.join("Rosa", ROSA)
        await gate.store.write(
            lambda tx: members.add_till(
                tx, rosa.account, phone=ANA, name="Ana", actor="member"
            )
        )
        assert (await gate.hears(ANA, "BAJA")).outcome == "till_closed"
        assert not await wants(gate, ANA)


# ---- vendors


async def test_a_vendor_that_knows_of_an_opt_out_is_believed(tmp_path: Path) -> None:
    """A refusal for that reason fails the text and ends promotions to the number."""
    link = HandLink(capabilities=Capabilities())
    async with gatehouse(tmp_path, links=[link]) as gate, gate.sending():
        juan = await gate.join("Juan", JUAN, promos=True)
        for phone in (JUAN, LIST):
            link.says = [Rejected("unsubscribed", opted_out=True)]
            await gate.store.write(partial(promotion, phone=phone))
            gate.senders[SIM1].wake()
            await gate.settled()
        assert gate.states() == ["failed", "failed"]
        rows = gate.rows("SELECT msisdn, how FROM opt_out ORDER BY msisdn")
        assert [tuple(row) for row in rows] == [(JUAN, "provider"), (LIST, "provider")]
        assert not await wants(gate, JUAN)
        (kept,) = gate.rows("SELECT promos FROM member WHERE account = ?", juan.account)
        assert kept["promos"] == 0


async def test_another_refusal_ends_nothing(tmp_path: Path) -> None:
    """A number that cannot be reached has not opted out."""
    link = HandLink(capabilities=Capabilities())
    async with gatehouse(tmp_path, links=[link]) as gate, gate.sending():
        link.says = [Rejected("no such number")]
        await gate.store.write(lambda tx: promotion(tx, LIST))
        gate.senders[SIM1].wake()
        await gate.settled()
        assert gate.states() == ["failed"]
        assert await wants(gate, LIST)


@pytest.mark.parametrize("to", [LIST, ""])
async def test_a_report_can_tell_of_an_opt_out(tmp_path: Path, to: str) -> None:
    """Also one that names the text only, and not the number."""
    link = HandLink(capabilities=Capabilities())
    async with gatehouse(tmp_path, links=[link]) as gate, gate.sending():
        link.says = [Sent(references=("77",))]
        await gate.store.write(lambda tx: promotion(tx, LIST))
        gate.senders[SIM1].wake()
        await gate.settled()
        report = Report(
            link=SIM1,
            reference="77",
            to=to,
            status=ReportStatus.failed,
            at=None,
            code="21610",
            opted_out=True,
        )
        await gate.gateway.report(report)
        assert gate.states() == ["failed"]
        assert not await wants(gate, LIST)


# ---- the word of a campaign


async def test_the_word_is_answered_and_counted(tmp_path: Path) -> None:
    """By members in their language, by a list in the network's; others hear it too."""
    async with gatehouse(tmp_path) as gate:
        await gate.join("Juan", JUAN, language="en")
        await gate.store.write(lambda tx: campaign(tx, JUAN, LIST))
        assert (await gate.hears(JUAN, "feria")).bodies == ["Fair on Saturday at 9."]
        assert (await gate.hears(LIST, "Feria!")).bodies == ["Feria el sabado a las 9."]
        assert (await gate.hears(OTHER, "feria")).outcome == "info_text"
        assert marks(gate, JUAN) == marks(gate, LIST) == (True, False)


async def test_the_word_is_answered_after_the_last_text(tmp_path: Path) -> None:
    """Whoever replies late is answered; a running campaign's word goes first."""
    async with gatehouse(tmp_path) as gate:
        await gate.join("Juan", JUAN)

        def two(tx: Tx) -> None:
            campaign(tx, JUAN)
            tx.run("UPDATE campaign SET state = 'finished'")
            campaign(tx, word="SALSA")
            tx.run(
                "UPDATE campaign SET state = 'finished', word = 'FERIA',"
                " plan = replace(plan, 'sabado', 'lunes') WHERE word = 'SALSA'"
            )

        await gate.store.write(two)
        assert "lunes" in (await gate.hears(JUAN, "FERIA")).bodies[0]
        await gate.store.write(
            lambda tx: tx.run(
                "UPDATE campaign SET state = 'running' WHERE name LIKE '%FERIA'"
            )
        )
        gate.clock.ms += 1_000
        assert "sabado" in (await gate.hears(JUAN, "FERIA")).bodies[0]


async def test_our_own_answer_come_back_is_not_answered(tmp_path: Path) -> None:
    """A machine that repeats what a campaign's word is answered with meets silence."""
    async with gatehouse(tmp_path) as gate:
        await gate.join("Juan", JUAN)

        def short(tx: Tx) -> None:
            made = campaign(tx, JUAN)
            tx.run(
                "UPDATE campaign SET plan = replace(plan,"
                " 'Feria el sabado a las 9.', 'FERIA: el sabado') WHERE id = ?",
                (made.id,),
            )

        await gate.store.write(short)
        assert (await gate.hears(JUAN, "FERIA")).bodies == ["FERIA: el sabado"]
        gate.clock.ms += 1_000
        assert (await gate.hears(JUAN, "FERIA: el sabado")).told == []


async def test_a_draft_does_not_listen(tmp_path: Path) -> None:
    """Before it is agreed to, its word is a word that nobody knows."""
    async with gatehouse(tmp_path) as gate:
        await gate.join("Juan", JUAN)

        def draft(tx: Tx) -> None:
            campaign(tx)
            tx.run("UPDATE campaign SET state = 'draft'")

        await gate.store.write(draft)
        assert (await gate.hears(JUAN, "FERIA")).outcome == "not_understood"


def test_a_campaign_that_wrote_long_ago_is_not_blamed() -> None:
    """An opt-out counts for a campaign of the last seven days."""
    from smsgate.campaigns import replies
    from tests.smsgate.books import Books

    with Books() as books:
        campaign(books.tx, LIST)
        books.wait(8 * DAY_MS)
        replies.note_left(books.tx, LIST)
        row = books.tx.one("SELECT left_ms FROM recipient")
        assert row is not None
        assert row["left_ms"] == 0

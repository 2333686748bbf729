"""The way out as the gateway sees it: straight to a free link, and what links tell."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from structlog.testing import capture_logs

from modem.link import (
    Capabilities,
    LinkState,
    LinkStatus,
    Noise,
    Report,
    ReportStatus,
    Sent,
)
from smsgate import handlers
from smsgate.clock import MINUTE_MS, from_ms
from smsgate.messages.pacing import Pacing
from tests.smsgate.gatehouse import LOOSE, PIN, SIM1, HandLink, at_hand, gatehouse
from tests.smsgate.mailroom import JUAN, ROSA

if TYPE_CHECKING:
    from pathlib import Path


PAY = f"PAGAR 20417 5.00 {PIN}"


# ---- out, at once


async def test_both_receipts_go_straight_to_a_free_link(tmp_path: Path) -> None:
    """They are born on their way, in the transaction that owes them."""
    link = HandLink(capabilities=Capabilities(window=3))
    async with gatehouse(tmp_path, links=[link]) as gate:
        await gate.couple()
        async with gate.sending():
            link.answering.clear()
            heard = await gate.hears(JUAN, PAY)
            assert gate.states() == ["sending", "sending"]
            await asyncio.sleep(0)
            assert [text.to for text in link.sent] == [JUAN, ROSA]
            assert [text.text for text in link.sent] == heard.bodies
            link.answering.set()
            await gate.settled()
        assert gate.states() == ["sent", "sent"]
        assert [row["tries"] for row in gate.rows("SELECT tries FROM outbox")] == [1, 1]


async def test_where_there_is_room_for_one_the_payer_is_first(tmp_path: Path) -> None:
    """The payee's receipt waits in the outbox and follows by itself."""
    async with gatehouse(tmp_path, links=at_hand(**{SIM1: Capabilities()})) as gate:
        await gate.couple()
        link = gate.links[SIM1]
        async with gate.sending():
            link.answering.clear()
            await gate.hears(JUAN, PAY)
            assert gate.states() == ["sending", "queued"]
            link.answering.set()
            await gate.settled()
        assert gate.states() == ["sent", "sent"]


async def test_an_invitation_keeps_to_the_pace_of_its_sim(tmp_path: Path) -> None:
    """Its reader did not ask for it: like any notice it waits, the answer does not."""
    link = HandLink(capabilities=Capabilities(window=3))
    slow = partial(Pacing, per_minute=1)
    async with gatehouse(tmp_path, links=[link], pacing=slow) as gate:
        await gate.couple()
        async with gate.sending():
            for number in ("7654-3210", "7654-3211"):
                await gate.hears(JUAN, f"PAGAR {number} 5.00")
                await gate.hears(JUAN, "SI")
                await gate.settled()
            told = gate.rows("SELECT name, state FROM outbox WHERE class = 1")
            assert [tuple(row) for row in told] == [
                ("invitation", "sent"),
                ("invitation", "queued"),
            ]
        assert [text.to for text in link.sent].count(JUAN) == 4


async def test_a_link_that_stops_waiting_loses_no_answer(tmp_path: Path) -> None:
    """What was committed is sent, and its places are free again, however it ends."""
    async with gatehouse(tmp_path, links=at_hand(**{SIM1: Capabilities()})) as gate:
        juan, _ = await gate.couple()
        link = gate.links[SIM1]
        async with gate.sending():
            text = gate.incoming(JUAN, "AYUDA")
            async with asyncio.TaskGroup() as group:
                waiting = group.create_task(gate.gateway.receive(text))
                await asyncio.sleep(0)
                await asyncio.sleep(0)
                waiting.cancel()
            assert waiting.cancelled()
            await gate.store.write(lambda _: None)
            await gate.settled()
            assert [sent.to for sent in link.sent] == [JUAN]
            await gate.hears(JUAN, PAY)
            await gate.settled()
            assert [sent.to for sent in link.sent] == [JUAN, JUAN, ROSA]
        assert gate.states() == ["sent"] * 3
        assert gate.balance(juan) == -500


async def test_a_refused_write_gives_its_places_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a fault the next answer goes straight out again."""
    async with gatehouse(tmp_path, links=at_hand(**{SIM1: Capabilities()})) as gate:
        await gate.couple()
        async with gate.sending():
            with monkeypatch.context() as patch:
                patch.setattr(handlers, "handle", lambda *_: 1 / 0)
                await gate.hears(JUAN, "AYUDA")
            await gate.settled()
            gate.links[SIM1].answering.clear()
            await gate.hears(JUAN, "AYUDA")
            assert gate.states() == ["sent", "sending"]
            gate.links[SIM1].answering.set()
            await gate.settled()


# ---- what links tell


def report(**facts: Any) -> Report:
    """Return a delivery report."""
    return Report(
        **{
            "link": SIM1,
            "reference": "7",
            "to": "72345678",
            "status": ReportStatus.delivered,
            "at": None,
            **facts,
        }
    )


@pytest.mark.parametrize("dated", [True, False])
async def test_a_report_settles_its_send(tmp_path: Path, dated: bool) -> None:
    """Whichever form of the number it names, with a time or without."""
    async with gatehouse(tmp_path, links=at_hand(**{SIM1: Capabilities()})) as gate:
        await gate.couple()
        gate.links[SIM1].says = [Sent(references=("7",))]
        async with gate.sending():
            await gate.hears(JUAN, "AYUDA")
            await gate.settled()
        at = from_ms(gate.clock.now_ms()) if dated else None
        await gate.gateway.report(report(at=at))
        assert gate.states() == ["delivered"]
        await gate.gateway.report(report(to="TIGO", reference="8"))
        assert len(gate.rows("SELECT 1 FROM report")) == 1


async def test_noise_is_kept_sealed(tmp_path: Path) -> None:
    """Its body stands nowhere in clear."""
    async with gatehouse(tmp_path) as gate:
        noise = Noise(link=SIM1, reason="it is no PDU", head=b"\x07", body=b"4827")
        await gate.gateway.quarantine(noise)
        (row,) = gate.rows("SELECT * FROM quarantine")
        assert b"4827" not in row["sealed"]


async def test_a_link_that_comes_up_is_given_what_waits(tmp_path: Path) -> None:
    """And what it said of itself last can be asked."""
    async with gatehouse(tmp_path, links=at_hand(**{SIM1: Capabilities()})) as gate:
        await gate.couple()
        link = gate.links[SIM1]
        link.state = LinkState(status=LinkStatus.down, reason="unplugged")
        async with gate.sending():
            gate.gateway.state_changed(SIM1, link.state)
            await gate.hears(JUAN, "AYUDA")
            await gate.settled()
            assert gate.states() == ["queued"]
            link.state = LinkState(status=LinkStatus.up)
            gate.gateway.state_changed(SIM1, link.state)
            await gate.settled()
            assert gate.states() == ["sent"]
        assert gate.gateway.states == {SIM1: link.state}
        gate.gateway.state_changed("gone", link.state)


# ---- alarms


async def test_staff_hear_of_theft(tmp_path: Path) -> None:
    """ROBO raises an alarm, once a text."""
    async with gatehouse(tmp_path) as gate:
        juan, _ = await gate.couple()
        text = gate.incoming(JUAN, "ROBO")
        with capture_logs() as logs:
            await gate.gateway.receive(text)
            await gate.gateway.receive(text)
        alarms = [log for log in logs if log["event"] == "staff.wanted"]
        assert [(log["account"], log["outcome"]) for log in alarms] == [
            (juan.account, "blocked")
        ]
        assert not any(JUAN in str(log) for log in logs)


async def test_links_in_the_hand_of_forgers_are_known(tmp_path: Path) -> None:
    """One that the configuration does not name is trusted least of all."""
    async with gatehouse(tmp_path) as gate:
        await gate.couple()
        for link in (LOOSE, "unheard-of"):
            gate.clock.ms += 3 * MINUTE_MS
            assert (await gate.hears(JUAN, PAY, link=link)).outcome == "confirm"

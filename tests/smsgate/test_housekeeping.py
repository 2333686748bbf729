"""What falls due by itself: done when it is due, and not before, and not in doubt."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from structlog.testing import capture_logs

from modem.link import Capabilities
from smsgate import ledger
from smsgate.clock import DAY_MS, HOUR_MS, MINUTE_MS
from smsgate.messages import outbox
from smsgate.messages.outbox import Class
from tests.smsgate.faulty import Disk, Fault
from tests.smsgate.gatehouse import SIM1, SIM2, at_hand, gatehouse
from tests.smsgate.mailroom import JUAN, START_MS, StoppedClock

if TYPE_CHECKING:
    from pathlib import Path

    from tests.smsgate.gatehouse import Gatehouse


async def owe(
    gate: Gatehouse,
    link: str = SIM1,
    cls: Class = Class.receipt,
    lives_ms: int = DAY_MS,
) -> int:
    """Owe a text; return its row's id."""
    owed = await gate.store.write(
        lambda tx: outbox.owe(
            tx,
            inbox=None,
            cls=cls,
            name="help_text",
            recipient=JUAN,
            body="AYUDA",
            link=link,
            expires_ms=tx.now_ms + lives_ms,
        )
    )
    return owed.id


async def claim(gate: Gatehouse, link: str = SIM1) -> None:
    """Have a link take what is due."""
    await gate.store.write(lambda tx: outbox.claim(tx, link, 9, 1))


async def hold(gate: Gatehouse, at_expiry: str) -> tuple[int, int]:
    """Hold 5.00 of Juan's for Rosa, for a minute; return their accounts."""
    juan, rosa = await gate.couple()
    await gate.store.write(
        lambda tx: tx.run(
            "INSERT INTO hold (debit, credit, amount, at_expiry, expires_ms)"
            " VALUES (?, ?, 500, ?, ?)",
            (juan.account, rosa.account, at_expiry, tx.now_ms + MINUTE_MS),
        )
    )
    return juan.account, rosa.account


def batch(gate: Gatehouse) -> int:
    """Return how many transactions there were."""
    return int(gate.rows("SELECT batch FROM house")[0]["batch"])


async def test_an_idle_house_writes_nothing(tmp_path: Path) -> None:
    """But once an hour, when it looks what can be forgotten."""
    async with gatehouse(tmp_path) as gate:
        await gate.couple()
        await gate.hears(JUAN, "PAGAR panaderialuz 5")
        await gate.housekeeping.once()
        before = batch(gate)
        for _ in range(3):
            gate.clock.ms += 19 * MINUTE_MS
            await gate.housekeeping.once()
        assert batch(gate) == before
        gate.clock.ms += HOUR_MS
        await gate.housekeeping.once()
        # The question ran out, and it was looked what can be forgotten.
        assert batch(gate) == before + 2


async def test_an_unsure_receipt_goes_once_more_after_a_minute(tmp_path: Path) -> None:
    """And its sender is woken for it."""
    async with gatehouse(tmp_path, links=at_hand(**{SIM1: Capabilities()})) as gate:
        row_id = await owe(gate)
        await claim(gate)
        await gate.store.write(lambda tx: outbox.unsure(tx, row_id, "no answer"))
        async with gate.sending():
            gate.clock.ms += MINUTE_MS - 1
            await gate.housekeeping.once()
            await gate.settled()
            assert gate.states() == ["unsure"]
            gate.clock.ms += 1
            await gate.housekeeping.once()
            await gate.settled()
            assert gate.states() == ["sent"]


async def test_what_waits_for_a_link_that_is_gone_takes_another(tmp_path: Path) -> None:
    """A link taken out of the configuration leaves no text behind that nobody sends."""
    links = at_hand(**{SIM1: Capabilities(), SIM2: Capabilities(send=False)})
    async with gatehouse(tmp_path, links=links) as gate:
        for link in ("gone", SIM2, SIM1, ""):
            await owe(gate, link)
        async with gate.sending():
            await gate.settled()
            assert gate.states() == ["queued", "queued", "sent", "sent"]
            await gate.housekeeping.once()
            await gate.settled()
            assert gate.states() == ["sent"] * 4
        assert len(gate.links[SIM1].sent) == 4
        assert gate.links[SIM2].sent == []


async def test_with_no_link_that_sends_all_wait_for_their_own(tmp_path: Path) -> None:
    """There is none that could take them over."""
    links = at_hand(**{SIM1: Capabilities(send=False)})
    async with gatehouse(tmp_path, links=links) as gate:
        await owe(gate, "gone")
        await gate.housekeeping.once()
        assert gate.rows("SELECT link FROM outbox")[0]["link"] == "gone"


async def test_texts_that_nobody_could_send_in_time_are_given_up(
    tmp_path: Path,
) -> None:
    """On every link, also on one that is not there."""
    async with gatehouse(tmp_path) as gate:
        await owe(gate, "gone", lives_ms=MINUTE_MS)
        gate.clock.ms += MINUTE_MS
        await gate.housekeeping.once()
        assert gate.states() == ["expired"]


async def test_holds_and_new_pins_come_due(tmp_path: Path) -> None:
    """A hold is posted and a reset begins to count, without any text."""
    async with gatehouse(tmp_path) as gate:
        juan, rosa = await hold(gate, "post")
        await gate.store.write(
            lambda tx: tx.run(
                "UPDATE pin SET next_scheme = scheme, next_salt = salt,"
                " next_verifier = verifier, next_ms = ? WHERE account = ?",
                (tx.now_ms + MINUTE_MS, juan),
            )
        )
        await gate.housekeeping.once()
        assert ledger.account(gate.store.peek, rosa).balance == 0
        gate.clock.ms += MINUTE_MS
        await gate.housekeeping.once()
        assert ledger.account(gate.store.peek, rosa).balance == 500
        assert gate.rows("SELECT 1 FROM pin WHERE next_ms IS NOT NULL") == []


async def test_in_doubt_about_the_clock_no_unit_moves_and_nothing_is_forgotten(
    tmp_path: Path,
) -> None:
    """A clock a year ahead posts no hold, sets no PIN and empties no inbox."""
    async with gatehouse(tmp_path) as gate:
        _, rosa = await hold(gate, "post")
        await gate.hears(JUAN, "AYUDA")
    clock = StoppedClock()
    clock.ms = START_MS + 450 * DAY_MS
    async with gatehouse(tmp_path, clock=clock) as gate:
        await gate.housekeeping.once()
        assert ledger.account(gate.store.peek, rosa).balance == 0
        assert gate.rows("SELECT body FROM inbox")[0]["body"] == "AYUDA"
        gate.gateway.time.accept()
        await gate.housekeeping.once()
        assert ledger.account(gate.store.peek, rosa).balance == 500
        assert gate.rows("SELECT body FROM inbox") == []


async def test_one_failure_keeps_no_other_work_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk error or a fault of ours is logged, and tried again the next time."""
    disk = Disk()
    async with gatehouse(tmp_path, connect=disk.connect) as gate:
        _, rosa = await hold(gate, "post")
        await gate.hears(JUAN, "PAGAR panaderialuz 5")
        row_id = await owe(gate, "gone")
        gate.clock.ms += 2 * HOUR_MS
        disk.faults = [Fault("UPDATE question"), Fault("DELETE FROM quarantine")]

        def broken(*_: object, **__: object) -> None:
            raise ZeroDivisionError

        with monkeypatch.context() as patch, capture_logs() as logs:
            # A hold whose books do not add up raises in the ledger.
            patch.setattr("smsgate.ledger.holds.post_transfer", broken)
            await gate.housekeeping.once()
        assert [log["event"] for log in logs if "housekeeping" in log["event"]] == [
            "housekeeping.postponed",
            "housekeeping.failed",
            "housekeeping.postponed",
        ]
        rows = gate.rows("SELECT link FROM outbox WHERE id = ?", row_id)
        assert rows[0]["link"] == ""
        # The store lets a disk rest that has failed twice.
        gate.clock.ms += MINUTE_MS
        await gate.housekeeping.once()
        assert ledger.account(gate.store.peek, rosa).balance == 500
        states = gate.rows("SELECT state FROM question")
        assert [row["state"] for row in states] == ["expired"]


async def test_a_disk_that_cannot_be_read_does_not_end_the_house(
    tmp_path: Path,
) -> None:
    """Not even at the one question whether money may move; receipts go on."""
    disk = Disk()
    async with gatehouse(tmp_path, connect=disk.connect) as gate:
        _, rosa = await hold(gate, "post")
        row_id = await owe(gate, "gone")
        gate.clock.ms += 2 * HOUR_MS
        disk.faults = [Fault("SELECT review FROM house")]
        with capture_logs() as logs:
            await gate.housekeeping.once()
        assert disk.faults == []
        assert [log["event"] for log in logs] == ["housekeeping.postponed"]
        rows = gate.rows("SELECT link FROM outbox WHERE id = ?", row_id)
        assert rows[0]["link"] == ""
        # Whether money may move was not known then.
        assert ledger.account(gate.store.peek, rosa).balance == 0
        await gate.housekeeping.once()
        assert ledger.account(gate.store.peek, rosa).balance == 500


async def test_a_fault_of_ours_at_forgetting_does_not_end_the_house(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is logged, and tried again an hour later."""

    async with gatehouse(tmp_path) as gate:
        monkeypatch.setattr("smsgate.members.retention.INVITED_MS", "no time")
        with capture_logs() as logs:
            await gate.housekeeping.once()
    assert [log["event"] for log in logs] == ["housekeeping.failed"]


async def test_it_looks_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At once when it starts, and again until it is cancelled."""
    monkeypatch.setattr("smsgate.gateway.unasked.housekeeping._EVERY_S", 0.0)
    async with gatehouse(tmp_path) as gate, asyncio.TaskGroup() as group:
        task = group.create_task(gate.housekeeping.run())
        for _ in range(2):
            await owe(gate, "gone")
            async with asyncio.timeout(5):
                while gate.rows("SELECT 1 FROM outbox WHERE link <> ''"):
                    await gate.store.write(lambda _: None)
        task.cancel()

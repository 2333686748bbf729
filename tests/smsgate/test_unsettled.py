"""A fault of our own while sends are settled: one text's, and of this run's only.

A stray row among the references of a text stands for it: noting the real one then
breaks a rule of the schema.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING

import pytest
from structlog.testing import capture_logs

from modem.errors import LinkDown
from modem.link import Capabilities, Sent
from smsgate.clock import HOUR_MS
from smsgate.gateway.out import unsent
from smsgate.gateway.out.taken import Taken
from smsgate.messages import outbox
from smsgate.messages.outbox import Class
from tests.smsgate.faulty import Disk, Fault
from tests.smsgate.gatehouse import SIM1, Gatehouse, HandLink, gatehouse
from tests.smsgate.mailroom import JUAN

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path
    from typing import Any

    from smsgate.store import Tx


@asynccontextmanager
async def wide(folder: Path, **facts: Any) -> AsyncIterator[tuple[Gatehouse, HandLink]]:
    """Open a house over a link that takes three texts at once."""
    link = HandLink(capabilities=Capabilities(window=3))
    async with (
        gatehouse(folder, links=[link], **facts) as gate,
        gate.sending(),
    ):
        yield gate, link


async def owe(gate: Gatehouse, count: int, *, stray: int = 0) -> None:
    """Owe receipts; that of the number `stray` has a reference that it cannot have."""

    def many(tx: Tx) -> None:
        for _ in range(count):
            row = outbox.owe(
                tx,
                inbox=None,
                cls=Class.receipt,
                name="help_text",
                recipient=JUAN,
                body="Saldo 5.00",
                link=SIM1,
                expires_ms=tx.now_ms + HOUR_MS,
            )
            if row.id == stray:
                outbox.reports.note_references(tx, row.id, ["stray"])

    await gate.store.write(many)
    gate.senders[SIM1].wake()
    await gate.settled()


async def test_one_fault_does_not_leave_the_others_on_their_way(tmp_path: Path) -> None:
    """All are sent, with the references that could be noted, and one error is told."""
    async with wide(tmp_path) as (gate, link):
        link.says = [Sent(references=(name,)) for name in ("a", "b", "c")]
        with capture_logs() as logs:
            await owe(gate, 3, stray=2)
            for _ in range(3):
                await gate.settled()
        assert gate.states() == ["sent", "sent", "sent"]
        noted = gate.rows("SELECT outbox, reference FROM segment ORDER BY outbox")
        assert [tuple(row) for row in noted] == [(1, "a"), (2, "stray"), (3, "c")]
        told = [log["outbox"] for log in logs if log["event"] == "sms.unsettled"]
        assert told == [2]
        # The link goes on, and the next text has its reference.
        link.says = [Sent(references=("d",))]
        await owe(gate, 1)
        assert gate.states() == ["sent"] * 4


async def test_a_price_that_cannot_be_kept_is_one_texts_too(tmp_path: Path) -> None:
    """What the others cost is kept, once."""
    paid: list[int] = []
    async with wide(tmp_path) as (gate, _):

        def pay(number: int, tx: Tx) -> None:
            row = tx.one("SELECT state FROM outbox WHERE id = ?", (number,))
            assert row is not None
            if number == 2:
                raise ZeroDivisionError
            paid.append(number)

        await born(gate, 3)
        ends: list[str] = []
        taken = Taken(gate.store, lambda: ends.append("begin"), lambda: None)
        for number in (1, 2, 3):
            taken.note(number, [str(number)], partial(pay, number))
        for _ in range(4):
            await gate.settled()
        assert gate.states() == ["sent", "sent", "sent"]
        # The first try was undone with the fault.
        assert paid == [1, 1, 3]
        noted = gate.rows("SELECT reference FROM segment ORDER BY outbox")
        assert [row["reference"] for row in noted] == ["1", "3"]
        assert ends == ["begin"]


async def born(gate: Gatehouse, count: int) -> None:
    """Owe receipts that are on their way already."""

    def many(tx: Tx) -> None:
        for _ in range(count):
            outbox.owe(
                tx,
                inbox=None,
                cls=Class.receipt,
                name="help_text",
                recipient=JUAN,
                body="Saldo 5.00",
                link=SIM1,
                expires_ms=tx.now_ms + HOUR_MS,
                sending_run=gate.setting.house.run,
            )

    await gate.store.write(many)


@pytest.mark.parametrize("disk_fails", [False, True])
async def test_what_cannot_be_settled_is_in_doubt_and_not_on_its_way(
    tmp_path: Path, disk_fails: bool
) -> None:
    """Also where the disk failed first, and the fault is met later."""
    disk = Disk()
    async with wide(tmp_path, connect=disk.connect) as (gate, _):

        def broken(tx: Tx, row_id: int, why: str) -> None:
            outbox.retry(tx, row_id, why)
            raise ZeroDivisionError

        await born(gate, 1)
        if disk_fails:
            disk.faults = [Fault("UPDATE outbox SET state = :state")]
        await unsent.settle(gate.store, 1, broken, str(LinkDown("no signal")))
        for _ in range(3):
            await gate.settled()
        (row,) = gate.rows("SELECT state, error FROM outbox")
        assert tuple(row) == ("unsure", "no signal")


async def test_a_fault_met_while_the_ledger_closes_is_left_to_the_next_start(
    tmp_path: Path,
) -> None:
    """Which calls both unsure, for nobody knows any more; closing is not disturbed."""
    async with wide(tmp_path) as (gate, _):
        await born(gate, 2)
        stray = ["stray"]
        await gate.store.write(lambda tx: outbox.reports.note_references(tx, 2, stray))
        taken = Taken(gate.store, lambda: None, lambda: None)
        for number in (1, 2):
            taken.note(number, ["a"], None)
        await asyncio.sleep(0)
    async with wide(tmp_path) as (gate, _):
        run = gate.setting.house.run
        await gate.store.write(lambda tx: outbox.sweep(tx, run))
        assert gate.states() == ["unsure", "unsure"]

"""What each send is called to a vendor that sends what has the same name once."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from modem.errors import LinkDown, Rejected, Unsure
from modem.link import Capabilities
from smsgate.clock import HOUR_MS, MINUTE_MS
from smsgate.messages import outbox
from smsgate.messages.outbox import Class
from smsgate.store import Store
from smsgate.store.review import begin_review
from tests.smsgate.gatehouse import SIM1, Gatehouse, HandLink, gatehouse
from tests.smsgate.mailroom import JUAN, StoppedClock

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    import pytest

    from smsgate.store import Tx


@asynccontextmanager
async def vendor(
    folder: Path, clock: StoppedClock | None = None, *, idempotent: bool = True
) -> AsyncIterator[tuple[Gatehouse, HandLink]]:
    """Open a house whose only link knows a text again by its key."""
    link = HandLink(capabilities=Capabilities(idempotent=idempotent))
    async with (
        gatehouse(folder, links=[link], clock=clock) as gate,
        gate.sending(),
    ):
        yield gate, link


async def owe(gate: Gatehouse) -> None:
    """Owe Juan a receipt, and let it go."""

    def one(tx: Tx) -> None:
        outbox.owe(
            tx,
            inbox=None,
            cls=Class.receipt,
            name="help_text",
            recipient=JUAN,
            body="Saldo 5.00",
            link=SIM1,
            expires_ms=tx.now_ms + HOUR_MS,
        )

    await gate.store.write(one)
    await went(gate)


async def went(gate: Gatehouse) -> None:
    """Let go whatever is due."""
    gate.senders[SIM1].wake()
    await gate.settled()


def keys(link: HandLink) -> list[str]:
    """Return what the sends were called, in order."""
    return [text.key for text in link.sent]


async def test_a_text_is_called_the_same_while_it_is_tried_again(
    tmp_path: Path,
) -> None:
    """Not sent, and perhaps sent: the vendor sends it once, however often it is asked.

    Two texts are called differently.
    """
    async with vendor(tmp_path) as (gate, link):
        link.says = [LinkDown("no room"), Unsure("no answer"), Unsure("no answer")]
        await owe(gate)
        for _ in range(3):
            gate.clock.ms += 10 * MINUTE_MS
            await went(gate)
        assert gate.states() == ["sent"]
        await owe(gate)
        first, *others, last = keys(link)
        assert (len(others), set(others)) == (3, {first})
        assert last != first
        assert 0 < len(first) <= 36


async def test_an_unsure_receipt_that_goes_once_more_is_called_the_same(
    tmp_path: Path,
) -> None:
    """Over a link that cannot promise to know it, too: some do."""
    async with vendor(tmp_path, idempotent=False) as (gate, link):
        link.says = [Unsure("no answer")]
        await owe(gate)
        gate.clock.ms += MINUTE_MS
        await gate.store.write(outbox.unsure_due)
        await went(gate)
        first, again = keys(link)
        assert (first, gate.states()) == (again, ["sent"])


async def test_a_text_cut_off_by_a_restart_is_called_the_same(tmp_path: Path) -> None:
    """The next start asks for the very text of the one before."""
    clock = StoppedClock()
    async with vendor(tmp_path, clock) as (gate, link):
        link.answering.clear()
        gate.senders[SIM1].wake()
        await gate.store.write(lambda tx: _owe_born(tx, gate.setting.house.run))
        owed = gate.rows("SELECT * FROM outbox")
        gate.senders[SIM1].hand([outbox.rows.owed_of(row) for row in owed])
        await asyncio.sleep(0)
        (first,) = keys(link)
    clock.ms += 10 * MINUTE_MS
    async with vendor(tmp_path, clock) as (gate, link):
        run = gate.setting.house.run
        await gate.store.write(lambda tx: outbox.sweep(tx, run, {SIM1}))
        clock.ms += MINUTE_MS
        await went(gate)
        assert keys(link) == [first]
        assert gate.states() == ["sent"]


def _owe_born(tx: Tx, run: int) -> None:
    outbox.owe(
        tx,
        inbox=None,
        cls=Class.receipt,
        name="help_text",
        recipient=JUAN,
        body="Saldo 5.00",
        link=SIM1,
        expires_ms=tx.now_ms + HOUR_MS,
        sending_run=run,
    )


async def test_what_staff_send_again_is_called_anew(tmp_path: Path) -> None:
    """A vendor that had the first must not think that it has this one."""
    async with vendor(tmp_path) as (gate, link):
        link.says = [Rejected("no such number"), Rejected("no such number")]
        await owe(gate)
        for _ in range(2):
            await gate.store.write(lambda tx: outbox.resend(tx, 1))
            await went(gate)
        assert gate.states() == ["sent"]
        assert len(set(keys(link))) == 3


async def test_two_ledgers_at_one_vendor_do_not_meet(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Their first texts to one phone, in the same moment, are two texts."""
    called = []
    for folder in (tmp_path, tmp_path_factory.mktemp("other")):
        async with vendor(folder) as (gate, link):
            await owe(gate)
            called += keys(link)
    assert len(set(called)) == 2


async def test_a_ledger_that_was_put_back_takes_no_name_that_is_taken(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Its rows have numbers that the house before it used for other texts."""
    other = tmp_path_factory.mktemp("other")
    async with vendor(tmp_path) as (gate, link):
        await gate.store.snapshot(other / "ledger.sqlite")
        await owe(gate)
        (before,) = keys(link)
    async with await Store.open(other / "ledger.sqlite", StoppedClock()) as store:
        assert await store.write(begin_review)
    async with vendor(other) as (gate, link):
        await owe(gate)
        (after,) = keys(link)
    assert before != after

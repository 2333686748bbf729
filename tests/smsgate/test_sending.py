"""The way out: receipts first, each row settled, no text forgotten or sent twice."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest
from structlog.testing import capture_logs

from modem.errors import LinkDown, Rejected, Unsure
from modem.link import (
    Capabilities,
    LinkState,
    LinkStatus,
    Report,
    ReportStatus,
    Sent,
)
from smsgate.clock import HOUR_MS, MINUTE_MS, SECOND_MS
from smsgate.gateway.out.sending import Sender
from smsgate.messages import outbox
from smsgate.messages.outbox import Class
from smsgate.messages.pacing import Pacing
from smsgate.store import StorageFailed
from tests.smsgate.faulty import Disk, Fault
from tests.smsgate.gatehouse import SIM1, SIM2, Gatehouse, HandLink, at_hand, gatehouse
from tests.smsgate.mailroom import JUAN, START_MS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path
    from typing import Any

    from smsgate.store import Tx


@asynccontextmanager
async def one_link(
    folder: Path, *, window: int = 1, **facts: Any
) -> AsyncIterator[tuple[Gatehouse, HandLink, Sender]]:
    """Open a house with a single link whose sender runs."""
    link = HandLink(capabilities=Capabilities(window=window))
    async with gatehouse(folder, links=[link], **facts) as gate:
        yield gate, link, gate.senders[SIM1]


async def owe(
    gate: Gatehouse,
    *classes: Class,
    link: str = SIM1,
    due_ms: int | None = None,
    wake: bool = True,
) -> None:
    """Owe texts that say their own number."""

    def many(tx: Tx) -> None:
        for cls in classes or (Class.receipt,):
            row = tx.one("SELECT count(*) AS n FROM outbox")
            assert row is not None
            outbox.owe(
                tx,
                inbox=None,
                cls=cls,
                name="help_text",
                recipient=JUAN,
                body=str(row["n"] + 1),
                link=link,
                expires_ms=tx.now_ms + HOUR_MS,
                due_ms=due_ms,
            )

    await gate.store.write(many)
    for sender in gate.senders.values() if wake else ():
        sender.wake()


async def until(gate: Gatehouse, *states: str) -> None:
    """Wait until the rows of the outbox are in these states."""
    async with asyncio.timeout(5):
        while gate.states() != list(states):
            await gate.store.write(lambda _: None)


def said(link: HandLink) -> list[str]:
    """Return the words that were sent, in order."""
    return [text.text for text in link.sent]


# ---- what the wire says

#: What the wire says, what becomes of the row, and when it is due again.
WIRE = [
    (Sent(references=("7",)), "sent", 0),
    (LinkDown("no signal"), "queued", 5_000),
    (Rejected("no such number"), "failed", 0),
    (Unsure("no answer to CMGS"), "unsure", 0),
    (RuntimeError("a driver's own fault"), "unsure", 0),
]


@pytest.mark.parametrize(("answer", "state", "wait_ms"), WIRE)
async def test_each_answer_of_the_wire_settles_the_row(
    tmp_path: Path, answer: Exception | Sent, state: str, wait_ms: int
) -> None:
    """Sent, tried again later, never, or nobody knows: and the link is free again."""
    async with one_link(tmp_path) as (gate, link, _), gate.sending():
        link.says = [answer]
        await owe(gate)
        await gate.settled()
        (row,) = gate.rows("SELECT * FROM outbox")
        assert (row["state"], row["via"], row["tries"]) == (state, SIM1, 1)
        if wait_ms:
            assert row["due_ms"] == START_MS + wait_ms
        assert ("fault" in row["error"]) is False
        await owe(gate)
        await gate.settled()
        assert gate.states()[1] == "sent"


async def test_what_was_not_sent_is_tried_again_when_it_is_due(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not before, and without anything else happening on the link."""
    monkeypatch.setattr("smsgate.messages.outbox.settling.RETRY_FIRST_MS", 20)
    async with one_link(tmp_path) as (gate, link, _), gate.sending():
        link.says = [LinkDown("no signal")]
        await owe(gate)
        await gate.settled()
        assert gate.states() == ["queued"]
        gate.clock.ms += 20
        await until(gate, "sent")


async def test_a_row_that_fell_due_while_the_link_was_busy_goes_next(
    tmp_path: Path,
) -> None:
    """Nobody looked when it would be due, for there was no room."""
    async with one_link(tmp_path) as (gate, link, _), gate.sending():
        link.answering.clear()
        await owe(gate)
        await until(gate, "sending")
        await owe(gate, due_ms=START_MS + 20, wake=False)
        gate.clock.ms += 20
        link.answering.set()
        await until(gate, "sent", "sent")


async def test_a_receipt_that_was_put_off_goes_once_its_link_works(
    tmp_path: Path,
) -> None:
    """One promotion finds out that it does; the others wait, as for any receipt."""
    async with one_link(tmp_path) as (gate, link, _), gate.sending():
        link.says = [LinkDown("no prompt")]
        await owe(gate)
        await gate.settled()
        await owe(gate, *[Class.campaign] * 4)
        await gate.settled()
        assert said(link) == ["1", "2", "1", "3", "4", "5"]


async def test_a_link_that_came_up_takes_first_what_it_was_tried_for(
    tmp_path: Path,
) -> None:
    """Nobody waits minutes for a receipt because the modem was away for an hour."""
    async with one_link(tmp_path) as (gate, link, sender), gate.sending():
        link.says = [LinkDown("unplugged")] * 2
        await owe(gate, Class.receipt, Class.receipt)
        await gate.settled()
        await owe(gate, Class.campaign, wake=False)
        sender.link_changed()
        await gate.settled()
        assert said(link) == ["1", "2", "1", "2", "3"]


async def test_a_receipt_that_is_never_taken_holds_up_nobody(tmp_path: Path) -> None:
    """It is not tried again before each of the others."""
    async with one_link(tmp_path) as (gate, link, _), gate.sending():
        down = LinkDown("the modem does not ask for the text")
        link.says = [down, Sent(), down]
        await owe(gate)
        await gate.settled()
        await owe(gate, *[Class.campaign] * 4)
        await gate.settled()
        assert said(link) == ["1", "2", "1", "3", "4", "5"]
        gate.clock.ms += 5_000
        await owe(gate, Class.campaign)
        await gate.settled()
        assert said(link)[6:] == ["1", "6"]


# ---- order and room


async def test_a_text_keeps_its_name_in_doubt_and_gets_another_when_owed_again(
    tmp_path: Path,
) -> None:
    """Else a vendor that knows the name would take it for the first, and send none."""
    able = Capabilities(idempotent=True)
    link = HandLink(name=SIM1, capabilities=able)
    async with gatehouse(tmp_path, links=[link]) as gate, gate.sending():
        link.says = [Unsure("no answer"), Sent(references=("r1",))]
        await owe(gate)
        await gate.settled()
        gate.clock.ms += MINUTE_MS
        gate.senders[SIM1].wake()
        await until(gate, "sent")
        first, again = (text.key for text in link.sent)
        assert first == again
        failed = Report(
            link=SIM1, reference="r1", to=JUAN, status=ReportStatus.failed, at=None
        )
        await gate.gateway.report(failed)
        assert gate.states() == ["failed"]

        assert await gate.store.write(lambda tx: outbox.resend(tx, 1))
        gate.senders[SIM1].wake()
        await until(gate, "sent")
        assert [text.id for text in link.sent] == [1, 1, 1]
        assert link.sent[2].key != first
        await owe(gate)
        await until(gate, "sent", "sent")
        assert len({text.key for text in link.sent}) == 3


async def test_receipts_go_before_notices_and_notices_before_campaigns(
    tmp_path: Path,
) -> None:
    """However they were owed; within a class the oldest first."""
    async with one_link(tmp_path) as (gate, link, _):
        await owe(
            gate,
            Class.campaign,
            Class.notice,
            Class.receipt,
            Class.campaign,
            Class.receipt,
        )
        async with gate.sending():
            await gate.settled()
        assert said(link) == ["3", "5", "2", "1", "4"]


async def test_no_more_is_under_way_than_the_link_bears(tmp_path: Path) -> None:
    """Whatever is owed at once."""
    async with one_link(tmp_path, window=3) as (gate, link, sender), gate.sending():
        link.answering.clear()
        await owe(gate, *[Class.receipt] * 8)
        await until(gate, *["sending"] * 3, *["queued"] * 5)
        assert sender.reserve(1) == 0
        link.answering.set()
        await gate.settled()
        assert said(link) == [str(n + 1) for n in range(8)]


async def test_a_receipt_does_not_wait_for_a_campaign(tmp_path: Path) -> None:
    """Of a campaign at most one text is before it."""
    async with one_link(tmp_path) as (gate, link, _), gate.sending():
        link.answering.clear()
        await owe(gate, *[Class.campaign] * 9)
        await until(gate, "sending", *["queued"] * 8)
        await gate.couple()
        await gate.hears(JUAN, "AYUDA")
        link.answering.set()
        await gate.settled()
        assert link.sent[1].text == gate.last().bodies[0]


@pytest.mark.parametrize("window", [1, 10])
async def test_six_notices_a_minute_whatever_the_link_bears(
    tmp_path: Path, window: int
) -> None:
    """Answers are not counted, and go while notices wait."""
    async with (
        one_link(tmp_path, window=window) as (gate, link, sender),
        gate.sending(),
    ):
        await owe(gate, *[Class.notice] * 10)
        await gate.settled()
        assert said(link) == ["1", "2", "3", "4", "5", "6"]
        await owe(gate, *[Class.receipt] * 3)
        await gate.settled()
        assert said(link)[6:] == ["11", "12", "13"]
        gate.clock.ms += MINUTE_MS
        sender.wake()
        await gate.settled()
        assert said(link)[9:] == ["7", "8", "9", "10"]


async def test_answers_that_reach_the_hourly_figure_raise_one_alarm(
    tmp_path: Path,
) -> None:
    """They go out all the same."""
    async with (
        one_link(tmp_path, pacing=lambda: Pacing(per_minute=6, per_hour=6)) as (
            gate,
            link,
            _,
        ),
        gate.sending(),
    ):
        with capture_logs() as logs:
            await owe(gate, *[Class.receipt] * 8)
            await gate.settled()
        assert len(link.sent) == 8
        assert [log["event"] for log in logs] == ["link.crowded"]


# ---- links


async def test_each_link_sends_its_own_and_any_takes_the_rest(tmp_path: Path) -> None:
    """A link that only receives takes nothing."""
    links = at_hand(**{SIM1: Capabilities(), SIM2: Capabilities(send=False)})
    async with gatehouse(tmp_path, links=links) as gate, gate.sending():
        await owe(gate, link=SIM1)
        await owe(gate, link="")
        await owe(gate, link=SIM2)
        await gate.settled()
        assert gate.states() == ["sent", "sent", "queued"]
        assert said(gate.links[SIM1]) == ["1", "2"]
        assert not gate.senders[SIM2].usable
        assert gate.senders[SIM2].reserve(1) == 0


@pytest.mark.parametrize(
    ("status", "usable"),
    [
        (LinkStatus.starting, False),
        (LinkStatus.up, True),
        (LinkStatus.degraded, True),
        (LinkStatus.down, False),
    ],
)
async def test_a_link_that_is_down_is_left_alone(
    tmp_path: Path, status: LinkStatus, usable: bool
) -> None:
    """What is owed waits; nobody looks at it twenty times a second."""
    async with one_link(tmp_path) as (gate, link, sender):
        link.state = LinkState(status=status)
        async with gate.sending():
            await owe(gate)
            await gate.settled()
            assert gate.states() == ["sent" if usable else "queued"]
            assert sender.usable is usable
            assert sender._until_due_s() == 30.0


# ---- places


async def test_places_are_kept_only_where_nothing_older_waits(tmp_path: Path) -> None:
    """And not before the sender runs, nor after."""
    async with one_link(tmp_path, window=3) as (gate, _, sender):
        assert sender.reserve(2) == 0
        async with gate.sending():
            assert sender.reserve(2) == 2
            assert sender.reserve(2) == 1
            assert sender.reserve(2) == 0
            sender.wake()
            assert sender.reserve(1) == 0
            sender.release(3)
            await gate.settled()
            assert sender.reserve(3) == 3
            sender.release(3)
        assert sender.reserve(2) == 0


async def test_rows_that_waited_for_reserved_places_go_when_those_are_given_back(
    tmp_path: Path,
) -> None:
    """A reservation that came to nothing holds nobody up."""
    async with one_link(tmp_path) as (gate, link, sender), gate.sending():
        assert sender.reserve(1) == 1
        await owe(gate)
        await gate.settled()
        assert said(link) == []
        sender.release(0)
        await gate.settled()
        assert said(link) == []
        sender.release(1)
        await gate.settled()
        assert said(link) == ["1"]


async def test_rows_handed_to_a_sender_that_stopped_stay_on_their_way(
    tmp_path: Path,
) -> None:
    """The next start finds them and knows that they are unsure."""
    async with one_link(tmp_path) as (gate, link, sender):
        await owe(gate)
        rows = await gate.store.write(lambda tx: outbox.claim(tx, SIM1, 1, 1))
        sender.hand(rows)
        assert sender.idle.is_set()
        assert link.sent == []
        assert gate.states() == ["sending"]
        await gate.store.write(lambda tx: outbox.sweep(tx, 2))
        assert gate.states() == ["unsure"]


# ---- stopping and failing disks


async def test_a_sender_that_stops_claims_nothing_and_finishes_what_it_has(
    tmp_path: Path,
) -> None:
    """What is queued is left for the next start, certain and not unsure."""
    async with one_link(tmp_path, window=2) as (gate, link, sender), gate.sending():
        link.answering.clear()
        await owe(gate, *[Class.receipt] * 2)
        await until(gate, "sending", "sending")
        sender.stop()
        assert not sender.idle.is_set()
        await owe(gate, *[Class.receipt] * 2)
        link.answering.set()
        await gate.settled()
        assert gate.states() == ["sent", "sent", "queued", "queued"]


async def test_a_claim_is_under_way_too(tmp_path: Path) -> None:
    """Whoever waits for idle before cancelling cuts no claim off from its send."""
    async with one_link(tmp_path) as (gate, link, sender), gate.sending():
        await owe(gate)
        # Woken, it claims.
        await asyncio.sleep(0)
        assert not sender.idle.is_set()
        assert link.sent == []
        await sender.idle.wait()
        assert said(link) == ["1"]


async def test_a_ledger_that_cannot_be_written_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A claim that failed took nothing; the rows go when the disk is well."""
    monkeypatch.setattr("smsgate.gateway.out.sending._STORE_AGAIN_S", 0.0)
    disk = Disk()
    async with (
        one_link(tmp_path, connect=disk.connect) as (gate, link, _),
        gate.sending(),
    ):
        disk.faults = [Fault("UPDATE outbox SET state = 'sending'")]
        with capture_logs() as logs:
            await owe(gate)
            await gate.settled()
        assert "outbox.unreadable" in [log["event"] for log in logs]
        assert said(link) == ["1"]


async def test_what_the_wire_said_is_kept_when_the_disk_is_well_again(
    tmp_path: Path,
) -> None:
    """A settling that failed is asked for once more with the next commit."""
    disk = Disk()
    async with (
        one_link(tmp_path, connect=disk.connect) as (gate, link, _),
        gate.sending(),
    ):
        link.says = [Rejected("no such number")]
        disk.faults = [Fault("UPDATE outbox SET state = :state")]
        await owe(gate)
        await gate.settled()
        assert gate.states() == ["failed"]


async def test_an_outbox_that_cannot_be_read_does_not_stop_the_sender(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It looks again a moment later."""
    async with one_link(tmp_path) as (gate, link, sender), gate.sending():

        def broken(*_: object) -> None:
            raise StorageFailed("the disk does not answer")

        with monkeypatch.context() as patch, capture_logs() as logs:
            patch.setattr(gate.store.peek, "all", broken)
            assert sender._until_due_s() == 1.0
        assert [log["event"] for log in logs] == ["outbox.unreadable"]
        await owe(gate)
        await gate.settled()
        assert said(link) == ["1"]


@pytest.mark.parametrize(
    ("due_in_ms", "wait_s"),
    [(None, 30.0), (-5, 0.05), (10, 0.05), (7_000, 7.0), (60_000, 30.0)],
)
async def test_how_long_it_waits(
    tmp_path: Path, due_in_ms: int | None, wait_s: float
) -> None:
    """Until the next row is due, half a minute at most, and never in a hurry."""
    async with one_link(tmp_path) as (gate, _, sender):
        if due_in_ms is not None:
            await owe(gate, due_ms=START_MS + due_in_ms)
        assert sender._until_due_s() == wait_s


async def test_paced_notices_are_looked_at_when_the_window_has_slid(
    tmp_path: Path,
) -> None:
    """And receipts when they are due, if that is sooner."""
    async with one_link(tmp_path, pacing=lambda: Pacing(per_minute=1, per_hour=9)) as (
        gate,
        _,
        sender,
    ):
        await owe(gate, Class.notice)
        async with gate.sending():
            await gate.settled()
            await owe(gate, Class.notice)
            await gate.settled()
            gate.clock.ms += 40 * SECOND_MS
            assert sender._until_due_s() == 20.0
            await owe(gate, due_ms=gate.clock.ms + 3_000)
            await gate.settled()
            assert sender._until_due_s() == 3.0

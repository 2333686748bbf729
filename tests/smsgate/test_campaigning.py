"""What keeps campaigns going: fed in time, begun anew, and never while in doubt."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from structlog.testing import capture_logs

from modem.errors import LinkDown
from modem.link import Capabilities
from smsgate import ledger, members
from smsgate.campaigns import freezing, rounds, steps
from smsgate.campaigns.audience import saved
from smsgate.campaigns.audience.people import choose
from smsgate.campaigns.feeding import Fed
from smsgate.campaigns.rows import State, by_name
from smsgate.clock import DAY_MS, HOUR_MS
from smsgate.gateway.unasked.alerting import Alerts
from smsgate.gateway.unasked.campaigning import Campaigning
from smsgate.messages import alarms
from smsgate.messages.pacing import Pacing
from tests.smsgate.faulty import Disk, Fault
from tests.smsgate.gatehouse import HandLink, gatehouse
from tests.smsgate.mailroom import StoppedClock
from tests.smsgate.promoter import STAFF, TERMS, ZONE, plan

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from smsgate.campaigns.rows import Campaign
    from smsgate.store import Tx
    from tests.smsgate.gatehouse import Gatehouse

PEOPLE = 50
OSCAR = "+50376543210"


@asynccontextmanager
async def house(
    folder: Path,
    clock: StoppedClock | None = None,
    link: HandLink | None = None,
    **more: Any,
) -> AsyncIterator[tuple[Gatehouse, Campaigning]]:
    """Open a house with people who want promotions."""
    clock = clock or StoppedClock()
    link = link or HandLink(capabilities=Capabilities(window=4))
    quick = partial(Pacing, per_minute=10_000, per_hour=10_000)
    alerts = Alerts(phones=(OSCAR,))
    async with gatehouse(
        folder, clock=clock, links=[link], pacing=quick, alerts=alerts, **more
    ) as gate:
        if not gate.rows("SELECT 1 FROM member LIMIT 1"):
            await gate.store.write(join)
        campaigning = Campaigning(
            gate.store,
            clock,
            gate.senders,
            time=gate.gateway.time,
            terms=TERMS,
            zone=ZONE,
        )
        yield gate, campaigning


def join(tx: Tx) -> None:
    """Make people members."""
    for number in range(PEOPLE):
        new = members.NewMember(phone=f"+5037000{number:04}", name="Ana", promos=True)
        members.add(tx, new, actor="x")


async def start(gate: Gatehouse, **facts: Any) -> Campaign:
    """Write a campaign down, freeze it, and have it started; `every` recurs."""
    every = facts.pop("every", "")
    made = plan(**facts)
    campaign = await gate.store.write(
        lambda tx: steps.new(tx, name="pan", plan=made, author=STAFF)
    )
    campaign = await freezing.begin(gate.store, campaign.id)
    choice = choose(
        gate.store.peek,
        made,
        now_ms=gate.clock.now_ms(),
        decimals=2,
        zone=ZONE,
        language="es",
    )
    async for _ in freezing.expand(gate.store, gate.clock, campaign, choice):
        pass

    def begin(tx: Tx) -> Campaign:
        ready = steps.frozen(tx, steps.required(tx, campaign.id))
        agreed = steps.approve(tx, ready, by="oscar", actor="uid:1")
        ends = tx.now_ms + HOUR_MS if every else None
        begun = steps.start(tx, agreed, actor=STAFF, not_after_ms=ends, every=every)
        return rounds.plan_next(tx, begun, ZONE)

    return await gate.store.write(begin)


async def let_go(gate: Gatehouse, campaigning: Campaigning) -> None:
    """Feed and send until nothing moves."""
    async with gate.sending():
        while (await campaigning.once()).moved:
            await gate.settled()


def state(gate: Gatehouse, name: str = "pan") -> State:
    """Return where a campaign stands."""
    found = by_name(gate.store.peek, name)
    assert found is not None
    return found.state


def batches(gate: Gatehouse) -> int:
    """Return how many transactions there were so far."""
    return int(gate.rows("SELECT batch FROM house")[0]["batch"])


async def test_a_house_without_a_campaign_writes_nothing(tmp_path: Path) -> None:
    """Nor one whose campaign waits for its time, is paused, or has its texts queued."""
    async with house(tmp_path) as (gate, campaigning):
        before = batches(gate)
        for _ in range(5):
            assert await campaigning.once() == Fed()
        assert batches(gate) == before
        campaign = await start(gate)
        while (await campaigning.once()).moved:
            pass
        before = batches(gate)
        for _ in range(5):
            assert await campaigning.once() == Fed(going=True)
        assert batches(gate) == before
        await gate.store.write(
            lambda tx: steps.pause(
                tx, steps.required(tx, campaign.id), actor=STAFF, why="x"
            )
        )
        before = batches(gate)
        gate.clock.ms += DAY_MS
        assert await campaigning.once() == Fed()
        assert batches(gate) == before


async def test_it_goes_from_the_start_to_the_end_by_itself(tmp_path: Path) -> None:
    """Queued, sent over the link, ended; each phone once, and the books untouched."""
    async with house(tmp_path) as (gate, campaigning):
        before = ledger.head(gate.store.peek)
        campaign = await start(gate)
        chained = ledger.head(gate.store.peek)
        await let_go(gate, campaigning)
        (link,) = gate.links.values()
        assert len({text.to for text in link.sent}) == len(link.sent) == PEOPLE
        assert state(gate) is State.finished
        # Nothing that was sent is an event: only what people decided is.
        assert ledger.head(gate.store.peek) == chained != before
        assert ledger.check(gate.store.peek) == []
        assert campaign.people == PEOPLE


@pytest.mark.parametrize("doubt", ["clock", "review"])
async def test_nothing_is_promoted_while_in_doubt(tmp_path: Path, doubt: str) -> None:
    """Neither by a clock that stands wrong, nor in a house that is in review."""
    async with house(tmp_path) as (gate, campaigning):
        await start(gate)
        if doubt == "clock":
            gate.clock.ms -= HOUR_MS // 2
        else:
            await gate.store.write(lambda tx: tx.run("UPDATE house SET review = 2"))
        before = batches(gate)
        assert await campaigning.once() == Fed()
        assert batches(gate) == before
        assert gate.states() == []
        if doubt == "clock":
            gate.clock.ms += HOUR_MS // 2
        else:
            await gate.store.write(lambda tx: tx.run("UPDATE house SET review = 0"))
        assert (await campaigning.once()).queued > 0


async def test_what_was_being_written_down_is_a_draft_after_a_stop(
    tmp_path: Path,
) -> None:
    """Staff approve it anew; nobody is left of the first time."""
    async with house(tmp_path) as (gate, _):
        campaign = await gate.store.write(
            lambda tx: steps.new(tx, name="pan", plan=plan(), author=STAFF)
        )
        await freezing.begin(gate.store, campaign.id)
    async with house(tmp_path) as (gate, campaigning):
        await campaigning.begin()
        assert state(gate) is State.draft


async def test_a_round_is_begun_written_down_and_sent(tmp_path: Path) -> None:
    """The next day at the same hour, to whoever fits then."""
    async with house(tmp_path) as (gate, campaigning):
        await start(gate, every="daily")
        await let_go(gate, campaigning)
        (link,) = gate.links.values()
        assert len(link.sent) == PEOPLE
        gate.clock.ms += DAY_MS
        await let_go(gate, campaigning)
        assert len(link.sent) == 2 * PEOPLE
        assert state(gate, "pan 2026-03-03") is State.finished
        await let_go(gate, campaigning)
        assert len(link.sent) == 2 * PEOPLE


async def test_a_round_that_was_cut_off_is_gone_on_with(tmp_path: Path) -> None:
    """A stop while its people were written down loses no round, and doubles nobody."""
    clock = StoppedClock()
    async with house(tmp_path, clock) as (gate, campaigning):
        await start(gate, every="daily")
        await let_go(gate, campaigning)
        clock.ms += DAY_MS
        due = rounds.due(gate.store.peek, clock.now_ms())
        assert due is not None
        made = await gate.store.write(lambda tx: rounds.begin(tx, due, ZONE))
        assert made is not None
        await gate.store.write(
            lambda tx: tx.run(
                "INSERT INTO recipient (campaign, msisdn, variant, state)"
                " VALUES (?, '+50379999999', 'a', 'waiting')",
                (made.id,),
            )
        )
    async with house(tmp_path, clock) as (gate, campaigning):
        await campaigning.begin()
        await let_go(gate, campaigning)
        (link,) = gate.links.values()
        phones = [text.to for text in link.sent]
        assert len(set(phones)) == len(phones) == PEOPLE
        assert "+50379999999" not in phones
        assert state(gate, made.name) is State.finished


async def test_a_round_whose_audience_is_gone_is_told_and_left(tmp_path: Path) -> None:
    """It waits as a draft that says why, and other campaigns go on."""
    async with house(tmp_path) as (gate, campaigning):
        await gate.store.write(
            lambda tx: saved.save(tx, name="expo", rule="kind = consumer", actor="x")
        )
        await start(gate, every="daily", rule="", audience="expo")
        await let_go(gate, campaigning)
        found = saved.by_name(gate.store.peek, "expo")
        assert found is not None
        await gate.store.write(lambda tx: saved.drop(tx, found))
        gate.clock.ms += DAY_MS
        with capture_logs() as logs:
            await let_go(gate, campaigning)
        assert [one["event"] for one in logs] == ["campaign.round_failed"]
        left = by_name(gate.store.peek, "pan 2026-03-03")
        assert left is not None
        assert left.state is State.draft
        assert left.why.startswith("there is no audience expo")


async def test_a_link_that_is_down_sends_them_when_it_is_up(tmp_path: Path) -> None:
    """Nothing was sent, so nothing is doubted: each text goes once."""
    link = HandLink(capabilities=Capabilities(window=1))
    link.says = [LinkDown("no signal")] * 3
    async with house(tmp_path, link=link) as (gate, campaigning):
        await start(gate)
        await let_go(gate, campaigning)
        gate.clock.ms += HOUR_MS // 2
        for sender in gate.senders.values():
            sender.wake()
        await let_go(gate, campaigning)
        counted = gate.rows("SELECT state, count(*) AS n FROM recipient GROUP BY state")
        assert [tuple(row) for row in counted] == [("sent", PEOPLE)]
        assert len(link.sent) == PEOPLE + 3


async def test_old_texts_are_forgotten_and_recipients_are_not(tmp_path: Path) -> None:
    """Bodies go after 90 days, rows of the outbox after 400; who got it is kept."""
    async with house(tmp_path) as (gate, campaigning):
        await start(gate)
        await let_go(gate, campaigning)
        gate.clock.ms += 91 * DAY_MS
        await gate.store.write(lambda _: None)
        await gate.housekeeping.once()
        rows = gate.rows("SELECT body, state FROM outbox")
        assert {tuple(row) for row in rows} == {("", "sent")}
        gate.clock.ms += 310 * DAY_MS
        await gate.store.write(lambda _: None)
        await gate.housekeeping.once()
        assert gate.states() == []
        kept = gate.rows("SELECT state, outbox, written_ms FROM recipient")
        assert {(row["state"], row["outbox"]) for row in kept} == {("sent", None)}
        assert len(kept) == PEOPLE
        assert all(row["written_ms"] for row in kept)


@pytest.mark.parametrize("question", ["SELECT id FROM campaign", "SELECT review FROM"])
async def test_a_disk_that_cannot_be_read_does_not_end_the_house(
    tmp_path: Path, question: str
) -> None:
    """Campaigns wait until it can; whoever is to be written to still is, once."""
    disk = Disk()
    async with house(tmp_path, connect=disk.connect) as (gate, campaigning):
        await start(gate)
        disk.faults = [Fault(question)]
        with capture_logs() as logs:
            await campaigning.begin()
            await campaigning.once()
        assert disk.faults == []
        assert "campaign.postponed" in [log["event"] for log in logs]
        while (await campaigning.once()).moved:
            pass
        assert len(gate.states()) == PEOPLE


async def test_it_runs_until_it_is_stopped(tmp_path: Path) -> None:
    """The daemon's task feeds by itself, and ends when it is cancelled."""
    async with house(tmp_path) as (gate, campaigning):
        await start(gate)
        async with asyncio.timeout(10), asyncio.TaskGroup() as group:
            running = group.create_task(campaigning.run())
            while len(gate.states()) < PEOPLE:
                await gate.store.write(lambda _: None)
            running.cancel()


async def test_a_campaign_that_used_its_budget_up_is_told_to_oscar(
    tmp_path: Path,
) -> None:
    """By text, once, in the network's language; and no more once it was cancelled."""
    async with house(tmp_path) as (gate, campaigning):
        campaign = await start(gate, budget=10 * 300)
        await gate.housekeeping.once()
        await let_go(gate, campaigning)
        assert state(gate) is State.paused
        for _ in range(2):
            await gate.housekeeping.once()
        told = gate.rows("SELECT recipient, body FROM outbox WHERE name = 'alarm'")
        assert [tuple(row) for row in told] == [
            (
                OSCAR,
                "Red ALARMA: la promocion pan paro: gasto su presupuesto."
                " No sigue sola. Vea: smsgate campaign show",
            )
        ]
        assert len(alarms.standing(gate.store.peek)) == 1
        await gate.store.write(
            lambda tx: steps.cancel(
                tx, steps.required(tx, campaign.id), actor=STAFF, why=""
            )
        )
        await gate.housekeeping.once()
        assert alarms.standing(gate.store.peek) == []

"""Several ways out: texts go where they can, back, once, and within the budget."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from modem.errors import LinkDown, Rejected, Unsure
from modem.link import Able, Capabilities, LinkState, LinkStatus, Sent
from smsgate.clock import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS
from smsgate.gateway.out.routing import Plan
from smsgate.gateway.out.ways import route_of
from smsgate.messages import budget, outbox
from smsgate.messages.budget import Budget
from smsgate.messages.health import Told
from smsgate.messages.outbox import Class
from smsgate.messages.routes import Route
from tests.smsgate.gatehouse import PIN, Gatehouse, HandLink, at_hand, gatehouse
from tests.smsgate.mailroom import JUAN, ROSA

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from smsgate.store import Tx

MODEM, AGENT = "modem", "agent"
ZONE = ZoneInfo("America/El_Salvador")
UP, DOWN = LinkStatus.up, LinkStatus.down
#: An aggregator: it only sends, and nobody can answer its number.
SENDS_ONLY = Capabilities(receive=False, keeps_sender=False)


@asynccontextmanager
async def two_ways(
    folder: Path,
    *,
    agent: Capabilities = SENDS_ONLY,
    cost: int = 0,
    order: int = 2,
    facts: dict[str, Any] | None = None,
    budget: Budget | None = None,
    countries: frozenset[str] = frozenset(),
) -> AsyncIterator[tuple[Gatehouse, HandLink, HandLink]]:
    """Open a house with a modem, and an aggregator behind it."""
    modem = HandLink(name=MODEM, capabilities=Capabilities())
    other = HandLink(name=AGENT, capabilities=agent)
    routes = {
        MODEM: Route(name=MODEM, **(facts or {})),
        AGENT: Route(
            name=AGENT,
            answerable=agent.receive,
            own_number=agent.keeps_sender,
            idempotent=agent.idempotent,
            order=order,
            cost=cost,
        ),
    }
    plan = Plan(
        routes=routes,
        budget=budget or Budget(timezone=ZONE),
        network="Red",
        countries=countries,
    )
    async with gatehouse(folder, links=[modem, other], plan=plan) as gate:
        # The start is over: what is down now is down.
        gate.routing.board()
        gate.clock.ms += 20 * SECOND_MS
        yield gate, modem, other


async def owe(
    gate: Gatehouse,
    *classes: Class,
    link: str = "",
    to: str = JUAN,
    body: str = "PAGO OK 5.00 PT.",
    name: str = "paid_payer",
) -> None:
    """Owe texts, and have every sender look."""

    def many(tx: Tx) -> None:
        for cls in classes or (Class.receipt,):
            outbox.owe(
                tx,
                inbox=None,
                cls=cls,
                name=name,
                recipient=to,
                body=body,
                link=link,
                expires_ms=tx.now_ms + DAY_MS,
            )

    await gate.store.write(many)
    for sender in gate.senders.values():
        sender.wake()
    await gate.settled()


async def look(gate: Gatehouse) -> None:
    """Let the routing look, and everything settle."""
    await gate.routing.look()
    await gate.settled()


def becomes(
    gate: Gatehouse, link: HandLink, status: LinkStatus, able: Able = Able.perhaps
) -> None:
    """Have a link change its state, and say so."""
    link.state = LinkState(status=status, able=able)
    gate.gateway.state_changed(link.name, link.state)


def later(gate: Gatehouse, seconds: float) -> None:
    """Let time pass."""
    gate.clock.ms += round(seconds * 1000)


def links_of(gate: Gatehouse) -> list[str]:
    """Return the link of each row, in order."""
    return [row["link"] for row in gate.rows("SELECT link FROM outbox ORDER BY id")]


# ---- how the links are


async def test_one_board_serves_many_texts(tmp_path: Path) -> None:
    """It is made anew when time alone may have changed it: a quarter of a second."""
    async with two_ways(tmp_path) as (gate, _, _):
        board = gate.routing.board()
        gate.routing.told(MODEM, Told.sent, took_s=0.1)
        assert gate.routing.board() is board
        later(gate, 0.24)
        assert gate.routing.board() is board
        later(gate, 0.01)
        assert gate.routing.board() is not board


async def test_without_a_link_that_sends_there_is_an_empty_board(
    tmp_path: Path,
) -> None:
    """A house that only listens asks as well."""
    ears = HandLink(name=MODEM, capabilities=Capabilities(send=False))
    async with gatehouse(tmp_path, links=[ears]) as gate:
        assert gate.routing.board().ways == ()
        assert gate.routing.board().choose(JUAN, Class.receipt) is None


async def test_a_rest_ends_at_its_time(tmp_path: Path) -> None:
    """No text is kept from a link because another asked a moment before."""
    async with two_ways(tmp_path) as (gate, _, _):
        gate.routing.told(MODEM, Told.down, hold_s=5)
        later(gate, 4.9)
        assert gate.routing.board().choose(JUAN, Class.notice) == AGENT
        later(gate, 0.1)
        assert gate.routing.board().choose(JUAN, Class.notice) == MODEM


@pytest.mark.parametrize("trouble", ["state", "failures", "asked", "money"])
async def test_a_text_sees_at_once_what_became_of_a_link(
    tmp_path: Path, trouble: str
) -> None:
    """A link that went down, failed, asked for rest or cost too much is passed over."""
    used = Budget(timezone=ZONE, day=100)
    async with two_ways(tmp_path, cost=100, order=1, budget=used) as (gate, modem, _):
        first = AGENT if trouble == "money" else MODEM
        if trouble == "money":
            # The agent goes first until it has cost what there is.
            gate.routing.routes[MODEM] = Route(name=MODEM, order=2)
        choice = gate.routing.board().choose(JUAN, Class.notice)
        match trouble:
            case "state":
                becomes(gate, modem, DOWN)
            case "failures":
                gate.routing.told(MODEM, Told.down)
                gate.routing.told(MODEM, Told.unsure)
            case "asked":
                gate.routing.told(MODEM, Told.down, hold_s=5)
            case _:
                await owe(gate, Class.receipt, link=AGENT)
                async with gate.sending():
                    await gate.settled()

        assert choice == first
        assert gate.routing.board().choose(JUAN, Class.notice) != first


# ---- over and back


async def test_what_waits_for_a_link_that_went_down_takes_the_other(
    tmp_path: Path,
) -> None:
    """Two seconds later, each text once; and back when it was up for ten seconds."""
    async with two_ways(tmp_path) as (gate, modem, agent), gate.sending():
        becomes(gate, modem, DOWN)
        await owe(gate, link=MODEM)
        later(gate, 1.9)
        await look(gate)
        assert (modem.sent, agent.sent) == ([], [])
        later(gate, 0.1)
        await look(gate)
        assert len(agent.sent) == 1
        await owe(gate)
        assert len(agent.sent) == 2

        later(gate, 60)
        becomes(gate, modem, UP)
        await owe(gate)
        later(gate, 9.9)
        await owe(gate)
        assert (len(modem.sent), len(agent.sent)) == (0, 4)
        later(gate, 0.1)
        await owe(gate)
        assert (len(modem.sent), len(agent.sent)) == (1, 4)
        assert gate.states() == ["sent"] * 5


async def test_a_blip_moves_nothing(tmp_path: Path) -> None:
    """A modem that is opened anew keeps its queue."""
    async with two_ways(tmp_path) as (gate, modem, agent), gate.sending():
        becomes(gate, modem, DOWN)
        await owe(gate, link=MODEM)
        later(gate, 1.5)
        await look(gate)
        becomes(gate, modem, UP)
        await gate.settled()
        assert (len(modem.sent), len(agent.sent)) == (1, 0)


async def test_a_link_that_fails_twice_is_let_rest(tmp_path: Path) -> None:
    """Its text leaves after the second failure, though it says that it is up."""
    async with two_ways(tmp_path) as (gate, modem, agent), gate.sending():
        modem.says = [LinkDown("no signal"), LinkDown("no signal")]
        await owe(gate)
        await look(gate)
        assert (len(modem.sent), len(agent.sent)) == (1, 0)
        later(gate, 5)
        gate.senders[MODEM].wake()
        await gate.settled()
        await look(gate)
        assert (len(modem.sent), len(agent.sent)) == (2, 1)
        assert gate.states() == ["sent"]
        later(gate, 29)
        await owe(gate)
        assert len(agent.sent) == 2
        later(gate, 1)
        await owe(gate)
        assert len(modem.sent) == 3


async def test_a_link_that_is_missing_something_is_no_way_while_another_is_well(
    tmp_path: Path,
) -> None:
    """No registration, no space: what it holds moves; alone it is tried."""
    async with two_ways(tmp_path) as (gate, modem, agent), gate.sending():
        becomes(gate, modem, LinkStatus.degraded)
        await owe(gate)
        assert len(agent.sent) == 1
        becomes(gate, agent, DOWN)
        await owe(gate)
        assert len(modem.sent) == 1


async def test_a_link_that_only_warns_keeps_its_place(tmp_path: Path) -> None:
    """Low airtime sends nobody to the dear link; when it is used up, texts move."""
    async with two_ways(tmp_path) as (gate, modem, agent), gate.sending():
        becomes(gate, modem, LinkStatus.degraded, Able.fully)
        later(gate, 60)
        await look(gate)
        await owe(gate)
        assert (len(modem.sent), len(agent.sent)) == (1, 0)
        modem.says = [LinkDown("see whether the SIM has credit") for _ in range(2)]
        await owe(gate)
        later(gate, 5)
        gate.senders[MODEM].wake()
        await gate.settled()
        await look(gate)
        assert (len(modem.sent), len(agent.sent)) == (3, 1)


async def test_without_a_network_texts_wait_untried(tmp_path: Path) -> None:
    """So they go at once when it is back, and not when a tenth try is due."""
    async with gatehouse(tmp_path, links=[HandLink(name=MODEM)]) as gate:
        (modem,) = gate.links.values()
        async with gate.sending():
            becomes(gate, modem, LinkStatus.degraded, Able.no)
            await owe(gate)
            await look(gate)
            assert (gate.states(), modem.sent) == (["queued"], [])
            becomes(gate, modem, LinkStatus.up)
            await gate.settled()
            assert gate.states() == ["sent"]


async def test_a_modem_that_is_being_connected_is_waited_for(tmp_path: Path) -> None:
    """What an earlier run owed does not flee to the dear link at every start."""
    modem = HandLink(name=MODEM, state=LinkState(status=LinkStatus.starting))
    agent = HandLink(name=AGENT)
    plan = Plan(
        routes={MODEM: Route(name=MODEM), AGENT: Route(name=AGENT, order=2, cost=500)},
        budget=Budget(timezone=ZONE),
    )
    async with gatehouse(tmp_path, links=[modem, agent], plan=plan) as gate:
        await owe(gate)
        async with gate.sending():
            await look(gate)
            assert (links_of(gate), agent.sent) == ([MODEM], [])
            becomes(gate, modem, UP)
            await gate.settled()
            assert len(modem.sent) == 1


async def test_with_nowhere_to_go_texts_stay(tmp_path: Path) -> None:
    """Both are down: nothing moves to and fro, and whichever comes first takes all."""
    async with two_ways(tmp_path) as (gate, modem, agent), gate.sending():
        becomes(gate, modem, DOWN)
        becomes(gate, agent, DOWN)
        await owe(gate, link=MODEM)
        for _ in range(5):
            later(gate, 10)
            await look(gate)
            assert links_of(gate) == [MODEM]
        becomes(gate, agent, UP)
        later(gate, 10)
        await look(gate)
        assert len(agent.sent) == 1


async def test_a_long_queue_moves_whole(tmp_path: Path) -> None:
    """Receipts first, however many notices are before them."""
    async with two_ways(tmp_path) as (gate, modem, _):
        becomes(gate, modem, DOWN)
        await owe(gate, *[Class.notice] * 450, Class.receipt, link=MODEM)
        later(gate, 3)
        await gate.routing.look()
        assert set(links_of(gate)) == {AGENT}


# ---- answers


async def test_an_answer_goes_back_the_way_its_text_came_in(tmp_path: Path) -> None:
    """Though the other link comes first; and over that one when its own is down."""
    both = Capabilities(window=2)
    async with two_ways(tmp_path, agent=both, order=1) as (gate, modem, agent):
        await gate.couple()
        async with gate.sending():
            for link in (MODEM, AGENT):
                await gate.hears(JUAN, "AYUDA", link=link)
                await gate.settled()
                later(gate, 121)
            assert (len(modem.sent), len(agent.sent)) == (1, 1)
            becomes(gate, modem, DOWN)
            await gate.hears(JUAN, "IDIOMA EN", link=MODEM)
            await gate.settled()
            assert (len(modem.sent), len(agent.sent)) == (1, 2)


async def test_the_payee_hears_over_the_link_for_their_number(tmp_path: Path) -> None:
    """The payer over the way in; both are born on their way or follow at once."""
    both = Capabilities(window=2)
    async with two_ways(tmp_path, agent=both, facts={"prefers": (ROSA[:6],)}) as (
        gate,
        modem,
        agent,
    ):
        await gate.couple()
        async with gate.sending():
            await gate.hears(JUAN, f"PAGAR 20417 5.00 {PIN}", link=AGENT)
            await gate.settled()
        assert [text.to for text in modem.sent] == [ROSA]
        assert [text.to for text in agent.sent] == [JUAN]
        assert gate.states() == ["sent", "sent"]


async def test_a_number_that_no_link_carries_is_told_in_the_outbox(
    tmp_path: Path,
) -> None:
    """The member's text was done; its answer failed, with the rule to look at."""
    async with two_ways(tmp_path, facts={"prefixes": ("+502",)}) as (gate, _, agent):
        gate.routing.routes[AGENT] = Route(name=AGENT, prefixes=("+502",))
        await gate.couple()
        async with gate.sending():
            await gate.hears(JUAN, "AYUDA", link=MODEM)
            await gate.settled()
        (row,) = gate.rows("SELECT state, error FROM outbox")
        assert row["state"] == "failed"
        assert "prefixes" in row["error"]
        assert agent.sent == []


# ---- a number that nobody can answer


async def test_a_text_from_elsewhere_says_whose_it_is(tmp_path: Path) -> None:
    """Its number is not the network's; the receipt invites no answer to it."""
    async with two_ways(tmp_path) as (gate, modem, agent), gate.sending():
        becomes(gate, modem, DOWN)
        await owe(gate, body="PAGO OK 5.00 PT. VER 4812057735")
        assert [text.text for text in agent.sent] == ["Red: PAGO OK 5.00 PT."]
        # In the outbox stands what is owed.
        assert gate.rows("SELECT body FROM outbox")[0]["body"].endswith("4812057735")


async def test_a_number_that_is_not_ours_is_told_whose_it_is(tmp_path: Path) -> None:
    """Where the answer is heard all the same, questions go, and ask for it."""
    hears = Capabilities(keeps_sender=False)
    async with two_ways(tmp_path, agent=hears) as (gate, modem, agent), gate.sending():
        becomes(gate, modem, DOWN)
        await owe(gate, name="confirm", body="Pagar 5.00 PT? Responda 47 y su PIN.")
        assert [text.text for text in agent.sent] == [
            "Red: Pagar 5.00 PT? Responda 47 y su PIN."
        ]


async def test_a_question_waits_for_a_link_that_hears_the_answer(
    tmp_path: Path,
) -> None:
    """Where it could not be answered it would be worth nothing."""
    async with two_ways(tmp_path) as (gate, modem, agent), gate.sending():
        becomes(gate, modem, DOWN)
        await owe(gate, name="confirm")
        later(gate, 60)
        await look(gate)
        assert (links_of(gate), agent.sent) == ([MODEM], [])
        becomes(gate, modem, UP)
        await gate.settled()
        assert len(modem.sent) == 1


# ---- once


async def test_what_may_have_gone_out_moves_to_no_other_link(tmp_path: Path) -> None:
    """A receipt goes once more after a minute, by then over the link that works."""
    async with two_ways(tmp_path) as (gate, modem, agent), gate.sending():
        modem.says = [Unsure("no answer"), Unsure("no answer")]
        await owe(gate, Class.receipt, Class.notice, link=MODEM)
        becomes(gate, modem, DOWN)
        later(gate, 59)
        await look(gate)
        await gate.housekeeping.once()
        await look(gate)
        assert (len(modem.sent), agent.sent) == (2, [])
        later(gate, 1)
        await gate.housekeeping.once()
        await look(gate)
        assert len(agent.sent) == 1
        later(gate, 3_600)
        await gate.housekeeping.once()
        await look(gate)
        assert (len(agent.sent), gate.states()) == (1, ["sent", "unsure"])


async def test_a_retry_has_the_same_id_and_the_same_link(tmp_path: Path) -> None:
    """An aggregator that knows texts by their id is asked again, and no other."""
    known = Capabilities(idempotent=True)
    house = two_ways(tmp_path, agent=known, order=1)
    async with house as (gate, modem, agent), gate.sending():
        agent.says = [Unsure("timed out"), Unsure("timed out"), Sent()]
        await owe(gate, Class.notice, link=AGENT)
        for wait_s in (5, 10):
            later(gate, wait_s)
            await look(gate)
            gate.senders[AGENT].wake()
            await gate.settled()
        assert [text.id for text in agent.sent] == [1, 1, 1]
        assert (modem.sent, gate.states()) == ([], ["sent"])


async def test_the_far_side_is_left_alone_as_long_as_it_asks(tmp_path: Path) -> None:
    """Nothing is sent to it meanwhile, and what waits for it takes the other link."""
    async with two_ways(tmp_path) as (gate, modem, agent), gate.sending():
        modem.says = [LinkDown("too many", retry_after_s=60)]
        await owe(gate, link=MODEM)
        assert not gate.senders[MODEM].usable
        await look(gate)
        assert (len(modem.sent), len(agent.sent)) == (1, 1)
        becomes(gate, agent, DOWN)
        await owe(gate)
        later(gate, 59)
        gate.senders[MODEM].wake()
        await gate.settled()
        assert len(modem.sent) == 1
        later(gate, 1)
        gate.senders[MODEM].wake()
        await gate.settled()
        assert len(modem.sent) == 2


async def test_a_start_remembers_which_link_failed(tmp_path: Path) -> None:
    """What it was given to send goes the other way at once."""
    async with two_ways(tmp_path) as (gate, modem, agent), gate.sending():
        modem.says = [Unsure("no answer")] * 2
        await owe(gate, Class.notice, Class.notice, link=MODEM)
    async with two_ways(tmp_path) as (gate, modem, agent), gate.sending():
        await owe(gate)
        assert (modem.sent, len(agent.sent)) == ([], 1)


# ---- where texts may go, and what they may cost


async def test_other_countries_are_not_written_to(tmp_path: Path) -> None:
    """Unless the configuration names them; the outbox says which to add."""
    async with two_ways(tmp_path, countries=frozenset({"SV"})) as (gate, modem, _):
        async with gate.sending():
            await owe(gate, to="+50255551234")
            await owe(gate)
        rows = gate.rows("SELECT state, error FROM outbox ORDER BY id")
        assert [row["state"] for row in rows] == ["failed", "sent"]
        assert rows[0]["error"] == (
            "country GT is not written to: add it to countries in [sms]"
        )
        assert len(modem.sent) == 1
        # The link is not to blame.
        assert gate.routing.health[MODEM].score(gate.clock.monotonic()) == 1.0


@pytest.mark.parametrize(
    ("spent", "sent"),
    [
        (0, ["receipt", "notice", "campaign"]),
        (3_990, ["receipt", "notice", "campaign"]),
        (4_000, ["receipt", "notice"]),
        (4_990, ["receipt", "notice"]),
        (5_000, ["receipt"]),
        (9_000, ["receipt"]),
    ],
)
@pytest.mark.parametrize("period", ["day", "month"])
async def test_when_the_budget_is_used_campaigns_stop_then_notices(
    tmp_path: Path, period: str, spent: int, sent: list[str]
) -> None:
    """At 80 and at 100 percent of a day's or a month's; receipts never."""
    some = Budget(timezone=ZONE, **{period: 5_000})
    day = "2026-03-02" if period == "day" else "2026-03-01"
    async with two_ways(tmp_path, cost=1, budget=some) as (gate, modem, agent):
        becomes(gate, modem, DOWN)
        await gate.store.write(
            lambda tx: budget.note(
                tx, day=day, link="old", cls=Class.notice, segments=1, cost=spent
            )
        )
        gate.routing.reckon()
        async with gate.sending():
            # The modem would be cheaper; these have their link already.
            for cls in Class:
                await owe(gate, cls, link=AGENT)
        rows = gate.rows("SELECT class FROM outbox WHERE state = 'sent' ORDER BY class")
        assert [Class(row["class"]).name for row in rows] == sent
        assert len(agent.sent) == len(sent)


async def test_another_day_has_another_budget(tmp_path: Path) -> None:
    """What waited goes out after midnight, local time, by itself."""
    day = Budget(timezone=ZONE, day=1)
    async with two_ways(tmp_path, cost=1, budget=day) as (gate, modem, _):
        becomes(gate, modem, DOWN)
        async with gate.sending():
            await owe(gate)
            await owe(gate, Class.notice, link=AGENT)
            assert gate.states() == ["sent", "queued"]
            # It is nine in the morning there.
            later(gate, 15 * 3_600 - 21)
            await look(gate)
            assert gate.states() == ["sent", "queued"]
            later(gate, 1)
            await look(gate)
            assert gate.states() == ["sent", "sent"]


async def test_what_texts_cost_is_kept_with_them(tmp_path: Path) -> None:
    """By day, link and class, each segment; what was not sent costs nothing."""
    async with two_ways(tmp_path, cost=75) as (gate, modem, agent), gate.sending():
        becomes(gate, modem, DOWN)
        agent.says = [Sent(), Rejected("no such number"), Unsure("no answer")]
        await owe(gate, body="x" * 161)
        await owe(gate)
        await owe(gate)
        await owe(gate, Class.notice)
        rows = gate.rows("SELECT day, link, class, segments, cost FROM spent")
        assert [tuple(row) for row in rows] == [
            ("2026-03-02", AGENT, 0, 3, 225),
            ("2026-03-02", AGENT, 1, 1, 75),
        ]
        assert gate.routing.spent.day == 300
        # And after a restart as before.
        gate.routing.reckon()
        assert (gate.routing.spent.day, gate.routing.spent.month) == (300, 300)


async def test_a_campaign_waits_for_the_cheap_link(tmp_path: Path) -> None:
    """While the modem is down, the aggregator carries receipts and notices."""
    async with two_ways(tmp_path, cost=500) as (gate, modem, agent), gate.sending():
        becomes(gate, modem, DOWN)
        await owe(gate, Class.campaign, Class.notice, Class.receipt)
        later(gate, 30)
        await look(gate)
        assert gate.states() == ["queued", "sent", "sent"]
        assert len(agent.sent) == 2
        becomes(gate, modem, UP)
        await gate.settled()
        assert len(modem.sent) == 1


async def test_the_watch_runs_by_itself(tmp_path: Path) -> None:
    """It is woken by a link that changes, and ends when it is told to."""
    async with two_ways(tmp_path) as (gate, modem, agent), gate.sending():
        async with asyncio.timeout(5), asyncio.TaskGroup() as group:
            watch = group.create_task(gate.routing.run())
            becomes(gate, modem, DOWN)
            await owe(gate, link=MODEM)
            later(gate, 2)
            becomes(gate, modem, DOWN)
            while not agent.sent:
                await gate.store.write(lambda _: None)
            watch.cancel()
        assert watch.cancelled()


@pytest.mark.parametrize(
    ("able", "facts"),
    [
        (Capabilities(), {}),
        (Capabilities(receive=False), {"answerable": False}),
        (Capabilities(keeps_sender=False), {"own_number": False}),
        (Capabilities(trusted=False), {"trusted": False}),
        (Capabilities(idempotent=True), {"idempotent": True}),
    ],
)
def test_a_link_of_which_nothing_is_said(
    able: Capabilities, facts: dict[str, Any]
) -> None:
    """Its capabilities say what it is good for."""
    assert route_of("a", able) == Route(name="a", **facts)
    assert MINUTE_MS < HOUR_MS


# ---- what only the member's phone may read


async def test_an_answer_to_a_text_that_may_be_forged_keeps_to_links_of_our_own(
    tmp_path: Path,
) -> None:
    """Also when its first link goes down: its token is read by nobody on the way."""
    able = {"sim1": Capabilities(), "sim2": Capabilities()}
    links = at_hand(**able, web=Capabilities(trusted=False))
    cheap = {link.name: _route_of(link) for link in links}
    plan = Plan(routes=cheap, budget=Budget(timezone=ZONE), network="Red")
    async with gatehouse(tmp_path, links=links, plan=plan) as gate:
        await gate.couple()
        gate.routing.board()
        later(gate, 20)
        await gate.hears(JUAN, "PAGAR panaderialuz 5", link="web")
        assert links_of(gate) == ["sim1"]
        becomes(gate, links[0], DOWN)
        later(gate, 3)
        await look(gate)
        assert links_of(gate) == ["sim2"]
        becomes(gate, links[1], DOWN)
        later(gate, 3)
        await look(gate)
        # Where all of our own are down, the phone is told all the same.
        assert links_of(gate) == ["web"]


async def test_a_text_owed_for_later_keeps_to_links_of_our_own_too(
    tmp_path: Path,
) -> None:
    """What answers a session over a link that is easily forged has no link yet."""
    links = at_hand(sim=Capabilities(), web=Capabilities(trusted=False))
    cheap = {link.name: _route_of(link) for link in links}
    plan = Plan(routes=cheap, budget=Budget(timezone=ZONE), network="Red")
    async with gatehouse(tmp_path, links=links, plan=plan) as gate:
        await gate.couple()
        for heard in ("web", "sim", "gone"):
            await gate.hears(JUAN, "AYUDA", link=heard)
            later(gate, 180)
        await gate.store.write(
            lambda tx: tx.run("UPDATE outbox SET link = '', state = 'queued'")
        )
        board = gate.routing.board()
        await gate.store.write(lambda tx: gate.routing.assign(tx, board))
        assert links_of(gate) == ["sim", "web", "sim"]


def _route_of(link: HandLink) -> Route:
    """Return a route that makes the aggregator the cheap way, to be taken first."""
    order = 1 if link.name == "web" else 2
    return replace(route_of(link.name, link.capabilities), order=order)


async def test_what_was_just_sent_counts_at_once_and_on_its_own_day(
    tmp_path: Path,
) -> None:
    """Adding up anew forgets no text that is not kept yet, and nothing is carried over.

    Not even by a text sent right after midnight, before anybody looked.
    """
    async with two_ways(tmp_path, cost=75, budget=Budget(timezone=ZONE, day=500)) as (
        gate,
        _,
        _,
    ):
        text = outbox.Owed(
            id=1, cls=Class.receipt, name="help_text", recipient=JUAN, body="x"
        )
        for _ in range(2):
            assert gate.routing.pays(AGENT, text, "x") is not None
        gate.routing.reckon()
        assert gate.routing.spent.day == 150
        later(gate, 24 * 3_600)
        assert gate.routing.pays(AGENT, text, "x") is not None
        assert gate.routing.spent.day == 75

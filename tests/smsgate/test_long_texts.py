"""Long texts: each part has a state; after a fault only what is missing goes again."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC
from typing import TYPE_CHECKING

import pytest

from modem.errors import LinkDown, LinkError, Rejected, Unsure
from modem.link import Capabilities, LinkState, LinkStatus, ReportStatus, Sent
from smsgate.clock import HOUR_MS, MINUTE_MS
from smsgate.gateway.out.routing import Plan
from smsgate.messages import outbox
from smsgate.messages.budget import Budget
from smsgate.messages.outbox import Class, parts
from smsgate.messages.pacing import Pacing
from smsgate.messages.routes import Route
from tests.smsgate.gatehouse import SIM1, SIM2, Gatehouse, HandLink, gatehouse
from tests.smsgate.mailroom import JUAN, ROSA, Mailroom

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from pathlib import Path

    from modem.link import Outgoing

#: Three SMS.
LONG = "Feria de la red el sabado, con comida y musica. " * 8
DOWN, UNSURE = LinkDown("modem off"), Unsure("no answer")


@dataclass
class PartsLink(HandLink):
    """A link that takes parts one by one, and names each."""

    capabilities: Capabilities = field(
        default_factory=lambda: Capabilities(parts=True, report=True)
    )
    #: What happens while a part is on its way.
    meanwhile: Callable[[Outgoing], Awaitable[None]] | None = None
    count: int = 0

    async def send(self, outgoing: Outgoing) -> Sent:
        """Take a part; its reference is its number in all."""
        self.count += 1
        reference = str(self.count)
        if self.meanwhile is not None:
            await self.meanwhile(outgoing)
        sent = await super().send(outgoing)
        return replace(sent, references=sent.references or (reference,))

    @property
    def numbers(self) -> list[int]:
        """The parts that were handed over, in order; 0: a text that went whole."""
        return [0 if one.part is None else one.part.number for one in self.sent]

    @property
    def ties(self) -> set[int]:
        """What the parts were tied with."""
        return {one.part.tie for one in self.sent if one.part is not None}


@asynccontextmanager
async def house(
    folder: Path, *says: Exception | Sent, pacing: Callable[[], Pacing] = Pacing
) -> AsyncIterator[tuple[Gatehouse, PartsLink]]:
    """Open a house whose one link says this to the first parts."""
    link = PartsLink(says=list(says))
    async with gatehouse(folder, links=[link], pacing=pacing) as gate:
        yield gate, link


async def owe(
    gate: Gatehouse, body: str = LONG, cls: Class = Class.notice, link: str = SIM1
) -> None:
    """Owe a text, by default a notice: a campaign's is never owed again by hand."""
    await gate.store.write(
        lambda tx: outbox.owe(
            tx,
            inbox=None,
            cls=cls,
            name="help_text",
            recipient=JUAN,
            body=body,
            link=link,
            expires_ms=tx.now_ms + HOUR_MS,
        )
    )
    for sender in gate.senders.values():
        sender.wake()


async def until(gate: Gatehouse, *states: str) -> None:
    """Wait until the rows of the outbox are in these states."""
    async with asyncio.timeout(5):
        while gate.states() != list(states):
            await gate.store.write(lambda _: None)


def shown(gate: Gatehouse) -> list[str]:
    """Return the states of all parts, in order."""
    rows = gate.rows("SELECT status FROM segment ORDER BY outbox, place")
    return [str(row["status"]) for row in rows]


async def until_put_back(gate: Gatehouse, link: PartsLink, *parts: str) -> None:
    """Wait until the only text waits again, these of its parts done."""
    async with asyncio.timeout(5):
        while not link.sent or (gate.states(), shown(gate)) != (["queued"], [*parts]):
            await gate.store.write(lambda _: None)
    # What its sender began before it was put back must not claim it later.
    await gate.settled()


async def past(gate: Gatehouse, ms: int) -> None:
    """Let time pass, do what is due by it, and wake the senders."""
    gate.clock.ms += ms
    await gate.housekeeping.once()
    for sender in gate.senders.values():
        sender.wake()
    await gate.settled()


async def report(
    gate: Gatehouse,
    reference: str,
    status: ReportStatus = ReportStatus.delivered,
    link: str = SIM1,
) -> None:
    """Have the network report on a part."""
    await gate.store.write(
        lambda tx: outbox.report(
            tx,
            link=link,
            reference=reference,
            recipient=JUAN,
            status=status,
            code="0x41",
            at_ms=tx.now_ms,
        )
    )


# ---- all goes well


async def test_the_parts_go_one_by_one_tied_together(tmp_path: Path) -> None:
    """Each carries the whole text, its own number, and what ties it to the others."""
    async with house(tmp_path) as (gate, link), gate.sending():
        await owe(gate)
        await until(gate, "sent")

        assert link.numbers == [1, 2, 3]
        assert len(link.ties) == 1
        assert {one.text for one in link.sent} == {LONG}
        assert shown(gate) == ["trying"] * 3


async def test_short_texts_go_whole(tmp_path: Path) -> None:
    """One SMS is one send, up to its very limit; so is any text on other links."""
    async with house(tmp_path) as (gate, link), gate.sending():
        await owe(gate, "x" * 160)
        await owe(gate, "hola")
        await until(gate, "sent", "sent")
        assert link.numbers == [0, 0]

        link.capabilities = Capabilities()
        await owe(gate)
        await until(gate, "sent", "sent", "sent")
        assert link.numbers == [0, 0, 0]


async def test_two_texts_are_never_tied_alike(tmp_path: Path) -> None:
    """A phone that holds parts of both puts none into the wrong text."""
    async with house(tmp_path) as (gate, link), gate.sending():
        await owe(gate)
        await owe(gate)
        await until(gate, "sent", "sent")

        assert len(link.ties) == 2


async def test_a_part_is_durably_begun_before_it_is_written(tmp_path: Path) -> None:
    """While a part is on the wire its row says so, and those before it are settled."""
    seen: list[list[str]] = []
    async with house(tmp_path) as (gate, link):

        async def look(_: Outgoing) -> None:
            seen.append(shown(gate))

        link.meanwhile = look
        async with gate.sending():
            await owe(gate)
            await until(gate, "sent")

    assert seen == [["sending"], ["trying", "sending"], ["trying", "trying", "sending"]]


# ---- reports


async def test_it_is_delivered_when_every_part_is(tmp_path: Path) -> None:
    """Reports come in any order, and none is enough alone."""
    async with house(tmp_path) as (gate, _), gate.sending():
        await owe(gate)
        await until(gate, "sent")
        for reference, state in (("3", "sent"), ("1", "sent"), ("2", "delivered")):
            await report(gate, reference)
            assert gate.states() == [state]


async def test_one_part_that_fails_fails_it(tmp_path: Path) -> None:
    """No phone shows a text with a hole; sent again, only that part goes."""
    async with house(tmp_path) as (gate, link), gate.sending():
        await owe(gate)
        await until(gate, "sent")
        await report(gate, "1")
        await report(gate, "2", ReportStatus.failed)
        assert gate.states() == ["failed"]
        await report(gate, "3")
        assert gate.states() == ["failed"]

        assert await gate.store.write(lambda tx: outbox.resend(tx, 1))
        gate.senders[SIM1].wake()
        await until(gate, "sent")
        assert link.numbers == [1, 2, 3, 2]
        assert len(link.ties) == 1
        await report(gate, "4")
        assert gate.states() == ["delivered"]


async def test_a_report_may_come_before_the_last_part_is_sent(tmp_path: Path) -> None:
    """It is kept until the text is settled, also over a fault in the middle."""
    async with house(tmp_path, Sent(), DOWN) as (gate, link), gate.sending():
        await owe(gate)
        await until_put_back(gate, link, "trying")
        await report(gate, "1")
        assert gate.states() == ["queued"]
        await past(gate, 6_000)
        assert gate.states() == ["sent"]
        assert shown(gate) == ["delivered", "trying", "trying"]
        await report(gate, "3")
        await report(gate, "4")
        assert gate.states() == ["delivered"]
        assert link.numbers == [1, 2, 2, 3]


# ---- faults


@pytest.mark.parametrize("cls", list(Class))
async def test_only_the_missing_parts_go_again(tmp_path: Path, cls: Class) -> None:
    """A link that goes down between parts costs none of those that went."""
    async with house(tmp_path, Sent(), DOWN) as (gate, link), gate.sending():
        await owe(gate, cls=cls)
        await until_put_back(gate, link, "trying")
        await past(gate, 6_000)

        assert gate.states() == ["sent"]
        assert link.numbers == [1, 2, 2, 3]
        assert len(link.ties) == 1


async def test_a_part_that_is_refused_fails_the_text(tmp_path: Path) -> None:
    """The rest would be of no use."""
    async with house(tmp_path, Sent(), Rejected("never")) as (gate, link):
        async with gate.sending():
            await owe(gate)
            await until(gate, "failed")

        assert link.numbers == [1, 2]


async def test_an_unsure_part_of_a_campaign_never_goes_again(tmp_path: Path) -> None:
    """The others go, the text is unsure and counted, and a report settles it."""
    async with house(tmp_path, Sent(), UNSURE) as (gate, link), gate.sending():
        await owe(gate)
        await until(gate, "unsure")
        assert shown(gate) == ["trying", "unsure", "trying"]
        await past(gate, 10 * MINUTE_MS)
        assert gate.states() == ["unsure"]
        assert link.numbers == [1, 2, 3]

        # The reference that nobody was told.
        await report(gate, "2")
        assert gate.states() == ["sent"]
        await report(gate, "1")
        await report(gate, "3")
        assert gate.states() == ["delivered"]


async def test_an_unsure_part_of_a_receipt_goes_once_more(tmp_path: Path) -> None:
    """After a minute, that part alone; unsure again, it never does."""
    async with house(tmp_path, Sent(), UNSURE, Sent(), UNSURE) as (gate, link):
        async with gate.sending():
            await owe(gate, cls=Class.receipt)
            await until(gate, "unsure")
            await past(gate, 59_000)
            assert link.numbers == [1, 2, 3]
            await past(gate, 1_000)
            assert gate.states() == ["unsure"]
            assert link.numbers == [1, 2, 3, 2]
            await past(gate, 10 * MINUTE_MS)

        assert link.numbers == [1, 2, 3, 2]


async def test_a_report_keeps_an_unsure_part_from_going_again(tmp_path: Path) -> None:
    """It arrived, so there is nothing to send."""
    async with house(tmp_path, Sent(), UNSURE) as (gate, link), gate.sending():
        await owe(gate, cls=Class.receipt)
        await until(gate, "unsure")
        await report(gate, "2")
        assert gate.states() == ["sent"]
        await past(gate, 2 * MINUTE_MS)

        assert link.numbers == [1, 2, 3]


async def test_a_fault_of_the_driver_leaves_the_part_in_doubt(tmp_path: Path) -> None:
    """Nobody knows what it wrote: that part never goes again in a campaign."""
    async with house(tmp_path, Sent(), ValueError("a bug")) as (gate, link):
        async with gate.sending():
            await owe(gate)
            await until(gate, "unsure")

        assert shown(gate) == ["trying", "unsure"]
        assert link.numbers == [1, 2]


@pytest.mark.parametrize("fault", [DOWN, UNSURE])
async def test_the_second_try_of_a_part_may_fail_too(
    tmp_path: Path, fault: LinkError
) -> None:
    """One that was not written is tried again, one that nobody answered is not."""
    says = (UNSURE, Sent(), Sent(), fault)
    async with house(tmp_path, *says) as (gate, link), gate.sending():
        await owe(gate, cls=Class.receipt)
        await until(gate, "unsure")
        await past(gate, MINUTE_MS)
        again = fault is DOWN
        assert gate.states() == ["queued" if again else "unsure"]
        await past(gate, MINUTE_MS)
        assert link.numbers == [1, 2, 3, 1] + [1] * again
        assert gate.states() == ["sent" if again else "unsure"]


@asynccontextmanager
async def half_sent(folder: Path) -> AsyncIterator[tuple[Gatehouse, PartsLink]]:
    """Open a house whose first link went down over a text, the second being well."""
    one, two = PartsLink(name=SIM1, says=[Sent(), DOWN]), PartsLink(name=SIM2)
    async with gatehouse(folder, links=[one, two]) as gate, gate.sending():
        await owe(gate)
        await until_put_back(gate, one, "trying")
        one.state = LinkState(status=LinkStatus.down)
        await past(gate, 6_000)
        await gate.routing.look()
        await gate.settled()
        assert (one.numbers, two.numbers) == ([1, 2], [])
        yield gate, one


async def test_what_began_over_a_link_waits_for_it(tmp_path: Path) -> None:
    """No phone puts parts of two numbers together, so it moves to no other link."""
    async with half_sent(tmp_path) as (gate, one):
        assert gate.states() == ["queued"]
        one.state = LinkState(status=LinkStatus.up)
        await past(gate, 6_000)

        assert gate.states() == ["sent"]
        assert one.numbers == [1, 2, 2, 3]
        assert len(one.ties) == 1


async def test_what_did_not_begin_takes_another_link(tmp_path: Path) -> None:
    """A link that took no part of it keeps nothing back."""
    one, two = PartsLink(name=SIM1, says=[DOWN]), PartsLink(name=SIM2)
    async with gatehouse(tmp_path, links=[one, two]) as gate, gate.sending():
        await owe(gate)
        await until_put_back(gate, one)
        one.state = LinkState(status=LinkStatus.down)
        await past(gate, 6_000)
        await gate.routing.look()
        await gate.settled()

        assert gate.states() == ["sent"]
        assert (one.numbers, two.numbers) == ([1], [1, 2, 3])


@pytest.mark.parametrize("whole", [True, False])
async def test_over_another_link_it_begins_anew(tmp_path: Path, whole: bool) -> None:
    """On an operator's word it takes what works; nothing is tied as before."""
    async with half_sent(tmp_path) as (gate, one):
        two = gate.senders[SIM2].link
        assert isinstance(two, PartsLink)
        if whole:
            two.capabilities = Capabilities(report=True)
        await past(gate, HOUR_MS)
        assert gate.states() == ["expired"]
        assert await gate.store.write(lambda tx: outbox.resend(tx, 1))
        await past(gate, 0)

        assert gate.states() == ["sent"]
        assert two.numbers == ([0] if whole else [1, 2, 3])
        assert not one.ties & two.ties
        for row in gate.rows("SELECT reference FROM segment"):
            await report(gate, row["reference"], link=SIM2)
        assert gate.states() == ["delivered"]


async def test_on_an_operators_word_the_rest_goes_where_it_began(
    tmp_path: Path,
) -> None:
    """While that link works, nothing that went goes again."""
    async with half_sent(tmp_path) as (gate, one):
        await past(gate, HOUR_MS)
        one.state = LinkState(status=LinkStatus.up)
        await gate.routing.look()
        # A link that comes back rests for a moment.
        await past(gate, 20_000)
        assert await gate.store.write(lambda tx: outbox.resend(tx, 1))
        await past(gate, 0)

        assert gate.states() == ["sent"]
        assert one.numbers == [1, 2, 2, 3]


@pytest.mark.parametrize("says", [(), (Sent(), DOWN), (UNSURE,)])
async def test_each_part_is_paid_for_once(
    tmp_path: Path, says: tuple[Exception | Sent, ...]
) -> None:
    """What may be out counts when it goes, and not again with the rest."""
    link = PartsLink(says=list(says))
    routes = {SIM1: Route(name=SIM1, cost=100)}
    plan = Plan(routes=routes, budget=Budget(timezone=UTC))
    async with gatehouse(tmp_path, links=[link], plan=plan) as gate, gate.sending():
        await owe(gate)
        if DOWN in says:
            await until_put_back(gate, link, "trying")
        await past(gate, 6_000)
        await until(gate, "unsure" if UNSURE in says else "sent")

        (spent,) = gate.rows("SELECT segments, cost FROM spent")
        assert (spent["segments"], spent["cost"]) == (3, 300)
        assert gate.routing.spent.day == 300


# ---- a crash


@pytest.mark.parametrize("cls", list(Class))
async def test_after_a_crash_between_parts_the_rest_goes(
    tmp_path: Path, cls: Class
) -> None:
    """What was on the wire is in doubt; what was not begun goes without any."""
    async with house(tmp_path) as (gate, link):
        hanging = asyncio.Event()

        async def hang(outgoing: Outgoing) -> None:
            if outgoing.part is not None and outgoing.part.number == 2:
                hanging.set()
                await asyncio.Event().wait()

        link.meanwhile = hang
        async with asyncio.TaskGroup() as group:
            task = group.create_task(gate.senders[SIM1].run())
            await owe(gate, cls=cls)
            await hanging.wait()
            # The process dies here: nothing is settled.
            task.cancel()
        tie = link.ties
    async with house(tmp_path) as (gate, link):
        run = gate.senders[SIM1]._run
        await gate.store.write(lambda tx: outbox.sweep(tx, run))
        assert shown(gate) == ["trying", "unsure"]
        async with gate.sending():
            await until(gate, "unsure")
            assert link.numbers == [3]
            assert link.ties == tie
            await past(gate, MINUTE_MS)

            assert link.numbers == ([3, 2] if cls is Class.receipt else [3])
            assert gate.states() == ["sent" if cls is Class.receipt else "unsure"]


async def test_a_daemon_that_stops_ends_between_two_parts(tmp_path: Path) -> None:
    """It does not wait for the whole text, and nothing is in doubt."""
    async with house(tmp_path) as (gate, link):

        async def stop(_: Outgoing) -> None:
            gate.senders[SIM1].stop()

        link.meanwhile = stop
        async with gate.sending():
            await owe(gate)
            await until_put_back(gate, link, "trying")

        assert link.numbers == [1]


# ---- others


async def test_receipts_pass_between_parts(tmp_path: Path) -> None:
    """A receipt waits for the part on the wire, and not for the text."""
    async with house(tmp_path) as (gate, link):

        async def pay(outgoing: Outgoing) -> None:
            if outgoing.part is not None and outgoing.part.number == 1:
                await owe(gate, "recibo", Class.receipt)
                await owe(gate, "aviso", Class.notice)

        link.meanwhile = pay
        async with gate.sending():
            await owe(gate)
            await until(gate, "sent", "sent", "sent")

    assert [one.text for one in link.sent] == [LONG, "recibo", LONG, LONG, "aviso"]


async def test_each_part_counts_for_the_pace(tmp_path: Path) -> None:
    """Operators count SMS; but a text that was begun is not left half sent."""
    async with (
        house(tmp_path, pacing=lambda: Pacing(per_minute=4)) as (gate, link),
        gate.sending(),
    ):
        await owe(gate)
        await owe(gate)
        await owe(gate)
        await gate.settled()
        assert link.numbers == [1, 2, 3, 1, 2, 3]
        await past(gate, 59_000)
        assert len(link.numbers) == 6
        await past(gate, 1_001)
        assert len(link.numbers) == 9


def test_a_text_that_is_no_longer_there_has_no_parts() -> None:
    """Asked by chance after it was forgotten, nothing is begun."""
    with Mailroom() as room:
        assert parts.begin(room.tx, 7, 3) is None
        row = room.owe(recipient=ROSA, sending=True)
        assert parts.answered(room.tx, row, "1") is None
        assert not parts.in_doubt(room.tx, row)

"""`link test`: every outcome is a sentence, and none is waited for without an end."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from modem.link import Capabilities, LinkState, LinkStatus, ReportStatus
from smsgate.messages import outbox
from smsgate.operations import NotReached, OperationRefused, requests
from smsgate.operations.table import perform
from smsgate.operations.texts import link_trial as link_test
from tests.smsgate.shell import Live, Net, StoppedClock, opened_desk

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from smsgate.operations import Answer, Desk
    from smsgate.store import Tx

UP = LinkState(status=LinkStatus.up)
ASKED = requests.LinkTest(name="modem-a", to="70001234")


@pytest.fixture
async def desk(net: Net, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    """Open a desk whose daemon has two links, and a short patience."""
    monkeypatch.setattr(link_test, "LOOK_S", 0.001)
    monkeypatch.setattr(link_test, "REPORT_S", 0)
    monkeypatch.setattr(link_test, "WIRE_S", 0.02)
    states = {
        "modem-a": UP,
        "web": LinkState(status=LinkStatus.down, reason="The port is gone."),
        "ears": UP,
    }
    can = {"modem-a": Capabilities(report=True), "ears": Capabilities(send=False)}
    live = Live(states, can=can)
    async with opened_desk(net.config, StoppedClock(), live) as desk:
        yield desk


def sending(tx: Tx) -> int:
    """Have the link take the text; return its row."""
    (owed,) = outbox.claim(tx, "modem-a", 10, 1)
    return owed.id


def then(what: Callable[[Tx, int], object]) -> Callable[[Tx], object]:
    """Have the link take the text, and this come of it."""
    return lambda tx: what(tx, sending(tx))


def delivered(tx: Tx, row: int) -> None:
    """Have the network take it and report on it."""
    outbox.sent(tx, [(row, ["7"])])
    outbox.report(
        tx,
        link="modem-a",
        reference="7",
        recipient="+50370001234",
        status=ReportStatus.delivered,
        code="",
        at_ms=0,
    )


async def outcome_of(desk: Desk, come: Callable[[Tx], object], **facts: Any) -> Answer:
    """Run the test, and have this come of its text meanwhile."""
    async with asyncio.TaskGroup() as group:
        running = group.create_task(perform(desk, replace(ASKED, **facts)))
        while not desk.store.peek.all("SELECT id FROM outbox"):
            await desk.store.write(lambda _: None)
        await desk.store.write(come)
    return running.result()


@pytest.mark.parametrize(
    ("come", "state", "code", "words"),
    [
        (then(delivered), "delivered", 0, "It arrived at +50370001234 after "),
        (
            then(lambda tx, row: outbox.sent(tx, [(row, ["7"])])),
            "sent",
            0,
            "no report came in 0 s: look at the phone; some operators send none.",
        ),
        (
            then(lambda tx, row: outbox.failed(tx, row, "no such number")),
            "failed",
            1,
            "It was refused (no such number): see to that and try again.",
        ),
        (
            then(lambda tx, row: outbox.unsure(tx, row, "no answer")),
            "unsure",
            1,
            "Nobody said whether it was sent (no answer): look at the phone before",
        ),
        (sending, "sending", 1, "It has been on the wire for 0.02 s: `smsgate outbox"),
        (
            lambda tx: tx.run("UPDATE outbox SET state = 'expired', error = 'busy'"),
            "expired",
            1,
            "It could not be sent in 55 s (busy): see `smsgate link list`.",
        ),
        (
            lambda tx: tx.run("UPDATE outbox SET state = 'sent', via = 'web'"),
            "sent",
            1,
            "It went over web, because modem-a could not take it: see",
        ),
    ],
)
async def test_each_outcome_has_its_sentence(
    desk: Desk, come: Callable[[Tx], object], state: str, code: int, words: str
) -> None:
    """What became of it, and what to do; the exit code says whether the link works."""
    answer = await outcome_of(desk, come)

    assert (answer.document["state"], answer.exit_code) == (state, code)
    assert words in answer.document["told"]
    assert answer.document["to"] == "+50370001234"


async def test_a_link_without_reports_is_not_waited_for(desk: Desk) -> None:
    """What it cannot tell is said to be so at once."""
    live = desk.live
    assert isinstance(live, Live)
    live.can = {"modem-a": Capabilities()}
    answer = await outcome_of(desk, then(lambda tx, row: outbox.sent(tx, [(row, ())])))

    assert answer.exit_code == 0
    assert "this link does not tell whether it arrives" in answer.document["told"]


async def test_the_text_says_what_it_is_and_gives_itself_up(desk: Desk) -> None:
    """It is a receipt for that link alone, worth sending for less than a minute."""
    await outcome_of(desk, then(delivered))
    row = desk.store.peek.one("SELECT * FROM outbox")

    assert row is not None
    assert row["body"] == ("Red: prueba del enlace modem-a. No hace falta responder.")
    assert (row["link"], row["class"]) == ("modem-a", 0)
    assert row["expires_ms"] - row["at_ms"] == 55_000


async def test_own_words_may_be_sent(desk: Desk) -> None:
    """Up to three SMS."""
    await outcome_of(desk, then(delivered), text="hola")
    row = desk.store.peek.one("SELECT body FROM outbox")
    assert row is not None
    assert row["body"] == "hola"


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (
            {"name": "modem-z"},
            "there is no link modem-z: use one of modem-a, web, ears",
        ),
        ({"name": "web"}, "link web is down: The port is gone."),
        ({"name": "ears"}, "link ears receives only: test another"),
        ({"to": "7"}, "'7' is no phone: write it with its country"),
        ({"text": "x" * 460}, "the text takes more than 3 SMS: cut it"),
    ],
)
async def test_what_cannot_be_tested_is_refused(
    desk: Desk, facts: dict[str, str], words: str
) -> None:
    """Nothing is owed then."""
    with pytest.raises(OperationRefused) as caught:
        await perform(desk, replace(ASKED, **facts))

    assert str(caught.value) == words
    assert not desk.store.peek.all("SELECT id FROM outbox")


async def test_without_a_daemon_nothing_is_sent(desk: Desk) -> None:
    """The sentence says how to start it."""
    with pytest.raises(NotReached, match="start it with `smsgate run`"):
        await perform(replace(desk, live=None), ASKED)

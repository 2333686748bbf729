"""Texts that wait are given a link, moved to another, and are in one hand at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from smsgate.clock import DAY_MS, MINUTE_MS, SECOND_MS
from smsgate.messages import outbox
from smsgate.messages.outbox import Class, State
from smsgate.messages.outbox.moving import BATCH
from smsgate.messages.outbox.outcomes import recent
from tests.smsgate.mailroom import JUAN, LINK, ROSA, START_MS, Mailroom

if TYPE_CHECKING:
    from collections.abc import Iterator

OTHER = "sim2"


@pytest.fixture
def room() -> Iterator[Mailroom]:
    """Open an empty ledger."""
    with Mailroom() as room:
        yield room


def move(room: Mailroom, cls: Class = Class.receipt, link: str = LINK) -> list[str]:
    """Move everything of a class from one link to the other."""
    to = OTHER if link == LINK else LINK
    return outbox.move(
        room.tx, [(row, to) for row in outbox.behind(room.tx, link, cls)]
    )


def repeated(room: Mailroom, cls: Class = Class.receipt) -> int:
    """Owe a text, send it over a link that knows it by its id, get no answer."""
    row = room.owe(cls, sending=True)
    assert outbox.repeat(room.tx, row, "no answer")
    return row


# ---- given


def test_each_text_is_given_its_link_when_it_is_due(room: Mailroom) -> None:
    """Receipts first; what is due later waits without one."""
    notice = room.owe(Class.notice, link="", recipient=JUAN)
    receipt = room.owe(link="")
    room.owe(link="", due_ms=START_MS + 1)
    room.owe(link=OTHER)

    given = outbox.assign(room.tx, lambda row: OTHER if row.recipient == JUAN else LINK)

    assert given == [LINK, OTHER]
    assert [room.row(row)["link"] for row in (receipt, notice)] == [LINK, OTHER]
    assert outbox.assign(room.tx, lambda _: LINK) == []


def test_what_no_link_carries_fails_with_the_reason(room: Mailroom) -> None:
    """It does not lie at the head of the queue for ever."""
    row = room.owe(link="")
    assert outbox.assign(room.tx, lambda _: None) == [""]
    assert room.state(row) is State.failed
    assert "prefixes" in room.row(row)["error"]


def test_a_batch_at_a_time(room: Mailroom) -> None:
    """A campaign of any size is taken in steps."""
    for _ in range(BATCH + 3):
        room.owe(Class.campaign, link="")
    assert len(outbox.assign(room.tx, lambda _: LINK)) == BATCH
    assert len(outbox.assign(room.tx, lambda _: LINK)) == 3
    assert outbox.waiting(room.tx, LINK) == {Class.campaign: BATCH + 3}


# ---- moved


def test_only_what_waits_is_moved(room: Mailroom) -> None:
    """What is on its way, or over, stays as it is."""
    waits, goes, sent = room.owe(), room.owe(sending=True), room.sent("7")
    rows = outbox.behind(room.tx, LINK, Class.receipt)
    assert [row.id for row in rows] == [waits]
    assert outbox.move(room.tx, [(rows[0], OTHER)]) == [OTHER]
    # It is no longer where it was seen.
    assert outbox.move(room.tx, [(rows[0], "sim3")]) == []
    assert room.row(waits)["link"] == OTHER
    assert room.states([goes, sent]) == ["sending", "sent"]


def test_a_queue_is_looked_through_from_place_to_place(room: Mailroom) -> None:
    """In the order in which it is sent, each row once."""
    rows = [room.owe(due_ms=START_MS - place // 2) for place in range(BATCH + 5)]
    first = outbox.behind(room.tx, LINK, Class.receipt)
    then = outbox.behind(room.tx, LINK, Class.receipt, first[-1].place)
    seen = [row.id for row in first + then]
    assert len(first) == BATCH
    assert sorted(seen) == rows
    assert seen == sorted(rows, key=lambda row: (room.row(row)["due_ms"], row))


def test_a_wait_was_for_the_link_that_asked_for_it(room: Mailroom) -> None:
    """What one link put off the next sends at once; what is due later stays so."""
    put_off, later = room.owe(), room.owe(due_ms=START_MS + MINUTE_MS)
    room.claim()
    outbox.retry(room.tx, put_off, "modem off", after_ms=9 * SECOND_MS)
    assert room.row(put_off)["due_ms"] == START_MS + 9 * SECOND_MS
    assert move(room) == [OTHER, OTHER]
    assert room.row(put_off)["due_ms"] == START_MS
    assert room.row(later)["due_ms"] == START_MS + MINUTE_MS
    assert room.claim(link=OTHER) == [put_off]


# ---- unsure


@pytest.mark.parametrize("cls", list(Class))
def test_where_a_text_is_known_by_its_id_it_is_tried_again(
    room: Mailroom, cls: Class
) -> None:
    """Whatever its class, over the same link, after a while, until it is known."""
    row = repeated(room, cls)
    assert room.state(row) is State.queued
    room.wait(4_999)
    assert room.claim() == []
    room.wait(1)
    assert room.claim() == [row]
    outbox.sent(room.tx, [(row, ["7"])])
    assert (room.state(row), room.row(row)["bound"]) == ("sent", 0)


@pytest.mark.parametrize(
    ("cls", "wait_ms", "moves"),
    [
        (Class.receipt, MINUTE_MS - 1, False),
        (Class.receipt, MINUTE_MS, True),
        (Class.notice, DAY_MS - 1, False),
        (Class.campaign, DAY_MS - 1, False),
    ],
)
def test_what_may_have_gone_out_stays_with_its_link(
    room: Mailroom, cls: Class, wait_ms: int, moves: bool
) -> None:
    """A receipt alone leaves after a minute, as any unsure receipt goes once more."""
    row = repeated(room, cls)
    room.wait(wait_ms)
    assert move(room, cls) == ([OTHER] if moves else [])
    kept = room.row(row)
    assert (kept["bound"], kept["again"]) == ((0, 1) if moves else (1, 0))


def test_a_receipt_leaves_its_link_once(room: Mailroom) -> None:
    """Unsure over the second link, it is listed and goes no more."""
    row = repeated(room)
    room.wait(MINUTE_MS)
    move(room)
    assert room.claim(link=OTHER) == [row]
    outbox.unsure(room.tx, row, "no answer")
    room.wait(MINUTE_MS)
    assert outbox.unsure_due(room.tx) == 0
    assert room.state(row) is State.unsure


def test_an_unsure_receipt_that_goes_once_more_may_move(room: Mailroom) -> None:
    """The first link may be down by then; it is not sent a third time."""
    row = room.unsure()
    room.wait(MINUTE_MS)
    assert outbox.unsure_due(room.tx) == 1
    assert move(room) == [OTHER]
    assert room.claim(link=OTHER) == [row]
    outbox.retry(room.tx, row, "off too")
    assert move(room, link=OTHER) == [LINK]


def test_a_report_settles_what_is_tried_again(room: Mailroom) -> None:
    """It need not be sent any more."""
    row = repeated(room)
    assert room.report("client-9")
    assert room.state(row) is State.delivered
    assert room.claim() == []


@pytest.mark.parametrize("cls", list(Class))
def test_a_restart_tries_again_where_that_sends_nothing_twice(
    room: Mailroom, cls: Class
) -> None:
    """Over a link that knows texts by their id a crash leaves nobody in doubt."""
    row = room.owe(cls, sending=True)
    assert outbox.sweep(room.tx, 2, {LINK}) == 1
    assert room.state(row) is State.queued
    assert room.row(row)["bound"] == 1
    # At once: its link did not fail.
    assert outbox.next_due_ms(room.tx, LINK) == room.tx.now_ms


def test_one_that_may_have_gone_out_is_unsure_when_its_time_is_over(
    room: Mailroom,
) -> None:
    """And so when its link is taken out of the configuration."""
    late, lost = repeated(room, Class.notice), repeated(room, Class.notice)
    outbox.reroute(room.tx, [OTHER])
    assert room.states([late, lost]) == ["unsure", "unsure"]
    late = repeated(room, Class.notice)
    room.wait(DAY_MS)
    outbox.expire_due(room.tx)
    assert room.states([late]) == ["unsure"]
    assert outbox.unsure_due(room.tx) == 0


# ---- what a start remembers


def test_a_start_finds_what_became_of_the_last_sends(room: Mailroom) -> None:
    """In the order in which it was told; what was never sent tells nothing."""
    room.sent("7")
    room.wait(1)
    room.unsure(recipient=JUAN)
    room.wait(1)
    outbox.retry(room.tx, room.owe(sending=True), "off")
    room.wait(1)
    repeated(room)
    room.owe()
    assert recent(room.tx, START_MS) == [
        (LINK, State.sent, START_MS),
        (LINK, State.unsure, START_MS + 1),
        (LINK, State.queued, START_MS + 2),
        (LINK, State.unsure, START_MS + 3),
    ]
    assert recent(room.tx, START_MS + 4) == []
    assert ROSA != JUAN

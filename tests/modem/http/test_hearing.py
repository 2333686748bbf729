"""What a webhook brings reaches the house, once, or the vendor is told why not."""

from __future__ import annotations

import logging
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from modem.aggregators.wire import Traits
from modem.http.parts import WAIT_S
from modem.link import LostText, ReportStatus, Wholeness
from tests.modem.http.rig import (
    MARIA,
    NOON,
    PlainVendor,
    RecordingHouse,
    StoppedClock,
    hook,
    running,
    text,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from modem.hooks import Hook
    from modem.http import HttpLink

PIN = "PAGAR 20417 25.50 4827"


@asynccontextmanager
async def hearing(
    house: RecordingHouse, *, clock: StoppedClock | None = None, offset: int = 0
) -> AsyncIterator[HttpLink]:
    """Run a link that only hears."""
    vendor = PlainVendor(traits=Traits(send=False))
    async with running(vendor, house, clock=clock, time_offset_minutes=offset) as link:
        yield link


async def statuses(link: HttpLink, *hooks: Hook) -> list[int]:
    """Return what each of these webhooks is answered with."""
    return [(await link.take(one)).status for one in hooks]


async def test_a_text_is_kept_and_then_acknowledged() -> None:
    """A text arrives with its words, its time and a key made of the vendor's id."""
    house = RecordingHouse()
    async with hearing(house, offset=60) as link:
        assert await statuses(link, hook(text(PIN, id="a1", at=5))) == [200]
    (kept,) = house.kept
    assert (kept.link, kept.sender, kept.text) == ("web", MARIA, PIN)
    assert kept.sent_at == NOON + timedelta(seconds=5, minutes=60)
    assert kept.named
    assert b"4827" not in kept.key


async def test_what_the_house_cannot_keep_is_not_acknowledged() -> None:
    """The vendor is told when to come again, and the key is the same then."""
    house = RecordingHouse()
    async with hearing(house) as link:
        house.refusals = 1
        refused = await link.take(hook(text("SALDO", at=5)))
        assert (refused.status, refused.retry_after_s) == (503, 5)
        assert await statuses(link, *2 * [hook(text("SALDO", at=5))]) == [200, 200]
    assert len({kept.key for kept in house.kept}) == 1
    assert not house.kept[0].named


async def test_one_of_a_batch_that_is_not_kept_keeps_no_other_back() -> None:
    """Every item is offered; the vendor repeats all of them and meets the keys."""
    house = RecordingHouse()
    batch = hook(text("A", id="1"), text("B", id="2"), {"ref": "r", "status": "failed"})
    async with hearing(house) as link:
        house.refusals = 1
        assert await statuses(link, batch) == [503]
        assert [kept.text for kept in house.kept] == ["B"]
        assert [report.status for report in house.reports] == [ReportStatus.failed]
        assert await statuses(link, batch) == [200]
    assert [kept.text for kept in house.kept] == ["B", "A", "B"]


async def test_a_report_says_that_a_number_left() -> None:
    """A vendor that tells so only behind the answer is heard as well."""
    house = RecordingHouse()
    left = {"ref": "r", "status": "failed", "left": True}
    async with hearing(house) as link:
        assert await statuses(link, hook(left, {**left, "left": False})) == [200]
    assert [report.opted_out for report in house.reports] == [True, False]


async def test_what_concerns_nobody_is_acknowledged() -> None:
    """An event that brings nothing is not sent again."""
    house = RecordingHouse()
    async with hearing(house) as link:
        assert await statuses(link, hook()) == [200]
    assert house.kept == []


async def test_a_forged_webhook_is_refused_and_told_once_a_minute(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A flood of forged webhooks neither reaches the house nor fills the log."""
    caplog.set_level(logging.INFO)
    house, clock = RecordingHouse(), StoppedClock()
    forged = hook(text(PIN, id="1"), x_word="wrong")
    async with hearing(house, clock=clock) as link:
        assert await statuses(link, *3 * [forged]) == [401, 401, 401]
        # They hide no other trouble.
        assert await statuses(link, *2 * [hook(body=b"{")]) == [400, 400]
        clock.advance(61)
        assert await statuses(link, forged) == [401]
    assert house.kept == []
    told = [line for line in caplog.messages if "refused" in line]
    assert len(told) == 3
    assert "no list of texts" in told[1]
    assert "(4 not believed, 2 not readable" in told[2]
    assert "4827" not in caplog.text


@pytest.mark.parametrize("body", [b"", b"\xff\xfe{", b"[1]", b'[{"from": 1}]', b"{"])
async def test_a_webhook_that_cannot_be_read_is_refused_for_good(body: bytes) -> None:
    """Bytes that are not what the vendor documents are answered 400, never a crash."""
    house = RecordingHouse()
    async with hearing(house) as link:
        assert await statuses(link, hook(body=body)) == [400]
    assert house.kept == []


async def test_a_nonce_is_good_for_one_request_only() -> None:
    """The same request again is let through to its key; another one is not."""
    house, clock = RecordingHouse(), StoppedClock()
    one = hook(text("SALDO", id="1"), x_nonce="n")
    other = hook(text("PAGAR 1", id="2"), x_nonce="n")
    async with hearing(house, clock=clock) as link:
        assert await statuses(link, one, one, other) == [200, 200, 401]
    assert {kept.text for kept in house.kept} == {"SALDO"}


async def test_texts_without_id_and_time_are_alike_for_two_minutes() -> None:
    """A vendor's next try is the same text; a member's next day is not."""
    house, clock = RecordingHouse(), StoppedClock()
    async with hearing(house, clock=clock) as link:
        await statuses(link, hook(text("SALDO")), hook(text("SALDO")))
        clock.advance(121)
        await statuses(link, hook(text("SALDO")), hook(text("MOVS")))
    keys = [kept.key for kept in house.kept]
    assert keys[0] == keys[1]
    assert len(set(keys)) == 3


async def test_a_link_that_does_not_run_acknowledges_nothing() -> None:
    """A webhook that comes before the start or after the end is sent again."""
    house = RecordingHouse()
    async with hearing(house) as link:
        pass
    assert await statuses(link, hook(text("SALDO", id="1"))) == [503]


# ---- long texts in parts


def part(said: str, number: int, total: int, **more: object) -> Hook:
    """Return the webhook of a part."""
    named = {"id": f"p{number}", "at": number, **more}
    return hook(text(said, part=[number, total], **named))


async def test_parts_are_joined_in_order_however_they_come() -> None:
    """A text of three parts is one text, acknowledged part by part."""
    house = RecordingHouse()
    async with hearing(house) as link:
        took = await statuses(
            link, part("25.50 ", 2, 3), part("4827", 3, 3), part("PAGAR 20417 ", 1, 3)
        )
    assert took == [200, 200, 200]
    (kept,) = house.kept
    assert kept.text == PIN
    assert kept.sent_at == NOON + timedelta(seconds=1)
    assert kept.wholeness is Wholeness.whole
    assert len(kept.parts) == 3


async def test_a_part_that_comes_twice_changes_nothing() -> None:
    """Neither before its text is whole nor after it was answered."""
    house = RecordingHouse()
    first, last = part("PAGAR ", 1, 2), part("1", 2, 2)
    async with hearing(house) as link:
        assert await statuses(link, first, first, last, first, last) == 5 * [200]
    assert [kept.text for kept in house.kept] == ["PAGAR 1"]


async def test_the_last_part_waits_until_the_text_is_kept() -> None:
    """It is acknowledged with the text, and brings it again when that failed."""
    house = RecordingHouse()
    async with hearing(house) as link:
        await statuses(link, part("PAGAR ", 1, 2))
        house.full = True
        assert await statuses(link, part("1", 2, 2)) == [503]
        house.full = False
        assert await statuses(link, part("1", 2, 2)) == [200]
    assert [kept.text for kept in house.kept] == ["PAGAR 1"]


async def test_a_text_of_too_many_parts_is_refused_at_its_first() -> None:
    """Four parts are more than the house reads; their words are never joined."""
    house = RecordingHouse()
    async with hearing(house) as link:
        await statuses(link, part("PAGAR", 1, 4))
    (kept,) = house.kept
    assert (kept.wholeness, kept.text) == (Wholeness.too_long, "")


async def test_a_part_without_the_others_is_answered_after_half_an_hour() -> None:
    """Its sender is told; the words are forgotten."""
    house, clock = RecordingHouse(), StoppedClock()
    async with hearing(house, clock=clock) as link:
        await statuses(link, part("PAGAR", 1, 2))
        clock.advance(WAIT_S + 1)
        await house.until(lambda: bool(house.kept))
    (kept,) = house.kept
    assert (kept.wholeness, kept.text) == (Wholeness.incomplete, "")
    assert kept.parts == (0,)


async def test_a_reference_that_comes_round_again_begins_another_text() -> None:
    """Parts of two texts are never mixed; the first is told to be incomplete."""
    house = RecordingHouse()
    async with hearing(house) as link:
        await statuses(link, part("PAGAR 9 ", 1, 2))
        await statuses(link, part("MOVS ", 1, 2, id="q1"), part("3", 2, 2, id="q2"))
        await house.until(lambda: len(house.kept) == 2)
    assert {(kept.wholeness, kept.text) for kept in house.kept} == {
        (Wholeness.whole, "MOVS 3"),
        (Wholeness.incomplete, ""),
    }


async def test_what_a_restart_lost_is_answered_as_incomplete() -> None:
    """Parts that were acknowledged before a restart do not vanish without a word."""
    house = RecordingHouse()
    house.refusals = 1
    house.lost_texts = (LostText(parts=(9,), key=b"k", sender=MARIA, sent_at=NOON),)
    async with hearing(house):
        await house.until(lambda: bool(house.kept))
    assert house.kept[0].wholeness is Wholeness.incomplete
    assert house.kept[0].sender == MARIA


async def test_however_many_a_restart_lost_each_is_told() -> None:
    """The house names so many at a time; none waits for the next restart."""
    house = RecordingHouse()
    house.lost_at_once = 2
    house.lost_texts = tuple(
        LostText(parts=(n,), key=bytes([n]), sender=MARIA, sent_at=NOON)
        for n in range(5)
    )
    async with hearing(house):
        await house.until(lambda: len(house.kept) == 5)
    assert [kept.parts for kept in house.kept] == [(n,) for n in range(5)]


async def test_a_text_that_is_not_kept_keeps_no_incomplete_one_back() -> None:
    """A payment that must wait for the clock leaves no other unanswered."""
    house, clock = RecordingHouse(), StoppedClock()
    async with hearing(house, clock=clock) as link:
        house.holds = frozenset({PIN})
        first = hook(text(PIN[:9], id="p1", part=[1, 2]))
        second = hook(text(PIN[9:], id="p2", part=[2, 2]))
        assert await statuses(link, first, second) == [200, 503]
        other = text("VENDO PAN", id="q1", part=[1, 2], sender="+50379999999")
        assert await statuses(link, hook(other)) == [200]
        clock.advance(WAIT_S + 1)
        await house.until(lambda: bool(house.kept))
        house.holds = frozenset()
        await house.until(lambda: len(house.kept) == 2)
    assert [(kept.wholeness, kept.text) for kept in house.kept] == [
        (Wholeness.incomplete, ""),
        (Wholeness.whole, PIN),
    ]


async def test_a_fault_of_the_house_at_one_text_stops_no_other(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The vendor comes again with that one; the rest of its batch is kept."""
    house = RecordingHouse()
    house.stumbles_at = frozenset({PIN})
    async with hearing(house) as link:
        batch = hook(text(PIN, id="1"), text("SALDO", id="2"))
        assert await statuses(link, batch) == [503]
        assert [kept.text for kept in house.kept] == ["SALDO"]
    assert "4827" not in caplog.text


async def test_a_fault_of_the_house_at_a_text_in_parts_does_not_end_the_link() -> None:
    """It is offered again, and everything else goes on meanwhile."""
    house, clock = RecordingHouse(), StoppedClock()
    house.stumbles_at = frozenset({PIN})
    async with hearing(house, clock=clock) as link:
        for number, words in ((1, PIN[:9]), (2, PIN[9:])):
            await statuses(link, hook(text(words, id=f"p{number}", part=[number, 2])))
        clock.advance(WAIT_S + 1)
        await statuses(link, hook(text("VENDO", id="q", part=[1, 3])))
        clock.advance(WAIT_S + 1)
        await house.until(lambda: bool(house.kept))
        house.stumbles_at = frozenset()
        await house.until(lambda: len(house.kept) == 2)
    assert [kept.text for kept in house.kept] == ["", PIN]

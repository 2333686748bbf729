"""What becomes of a text that is handed to a vendor."""

from __future__ import annotations

import asyncio
import logging
from contextlib import AsyncExitStack

import pytest

from modem.aggregators.wire import Traits
from modem.errors import LinkDown, Rejected, Unsure
from modem.link import LinkStatus, Sent
from tests.modem.http.rig import (
    TEXT,
    PlainVendor,
    RecordingHouse,
    StoppedClock,
    answer,
    running,
    wire,
)

IDEMPOTENT = Traits(idempotent=True, timeout_s=5.0)


async def test_a_text_that_is_taken_is_sent_under_the_vendors_reference() -> None:
    """The vendor's id is what later reports name."""
    async with (
        wire() as far,
        running(PlainVendor(url=far.url), RecordingHouse()) as link,
    ):
        assert await link.send(TEXT) == Sent(references=("ref-1",))
        assert far.asked == ["POST /send HTTP/1.1"]
        assert link.state.status is LinkStatus.up


async def test_a_text_that_is_refused_is_never_tried_again() -> None:
    """A number that the vendor does not serve is no fault of the link."""
    async with (
        wire() as far,
        running(PlainVendor(url=far.url), RecordingHouse()) as link,
    ):
        far.says = [answer(400)]
        with pytest.raises(Rejected, match=r"no such number \(21\)"):
            await link.send(TEXT)
        assert link.state.status is LinkStatus.up


async def test_a_number_that_left_is_told_to_the_house() -> None:
    """Whoever writes to it next must know; the code is not said twice."""
    async with (
        wire() as far,
        running(PlainVendor(url=far.url), RecordingHouse()) as link,
    ):
        far.says = [answer(410), answer(400)]
        with pytest.raises(Rejected, match=r"^error 99: it left$") as told:
            await link.send(TEXT)
        assert told.value.opted_out
        with pytest.raises(Rejected) as told:
            await link.send(TEXT)
        assert not told.value.opted_out


async def test_a_vendor_that_asks_to_wait_is_left_alone() -> None:
    """Retry-After holds for every text; nothing goes out before."""
    clock, house = StoppedClock(), RecordingHouse()
    async with (
        wire() as far,
        running(PlainVendor(url=far.url), house, clock=clock) as link,
    ):
        far.says = [answer(429, Retry_After="30")]
        with pytest.raises(LinkDown, match="busy") as told:
            await link.send(TEXT)
        assert told.value.retry_after_s == 30
        clock.advance(29)
        with pytest.raises(LinkDown, match="asked to wait"):
            await link.send(TEXT)
        assert len(far.asked) == 1
        clock.advance(2)
        assert await link.send(TEXT) == Sent(references=("ref-1",))
        statuses = [state.status for state in house.states]
    assert statuses[1:3] == [LinkStatus.degraded, LinkStatus.up]


async def test_a_vendor_in_trouble_is_given_another_chance() -> None:
    """After a minute it is a way like others, after two in a row in two; not before."""
    clock, house = StoppedClock(), RecordingHouse()
    async with wire() as far:
        vendor = running(PlainVendor(url=far.url), house, clock=clock, probe_up_s=0.005)
        async with vendor as link:
            for wait_s in (60, 120):
                far.says = [answer(429)]
                with pytest.raises(LinkDown):
                    await link.send(TEXT)
                clock.advance(wait_s - 1)
                for _ in range(2):
                    far.met.clear()
                    await far.met.wait()
                assert link.state.status is LinkStatus.degraded
                clock.advance(1)
                await house.until(lambda: link.state.status is LinkStatus.up)
            assert await link.send(TEXT) == Sent(references=("ref-1",))


@pytest.mark.parametrize("method", ["POST", "GET"])
async def test_a_connection_cut_after_the_request_is_unsure(method: str) -> None:
    """It may have been sent, so it is not sent again behind our backs."""
    async with wire() as far:
        vendor = PlainVendor(url=far.url, method=method)
        async with running(vendor, RecordingHouse()) as link:
            far.says = [None]
            with pytest.raises(Unsure):
                await link.send(TEXT)
            assert len(far.asked) == 1
            assert link.state.status is LinkStatus.degraded


async def test_a_vendor_that_knows_the_id_again_is_asked_again() -> None:
    """With an idempotent vendor doubt is settled by the same request."""
    async with wire() as far:
        vendor = PlainVendor(url=far.url, traits=IDEMPOTENT)
        async with running(vendor, RecordingHouse()) as link:
            far.says = [None, None, answer(409, b"ref-7")]
            assert await link.send(TEXT) == Sent(references=("ref-7",))
            assert len(far.asked) == 3


async def test_doubt_stays_doubt_when_the_vendor_goes_away() -> None:
    """A refusal to talk after an unanswered try does not prove it unsent."""
    async with wire() as far:
        vendor = PlainVendor(url=far.url, traits=IDEMPOTENT)
        async with running(vendor, RecordingHouse()) as link:
            far.says = [None, answer(500), answer(500)]
            with pytest.raises(Unsure):
                await link.send(TEXT)


async def test_a_vendor_that_does_not_answer_in_time_is_unsure() -> None:
    """A text waits no longer than the vendor's time."""
    async with wire() as far:
        vendor = PlainVendor(url=far.url, traits=Traits(timeout_s=0.05))
        async with running(vendor, RecordingHouse()) as link:
            far.awake.clear()
            with pytest.raises(Unsure):
                await link.send(TEXT)


async def test_a_vendor_that_takes_no_connection_is_down() -> None:
    """Nothing was sent, so it may be tried again, or another way."""
    vendor = PlainVendor()
    async with running(vendor, RecordingHouse(), until=LinkStatus.down) as link:
        with pytest.raises(LinkDown, match="takes no connection"):
            await link.send(TEXT)
        assert link.state.reason.startswith("It takes no connection")


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:99999/send", "http://api..example.org/send"]
)
async def test_an_address_that_is_none_stops_nothing_but_its_link(url: str) -> None:
    """A slip of an operator's pen is told, and other links go on."""
    vendor = PlainVendor(url=url)
    async with running(vendor, RecordingHouse(), until=LinkStatus.down) as link:
        assert link.state.reason == (
            "Its address is none: correct it in the configuration."
        )
        with pytest.raises(LinkDown, match="its address is none"):
            await link.send(TEXT)


async def test_a_link_comes_up_when_its_vendor_does() -> None:
    """A vendor that was away is noticed within moments of its return."""
    house = RecordingHouse()
    async with wire() as far:
        port = far.port
    vendor = PlainVendor(url=far.url)
    async with running(vendor, house, until=LinkStatus.down) as link:
        server = await asyncio.start_server(far.meet, "127.0.0.1", port)
        await house.until(lambda: link.state.status is LinkStatus.up)
        assert await link.send(TEXT) == Sent(references=("ref-1",))
        server.close()


async def test_a_vendor_that_a_send_finds_gone_is_looked_for_at_once() -> None:
    """However seldom one that is well is looked at: it is back within moments."""
    house = RecordingHouse()
    async with AsyncExitStack() as stack:
        async with wire() as far:
            vendor = PlainVendor(url=far.url)
            link = await stack.enter_async_context(
                running(vendor, house, probe_up_s=3_600.0)
            )
        with pytest.raises(LinkDown):
            await link.send(TEXT)
        assert link.state.status is LinkStatus.down
        server = await asyncio.start_server(far.meet, "127.0.0.1", far.port)
        await house.until(lambda: link.state.status is LinkStatus.up)
        assert await link.send(TEXT) == Sent(references=("ref-1",))
        server.close()


@pytest.mark.parametrize(
    ("status", "kind"), [(301, LinkDown), (307, LinkDown), (303, Unsure)]
)
async def test_no_redirect_is_followed(status: int, kind: type[Exception]) -> None:
    """A text goes to the address of the configuration and to no other."""
    async with (
        wire() as far,
        wire() as other,
        running(PlainVendor(url=far.url), RecordingHouse()) as link,
    ):
        far.says = [answer(status, Location=other.url)]
        with pytest.raises(kind):
            await link.send(TEXT)
        assert other.asked == []


async def test_what_is_no_http_is_unsure() -> None:
    """A far side that answers rubbish may have taken the text."""
    async with (
        wire() as far,
        running(PlainVendor(url=far.url), RecordingHouse()) as link,
    ):
        far.says = [b"SSH-2.0-OpenSSH\r\n\r\n"]
        with pytest.raises(Unsure):
            await link.send(TEXT)


async def test_a_link_that_was_stopped_sends_nothing() -> None:
    """After its end a link is down and says so."""
    house = RecordingHouse()
    async with wire() as far:
        async with running(PlainVendor(url=far.url), house) as link:
            pass
        with pytest.raises(LinkDown, match="stopped"):
            await link.send(TEXT)
        assert far.asked == []


async def test_nothing_of_a_request_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """Neither address nor body of a request appears in a log, whatever happens."""
    caplog.set_level(logging.DEBUG)
    async with (
        wire() as far,
        running(PlainVendor(url=far.url), RecordingHouse()) as link,
    ):
        far.says = [None, answer(500), b"rubbish\r\n\r\n"]
        told = []
        for kind in (Unsure, LinkDown, Unsure):
            with pytest.raises(kind) as caught:
                await link.send(TEXT)
            told.append(str(caught.value))
        assert "/send" not in "".join(told)
    assert "/send" not in caplog.text
    assert TEXT.text not in caplog.text

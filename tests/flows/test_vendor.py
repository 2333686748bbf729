"""The house over a vendor: texts by webhook, answers through its API, reports back."""

from __future__ import annotations

import asyncio
import hmac
import itertools
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.flows.town import CANARY, Town
from tests.flows.web import WebTown
from tests.modem.aggregators.fakes import Mood, forged

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.modem.aggregators.spoken import Post


@pytest.fixture
def phone(tmp_path: Path) -> Iterator[WebTown]:
    """Return a town whose second way in is a phone of its own, and so trusted."""
    town = WebTown(folder=tmp_path / "house", trusted=True)
    try:
        town.start()
        town.joins("Rosa", "71234567", "--kind", "business")
        town.joins("Juan", "72345678", "--limit", "100")
        yield town
    finally:
        town.close()


def outbox_states(town: Town, link: str = "web") -> list[str]:
    """Return the states of what went over the vendor, the oldest first."""
    rows = town.told("outbox", "list")["outbox"]
    return [row["state"] for row in rows if row["link"] == link][::-1]


def settled(town: Town, states: list[str], link: str = "web") -> bool:
    """Wait until what went over the vendor, or a link, is in these states."""
    pause, seen = threading.Event(), []
    for _ in range(150):
        seen = outbox_states(town, link)
        if seen == states:
            return True
        pause.wait(0.1)
    raise AssertionError(f"they are {seen}")


def pay(town: WebTown, amount: str) -> str:
    """Write a payment to Rosa."""
    return f"PAGAR {town.people['Rosa'].code} {amount} {CANARY}"


def test_a_payment_by_webhook_is_answered_through_the_vendor(phone: WebTown) -> None:
    """The webhook is acknowledged, both receipts ring, and the report comes back."""
    assert phone.texts("Juan", pay(phone, "25.50")) == 200
    assert phone.rings("Juan").startswith("PAGO OK 25.50 PT a Rosa")
    assert phone.rings("Rosa").startswith("Red: RECIBIO 25.50 PT de Juan")
    assert phone.balance("Rosa") == "25.50"
    assert settled(phone, ["sent", "sent"])
    assert [phone.reports(place, "delivered") for place in (0, 1)] == [200, 200]
    assert settled(phone, ["delivered", "delivered"])


# ---- the vendor is in trouble


def ask(town: WebTown, name: str) -> None:
    """Have somebody else's text answered: what is due goes out with it."""
    assert town.texts(name, "AYUDA") == 200
    assert "PAGAR" in town.rings(name)


def keys(town: WebTown) -> list[str]:
    """Return the ids under which the vendor took texts."""
    return [taken.id for taken in town.vendor.taken]


@pytest.mark.parametrize("takes", [True, False])
def test_cut_off_after_the_request_it_is_asked_again_under_the_same_id(
    phone: WebTown, takes: bool
) -> None:
    """Whether it had taken the text or not, the phone rings once."""
    phone.vendor.moods.append(Mood(cut=True, takes=takes))
    assert phone.texts("Juan", "AYUDA") == 200
    assert "PAGAR" in phone.rings("Juan")
    assert settled(phone, ["sent"])
    assert (phone.rang("Juan"), len(phone.vendor.requests)) == (1, 2)
    assert phone.reports(0, "delivered") == 200
    assert settled(phone, ["delivered"])


def test_an_error_of_the_vendor_is_asked_again(phone: WebTown) -> None:
    """A vendor that fails may have sent it; it is asked under the same id."""
    phone.vendor.moods.append(Mood(status=500))
    assert phone.texts("Juan", "AYUDA") == 200
    assert "PAGAR" in phone.rings("Juan")
    assert settled(phone, ["sent"])
    assert (phone.rang("Juan"), len(phone.vendor.requests)) == (1, 2)


def test_a_vendor_that_has_no_room_is_waited_for(phone: WebTown) -> None:
    """An answer that was refused for now, with no other way, goes out later, once."""
    phone.modem.unplug()
    phone.link_is("gsm", "down")
    phone.vendor.moods.append(Mood(status=503))
    assert phone.texts("Juan", "AYUDA") == 200
    assert settled(phone, ["queued"])
    phone.clock.forward(seconds=30)
    ask(phone, "Rosa")
    assert "PAGAR" in phone.rings("Juan")
    assert settled(phone, ["sent", "sent"])
    assert len(set(keys(phone))) == 2


def test_a_vendor_that_asks_for_a_pause_gets_it(phone: WebTown) -> None:
    """Nothing is sent before the time that it named, and everything after."""
    phone.modem.unplug()
    phone.link_is("gsm", "down")
    phone.vendor.moods.append(Mood(status=429, headers={"Retry-After": "60"}))
    assert phone.texts("Juan", "AYUDA") == 200
    assert settled(phone, ["queued"])
    phone.clock.forward(seconds=30)
    assert phone.texts("Rosa", "AYUDA") == 200
    assert settled(phone, ["queued", "queued"])
    assert len(phone.vendor.requests) == 1
    phone.clock.forward(seconds=60)
    ask(phone, "Rosa")
    assert "PAGAR" in phone.rings("Juan")


@pytest.mark.parametrize("headers", [{}, {"Retry-After": "60"}])
def test_with_the_modem_there_nobody_waits_for_a_vendor(
    phone: WebTown, headers: dict[str, str]
) -> None:
    """What it has no room for is on the phone in seconds, over the modem, once."""
    phone.vendor.moods.append(Mood(status=503, headers=headers))
    assert phone.texts("Juan", "AYUDA") == 200
    phone.clock.forward(seconds=2)
    assert "PAGAR" in phone.hears("Juan")
    assert (phone.rang("Juan"), len(phone.vendor.requests)) == (0, 1)
    # Where a text came in is where its answer goes, once that works again.
    phone.clock.forward(seconds=62)
    assert phone.texts("Rosa", "AYUDA") == 200
    phone.hears("Rosa")
    phone.clock.forward(seconds=11)
    assert phone.texts("Rosa", "IDIOMA ES") == 200
    assert "espa" in phone.rings("Rosa")


def test_reports_that_come_twice_late_or_in_disorder(phone: WebTown) -> None:
    """What was delivered stays delivered, whatever is said afterwards."""
    assert phone.texts("Juan", "AYUDA") == 200
    assert "PAGAR" in phone.rings("Juan")
    assert settled(phone, ["sent"])
    phone.clock.forward(minutes=600)
    said = ["delivered", "trying", "failed", "delivered"]
    assert [phone.reports(0, status) for status in said] == [200] * 4
    assert settled(phone, ["delivered"])


def test_a_report_that_comes_before_the_answer(phone: WebTown) -> None:
    """A vendor may deliver before it has said that it took the text."""
    gate = phone.far(event())
    phone.vendor.moods.append(Mood(gate=gate))
    assert phone.texts("Juan", "AYUDA") == 200
    assert "PAGAR" in phone.rings("Juan")
    assert phone.reports(0, "delivered") == 200
    assert settled(phone, ["sending"])
    phone.far(opened(gate))
    assert settled(phone, ["delivered"])


async def event() -> asyncio.Event:
    """Return an event of the vendor's loop."""
    return asyncio.Event()


async def opened(gate: asyncio.Event) -> None:
    """Let the vendor answer."""
    gate.set()


# ---- webhooks in trouble


def test_a_webhook_that_comes_again_changes_nothing(phone: WebTown) -> None:
    """The vendor's next try, and a replay within the hour, pay once and answer once."""
    post = phone.written("Juan", pay(phone, "25.50"))
    assert [phone.post(post) for _ in range(3)] == [200, 200, 200]
    phone.clock.forward(minutes=4)
    assert phone.post(post) == 200
    assert phone.rings("Juan").startswith("PAGO OK 25.50 PT a Rosa")
    assert phone.rings("Rosa").startswith("Red: RECIBIO 25.50")
    ask(phone, "Rosa")
    assert (phone.rang("Juan"), phone.balance("Rosa")) == (1, "25.50")


def test_a_webhook_that_is_replayed_later_is_refused(phone: WebTown) -> None:
    """A signature is good for minutes only."""
    post = phone.written("Juan", pay(phone, "25.50"))
    phone.clock.forward(minutes=10)
    assert phone.post(post) == 401
    assert phone.balance("Rosa") == "0.00"


def test_a_webhook_that_is_forged_is_refused(phone: WebTown) -> None:
    """A wrong signature, another body or a wrong path pay nothing."""
    post = phone.written("Juan", pay(phone, "25.50"))
    other = replace(post, body=post.body.replace(b"25.50", b"95.50"))
    elsewhere = replace(post, url=post.url.replace("only", "0nly"))
    assert [phone.post(one) for one in (forged(post), other, elsewhere)] == [
        401,
        401,
        404,
    ]
    assert phone.balance("Rosa") == "0.00"
    assert phone.post(post) == 200
    assert phone.rings("Juan").startswith("PAGO OK 25.50")


def test_a_text_that_a_vendor_brings_anew_is_asked_about(phone: WebTown) -> None:
    """An app that exports old texts gives them new ids; none is paid again."""
    at = phone.clock.now()
    assert phone.texts("Juan", pay(phone, "25.50"), at=at, event="one") == 200
    assert phone.rings("Juan").startswith("PAGO OK 25.50")
    phone.clock.forward(minutes=15)
    again = phone.vendor.incoming(
        phone.hook,
        sender=phone.people["Juan"].phone,
        text=pay(phone, "25.50"),
        at=at,
        event="two",
    )
    assert phone.post(signed_anew(phone, again)) == 200
    assert phone.rings("Juan").startswith("POSIBLE DOBLE: ")
    assert phone.balance("Rosa") == "25.50"


def test_a_text_that_comes_after_an_hour_pays_nothing(phone: WebTown) -> None:
    """A vendor that was away brings old texts; they are asked about."""
    at = phone.clock.now()
    phone.clock.forward(minutes=61)
    late = phone.vendor.incoming(
        phone.hook,
        sender=phone.people["Juan"].phone,
        text=pay(phone, "25.50"),
        at=at,
    )
    assert phone.post(signed_anew(phone, late)) == 200
    assert "25.50" in phone.rings("Juan")
    assert phone.balance("Rosa") == "0.00"


def signed_anew(town: WebTown, post: Post) -> Post:
    """Return a webhook as it is signed now, whatever it tells of."""
    stamp = str(int(town.clock.now().timestamp()))
    key = town.vendor.options["signing_key"].encode()
    made = hmac.new(key, post.body + stamp.encode(), "sha256").hexdigest()
    return replace(
        post,
        headers={**post.headers, "X-Timestamp": stamp, "X-Signature": made},
        signature=made,
    )


def test_fifty_at_once_each_pay_once(tmp_path: Path) -> None:
    """Fifty payments side by side, each webhook twice, are fifty payments."""
    town = WebTown(
        folder=tmp_path / "house",
        trusted=True,
        settings={"daemon": {"in_flight_max": 200}, "limits": {"day_count": 100}},
    )
    try:
        town.start()
        town.joins("Rosa", "71234567", "--kind", "business")
        town.joins("Juan", "72345678", "--limit", "100")
        posts = [town.written("Juan", pay(town, f"1.{n:02}")) for n in range(50)]
        took = town.far(side_by_side(town, posts * 2))
        assert took == [200] * 100
        assert town.balance("Rosa") == "62.25"
    finally:
        town.close()


async def side_by_side(town: WebTown, posts: list[Post]) -> list[int]:
    """Post all at once, each until it is not told to come again."""

    async def deliver(post: Post) -> int:
        # Whoever is told to come again for ever runs out of the town's patience.
        for again in itertools.count():
            status = await town.vendor.post(post)
            if status != 503:
                return status
            # Longer each time, as vendors do: a busy house gets room to answer.
            await asyncio.sleep(min(0.05 * 2**again, 2.0))
        raise AssertionError("counting ends never")

    return await asyncio.gather(*map(deliver, posts))


@pytest.mark.parametrize("first", ["modem", "vendor"])
def test_both_ways_deliver_the_same_text(phone: WebTown, first: str) -> None:
    """A text that comes over the modem and by webhook is one payment."""
    at = phone.clock.now().replace(microsecond=0)

    def over_modem() -> None:
        phone.says("Juan", pay(phone, "25.50"), at)
        assert "25.50 PT a Rosa" in phone.hears("Juan")

    def over_vendor() -> None:
        assert phone.texts("Juan", pay(phone, "25.50"), at=at) == 200
        assert "25.50 PT a Rosa" in phone.rings("Juan")

    ways = [over_modem, over_vendor]
    for way in ways if first == "modem" else ways[::-1]:
        way()
    assert phone.balance("Rosa") == "25.50"

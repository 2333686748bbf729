"""Promises of a preview about what goes on beside a campaign: who is told of what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from modem.link import LinkState, LinkStatus
from tests.smsgate.shell import Live

if TYPE_CHECKING:
    from smsgate.store import Tx
    from tests.smsgate.shell import Net

LINK = """
[[link]]
name = "modem-a"
driver = "gsm"
port = "/dev/null"
"""
#: A Monday; promotions go from 08:00 to 18:00, two hundred an hour.
MONDAY = "2037-11-30 09:00"


@pytest.fixture
def shop(net: Net) -> Net:
    """Return a network with a modem and two members who want promotions."""
    net.file.write_text(net.file.read_text() + LINK)
    for name, phone in (("Rosa", "71234567"), ("Juan", "72345678")):
        net.told("member", "add", phone, name, "--promos", "yes")
    return net


def set_to(net: Net, old: str, new: str) -> None:
    """Change the configuration."""
    text = net.file.read_text()
    assert old in text
    net.file.write_text(text.replace(old, new, 1))


def drafted(net: Net, *options: str, name: str = "pan") -> None:
    """Write a campaign of everybody down."""
    net.told(
        "campaign", "new", name, "--text", f"{name} fresco hoy.", "--where",
        "everybody", *options,
    )  # fmt: skip


def minded(net: Net, name: str = "pan") -> list[str]:
    """Return what a preview says is to be minded."""
    warnings: list[str] = net.told("campaign", "preview", name, "--at", MONDAY)[
        "warnings"
    ]
    return warnings


def test_where_all_is_well_nothing_is_minded(shop: Net) -> None:
    """How long it takes is told, in minutes and in words."""
    drafted(shop)
    assert minded(shop) == []
    told = shop.told("campaign", "preview", "pan", "--at", MONDAY)
    assert told["minutes"] == 0
    drafted(shop, "--per-hour", "1", name="queso")
    told = shop.told("campaign", "preview", "queso", "--at", "2037-11-30 17:30")
    assert (told["ends"], told["minutes"]) == ("2037-12-01T08:00:00-06:00", 870)
    said = shop("campaign", "preview", "queso", "--at", "2037-11-30 17:30").out
    assert "Ends       about Tue 2037-12-01 08:00, after 14 h 30 min\n" in said


def test_a_preview_of_what_is_past_is_refused(shop: Net) -> None:
    """Like a start that is."""
    drafted(shop)
    refused = shop.refused("campaign", "preview", "pan", "--at", "2020-01-01 09:00")
    assert refused == (
        "smsgate: 2020-01-01 09:00 is past: give --at a time that lies ahead\n"
    )


def test_a_house_that_cannot_send_says_so(shop: Net) -> None:
    """No link for promotions, or none that is up: they would wait in vain."""
    drafted(shop)
    down = {"modem-a": LinkState(status=LinkStatus.down)}
    with shop.answering(Live(states=down)):
        assert minded(shop) == [
            "no link that carries promotions is up now: see `smsgate link list`"
        ]
    with shop.answering(Live(states={"modem-a": LinkState(status=LinkStatus.up)})):
        assert minded(shop) == []
    set_to(shop, 'port = "/dev/null"', 'port = "/dev/null"\nclasses = ["receipt"]')
    assert (
        "no link carries promotions, so none would go out: see [[link]] classes"
        in minded(shop)
    )


def test_a_budget_that_cannot_hold_and_one_that_will(shop: Net) -> None:
    """Without a price nothing is spent; with one, the month's budget is looked at."""
    drafted(shop, "--budget", "0.05")
    assert minded(shop) == [
        "no link has a price, so its budget never stops it: set [[link]] cost"
    ]
    set_to(shop, 'port = "/dev/null"', 'port = "/dev/null"\ncost = "0.03"')
    set_to(shop, 'budget_month = ""', 'budget_month = "0.05"')
    assert minded(shop) == [
        "it costs more than its budget, and stops when that is used up",
        "it costs more than the 0.0400 that [sms] budget_month leaves for promotions, "
        "and stands still then",
    ]
    assert "Cost       0.0600\n" in shop("campaign", "preview", "pan").out


def test_who_would_be_cut_off_at_the_end_is_told(shop: Net) -> None:
    """A campaign ends by itself a week after its start; a slow one gets no further."""
    set_to(shop, '["mon", "tue", "wed", "thu", "fri", "sat"]', '["mon"]')
    set_to(shop, 'hours = "08:00-18:00"', 'hours = "09:00-09:30"')
    drafted(shop, "--per-hour", "1")
    # The second text is due the Monday after, at the minute at which it is over.
    assert minded(shop) == [
        "it is not done by 2037-12-07 09:00, when it ends by itself: give it a faster "
        "pace, or a later end with `campaign start --not-after`"
    ]
    shop.told("campaign", "rate", "pan", "2")
    assert minded(shop) == [
        "it is not done by 2037-12-07 09:00, when it ends by itself: give it a faster "
        "pace, or a later end with `campaign start --not-after`"
    ]
    shop.told("campaign", "rate", "pan", "3")
    assert minded(shop) == []


def test_who_had_enough_is_counted(shop: Net) -> None:
    """They are in the audience, and will be skipped."""
    drafted(shop, name="queso")
    shop.told("campaign", "approve", "queso")

    def wrote(tx: Tx) -> None:
        tx.run(
            "UPDATE recipient SET state = 'sent', written_ms = :now"
            " WHERE msisdn = '+50371234567'",
            {"now": tx.now_ms},
        )

    shop.write(wrote)
    set_to(shop, "most = 4", "most = 1")
    drafted(shop)
    told = shop.told("campaign", "preview", "pan")["warnings"]
    assert told == [
        "1 of them had 1 promotions in 30 days ([campaigns] most): they are counted "
        "here, and skipped"
    ]
    # By the day of its start that is long ago.
    assert minded(shop) == []


def test_another_under_way_is_told(shop: Net) -> None:
    """Two share the links, so neither ends when it would alone."""
    drafted(shop, name="queso")
    shop.told("campaign", "approve", "queso")
    shop.told("campaign", "start", "queso")
    shop.write(lambda tx: tx.run("UPDATE campaign SET state = 'running'"))
    drafted(shop)
    assert minded(shop) == [
        "campaign queso is running, and the two share the links: this one ends later "
        "than told"
    ]

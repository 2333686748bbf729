"""Promises of `smsgate ad` and `smsgate member consent`: what staff can do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from smsgate import market
from smsgate.market import Kind, Rules

if TYPE_CHECKING:
    from smsgate.store import Tx
    from tests.smsgate.shell import Net


def publish(tx: Tx) -> None:
    """Have the first member offer cheese and need flour."""
    rules = Rules()
    account = 1
    for kind, text, price in (
        (Kind.offer, "queso fresco", 300),
        (Kind.need, "harina de trigo", None),
    ):
        market.publish(tx, rules, account=account, kind=kind, text=text, price=price)


def test_consent_is_kept_and_told(net: Net) -> None:
    """`member consent` changes what is said and leaves the rest."""
    net.told("member", "add", "71234567", "Rosa")

    told = net.told("member", "consent", "71234567", "--listed", "phone")
    assert (told["listed"], told["notices"]) == ("phone", True)
    said = net("member", "consent", "71234567", "--notices", "no")
    assert said.out == "Rosa wants no notices; listed: phone.\n"
    refused = net.refused("member", "consent", "71234567")
    assert "say what changes: --notices or --listed" in refused
    assert net("ledger", "check").code == 0


def test_ads_are_listed_and_taken_off(net: Net) -> None:
    """`ad list` shows what is open; `ad drop` takes one off, once, and says why."""
    rosa = net.told("member", "add", "71234567", "Rosa")
    net.told("member", "add", "72345678", "Juan")
    net.write(publish)

    ads = net.told("ad", "list")["ads"]
    assert [(one["number"], one["kind"], one["price"]) for one in ads] == [
        (102, "need", None),
        (101, "offer", "3.00"),
    ]
    assert ads[0]["code"] == rosa["code"]
    assert net.told("ad", "list", "--who", "72345678") == {"ads": []}
    said = net("ad", "drop", "101", "--reason", "not allowed")
    assert said.out == "Ad 101 is off: queso fresco\n"
    refused = net.refused("ad", "drop", "101")
    assert "no open ad has the number 101" in refused
    assert [one["number"] for one in net.told("ad", "list")["ads"]] == [102]
    assert "queso" not in net("ad", "list").out


@pytest.mark.parametrize("words", [("ad", "drop", "0"), ("ad", "drop", "queso")])
def test_a_number_is_asked_for(net: Net, words: tuple[str, ...]) -> None:
    """What is no number is a mistake of whoever typed it."""
    assert net(*words).code == 2

"""Flow 31: a text over a way where anybody can pretend to be anybody."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.flows.reading import read
from tests.flows.test_cards import _asked, _card
from tests.flows.town import CANARY
from tests.flows.web import WebTown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def loose(tmp_path: Path) -> Iterator[WebTown]:
    """Return a town with a modem and a vendor through which numbers can be forged."""
    town = WebTown(folder=tmp_path / "house")
    try:
        town.start()
        town.joins("Rosa", "71234567", "--kind", "business")
        town.joins("Juan", "72345678", "--limit", "900")
        yield town
    finally:
        town.close()


def pay(town: WebTown, amount: str = "25.50") -> str:
    """Write a payment to Rosa with the right PIN."""
    return f"PAGAR {town.people['Rosa'].code} {amount} {CANARY}"


def asked(town: WebTown, amount: str = "15.50") -> str:
    """Have a thief text in Juan's name; return the token that Juan's phone got."""
    assert town.texts("Juan", pay(town, amount)) == 200
    question = town.hears("Juan")
    found = re.search(r"Responda (\d\d) y ", question)
    assert found, question
    return found[1]


def test_the_owner_is_asked_over_the_modem(loose: WebTown) -> None:
    """A forged number with the right PIN pays nothing: its owner reads the question."""
    asked(loose)
    assert loose.balance("Rosa") == "0.00"
    assert loose.rang("Juan") == 0
    # Who forged it knows the PIN, and not the token.
    assert loose.texts("Juan", CANARY) == 200
    assert loose.hears("Juan").startswith("NO se pago todavia")
    assert loose.balance("Rosa") == "0.00"
    assert loose.asks("Juan", "NO").startswith("NO se pago")
    assert loose.balance("Rosa") == "0.00"


@pytest.mark.parametrize("way", ["modem", "vendor"])
def test_the_owner_may_say_yes(loose: WebTown, way: str) -> None:
    """A member without a modem's reach pays with the token, over either way."""
    token = asked(loose, "15.00")
    if way == "modem":
        answer = loose.asks("Juan", f"SI {token} {CANARY}")
    else:
        assert loose.texts("Juan", f"SI {token} {CANARY}") == 200
        answer = loose.hears("Juan")
    assert answer.startswith("PAGO OK 15.00 PT a Rosa")
    assert loose.balance("Rosa") == "15.00"


def test_with_a_card_its_code_is_asked_for(loose: WebTown) -> None:
    """Above the low limit too; the PIN alone opens nothing."""
    card = _card(loose)
    assert loose.texts("Juan", pay(loose, "35.00")) == 200
    token, position = _asked(loose.hears("Juan"))
    assert loose.texts("Juan", f"SI {token} {CANARY}") == 200
    assert loose.hears("Juan").startswith("NO se pago")
    assert loose.balance("Rosa") == "0.00"
    assert loose.asks("Juan", f"{token} {card[position]}").startswith("PAGO OK 35.00")
    loose.pins.add(card[position])


def test_wrong_pins_there_lock_nothing_here(loose: WebTown) -> None:
    """A thief burns the tries of the vendor's way; the member's own phone pays on."""
    for left in ("2", "1"):
        assert loose.texts("Juan", "SALDO 111222") == 200
        assert f"{left} intent" in loose.hears("Juan")
    assert loose.texts("Juan", "SALDO 111222") == 200
    assert "bloquead" in loose.hears("Juan")
    assert loose.texts("Juan", f"SALDO {CANARY}") == 200
    assert "bloquead" in loose.hears("Juan")
    answer = loose.asks("Juan", pay(loose))
    assert answer.startswith("PAGO OK 25.50 PT a Rosa")
    read("Red: RECIBIO 25.50 PT de Juan{any}", loose.hears("Rosa"))


def test_with_the_modem_away_the_vendor_brings_the_answer(loose: WebTown) -> None:
    """A member who can only be reached through the vendor is answered there."""
    loose.modem.unplug()
    for _ in range(100):
        links = {one["name"]: one for one in loose.told("link", "list")["links"]}
        if links["gsm"]["status"] == "down":
            break
    assert loose.texts("Juan", "AYUDA") == 200
    assert "PAGAR" in loose.rings("Juan")

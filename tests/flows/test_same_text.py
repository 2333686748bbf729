"""Flow 21: the same text over the modem and over the aggregator is one text."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.flows.reading import read
from tests.flows.town import CANARY
from tests.flows.web import WebTown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path


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


def now(town: WebTown) -> datetime:
    """Return the town's time as a text is stamped, in whole seconds."""
    return town.clock.now().replace(microsecond=0)


def asks_by(town: WebTown, way: str, text: str, at: datetime) -> str:
    """Have Juan's text come by one way; return the answer, which takes the same."""
    if way == "modem":
        town.says("Juan", text, at)
        return town.hears("Juan")
    assert town.texts("Juan", text, at=at) == 200
    return town.rings("Juan")


WAYS = pytest.mark.parametrize("ways", [("modem", "vendor"), ("vendor", "modem")])
WORDS = {
    "ES": (
        "PAGO OK 25.50 PT a Rosa ({any}",
        "POSIBLE DOBLE: el {time} ya pago 25.50 PT a Rosa (Ref {ref}). No se repitio."
        " Para pagar OTRA vez: SI {tk} y su PIN",
        "NO se pago 25.50 PT a Rosa {any}",
    ),
    "EN": (
        "PAID 25.50 PT to Rosa ({any}",
        "MAYBE DOUBLE: on {time} you already paid 25.50 PT to Rosa (Ref {ref})."
        " Not repeated. To pay AGAIN: YES {tk} and PIN",
        "NOT paid: 25.50 PT to Rosa {any}",
    ),
}


@WAYS
@pytest.mark.parametrize("language", ["ES", "EN"])
def test_one_text_by_two_ways_is_one_payment(
    phone: WebTown, ways: tuple[str, str], language: str
) -> None:
    """Flow 21: whichever comes first pays; the other is asked about, never paid."""
    paid, asked, stopped = WORDS[language]
    phone.asks("Juan", f"IDIOMA {language}")
    text = f"PAGAR {phone.people['Rosa'].code} 25.50 {CANARY}"
    at = now(phone)
    read(paid, asks_by(phone, ways[0], text, at))
    told = read(asked, asks_by(phone, ways[1], text, at + timedelta(seconds=40)))
    assert phone.balance("Rosa") == "25.50"
    no = asks_by(phone, ways[1], f"NO {told['tk']}", now(phone))
    read(stopped, no)
    assert phone.balance("Rosa") == "25.50"
    receipts = [text for text in phone.modem.texts if "RECIBIO" in text.text]
    assert len(receipts) + phone.rang("Rosa") == 1


@WAYS
def test_one_text_that_moves_nothing_is_answered_once(
    phone: WebTown, ways: tuple[str, str]
) -> None:
    """Flow 21: SALDO by both ways costs one answer; two minutes later it is another."""
    at = now(phone)
    text = f"SALDO {CANARY}"
    assert asks_by(phone, ways[0], text, at).startswith("Saldo 0.00 PT.")
    heard, rang = phone.people["Juan"].heard, phone.rang("Juan")
    if ways[1] == "modem":
        phone.says("Juan", text, at + timedelta(seconds=5))
    else:
        assert phone.texts("Juan", text, at=at + timedelta(seconds=5)) == 200
    assert phone.nothing_for("Juan")
    assert (phone.people["Juan"].heard, phone.rang("Juan")) == (heard, rang)
    phone.clock.forward(minutes=3)
    assert asks_by(phone, ways[1], text, now(phone)).startswith("Saldo 0.00 PT.")


@WAYS
def test_one_answer_by_two_ways_pays_once(
    phone: WebTown, ways: tuple[str, str]
) -> None:
    """Flow 21: SI heard again over the other way is told what was paid, not asked."""
    asked = asks_by(
        phone, ways[0], f"PAGAR {phone.people['Rosa'].code} 25.50", now(phone)
    )
    token = read("Pagar {any}? Responda {tk} y su PIN. {any2}", asked)["tk"]
    at = now(phone)
    text = f"SI {token} {CANARY}"
    assert asks_by(phone, ways[0], text, at).startswith("PAGO OK 25.50 PT a Rosa")
    again = asks_by(phone, ways[1], text, at)
    assert again.startswith("Ya hecho: 25.50 PT a Rosa")
    assert phone.balance("Rosa") == "25.50"

"""Texts of the market and what each is read as; what of them may be published."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.command import DropAd, FindOffers, Keyword, Misread, Need, Offer, Why
from commands.parse import Grammar, parse
from commands.subjects import telling_words

SV = Grammar()

OFFERS = [
    # a text, what is published, at which price (minor units)
    ("OFERTA queso fresco libra 3.00", "queso fresco libra", 300),
    ("oferta Queso fresco", "Queso fresco", None),
    ("OFFER fresh cheese 3", "fresh cheese", 300),
    ("VENDO queso a $3.50", "queso", 350),
    ("SELL eggs for 2.25", "eggs", 225),
    ("OFERTA de jabón; 1.50 PT", "jabon", 150),
    ("OFERTA: pan dulce, 0.25pt.", "pan dulce", 25),
    ("OFERTA*queso*3.00", "queso", 300),
    ("OFERTA moto usada 1,500.00", "moto usada", 150_000),
    ("OFERTA moto usada 1,500", "moto usada", 150_000),
    ("OFERTA pan 12.50 la docena", "pan 12.50 la docena", None),
    ("OFERTA huevos 30", "huevos", 3000),
    ("OFFERTA queso 3.00", "queso", 300),
    # Nothing that could be a PIN, and no phone, is published.
    ("OFERTA queso 4821 de cabra 3.00", "queso **** de cabra", 300),
    ("OFERTA queso llame al 7123-4567", "queso llame al ****", None),
    ("OFERTA queso llame 7123 4567 3.00", "queso llame ****", 300),
    ("OFERTA queso cuatro ocho dos uno", "queso ****", None),
    ("OFERTA " + "queso " * 40, ("queso " * 17)[:100].rstrip(), None),
]


@pytest.mark.parametrize(("text", "published", "price"), OFFERS)
def test_offer(text: str, published: str, price: int | None) -> None:
    """What stands behind OFERTA is published as written, a last number is its price."""
    assert parse(text, SV).said == Offer(text=published, price=price)


UNCLEAR = [
    ("OFERTA queso 4821", "amount_unclear OFERTA"),
    ("OFERTA queso 3.00 4821", "amount_unclear OFERTA"),
    ("OFERTA queso 482177", "amount_unclear OFERTA"),
    ("OFERTA moto 1.500", "amount_unclear OFERTA"),
    ("OFERTA queso 25.505", "amount_unclear OFERTA"),
    ("OFERTA queso 0", "amount_unclear OFERTA"),
    ("OFERTA queso 5²", "strange_digits OFERTA"),
    ("OFERTA", "syntax OFERTA"),
    ("OFERTA 25.50", "syntax OFERTA"),
    ("OFERTA de la", "syntax OFERTA"),
    ("OFERTA 7123-4567", "syntax OFERTA"),
    ("NECESITO", "syntax NECESITO"),
    ("NEED 4821", "syntax NECESITO"),
    ("BUSCAR", "syntax BUSCAR"),
    ("BUSCAR 2", "syntax BUSCAR"),
    ("BUSCAR de la 2", "syntax BUSCAR"),
    ("QUITAR queso", "syntax QUITAR"),
    ("QUITAR 123 124 queso", "syntax QUITAR"),
]


@pytest.mark.parametrize(("text", "told"), UNCLEAR)
def test_unclear(text: str, told: str) -> None:
    """A price that could be a PIN or two amounts, or no thing at all, is asked for."""
    said = parse(text, SV).said
    assert isinstance(said, Misread)
    assert f"{said.why} {said.keyword}" == told
    assert not said.money


OTHERS = [
    ("NECESITO plomero Soyapango", Need(text="plomero Soyapango")),
    ("need a plumber", Need(text="a plumber")),
    ("WANT 3 sacos de cemento 8.50", Need(text="3 sacos de cemento 8.50")),
    ("NECESITO plomero 7123-4567", Need(text="plomero ****")),
    ("BUSCAR queso", FindOffers(query="queso")),
    ("find cheese 2", FindOffers(query="cheese", page=2)),
    ("BUSCO un buen queso de cabra", FindOffers(query="queso cabra")),
    ("BUSCAR queso fresco y requeson", FindOffers(query="queso fresco")),
    ("BUSCAR " + "x" * 40, FindOffers(query="x" * 20)),
    ("BUSCAR queso 4821", FindOffers(query="queso")),
    ("QUITAR 123", DropAd(ad=123)),
    ("drop A123", DropAd(ad=123)),
    ("QUITAR la oferta 123", DropAd(ad=123)),
    ("QUITAR", DropAd()),
]


@pytest.mark.parametrize(("text", "said"), OTHERS)
def test_others(text: str, said: object) -> None:
    """Needs, searches and numbers are read in both languages."""
    assert parse(text, SV).said == said


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("OFERTA queso 12.50", "OFERTA queso 12.50"),
        ("OFERTA queso 4821 a 3.00", "OFERTA queso **** a 3.00"),
        ("OFERTA queso 1,500", "OFERTA queso ****"),
        ("OFERTA queso 4821", "OFERTA queso ****"),
        ("BUSCAR queso 4821", "BUSCAR queso ****"),
        ("QUITAR 4821", "QUITAR ****"),
    ],
)
def test_what_is_kept(text: str, kept: str) -> None:
    """Only an amount with a decimal is kept of the digits of such a text."""
    assert parse(text, SV).redacted == kept


_PIECES = st.one_of(
    st.sampled_from(
        ["queso", "3.00", "1,500", "a", "de", "7123", "4567", "PT", "4821"]
    ),
    st.text(max_size=8),
)


@given(
    st.sampled_from(["OFERTA", "NECESITO", "BUSCAR", "QUITAR"]),
    st.lists(_PIECES, max_size=6),
    st.text("0123456789", min_size=4, max_size=4),
)
def test_no_pin_is_published(keyword: str, words: list[str], pin: str) -> None:
    """A PIN behind an advertisement is published in no form, wherever it stands."""
    for place in range(len(words) + 1):
        text = " ".join([keyword, *words[:place], pin, *words[place:]])
        said = parse(text, SV).said
        if isinstance(said, (Offer, Need)):
            assert pin not in said.text.split()
            assert said.text == said.text.strip()
            assert telling_words(said.text)
        if isinstance(said, FindOffers):
            assert pin not in said.query
        if isinstance(said, Misread) and said.why is not Why.strange_digits:
            assert said.keyword in set(Keyword)

"""Promises of what a text is about: accents, case and plurals do not matter."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.subjects import subjects

SAME = [
    ("queso", "QUESOS"),
    ("jabón", "Jabones"),
    ("pan", "panes"),
    ("luz", "luces"),
    ("arroz", "arroces"),
    ("leche", "leches"),
    ("flor", "flores"),
    ("niño", "ninos"),
    ("mes", "meses"),
    ("bus", "buses"),
    ("ley", "leyes"),
    ("plomero", "plomeros"),
    ("cake", "cakes"),
    ("box", "boxes"),
    ("glass", "glasses"),
    ("lady", "ladies"),
    ("tomato", "tomatoes"),
]


@pytest.mark.parametrize(("one", "several"), SAME)
def test_plurals_and_accents_do_not_matter(one: str, several: str) -> None:
    """One and several of a thing, with accents or without, are the same thing."""
    assert subjects(one) == subjects(several)
    assert len(subjects(one)) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("queso", "quesillo"), ("pan", "pana"), ("casa", "caso"), ("sal", "sol")],
)
def test_other_things_stay_apart(one: str, other: str) -> None:
    """What only sounds alike is another thing."""
    assert subjects(one) != subjects(other)


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("Se vende queso fresco de la costa", ("QUESO", "FRESCO", "COSTA")),
        ("necesito un buen plomero en Soyapango", ("PLOMERO", "SOYAPANGO")),
        ("queso por favor", ("QUESO",)),
        ("a carpenter please", ("CARPENTER",)),
        ("looking for a carpenter", ("CARPENTER",)),
        ("TV 21 pulgadas", ("TV", "PULGADA")),
        ("queso, QUESOS y queso", ("QUESO",)),
        ("de la **** 12 y", ()),
        ("", ()),
    ],
)
def test_words_that_say_nothing_go(text: str, about: tuple[str, ...]) -> None:
    """The thing itself comes first, whatever polite words stand before it."""
    assert subjects(text) == about


@given(st.text(max_size=200))
def test_any_text_has_subjects(text: str) -> None:
    """No text stops it, and no digits alone become a word to be found by."""
    found = subjects(text)
    assert len(set(found)) == len(found)
    assert not any(word.isnumeric() for word in found)

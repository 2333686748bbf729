"""Promises of the command words: what they mean, and how far apart they lie."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.command import Keyword
from commands.words import (
    CORRECTED_FROM,
    MONEY,
    OPT_OUT,
    RESERVED,
    SYNONYMS,
    distance,
    hints,
    keyword,
    one_slip,
)

K = Keyword
LONG = [
    (word, key)
    for key, words in SYNONYMS.items()
    for word in words
    if len(word) >= CORRECTED_FROM
]
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _edits(word: str) -> set[str]:
    """Return everything one edit away, worked out the slow way."""
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    return {
        edited
        for head, tail in cuts
        for edited in (
            [head + letter + tail for letter in LETTERS]
            + [head + letter + tail[1:] for letter in LETTERS if tail]
            + [head + tail[1:]] * bool(tail)
            + [head + tail[1::-1] + tail[2:]] * (len(tail) > 1)
        )
    } - {word}


def test_every_command_has_words() -> None:
    """Every keyword has words, and the first one is its own name."""
    assert set(SYNONYMS) == set(Keyword)
    assert all(words[0] == key.value for key, words in SYNONYMS.items())


def test_no_word_means_two_things() -> None:
    """A word belongs to one command."""
    words = [word for words in SYNONYMS.values() for word in words]
    assert len(words) == len(set(words))
    assert all(keyword(word) is key for key, ws in SYNONYMS.items() for word in ws)
    assert not OPT_OUT & set(words)


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("1", K.pagar), ("2", K.saldo), ("3", K.movs), ("4", K.cobrar), ("5", K.ver),
        ("0", K.ayuda), ("?", K.ayuda), ("P", K.pagar), ("S", K.saldo), ("YES", K.si),
        ("CLAVE", K.pin), ("STOLEN", K.robo), ("LANG", K.idioma), ("STOP", K.baja),
        ("6", None), ("9", None), ("N", None), ("CANCELAR", None), ("pagar", None),
    ],
)  # fmt: skip
def test_short_words(word: str, meant: Keyword | None) -> None:
    """Everything can be typed with digits, and short words mean what is printed."""
    assert keyword(word) is meant


def test_words_lie_apart() -> None:
    """Words of different commands are two edits apart, three when both are longer."""
    near = {
        (one, other): distance(one, other, 3)
        for (one, key), (other, other_key) in combinations(LONG, 2)
        if key is not other_key
    }
    assert min(near.values()) == 2
    assert all(
        min(len(one), len(other)) < 5 for (one, other), far in near.items() if far == 2
    )
    assert {("COBRO", "ROBO"), ("SEND", "VENDO"), ("GUARD", "CARD")} <= {
        pair for pair, far in near.items() if far == 2
    }


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("PAGRA", (K.pagar,)),
        ("PAGA", (K.pagar,)),
        ("PAAGAR", (K.pagar,)),
        ("SLADO", (K.saldo,)),
        ("VERIFCAR", (K.ver,)),
        ("BALNCE", (K.saldo,)),
        ("ROBOO", (K.robo,)),
        ("COBO", (K.cobrar, K.robo)),
        ("VEND", (K.pagar, K.oferta)),
        ("ALIA", (K.alias, K.alta)),
        ("VE", ()),
        ("PYA", ()),
        ("BLA", ()),
        ("PAGAR1", ()),
        ("CANCELRA", ()),
        ("SALRI", ()),
        ("HOLA", ()),
        ("GRACIAS", ()),
    ],
)
def test_slips(typed: str, meant: tuple[Keyword, ...]) -> None:
    """One slip has one correction, or is asked about; short words have none."""
    assert one_slip(typed) == meant


def test_every_slip_of_every_word() -> None:
    """A slip in a long word leads back to it, alone unless another is as near."""
    for word, key in LONG:
        for typed in _edits(word):
            if len(typed) < CORRECTED_FROM or keyword(typed) is not None:
                continue
            found = one_slip(typed)
            assert key in found
            others = {other for other in found if other is not key}
            # Whoever shares the slip lies two edits away.
            assert all(
                any(distance(word, near, 2) == 2 for near in SYNONYMS[K(other)])
                for other in others
            )


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("PGARA", (K.pagar,)), ("ZALDOO", (K.saldo,)), ("HOLA", ()), ("TRANSFERIR", ())],
)
def test_hints(typed: str, meant: tuple[Keyword, ...]) -> None:
    """A word two slips away is hinted at, never acted on."""
    assert hints(typed) == meant


def test_no_member_is_named_like_a_command() -> None:
    """Words of the language cannot be aliases."""
    assert {"PAGAR", "MENU", "CANCELAR", "PARA", "POR", "TO", "CLAVE"} <= RESERVED
    assert {K.pagar, K.devolver, K.vale} == MONEY


@given(st.text("ABC", max_size=6), st.text("ABC", max_size=6))
def test_distance(one: str, other: str) -> None:
    """Distance counts edits, the same both ways, and stops above its bound."""
    found = distance(one, other, 2)
    assert found == distance(other, one, 2)
    assert (found == 0) == (one == other)
    assert (found <= 1) == (one == other or other in _edits(one))
    assert found <= 3

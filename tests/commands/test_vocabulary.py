"""Promises of a network's own words: known, forgiven, never taken for others."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.command import Help, Info, Keyword, Misread, Pay, ShowBalance, Why
from commands.parse import Grammar, parse
from commands.replies import render
from commands.reply import NotUnderstood, Voice
from commands.vocabulary import Vocabulary, fold, mistakes
from commands.words import SYNONYMS, distance

K = Keyword
OURS = Grammar(
    vocabulary=Vocabulary({K.pagar: ("ABONAR",), K.saldo: ("TENGO",)}, ("FERIA", "BUS"))
)


def _wrong(
    info: list[str], synonyms: dict[Keyword, tuple[str, ...]] | None = None
) -> list[str]:
    return [text for _, _, text in mistakes(synonyms or {}, info)]


def test_a_synonym_is_the_command() -> None:
    """A word that the network adds does what its command does, slips forgiven."""
    for word in ("ABONAR", "abonár", "ABONRA"):
        said = parse(f"{word} 20417 25.50 4821", OURS).said
        assert isinstance(said, Pay)
        assert said.amount == 2550
    assert isinstance(parse("Tengo 4821", OURS).said, ShowBalance)
    assert parse("AYUDA ABONAR", OURS).said == Help(topic=K.pagar)


def test_a_slip_in_money_needs_the_rest() -> None:
    """A slip in the network's word for PAGAR is asked about unless all is there."""
    said = parse("ABONRA 20417", OURS).said
    assert isinstance(said, Misread)
    assert said.money
    assert said.why is Why.which_word


@pytest.mark.parametrize("text", ["feria", "FERIA!", "Feria de mayo", "frria", "BUS 3"])
def test_an_informing_word(text: str) -> None:
    """The word is known whatever stands behind it, and a slip in it is forgiven."""
    said = parse(text, OURS).said
    assert isinstance(said, Info)
    assert said.word == ("BUS" if text.startswith("BUS") else "FERIA")


def test_nothing_of_it_in_another_network() -> None:
    """Words of one network mean nothing in the next."""
    assert isinstance(parse("FERIA", Grammar()).said, Misread)
    assert isinstance(parse("ABONAR 20417 25.50 4821", Grammar()).said, Misread)


def test_a_pin_behind_an_informing_word_is_hidden() -> None:
    """Whatever stands behind it is kept redacted."""
    assert parse("FERIA 4821", OURS).redacted == "FERIA ****"


def test_a_word_between_two_is_asked_about() -> None:
    """A slip that lies between a command and an informing word acts on neither."""
    assert _wrong(["SOLIDO"]) == []
    ours = Grammar(vocabulary=Vocabulary(info=("SOLIDO",)))
    said = parse("SOLDO", ours).said
    assert isinstance(said, Misread)
    assert said.suggestions == (K.saldo, "SOLIDO")
    asked = NotUnderstood(why=said.why, suggestions=said.suggestions)
    assert render(asked, Voice()) == (
        "La primera palabra no es clara. Quiso decir SALDO o SOLIDO?"
        " Escriba todo de nuevo. Ayuda: Red"
    )


@pytest.mark.parametrize(
    "word",
    ["PAGAR", "SI", "CANCELAR", "PARA", "TO", "POR", "CLAVE"],
)
def test_words_of_the_language_stay(word: str) -> None:
    """No network word takes the place of one of ours."""
    assert _wrong([word]) == [f"{word} means something already: choose another word"]


@pytest.mark.parametrize("word", ["F", "FERIA1", "LA FERIA", "", "A" * 16, "9"])
def test_a_word_is_letters(word: str) -> None:
    """A word is two to fifteen letters: digits are PINs, tokens and amounts."""
    assert _wrong([word]) == ["write 2 to 15 letters and nothing else"]


def test_numbers_in_words_are_none() -> None:
    """A word that names a digit would be redacted as one."""
    assert _wrong(["NUEVE"]) == ["NUEVE is a number in words: choose another word"]


@pytest.mark.parametrize(
    ("word", "near"), [("PAGAS", "PAGAR"), ("SALTO", "SALDO"), ("CAJA", "BAJA")]
)
def test_too_near_to_inform(word: str, near: str) -> None:
    """A word one slip from a command cannot be told apart from it."""
    (wrong,) = _wrong([word])
    assert wrong.startswith(f"{word} is too near to ")
    assert (near in wrong) or distance(word, near, 1) == 1


def test_synonyms_lie_further() -> None:
    """Two long words of different commands lie three edits apart; of one, any."""
    assert distance("VENTO", "VENDO", 3) == 1
    assert _wrong([], {K.pagar: ("VENTO",)}) != []
    # Two edits from VERIFY, both long.
    assert _wrong([], {K.saldo: ("VERSIFI",)}) != []
    assert _wrong([], {K.ver: ("VERIFI",)}) == []


def test_words_are_compared_with_each_other() -> None:
    """Network words are as far from each other, and each is told with its place."""
    assert list(mistakes({K.pagar: ("ABONAR",)}, ["FERIA", "ABONA", "FERIA"])) == [
        (
            None,
            1,
            "ABONA is too near to ABONAR for a phone with keys: "
            "choose a word that differs in more letters",
        ),
        (None, 2, "FERIA means something already: choose another word"),
    ]


_WORD = st.text("ABELOPRS", min_size=2, max_size=7)


@given(st.lists(_WORD, max_size=6), st.lists(_WORD, max_size=3))
def test_accepted_words_lie_apart(info: list[str], pay: list[str]) -> None:
    """However words are chosen, those accepted keep their distance from all others."""
    wrong = {(whose, place) for whose, place, _ in mistakes({K.pagar: pay}, info)}
    kept = [(w, w) for at, w in enumerate(info) if (None, at) not in wrong]
    kept += [(w, "PAGAR") for at, w in enumerate(pay) if (K.pagar, at) not in wrong]
    ours = [(w, str(k)) for k, ws in SYNONYMS.items() for w in ws if w.isalpha()]
    pairs = [
        (one, other)
        for (one, meant), (other, means) in combinations([*kept, *ours], 2)
        if meant != means and (one, meant) in kept
    ]
    for one, other in pairs:
        assert one != other
        assert min(len(one), len(other)) < 4 or distance(one, other, 1) > 1


def test_words_are_folded() -> None:
    """A word of the configuration is the word that phones without accents send."""
    assert fold("Ferié") == "FERIE"
    assert fold("peña") == "PENA"
    assert fold("la feria") == "LA FERIA"

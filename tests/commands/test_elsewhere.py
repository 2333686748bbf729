"""Replies from a number that nobody can answer: whose they are, and no invitation.

Every sample is held against it, as it is and at its longest, in both languages.
"""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from commands.catalogues import CATALOGUES
from commands.elsewhere import asks, from_elsewhere
from commands.replies import SEGMENT, name_of, render
from commands.reply import Voice
from modem.text import is_gsm, septets
from tests.commands.samples import SAMPLES, VOICE, at_worst

LANGUAGES = sorted(CATALOGUES)
#: Replies that tell something, and not only how to answer.
TOLD = [name for name in SAMPLES if not asks(name_of(type(SAMPLES[name])))]
_FIRST = re.compile(r"(?<=[.?])(?= )|(?=\n)")
_INVITED = re.compile(r"\b(Responda|Reply|Escriba|VER \d|VERIFY \d|SI \d\d|YES \d\d)\b")


def sent(name: str, language: str, *, worst: bool = False) -> tuple[str, str, str]:
    """Return a sample as it is usually sent, from elsewhere, and the network's name."""
    voice, reply = replace(VOICE, language=language), SAMPLES[name]
    if worst:
        reply = at_worst(reply, voice.decimals)
        voice = replace(voice, network="W" * 12, unit="W" * 4, help_phone="2" * 9)
    usual = render(reply, voice)
    return (
        usual,
        from_elsewhere(usual, name_of(type(reply)), voice.network),
        (voice.network),
    )


@pytest.mark.parametrize("worst", [False, True])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", TOLD)
def test_what_came_of_it_stays_whole(name: str, language: str, worst: bool) -> None:
    """One segment, and its first sentence word for word."""
    usual, other, _ = sent(name, language, worst=worst)
    assert is_gsm(other)
    assert septets(other) <= SEGMENT
    assert _FIRST.split(usual)[0] in other


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", TOLD)
def test_nobody_is_invited_to_answer(name: str, language: str) -> None:
    """After the first sentence no command, token or question is left to answer."""
    _, other, _ = sent(name, language)
    told = _FIRST.split(other)[1:]
    assert [sentence for sentence in told if _INVITED.search(sentence)] == []


#: Replies that open with a word of the member's own, the proof that they are genuine.
OWN_WORD = {"paid_payee", "paid_till", "got_refund", "copy_received"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", TOLD)
def test_it_says_whose_text_it_is(name: str, language: str) -> None:
    """The network's name opens it, or the member's own word does."""
    _, other, network = sent(name, language)
    kind = name_of(type(SAMPLES[name]))
    assert other.startswith(network) or kind in OWN_WORD


@pytest.mark.parametrize(
    ("text", "name", "told"),
    [
        (
            "PAGO OK 25.50 PT a Rosa (20417). Ref 481205-7735. VER 4812057735",
            "paid_payer",
            "Red: PAGO OK 25.50 PT a Rosa (20417). Ref 481205-7735.",
        ),
        (
            "MANGO: RECIBIO 5.00 PT de Juan. Verifique: VER 4812057735",
            "paid_payee",
            "MANGO: RECIBIO 5.00 PT de Juan.",
        ),
        ("Red: todo bien.", "info_text", "Red: todo bien."),
        # The name gives way where there is little room, the words do not.
        ("x" * 156, "paid_payer", "x" * 156),
        ("x" * 155, "paid_payer", "Red: " + "x" * 155),
    ],
)
def test_words(text: str, name: str, told: str) -> None:
    """As it is written."""
    assert from_elsewhere(text, name, "Red") == told


def test_a_long_name_is_cut_before_anything_else() -> None:
    """To four letters at the least; with less room than that it is left out."""
    name = "Cooperativa"
    assert from_elsewhere("x" * 153, "paid_payer", name) == "Coope: " + "x" * 153
    assert from_elsewhere("x" * 155, "paid_payer", name) == "x" * 155


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("confirm", True),
        ("charge_asked", True),
        ("menu_screen", True),
        ("paid_payer", False),
        # That somebody asked to change the PIN is news even where none can answer.
        ("pin_reset", False),
        ("charge_sent", False),
        ("alarm", False),
    ],
)
def test_questions_are_known(name: str, asked: bool) -> None:
    """A question is worth nothing where it cannot be answered; a receipt is."""
    assert asks(name) is asked
    assert Voice().network == "Red"

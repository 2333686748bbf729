"""Promises of a network's own words in replies: shown everywhere, read, one segment."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from commands.catalogues import CATALOGUES
from commands.command import Help, Keyword, Misread, Why, keyword_of
from commands.parse import Grammar, parse
from commands.replies import render
from commands.reply import HelpText, NotUnderstood, OffersFound, Reply, Voice
from commands.showing import FIXED, SHOWN_MAX, mistakes, spoken
from commands.slots import HELP_PAGES, slots
from commands.vocabulary import Vocabulary
from modem.text import is_gsm, septets
from tests.commands.samples import SAMPLES, at_worst, voices

K = Keyword
#: A word of each command as long as it may be, and like no other.
LONG = {
    keyword: chr(ord("A") + place % 26) * (SHOWN_MAX - 1) + "QZ"[place // 26]
    for place, keyword in enumerate(Keyword)
    if keyword not in FIXED
}
OURS = Voice(
    network="Red Sol",
    help_phone="2222-3333",
    shown=(
        ("es", K.pagar, "ABONAR"),
        ("es", K.cajero, "PUESTO"),
        ("en", K.ver, "CHECK"),
    ),
)


def _shown(voice: Voice, *keywords: Keyword) -> Voice:
    shown = tuple((voice.language, keyword, LONG[keyword]) for keyword in keywords)
    return replace(voice, shown=shown)


def test_forms_examples_and_lists_show_the_word() -> None:
    """A member only ever reads the word that the network teaches."""
    form = render(NotUnderstood(why=Why.syntax, keyword=K.pagar, money=True), OURS)
    assert form == (
        "NO se pago: no entendi. Escriba: ABONAR codigo monto PIN."
        " Ej: ABONAR 01234 25.50 ****. Ayuda: AYUDA ABONAR"
    )
    assert render(HelpText(), OURS).startswith("ABONAR codigo monto PIN\nCOBRAR ")
    asked = NotUnderstood(why=Why.unknown_word, suggestions=(K.pagar,), word="BONAR")
    assert render(asked, OURS).startswith(
        "No conozco BONAR. Quiso decir ABONAR? Comandos: ABONAR COBRAR "
    )
    for name, reply in SAMPLES.items():
        told = render(reply, OURS)
        # An alias that was asked for is told as it was written.
        assert name.startswith("alias") or not re.search(r"\bPAGAR\b", told)


def test_what_a_command_is_told_stays() -> None:
    """`CAJERO ALTA` is not the command ALTA, so a word for that is not put there."""
    shown = (
        ("es", K.cajero, "PUESTO"),
        ("es", K.alta, "SOCIO"),
        ("es", K.quitar, "FUERA"),
    )
    told = render(HelpText(topic=K.cajero), replace(OURS, shown=shown))
    assert "PUESTO ALTA" in told
    assert "PUESTO QUITAR Ana" in told


def test_each_language_has_its_own() -> None:
    """A word that is shown in one language leaves the other alone."""
    english = replace(OURS, language="en")
    assert render(HelpText(topic=K.pagar), english).startswith("PAY: ")
    assert render(HelpText(topic=K.ver), english).startswith("CHECK ")
    assert render(HelpText(topic=K.ver), OURS).startswith("VER ")


def test_the_example_is_read() -> None:
    """What a network's own form teaches does what it says."""
    words = Vocabulary({K.pagar: ("ABONAR",), K.cajero: ("PUESTO",)})
    for keyword, sample in spoken(OURS).samples.items():
        told = slots(HelpText(topic=keyword), OURS, spoken(OURS))
        text = sample.format_map(told).replace("**** ****", "7395 7395")
        said = parse(text.replace("****", "4826"), Grammar(vocabulary=words)).said
        assert not isinstance(said, Misread)
        assert keyword_of(said) is keyword


@pytest.mark.parametrize("language", sorted(CATALOGUES))
@pytest.mark.parametrize("name", SAMPLES)
def test_the_longest_words_leave_one_segment(name: str, language: str) -> None:
    """However a network calls everything, a reply is one SMS and opens as ours does."""
    for voice in voices(language):
        reply = at_worst(SAMPLES[name], voice.decimals)
        told = render(reply, _shown(voice, *LONG))
        assert is_gsm(told)
        assert septets(told) <= 160
        for keyword, word in LONG.items():
            told = told.replace(word, CATALOGUES[language].words[keyword])
        assert told[:12] == render(reply, voice)[:12]


@pytest.mark.parametrize("language", sorted(CATALOGUES))
@pytest.mark.parametrize("keyword", LONG)
def test_one_long_word_drops_no_sentence(keyword: Keyword, language: str) -> None:
    """A word of ten letters may shorten names, and nothing is left out for it."""
    ours = CATALOGUES[language].words[keyword]
    for voice in voices(language):
        for name, sample in SAMPLES.items():
            reply = at_worst(sample, voice.decimals)
            told = render(reply, _shown(voice, keyword)).replace(LONG[keyword], ours)
            assert _short(told) == _short(render(reply, voice)), name


def _naming(language: str, word: str) -> dict[str, Reply]:
    """Return the replies that name a command."""
    voice = Voice(language=language)
    return {
        name: reply for name, reply in SAMPLES.items() if word in render(reply, voice)
    }


def _short(text: str) -> str:
    """Leave nothing of the length of names, which stand in W and M."""
    return re.sub(r"([WM])\1+", r"\1", text)


def test_offers_make_room_for_a_long_word() -> None:
    """The word for BUSCAR takes its letters from the offers, not from the last line."""
    found = SAMPLES["offers_found"]
    assert isinstance(found, OffersFound)
    for voice in voices("es"):
        told = render(at_worst(found, voice.decimals), _shown(voice, K.buscar))
        assert f"\nMas: {LONG[K.buscar]} W" in told


@pytest.mark.parametrize(
    ("language", "keyword", "word", "wrong"),
    [
        ("es", K.pagar, "ENVIAR", None),
        ("es", K.pagar, "ABONAR", None),
        ("en", K.pagar, "TRANSFER", "TRANSFER is no word for PAGAR: add "),
        ("es", K.saldo, "ABONAR", "ABONAR is no word for SALDO: add "),
        ("es", K.movs, "MOVIMIENTOS", "write 2 to 10 letters and nothing else"),
        ("es", K.pagar, "1", "write 2 to 10 letters and nothing else"),
        ("es", K.pin, "CLAVE", "PIN is shown as it is: leave this line out"),
    ],
)
def test_what_can_be_shown(
    language: str, keyword: Keyword, word: str, wrong: str | None
) -> None:
    """Only a word that means the command, and that leaves room for the reply."""
    told = [text for *_, text in mistakes({language: {keyword: word}}, _ADDED)]
    assert told == [] if wrong is None else told[0].startswith(wrong)


_ADDED = {K.pagar: ("ABONAR",)}


# ---- the list of commands


@pytest.mark.parametrize("language", sorted(CATALOGUES))
def test_the_list_names_every_command_once(language: str) -> None:
    """Whoever turns the pages of AYUDA has seen everything, seven lines at a time."""
    words = CATALOGUES[language].words
    seen: list[str] = []
    for page in range(1, HELP_PAGES + 1):
        lines = render(HelpText(page=page), Voice(language=language)).split("\n")
        named = [line.split()[0] for line in lines if line.split()[0] in words.values()]
        assert len(named) <= 7
        seen += named
        if page < HELP_PAGES:
            more = next(line for line in lines if line.endswith(f" {page + 1}"))
            said = parse(more.split(": ")[1], Grammar()).said
            assert said == Help(page=page + 1)
    assert sorted(seen) == sorted(words.values())


def test_past_the_last_page_is_the_last() -> None:
    """A number that is too high is answered too."""
    last = HelpText(page=HELP_PAGES)
    assert render(HelpText(page=9), OURS) == render(last, OURS)

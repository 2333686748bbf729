"""Both languages say the same things, and nothing that a phone or a member misreads."""

from __future__ import annotations

import re
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

import pytest

from commands import reply as replies_said
from commands.catalogues import CATALOGUES, catalogue
from commands.command import Keyword, Misread, Why, keyword_of
from commands.damm import damm_ok
from commands.parse import Grammar, parse
from commands.replies import entry, name_of, slots_of
from commands.reply import HelpText, Reply, Voice, WeakPin
from commands.slots import SOME_CODE, SOME_REF, slots
from commands.spelling import PLAIN
from commands.words import SYNONYMS
from modem.text import septets
from tests.commands.samples import SAMPLES

if TYPE_CHECKING:
    from collections.abc import Iterator

ES, EN = CATALOGUES["es"], CATALOGUES["en"]
REPLIES = sorted(
    (
        kind
        for topic in iter_modules(replies_said.__path__)
        for kind in vars(import_module(f"commands.reply.{topic.name}")).values()
        if isinstance(kind, type) and issubclass(kind, Reply) and kind is not Reply
    ),
    key=lambda kind: kind.__name__,
)


def _texts() -> Iterator[tuple[str, str]]:
    for words in CATALOGUES.values():
        yield words.language, words.not_paid
        yield words.language, words.either
        for table in (words.words, words.usage, words.samples, words.templates):
            for key, text in table.items():
                yield f"{words.language} {key}", text


TEXTS = sorted(_texts())


@pytest.mark.parametrize("kind", REPLIES, ids=lambda kind: str(kind.__name__))
def test_every_reply_has_words(kind: type[Reply]) -> None:
    """No reply can be made that has no text in some language."""
    name = name_of(kind)
    for words in CATALOGUES.values():
        assert any(
            key == name or key.startswith(name + ".") for key in words.templates
        ), f"{words.language} lacks {name}"


def test_samples_reach_every_template() -> None:
    """Each text is printed for people to read; none is left over or out of reach."""
    assert {entry(reply, ES) for reply in SAMPLES.values()} == set(ES.templates)
    assert {type(reply) for reply in SAMPLES.values()} == set(REPLIES)


def test_languages_have_the_same_entries() -> None:
    """Whatever is said in Spanish is said in English."""
    assert set(ES.templates) == set(EN.templates)
    assert set(ES.samples) == set(EN.samples)


@pytest.mark.parametrize("key", sorted(ES.templates))
def test_languages_tell_the_same_values(key: str) -> None:
    """An amount, name or token told in one language is told in the other."""
    assert slots_of(ES.templates[key]) == slots_of(EN.templates[key])


@pytest.mark.parametrize("why", Why)
def test_every_misreading_has_words(why: Why) -> None:
    """However a text is misread, the member is told why."""
    assert f"not_understood.{why}" in ES.templates


@pytest.mark.parametrize("why", WeakPin)
def test_every_weak_pin_has_words(why: WeakPin) -> None:
    """However a PIN is too easy, the member is told why."""
    assert f"pin_weak.{why}" in ES.templates


@pytest.mark.parametrize("language", sorted(CATALOGUES))
def test_every_command_is_named_and_explained(language: str) -> None:
    """A reply can name each command, and AYUDA explains it."""
    words = catalogue(language)
    assert set(words.words) == set(words.usage) == set(Keyword)
    for keyword in Keyword:
        assert words.words[keyword] in SYNONYMS[keyword]
        assert f"help_text.{keyword.name}" in words.templates


@pytest.mark.parametrize(("where", "text"), TEXTS)
def test_words_are_plain_letters(where: str, text: str) -> None:
    """Each character costs one septet, so a segment is counted right."""
    assert set(text) <= PLAIN | set("{}\n"), where


@pytest.mark.parametrize(("where", "text"), TEXTS)
def test_words_hold_no_link_and_no_pin(where: str, text: str) -> None:
    """A receipt has no link to tap, and an example no digits to take for a PIN."""
    assert not re.search(r"http|www|://", text), where
    assert not re.search(r"[0-9]{4,}", text), where


@pytest.mark.parametrize("language", sorted(CATALOGUES))
@pytest.mark.parametrize("key", sorted(ES.templates))
def test_sentences_end_plainly(language: str, key: str) -> None:
    """A sentence can be left out without leaving half of another behind."""
    text = catalogue(language).templates[key]
    assert "  " not in text
    assert text == text.strip()
    assert not re.search(r"\.[^ \n]", text.replace("****.", "")), "an abbreviation"


def test_plain_letters_cost_one_septet() -> None:
    """The small table of letters here agrees with the alphabet of the modem."""
    for character in PLAIN:
        assert septets(character) == 1, character


def test_examples_are_well_formed_and_nobody_s() -> None:
    """A member who copies an example finds the check digits right and pays nobody."""
    assert damm_ok(SOME_CODE)
    assert damm_ok(SOME_REF)
    assert SOME_CODE.startswith("0"), "codes that are given out begin with 1 to 9"


def _examples() -> Iterator[tuple[Keyword, str]]:
    for words in CATALOGUES.values():
        for keyword, sample in words.samples.items():
            told = slots(HelpText(topic=keyword), Voice(), words)
            # Each PIN another, as a change of PIN wants it.
            text = sample.format_map(told).replace("**** ****", "7395 7395")
            yield keyword, text.replace("****", "4826")


@pytest.mark.parametrize(("keyword", "text"), sorted(_examples()))
def test_examples_are_read_as_what_they_explain(keyword: Keyword, text: str) -> None:
    """A member who writes an example with their PIN is understood."""
    said = parse(text, Grammar()).said
    assert keyword_of(said) is keyword
    assert not isinstance(said, Misread)


def test_unknown_language_is_spanish() -> None:
    """A member whose language is lost is still answered."""
    assert catalogue("fr") is ES

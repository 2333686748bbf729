"""Every screen of a session is short enough for every network, in both languages."""

from __future__ import annotations

from dataclasses import replace

import pytest

from commands.catalogues import CATALOGUES
from commands.replies import render
from commands.reply import (
    History,
    MenuScreen,
    OffersFound,
    Page,
    Party,
    Totals,
    Voice,
)
from modem.text import septets
from smsgate.handlers.menu.tree import TREE
from smsgate.ussd.proving import ABOVE
from smsgate.ussd.showing import fits, part, parts_of, screen
from smsgate.ussd.step import PINS
from tests.commands.samples import SAMPLES, at_worst, voices

LANGUAGES = sorted(CATALOGUES)
#: 160 septets less the word that opens a screen on the wire.
ROOM = 156
#: What a screen may have to say of the answer before it.
TOLD: tuple[dict[str, object], ...] = (
    {},
    {"wrong": True},
    {"digits": 6},
    {"tries_left": 2},
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("told", TOLD, ids=lambda told: "".join(told) or "plain")
@pytest.mark.parametrize("page", Page)
def test_no_screen_loses_its_way_out(
    page: Page, told: dict[str, bool], language: str
) -> None:
    """With the longest names and amounts a screen has room for all its numbers."""
    somebody = Party(name="W" * 20, code="20417")
    shown = MenuScreen(
        screen=page, payee=somebody, amount=99_999_999, fee=99_999, **told
    )
    template = CATALOGUES[language].templates[f"menu_screen.{page}"]
    for voice in voices(language):
        text = screen(shown, voice)
        assert septets(text) <= ROOM
        assert text.splitlines()[-1] == template.splitlines()[-1]
        if page in PINS:
            assert "PIN" in text.splitlines()[-3]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SAMPLES)
def test_every_reply_can_be_a_screen(name: str, language: str) -> None:
    """Whatever a branch ends in fits, however long its names and amounts are."""
    for voice in voices(language):
        worst = at_worst(SAMPLES[name], voice.decimals)
        assert septets(screen(SAMPLES[name], voice)) <= ROOM
        assert septets(screen(worst, voice)) <= ROOM


LISTS = [name for name, reply in SAMPLES.items() if not fits(reply, Voice())]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", LISTS)
def test_lists_lose_nothing(name: str, language: str) -> None:
    """A reply that is shown in parts is there to its last word."""
    for voice in voices(language):
        reply = at_worst(SAMPLES[name], voice.decimals)
        if isinstance(reply, History | OffersFound | Totals):
            reply = replace(reply, next_page=None)
        parts = parts_of(reply, voice)
        assert " ".join(parts).split() == render(reply, voice).split()
        for text in parts:
            shown = part(text, voice, more=True, before=True)
            assert septets(shown) <= ROOM
            assert shown.startswith(f"{text}\n98 ")
            assert shown.splitlines()[-1].startswith("00 ")


def test_every_screen_has_a_way_back() -> None:
    """From each screen 0 leads to one above it, and in the end to the root."""
    for page in Page:
        steps = 0
        above: Page | None = page
        while above is not None and above is not Page.resume:
            above = ABOVE[above] if above in PINS else TREE[above].above
            steps += 1
            assert steps < len(Page), page


def test_what_a_part_says_it_has() -> None:
    """The numbers that lead on and back stand there only where they do."""
    es = Voice(language="es")
    assert part("a", es, more=True, before=False) == "a\n98 Mas\n0 Volver\n00 Salir"
    assert part("a", es, more=False, before=True) == "a\n97 Antes\n0 Volver\n00 Salir"
    assert part("a", es, more=False, before=False) == "a\n0 Volver\n00 Salir"

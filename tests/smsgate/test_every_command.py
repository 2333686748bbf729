"""Whatever AYUDA explains can be done: no command is only a word."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from commands.catalogues import CATALOGUES, catalogue
from commands.command import Keyword
from commands.reply import HelpText, Voice
from commands.slots import slots
from smsgate.clock import MINUTE_MS
from tests.smsgate.gatehouse import PIN, gatehouse
from tests.smsgate.mailroom import JUAN

if TYPE_CHECKING:
    from pathlib import Path

#: What is told a member whose text did nothing because nobody could read or do it.
_UNDONE = {"not_understood", "failed"}


@pytest.mark.parametrize("language", CATALOGUES)
async def test_every_example_does_something(tmp_path: Path, language: str) -> None:
    """A member who copies the example of any command is answered about that command."""
    words = catalogue(language)
    async with gatehouse(tmp_path) as gate:
        await gate.couple(language=language)
        for keyword in Keyword:
            explained = await gate.hears(JUAN, f"AYUDA {keyword}")
            assert explained.outcome == "help_text", keyword
            # About AYUDA there is only to tell what it always tells.
            of = Keyword.pagar if keyword is Keyword.ayuda else keyword
            assert explained.bodies[0].startswith(words.words[of]), keyword
        # ROBO and BAJA are written without anything; ROBO ends all others.
        for keyword in sorted(Keyword, key=lambda one: one is Keyword.robo):
            told = slots(HelpText(topic=keyword), Voice(), words)
            sample = words.samples.get(keyword, words.words[keyword])
            text = sample.format_map(told).replace("****", PIN)
            heard = await gate.hears(JUAN, text)
            assert heard.told, keyword
            assert heard.outcome not in _UNDONE, (keyword, text)
            gate.clock.ms += MINUTE_MS

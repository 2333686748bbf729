"""Texts about tills, receipts and paper that is worth money, and what each is read as.

The pairs of `test_grammar`, by the same words; here are also the ones that redaction
must hide in full.
"""

from __future__ import annotations

import pytest

from commands.command import keyword_of
from commands.parse import Grammar, parse
from tests.commands.test_grammar import _told

SV = Grammar()

WORDS = [
    ("PALABRA mango 4821", "word MANGO PIN 4821"),
    ("palabra Mañana PIN 4821", "word MANANA PIN 4821"),
    ("WORD mango", "word MANGO"),
    ("PALABRA la mango clave 4821", "word MANGO PIN 4821"),
    ("PALABRA mango", "word MANGO"),
    ("PALABRA", "syntax PALABRA"),
    ("PALABRA 4821", "syntax PALABRA"),
    ("PALABRA mango verde 4821", "syntax PALABRA"),
    ("PALABRA mango7 4821", "syntax PALABRA"),
    ("PALABRA ab 4821", "syntax PALABRA"),
    ("PALABRA abcdefghijklm 4821", "syntax PALABRA"),
    ("PALABRA mango 48215", "syntax PALABRA"),
    ("PALABRR mango 4821", "word MANGO PIN 4821"),
]


@pytest.mark.parametrize(("text", "meant"), WORDS)
def test_text_means(text: str, meant: str) -> None:
    """A text has the one reading that a person would give it, or a reason for none."""
    assert _told(parse(text, SV).said) == meant


@pytest.mark.parametrize("text", [text for text, _ in WORDS])
def test_nothing_secret_is_kept(text: str) -> None:
    """The kept form of these texts holds no PIN, no voucher and no number of a card."""
    reading = parse(text, SV)
    assert "4821" not in reading.redacted
    assert keyword_of(reading.said) is not None

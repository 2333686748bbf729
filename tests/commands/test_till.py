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

ANA = "+50361230000"
TILLS = [
    ("CAJERO", "till list"),
    ("CAJERO ALTA 61230000 Ana 4821", f"till add {ANA} Ana PIN 4821"),
    ("cajero alta 6123-0000 Ana 4821", f"till add {ANA} Ana PIN 4821"),
    ("TILL ADD 6123 0000 Ana 4821", f"till add {ANA} Ana PIN 4821"),
    ("TILL ADD Ana 6123 0000 4821", f"till add {ANA} Ana PIN 4821"),
    ("CAJERO ALTA Ana 6123 0000", f"till add {ANA} Ana"),
    ("CAJERO ALTA +503 6123 0000 Ana", f"till add {ANA} Ana"),
    ("CAJERO ALTA 61230000 Ana Maria PIN 4821", f"till add {ANA} Ana Maria PIN 4821"),
    ("CAJERO ALTA 61230000 caja 2 4821", f"till add {ANA} Caja 2 PIN 4821"),
    ("CAJERO ALTA 61230000 Maximiliano Jose", f"till add {ANA} Maximiliano"),
    ("CAJERO QUITAR Ana 4821", "till drop Ana PIN 4821"),
    ("CAJERO QUITAR 61230000 4821", f"till drop {ANA} PIN 4821"),
    ("TILL DROP Ana", "till drop Ana"),
    ("CAJERO ALTA", "syntax CAJERO"),
    ("CAJERO ALTA Ana 4821", "syntax CAJERO"),
    ("CAJERO ALTA 61230000 4821", "syntax CAJERO"),
    ("CAJERO 61230000 Ana 4821", "syntax CAJERO"),
    ("CAJERO QUITAR", "syntax CAJERO"),
    ("CAJERO ALTA 61230000 4821 Ana", "syntax CAJERO"),
    ("CAJERA ALTA 61230000 Ana 4821", f"till add {ANA} Ana PIN 4821"),
]
TOTALS = [
    ("CIERRE", "totals -0 1"),
    ("CIERRE 4821", "totals -0 1 PIN 4821"),
    ("TOTALS YESTERDAY PIN 4821", "totals -1 1 PIN 4821"),
    ("CIERRE de ayer", "totals -1 1"),
    ("CIERRE 24/11 4821", "totals 24/11 1 PIN 4821"),
    ("CIERRE 4-2 2 4821", "totals 4/2 2 PIN 4821"),
    ("CIERRE 2", "totals -0 2"),
    ("CIERRE 32/11", "syntax CIERRE"),
    ("CIERRE 24/13", "syntax CIERRE"),
    ("CIERRE 24.11", "syntax CIERRE"),
    ("CIERRE lunes", "syntax CIERRE"),
]
VOUCHERS = [
    ("VALE 6031182047", "voucher 6031182047"),
    ("vale 60311-82047", "voucher 6031182047"),
    ("VOUCHER 60311 82047", "voucher 6031182047"),
    ("VALE 603118 2047", "voucher 6031182047"),
    ("VALE el 60311-82047 4821", "voucher 6031182047"),
    ("VALE 60311-82047 PIN 4821", "voucher 6031182047"),
    ("VALE", "syntax VALE money"),
    ("VALE 603118204", "syntax VALE money"),
    ("VALE 60311820471", "syntax VALE money"),
    ("VALE 60311-8204O", "syntax VALE money"),
    ("VALE 25.00", "syntax VALE money"),
    ("VALES 6031182047", "voucher 6031182047"),
]
CARDS = [
    ("TARJETA", "card"),
    ("card please", "card"),
    ("TARJETA 123456", "syntax TARJETA money"),
    ("47 123456", "pin 47 card 123456"),
    ("SI 47 123456", "yes 47 card 123456"),
    ("123456", "pin card 123456"),
    ("NO 47 123456", "no 47"),
    ("47 12345", "syntax SI money"),
    ("47 1234567", "syntax SI money"),
]
TEXTS = [*CARDS, *WORDS, *TILLS, *TOTALS, *VOUCHERS]


@pytest.mark.parametrize(("text", "meant"), TEXTS)
def test_text_means(text: str, meant: str) -> None:
    """A text has the one reading that a person would give it, or a reason for none."""
    assert _told(parse(text, SV).said) == meant


@pytest.mark.parametrize("text", [text for text, _ in TEXTS])
def test_nothing_secret_is_kept(text: str) -> None:
    """The kept form of these texts holds no PIN, no voucher and no number of a card."""
    reading = parse(text, SV)
    assert "4821" not in reading.redacted
    assert "6031" not in repr(reading)
    assert "12345" not in reading.redacted
    assert keyword_of(reading.said) is not None

"""Promises of texts without a command word: what an open screen may take them for."""

from __future__ import annotations

import pytest

from commands.command import (
    Alias,
    Bare,
    Code,
    FindOffers,
    Keyword,
    Misread,
    Phone,
    Recipient,
    Verify,
)
from commands.parse import Grammar, parse
from commands.vocabulary import Vocabulary

SV = Grammar()


def _bare(text: str, grammar: Grammar = SV) -> Bare:
    found = parse(text, grammar).bare
    assert found is not None
    return found


@pytest.mark.parametrize("text", ["0", "1", "5", "7", "00", "98", " 3. ", "47"])
def test_choices(text: str) -> None:
    """One or two digits alone are a choice, also those that are a command's word."""
    assert _bare(text).choice == text.strip(" .")


@pytest.mark.parametrize(
    "text", ["SALDO", "S", "si 47", "NO", "1 rosa 25.00", "?", "MENU", "PIN 4821", "5²"]
)
def test_command_words_are_not_bare(text: str) -> None:
    """A text that a command word opens answers no screen; nor do strange numbers."""
    assert parse(text, SV).bare is None


def test_words_of_the_network_are_not_bare() -> None:
    """Nor does a text that opens with a word of the network."""
    ours = Grammar(vocabulary=Vocabulary(info=("FERIA",)))
    assert parse("feria", ours).bare is None
    assert _bare("feria").recipient == Alias("FERIA")


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("20417", Code("20417")),
        ("20471", None),
        ("7123-4567", Phone("+50371234567")),
        ("7123 4567", Phone("+50371234567")),
        ("+503 7123 4567", Phone("+50371234567")),
        ("Panaderialuz", Alias("PANADERIALUZ")),
        ("SALDOO", Alias("SALDOO")),
        ("4821", None),
        ("rosa 25", None),
    ],
)
def test_recipients(text: str, who: Recipient | None) -> None:
    """A code with its check digit right, a phone, or an alias is somebody."""
    assert _bare(text).recipient == who


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("25", 2500),
        ("25.50", 2550),
        ("1,500", 150000),
        ("1500.00", 150000),
        ("$25", 2500),
        ("25 PT", 2500),
        # It may be the PIN.
        ("1500", None),
        ("4821", None),
        ("1.500", None),
        ("25 30", None),
        ("mucho", None),
    ],
)
def test_amounts(text: str, amount: int | None) -> None:
    """An amount is read as in PAGAR; what could be the PIN is none."""
    assert _bare(text).amount == amount


def test_behind_a_command_word() -> None:
    """Words are read as they would be behind a command's own word."""
    assert _bare("queso fresco").behind(Keyword.buscar) == FindOffers(
        query="queso fresco"
    )
    assert _bare("481205-7735").behind(Keyword.ver) == Verify(ref="4812057735")
    assert isinstance(_bare("48120577").behind(Keyword.ver), Misread)
    assert isinstance(_bare("4821").behind(Keyword.buscar), Misread)


def test_leaving() -> None:
    """SALIR and CANCELAR alone leave."""
    assert _bare("salir").leaves
    assert _bare("CANCELAR").leaves
    assert not _bare("salir ya").leaves


def test_nothing_of_it_is_shown() -> None:
    """A reading does not show what was typed."""
    assert "4821" not in repr(parse("4821", SV))
    assert "2550" not in repr(parse("25.50", SV))

"""What a word can be: phone, member code, alias, amount, PIN, question token.

What comes in: a folded word and the `Grammar` of the network. What goes out: everything
the word could mean; which of it holds is decided by the command, in `commands.pay`
and `commands.grammar`. All classes are ASCII: `\\d` would take Arabic
digits too. No word is looked up here; whether a phone or code is a member's is known
only to the house.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from commands.amounts import read_amount
from commands.command import Alias, Code, Phone
from commands.damm import damm_ok
from commands.secret import Secret
from commands.vocabulary import PLAIN, Vocabulary
from commands.words import PIN_MARKS, RESERVED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commands.amounts import Amount
    from commands.command import Recipient
    from commands.normalise import Word

REF_DIGITS = 10
_CODE_DIGITS = 5
#: The second half of a phone that was written in two.
_PHONE_TAIL = 4

_ALIAS = re.compile(r"[A-Z][A-Z0-9]{2,14}")
_DAMAGED = re.compile(r"[A-Z][A-Z0-9]*¡[A-Z0-9¡]*")
_CARD = re.compile(r"[0-9]{6}")
_QUESTION = re.compile(r"[1-9][0-9]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Grammar:
    """What a network decides about numbers and words."""

    country_code: str = "503"
    pin_length: int = 4
    #: Decimals of the unit, 0 to 2.
    decimals: int = 2
    #: The digits that a phone of the country may begin with.
    phone_first: str = "2567"
    phone_digits: int = 8
    #: Whether the comma is the decimal point; never found out from a text.
    decimal_comma: bool = False
    #: Accepted behind an amount.
    unit: str = "PT"
    #: The words by which texts begin; compared by identity.
    vocabulary: Vocabulary = PLAIN


class Shapes:
    """The shapes that words have under one grammar; made once a grammar."""

    def __init__(self, grammar: Grammar) -> None:
        """Take the grammar and compile its patterns."""
        self._grammar = grammar
        self.vocabulary = grammar.vocabulary
        head = grammar.phone_digits - _PHONE_TAIL
        self.phone_head = re.compile(f"[{grammar.phone_first}][0-9]{{{head - 1}}}")
        self._phone = re.compile(
            rf"(?:(?:\+|00)?{grammar.country_code} ?)?"
            rf"({self.phone_head.pattern}) ?([0-9]{{{_PHONE_TAIL}}})"
        )
        code = grammar.country_code
        self.phone_prefixes = frozenset({code, f"+{code}", f"00{code}"})

    def phone(self, text: str) -> Phone | None:
        """Read a phone, written as one word or as several with a space between."""
        match = self._phone.fullmatch(text.replace("-", ""))
        if match is None:
            return None
        return Phone(f"+{self._grammar.country_code}{match[1]}{match[2]}")

    def recipient(self, text: str) -> Recipient | None:
        """Read a phone, a member code with its check digit right, or an alias."""
        if text[0].isalpha():
            named = _ALIAS.fullmatch(text) and text not in RESERVED
            return Alias(text) if named else None
        if is_five_digits(text):
            return Code(text) if damm_ok(text) else None
        return self.phone(text)

    def amount(self, text: str) -> Amount | None:
        """Read an amount."""
        rules = self._grammar
        return read_amount(
            text,
            decimals=rules.decimals,
            decimal_comma=rules.decimal_comma,
            unit=rules.unit,
        )

    def is_pin(self, text: str) -> bool:
        """Whether a word has the shape of a PIN."""
        return len(text) == self._grammar.pin_length and is_digits(text)

    def is_unit(self, text: str) -> bool:
        """Whether a word is the name of the unit."""
        return text == self._grammar.unit.upper()

    def take_pin(self, words: Sequence[Word]) -> Secret | None:
        """Read all of some words as one PIN, with `PIN` or `CLAVE` before it or not."""
        if len(words) == 2 and words[0].text in PIN_MARKS:
            words = words[1:]
        if len(words) == 1 and self.is_pin(words[0].text):
            return Secret(words[0].text)
        return None

    def take_card(self, words: Sequence[Word]) -> Secret | None:
        """Read all of some words as one code of a card."""
        if len(words) == 1 and _CARD.fullmatch(words[0].text):
            return Secret(words[0].text)
        return None


@lru_cache(maxsize=16)
def shapes_of(grammar: Grammar) -> Shapes:
    """Return the shapes of a grammar."""
    return Shapes(grammar)


def is_digits(text: str) -> bool:
    """Whether a word is ASCII digits and nothing else."""
    return text.isascii() and text.isdigit()


def is_five_digits(text: str) -> bool:
    """Whether a word has the shape of a member code, check digit right or not."""
    return len(text) == _CODE_DIGITS and is_digits(text)


def is_damaged_alias(text: str) -> bool:
    """Whether a word would be an alias but for `¡`, as `@` arrives from some phones."""
    return _DAMAGED.fullmatch(text) is not None


def question_token(text: str) -> int | None:
    """Read the two digits that name a pending question."""
    return int(text) if _QUESTION.fullmatch(text) else None


def joined_digits(words: Sequence[Word]) -> str | None:
    """Join words that are digits with hyphens perhaps; None if one is anything else."""
    text = "".join(word.text.replace("-", "") for word in words)
    return text if is_digits(text) else None

"""The first thing done to a text: one clean line, then its words.

What comes in: a text as the network delivered it. What goes out: the same text on one
line, without what phones and keyboards add (emoji, quotes, accents, zero-width and
control characters, `$` before or behind an amount), then its words with their places
in that line. Nothing is dropped that stands *inside* a number: `12'50` stays unclear.
Characters that would be read as another number are reported, and `commands.parse`
refuses the text. Words are given a meaning in `commands.tokens`, the line is made safe
to keep in `commands.redact`.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

#: Stands behind a character that would be read as another number than it shows.
_STRANGE = "\x00"
_QUOTES = frozenset("\"'`´‘’‚‛“”„‟«»‹›′″‵‶ʼʹʺ＂＇")
_KEPT = frozenset("ñÑ¡¿")
#: The numero sign would otherwise be read as the word NO.
_NUMBER_SIGNS = frozenset("№")
_FOLDS_MAX = 4096

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f]")
# Possessive, so that a run of quotes is dropped whole or not at all.
_LOOSE_QUOTES = re.compile(r"(?<![0-9.,'\"`])['\"`]++|(?<!['\"`])['\"`]++(?![0-9.,])")
_LOOSE_DOLLARS = re.compile(r"(?<![^\s*#;])\$++|(?<!\$)\$++(?![^\s*#;.,!?:])")
_WORD = re.compile(r"[^\s*#;]+")
_TRAILING = ".,!?:"
_LEADING = "¡¿.,!?:"


@dataclass(frozen=True, slots=True)
class Word:
    """A word, folded to upper case without accents, and its place in the line.

    It may be a PIN, so it does not show itself.
    """

    text: str
    start: int
    end: int

    def __repr__(self) -> str:
        """Show the place only."""
        return f"Word({self.start}:{self.end})"


class _Folds(dict[int, str]):
    """What each character becomes, worked out when it is first met."""

    def __missing__(self, point: int) -> str:
        folded = _fold(chr(point))
        # A sender could otherwise fill the memory with rare characters.
        if len(self) < _FOLDS_MAX:
            self[point] = folded
        return folded


def clean(text: str) -> tuple[str, bool]:
    """Return a text on one clean line, and whether it holds a strange number.

    A strange number is a character beyond ASCII that compatibility folding (NFKC) would
    turn into a digit, dot, comma or slash, or that is a digit of another script: `5²`,
    `①`. In the line it is folded all the same, so that it can be redacted.
    """
    strange = False
    if not text.isascii():
        text = unicodedata.normalize("NFC", text).translate(_FOLDS)
        if _STRANGE in text:
            strange = True
            text = text.replace(_STRANGE, "")
    elif _CONTROL.search(text):
        text = _CONTROL.sub("", text)
    if '"' in text or "'" in text or "`" in text:
        text = _LOOSE_QUOTES.sub("", text)
    if "$" in text:
        text = _LOOSE_DOLLARS.sub("", text)
    return " ".join(text.split()), strange


def split(line: str) -> list[Word]:
    """Split a clean line at spaces and `*`, `#`, `;`, and trim the words."""
    words = []
    for match in _WORD.finditer(line):
        raw = match[0]
        start = match.start()
        text = raw.rstrip(_TRAILING)
        if not text[:1].isalnum():
            if not text.strip(_LEADING):
                if "?" not in raw:
                    continue
                text = "?"
            else:
                text, start = _trim_start(text, start)
        folded = text.upper()
        if "Ñ" in folded:
            folded = folded.replace("Ñ", "N")
        words.append(Word(folded, start, start + len(text)))
    return words


def _trim_start(text: str, start: int) -> tuple[str, int]:
    """Drop leading marks, but never a dot or comma that opens a number."""
    rest = text.lstrip(_LEADING)
    if not rest[:1].isalpha():
        rest = text.lstrip("¡¿")
    return rest, start + len(text) - len(rest)


def _fold(char: str) -> str:
    if char in _QUOTES:
        return '"'
    if char in _KEPT:
        return char
    if char.isascii():
        return "" if _CONTROL.match(char) else char
    if char.isspace():
        return " "
    folded = unicodedata.normalize("NFKC", char)
    if any(c.isnumeric() or c in ".,/" for c in folded):
        return "".join(map(_ascii_digit, folded)) + _STRANGE
    if char in _NUMBER_SIGNS:
        return "#" + _STRANGE
    if char.isnumeric():
        return _ascii_digit(char) + _STRANGE
    category = unicodedata.category(char)
    if category[0] == "M" or category in {"Cf", "Cc"}:
        return ""
    if category[0] == "C" or category in {"So", "Sk"}:
        # Emoji part words: dropped from the middle of a number they would join it.
        return " "
    return "".join(
        '"' if c in _QUOTES else c
        for c in unicodedata.normalize("NFKD", folded)
        if unicodedata.category(c)[0] != "M"
    )


def _ascii_digit(char: str) -> str:
    """Fold a digit of any script, and other numbers to the digits of their value."""
    if char.isascii() or not char.isnumeric():
        return char
    value = unicodedata.numeric(char)
    return str(int(value)) if value >= 0 and value.is_integer() else "0"


_FOLDS = _Folds()

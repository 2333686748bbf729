"""What may be kept of a text: no PIN, however it was written.

What comes in: a text, and the places of the few words that the one accepted reading
took for a phone, a member code, a payment reference or an amount with a decimal. What
goes out: the line with `****` for every other group of four or more digits, whether
they stand together, apart, as words or in another script. It errs on hiding. Everything
that stores, logs or echoes a text comes through here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from commands.normalise import clean

if TYPE_CHECKING:
    from collections.abc import Sequence

#: A place in a clean line: first character, and one past the last.
Span = tuple[int, int]

HIDDEN = "****"
#: Fewer digits than the shortest PIN tell nothing.
_DIGITS_MIN = 4

_NAMES = (
    "cero|uno|una|un|dos|tres|cuatro|cinco|seis|siete|ocho|nueve"
    "|zero|oh|one|two|three|four|five|six|seven|eight|nine"
)
_NAME = re.compile(_NAMES, re.IGNORECASE)
# O and l typed for 0 and 1 count beside digits. A name may be glued to others.
_UNIT = re.compile(
    r"(?:(?<![^\W\d_])[OoIl]+(?=[0-9]))?[0-9][0-9OoIl]*"
    rf"|(?<![^\W\d_])(?:{_NAMES})+(?![^\W\d_])",
    re.IGNORECASE,
)
# What may stand between the digits of one group; a line has no two spaces together.
_JOINT = re.compile(r"[\W_]{0,4}")


def redact(text: str, spared: Sequence[Span] = ()) -> str:
    """Return a text that is safe to store, log and echo.

    `spared` are places in the clean line (`commands.normalise.clean`), in order.
    """
    return mask(clean(text)[0], spared)


def mask(line: str, spared: Sequence[Span] = ()) -> str:
    """Redact a line that is clean already."""
    if not spared:
        return _hide(line)
    pieces = []
    at = 0
    for start, end in spared:
        pieces += [_hide(line[at:start]), line[start:end]]
        at = end
    pieces.append(_hide(line[at:]))
    return "".join(pieces)


def names_digit(word: str) -> bool:
    """Whether a word is the name of a digit, or several glued together."""
    found = _UNIT.fullmatch(word)
    return found is not None and word.isalpha()


def _hide(line: str) -> str:
    pieces = []
    kept = 0
    for start, end in _groups(line):
        pieces += [line[kept:start], HIDDEN]
        kept = end
    if not pieces:
        return line
    pieces.append(line[kept:])
    return "".join(pieces)


def _groups(line: str) -> list[Span]:
    """Return the groups of digits that are long enough to hold a PIN."""
    groups: list[Span] = []
    start = end = count = 0
    for unit in _UNIT.finditer(line):
        first, last = unit.span()
        digits = _count(unit[0])
        if count and _JOINT.fullmatch(line, end, first):
            count += digits
        else:
            if count >= _DIGITS_MIN:
                groups.append((start, end))
            start, count = first, digits
        end = last
    if count >= _DIGITS_MIN:
        groups.append((start, end))
    return groups


def _count(unit: str) -> int:
    """Count digits; names that were glued together hide whatever they are."""
    if not unit.isalpha():
        return len(unit)
    return 1 if _NAME.fullmatch(unit) else _DIGITS_MIN

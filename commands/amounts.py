"""Amounts as members type them, to minor units, or to nothing where there is doubt.

What comes in: one folded word. What goes out: an `Amount`, or None. A dot is the
decimal point and a comma parts the thousands, unless the network says the reverse; the
other way round is accepted only where it cannot mean anything else (`12,50`), and
`1.500` is refused. Digits are ASCII, and nothing is ever rounded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_SWAPPED = str.maketrans(".,", ",.")
_SEPARATORS = str.maketrans("", "", ".,")


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """An amount above zero, and whether it was written with a decimal."""

    minor: int
    exact: bool


def read_amount(
    text: str, *, decimals: int = 2, decimal_comma: bool = False, unit: str = "PT"
) -> Amount | None:
    """Read one folded word as an amount of at most six digits before the point.

    `decimals` is 0 to 2. The unit may be glued behind the number. Zero, signs, leading
    zeros and whatever could be two amounts are None.
    """
    # By far most words that are asked about are no numbers at all.
    if not text or text[0] not in "0123456789.,":
        return None
    if decimal_comma:
        text = text.translate(_SWAPPED)
    match = _pattern(decimals, unit).fullmatch(text)
    if match is None:
        return None
    number: str = match[1]
    at = max(number.rfind("."), number.rfind(","))
    # Three digits behind the last separator are thousands: decimals are fewer.
    exact = at >= 0 and len(number) - at - 1 <= decimals
    if exact:
        whole, part = number[:at].translate(_SEPARATORS), number[at + 1 :]
    else:
        whole, part = number.translate(_SEPARATORS), ""
    minor = int((whole or "0") + part.ljust(decimals, "0"))
    return Amount(minor=minor, exact=exact) if minor else None


@lru_cache(maxsize=16)
def _pattern(decimals: int, unit: str) -> re.Pattern[str]:
    """Return the pattern of one amount, with the dot as decimal point."""
    whole = "(?:0|[1-9][0-9]{0,5})"
    group = "[1-9][0-9]{0,2}"
    part = f"[0-9]{{1,{decimals}}}" if decimals else "(?!)"
    number = "|".join(
        (
            rf"{group},[0-9]{{3}}(?:\.{part})?",
            rf"{group}\.[0-9]{{3}},{part}",
            rf"{whole}(?:[.,]{part})?",
            rf"\.{part}",
        )
    )
    return re.compile(rf"({number})(?:{re.escape(unit.upper())})?")

"""The Damm check digit that ends member codes and payment references.

What comes in: ASCII digits. What goes out: their check digit, or whether a number ends
in the right one. It catches every single wrong digit and every swap of two neighbours,
so that a slip on a keypad is told from a number nobody has. Codes are drawn in
`smsgate.codes` and read in `commands.tokens`.
"""

from __future__ import annotations

#: H. M. Damm's totally anti-symmetric quasigroup of order 10; row: digit so far.
_TABLE = tuple(
    tuple(int(digit) for digit in row)
    for row in (
        "0317598642",
        "7092154863",
        "4206871359",
        "1750983426",
        "6123045978",
        "3674209581",
        "5869720134",
        "8945362017",
        "9438617205",
        "2581436790",
    )
)


def _interim(digits: str) -> int:
    interim = 0
    for digit in digits:
        interim = _TABLE[interim][ord(digit) - 48]
    return interim


def damm_digit(body: str) -> str:
    """Return the check digit to write behind `body`, which is ASCII digits."""
    return str(_interim(body))


def damm_ok(number: str) -> bool:
    """Whether a number is two or more ASCII digits, the last its check digit."""
    if len(number) < 2 or not (number.isascii() and number.isdigit()):
        return False
    return _interim(number) == 0

"""Amounts: integers of minor units inside, decimal text at the edges, never a float.

`parse_amount` reads what an operator or a spreadsheet writes (`25`, `25.50`, `-3.00`);
what a member writes is read by `commands.amounts`, which is stricter about doubt.
`plain` is the form of JSON and CSV: `"1234.50"`, no thousands separator.
"""

from __future__ import annotations

import re

from smsgate.errors import SmsgateError

#: The largest amount a column takes: the schema's own CHECK.
AMOUNT_MAX = 1_000_000_000_000

_AMOUNT = re.compile(r"(?P<sign>-?)(?P<whole>[0-9]{1,10})(?:\.(?P<part>[0-9]{1,4}))?")


class BadAmount(SmsgateError):
    """This is not an amount."""


def parse_amount(text: str, decimals: int = 2, *, signed: bool = False) -> int:
    """Read plain decimal text as minor units.

    Raises:
        BadAmount: it is no amount, has too many decimals, or a sign where none may be.
    """
    match = _AMOUNT.fullmatch(text.strip())
    if match is None or len(match["part"] or "") > decimals:
        raise BadAmount(
            f"{text!r} is not an amount: write it like 1234.50, with at most "
            f"{decimals} decimals and no thousands separator"
        )
    if match["sign"] and not signed:
        raise BadAmount(f"{text!r} is below zero, and this amount may not be")
    minor = int(match["whole"] + (match["part"] or "").ljust(decimals, "0"))
    return -minor if match["sign"] else minor


def plain(minor: int, decimals: int = 2) -> str:
    """Write minor units as plain decimal text, for JSON, CSV and configuration."""
    sign = "-" if minor < 0 else ""
    if decimals == 0:
        return f"{sign}{abs(minor)}"
    whole, part = divmod(abs(minor), 10**decimals)
    return f"{sign}{whole}.{part:0{decimals}d}"

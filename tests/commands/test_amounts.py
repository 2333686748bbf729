"""Amounts as members type them: what each is read as, and what is never guessed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.amounts import Amount, read_amount

#: What is typed, minor units, and whether it was written with a decimal.
READ = [
    ("25", 25_00, False),
    ("25.5", 25_50, True),
    ("25.50", 25_50, True),
    (".50", 50, True),
    (".5", 50, True),
    ("0.05", 5, True),
    ("25PT", 25_00, False),
    ("25.50PT", 25_50, True),
    ("1", 1_00, False),
    ("1500", 1500_00, False),
    ("1500.00", 1500_00, True),
    ("1,500", 1500_00, False),
    ("1,234.50", 1234_50, True),
    ("12,345.6", 12345_60, True),
    ("123,456.78", 123456_78, True),
    ("12,50", 12_50, True),
    ("12,5", 12_50, True),
    ("0,50", 50, True),
    ("1234,50", 1234_50, True),
    ("1.234,50", 1234_50, True),
    ("1.234,5", 1234_50, True),
    ("999999", 999_999_00, False),
    ("999999.99", 999_999_99, True),
]

REFUSED = [
    # One comma or dot too many, or in a place where it could be either.
    "1.500", "12.345", "123.456", "1.500.000", "25.505", "1,23,4", "1,5,0", "12,50.5",
    "1.2345", "1.2.3", "1234,500", "1.234,567", "1,234,567", "1,2345", "1234,5.0",
    # Letters that look like digits, and what programs take for numbers.
    "2O", "O5", "l5", "1e3", "1E3", "inf", "NAN", "1_000", "0x10", "25.50.", "25.",
    # Signs, and other units.
    "-5", "+5", "5-", "-.5", "(5)", "25€", "€25", "25%", "$25", "US$25", "25PTS", "PT",
    # Nothing, or something that is not written so.
    "0", "0.00", "00", "0,0", ".0", ".", ",", "", ",50", "05", "00.50", "007",
    # Too much.
    "1234567", "1234567.00", "1,234,567.00",
    # Other scripts, and other things in it.
    "٢٥", "２５", "5²", "①", "25.5₀", "½", "12'50", "1 500", " 25", "25 ", "25\n",
    "1.500PT",
]  # fmt: skip


@pytest.mark.parametrize(("text", "minor", "exact"), READ, ids=[row[0] for row in READ])
def test_read(text: str, minor: int, exact: bool) -> None:
    """These are read as what they say, to the cent."""
    assert read_amount(text) == Amount(minor=minor, exact=exact)


@pytest.mark.parametrize("text", REFUSED)
def test_refused(text: str) -> None:
    """These could be two amounts, or none, and are never guessed."""
    assert read_amount(text) is None


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("25,50", 25_50),
        ("1.500", 1500_00),
        ("1.234,50", 1234_50),
        ("12.50", 12_50),
        ("1,234.50", 1234_50),
        (",50", 50),
        ("1,500", None),
        (".50", None),
    ],
)
def test_decimal_comma(text: str, minor: int | None) -> None:
    """A network may turn the roles of dot and comma round; then `1,500` is refused."""
    found = read_amount(text, decimal_comma=True)
    assert (found and found.minor) == minor


@pytest.mark.parametrize(
    ("text", "decimals", "unit", "minor"),
    [
        ("25", 0, "PT", 25),
        ("1,500", 0, "PT", 1500),
        ("25.5", 0, "PT", None),
        ("25.00", 0, "PT", None),
        ("25.5", 1, "PT", 255),
        ("25.50", 1, "PT", None),
        ("25HORA", 2, "Hora", 25_00),
        ("25PT", 2, "Hora", None),
    ],
)
def test_other_units(text: str, decimals: int, unit: str, minor: int | None) -> None:
    """Decimals and the unit's name are the network's."""
    found = read_amount(text, decimals=decimals, unit=unit)
    assert (found and found.minor) == minor


@given(st.integers(1, 999_999_99))
def test_what_we_write_is_read_back(minor: int) -> None:
    """Each way in which replies write an amount is read as that amount."""
    value = Decimal(minor).scaleb(-2)
    for text in (f"{value:.2f}", f"{value:,.2f}"):
        assert read_amount(text) == Amount(minor=minor, exact=True)


@given(st.text("0123456789.,", max_size=10))
def test_never_more_than_was_written(text: str) -> None:
    """Whatever is read has the digits that were typed, and no others."""
    found = read_amount(text)
    if found is not None:
        digits = text.replace(".", "").replace(",", "")
        assert str(found.minor).rstrip("0") == digits.strip("0")
        assert found.minor >= int(digits)

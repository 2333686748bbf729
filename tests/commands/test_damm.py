"""Promises of the check digit behind member codes and payment references."""

from __future__ import annotations

import pytest

from commands.damm import damm_digit, damm_ok

CODES = [
    body + damm_digit(body)
    for body in (f"{number:04d}" for number in range(0, 9999, 7))
]


@pytest.mark.parametrize("code", ["20417", "13076", "55820", "4812057735"])
def test_known_numbers(code: str) -> None:
    """The codes and the reference that the documents print are right."""
    assert damm_ok(code)
    assert damm_digit(code[:-1]) == code[-1]


def test_every_wrong_digit_is_caught() -> None:
    """One wrong digit anywhere in a code is never taken for another member's."""
    slipped = {
        code[:at] + digit + code[at + 1 :]
        for code in CODES
        for at in range(5)
        for digit in "0123456789"
        if digit != code[at]
    }
    assert not any(map(damm_ok, slipped))


def test_every_swap_of_neighbours_is_caught() -> None:
    """Two neighbours swapped are never taken for another member's code."""
    swapped = {
        code[:at] + code[at + 1] + code[at] + code[at + 2 :]
        for code in CODES
        for at in range(4)
        if code[at] != code[at + 1]
    }
    assert not any(map(damm_ok, swapped))


@pytest.mark.parametrize(
    "text", ["", "0", "2041a", "２０４１７", "٢٠٤١٧", " 20417", "-20417"]
)
def test_anything_else_is_no_number(text: str) -> None:
    """Only ASCII digits can have a check digit."""
    assert not damm_ok(text)

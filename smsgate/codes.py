"""Numbers with a check digit, and the random ones: member codes and references.

Both end in a Damm digit, which catches every single wrong digit and every swap of two
neighbours, so that a slip on a keypad is told from an unknown member. The algorithm
stands in `commands.damm`, which reads the same numbers in texts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands.damm import damm_digit

if TYPE_CHECKING:
    from smsgate.clock import Clock


def draw_code(clock: Clock) -> str:
    """Draw a member code: four random digits and their check digit."""
    # A code never begins with 0: some spreadsheets would drop it.
    body = str(clock.random.randrange(1000, 10_000))
    return body + damm_digit(body)


def draw_ref(clock: Clock) -> str:
    """Draw a payment reference: nine random digits and their check digit."""
    body = f"{clock.random.randrange(10**9):09d}"
    return body + damm_digit(body)


def draw_one_time_code(clock: Clock) -> str:
    """Draw a one-time code for a first PIN: eight random digits."""
    return f"{clock.random.randrange(10**8):08d}"

"""Which new PINs are refused: the ones that a thief tries first.

What comes in: a new PIN, and what everybody can know of the member. What goes out: why
it is too easy, or None. Three guesses at each of many members find one PIN in five when
people choose freely, hence the rules. Whether a PIN was used before is seen by
`smsgate.members.pins.hashing`, which alone can compare verifiers.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from commands.reply import WeakPin

if TYPE_CHECKING:
    from collections.abc import Callable

_YEARS = range(1930, 2030)

#: The most used of four digits that no rule above refuses: pairs, mirrors, round
#: numbers, columns and corners of the keypad.
_COMMON_4 = (
    "0007 0070 0101 0852 0911 1001 1004 1010 1101 1112 1122 1123 1133 1144 1221 1313 "
    "1331 1342 1379 1397 1414 1470 1478 1515 1590 1793 2000 2002 2112 2211 2233 2323 "
    "2525 2580 3131 3311 3322 3344 3698 3690 4411 4455 5150 5252 5566 5683 6677 6969 "
    "7410 7788 7890 7913 8520 8800 8899 9009 9630 9632 9731 9911 9988"
)
_COMMON_6 = (
    "000001 007007 010203 111222 112211 112233 123321 123654 134679 142536 147258 "
    "147852 159357 159753 222333 246810 258369 321654 332211 369258 456123 456852 "
    "741852 753159 753951 789456 852456 963852 987321 998877"
)
COMMON = frozenset(f"{_COMMON_4} {_COMMON_6}".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What anybody may know of a member."""

    #: E.164.
    phone: str
    code: str


def weakness(pin: str, known: Known, length: int) -> WeakPin | None:
    """Return why a PIN is too easy, the first reason that applies, or None."""
    if len(pin) != length or not (pin.isascii() and pin.isdigit()):
        return WeakPin.length
    for why, applies in RULES:
        if applies(pin, known):
            return why
    return None


def _repeats(pin: str, _known: Known) -> bool:
    """One piece again and again: 1111, 1212, 123123."""
    halves = range(1, len(pin) // 2 + 1)
    return any(
        len(pin) % size == 0 and pin == pin[:size] * (len(pin) // size)
        for size in halves
    )


def _steps(pin: str, _known: Known) -> bool:
    """The same step from digit to digit; a step of one also past 9 or 0: 7890."""
    steps = {int(b) - int(a) for a, b in pairwise(pin)}
    around = {step % 10 for step in steps}
    return len(steps) == 1 or around in ({1}, {9})


def _date(pin: str, _known: Known) -> bool:
    """A year in which a member, a child or a shop may have been born."""
    return len(pin) == 4 and int(pin) in _YEARS


def _own_number(pin: str, known: Known) -> bool:
    """A piece of the own phone or code, or the whole code."""
    return pin in known.phone or pin in known.code or known.code in pin


def _common(pin: str, _known: Known) -> bool:
    return pin in COMMON


#: In the order in which they are told.
RULES: tuple[tuple[WeakPin, Callable[[str, Known], bool]], ...] = (
    (WeakPin.repeats, _repeats),
    (WeakPin.steps, _steps),
    (WeakPin.date, _date),
    (WeakPin.own_number, _own_number),
    (WeakPin.common, _common),
)

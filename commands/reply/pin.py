"""Replies about PINs: wrong, locked, too easy, changed.

What comes in: tries, times, reasons; never a PIN, not even a wrong one. What goes out:
one value for each outcome of `smsgate.members.pins`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from commands.reply.voice import Reply

if TYPE_CHECKING:
    from datetime import datetime

__all__ = [
    "CodeBad",
    "PinBad",
    "PinChanged",
    "PinDelayed",
    "PinLocked",
    "PinReset",
    "PinResetStopped",
    "PinUnequal",
    "PinWeak",
    "WeakPin",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class PinBad(Reply):
    """Wrong PIN, and how many tries are left; `money`: "NO se pago" comes first."""

    tries_left: int
    money: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PinLocked(Reply):
    """Locked until a time; None: until seen in person."""

    until: datetime | None
    money: bool


class WeakPin(StrEnum):
    """Why a new PIN is refused."""

    #: All digits equal, or pairs repeated (1212).
    repeats = "repeats"
    #: Digits rise or fall by a constant step.
    steps = "steps"
    #: A year from 1930 to 2029, or a day and month.
    date = "date"
    #: A piece of the member's own phone or code.
    own_number = "own_number"
    #: Among the most used.
    common = "common"
    #: Used before.
    reused = "reused"
    #: Not as many digits as the network's PINs have.
    length = "length"


@dataclass(frozen=True, slots=True, kw_only=True)
class PinWeak(Reply):
    """The new PIN is too easy; nothing was changed."""

    why: WeakPin
    digits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PinUnequal(Reply):
    """The new PIN was not written the same twice; nothing was changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PinChanged(Reply):
    """The new PIN holds; delete the message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PinDelayed(Reply):
    """The new PIN holds from `at`; until then the old one does."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PinReset(Reply):
    """Security notice: somebody asked for a new PIN; how to stop it.

    `token` None: none was free, and only ROBO stops it.
    """

    token: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PinResetStopped(Reply):
    """The asked-for PIN is void; staff were told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeBad(Reply):
    """Wrong, expired or used-up one-time code; `tries_left` 0: ask for a new one."""

    tries_left: int

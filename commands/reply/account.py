"""Replies about the member's own affairs, and about receipts that they were shown.

What comes in: balances and movements in minor units, references, names. What goes out:
the answers to SALDO, MOVS, VER, ROBO and IDIOMA.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from commands.reply.voice import Reply

if TYPE_CHECKING:
    from datetime import datetime

    from commands.command import Keyword

__all__ = [
    "Balance",
    "Blocked",
    "FalseReceipt",
    "Genuine",
    "History",
    "LanguageSet",
    "LanguageUnknown",
    "LastMove",
    "PinAsked",
    "ReversedReceipt",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class LastMove:
    """The newest posting of a statement; `amount` is negative for a debit."""

    amount: int
    name: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance(Reply):
    """SALDO."""

    balance: int
    available: int
    limit: int
    last: LastMove | None


@dataclass(frozen=True, slots=True, kw_only=True)
class History(Reply):
    """MOVS: at most three postings, newest first; `next_page` None at the end."""

    moves: tuple[LastMove, ...]
    next_page: int | None
    #: A page behind the last one was asked for.
    beyond: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PinAsked(Reply):
    """A command without the PIN it needs: how to write it; `money`: DEVOLVER."""

    keyword: Keyword
    money: bool = False
    #: SALDO VISIBLE.
    visible: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Genuine(Reply):
    """VER: the receipt is real and not reversed; phones are not told."""

    amount: int
    payer: str
    payee: str
    at: datetime
    ref: str
    #: How many whole days ago it was paid.
    days: int = 0
    #: Whether a member asks who neither paid nor was paid.
    other: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReversedReceipt(Reply):
    """VER: the receipt was real and has been reversed since."""

    ref: str
    reversed_at: datetime
    amount: int
    #: How much of it was given back; None: all.
    part: int | None = None
    payer: str
    payee: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FalseReceipt(Reply):
    """VER: no such receipt; `mistyped` when the check digit is wrong."""

    ref: str
    mistyped: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocked(Reply):
    """ROBO from the member's own phone: the account is frozen at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageSet(Reply):
    """IDIOMA was done; said in the new language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageUnknown(Reply):
    """IDIOMA with another word than ES or EN."""

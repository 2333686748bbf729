"""Replies about receipts that can be trusted, and about tills.

What comes in: words, names, counts and amounts in minor units. What goes out: the
answers to PALABRA, CAJERO and CIERRE, what a till is told, and what VER says to
somebody who has asked too often. What VER finds stands in `commands.reply.account`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from commands.reply.voice import Reply

if TYPE_CHECKING:
    from datetime import datetime

    from commands.reply.voice import Party

__all__ = [
    "CardAsked",
    "CardBad",
    "CardEmpty",
    "CardIssued",
    "CardNeeded",
    "ConfirmCard",
    "PaidTill",
    "TillAdded",
    "TillCannot",
    "TillClosed",
    "TillDropped",
    "TillNamed",
    "TillOpened",
    "TillTaken",
    "TillTotal",
    "TillUnknown",
    "Tills",
    "TillsFull",
    "Totals",
    "TotalsOfTill",
    "VerifyOver",
    "VoucherBad",
    "VoucherIssued",
    "VoucherLate",
    "VoucherLocked",
    "VoucherMistyped",
    "VoucherOver",
    "VoucherSpent",
    "VoucherUsed",
    "WordBad",
    "WordSet",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class WordSet(Reply):
    """PALABRA was done: this word opens the member's receipts from now on."""

    word: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WordBad(Reply):
    """PALABRA with a word that anybody would guess, or that is a command's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyOver(Reply):
    """VER: too many receipts were checked from this phone within an hour."""

    count: int


# ---- tills


@dataclass(frozen=True, slots=True, kw_only=True)
class TillAdded(Reply):
    """CAJERO ALTA: the till's phone receives from now on; `code` is paid like any."""

    till: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TillDropped(Reply):
    """To the owner: this phone is a till no longer; `left`: it said so itself."""

    till: str
    left: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TillOpened(Reply):
    """To the till's phone: what it is from now on, and how to refuse."""

    owner: Party


@dataclass(frozen=True, slots=True, kw_only=True)
class TillClosed(Reply):
    """To the till's phone: it is a till no longer."""

    owner: Party


@dataclass(frozen=True, slots=True, kw_only=True)
class TillTaken(Reply):
    """CAJERO ALTA with a phone that speaks for a member or is a till already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TillNamed(Reply):
    """CAJERO ALTA with a name that another till of the member has."""

    till: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TillsFull(Reply):
    """CAJERO ALTA: the member has as many tills as can be, or added as many today."""

    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TillUnknown(Reply):
    """CAJERO QUITAR: the member has no such till."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tills(Reply):
    """CAJERO: the member's tills, name and code."""

    tills: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TillCannot(Reply):
    """To a till: it cannot do that; `money` when it was about paying."""

    owner: Party
    money: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidTill(Reply):
    """Receipt of a till: no balance, no phone; `till` where it was paid by its code."""

    word: str
    amount: int
    payer: Party
    ref: str
    at: datetime
    till: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TillTotal:
    """What one till received on a day; an empty name: what was paid to no till."""

    name: str
    count: int
    amount: int
    #: Given back on that day, of whichever day's payments.
    returned: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals(Reply):
    """CIERRE to the owner: everything received, then two tills a page."""

    day: datetime
    count: int
    amount: int
    returned: int
    lines: tuple[TillTotal, ...] = ()
    next_page: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TotalsOfTill(Reply):
    """CIERRE to a till: its own, and what was paid to no till."""

    day: datetime
    owner: Party
    own: TillTotal
    rest: TillTotal


# ---- vouchers


@dataclass(frozen=True, slots=True, kw_only=True)
class VoucherIssued(Reply):
    """To the issuer: units are set aside for whoever brings the voucher."""

    amount: int
    until: datetime
    available: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VoucherSpent(Reply):
    """To the issuer: somebody brought the voucher."""

    amount: int
    payee: Party
    ref: str
    #: None: the issuer wants it hidden.
    balance: int | None
    available: int | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class VoucherMistyped(Reply):
    """VALE whose check digit is wrong; costs no try."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoucherBad(Reply):
    """VALE with a number that no voucher has; `tries_left` today from this phone."""

    tries_left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VoucherLocked(Reply):
    """VALE after too many wrong ones today: not looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoucherUsed(Reply):
    """VALE that was brought before, by somebody else or at a till."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class VoucherOver(Reply):
    """VALE that has expired or was called back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoucherLate(Reply):
    """VALE in a text that came too late; nothing was done, it is to be sent again."""


# ---- code cards


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmCard(Reply):
    """Second step by card: who, how much, and which code says yes."""

    amount: int
    payee: Party
    fee: int
    token: int
    position: int
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CardNeeded(Reply):
    """An answer without the code that is needed, or with one that came late."""

    token: int
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CardBad(Reply):
    """Another code than that of the position, and how many tries are left."""

    tries_left: int
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CardEmpty(Reply):
    """A code is needed and the card has none left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardAsked(Reply):
    """TARJETA: staff know, or knew (`again`); `codes` left on the card there is."""

    codes: int | None = None
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CardIssued(Reply):
    """Security notice: a card was made; an earlier one is void."""

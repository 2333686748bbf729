"""Replies about what is asked for, given back, held for a moment or told once more.

What comes in: amounts in minor units, parties, references. What goes out: the answers
to COBRAR, ANULAR, DEVOLVER and ULTIMO, what the other side is told of each, and the
short wait before a first payment. Refusals of DEVOLVER carry `money`, which opens them
with what did not happen; those of COBRAR and ANULAR move nothing and do not.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from commands.reply.voice import Reply

if TYPE_CHECKING:
    from datetime import datetime

    from commands.reply.voice import Party

__all__ = [
    "ChargeAsked",
    "ChargeDenied",
    "ChargeExpired",
    "ChargeGone",
    "ChargeLapsed",
    "ChargeRefused",
    "ChargeSent",
    "ChargeStopped",
    "ChargeWaiting",
    "Cooling",
    "CopyPaid",
    "CopyReceived",
    "GotRefund",
    "NoCharge",
    "NoCopy",
    "NoReceipt",
    "NoRefund",
    "NothingToCancel",
    "RefundOver",
    "RefundRefused",
    "Refunded",
    "ReversalAsked",
    "ReversalDenied",
    "ReversalExpired",
    "ReversalSent",
    "WhichCharge",
]


# ---- COBRAR


class NoCharge(StrEnum):
    """Why a request was not sent; the first that applies is told."""

    #: Nobody has that phone, code or alias.
    unknown = "unknown"
    own_account = "own_account"
    #: The other is frozen or closed; neither which nor why is told.
    cannot_pay = "cannot_pay"
    #: Above what can be paid by text.
    limit = "limit"
    #: So many requests to one member in a day.
    too_many = "too_many"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeRefused(Reply):
    """The request was not sent."""

    why: NoCharge
    #: The most that can be paid by text.
    payment_limit: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeSent(Reply):
    """To who asks: the request is on its way, and how to call it off."""

    amount: int
    payer: Party
    token: int
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeWaiting(Reply):
    """To who asks again: the same request is open, and it was not sent twice."""

    amount: int
    payer: Party
    token: int
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeAsked(Reply):
    """To who is to pay: who asks for how much, and how to say yes or no."""

    amount: int
    payee: Party
    token: int
    until: datetime
    memo: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeDenied(Reply):
    """To who asked: the other said no."""

    amount: int
    payer: Party


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeExpired(Reply):
    """To who asked: the other did not answer in time."""

    amount: int
    payer: Party


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeLapsed(Reply):
    """To who was to pay: the request is over, nothing was paid."""

    amount: int
    payee: Party


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeStopped(Reply):
    """To who asked: the request was called off."""

    amount: int
    payer: Party


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeGone(Reply):
    """To who was to pay: the other called the request off."""

    amount: int
    payee: Party


# ---- ANULAR


@dataclass(frozen=True, slots=True, kw_only=True)
class NothingToCancel(Reply):
    """Nothing is open under that token, or nothing at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WhichCharge(Reply):
    """Several requests of the member's own are open; at most three tokens."""

    tokens: tuple[int, ...]


# ---- DEVOLVER


class NoRefund(StrEnum):
    """Why a payment is not given back or asked for; the first that applies is told."""

    #: No payment of the member's own has that reference.
    unknown = "unknown"
    #: ANULAR of a payment that the member received.
    received = "received"
    old = "old"
    #: All of it was given back before.
    done = "done"
    #: It was asked for before, and not granted.
    asked_before = "asked_before"


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundRefused(Reply):
    """Nothing was given back, nobody was asked."""

    why: NoRefund
    money: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundOver(Reply):
    """More than is left of the payment."""

    left: int
    money: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Refunded(Reply):
    """Receipt of who gave back; `ref` is that of the payment."""

    amount: int
    payee: Party
    ref: str
    #: None: the member wants it hidden.
    balance: int | None
    available: int | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class GotRefund(Reply):
    """Receipt of who got it back; `word` opens it, `ref` is that of the payment."""

    word: str
    amount: int
    payer: Party
    ref: str
    #: None: the member wants it hidden.
    balance: int | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReversalSent(Reply):
    """To who wants a payment back: the receiver was asked."""

    amount: int
    payee: Party
    ref: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReversalAsked(Reply):
    """`reversal.ask`, to who received the payment: will you give it back?"""

    amount: int
    payer: Party
    ref: str
    token: int
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReversalDenied(Reply):
    """To who wants a payment back: the receiver said no."""

    amount: int
    payee: Party
    ref: str
    #: Of the ticket that was opened by itself; None: too many wait already.
    number: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReversalExpired(Reply):
    """To who wants a payment back: the receiver did not answer in time."""

    amount: int
    payee: Party
    ref: str
    #: Of the ticket that was opened by itself; None: too many wait already.
    number: int | None = None


# ---- ULTIMO


class NoCopy(StrEnum):
    """Why there is no receipt to tell once more."""

    #: The member has neither paid nor been paid.
    none_yet = "none_yet"
    #: No payment of the member's own has that reference.
    unknown = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoReceipt(Reply):
    """There is none."""

    why: NoCopy


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyPaid(Reply):
    """A payer's receipt once more; no balance. `returned`: what came back of it."""

    amount: int
    payee: Party
    ref: str
    at: datetime
    returned: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyReceived(Reply):
    """A payee's receipt once more; no balance. `returned`: what was given back."""

    word: str
    amount: int
    payer: Party
    ref: str
    at: datetime
    returned: int = 0


# ---- the wait before a first payment


@dataclass(frozen=True, slots=True, kw_only=True)
class Cooling(Reply):
    """It will be paid in a moment, unless the member says no."""

    amount: int
    payee: Party
    seconds: int
    token: int

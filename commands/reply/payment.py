"""Replies about a payment: receipts, questions, and why nothing was paid.

What comes in: amounts in minor units, parties, references. What goes out: one value for
each thing that can come of a payment. Refusals that other commands share carry `money`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from commands.reply.voice import Reply

if TYPE_CHECKING:
    from datetime import datetime

    from commands.reply.voice import Party

__all__ = [
    "AlreadyDone",
    "Confirm",
    "Failed",
    "Frozen",
    "Late",
    "LateAnswer",
    "MaybeDouble",
    "NoFunds",
    "NoPinYet",
    "NotNow",
    "NotPaid",
    "NothingOpen",
    "OverCount",
    "OverLimit",
    "PaidPayee",
    "PaidPayer",
    "PaySelf",
    "PayeeCannotReceive",
    "PayeeUnknown",
    "PayeeWarned",
    "PinNeeded",
    "QuestionOver",
    "StrayPin",
    "TextWaits",
    "WhichQuestion",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidPayer(Reply):
    """Receipt of the payer."""

    amount: int
    payee: Party
    ref: str
    fee: int
    #: None, both: the payer does not want them told.
    balance: int | None
    available: int | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidPayee(Reply):
    """Receipt of the payee; `word` opens it: the network's name or their PALABRA."""

    word: str
    amount: int
    payer: Party
    ref: str
    #: None: the payee does not want it told.
    balance: int | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirm(Reply):
    """Second step: who, how much, and how to say yes or no."""

    amount: int
    payee: Party
    fee: int
    token: int
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoFunds(Reply):
    """Balance and limit do not reach."""

    amount: int
    payee: Party
    #: None: the payer does not want it told.
    available: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OverLimit(Reply):
    """Over the limit a payment or a day."""

    payment_limit: int
    day_limit: int
    day_used: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OverCount(Reply):
    """Too many payments today."""

    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PayeeUnknown(Reply):
    """Nobody has that phone, code or alias; an alias may be repeated and hinted at.

    `alias` is empty for a phone or a code, which are never repeated.
    """

    alias: str = ""
    #: At most two members (alias, code) whose alias is one edit away.
    near: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PayeeCannotReceive(Reply):
    """The payee is frozen, closed or over their ceiling; says neither which nor why."""

    payee: Party


@dataclass(frozen=True, slots=True, kw_only=True)
class PayeeWarned(Reply):
    """To the payee: a payment was refused because of their own ceiling."""

    amount: int
    payer: Party


@dataclass(frozen=True, slots=True, kw_only=True)
class PaySelf(Reply):
    """Payer and payee are the same member."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen(Reply):
    """The sender's own account is frozen; `money` when a payment was asked for.

    `token`: another phone said ROBO, and this question is still to be answered.
    """

    money: bool
    token: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoPinYet(Reply):
    """The sender has no PIN and asked for something that needs one."""

    money: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MaybeDouble(Reply):
    """`dup.ask`: the same was paid minutes ago; not repeated unless confirmed."""

    amount: int
    payee: Party
    ref: str
    at: datetime
    token: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AlreadyDone(Reply):
    """`dup.replay`: that question was answered already; what came of it."""

    amount: int
    payee: Party
    ref: str
    at: datetime
    #: None: the payer does not want it told.
    balance: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Late(Reply):
    """The text came too late; nothing was paid unless confirmed."""

    sent_at: datetime
    amount: int
    payee: Party
    token: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LateAnswer(Reply):
    """A late or misordered SI: nothing was paid, the question is told anew."""

    amount: int
    payee: Party
    token: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NotPaid(Reply):
    """NO: what was not paid. `more` further questions were closed with it."""

    amount: int
    payee: Party
    more: int = 0
    #: It would have been a payment given back.
    back: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NothingOpen(Reply):
    """SI, NO or a token to which no question is open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionOver(Reply):
    """The question expired or was closed; nothing was paid.

    `other`: it was not about money.
    """

    other: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WhichQuestion(Reply):
    """Several questions are open: answer with token and PIN; at most three tokens."""

    tokens: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PinNeeded(Reply):
    """SI without a PIN where one is needed; `token` names the open question."""

    token: int
    #: That a PIN has.
    digits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StrayPin(Reply):
    """A bare PIN with no open question: nothing was paid; do not send it alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed(Reply):
    """Our own fault: it could not be done; `money`: nothing was paid."""

    money: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NotNow(Reply):
    """The house is in review after a restore; nothing was paid, try later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextWaits(Reply):
    """As `NotNow`, for a text that stays with the network until the review is over."""

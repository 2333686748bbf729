"""Replies of staff: what they decided, and what one of them is asked to agree to.

What comes in: names, codes, amounts, references. What goes out: one value for each
question to the staff, for what they are told of it, and for what the members concerned
are told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from commands.reply.voice import Reply

if TYPE_CHECKING:
    from datetime import datetime

__all__ = [
    "ApprovalGiven",
    "ApprovalNeedsPin",
    "ApprovalOver",
    "ApprovalRefused",
    "ApproveCampaign",
    "ApproveLimit",
    "ApproveReverse",
    "ApproveStaff",
    "GivenBack",
    "LimitAgreed",
    "LimitChanged",
    "ReverseAgreed",
    "StaffAdded",
    "TakenBack",
    "Welcome",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Welcome(Reply):
    """Staff took somebody in: the code to be paid by, and how to go on."""

    name: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveStaff(Reply):
    """To one of the staff: may this person join them?"""

    name: str
    role: str
    token: int
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffAdded(Reply):
    """To all staff: somebody is one of them now; `by` agreed, or the shell alone."""

    name: str
    role: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalGiven(Reply):
    """To whom agreed: it was done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalRefused(Reply):
    """To whom refused: it was not done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalOver(Reply):
    """It was answered by somebody else, or can no longer be done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalNeedsPin(Reply):
    """SI without the PIN to a question of the house: nothing was done."""

    token: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitChanged(Reply):
    """Staff set another credit limit."""

    limit: int
    available: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveLimit(Reply):
    """To one of the staff: may this member have this credit limit?"""

    name: str
    code: str
    limit: int
    token: int
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitAgreed(Reply):
    """To the other staff: a credit limit that one of them agreed to."""

    name: str
    code: str
    limit: int
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveCampaign(Reply):
    """To one of the staff: may this campaign go to so many people?"""

    #: Cut to 20 characters.
    name: str
    people: int
    token: int
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveReverse(Reply):
    """To one of the staff: is this payment to be given back?"""

    amount: int
    payer: str
    payee: str
    ref: str
    token: int
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReverseAgreed(Reply):
    """To the other staff: a payment was given back; who agreed to it."""

    amount: int
    ref: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenBack(Reply):
    """To the payer: staff gave a payment back."""

    amount: int
    name: str
    ref: str
    #: None: they do not want it told.
    balance: int | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBack(Reply):
    """To whom was paid: staff gave the payment back."""

    amount: int
    name: str
    ref: str
    #: None: they do not want it told.
    balance: int | None
    at: datetime

"""Replies about members who pay little for a while, and decisions made for a guardian.

What comes in: names, codes, amounts, times. What goes out: one value for the refusal
above the low limit, for what guardians are told of a phone that was silent for long,
for what staff decide where a guardian does not answer, and for staff who leave.
Imported from here by name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from commands.reply.voice import Reply

if TYPE_CHECKING:
    from datetime import datetime

__all__ = [
    "ApproveLift",
    "ApproveReset",
    "GuardianPassed",
    "GuardianWoken",
    "JoinOver",
    "OverLow",
    "OverWeek",
    "ResetByStaff",
    "StaffEnded",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class OverLow(Reply):
    """Above what may be paid in a day while it is not certain who holds the phone."""

    limit: int
    used: int
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OverWeek(Reply):
    """Above what may be paid in a week."""

    limit: int
    used: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardianWoken(Reply):
    """To a guardian: the member's phone wrote again after a long silence."""

    name: str
    code: str
    #: How many days nothing was heard of it.
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveReset(Reply):
    """To one of the staff: is a new PIN to hold though no guardian answered?"""

    name: str
    code: str
    token: int
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveLift(Reply):
    """To one of the staff: may a member pay again though no guardian answered?"""

    name: str
    code: str
    token: int
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ResetByStaff(Reply):
    """To the member: staff agreed to the new PIN in a guardian's place."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardianPassed(Reply):
    """To a guardian and the staff: who decided in the guardian's place.

    `lifted`: the member may pay again; else a new PIN holds soon.
    """

    name: str
    code: str
    by: str
    lifted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffEnded(Reply):
    """To all staff, and to who left: somebody is one of them no more."""

    name: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinOver(Reply):
    """To who asked to join: it was not granted; `lapsed`: nobody decided in time."""

    lapsed: bool

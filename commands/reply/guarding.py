"""Replies about a lost phone or PIN, and the guardians who help.

What comes in: names, codes, times. What goes out: one value for each answer to
GUARDIAN and to ROBO with a code, and for what member and guardian are asked and told.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from commands.reply.voice import Reply

if TYPE_CHECKING:
    from datetime import datetime

__all__ = [
    "BlockedBy",
    "BlockedFor",
    "GuardianAsked",
    "GuardianFlaw",
    "GuardianLift",
    "GuardianNamed",
    "GuardianRefused",
    "GuardianSet",
    "LiftLater",
    "Lifted",
    "LiftedFor",
    "PhoneLeft",
    "PhoneMoved",
    "PinHeld",
    "ResetAgreed",
    "ResetConfirmed",
    "ResetDenied",
    "ResetVoided",
    "StopHeard",
    "Stopped",
    "StoppedTwice",
]


class GuardianFlaw(StrEnum):
    """Why somebody cannot be named or dropped as guardian."""

    #: Nobody has that phone, code or alias.
    unknown = "unknown"
    yourself = "yourself"
    #: There are as many as there may be.
    full = "full"
    #: They are no guardian of this member's.
    none = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardianRefused(Reply):
    """GUARDIAN: nothing was changed."""

    why: GuardianFlaw


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardianSet(Reply):
    """GUARDIAN: this member guards from now on, or no more (`dropped`)."""

    name: str
    code: str
    dropped: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardianNamed(Reply):
    """To the guardian: whose they are from now on, or no more (`dropped`)."""

    name: str
    code: str
    dropped: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardianAsked(Reply):
    """To a guardian: was it the member who asked for a new PIN?"""

    name: str
    code: str
    token: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PinHeld(Reply):
    """The new PIN holds from `at`, once the guardian has agreed."""

    name: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ResetAgreed(Reply):
    """To the guardian: the member's new PIN holds from `at`."""

    name: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ResetConfirmed(Reply):
    """To the member: their guardian agreed to the new PIN."""

    name: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ResetDenied(Reply):
    """To the member: their guardian voided the new PIN."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResetVoided(Reply):
    """To the guardian: the new PIN is void, and staff were told."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StopHeard(Reply):
    """ROBO for somebody else: heard; tells nothing about whom."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped(Reply):
    """To the member: another phone said ROBO; how to go on.

    `token` None: none was free, and only guardian or staff lift it. `own`: it came from
    their own number, over a link where that can be forged.
    """

    token: int | None
    own: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StoppedTwice(Reply):
    """To the member: a second phone said ROBO, and the account is frozen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardianLift(Reply):
    """To a guardian: somebody said ROBO of this member; how to lift it."""

    name: str
    code: str
    token: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftLater(Reply):
    """To the member: payments go on at this time."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifted(Reply):
    """To the member: payments go on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftedFor(Reply):
    """To the guardian: the member's payments go on."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockedFor(Reply):
    """To the guardian: the member's account is frozen."""

    name: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockedBy(Reply):
    """To the member: their guardian froze the account."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneMoved(Reply):
    """To the new phone: it speaks for this member, and what they may pay at first."""

    code: str
    limit: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneLeft(Reply):
    """To the old phone: it speaks for nobody any more."""

"""Replies about joining, staff and what waits for them.

What comes in: names, codes, numbers of matters. What goes out: one value for each
answer to ALTA, LLAMAR and RECLAMO, and for what one of the staff is asked or told.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from commands.reply.voice import Reply

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinAsked(Reply):
    """ALTA from a stranger: it waits for staff."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberAlready(Reply):
    """ALTA from a member: what their code is."""

    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Welcome(Reply):
    """Staff took somebody in: the code to be paid by, and how to go on."""

    name: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallNoted(Reply):
    """LLAMAR: staff will call this member."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFull(Reply):
    """Too much waits for staff already: call instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeOpened(Reply):
    """RECLAMO: a ticket was opened; nothing was moved."""

    number: int
    amount: int
    ref: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeUnknown(Reply):
    """RECLAMO: no payment of this member's has that reference."""


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
class Who(Reply):
    """QUIEN: whose phone, code or alias it is; `able`: whether they can be paid."""

    name: str
    code: str
    able: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WhoUnknown(Reply):
    """QUIEN: nobody's; an alias may be repeated and hinted at."""

    alias: str = ""
    #: At most two members (alias, code) whose alias is one edit away.
    near: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WhoEnough(Reply):
    """QUIEN: asked too often in an hour."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AliasSet(Reply):
    """ALIAS: it holds from now on."""

    alias: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AliasRefused(Reply):
    """ALIAS: taken by another (`taken`), or nobody can have it; nothing changed."""

    alias: str
    taken: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AliasEarly(Reply):
    """ALIAS: changed not long ago; when it can be changed again."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit(Reply):
    """CREDITO: how much credit there is, and how much of it is used."""

    limit: int
    used: int
    available: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditAsked(Reply):
    """CREDITO with words: staff will decide; until then the limit is this."""

    limit: int


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
class OptedOut(Reply):
    """BAJA: no promotions; `notices`: no notices of matches either."""

    notices: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OptedIn(Reply):
    """PROMOS SI."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OptOutHeld(Reply):
    """CANCELAR or SALIR while a question is open: it could mean that question."""

    token: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NotHere(Reply):
    """Nobody has the phone that was to be paid; it can be invited with the token."""

    token: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited(Reply):
    """To whom invited: it was sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotInvited(Reply):
    """To whom invited: that phone was invited before, or is a member's by now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation(Reply):
    """To a phone that is no member's: who wants to pay them, and how to join."""

    name: str


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

    `token` None: none was free, and only guardian or staff lift it.
    """

    token: int | None


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

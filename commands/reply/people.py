"""Replies about joining, staff and what waits for them.

What comes in: names, codes, numbers of matters. What goes out: one value for each
answer to ALTA, LLAMAR and RECLAMO, and for what one of the staff is asked or told.
"""

from __future__ import annotations

from dataclasses import dataclass
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

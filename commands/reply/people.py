"""Replies about who is who, and what members want of the network.

What comes in: names, codes, amounts, numbers of matters. What goes out: one value for
each answer to ALTA, LLAMAR, RECLAMO, QUIEN, ALIAS, CREDITO, BAJA and PROMOS, and to the
offer of an invitation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from commands.reply.voice import Reply

if TYPE_CHECKING:
    from datetime import datetime

__all__ = [
    "AliasEarly",
    "AliasRefused",
    "AliasSet",
    "BalanceHidden",
    "BalanceShown",
    "CallNoted",
    "Credit",
    "CreditAsked",
    "DisputeOpened",
    "DisputeUnknown",
    "Invitation",
    "Invited",
    "JoinAsked",
    "MemberAlready",
    "NotHere",
    "NotInvited",
    "OptOutHeld",
    "OptedIn",
    "OptedOut",
    "QueueFull",
    "Who",
    "WhoEnough",
    "WhoUnknown",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinAsked(Reply):
    """ALTA from a stranger: it waits for staff."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberAlready(Reply):
    """ALTA from a member: what their code is."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceHidden(Reply):
    """SALDO OCULTO: receipts tell no balance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceShown(Reply):
    """SALDO VISIBLE: receipts tell the balance again."""

"""Replies of MENU and of USSD sessions: the screens of their tree, and its end.

What comes in: which screen, and whether the answer before it could not be used. What
goes out: the screens as values; their words stand in the catalogues, one template each.
Those that ask for a PIN are shown in a session only, never by SMS.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from commands.reply.voice import Reply

if TYPE_CHECKING:
    from commands.reply.voice import Party

__all__ = [
    "MenuClosed",
    "MenuScreen",
    "Page",
]


class Page(StrEnum):
    """The screens, each one question."""

    root = "root"
    pay_who = "pay_who"
    pay_amount = "pay_amount"
    charge_who = "charge_who"
    charge_amount = "charge_amount"
    market = "market"
    search = "search"
    offer = "offer"
    need = "need"
    verify = "verify"
    account = "account"
    language = "language"
    theft = "theft"
    alias = "alias"
    guardian = "guardian"
    credit = "credit"
    more_credit = "more_credit"
    promos = "promos"
    hidden = "hidden"
    # In a session only.
    till = "till"
    pay_pin = "pay_pin"
    pin = "pin"
    #: For the one-time code of whoever has no PIN yet.
    code = "code"
    old_pin = "old_pin"
    new_pin = "new_pin"
    again_pin = "again_pin"
    resume = "resume"


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuScreen(Reply):
    """One screen; `wrong`: it could not use the answer, and is shown again."""

    screen: Page
    wrong: bool = False
    #: Whom the amount is for or from, on the screens that speak of them.
    payee: Party | None = None
    #: What is about to be paid, and its fee; minor units.
    amount: int | None = None
    fee: int = 0
    #: How many digits a PIN has, where the answer had another number of them.
    digits: int | None = None
    #: What is left after a wrong PIN.
    tries_left: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuClosed(Reply):
    """The menu was left, or could not use several answers in a row."""

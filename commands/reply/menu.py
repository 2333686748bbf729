"""Replies of MENU: the screens of its tree, and its end.

What comes in: which screen, and whether the answer before it could not be used. What
goes out: the screens as values; their words stand in the catalogues, one template each.
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
    market = "market"
    search = "search"
    offer = "offer"
    need = "need"
    verify = "verify"
    account = "account"
    language = "language"


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuScreen(Reply):
    """One screen; `wrong`: it could not use the answer, and is shown again."""

    screen: Page
    wrong: bool = False
    #: Whom the amount is for, on the screen that asks for it.
    payee: Party | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuClosed(Reply):
    """The menu was left, or could not use several answers in a row."""

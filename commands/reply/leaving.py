"""Replies to people who are on a list of phones, and are no members.

What comes in: nothing but who asked. What goes out: that promotions have ended or begun
again, and whose texts these are. They are never told of receipts or a balance.
"""

from __future__ import annotations

from dataclasses import dataclass

from commands.reply.voice import Reply

__all__ = [
    "ListHelp",
    "ListLeft",
    "ListRejoined",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListLeft(Reply):
    """BAJA of a number that is no member's: no more promotions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRejoined(Reply):
    """PROMOS SI of a number that is no member's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListHelp(Reply):
    """AYUDA of a number that was sent promotions: who we are, and how to end it."""

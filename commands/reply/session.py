"""How a USSD session ends when it does not end in what was asked for.

What comes in: that it was left, or that the rest goes by SMS. What goes out: the last
screen as a value; the screens before it stand in `commands.reply.menu`.
"""

from __future__ import annotations

from dataclasses import dataclass

from commands.reply.voice import Reply

__all__ = [
    "PinRenewed",
    "SessionAsks",
    "SessionOver",
    "SessionPage",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionOver(Reply):
    """A USSD session was left; `done`: something had been shown or done in it."""

    done: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionAsks(Reply):
    """What a USSD session cannot finish is asked by SMS."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionPage(Reply):
    """A part of something longer than a screen; `more`, `before`: there are others."""

    #: Already in words.
    text: str
    more: bool
    before: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PinRenewed(Reply):
    """A PIN was changed in a session: no text is left that shows it."""

"""Replies to a text that was not carried out as it was written.

What comes in: a topic, or the reason why a text could not be read. What goes out: help,
and what to write instead. Digits of the text are never repeated.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from commands.reply.voice import Reply

if TYPE_CHECKING:
    from commands.command import Keyword, Why

__all__ = [
    "HelpText",
    "Incomplete",
    "InfoText",
    "NotMember",
    "NotUnderstood",
    "TooLong",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpText(Reply):
    """AYUDA: a page of the commands, or one command."""

    topic: Keyword | None = None
    #: Counts from 1; past the last it is the last.
    page: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class NotUnderstood(Reply):
    """A text without an accepted reading; see `commands.command.Misread`.

    `word` is the first word where it is safe to repeat (letters only), else empty.
    """

    why: Why
    keyword: Keyword | None = None
    suggestions: tuple[Keyword | str, ...] = ()
    money: bool = False
    word: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InfoText(Reply):
    """What staff have written for a word of the network, in the member's language."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TooLong(Reply):
    """More parts than are read: nothing was done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incomplete(Reply):
    """Parts of the text are missing: it came incomplete and nothing was paid."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotMember(Reply):
    """The sender's number is not a member's; how to join, nothing was paid."""

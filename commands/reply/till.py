"""Replies about receipts that can be trusted: the secret word, and who may check one.

What comes in: words and counts. What goes out: the answers to PALABRA, and what VER
says to somebody who has asked too often. What VER finds stands in
`commands.reply.account`.
"""

from __future__ import annotations

from dataclasses import dataclass

from commands.reply.voice import Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class WordSet(Reply):
    """PALABRA was done: this word opens the member's receipts from now on."""

    word: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WordBad(Reply):
    """PALABRA with a word that anybody would guess, or that is a command's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyOver(Reply):
    """VER: too many receipts were checked from this phone within an hour."""

    count: int

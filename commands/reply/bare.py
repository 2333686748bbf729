"""Replies to answers of one word or digit: SI alone, and the digit of a survey.

What comes in: tokens, and how many answers a survey offers. What goes out: one value
for each. Imported from here by name.
"""

from __future__ import annotations

from dataclasses import dataclass

from commands.reply.voice import Reply

__all__ = [
    "SurveyLeft",
    "SurveyNoted",
    "SurveyRange",
    "WhichYes",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class WhichYes(Reply):
    """SI alone with several questions open that yes could answer; none was."""

    #: Newest first.
    tokens: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyNoted(Reply):
    """The digit was kept."""

    choice: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyRange(Reply):
    """The survey waits for a digit from 1 to `count`; nothing was kept."""

    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyLeft(Reply):
    """NO to a survey: it is not asked again."""

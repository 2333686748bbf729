"""Alarms: what an operator's phone is told when the house cannot help itself.

What comes in: a link's name, minutes, what was spent. What goes out: one value for each
trouble. They go to operators and staff, in the network's language.
"""

from __future__ import annotations

from dataclasses import dataclass

from commands.reply.voice import Reply

__all__ = ["BudgetUsed", "LinkFound", "LinkLost"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkLost(Reply):
    """A link has not worked for so many minutes."""

    link: str
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkFound(Reply):
    """A link that was told to be lost works again."""

    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetUsed(Reply):
    """A step of the budget is reached; amounts with the currency, as they are read."""

    #: "day" or "month".
    period: str
    #: 80: campaigns stop; 100: notices, too.
    percent: int
    spent: str
    budget: str

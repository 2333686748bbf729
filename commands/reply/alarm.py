"""Alarms: what an operator's phone is told when the house cannot help itself.

What comes in: the name of a link or a campaign, minutes, what was spent. What goes out:
one value for each trouble. They go to operators and staff, in the network's language.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from commands.reply.voice import Reply

__all__ = [
    "AirtimeLow",
    "BudgetUsed",
    "CampaignSpent",
    "LinkFound",
    "LinkLost",
    "Period",
    "Step",
]


class Period(StrEnum):
    """What a budget is for."""

    day = "day"
    month = "month"


class Step(IntEnum):
    """How much of a budget is used, in percent."""

    #: Campaigns stop.
    nearly = 80
    #: Notices stop, too.
    all = 100


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
class AirtimeLow(Reply):
    """The credit of a link's SIM is nearly used up."""

    link: str
    #: As the operator writes it.
    credit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetUsed(Reply):
    """A step of the budget is reached; amounts with the currency, as they are read."""

    period: Period
    percent: Step
    spent: str
    budget: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignSpent(Reply):
    """A campaign has used its own budget up, and stands with people unwritten."""

    campaign: str

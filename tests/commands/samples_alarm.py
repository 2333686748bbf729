"""Samples of what operators are told, joined to the others in `samples`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands.reply import (
    AirtimeLow,
    BudgetUsed,
    CampaignSpent,
    LinkFound,
    LinkLost,
    Period,
    Step,
)

if TYPE_CHECKING:
    from commands.reply import Reply

ALARMS: dict[str, Reply] = {
    "link_lost": LinkLost(link="modem-a", minutes=5),
    "link_found": LinkFound(link="modem-a"),
    "airtime_low": AirtimeLow(link="modem-a", credit="0.35"),
    "campaign_spent": CampaignSpent(campaign="queso de mayo"),
    **{
        f"budget_used, {period} {percent}": BudgetUsed(
            period=period, percent=percent, spent="4.10 USD", budget="5.00 USD"
        )
        for period in Period
        for percent in Step
    },
}

LONGEST: dict[str, object] = {
    "link": "W" * 20,
    "credit": "W" * 12,
    "campaign": "W" * 40,
    "spent": "99999.99 USD",
    "budget": "99999.99 USD",
}

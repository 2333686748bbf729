"""Samples of what operators are told, joined to the others in `samples`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands.reply import BudgetUsed, LinkFound, LinkLost

if TYPE_CHECKING:
    from commands.reply import Reply

ALARMS: dict[str, Reply] = {
    "link_lost": LinkLost(link="modem-a", minutes=5),
    "link_found": LinkFound(link="modem-a"),
    **{
        f"budget_used, {period} {percent}": BudgetUsed(
            period=period, percent=percent, spent="4.10 USD", budget="5.00 USD"
        )
        for period in ("day", "month")
        for percent in (80, 100)
    },
}

LONGEST: dict[str, object] = {
    "link": "W" * 20,
    "spent": "99999.99 USD",
    "budget": "99999.99 USD",
}

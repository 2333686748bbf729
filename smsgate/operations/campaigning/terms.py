"""What the configuration says of promotions: when, how many, over which links, at what.

What comes in: a `Config`. What goes out: the `Terms` that texts are queued by, and the
lanes that a preview plays to tell when the last one goes. A campaign that names no link
waits for the cheapest that carries promotions, as `smsgate.messages.routes` has it.
"""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from smsgate.campaigns.forecast import Lane
from smsgate.campaigns.hours import DAYS, Hours
from smsgate.campaigns.plan import PERCENT
from smsgate.campaigns.queueing import Terms

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smsgate.config import Config


def terms_of(config: Config) -> Terms:
    """Return the house's rules for promotions."""
    network, rules = config.network, config.campaigns
    opens, _, closes = rules.hours.partition("-")
    return Terms(
        hours=Hours(
            opens=time.fromisoformat(opens),
            closes=time.fromisoformat(closes),
            days=frozenset(DAYS.index(day) for day in rules.days),
            zone=ZoneInfo(network.timezone),
        ),
        network=network.name,
        language=network.language,
        decimals=network.decimals,
        most=rules.most,
        most_days=rules.most_days,
        costs=costs_of(config),
    )


def costs_of(config: Config) -> dict[str, int]:
    """Return what a segment costs on each link that carries promotions.

    Ten-thousandths of a currency; none where no link has a price.
    """
    carrying = [link for link in config.links if "campaign" in link.classes]
    if all(link.cost is None for link in carrying):
        return {}
    return {link.name: link.cost or 0 for link in carrying}


def lanes_of(config: Config, shares: Mapping[str, int]) -> list[Lane]:
    """Return the links that a campaign's texts go over, and how fast each may.

    Those that it names, and where it leaves a rest, the cheapest that carry promotions.
    """
    costs = costs_of(config)
    least = min(costs.values(), default=0)
    rest = sum(shares.values()) < PERCENT
    return [
        Lane(
            name=link.name,
            per_minute=link.per_minute or config.sms.per_minute,
            per_hour=link.per_hour or config.sms.per_hour,
        )
        for link in config.links
        if link.name in shares
        or (rest and "campaign" in link.classes and costs.get(link.name, 0) == least)
    ]

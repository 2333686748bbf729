"""The ways out as the configuration has them.

What comes in: the settings of the links, of `[sms]` and of `[alerts]`, and what each
link says it can do. What goes out: the `Plan` that `smsgate.gateway.out.routing` works
by, and whom `smsgate.gateway.unasked.alerting` tells. Wired in `smsgate.daemon`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from smsgate.clock import MINUTE_MS
from smsgate.gateway.out.routing import Plan
from smsgate.gateway.unasked.alerting import Alerts
from smsgate.messages.budget import Budget
from smsgate.messages.outbox import Class
from smsgate.messages.routes import Route

if TYPE_CHECKING:
    from collections.abc import Iterable

    from modem.link import Capabilities, Link
    from smsgate.config import Config, LinkConfig


def plan_of(config: Config, links: Iterable[Link]) -> Plan:
    """Return by which rules texts take these links."""
    said = {one.name: one for one in config.links}
    return Plan(
        routes={
            link.name: route_of(link.name, link.capabilities, said.get(link.name))
            for link in links
        },
        budget=Budget(
            timezone=ZoneInfo(config.network.timezone),
            day=config.sms.budget_day,
            month=config.sms.budget_month,
        ),
        network=config.network.name,
        countries=config.sms.allowed(config.network.country),
    )


def route_of(name: str, able: Capabilities, said: LinkConfig | None = None) -> Route:
    """Return a link's route; where nothing is said of it, by what it can do alone."""
    route = Route(
        name=name,
        answerable=able.receive,
        own_number=able.keeps_sender,
        idempotent=able.idempotent,
        trusted=able.trusted,
    )
    if said is None:
        return route
    return replace(
        route,
        prefixes=said.prefixes,
        prefers=said.prefers,
        classes=frozenset(Class[one] for one in said.classes),
        order=said.order,
        share=said.share,
        cost=said.cost or 0,
    )


def alerts_of(config: Config) -> Alerts:
    """Return whom alarms are told, and when a link is one."""
    return Alerts(
        phones=config.alerts.phones,
        link_ms=config.alerts.link_minutes * MINUTE_MS,
        currency=config.sms.currency,
    )

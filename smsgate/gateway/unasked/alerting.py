"""Alarms at work: troubles of links and budget are raised, and phones are told of them.

What comes in: the time, and how every link is. What goes out: alarms of links that have
not worked for minutes, of clocks that are wrong, of steps of the budget and of
campaigns that used up their own; and, of these and of every alarm that another room
raised, a text to each operator and to the staff, over whichever link works. They go as
receipts do: an alarm that waits for a budget or a pace is none. Done every few seconds
by `smsgate.gateway.unasked.housekeeping`, which writes only when something is due.
Letters by e-mail are not sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog

from commands.replies import SEGMENT, name_of, render
from commands.reply import (
    AirtimeLow,
    BudgetUsed,
    CampaignSpent,
    ClockDoubted,
    LinkFound,
    LinkLost,
    Period,
    Step,
    ZoneOff,
)
from commands.spelling import fold
from smsgate.campaigns.feeding import out_of_budget
from smsgate.clock import HOUR_MS, MINUTE_MS
from smsgate.members import staff
from smsgate.messages import alarms, budget, outbox
from smsgate.messages.budget import DECIMALS
from smsgate.messages.outbox import Class
from smsgate.money import plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from commands.reply import Voice
    from smsgate.gateway.out.routing import Routing
    from smsgate.gateway.timekeeping import Timekeeper
    from smsgate.store import Query, Tx

log = structlog.get_logger(__name__)

#: The name under which the outbox keeps alarms.
NAME = "alarm"
#: How long an alarm is worth sending.
_LIVES_MS = HOUR_MS
#: Keys of what is told about a campaign begin so.
_CAMPAIGN = "campaign.spent:"
#: That of our own clock.
_CLOCK = "clock.doubted"
#: Roles of the staff who look after the house.
_ROLES = frozenset({"operator", "operador", "operadora", "staff", "personal"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Alerts:
    """Who is told, and of what."""

    #: E.164; the staff's own are added.
    phones: tuple[str, ...] = ()
    #: How long a link may be down before it is a trouble.
    link_ms: int = 5 * MINUTE_MS
    currency: str = "USD"


class Alerting:
    """Raises the house's own alarms and has all of them told."""

    def __init__(
        self, routing: Routing, voice: Voice, alerts: Alerts, time: Timekeeper
    ) -> None:
        """Watch the links and the budget of `routing`, and what `time` knows."""
        self._routing = routing
        self._time = time
        self._voice = voice
        self._alerts = alerts
        #: What the housekeeping does, each in a transaction of its own.
        self.works: tuple[Callable[[Tx], None], ...] = (
            self._links,
            self._airtime,
            self._clocks,
            self._budget,
            self._campaigns,
            self._owe,
        )

    def _links(self, tx: Tx) -> None:
        for name in self._routing.all_links:
            key = f"link.down:{name}"
            down_ms = round(self._routing.down_for_s(name) * 1000)
            if down_ms > self._alerts.link_ms:
                lost = LinkLost(link=name, minutes=down_ms // MINUTE_MS)
                alarms.alarm(tx, key, render(lost, self._voice))
            elif not down_ms and alarms.clear(tx, key):
                found = LinkFound(link=name)
                self._tell(tx, render(found, self._voice), name_of(LinkFound))

    def _airtime(self, tx: Tx) -> None:
        for name, link in self._routing.all_links.items():
            key = f"airtime.low:{name}"
            if link.state.airtime_low:
                low = AirtimeLow(link=name, credit=link.state.airtime[:12])
                alarms.alarm(tx, key, render(low, self._voice))
            elif link.state.airtime:
                alarms.clear(tx, key)

    def _clocks(self, tx: Tx) -> None:
        """Tell of our own clock, and of a network's zone, once until it is right."""
        if self._time.doubts() is None:
            alarms.clear(tx, _CLOCK)
        else:
            doubted = render(ClockDoubted(), self._voice)
            alarms.alarm(tx, _CLOCK, doubted, again_ms=None)
        for link, minutes in list(self._time.zones.items()):
            key = f"clock.zone:{link}"
            if minutes:
                off = render(ZoneOff(link=link, minutes=minutes), self._voice)
                alarms.alarm(tx, key, off, again_ms=None)
            else:
                alarms.clear(tx, key)

    def _budget(self, tx: Tx) -> None:
        routing = self._routing
        for level in budget.levels(routing.plan.budget, routing.spent):
            today = routing.spent.today
            used = BudgetUsed(
                period=Period(level.period),
                percent=Step(level.percent),
                spent=self._amount(level.spent),
                budget=self._amount(level.budget),
            )
            alarms.alarm(
                tx,
                # The day is part of it: what stands for a month is told every day.
                f"budget.{level.period}.{level.percent}:{today}",
                render(used, self._voice),
                again_ms=None,
            )

    def _campaigns(self, tx: Tx) -> None:
        spent = {f"{_CAMPAIGN}{id_}": name for id_, name in out_of_budget(tx).items()}
        for key, name in spent.items():
            sentence = render(CampaignSpent(campaign=name), self._voice)
            alarms.alarm(tx, key, sentence, again_ms=None)
        for key, _, _ in alarms.standing(tx):
            if key.startswith(_CAMPAIGN) and key not in spent:
                alarms.clear(tx, key)

    def _owe(self, tx: Tx) -> None:
        """Owe the texts about every alarm that nobody was told of."""
        for key, sentence in alarms.untold(tx):
            alarms.told(tx, key)
            log.error("alarm.told", key=key, why=sentence)
            self._tell(tx, sentence, NAME)

    def _tell(self, tx: Tx, sentence: str, name: str) -> None:
        for phone in self._phones(tx):
            outbox.owe(
                tx,
                inbox=None,
                cls=Class.receipt,
                name=name,
                recipient=phone,
                body=fold(sentence)[:SEGMENT],
                link="",
                expires_ms=tx.now_ms + _LIVES_MS,
            )

    def _phones(self, q: Query) -> list[str]:
        """Return each phone once, the configuration's first."""
        own = [
            one.member.phone
            for one in staff.colleagues(q)
            if one.role.casefold() in _ROLES
        ]
        return list(dict.fromkeys([*self._alerts.phones, *own]))

    def _amount(self, cost: int) -> str:
        """Write an amount to the hundredth, rounded down."""
        hundredths = cost // 10 ** (DECIMALS - 2)
        return f"{plain(hundredths)} {self._alerts.currency}"

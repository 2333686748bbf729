"""What staff should mind before they agree to a campaign, beside its own words.

What comes in: a campaign whose people and texts were counted, and when it would end.
What goes out: sentences. They speak of what else goes on in the house: the same text
under way, another campaign at the same pace, links, prices and budgets, and people who
had their share. None of them keeps a campaign from being approved. What its text and
audience say themselves is in `smsgate.campaigns.preview`; shown by
`smsgate.operations.campaigning.looks`.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from modem.link import LinkStatus
from smsgate.campaigns.audience.people import had_enough
from smsgate.campaigns.plan import COST_DECIMALS, PERCENT
from smsgate.campaigns.rows import State, campaign_of
from smsgate.campaigns.steps import LASTS_MS
from smsgate.clock import DAY_MS, from_ms
from smsgate.messages import budget
from smsgate.messages.budget import STOPS, Budget
from smsgate.money import plain
from smsgate.operations.campaigning.audiences import choice_of
from smsgate.operations.campaigning.terms import lanes_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smsgate.campaigns.preview import Tally
    from smsgate.campaigns.rows import Campaign
    from smsgate.operations.desk import Desk

#: The same text to the same audience within this time is remarked on.
_SAME_MS = DAY_MS
#: From so many hundredths of a budget on campaigns stop.
_STOPS_AT = STOPS[0][0]


async def warnings(
    desk: Desk, campaign: Campaign, tally: Tally, begins: int, ends: int | None
) -> list[str]:
    """Return what is to be minded; `begins` and `ends` are of the whole campaign."""
    return [
        *_links(desk, campaign, tally),
        *_too_late(desk, campaign, begins, ends),
        *await _often(desk, campaign, tally, begins),
        *_others(desk, campaign),
    ]


def _links(desk: Desk, campaign: Campaign, tally: Tally) -> Iterator[str]:
    plan = campaign.plan
    lanes = lanes_of(desk.config, plan.shares)
    states = {} if desk.live is None else desk.live.link_states()
    if not lanes:
        yield "no link carries promotions, so none would go out: see [[link]] classes"
    elif states and not any(
        lane.name in states and states[lane.name].status is LinkStatus.up
        for lane in lanes
    ):
        yield "no link that carries promotions is up now: see `smsgate link list`"
    if plan.budget is not None and not tally.terms.costs:
        yield "no link has a price, so its budget never stops it: set [[link]] cost"
    most = desk.config.sms.budget_month
    if most is not None:
        spent = budget.spent(desk.store.peek, _today(desk)).month
        left = max(0, most * _STOPS_AT // PERCENT - spent)
        if tally.cost() > left:
            yield (
                f"it costs more than the {plain(left, COST_DECIMALS)} that [sms] "
                "budget_month leaves for promotions, and stands still then"
            )


def _today(desk: Desk) -> str:
    zone = ZoneInfo(desk.config.network.timezone)
    return Budget(timezone=zone).today(desk.clock.now_ms())


def _too_late(
    desk: Desk, campaign: Campaign, begins: int, ends: int | None
) -> Iterator[str]:
    """Remark on texts that are not sent, for they come after its end."""
    over = campaign.not_after_ms or begins + LASTS_MS
    if ends is None or ends >= over:
        yield (
            f"it is not done by {_moment(desk, over)}, when it ends by itself: "
            "give it a faster pace, or a later end with `campaign start --not-after`"
        )


def _moment(desk: Desk, ms: int) -> str:
    zone = ZoneInfo(desk.config.network.timezone)
    return f"{from_ms(ms).astimezone(zone):%Y-%m-%d %H:%M}"


async def _often(
    desk: Desk, campaign: Campaign, tally: Tally, begins: int
) -> list[str]:
    """Remark on people who are counted, and will be skipped."""
    terms = tally.terms
    if not terms.most:
        return []
    count = await desk.store.look(
        partial(
            had_enough,
            choice=choice_of(desk, campaign.plan),
            since_ms=begins - terms.most_days * DAY_MS,
            most=terms.most,
        )
    )
    if not count:
        return []
    return [
        f"{count} of them had {terms.most} promotions in {terms.most_days} days "
        "([campaigns] most): they are counted here, and skipped"
    ]


def _others(desk: Desk, campaign: Campaign) -> Iterator[str]:
    """Remark on the same text to the same audience, and on who shares the pace."""
    rows = desk.store.peek.all(
        "SELECT * FROM campaign WHERE id <> :id AND (started_ms > :since"
        " OR state IN ('scheduled', 'running', 'paused')) ORDER BY id DESC LIMIT 100",
        {"id": campaign.id, "since": desk.clock.now_ms() - _SAME_MS},
    )
    for other in map(campaign_of, rows):
        if _sent(other) == _sent(campaign):
            yield (
                f"campaign {other.name} sends the same text to the same audience, or "
                "did so within a day"
            )
        if other.state is State.running:
            yield (
                f"campaign {other.name} is running, and the two share the links: "
                "this one ends later than told"
            )


def _sent(one: Campaign) -> object:
    return one.plan.text, one.plan.audience, one.plan.rule

"""One text, queued: filled with what is known now, or left out after all.

What comes in: a recipient whose turn it is, and the house's rules for promotions. What
goes out: a row of the outbox and the recipient on its way, or the reason why somebody
is skipped: they opted out, the account is closed, the phone is another's now, they were
written to often enough. Whether it may be sent at all at this hour is
`smsgate.campaigns.feeding`'s business.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING

from commands.spelling import money
from smsgate.campaigns.audience.people import Person, person_of
from smsgate.campaigns.plan import PERCENT
from smsgate.campaigns.rows import Campaign, Variant
from smsgate.campaigns.wording import Filled, fill
from smsgate.clock import DAY_MS, SECOND_MS
from smsgate.messages import outbox
from smsgate.messages.outbox import Class
from smsgate.store import Refused

if TYPE_CHECKING:
    from smsgate.campaigns.hours import Hours
    from smsgate.campaigns.plan import Plan
    from smsgate.store import Row, Tx

#: The reply's name in the outbox.
NAME = "campaign"
#: Told in place of a cost when the budget has no room for it.
OVER_BUDGET = -1
#: Promotions that somebody was sent, and those on their way.
WRITTEN = (
    "SELECT (SELECT count(*) FROM recipient WHERE msisdn = :msisdn AND written_ms > 0"
    " AND written_ms > :since) + (SELECT count(*) FROM outbox WHERE class = 2"
    " AND state = 'queued' AND recipient = :msisdn) AS n"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The house's rules for promotions."""

    hours: Hours
    #: The network's name, its language and how it writes amounts.
    network: str
    language: str
    decimals: int
    #: So many promotions a phone gets in so many days; 0: any number.
    most: int = 4
    most_days: int = 30
    #: Cost of a segment by link, ten-thousandths of a currency.
    costs: Mapping[str, int] = field(default_factory=dict)

    def cost(self, link: str) -> int:
        """Return what a segment costs; where no link is chosen, a text waits for the
        cheapest.
        """
        if link:
            return self.costs.get(link, 0)
        return min(self.costs.values(), default=0)


def queue(
    tx: Tx,
    campaign: Campaign,
    found: Row,
    terms: Terms,
    window: tuple[int, int],
    spent: int,
) -> int | None:
    """Queue one text; return its cost, None where it was skipped, or `OVER_BUDGET`.

    `window` is when it is due and when it is too late.
    """
    person = person_of(found, terms.language)
    why = _skipped(tx, person, found, terms)
    if why:
        _skip(tx, campaign.id, person.msisdn, why)
        return None
    filled = filled_for(campaign.plan, Variant(found["variant"]), person, terms)
    cost = filled.segments * terms.cost(found["link"])
    budget = campaign.plan.budget
    if budget is not None and spent + cost > budget:
        return OVER_BUDGET
    due_ms, expires_ms = window
    try:
        owed = outbox.owe(
            tx,
            inbox=None,
            cls=Class.campaign,
            name=NAME,
            recipient=person.msisdn,
            body=filled.text,
            link=found["link"],
            due_ms=due_ms,
            expires_ms=max(expires_ms, due_ms + SECOND_MS),
        )
    except Refused as refused:
        _skip(tx, campaign.id, person.msisdn, refused.name)
        return None
    tx.run(
        "UPDATE recipient SET state = 'queued', outbox = :outbox, segments = :segments,"
        " cost = :cost, why = '' WHERE campaign = :campaign AND msisdn = :msisdn",
        {
            "outbox": owed.id,
            "segments": filled.segments,
            "cost": cost,
            "campaign": campaign.id,
            "msisdn": person.msisdn,
        },
    )
    return cost


def filled_for(plan: Plan, variant: Variant, person: Person, terms: Terms) -> Filled:
    """Write a plan's text for somebody, with what is known of them now."""
    other = plan.other if variant is Variant.b else None
    return fill(
        other or plan.text,
        plan,
        network=terms.network,
        language=person.language,
        facts=facts_of(person, terms.decimals),
    )


def facts_of(person: Person, decimals: int) -> dict[str, str]:
    """Return what is known of somebody, as texts say it; a hidden balance is not."""
    facts = {
        "name": person.name,
        "code": person.code,
        "area": person.area,
        "category": person.category,
    }
    if person.account is not None and not person.hidden:
        facts["balance"] = money(person.balance, decimals)
        facts["available"] = money(person.available, decimals)
    return {**person.columns, **{key: text for key, text in facts.items() if text}}


def link_of(plan: Plan, campaign: int, msisdn: str) -> str:
    """Return the link that somebody's text takes; '': whichever can send."""
    if not plan.shares:
        return ""
    drawn = sha256(f"link:{campaign}:{msisdn}".encode()).digest()
    place = int.from_bytes(drawn[:4], "big") % PERCENT
    for link, share in sorted(plan.shares.items()):
        if place < share:
            return link
        place -= share
    return ""


def _skipped(tx: Tx, person: Person, found: Row, terms: Terms) -> str:
    """Say why somebody is not written to after all; empty: they are."""
    if found["frozen"] is not None:
        if found["owner"] != found["frozen"]:
            return "phone_changed"
        if not found["promos"]:
            return "opted_out"
        if found["standing"] not in {"active", "stopped"}:
            return "account_not_active"
    if terms.most:
        row = tx.one(
            WRITTEN,
            {
                "msisdn": person.msisdn,
                "since": tx.now_ms - terms.most_days * DAY_MS,
            },
        )
        if row is not None and row["n"] >= terms.most:
            return "written_to_often"
    return ""


def _skip(tx: Tx, campaign: int, msisdn: str, why: str) -> None:
    tx.run(
        "UPDATE recipient SET state = 'skipped', why = :why"
        " WHERE campaign = :campaign AND msisdn = :msisdn",
        {"why": why, "campaign": campaign, "msisdn": msisdn},
    )

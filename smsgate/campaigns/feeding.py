"""Feeding: the texts that may go now, queued a few at a time.

What comes in: an open transaction, and the rules of the house. What goes out: rows of
the outbox, class campaign, never more ahead than links will take in a few seconds, so
that a pause or a new rate holds at once and nothing of a campaign stands before a
receipt. Every wait is worked out from the rows, none is kept in memory. The same
function begins what is due, and ends what is done or over its time. Driven by
`smsgate.gateway.campaigning`; what a link makes of a text comes back by a trigger.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING

from commands.spelling import money
from smsgate.campaigns.audience.people import Person, person_of
from smsgate.campaigns.plan import PERCENT
from smsgate.campaigns.rows import Campaign, State, Variant, campaign_of
from smsgate.campaigns.steps import withdraw
from smsgate.campaigns.wording import Filled, fill
from smsgate.clock import DAY_MS, HOUR_MS, SECOND_MS
from smsgate.messages import outbox
from smsgate.messages.outbox import Class
from smsgate.store import Refused

if TYPE_CHECKING:
    from smsgate.campaigns.hours import Hours
    from smsgate.store import Query, Row, Tx

#: Texts of one campaign that may wait in the outbox.
AHEAD = 200
#: Texts one call queues: a few milliseconds, for which a payment may have to wait.
BATCH = 40
#: With a rate of its own, a campaign is queued so far ahead.
_AHEAD_MS = 5 * SECOND_MS
#: The reply's name in the outbox.
NAME = "campaign"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The house's rules for promotions."""

    hours: Hours
    #: The network's name, its language and how it writes amounts.
    network: str
    language: str
    decimals: int
    #: So many promotions a member gets in so many days; 0: any number.
    most: int = 4
    most_days: int = 30
    #: Cost of a segment by link, minor units of a currency.
    costs: Mapping[str, int] = field(default_factory=dict)

    def cost(self, link: str) -> int:
        """Return what a segment costs; the dearest link where none is chosen."""
        if link:
            return self.costs.get(link, 0)
        return max(self.costs.values(), default=0)


_NEXT = (
    "SELECT r.msisdn, r.variant, m.account, m.name, m.code, m.area, m.category,"
    " m.language, m.hidden, m.promos, a.balance, a.state AS standing,"
    " a.balance - a.held + a.credit_limit AS available,"
    " coalesce(l.fields, '{}') AS fields"
    " FROM recipient r LEFT JOIN member m ON m.account = r.account"
    " LEFT JOIN account a ON a.id = m.account"
    " LEFT JOIN audience_phone l ON l.audience = :listed AND l.msisdn = r.msisdn"
    " WHERE r.campaign = :campaign AND r.state = 'waiting'"
    " ORDER BY r.msisdn LIMIT :limit"
)
_BUSY = (
    "SELECT count(*) AS n FROM recipient WHERE campaign = :id"
    " AND state IN ('queued', 'sending')"
)


def feed(tx: Tx, terms: Terms) -> int:
    """Begin, feed and end campaigns; return how many texts were queued."""
    rows = tx.all(
        "SELECT * FROM campaign WHERE state IN ('scheduled', 'running') ORDER BY id"
    )
    return sum(_feed(tx, campaign_of(row), row, terms) for row in rows)


def _feed(tx: Tx, campaign: Campaign, row: Row, terms: Terms) -> int:
    now = tx.now_ms
    if campaign.not_after_ms is not None and now >= campaign.not_after_ms:
        _end(tx, campaign, "its time is over")
        return 0
    if campaign.state is State.scheduled and not _begin(tx, campaign):
        return 0
    busy = _count(tx, campaign.id)
    if not terms.hours.open_at(now):
        if busy:
            withdraw(tx, campaign.id)
        return 0
    room, gap_ms = _room(campaign, row, busy, now)
    queued = 0
    paced_ms = max(int(row["paced_ms"]), now - gap_ms)
    spent = int(row["spent"])
    for found in tx.all(
        _NEXT,
        {"campaign": campaign.id, "listed": _list_of(tx, campaign), "limit": room},
    ):
        cost = _queue(tx, campaign, found, terms, paced_ms + gap_ms, spent)
        if cost is None:
            continue
        if cost < 0:
            _pause(tx, campaign, "its budget is used up")
            break
        queued, spent, paced_ms = queued + 1, spent + cost, paced_ms + gap_ms
    if queued:
        tx.run(
            "UPDATE campaign SET paced_ms = :paced, spent = :spent WHERE id = :id",
            {"paced": paced_ms, "spent": spent, "id": campaign.id},
        )
    elif room and not busy and not _waiting(tx, campaign.id):
        _end(tx, campaign, "")
    return queued


def _begin(tx: Tx, campaign: Campaign) -> bool:
    if campaign.starts_ms is None or campaign.starts_ms > tx.now_ms:
        return False
    tx.run(
        "UPDATE campaign SET state = 'running', started_ms = :now WHERE id = :id",
        {"now": tx.now_ms, "id": campaign.id},
    )
    return True


def _end(tx: Tx, campaign: Campaign, why: str) -> None:
    """End a campaign; whoever was not written to will not be."""
    withdraw(tx, campaign.id)
    if why:
        tx.run(
            "UPDATE recipient SET state = 'cancelled', why = :why"
            " WHERE campaign = :id AND state = 'waiting'",
            {"why": why, "id": campaign.id},
        )
    tx.run(
        "UPDATE campaign SET state = 'finished', why = :why, ended_ms = :now"
        " WHERE id = :id",
        {"why": why, "now": tx.now_ms, "id": campaign.id},
    )


def _pause(tx: Tx, campaign: Campaign, why: str) -> None:
    tx.run(
        "UPDATE campaign SET state = 'paused', why = :why WHERE id = :id",
        {"why": why, "id": campaign.id},
    )


def _room(campaign: Campaign, row: Row, busy: int, now: int) -> tuple[int, int]:
    """Return how many texts may be queued now, and the time between two of them."""
    if campaign.per_hour is None:
        return max(0, min(BATCH, AHEAD - busy)), 0
    gap_ms = HOUR_MS // campaign.per_hour
    until = now + max(_AHEAD_MS, gap_ms)
    paced = max(int(row["paced_ms"]), now - gap_ms)
    return max(0, min(BATCH, AHEAD - busy, (until - paced) // gap_ms)), gap_ms


def _queue(
    tx: Tx,
    campaign: Campaign,
    found: Row,
    terms: Terms,
    due_ms: int,
    spent: int,
) -> int | None:
    """Queue one text; return its cost, None where it was skipped, -1: no money left."""
    person = person_of(found, terms.language)
    why = _skipped(tx, person, found, terms)
    if why:
        _skip(tx, campaign.id, person.msisdn, why)
        return None
    filled = filled_for(campaign, Variant(found["variant"]), person, terms)
    link = _link(campaign, person.msisdn)
    cost = filled.segments * terms.cost(link)
    budget = campaign.plan.budget
    if budget is not None and spent + cost > budget:
        return -1
    due = max(due_ms, tx.now_ms)
    ends = min(terms.hours.closes_ms(due), campaign.not_after_ms or tx.now_ms + DAY_MS)
    try:
        owed = outbox.owe(
            tx,
            inbox=None,
            cls=Class.campaign,
            name=NAME,
            recipient=person.msisdn,
            body=filled.text,
            link=link,
            due_ms=due,
            expires_ms=max(ends, due + SECOND_MS),
        )
    except Refused as refused:
        _skip(tx, campaign.id, person.msisdn, refused.name)
        return None
    tx.run(
        "UPDATE recipient SET state = 'queued', outbox = :outbox, segments = :segments,"
        " cost = :cost WHERE campaign = :campaign AND msisdn = :msisdn",
        {
            "outbox": owed.id,
            "segments": filled.segments,
            "cost": cost,
            "campaign": campaign.id,
            "msisdn": person.msisdn,
        },
    )
    return cost


def filled_for(
    campaign: Campaign, variant: Variant, person: Person, terms: Terms
) -> Filled:
    """Write a campaign's text for somebody, with what is known of them now."""
    plan = campaign.plan
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


def _skipped(tx: Tx, person: Person, found: Row, terms: Terms) -> str:
    """Say why somebody is not written to after all; empty: they are."""
    if person.account is not None:
        if not found["promos"]:
            return "opted_out"
        if found["standing"] not in {"active", "stopped"}:
            return "account_not_active"
    if terms.most:
        row = tx.one(
            "SELECT count(*) AS n FROM recipient WHERE msisdn = :msisdn"
            " AND written_ms > :since",
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


def _link(campaign: Campaign, msisdn: str) -> str:
    """Return the link that somebody's text takes; '': whichever can send."""
    shares = campaign.plan.shares
    if not shares:
        return ""
    drawn = sha256(f"link:{campaign.id}:{msisdn}".encode()).digest()
    place = int.from_bytes(drawn[:4], "big") % PERCENT
    for link, share in sorted(shares.items()):
        if place < share:
            return link
        place -= share
    return ""


def _list_of(q: Query, campaign: Campaign) -> int:
    row = q.one(
        "SELECT id FROM audience WHERE name = :name AND rule = ''",
        {"name": campaign.plan.audience},
    )
    return 0 if row is None else int(row["id"])


def _count(q: Query, campaign: int) -> int:
    row = q.one(_BUSY, {"id": campaign})
    return 0 if row is None else int(row["n"])


def _waiting(q: Query, campaign: int) -> bool:
    return (
        q.one(
            "SELECT 1 FROM recipient WHERE campaign = :id AND state = 'waiting'"
            " LIMIT 1",
            {"id": campaign},
        )
        is not None
    )

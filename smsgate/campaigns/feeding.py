"""Feeding: the texts that may go now, queued a few at a time.

What comes in: an open transaction, and the rules of the house. What goes out: rows of
the outbox, class campaign, never many ahead of what has been sent, so that a pause or a
new rate holds at once and nothing of a campaign stands before a receipt. Every wait is
worked out from the rows, none is kept in memory. The same function begins what is due
and ends what is done or over its time; what another house began it never touches.
Driven by `smsgate.gateway.unasked.campaigning`; what a link makes of a text comes back
by a trigger. One text is written in `smsgate.campaigns.queueing`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from smsgate.campaigns.queueing import OVER_BUDGET, queue
from smsgate.campaigns.rows import Campaign, State, campaign_of
from smsgate.campaigns.steps import withdraw
from smsgate.clock import HOUR_MS, SECOND_MS

if TYPE_CHECKING:
    from smsgate.campaigns.queueing import Terms
    from smsgate.store import Query, Row, Tx

#: Texts of one campaign that may wait in the outbox for one link.
AHEAD = 200
#: People one call deals with: some milliseconds, for which a payment may have to wait.
BATCH = 30
#: With a rate of its own, a campaign is queued so far ahead.
_AHEAD_MS = 5 * SECOND_MS
#: People who are marked in one call once their campaign has ended.
_SWEPT = 500

LIVE = (
    "SELECT * FROM campaign WHERE state IN ('scheduled', 'running')"
    # Another house's was held back at the start (`smsgate.campaigns.restored`).
    " AND instance = (SELECT instance FROM house)"
    # Whoever was fed longest ago comes first.
    " ORDER BY paced_ms, id"
)
NEXT = (
    "SELECT r.msisdn, r.variant, r.link, r.fields, r.account AS frozen,"
    " m.account, m.name, m.code, m.area, m.category, m.language, m.hidden, m.promos,"
    " a.balance, a.state AS standing, p.account AS owner,"
    " a.balance - a.held + a.credit_limit AS available"
    # The index alone finds them, however many there are; then each is looked up.
    " FROM (SELECT msisdn FROM recipient WHERE campaign = :campaign"
    "   AND state = 'waiting' AND link = :link ORDER BY msisdn LIMIT :limit) n"
    " JOIN recipient r ON r.campaign = :campaign AND r.msisdn = n.msisdn"
    " LEFT JOIN member m ON m.account = r.account"
    " LEFT JOIN account a ON a.id = m.account"
    " LEFT JOIN phone p ON p.msisdn = r.msisdn"
)
BUSY = (
    "SELECT link, count(*) AS n FROM recipient WHERE campaign = :id"
    " AND state IN ('queued', 'sending') GROUP BY link"
)
WAITING = "SELECT 1 FROM recipient WHERE campaign = :id AND state = 'waiting' LIMIT 1"
#: Why a campaign stands that has spent what it may.
BUDGET_USED = "its budget is used up"
OUT_OF_BUDGET = "SELECT id, name FROM campaign WHERE state = 'paused' AND why = :why"
UNSWEPT = (
    "SELECT * FROM campaign WHERE swept = 0 AND state IN ('finished', 'cancelled')"
    " LIMIT 1"
)
SWEEP = (
    "UPDATE recipient SET state = 'cancelled', why = :why WHERE campaign = :id"
    " AND msisdn IN (SELECT msisdn FROM recipient WHERE campaign = :id"
    " AND state = 'waiting' LIMIT :limit)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fed:
    """What one call did."""

    #: Texts that were queued.
    queued: int = 0
    #: People whose state changed, those of `queued` among them.
    moved: int = 0
    #: Whether texts are on their way, or will be before long.
    going: bool = False


def feed(tx: Tx, terms: Terms) -> Fed:
    """Begin, feed and end campaigns, some milliseconds of it."""
    moved, queued, going = _sweep(tx), 0, False
    for row in tx.all(LIVE):
        campaign = campaign_of(row)
        if moved >= BATCH:
            going = True
            break
        fed = _feed(tx, campaign, terms, BATCH - moved)
        moved, queued = moved + fed.moved, queued + fed.queued
        going = going or fed.going
    return Fed(queued=queued, moved=moved, going=going)


def _feed(tx: Tx, campaign: Campaign, terms: Terms, most: int) -> Fed:
    now = tx.now_ms
    if campaign.not_after_ms is not None and now >= campaign.not_after_ms:
        _end(tx, campaign, "its time is over")
        return Fed(moved=1)
    if campaign.state is State.scheduled:
        if campaign.starts_ms is None or campaign.starts_ms > now:
            return Fed()
        _begin(tx, campaign)
    busy = _busy(tx, campaign)
    if not terms.hours.open_at(now):
        if busy:
            withdraw(tx, campaign.id)
        return Fed()
    fed, stopped = _next(tx, campaign, terms, most, busy)
    if fed.moved or sum(busy.values()):
        return fed
    if stopped:
        _pause(tx, campaign, stopped)
    elif tx.one(WAITING, {"id": campaign.id}) is None:
        _end(tx, campaign, "")
    return Fed(going=True)


def _next(
    tx: Tx, campaign: Campaign, terms: Terms, most: int, busy: dict[str, int]
) -> tuple[Fed, str]:
    """Queue the texts that may go now; say what else keeps the others back."""
    now = tx.now_ms
    allowed, gap_ms = _allowed(campaign, now)
    closes = min(
        terms.hours.closes_ms(now), campaign.not_after_ms or terms.hours.closes_ms(now)
    )
    paced, spent = max(campaign.paced_ms, now - gap_ms), campaign.spent
    moved, queued, stopped = 0, 0, ""
    for found in _waiting(tx, campaign, busy, min(most, allowed)):
        due = max(paced + gap_ms, now)
        if due >= closes:
            break
        cost = queue(tx, campaign, found, terms, (due, closes), spent)
        if cost == OVER_BUDGET:
            stopped = BUDGET_USED
            break
        moved += 1
        if cost is not None:
            queued, spent, paced = queued + 1, spent + cost, paced + gap_ms
    if queued:
        tx.run(
            "UPDATE campaign SET paced_ms = :paced, spent = :spent WHERE id = :id",
            {"paced": paced, "spent": spent, "id": campaign.id},
        )
    return Fed(queued=queued, moved=moved, going=True), stopped


def _allowed(campaign: Campaign, now: int) -> tuple[int, int]:
    """Return how many texts its own rate lets go now, and the time between two."""
    if campaign.per_hour is None:
        return BATCH, 0
    gap_ms = HOUR_MS // campaign.per_hour
    until = now + max(_AHEAD_MS, gap_ms)
    paced = max(campaign.paced_ms, now - gap_ms)
    return max(0, (until - paced) // gap_ms), gap_ms


def _waiting(tx: Tx, campaign: Campaign, busy: dict[str, int], most: int) -> list[Row]:
    """Return the next people; a link that takes nothing keeps only its own back."""
    found: list[Row] = []
    for link in ("", *sorted(campaign.plan.shares)):
        room = min(most, AHEAD - busy.get(link, 0))
        if room > 0:
            values = {"campaign": campaign.id, "link": link, "limit": room}
            found += tx.all(NEXT, values)
    # By phone: who takes which link is drawn, so the shares hold all the way through.
    return sorted(found, key=lambda row: str(row["msisdn"]))[:most]


def _begin(tx: Tx, campaign: Campaign) -> None:
    tx.run(
        "UPDATE campaign SET state = 'running', started_ms = :now WHERE id = :id",
        {"now": tx.now_ms, "id": campaign.id},
    )


def _end(tx: Tx, campaign: Campaign, why: str) -> None:
    """End a campaign; whoever was not written to will not be."""
    withdraw(tx, campaign.id)
    tx.run(
        "UPDATE campaign SET state = 'finished', why = :why, ended_ms = :now"
        " WHERE id = :id",
        {"why": why, "now": tx.now_ms, "id": campaign.id},
    )


def _sweep(tx: Tx) -> int:
    """Mark some of those who wait for a campaign that has ended."""
    row = tx.one(UNSWEPT)
    if row is None:
        return 0
    campaign = campaign_of(row)
    marked = 0
    if tx.one(WAITING, {"id": campaign.id}) is not None:
        why = campaign.why or "it ended"
        marked = tx.run(SWEEP, {"id": campaign.id, "why": why, "limit": _SWEPT})
    elif not _busy(tx, campaign):
        # A text on its way may still turn out to be unsent.
        marked = tx.run("UPDATE campaign SET swept = 1 WHERE id = ?", (campaign.id,))
    return marked


def _pause(tx: Tx, campaign: Campaign, why: str) -> None:
    tx.run(
        "UPDATE campaign SET state = 'paused', why = :why WHERE id = :id",
        {"why": why, "id": campaign.id},
    )


def out_of_budget(q: Query) -> dict[int, str]:
    """Return number and name of the campaigns that stand for want of money."""
    rows = q.all(OUT_OF_BUDGET, {"why": BUDGET_USED})
    return {int(row["id"]): str(row["name"]) for row in rows}


def _busy(q: Query, campaign: Campaign) -> dict[str, int]:
    """Return how many texts are on their way, by the link they must take."""
    rows = q.all(BUSY, {"id": campaign.id})
    return {str(row["link"]): int(row["n"]) for row in rows}

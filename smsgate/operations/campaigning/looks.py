"""Campaigns looked at: what one would do, how it reads on a phone, what came of it.

What comes in: a campaign's name. What goes out: its preview, with every text filled and
counted; its texts on the phone of one of the staff; its report; its recipients, a page
at a time. Nothing of a campaign changes here. The steps are in
`smsgate.operations.campaigning.campaigns`.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from smsgate import members
from smsgate.campaigns import preview, results
from smsgate.campaigns.audience import saved
from smsgate.campaigns.audience.people import Person, left_out
from smsgate.campaigns.forecast import ends_ms
from smsgate.campaigns.plan import COST_DECIMALS
from smsgate.campaigns.queueing import filled_for
from smsgate.campaigns.rows import Stage, Variant
from smsgate.clock import DAY_MS, MINUTE_MS
from smsgate.members import consent, staff
from smsgate.messages import outbox
from smsgate.messages.outbox import Class
from smsgate.money import plain
from smsgate.operations.campaigning.audiences import batches, choice_of
from smsgate.operations.campaigning.campaigns import ahead, described
from smsgate.operations.campaigning.plans import known
from smsgate.operations.campaigning.terms import costs_of, lanes_of, terms_of
from smsgate.operations.campaigning.warnings import warnings
from smsgate.operations.desk import OperationRefused
from smsgate.operations.people.telling import owed
from smsgate.phone import e164, masked

if TYPE_CHECKING:
    from smsgate.campaigns.preview import Tally
    from smsgate.campaigns.results import Half, Report
    from smsgate.campaigns.rows import Campaign
    from smsgate.operations.campaigning.requests import (
        CampaignExport,
        CampaignPreview,
        CampaignReport,
        CampaignTest,
    )
    from smsgate.operations.desk import Desk, Document
    from smsgate.store import Tx

#: Recipients of one page of an export.
PAGE = 1_000
#: People whose texts are filled at a stretch, about a millisecond, and by how much
#: longer it rests then.
_SLICE = 100
_REST = 0.5


async def look_ahead(desk: Desk, request: CampaignPreview) -> Document:
    """Return what a campaign would do; nothing is written."""
    campaign = known(desk.store.peek, request.name)
    tally = await tally_of(desk, campaign)
    now_ms = desk.clock.now_ms()
    starts = max(campaign.starts_ms or now_ms, now_ms)
    if request.at:
        starts = ahead(desk, request.at)
    document = await described(desk, campaign)
    return document | await _previewed(desk, campaign, tally, starts)


async def tally_of(desk: Desk, campaign: Campaign) -> Tally:
    """Count a campaign's people, and their texts."""
    tally = preview.Tally(
        plan=campaign.plan, terms=terms_of(desk.config), campaign=campaign.id
    )
    async for people in batches(desk, choice_of(desk, campaign.plan)):
        for start in range(0, len(people), _SLICE):
            begun = desk.clock.monotonic()
            tally.add(people[start : start + _SLICE])
            # Filling texts is thinking, and only one thread thinks at a time: most of
            # the time is left to whoever waits for an answer.
            await asyncio.sleep(_REST * (desk.clock.monotonic() - begun))
        desk.progress("counting people", tally.people, 0)
    return tally


async def _previewed(
    desk: Desk, campaign: Campaign, tally: Tally, starts: int
) -> Document:
    lanes = lanes_of(desk.config, campaign.plan.shares)
    ends = await asyncio.to_thread(
        ends_ms,
        tally.texts,
        lanes,
        tally.terms.hours,
        starts,
        campaign.per_hour,
        campaign.plan.shares,
    )
    remarks = list(preview.verdict(tally, await columns_of(desk, campaign)))
    begins = tally.terms.hours.next_open_ms(starts)
    minded = [one.sentence for one in remarks if not one.blocks]
    if tally.texts:
        minded += await warnings(desk, campaign, tally, begins, ends)
    return {
        "people": tally.people,
        "held_out": tally.held_out,
        "texts": tally.texts,
        "segments": {
            "all": tally.segments,
            "fewest": tally.fewest,
            "average": round(tally.average, 2),
            "most": tally.most,
            "cheaper": tally.cheaper_segments,
        },
        "left_out": await _left_out(desk, campaign),
        "cost": _cost(tally),
        "cheaper": _cheaper(tally),
        "begins": desk.time(begins),
        "ends": desk.time_or_none(ends),
        "minutes": None if ends is None else -(-max(0, ends - begins) // MINUTE_MS),
        "samples": [
            {"phone": masked(one.msisdn), "variant": str(one.variant)}
            | {"text": one.text, "segments": one.segments}
            for one in tally.samples
        ],
        "blockers": [one.sentence for one in remarks if one.blocks],
        "warnings": minded,
    }


async def _left_out(desk: Desk, campaign: Campaign) -> Document:
    """Count who fits and is not written to, for they do not want it or are closed."""
    choice = choice_of(desk, campaign.plan)
    counted = await desk.store.look(partial(left_out, choice=choice))
    return {"not_opted_in": counted["unwilling"], "not_active": counted["closed"]}


def _cost(tally: Tally) -> str | None:
    """Return what the texts cost; None where no link's price is known."""
    costs = tally.terms.costs
    return plain(tally.cost(), COST_DECIMALS) if costs else None


def _cheaper(tally: Tally) -> Document | None:
    """Return the spelling that saves segments, and how many; None: there is none."""
    plan = preview.cheaper_plan(tally.plan)
    if plan is None or tally.cheaper_segments >= tally.segments:
        return None
    saved_segments = tally.segments - tally.cheaper_segments
    costs = tally.terms.costs
    saved_cost = tally.cost() * saved_segments // tally.segments
    return {
        "segments": tally.cheaper_segments,
        "saves": saved_segments,
        "saves_cost": plain(saved_cost, COST_DECIMALS) if costs else None,
        "text_es": plan.text.es,
        "text_en": plan.text.en,
    }


async def columns_of(desk: Desk, campaign: Campaign) -> frozenset[str]:
    """Return the columns of a campaign's list; none where it has none."""
    audience = saved.by_name(desk.store.peek, campaign.plan.audience)
    if audience is None or not audience.is_list:
        return frozenset()
    return await desk.store.look(partial(saved.columns, audience=audience.id))


async def test(desk: Desk, request: CampaignTest) -> Document:
    """Send a campaign's texts to one phone, as its holder would get them."""
    campaign = known(desk.store.peek, request.name)
    phone = _phone_of(desk, request.to)
    person = await _somebody(desk, campaign, phone)
    variants = [Variant.a] + ([Variant.b] if campaign.plan.other else [])
    terms = terms_of(desk.config)
    filled = [filled_for(campaign.plan, one, person, terms) for one in variants]

    def change(tx: Tx) -> None:
        for one in filled:
            outbox.owe(
                tx,
                inbox=None,
                cls=Class.notice,
                name="campaign_test",
                recipient=phone,
                body=one.text,
                link="",
                expires_ms=tx.now_ms + DAY_MS,
            )

    await desk.store.write(change)
    owed(desk)
    return {
        "to": phone,
        "texts": [{"text": one.text, "segments": one.segments} for one in filled],
    }


def _phone_of(desk: Desk, to: str) -> str:
    """Return the phone of one of the staff, of a member, or as it was written.

    Raises:
        OperationRefused: who has it is not on the staff, and wants no promotions.
    """
    country, peek = desk.config.network.country, desk.store.peek
    number = e164(to, country)
    for one in staff.colleagues(peek):
        if one.name.casefold() == to.casefold() or one.member.phone == number:
            return one.member.phone
    phone = number or members.find(peek, to, country).phone
    if not consent.wants_promotions(peek, phone):
        raise OperationRefused(
            f"{phone} wants no promotions: try it on one of the staff, or on a phone "
            "that has sent PROMOS SI"
        )
    return phone


async def _somebody(desk: Desk, campaign: Campaign, phone: str) -> Person:
    """Return who a text is tried on: its reader, or the first of the audience.

    In the reader's language either way.
    """
    reader = members.by_phone(desk.store.peek, phone)
    language = desk.config.network.language if reader is None else reader.language
    nobody = Person(msisdn=phone, account=None, language=language)
    async for people in batches(desk, choice_of(desk, campaign.plan)):
        mine = [one for one in people if one.msisdn == phone]
        return replace((mine or people or [nobody])[0], language=language)
    raise AssertionError("an audience has at least one batch")


async def report(desk: Desk, request: CampaignReport) -> Document:
    """Return what came of a campaign."""
    campaign = known(desk.store.peek, request.name)
    found = await desk.store.look(partial(results.report, campaign=campaign))
    return await described(desk, campaign) | {
        "variants": [_half(desk, one, found) for one in found.halves],
        "reasons": dict(found.reasons),
        "winner": None if found.winner is None else str(found.winner),
    }


async def export(desk: Desk, request: CampaignExport) -> Document:
    """Return a page of a campaign's recipients, and where the next one begins."""
    campaign = known(desk.store.peek, request.name)
    if request.state and request.state not in set(Stage):
        raise OperationRefused(f"a state is one of {', '.join(Stage)}")
    read = partial(
        results.rows,
        campaign=campaign.id,
        after=request.after,
        limit=PAGE,
        state=request.state,
    )
    rows = await desk.store.look(read)
    return {
        "recipients": [
            {
                "phone": row["msisdn"],
                "code": row["code"],
                "name": row["name"],
                "variant": row["variant"],
                "state": row["state"],
                "why": row["why"],
                "segments": row["segments"],
                "written": desk.time_or_none(row["written_ms"]),
                "replied": desk.time_or_none(row["replied_ms"]),
                "opted_out": desk.time_or_none(row["left_ms"]),
            }
            for row in rows
        ],
        "after": rows[-1]["msisdn"] if len(rows) == PAGE else None,
    }


def _half(desk: Desk, half: Half, found: Report) -> Document:
    held_out = found.half(Variant.none)
    priced = half.cost or costs_of(desk.config)
    more = None
    if held_out is not None and half is not held_out:
        more = desk.amount(round(half.per_head) - round(held_out.per_head))
    return {
        "variant": str(half.variant),
        "people": half.people,
        "recipients": {str(stage): half.stages.get(stage, 0) for stage in Stage},
        "segments": half.segments,
        "cost": plain(half.cost, COST_DECIMALS) if priced else None,
        "replied": half.replied,
        "opted_out": half.opted_out,
        "buyers": half.redeemed.people,
        "purchases": half.redeemed.purchases,
        "redeemed": desk.amount(half.redeemed.amount),
        "redeemed_a_head": desk.amount(round(half.per_head)),
        "more_than_held_out": more,
    }

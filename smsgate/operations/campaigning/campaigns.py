"""Campaigns, step by step: written, looked at, agreed to, sent, stopped, counted.

What comes in: a campaign's name and what is to be done. What goes out: the campaign
afterwards. The same operations serve a shell and the staff's pages. Looking at one is
in `smsgate.operations.campaigning.looks`, agreeing to it in
`smsgate.operations.campaigning.approval`, reading a plan in
`smsgate.operations.campaigning.plans`.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from smsgate import members
from smsgate.campaigns import rounds, steps
from smsgate.campaigns.plan import COST_DECIMALS
from smsgate.campaigns.rows import Stage, State, campaign_of, counts
from smsgate.clock import MINUTE_MS, to_ms
from smsgate.money import plain
from smsgate.operations.campaigning import plans as campaign_plans
from smsgate.operations.campaigning.audiences import checked_name, choice_of
from smsgate.operations.campaigning.plans import known
from smsgate.operations.desk import OperationRefused
from smsgate.operations.people.telling import owed
from smsgate.operations.people.two_persons import as_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from smsgate.campaigns.rows import Campaign
    from smsgate.operations.campaigning.requests import (
        CampaignCancel,
        CampaignList,
        CampaignNew,
        CampaignPause,
        CampaignRate,
        CampaignResume,
        CampaignShow,
        CampaignStart,
    )
    from smsgate.operations.desk import Desk, Document
    from smsgate.store import Tx


async def new(desk: Desk, request: CampaignNew) -> Document:
    """Write a campaign down, or give a draft another plan."""
    name = checked_name(request.name)
    before = known(desk.store.peek, name) if request.edit else None
    written = campaign_plans.read(desk, request, before)
    # What cannot be asked is not kept.
    choice_of(desk, written.plan)

    def change(tx: Tx) -> Campaign:
        if before is None:
            if tx.one("SELECT 1 FROM campaign WHERE name = :name", {"name": name}):
                raise OperationRefused(
                    f"there is a campaign {name} already: choose another name, or "
                    "change it with `smsgate campaign edit`"
                )
            return steps.new(
                tx,
                name=name,
                plan=written.plan,
                author=desk.actor,
                word=written.word,
                code=written.code,
                promoted=written.promoted,
                per_hour=written.per_hour,
            )
        return steps.edit(
            tx,
            known(tx, name),
            plan=written.plan,
            actor=desk.actor,
            word=written.word,
            code=written.code,
            promoted=written.promoted,
            per_hour=written.per_hour,
        )

    campaign = await desk.store.write(change)
    await clear(desk, campaign)
    return await described(desk, campaign)


async def list_all(desk: Desk, _: CampaignList) -> Document:
    """Return every campaign, the newest first."""
    rows = desk.store.peek.all("SELECT * FROM campaign ORDER BY id DESC LIMIT 500")
    return {"campaigns": [outlined(desk, campaign_of(row)) for row in rows]}


async def show(desk: Desk, request: CampaignShow) -> Document:
    """Return one campaign with its plan."""
    campaign = known(desk.store.peek, request.name)
    budget, promoted = campaign.plan.budget, campaign.promoted
    whose = None if promoted is None else members.by_account(desk.store.peek, promoted)
    return await described(desk, campaign) | {
        "plan": asdict(campaign.plan)
        | {"budget": None if budget is None else plain(budget, COST_DECIMALS)},
        "promoted": None if whose is None else whose.code,
    }


async def start(desk: Desk, request: CampaignStart) -> Document:
    """Have a campaign sent, now or at a time."""
    rounds.check(request.every)
    starts = ahead(desk, request.at) if request.at else None
    ends = moment(desk, request.not_after) if request.not_after else None
    zone = ZoneInfo(desk.config.network.timezone)

    def change(tx: Tx) -> Campaign:
        campaign = steps.start(
            tx,
            known(tx, request.name),
            actor=desk.actor,
            starts_ms=starts,
            not_after_ms=ends,
            every=request.every,
        )
        return rounds.plan_next(tx, campaign, zone)

    campaign = await desk.store.write(change)
    owed(desk)
    return await described(desk, campaign)


async def pause(desk: Desk, request: CampaignPause) -> Document:
    """Send nothing more for now."""
    why = request.why or f"paused by {as_name(desk) or desk.actor}"
    return await _step(
        desk, request.name, partial(steps.pause, actor=desk.actor, why=why)
    )


async def resume(desk: Desk, request: CampaignResume) -> Document:
    """Go on."""
    ends = moment(desk, request.not_after) if request.not_after else None

    def change(tx: Tx, campaign: Campaign) -> Campaign:
        if ends is not None:
            campaign = steps.extend(tx, campaign, ends, actor=desk.actor)
        return steps.resume(tx, campaign, actor=desk.actor)

    return await _step(desk, request.name, change)


async def rate(desk: Desk, request: CampaignRate) -> Document:
    """Send so many an hour from now on."""
    if request.per_hour is not None and request.per_hour < 1:
        raise OperationRefused("a rate is at least one text an hour: pause it instead")
    return await _step(
        desk, request.name, partial(steps.set_rate, per_hour=request.per_hour)
    )


async def cancel(desk: Desk, request: CampaignCancel) -> Document:
    """End a campaign now."""
    why = request.why or f"cancelled by {as_name(desk) or desk.actor}"
    return await _step(
        desk, request.name, partial(steps.cancel, actor=desk.actor, why=why)
    )


async def clear(desk: Desk, campaign: Campaign) -> None:
    """Forget whom a draft was written down for."""
    if campaign.state is State.draft:
        while await desk.store.write(partial(steps.clear_some, campaign=campaign.id)):
            pass


async def described(desk: Desk, campaign: Campaign) -> Document:
    """Return what is shown of a campaign."""
    by_stage = await desk.store.look(partial(counts, campaign=campaign.id))
    return outlined(desk, campaign) | {
        "recipients": {str(stage): by_stage.get(stage, 0) for stage in Stage}
    }


def outlined(desk: Desk, campaign: Campaign) -> Document:
    """Return what is shown of a campaign without counting its recipients."""
    return {
        "name": campaign.name,
        "state": str(campaign.state),
        "why": campaign.why,
        "people": campaign.people,
        "word": campaign.word or None,
        "code": campaign.code or None,
        "per_hour": campaign.per_hour,
        "starts": desk.time_or_none(campaign.starts_ms),
        "not_after": desk.time_or_none(campaign.not_after_ms),
        "every": campaign.every or None,
        "next": desk.time_or_none(campaign.next_ms),
        "author": campaign.author,
        "approved_by": campaign.approved_by or None,
        "started": desk.time_or_none(campaign.started_ms),
        "ended": desk.time_or_none(campaign.ended_ms),
    }


async def _step(
    desk: Desk, name: str, change: Callable[[Tx, Campaign], Campaign]
) -> Document:
    def do(tx: Tx) -> Campaign:
        return change(tx, known(tx, name))

    campaign = await desk.store.write(do)
    owed(desk)
    return await described(desk, campaign)


def ahead(desk: Desk, text: str) -> int:
    """Read a local time that is not past."""
    at = moment(desk, text)
    if at < desk.clock.now_ms() - MINUTE_MS:
        raise OperationRefused(f"{text} is past: give --at a time that lies ahead")
    return at


def moment(desk: Desk, text: str) -> int:
    """Read a local time such as `2026-11-30 09:00`."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise OperationRefused(
            f"{text!r} is no time: write it like '2026-11-30 09:00', local time"
        ) from error
    if at.tzinfo is None:
        at = at.replace(tzinfo=ZoneInfo(desk.config.network.timezone))
    return to_ms(at)

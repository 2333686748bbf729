"""Campaigns agreed to: the audience written down first, then one person, or another.

What comes in: a draft that nothing speaks against. What goes out: the campaign,
approved, or a question to the staff. Whoever wrote a campaign for more people than one
may decide about alone does not approve it. An audience is written down in short
transactions; one that is cut off leaves a draft.
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from smsgate import ledger
from smsgate.campaigns import freezing, preview, steps
from smsgate.campaigns.rows import Campaign, State
from smsgate.errors import SmsgateError
from smsgate.handlers import approval
from smsgate.members import approvals, staff
from smsgate.members.approvals import Kind
from smsgate.operations.campaigning.audiences import choice_of
from smsgate.operations.campaigning.campaigns import described
from smsgate.operations.campaigning.looks import columns_of, tally_of
from smsgate.operations.campaigning.plans import known
from smsgate.operations.desk import OperationRefused
from smsgate.operations.people.staff import asked_of
from smsgate.operations.people.telling import owed, tell
from smsgate.operations.people.two_persons import as_name

if TYPE_CHECKING:
    from smsgate.handlers.approval import Asked
    from smsgate.operations.campaigning.requests import CampaignApprove
    from smsgate.operations.desk import Desk, Document
    from smsgate.store import Query, Tx


async def approve(desk: Desk, request: CampaignApprove) -> Document:
    """Write the audience down, then agree to it or have another of the staff asked.

    Raises:
        OperationRefused: something speaks against it; its lines say what.
    """
    campaign = known(desk.store.peek, request.name)
    tally = await tally_of(desk, campaign)
    columns = await columns_of(desk, campaign)
    blockers = [one.sentence for one in preview.verdict(tally, columns) if one.blocks]
    if blockers:
        raise OperationRefused(
            f"campaign {campaign.name} cannot be approved as it is", blockers
        )
    _require_author(desk, campaign, tally.people)
    frozen = campaign
    if campaign.state is not State.review:
        frozen = await _freeze(desk, campaign, tally.people)
    campaign, asked = await desk.store.write(partial(_agree, desk=desk, whose=frozen))
    owed(desk)
    document = await described(desk, campaign)
    return document | {"approval": None if asked is None else asked_of(desk, asked)}


def _needs_another(desk: Desk, q: Query, people: int) -> bool:
    return people > desk.config.staff.approve_people and bool(staff.colleagues(q))


def _author(campaign: Campaign) -> str:
    return campaign.author.partition(" as ")[2]


def _require_author(desk: Desk, campaign: Campaign, people: int) -> None:
    """Refuse what another must agree to while nobody knows whose other."""
    if not _needs_another(desk, desk.store.peek, people):
        return
    names = [one.name for one in staff.colleagues(desk.store.peek)]
    if _author(campaign).casefold() not in {name.casefold() for name in names}:
        raise OperationRefused(
            f"{people} people need the approval of another than its author, who is not "
            f"known ({', '.join(names)} are): say who wrote it with `smsgate --as NAME "
            f"campaign edit {campaign.name}`"
        )


async def _freeze(desk: Desk, campaign: Campaign, expected: int) -> Campaign:
    choice = choice_of(desk, campaign.plan)
    begun = await freezing.begin(desk.store, campaign.id)
    try:
        async for count in freezing.expand(desk.store, desk.clock, begun, choice):
            desk.progress("writing the audience down", min(count, expected), expected)
        return await desk.store.write(
            lambda tx: steps.frozen(tx, steps.required(tx, campaign.id))
        )
    except BaseException:
        with suppress(SmsgateError):
            # Refused where somebody has cancelled it meanwhile.
            await freezing.give_up(desk.store, campaign.id)
        raise


def _agree(tx: Tx, desk: Desk, whose: Campaign) -> tuple[Campaign, Asked | None]:
    campaign = known(tx, whose.name)
    if not _needs_another(desk, tx, campaign.people):
        by = as_name(desk) or desk.actor
        return steps.approve(tx, campaign, by=by, actor=desk.actor), None
    author, mark = _author(campaign).casefold(), steps.mark_of(campaign)
    for one in approvals.open_of(tx, Kind.campaign):
        if one.detail["mark"] == mark:
            raise OperationRefused(
                f"campaign {campaign.name} waits for one of the staff to answer SI by "
                f"text, until {desk.time(one.expires_ms)}"
            )
    asked = approval.ask(
        tx,
        kind=Kind.campaign,
        account=ledger.system_account(tx, "treasury", actor=desk.actor),
        detail={
            "campaign": campaign.id,
            "name": campaign.name,
            "people": campaign.people,
            "mark": mark,
        },
        actor=desk.actor,
        # Whoever asks may agree with their own phone and PIN; the author may not.
        concerned=frozenset(
            one.member.account
            for one in staff.colleagues(tx)
            if one.name.casefold() == author
        ),
    )
    tell(desk, tx, asked.told)
    return campaign, asked

"""Freezing: the audience written down, a row a recipient, before anybody agrees.

What comes in: a campaign that is `freezing`, and its plan's choice of people. What goes
out: recipients, a batch a transaction, so that payments go on meanwhile, each phone
once. People are chosen by a reader; the writer only writes. Which text somebody gets,
over which link, and whether they are held out to compare with, follows from campaign
and phone alone and never changes. A freezing that was cut off is begun anew. Called by
`smsgate.operations.campaigning.approval` and, for the rounds of a recurring campaign,
by `smsgate.gateway.unasked.campaigning`.
"""

from __future__ import annotations

import asyncio
from functools import cache, partial
from hashlib import sha256
from typing import TYPE_CHECKING

from smsgate.campaigns import steps
from smsgate.campaigns.audience.people import phones
from smsgate.campaigns.plan import PERCENT
from smsgate.campaigns.queueing import link_of
from smsgate.campaigns.rows import Stage, State, Variant
from smsgate.campaigns.steps import CampaignRefused, required

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from smsgate.campaigns.audience.people import Choice, Phone
    from smsgate.campaigns.plan import Plan
    from smsgate.campaigns.rows import Campaign
    from smsgate.clock import Clock
    from smsgate.store import Store, Tx

#: People a transaction writes down: some 3 ms, for which a payment may have to wait.
BATCH = 400
#: The writer is left to others for as long as a batch took it, and at least so long:
#: where the disk or the machine is slow, it is slow for payments, too.
_REST_S = 0.002
_REST_MAX_S = 0.25
_INSERT = (
    "INSERT INTO recipient (campaign, msisdn, account, variant, state, link, fields)"
)
#: Rows of one statement.
_AT_ONCE = 100
_PARTS = 10_000


async def begin(store: Store, campaign: int) -> Campaign:
    """Begin to write an audience down; what an earlier freezing left is forgotten.

    Raises:
        CampaignRefused: the campaign is no draft.
    """
    while await store.write(partial(steps.clear_some, campaign=campaign)):
        pass
    return await store.write(
        lambda tx: steps.begin_freezing(tx, required(tx, campaign))
    )


async def begin_anew(store: Store, campaign: int) -> Campaign:
    """Forget what was written down by whoever was stopped while doing so.

    Raises:
        CampaignRefused: it is not being written down any more.
    """
    again = partial(steps.clear_some, campaign=campaign, state=State.freezing)
    while await store.write(again):
        pass

    def change(tx: Tx) -> Campaign:
        tx.run("UPDATE campaign SET people = 0 WHERE id = ?", (campaign,))
        return required(tx, campaign)

    return await store.write(change)


async def expand(
    store: Store, clock: Clock, campaign: Campaign, choice: Choice
) -> AsyncIterator[int]:
    """Write the whole audience down; yield after each batch how many they are so far.

    Raises:
        CampaignRefused: the campaign was changed meanwhile; it is left as it is.
    """
    after: str | None = choice.first()
    while after is not None:
        place = after
        people, after = await store.look(
            partial(phones, choice=choice, after=place, limit=BATCH)
        )
        begun = clock.monotonic()
        count = await store.write(
            partial(write_down, campaign=campaign.id, people=people)
        )
        took_s = clock.monotonic() - begun
        yield count
        # Whoever waits for the writer is served before the next batch.
        await asyncio.sleep(rest_s(took_s))


def rest_s(took_s: float) -> float:
    """Return how long the writer is left to others after a batch that took so long."""
    return min(max(took_s, _REST_S), _REST_MAX_S)


async def give_up(store: Store, campaign: int) -> None:
    """Make a draft again of what was not written down to its end.

    Raises:
        CampaignRefused: it is not being written down any more.
    """
    await store.write(lambda tx: steps.thaw(tx, required(tx, campaign)))
    while await store.write(partial(steps.clear_some, campaign=campaign)):
        pass


def write_down(tx: Tx, campaign: int, people: Sequence[Phone]) -> int:
    """Write people down; return how many there are of this campaign now.

    Raises:
        CampaignRefused: the campaign was changed meanwhile.
    """
    whose = required(tx, campaign)
    if whose.state is not State.freezing:
        raise CampaignRefused(f"campaign {whose.name} was changed meanwhile")
    count = whose.people
    for start in range(0, len(people), _AT_ONCE):
        some = people[start : start + _AT_ONCE]
        values: list[object] = []
        for msisdn, account, fields in some:
            variant = variant_of(whose.plan, campaign, msisdn)
            stage = Stage.held_out if variant is Variant.none else Stage.waiting
            link = link_of(whose.plan, campaign, msisdn)
            values += (
                *(campaign, msisdn, account, str(variant), str(stage)),
                *(link, fields),
            )
        count += tx.run(_insert(len(some)), values)
    tx.run("UPDATE campaign SET people = ? WHERE id = ?", (count, campaign))
    return count


@cache
def _insert(rows: int) -> str:
    """Return the statement for so many rows; one for many is not one after another."""
    places = ", ".join(["(?, ?, ?, ?, ?, ?, ?)"] * rows)
    return f"{_INSERT} VALUES {places} ON CONFLICT DO NOTHING"


def variant_of(plan: Plan, campaign: int, msisdn: str) -> Variant:
    """Say which text somebody gets; the same answer every time."""
    if not plan.hold_out and plan.other is None:
        return Variant.a
    drawn = sha256(f"{campaign}:{msisdn}".encode()).digest()
    if _part(drawn[:4]) < plan.hold_out * _PARTS // PERCENT:
        return Variant.none
    if plan.other is not None and _part(drawn[4:8]) < plan.split * _PARTS // PERCENT:
        return Variant.b
    return Variant.a


def _part(drawn: bytes) -> int:
    return int.from_bytes(drawn, "big") % _PARTS

"""Freezing: the audience written down, a row a recipient, before anybody agrees.

What comes in: a campaign that is `freezing`, and its plan's choice of people. What goes
out: recipients, a batch a transaction, so that payments go on meanwhile, each phone
once. Which text somebody gets, and whether they are held out to compare with, follows
from campaign and phone alone and never changes. A freezing that was cut off is begun
anew. Called by `smsgate.operations.campaigns` and, for the rounds of a recurring
campaign, by `smsgate.gateway.campaigning`.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from smsgate.campaigns.audience.people import batch
from smsgate.campaigns.plan import PERCENT
from smsgate.campaigns.rows import Stage, State, Variant
from smsgate.campaigns.steps import CampaignRefused, required

if TYPE_CHECKING:
    from smsgate.campaigns.audience.people import Choice
    from smsgate.campaigns.plan import Plan
    from smsgate.store import Tx

#: People a transaction writes down: some 4 ms, for which a payment may have to wait.
BATCH = 400
_PARTS = 10_000


def freeze_some(
    tx: Tx, campaign: int, choice: Choice, after: int | str, limit: int = BATCH
) -> int | str | None:
    """Write the next people down; return where to go on, None at the end.

    Raises:
        CampaignRefused: the campaign was changed meanwhile.
    """
    whose = required(tx, campaign)
    if whose.state is not State.freezing:
        raise CampaignRefused(f"campaign {whose.name} was changed meanwhile")
    people, then = batch(tx, choice, after, limit)
    for person in people:
        variant = variant_of(whose.plan, campaign, person.msisdn)
        held_out = variant is Variant.none
        tx.run(
            "INSERT INTO recipient (campaign, msisdn, account, variant, state)"
            " VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            (
                campaign,
                person.msisdn,
                person.account,
                str(variant),
                str(Stage.held_out if held_out else Stage.waiting),
            ),
        )
    return then


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

"""The steps of a campaign: written, frozen, approved, started, paused, ended.

What comes in: an open transaction, a campaign, and what somebody wants. What goes out:
the campaign afterwards, or `CampaignRefused` with what to do instead. Each decision of
a person is an event of the chain. An edit voids the approval, because what was agreed
to is this text for these people. The steps that time takes are in
`smsgate.campaigns.feeding`.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from smsgate import ledger
from smsgate.campaigns.plan import Plan, dump
from smsgate.campaigns.rows import Campaign, State, by_id
from smsgate.clock import DAY_MS
from smsgate.errors import SmsgateError

if TYPE_CHECKING:
    from smsgate.store import Tx

#: How long a campaign may go on after its start unless staff say otherwise.
LASTS_MS = 7 * DAY_MS
#: States in which the plan may still be changed.
EDITABLE = frozenset({State.draft, State.review, State.approved, State.scheduled})
#: States in which recipients are, or may soon be, written to.
LIVE = frozenset({State.scheduled, State.running, State.paused})
#: Why a campaign is paused that another house began.
RESTORED = "the ledger was restored: nobody knows who was written to since"
#: How many rows one step of clearing away takes.
_BATCH = 2_000


class CampaignRefused(SmsgateError):
    """This step cannot be taken now."""


def new(
    tx: Tx,
    *,
    name: str,
    plan: Plan,
    author: str,
    word: str = "",
    code: str = "",
    promoted: int | None = None,
    per_hour: int | None = None,
    series: int | None = None,
) -> Campaign:
    """Write a campaign down, as a draft."""
    row_id = tx.insert(
        "INSERT INTO campaign (name, plan, word, code, promoted, per_hour, series,"
        " author, created_ms) VALUES (:name, :plan, :word, :code, :promoted,"
        " :per_hour, :series, :author, :now)",
        {
            "name": name,
            "plan": dump(plan),
            "word": word,
            "code": code,
            "promoted": promoted,
            "per_hour": per_hour,
            "series": series,
            "author": author,
            "now": tx.now_ms,
        },
    )
    return required(tx, row_id)


def edit(
    tx: Tx,
    campaign: Campaign,
    *,
    plan: Plan,
    actor: str,
    word: str,
    code: str,
    promoted: int | None,
) -> Campaign:
    """Put another plan in the place of this one; it must be approved anew."""
    if campaign.state not in EDITABLE:
        raise CampaignRefused(
            f"campaign {campaign.name} is {campaign.state}: what people were written "
            "cannot change, so make a new one"
        )
    tx.run(
        "UPDATE campaign SET plan = :plan, word = :word, code = :code,"
        " promoted = :promoted, state = 'draft', approved_ms = 0, approved_by = '',"
        " starts_ms = NULL, people = 0, author = :actor WHERE id = :id",
        {
            "id": campaign.id,
            "plan": dump(plan),
            "word": word,
            "code": code,
            "promoted": promoted,
            "actor": actor,
        },
    )
    return _done(tx, campaign, actor, "campaign_edited")


def clear_some(tx: Tx, campaign: Campaign) -> bool:
    """Forget some of a draft's recipients; say whether there may be more."""
    if campaign.state not in {State.draft, State.freezing}:
        raise CampaignRefused(f"campaign {campaign.name} is {campaign.state}")
    return (
        tx.run(
            "DELETE FROM recipient WHERE campaign = :id AND msisdn IN (SELECT msisdn"
            " FROM recipient WHERE campaign = :id LIMIT :batch)",
            {"id": campaign.id, "batch": _BATCH},
        )
        == _BATCH
    )


def begin_freezing(tx: Tx, campaign: Campaign) -> Campaign:
    """Begin to write the audience down."""
    if campaign.state is not State.draft:
        raise CampaignRefused(
            f"campaign {campaign.name} is {campaign.state}: only a draft is approved"
        )
    return _move(tx, campaign, State.freezing)


def frozen(tx: Tx, campaign: Campaign) -> Campaign:
    """Say that the audience is complete; now somebody must agree."""
    if campaign.state is not State.freezing:
        raise CampaignRefused(f"campaign {campaign.name} was changed meanwhile")
    row = tx.one(
        "SELECT count(*) AS n FROM recipient WHERE campaign = :id",
        {"id": campaign.id},
    )
    people = 0 if row is None else int(row["n"])
    tx.run(
        "UPDATE campaign SET people = :people WHERE id = :id",
        {"people": people, "id": campaign.id},
    )
    return _move(tx, campaign, State.review)


def thaw(tx: Tx, campaign: Campaign) -> Campaign:
    """Make a draft again of what was not frozen to the end, or not agreed to."""
    if campaign.state not in {State.freezing, State.review}:
        raise CampaignRefused(f"campaign {campaign.name} is {campaign.state}")
    return _move(tx, campaign, State.draft)


def approve(tx: Tx, campaign: Campaign, *, by: str, actor: str) -> Campaign:
    """Agree to this text for these people."""
    if campaign.state is not State.review:
        raise CampaignRefused(
            f"campaign {campaign.name} is {campaign.state}: it is not to be agreed to"
        )
    tx.run(
        "UPDATE campaign SET approved_ms = :now, approved_by = :by WHERE id = :id",
        {"now": tx.now_ms, "by": by, "id": campaign.id},
    )
    approved = _move(tx, campaign, State.approved)
    return _done(tx, approved, actor, "campaign_approved")


def start(
    tx: Tx,
    campaign: Campaign,
    *,
    actor: str,
    starts_ms: int | None = None,
    not_after_ms: int | None = None,
    every: str = "",
) -> Campaign:
    """Have it sent, now or at a time; `not_after_ms` None: within seven days of it."""
    if campaign.state not in {State.approved, State.scheduled}:
        raise CampaignRefused(
            f"campaign {campaign.name} is {campaign.state}: approve it first"
            if campaign.state in {State.draft, State.freezing, State.review}
            else f"campaign {campaign.name} is {campaign.state} already"
        )
    starts = tx.now_ms if starts_ms is None else starts_ms
    ends = starts + LASTS_MS if not_after_ms is None else not_after_ms
    if ends <= max(starts, tx.now_ms):
        raise CampaignRefused(
            "it would end before it begins: give --not-after a time after the start"
        )
    tx.run(
        "UPDATE campaign SET starts_ms = :starts, not_after_ms = :ends, every = :every,"
        " instance = (SELECT instance FROM house) WHERE id = :id",
        {"starts": starts, "ends": ends, "every": every, "id": campaign.id},
    )
    scheduled = _move(tx, campaign, State.scheduled)
    return _done(tx, scheduled, actor, "campaign_started")


def pause(tx: Tx, campaign: Campaign, *, actor: str, why: str) -> Campaign:
    """Send nothing more for now; what no link has yet is taken back."""
    if campaign.state not in {State.running, State.scheduled}:
        raise CampaignRefused(f"campaign {campaign.name} is {campaign.state}")
    withdraw(tx, campaign.id)
    tx.run(
        "UPDATE campaign SET why = :why WHERE id = :id",
        {"why": why, "id": campaign.id},
    )
    return _done(tx, _move(tx, campaign, State.paused), actor, "campaign_paused")


def resume(tx: Tx, campaign: Campaign, *, actor: str) -> Campaign:
    """Go on; whoever was written to is not written to again."""
    if campaign.state is not State.paused:
        raise CampaignRefused(f"campaign {campaign.name} is {campaign.state}")
    ends = campaign.not_after_ms
    if ends is not None and ends <= tx.now_ms:
        raise CampaignRefused(
            f"the time of campaign {campaign.name} is over: cancel it, or give it "
            "another end with `smsgate campaign resume --not-after`"
        )
    tx.run(
        "UPDATE campaign SET why = '', instance = (SELECT instance FROM house)"
        " WHERE id = :id",
        {"id": campaign.id},
    )
    state = State.running if campaign.started_ms else State.scheduled
    return _done(tx, _move(tx, campaign, state), actor, "campaign_resumed")


def extend(tx: Tx, campaign: Campaign, not_after_ms: int, *, actor: str) -> Campaign:
    """Let it go on until another moment."""
    if not_after_ms <= tx.now_ms:
        raise CampaignRefused("a new end must lie ahead")
    tx.run(
        "UPDATE campaign SET not_after_ms = :ends WHERE id = :id",
        {"ends": not_after_ms, "id": campaign.id},
    )
    return _done(tx, campaign, actor, "campaign_extended")


def set_rate(tx: Tx, campaign: Campaign, per_hour: int | None) -> Campaign:
    """Send so many an hour from now on; None: as fast as the links allow."""
    if campaign.state in {State.finished, State.cancelled}:
        raise CampaignRefused(f"campaign {campaign.name} is {campaign.state}")
    withdraw(tx, campaign.id)
    tx.run(
        "UPDATE campaign SET per_hour = :rate, paced_ms = 0 WHERE id = :id",
        {"rate": per_hour, "id": campaign.id},
    )
    return required(tx, campaign.id)


def cancel(tx: Tx, campaign: Campaign, *, actor: str, why: str) -> Campaign:
    """End it now: whoever was not written to yet will not be.

    Of a recurring one that is between two rounds, no further round is begun.
    """
    if campaign.state is State.finished and campaign.next_ms is not None:
        tx.run("UPDATE campaign SET next_ms = NULL WHERE id = :id", {"id": campaign.id})
        return _done(tx, campaign, actor, "campaign_cancelled")
    if campaign.state in {State.finished, State.cancelled}:
        raise CampaignRefused(f"campaign {campaign.name} is {campaign.state} already")
    withdraw(tx, campaign.id)
    tx.run(
        "UPDATE campaign SET why = :why, ended_ms = :now, next_ms = NULL"
        " WHERE id = :id",
        {"why": why, "now": tx.now_ms, "id": campaign.id},
    )
    return _done(tx, _move(tx, campaign, State.cancelled), actor, "campaign_cancelled")


def withdraw(tx: Tx, campaign: int) -> int:
    """Take back the texts that no link has yet; return how many."""
    return tx.run(
        "UPDATE outbox SET state = 'expired', error = '', settled_ms = :now"
        " WHERE state = 'queued' AND id IN (SELECT outbox FROM recipient"
        " WHERE campaign = :id AND state = 'queued')",
        {"now": tx.now_ms, "id": campaign},
    )


def hold_restored(tx: Tx) -> int:
    """Pause what another house began: this ledger is a copy that was put back.

    Nobody knows whom the other house has written to since the copy was made.
    """
    rows = tx.all(
        "SELECT id FROM campaign WHERE state IN ('scheduled', 'running')"
        " AND instance <> (SELECT instance FROM house)"
    )
    for row in rows:
        withdraw(tx, row["id"])
        tx.run(
            "UPDATE campaign SET state = 'paused', why = :why WHERE id = :id",
            {"why": RESTORED, "id": row["id"]},
        )
    return len(rows)


def mark_of(campaign: Campaign) -> str:
    """Return what an approval is bound to: this plan and no other."""
    return sha256(dump(campaign.plan).encode()).hexdigest()[:16]


def required(tx: Tx, campaign: int) -> Campaign:
    """Return a campaign that is known to be there."""
    found = by_id(tx, campaign)
    if found is None:
        raise AssertionError("a campaign that was just written cannot be read")
    return found


def _move(tx: Tx, campaign: Campaign, state: State) -> Campaign:
    tx.run(
        "UPDATE campaign SET state = :state WHERE id = :id",
        {"state": str(state), "id": campaign.id},
    )
    return required(tx, campaign.id)


def _done(tx: Tx, campaign: Campaign, actor: str, kind: str) -> Campaign:
    after = required(tx, campaign.id)
    ledger.record(
        tx,
        kind=kind,
        account=after.promoted,
        actor=actor,
        detail={
            "campaign": after.id,
            "name": after.name,
            "people": after.people,
            "state": str(after.state),
        },
    )
    return after

"""The steps of a campaign: written, frozen, approved, started, paused, ended.

What comes in: an open transaction, a campaign, and what somebody wants. What goes out:
the campaign afterwards, or `CampaignRefused` with what to do instead. Each decision of
a person is an event of the chain. An edit voids the approval, because what was agreed
to is this text for these people. The steps that time takes are in
`smsgate.campaigns.feeding`; what a copy of a ledger holds back, in
`smsgate.campaigns.restored`.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from smsgate import ledger
from smsgate.campaigns.plan import Plan, dump
from smsgate.campaigns.rows import Campaign, State, by_id
from smsgate.clock import DAY_MS
from smsgate.errors import SmsgateError
from smsgate.messages import outbox

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
_BATCH = 1_000
#: What is on its way: there are never many of them.
ON_ITS_WAY = (
    "SELECT outbox FROM recipient WHERE campaign = :id AND msisdn IN (SELECT msisdn"
    " FROM recipient WHERE campaign = :id AND state IN ('queued', 'sending'))"
)
#: Rounds of a recurring one that have not ended.
UNDER_WAY = (
    "SELECT id FROM campaign WHERE series = :id"
    " AND state NOT IN ('finished', 'cancelled')"
)


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
    per_hour: int | None,
) -> Campaign:
    """Put another plan in the place of this one; it must be approved anew.

    A round that is changed is no round of its series any more: that was agreed to.
    Whoever was written down for it must be forgotten then, with `clear_some`.
    """
    if campaign.state not in EDITABLE:
        raise CampaignRefused(
            f"{campaign.standing}: what people were written "
            "cannot change, so make a new one"
        )
    tx.run(
        "UPDATE campaign SET plan = :plan, word = :word, code = :code,"
        " promoted = :promoted, per_hour = :per_hour, state = 'draft',"
        " approved_ms = 0, approved_by = '', starts_ms = NULL, not_after_ms = NULL,"
        " every = '', next_ms = NULL, series = NULL, why = '', people = 0,"
        " frozen_ms = 0, author = :actor WHERE id = :id",
        {
            "id": campaign.id,
            "plan": dump(plan),
            "word": word,
            "code": code,
            "promoted": promoted,
            "per_hour": per_hour,
            "actor": actor,
        },
    )
    return _done(tx, campaign, actor, "campaign_edited")


def clear_some(tx: Tx, campaign: int, state: State = State.draft) -> bool:
    """Forget some of the recipients of a draft; say whether there may be more.

    `state` freezing is for whoever is writing them down, to begin anew.
    """
    whose = required(tx, campaign)
    if whose.state is not state:
        raise CampaignRefused(f"{whose.standing}: it was changed meanwhile")
    return (
        tx.run(
            "DELETE FROM recipient WHERE campaign = :id AND msisdn IN (SELECT msisdn"
            " FROM recipient WHERE campaign = :id LIMIT :batch)",
            {"id": campaign, "batch": _BATCH},
        )
        == _BATCH
    )


def begin_freezing(tx: Tx, campaign: Campaign) -> Campaign:
    """Begin to write the audience down; nobody may be left of an earlier time."""
    if campaign.state is not State.draft:
        raise CampaignRefused(f"{campaign.standing}: only a draft is approved")
    if tx.one("SELECT 1 FROM recipient WHERE campaign = :id LIMIT 1", _id(campaign)):
        raise CampaignRefused(
            f"campaign {campaign.name} was written down and changed meanwhile: "
            "approve it again"
        )
    _refuse_taken_word(tx, campaign)
    tx.run(
        "UPDATE campaign SET people = 0, frozen_ms = 0 WHERE id = :id", _id(campaign)
    )
    return _move(tx, campaign, State.freezing)


def _refuse_taken_word(tx: Tx, campaign: Campaign) -> None:
    if not campaign.word or campaign.series is not None:
        return
    row = tx.one(
        "SELECT name FROM campaign WHERE word = :word AND word <> ''"
        " AND series IS NULL AND id <> :id"
        " AND state NOT IN ('draft', 'finished', 'cancelled')",
        {"word": campaign.word, "id": campaign.id},
    )
    if row is not None:
        raise CampaignRefused(
            f"campaign {row['name']} listens for {campaign.word} until it ends: "
            "give this one another word"
        )


def frozen(tx: Tx, campaign: Campaign) -> Campaign:
    """Say that the audience is complete; now somebody must agree."""
    if campaign.state is not State.freezing:
        raise CampaignRefused(f"campaign {campaign.name} was changed meanwhile")
    tx.run(
        "UPDATE campaign SET frozen_ms = :now WHERE id = :id",
        {"now": tx.now_ms, "id": campaign.id},
    )
    return _move(tx, campaign, State.review)


def thaw(tx: Tx, campaign: Campaign) -> Campaign:
    """Make a draft again of what was not frozen to the end, or not agreed to.

    Whoever was written down for it must be forgotten then, with `clear_some`.
    """
    if campaign.state not in {State.freezing, State.review}:
        raise CampaignRefused(f"{campaign.standing}: nobody is asked about it")
    tx.run(
        "UPDATE campaign SET people = 0, frozen_ms = 0 WHERE id = :id", _id(campaign)
    )
    return _move(tx, campaign, State.draft)


def approve(tx: Tx, campaign: Campaign, *, by: str, actor: str) -> Campaign:
    """Agree to this text for these people."""
    if campaign.state is not State.review:
        raise CampaignRefused(f"{campaign.standing}: it is not to be agreed to")
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
            f"{campaign.standing}: approve it first"
            if campaign.state in {State.draft, State.freezing, State.review}
            else f"{campaign.standing} already"
        )
    if every and campaign.series is not None:
        raise CampaignRefused(
            f"campaign {campaign.name} is a round of a recurring one: start it once"
        )
    starts = tx.now_ms if starts_ms is None else starts_ms
    ends = starts + LASTS_MS if not_after_ms is None else not_after_ms
    if ends <= max(starts, tx.now_ms):
        raise CampaignRefused(
            "it would end before it begins: give --not-after a time after the start"
        )
    tx.run(
        "UPDATE campaign SET starts_ms = :starts, not_after_ms = :ends, every = :every,"
        " why = '', instance = (SELECT instance FROM house) WHERE id = :id",
        {"starts": starts, "ends": ends, "every": every, "id": campaign.id},
    )
    scheduled = _move(tx, campaign, State.scheduled)
    return _done(tx, scheduled, actor, "campaign_started")


def pause(tx: Tx, campaign: Campaign, *, actor: str, why: str) -> Campaign:
    """Send nothing more for now; what no link has yet is taken back."""
    if campaign.state not in {State.running, State.scheduled}:
        raise CampaignRefused(f"{campaign.standing}: only what was started is paused")
    withdraw(tx, campaign.id)
    tx.run(
        "UPDATE campaign SET why = :why WHERE id = :id",
        {"why": why, "id": campaign.id},
    )
    return _done(tx, _move(tx, campaign, State.paused), actor, "campaign_paused")


def resume(tx: Tx, campaign: Campaign, *, actor: str) -> Campaign:
    """Go on; whoever was written to is not written to again.

    A recurring one that stands between two rounds goes on with those that lie ahead.
    """
    recurs = campaign.state is State.finished and campaign.next_ms is not None
    if campaign.state is not State.paused and not (recurs and campaign.why == RESTORED):
        raise CampaignRefused(f"{campaign.standing}: only what is paused is resumed")
    ends = campaign.not_after_ms
    if ends is not None and ends <= tx.now_ms and not recurs:
        raise CampaignRefused(
            f"the time of campaign {campaign.name} is over: cancel it, or give it "
            "another end with `smsgate campaign resume --not-after`"
        )
    tx.run(
        "UPDATE campaign SET why = '', instance = (SELECT instance FROM house)"
        " WHERE id = :id",
        _id(campaign),
    )
    if recurs:
        return _done(tx, campaign, actor, "campaign_resumed")
    state = State.running if campaign.started_ms else State.scheduled
    return _done(tx, _move(tx, campaign, state), actor, "campaign_resumed")


def extend(tx: Tx, campaign: Campaign, not_after_ms: int, *, actor: str) -> Campaign:
    """Let it go on until another moment."""
    if campaign.state not in LIVE:
        raise CampaignRefused(
            f"{campaign.standing}: give the end with "
            "`smsgate campaign start --not-after`"
        )
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
        raise CampaignRefused(f"{campaign.standing}: it sends nothing more")
    withdraw(tx, campaign.id)
    tx.run(
        "UPDATE campaign SET per_hour = :rate, paced_ms = 0 WHERE id = :id",
        {"rate": per_hour, "id": campaign.id},
    )
    return required(tx, campaign.id)


def cancel(tx: Tx, campaign: Campaign, *, actor: str, why: str) -> Campaign:
    """End it now: whoever was not written to yet will not be.

    They are marked so a little later, by `smsgate.campaigns.feeding`, for there may be
    a million of them. Of a recurring one no further round is begun, and one that is
    under way ends with it.
    """
    under_way = tx.all(UNDER_WAY, _id(campaign))
    for row in under_way:
        cancel(tx, required(tx, row["id"]), actor=actor, why=why)
    if campaign.state is State.finished and (campaign.next_ms or under_way):
        tx.run("UPDATE campaign SET next_ms = NULL WHERE id = :id", {"id": campaign.id})
        return _done(tx, campaign, actor, "campaign_cancelled")
    if campaign.state in {State.finished, State.cancelled}:
        raise CampaignRefused(f"{campaign.standing} already")
    withdraw(tx, campaign.id)
    tx.run(
        "UPDATE campaign SET why = :why, ended_ms = :now, next_ms = NULL"
        " WHERE id = :id",
        {"why": why, "now": tx.now_ms, "id": campaign.id},
    )
    return _done(tx, _move(tx, campaign, State.cancelled), actor, "campaign_cancelled")


def withdraw(tx: Tx, campaign: int) -> int:
    """Take back the texts that no link has yet; return how many."""
    rows = tx.all(ON_ITS_WAY, {"id": campaign})
    return outbox.take_back(tx, (row["outbox"] for row in rows))


def mark_of(campaign: Campaign) -> str:
    """Return what an approval is bound to: this text, offer and audience alone."""
    agreed = (
        dump(campaign.plan),
        campaign.word,
        campaign.code,
        campaign.promoted,
        campaign.people,
        campaign.frozen_ms,
    )
    return sha256(repr(agreed).encode()).hexdigest()[:16]


def required(tx: Tx, campaign: int) -> Campaign:
    """Return a campaign that is known to be there."""
    found = by_id(tx, campaign)
    if found is None:
        raise AssertionError("a campaign that was just written cannot be read")
    return found


def _id(campaign: Campaign) -> dict[str, int]:
    return {"id": campaign.id}


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

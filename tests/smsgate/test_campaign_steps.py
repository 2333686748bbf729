"""Steps: which may be taken from which state, and what an approval is bound to."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from smsgate.campaigns import freezing, steps
from smsgate.campaigns.plan import Wording
from smsgate.campaigns.rows import State, by_name
from smsgate.campaigns.steps import CampaignRefused
from smsgate.clock import DAY_MS, HOUR_MS
from smsgate.store import Refused
from tests.smsgate.promoter import STAFF, Promoter, plan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from smsgate.campaigns.rows import Campaign

    Step = Callable[[Promoter, Campaign], object]


@pytest.fixture
def promoter() -> Iterator[Promoter]:
    """Three people who want promotions."""
    with Promoter() as made:
        made.crowd(3)
        yield made


def edited(promoter: Promoter, campaign: Campaign, **facts: Any) -> Campaign:
    """Put another plan in its place."""
    given: dict[str, Any] = {
        "plan": replace(campaign.plan, hold_out=0),
        "word": campaign.word,
        "code": campaign.code,
        "promoted": campaign.promoted,
        "per_hour": campaign.per_hour,
    }
    return steps.edit(promoter.tx, campaign, actor=STAFF, **(given | facts))


def in_state(promoter: Promoter, state: State) -> Campaign:
    """Return a campaign that has come as far as this, by the steps that lead there."""
    name = str(state)
    match state:
        case State.draft:
            return promoter.draft(name)
        case State.freezing:
            return steps.begin_freezing(promoter.tx, promoter.draft(name))
        case State.review:
            return promoter.freeze(promoter.draft(name))
        case State.approved:
            return promoter.approved(name)
        case State.scheduled:
            return promoter.started(name)
        case _:
            campaign = promoter.started(name)
    promoter.feed()
    match state:
        case State.running:
            pass
        case State.paused:
            steps.pause(promoter.tx, promoter.now(campaign), actor=STAFF, why="x")
        case State.finished:
            promoter.sends()
            promoter.feed()
        case _:
            steps.cancel(promoter.tx, promoter.now(campaign), actor=STAFF, why="x")
    return promoter.now(campaign)


STEPS: dict[str, Step] = {
    "edit": edited,
    "clear": lambda p, c: steps.clear_some(p.tx, c.id),
    "begin": lambda p, c: steps.begin_freezing(p.tx, c),
    "write": lambda p, c: freezing.write_down(p.tx, c.id, []),
    "frozen": lambda p, c: steps.frozen(p.tx, c),
    "thaw": lambda p, c: steps.thaw(p.tx, c),
    "approve": lambda p, c: steps.approve(p.tx, c, by="oscar", actor="uid:1"),
    "start": lambda p, c: steps.start(p.tx, c, actor=STAFF),
    "pause": lambda p, c: steps.pause(p.tx, c, actor=STAFF, why="x"),
    "resume": lambda p, c: steps.resume(p.tx, c, actor=STAFF),
    "extend": lambda p, c: steps.extend(p.tx, c, p.tx.now_ms + DAY_MS, actor=STAFF),
    "rate": lambda p, c: steps.set_rate(p.tx, c, 100),
    "cancel": lambda p, c: steps.cancel(p.tx, c, actor=STAFF, why="x"),
}
_SAME = "the same"
#: Where each step leads from each state; what is not here is refused.
LEADS: dict[State, dict[str, str]] = {
    State.draft: {
        "edit": "draft",
        "clear": _SAME,
        "begin": "freezing",
        "rate": _SAME,
        "cancel": "cancelled",
    },
    State.freezing: {
        "write": _SAME,
        "frozen": "review",
        "thaw": "draft",
        "rate": _SAME,
        "cancel": "cancelled",
    },
    State.review: {
        "edit": "draft",
        "thaw": "draft",
        "approve": "approved",
        "rate": _SAME,
        "cancel": "cancelled",
    },
    State.approved: {
        "edit": "draft",
        "start": "scheduled",
        "rate": _SAME,
        "cancel": "cancelled",
    },
    State.scheduled: {
        "edit": "draft",
        "start": _SAME,
        "pause": "paused",
        "extend": _SAME,
        "rate": _SAME,
        "cancel": "cancelled",
    },
    State.running: {
        "pause": "paused",
        "extend": _SAME,
        "rate": _SAME,
        "cancel": "cancelled",
    },
    State.paused: {
        "resume": "running",
        "extend": _SAME,
        "rate": _SAME,
        "cancel": "cancelled",
    },
    State.finished: {},
    State.cancelled: {},
}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("step", STEPS)
def test_every_step_from_every_state(
    promoter: Promoter, state: State, step: str
) -> None:
    """A step leads where the table says, or is refused and changes nothing."""
    campaign = in_state(promoter, state)
    assert campaign.state is state
    leads = LEADS[state].get(step)
    if leads is None:
        with pytest.raises(CampaignRefused) as caught:
            STEPS[step](promoter, campaign)
        assert campaign.name in str(caught.value)
        assert promoter.now(campaign) == campaign
        return
    STEPS[step](promoter, campaign)
    assert str(promoter.now(campaign).state) == (state if leads is _SAME else leads)


@pytest.mark.parametrize("state", [State.review, State.approved, State.scheduled])
@pytest.mark.parametrize(
    "change",
    [
        {"plan": plan(text=Wording(es="Torta hoy"))},
        {"code": "TORTA5"},
        {"word": "TORTA"},
        {"promoted": 1},
        {},
    ],
)
def test_any_edit_voids_the_approval(
    promoter: Promoter, state: State, change: dict[str, Any]
) -> None:
    """Another text, code, word or shop: it is a draft again and nobody has agreed."""
    before = in_state(promoter, state)
    after = edited(promoter, before, **change)
    assert (after.state, after.approved_ms, after.approved_by) == (State.draft, 0, "")
    assert (after.starts_ms, after.people, after.frozen_ms) == (None, 0, 0)
    # Whoever was written down must go before others are.
    with pytest.raises(CampaignRefused, match="changed meanwhile: approve it again"):
        steps.begin_freezing(promoter.tx, after)
    while steps.clear_some(promoter.tx, after.id):
        pass
    assert promoter.freeze(promoter.now(after)).people == 3


def test_an_approval_is_bound_to_this_text_offer_and_audience(
    promoter: Promoter,
) -> None:
    """The mark of what was agreed to changes with each of them and nothing else."""
    campaign = promoter.freeze(promoter.draft())
    mark = steps.mark_of(campaign)
    assert steps.mark_of(promoter.now(campaign)) == mark
    for facts in (
        {"plan": plan(text=Wording(es="Torta"))},
        {"word": "TORTA"},
        {"code": "T5"},
        {"promoted": 1},
        {"people": 2},
        {"frozen_ms": campaign.frozen_ms + 1},
    ):
        assert steps.mark_of(replace(campaign, **facts)) != mark
    assert steps.mark_of(replace(campaign, state=State.draft, per_hour=9)) == mark


def test_nothing_is_sent_that_nobody_agreed_to(promoter: Promoter) -> None:
    """The database itself lets no campaign run without an approval."""
    campaign = promoter.draft()
    for state in ("approved", "scheduled", "running", "paused", "finished"):
        with pytest.raises(Refused) as caught:
            promoter.tx.run("UPDATE campaign SET state = ?", (state,))
        assert caught.value.name == "unapproved"
    assert promoter.now(campaign).state is State.draft


def test_a_word_belongs_to_one_campaign_until_its_end(promoter: Promoter) -> None:
    """A second one with the same word is told whose it is, and may have it later."""
    first = promoter.freeze(promoter.draft("first", facts={"word": "TORTA"}))
    second = promoter.draft("second", facts={"word": "TORTA"})
    with pytest.raises(CampaignRefused, match="campaign first listens for TORTA"):
        steps.begin_freezing(promoter.tx, second)
    steps.cancel(promoter.tx, first, actor=STAFF, why="x")
    assert promoter.freeze(second).state is State.review


def test_a_campaign_lasts_seven_days_unless_told_otherwise(promoter: Promoter) -> None:
    """Its end lies after its beginning, and after now."""
    campaign = promoter.approved()
    now = promoter.tx.now_ms
    for starts, ends in ((None, now), (now + HOUR_MS, now + HOUR_MS), (None, now - 1)):
        with pytest.raises(CampaignRefused, match="end before it begins"):
            steps.start(
                promoter.tx, campaign, actor=STAFF, starts_ms=starts, not_after_ms=ends
            )
    begun = steps.start(promoter.tx, campaign, actor=STAFF, starts_ms=now + DAY_MS)
    assert begun.not_after_ms == now + 8 * DAY_MS
    # It can be put off while it has not begun.
    begun = steps.start(promoter.tx, begun, actor=STAFF, starts_ms=now + 2 * DAY_MS)
    assert (begun.starts_ms, begun.not_after_ms) == (now + 2 * DAY_MS, now + 9 * DAY_MS)


def test_what_is_over_is_resumed_only_with_another_end(promoter: Promoter) -> None:
    """A pause over the end needs a new end; it goes on where it stood."""
    campaign = in_state(promoter, State.paused)
    promoter.wait(8 * DAY_MS)
    with pytest.raises(CampaignRefused, match="the time of campaign paused is over"):
        steps.resume(promoter.tx, promoter.now(campaign), actor=STAFF)
    with pytest.raises(CampaignRefused, match="must lie ahead"):
        steps.extend(promoter.tx, campaign, promoter.tx.now_ms, actor=STAFF)
    ends = promoter.tx.now_ms + DAY_MS
    campaign = steps.extend(promoter.tx, campaign, ends, actor=STAFF)
    assert steps.resume(promoter.tx, campaign, actor=STAFF).state is State.running


def test_what_was_not_begun_is_scheduled_again(promoter: Promoter) -> None:
    """A pause before the start leads back to waiting for it."""
    campaign = promoter.approved()
    starts = promoter.tx.now_ms + DAY_MS
    campaign = steps.start(promoter.tx, campaign, actor=STAFF, starts_ms=starts)
    campaign = steps.pause(promoter.tx, campaign, actor=STAFF, why="wait")
    assert promoter.feed_all() == 0
    assert steps.resume(promoter.tx, campaign, actor=STAFF).state is State.scheduled


def test_each_decision_is_in_the_chain(promoter: Promoter) -> None:
    """Who approved, started, paused, resumed, extended, edited and cancelled it."""
    campaign = promoter.started()
    promoter.feed()
    steps.pause(promoter.tx, promoter.now(campaign), actor=STAFF, why="x")
    steps.resume(promoter.tx, promoter.now(campaign), actor=STAFF)
    ends = promoter.tx.now_ms + DAY_MS
    steps.extend(promoter.tx, promoter.now(campaign), ends, actor=STAFF)
    steps.cancel(promoter.tx, promoter.now(campaign), actor=STAFF, why="x")
    edited(promoter, promoter.draft("other"))
    rows = promoter.tx.all(
        "SELECT kind, actor FROM event WHERE kind LIKE 'campaign%' ORDER BY id"
    )
    assert [(row["kind"][9:], row["actor"]) for row in rows] == [
        ("approved", "uid:1"),
        ("started", STAFF),
        ("paused", STAFF),
        ("resumed", STAFF),
        ("extended", STAFF),
        ("cancelled", STAFF),
        ("edited", STAFF),
    ]
    assert by_name(promoter.tx, "pan") == promoter.now(campaign)

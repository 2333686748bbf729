"""Feeding: who gets a text when, what keeps one back, and how a campaign ends."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from modem.link import ReportStatus
from smsgate import ledger, members
from smsgate.campaigns import feeding, queueing, replies, restored, rounds, steps
from smsgate.campaigns.audience import saved
from smsgate.campaigns.audience.saved import Listed
from smsgate.campaigns.feeding import AHEAD, BATCH
from smsgate.campaigns.plan import Wording
from smsgate.campaigns.rows import State
from smsgate.clock import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS
from smsgate.messages import outbox
from smsgate.messages.outbox import Class
from tests.smsgate.promoter import STAFF, TERMS, Promoter, plan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smsgate.campaigns.rows import Campaign


@pytest.fixture
def promoter() -> Iterator[Promoter]:
    """Ten people who want promotions; it is nine o'clock on a Monday."""
    with Promoter() as made:
        made.crowd(10)
        yield made


def again(promoter: Promoter, campaign: Campaign) -> Campaign:
    """Resume it."""
    return steps.resume(promoter.tx, promoter.now(campaign), actor=STAFF)


def pause(promoter: Promoter, campaign: Campaign) -> Campaign:
    """Pause it."""
    return steps.pause(promoter.tx, promoter.now(campaign), actor=STAFF, why="x")


def test_everybody_is_written_to_once_and_then_it_is_over(promoter: Promoter) -> None:
    """From the start to the end: queued, sent, finished, and nothing is left to do."""
    campaign = promoter.started()
    assert promoter.feed_all() == 10
    assert promoter.now(campaign).state is State.running
    assert promoter.sends() == 10
    assert promoter.feed().moved == 0
    ended = promoter.now(campaign)
    assert (ended.state, ended.ended_ms) == (State.finished, promoter.tx.now_ms)
    assert promoter.stages(campaign) == {"sent": 10}
    assert len(set(promoter.taken)) == 10
    assert promoter.feed().moved == 1
    assert promoter.now(campaign).swept == 1
    assert promoter.feed() == feeding.Fed()
    assert promoter.now(campaign).spent == 10 * 300


def test_it_waits_for_its_time(promoter: Promoter) -> None:
    """A campaign for tomorrow begins tomorrow."""
    campaign = promoter.approved()
    starts = promoter.tx.now_ms + DAY_MS
    steps.start(promoter.tx, campaign, actor=STAFF, starts_ms=starts)
    promoter.wait(DAY_MS - 1)
    assert promoter.feed() == feeding.Fed()
    promoter.wait(1)
    assert promoter.feed().queued == 10


def test_no_more_wait_in_the_outbox_than_so_many(promoter: Promoter) -> None:
    """Few at a time, and never many ahead of what was sent."""
    promoter.crowd(300)
    promoter.started()
    assert promoter.feed().queued == BATCH
    assert promoter.feed_all() == AHEAD - BATCH
    assert promoter.feed() == feeding.Fed(going=True)
    promoter.sends(50)
    assert promoter.feed_all() == 50


def test_a_rate_spreads_texts_and_is_changed_at_once(promoter: Promoter) -> None:
    """60 an hour: one a minute; 120: every half one; none of its own: all at once."""
    promoter.crowd(30)
    campaign = promoter.approved(facts={"per_hour": 60})
    steps.start(promoter.tx, campaign, actor=STAFF)
    now = promoter.tx.now_ms
    promoter.feed_all()
    assert [row["due_ms"] - now for row in promoter.queued()] == [0, MINUTE_MS]
    for minute in range(1, 6):
        promoter.wait(MINUTE_MS)
        promoter.feed_all()
        assert promoter.sends() == (2 if minute == 1 else 1)
    assert len(promoter.taken) == 6
    steps.set_rate(promoter.tx, promoter.now(campaign), 120)
    assert promoter.queued() == []
    for _ in range(4):
        promoter.feed_all()
        promoter.sends()
        promoter.wait(30 * SECOND_MS)
    assert len(promoter.taken) == 6 + 4
    steps.set_rate(promoter.tx, promoter.now(campaign), None)
    assert promoter.feed_all() == 30


def test_a_rate_does_not_catch_up_what_was_missed(promoter: Promoter) -> None:
    """After an hour in which nobody fed it goes on at its pace, not with a burst."""
    campaign = promoter.approved(facts={"per_hour": 60})
    steps.start(promoter.tx, campaign, actor=STAFF)
    promoter.feed_all()
    promoter.sends()
    promoter.wait(HOUR_MS)
    promoter.feed_all()
    # The one that was queued ahead, and what its rate lets go now.
    assert promoter.sends() <= 2


@pytest.mark.parametrize("step", [pause, "cancel"])
def test_pause_and_cancel_take_back_what_no_link_has(
    promoter: Promoter, step: Any
) -> None:
    """From that commit on nothing of it sets out, except what a link has already."""
    campaign = promoter.started()
    promoter.feed_all()
    taken = promoter.takes(2)
    if step == "cancel":
        steps.cancel(promoter.tx, promoter.now(campaign), actor=STAFF, why="enough")
    else:
        step(promoter, campaign)
    assert promoter.takes() == []
    assert promoter.stages(campaign) == {"sending": 2, "waiting": 8}
    outbox.sent(promoter.tx, [(taken[0], [])])
    # Nothing was sent of the second: it does not set out again.
    outbox.retry(promoter.tx, taken[1], "no signal")
    promoter.wait(HOUR_MS)
    promoter.feed_all()
    assert promoter.takes() == []
    if step == "cancel":
        assert promoter.stages(campaign) == {"sent": 1, "cancelled": 9}
        assert set(promoter.whys(campaign).values()) == {"enough"}
        assert promoter.now(campaign).swept == 1
        return
    assert promoter.stages(campaign) == {"sent": 1, "waiting": 9}
    again(promoter, campaign)
    assert promoter.feed_all() == 9
    promoter.sends()
    assert promoter.stages(campaign) == {"sent": 10}


def test_a_text_that_was_not_sent_is_tried_again(promoter: Promoter) -> None:
    """A link that was down before the first byte: the same text later, once."""
    campaign = promoter.started()
    promoter.feed_all()
    (row,) = promoter.takes(1)
    outbox.retry(promoter.tx, row, "no signal")
    assert promoter.stages(campaign) == {"queued": 10}
    promoter.wait(MINUTE_MS)
    assert promoter.sends() == 10
    assert promoter.stages(campaign) == {"sent": 10}


#: What the wire says, and what becomes of the recipient.
WIRE = [
    ("failed", "failed", "no such number"),
    ("unsure", "unsure", "no answer"),
]


def test_a_text_in_doubt_is_never_written_twice_for_a_pause(
    promoter: Promoter,
) -> None:
    """Its link would know it again by its id, which a text queued anew has not."""
    campaign = promoter.started()
    promoter.feed_all()
    in_doubt, *others = promoter.takes()
    outbox.sent(promoter.tx, [(row, [str(row)]) for row in others])
    campaign = steps.pause(promoter.tx, promoter.now(campaign), actor=STAFF, why="x")
    assert outbox.repeat(promoter.tx, in_doubt, "nobody answered")
    assert promoter.stages(campaign) == {"sent": 9, "unsure": 1}
    steps.resume(promoter.tx, campaign, actor=STAFF)
    promoter.feed_all()
    assert promoter.sends() == 0


def test_a_text_in_doubt_is_not_written_twice_after_a_restore(
    promoter: Promoter,
) -> None:
    """What a copy held in doubt stays so, whatever staff resume afterwards."""
    campaign = promoter.started()
    promoter.feed_all()
    for row in promoter.takes():
        assert outbox.repeat(promoter.tx, row, "nobody answered")
    outbox.withhold(promoter.tx)
    assert promoter.stages(campaign) == {"unsure": 10}
    promoter.feed_all()
    assert promoter.sends() == 0


@pytest.mark.parametrize(("say", "stage", "why"), WIRE)
def test_what_became_of_a_text_is_the_recipients_state(
    promoter: Promoter, say: str, stage: str, why: str
) -> None:
    """Whoever cannot be reached, or may have been, is not written to again."""
    campaign = promoter.started()
    promoter.feed_all()
    (row,) = promoter.takes(1)
    getattr(outbox, say)(promoter.tx, row, why)
    assert promoter.stages(campaign) == {stage: 1, "queued": 9}
    assert promoter.whys(campaign) == {promoter.taken[0]: why}
    promoter.sends()
    promoter.wait(DAY_MS)
    outbox.unsure_due(promoter.tx)
    promoter.feed_all()
    assert promoter.takes() == []
    assert promoter.now(campaign).state is State.finished
    # A late report still tells.
    outbox.report(
        promoter.tx,
        link="sim1",
        reference="late",
        recipient=promoter.taken[0],
        status=ReportStatus.delivered,
        code="",
        at_ms=1,
    )
    expected = {"unsure": "delivered", "failed": "failed"}[say]
    assert promoter.recipient(campaign, promoter.taken[0])["state"] == expected


# ---- hours


def test_outside_the_hours_nothing_waits_in_the_outbox(promoter: Promoter) -> None:
    """What is queued at six in the evening is taken back and goes the next morning."""
    campaign = promoter.approved(facts={"per_hour": 60})
    promoter.wait(9 * HOUR_MS - MINUTE_MS // 2)
    steps.start(promoter.tx, campaign, actor=STAFF)
    promoter.feed_all()
    # One now; the next would be due when it is too late.
    assert promoter.sends() == 1
    assert promoter.queued() == []
    promoter.wait(MINUTE_MS)
    assert promoter.feed() == feeding.Fed()
    promoter.wait(14 * HOUR_MS)
    assert promoter.feed_all() == 2
    assert promoter.sends() == 1


def test_a_text_nobody_could_send_today_goes_tomorrow(promoter: Promoter) -> None:
    """It expires when the hours close, and its reader waits again."""
    campaign = promoter.started()
    promoter.feed_all()
    closes = promoter.terms.hours.closes_ms(promoter.tx.now_ms)
    assert {row["expires_ms"] for row in promoter.queued()} == {closes}
    promoter.wait(closes - promoter.tx.now_ms)
    # Even if nobody feeds just then, no link takes any.
    assert promoter.takes() == []
    assert promoter.stages(campaign) == {"waiting": 10}
    promoter.wait(14 * HOUR_MS)
    assert promoter.feed_all() == 10
    assert promoter.now(campaign).spent == 10 * 300


def test_nothing_goes_out_after_its_end(promoter: Promoter) -> None:
    """`not_after` ends it, and whoever was not written to is marked so."""
    campaign = promoter.approved()
    ends = promoter.tx.now_ms + HOUR_MS
    steps.start(promoter.tx, campaign, actor=STAFF, not_after_ms=ends)
    promoter.feed_all()
    assert {row["expires_ms"] for row in promoter.queued()} == {ends}
    promoter.sends(4)
    promoter.wait(HOUR_MS)
    promoter.feed_all()
    assert promoter.takes() == []
    ended = promoter.now(campaign)
    assert (ended.state, ended.why) == (State.finished, "its time is over")
    assert promoter.stages(campaign) == {"sent": 4, "cancelled": 6}


def test_one_scheduled_for_a_time_long_past_never_begins(promoter: Promoter) -> None:
    """A house that was down all week does not send last week's offer."""
    campaign = promoter.started()
    promoter.wait(8 * DAY_MS)
    promoter.feed_all()
    assert promoter.takes() == []
    assert promoter.stages(campaign) == {"cancelled": 10}


# ---- budget, caps, shares


def test_a_budget_is_never_passed(promoter: Promoter) -> None:
    """It stops before the text that would cost too much, once the others are sent."""
    campaign = promoter.started(budget=1_000)
    assert promoter.feed_all() == 3
    assert promoter.now(campaign).state is State.running
    # One is not sent after all: there is room for another.
    (row,) = promoter.takes(1)
    outbox.retry(promoter.tx, row, "no signal")
    promoter.wait(MINUTE_MS)
    promoter.sends()
    promoter.feed()
    paused = promoter.now(campaign)
    assert (paused.state, paused.why) == (State.paused, "its budget is used up")
    assert (paused.spent, promoter.stages(campaign)) == (900, {"sent": 3, "waiting": 7})


def test_a_withdrawn_text_is_not_paid_for(promoter: Promoter) -> None:
    """What a pause takes back is taken off what was spent."""
    campaign = promoter.started(budget=3_000)
    promoter.feed_all()
    promoter.sends(2)
    pause(promoter, campaign)
    assert promoter.now(campaign).spent == 600
    again(promoter, campaign)
    promoter.feed_all()
    assert promoter.now(campaign).spent == 3_000


def test_longer_texts_and_other_links_cost_more() -> None:
    """Cost is segments times the price of the link; the cheapest where any may send."""
    terms = replace(TERMS, costs={"sim1": 300, "web": 500})
    with Promoter(terms) as promoter:
        promoter.join("Ana")
        promoter.join("M" * 20)
        long = Wording(es="{nombre}" + "x" * 145)
        any_link = promoter.started("any", text=long)
        promoter.feed_all()
        assert promoter.now(any_link).spent == (1 + 2) * 300
        shared = promoter.started("own", text=long, shares={"web": 100})
        promoter.feed_all()
        assert promoter.now(shared).spent == (1 + 2) * 500


def test_nobody_gets_more_promotions_than_the_cap(promoter: Promoter) -> None:
    """Four in thirty days, those of other campaigns and those on their way included."""
    for number in range(4):
        promoter.started(f"c{number}")
        promoter.feed_all()
        # The last two are still in the outbox.
        if number < 2:
            promoter.sends()
    fifth = promoter.started("fifth")
    assert promoter.feed_all() == 0
    assert promoter.stages(fifth) == {"skipped": 10}
    assert set(promoter.whys(fifth).values()) == {"written_to_often"}
    promoter.sends()
    promoter.wait(30 * DAY_MS)
    promoter.started("sixth")
    assert promoter.feed_all() == 10


def test_no_cap_is_none() -> None:
    """Where the most is 0, only the campaigns themselves decide."""
    with Promoter(replace(TERMS, most=0)) as promoter:
        promoter.crowd(1)
        for number in range(6):
            promoter.started(f"c{number}")
            promoter.feed_all()
        assert promoter.sends() == 6


def test_a_dead_link_keeps_only_its_own_share_back() -> None:
    """Half of them must take a link that takes nothing; the other half goes out."""
    with Promoter() as promoter:
        promoter.crowd(2 * AHEAD + 200)
        campaign = promoter.started(shares={"sim1": 50, "web": 50})
        alive = 0
        for _ in range(20):
            promoter.feed_all()
            alive += promoter.sends()
        stages = promoter.stages(campaign)
        assert stages["queued"] == AHEAD
        assert 250 < alive < 350
        assert stages["waiting"] == 600 - AHEAD - alive
        # When it comes back, its own are sent.
        promoter.feed_all()
        while promoter.sends(link="web"):
            promoter.feed_all()
        assert promoter.stages(campaign) == {"sent": 600}


def test_campaigns_take_turns() -> None:
    """A long one does not keep a second one waiting until it is done."""
    with Promoter(replace(TERMS, most=0)) as promoter:
        promoter.crowd(150)
        first, second = promoter.started("first"), promoter.started("second")
        for _ in range(2 * 150 // BATCH):
            promoter.feed()
            promoter.wait(SECOND_MS)
        for campaign in (first, second):
            assert promoter.stages(campaign) == {"queued": 150}


# ---- who is left out after all


def test_who_cannot_be_written_to_any_more_is_skipped(promoter: Promoter) -> None:
    """Opted out, frozen, another's phone now: each says why, and costs nothing."""
    people = [members.by_phone(promoter.tx, f"+5037000000{n}") for n in range(4)]
    campaign = promoter.started()
    gone, frozen, moved, taken = [one for one in people if one is not None]
    promoter.tx.run("UPDATE member SET promos = 0 WHERE account = ?", (gone.account,))
    ledger.freeze(promoter.tx, frozen.account, "uid:1", "asked")
    members_phone(promoter, moved.account, "+50379990001")
    members_phone(promoter, taken.account, "+50379990002")
    # Somebody else has the number now, and wants promotions.
    promoter.join("Zoila", phone=taken.phone)
    promoter.feed_all()
    assert promoter.whys(campaign) == {
        gone.phone: "opted_out",
        frozen.phone: "account_not_active",
        moved.phone: "phone_changed",
        taken.phone: "phone_changed",
    }
    assert promoter.stages(campaign) == {"queued": 6, "skipped": 4}
    assert promoter.now(campaign).spent == 6 * 300


def members_phone(promoter: Promoter, account: int, number: str) -> None:
    """Give somebody another number."""
    promoter.tx.run("UPDATE phone SET msisdn = ? WHERE account = ?", (number, account))


def test_a_stranger_who_joined_and_wants_none_is_skipped() -> None:
    """A list may name who became a member since; then the member's word counts."""
    with Promoter() as promoter:
        made = saved.save(promoter.tx, name="expo", rule="", actor="uid:1")
        rows = [Listed(msisdn=f"+5037999000{n}", fields={"a": str(n)}) for n in (1, 2)]
        saved.put_phones(promoter.tx, made.id, rows)
        text = Wording(es="{a} {nombre} {saldo}")
        fallbacks = {"nombre": "vecino", "saldo": "-"}
        campaign = promoter.started(
            rule="", audience="expo", text=text, fallbacks=fallbacks
        )
        saved.put_phones(
            promoter.tx, made.id, [Listed(msisdn="+50379990002", fields={"a": "9"})]
        )
        promoter.join("Ana", phone="+50379990001", promos=False)
        promoter.feed_all()
        assert promoter.whys(campaign) == {"+50379990001": "opted_out"}
        # What was agreed to is what the list said then.
        assert [row["body"] for row in promoter.queued()] == ["Red: 2 vecino -"]


def test_many_who_are_skipped_do_not_slow_it_down() -> None:
    """Each call deals with as many people, whether they are written to or not."""
    with Promoter() as promoter:
        promoter.crowd(5 * BATCH)
        campaign = promoter.started()
        promoter.tx.run("UPDATE member SET promos = 0")
        calls = 0
        while promoter.feed().moved:
            calls += 1
        assert calls <= 8
        assert promoter.stages(campaign) == {"skipped": 5 * BATCH}


# ---- another house, and how things are found


def test_what_another_house_began_waits_for_a_person(promoter: Promoter) -> None:
    """In a copy that was put back, nothing unsent goes out until a person resumes."""
    campaign = promoter.started()
    later = promoter.approved("later")
    steps.start(promoter.tx, later, actor=STAFF, starts_ms=promoter.tx.now_ms + DAY_MS)
    promoter.feed_all()
    promoter.sends(3)
    promoter.tx.run("UPDATE house SET instance = 'another'")
    # Even if nobody had looked at the start.
    assert promoter.feed() == feeding.Fed()
    assert restored.begun_elsewhere(promoter.tx)
    assert restored.hold_back(promoter.tx) == 2
    assert promoter.feed() == feeding.Fed()
    assert promoter.takes() == []
    for one in (campaign, later):
        held = promoter.now(one)
        assert (held.state, held.why) == (State.paused, steps.RESTORED)
    assert promoter.stages(campaign) == {"sent": 3, "waiting": 7}
    again(promoter, campaign)
    assert promoter.feed_all() == 7
    assert again(promoter, later).state is State.scheduled
    assert not restored.begun_elsewhere(promoter.tx)
    assert restored.hold_back(promoter.tx) == 0


#: Each statement of the way, with values, and what it must be found by.
PLANS = [
    (feeding.LIVE, {}, "campaign_state"),
    (feeding.UNSWEPT, {}, "campaign_unswept"),
    (feeding.NEXT, {"campaign": 1, "link": "", "limit": 9}, "recipient_next"),
    (feeding.BUSY, {"id": 1}, "recipient_next"),
    (feeding.WAITING, {"id": 1}, "recipient_next"),
    (feeding.SWEEP, {"id": 1, "why": "", "limit": 9}, "recipient_next"),
    (steps.ON_ITS_WAY, {"id": 1}, "recipient_next"),
    (queueing.WRITTEN, {"msisdn": "+1", "since": 1}, "recipient_written"),
    (queueing.WRITTEN, {"msisdn": "+1", "since": 1}, "outbox_promotion"),
    (replies.LAST_OF_ALL, {"msisdn": "+1", "since": 1}, "recipient_written"),
    (replies.LAST, {"msisdn": "+1", "id": 1}, "recipient_written"),
    (rounds.DUE, {"now": 1}, "campaign_next"),
    (rounds.CUT_OFF, {}, "campaign_state"),
]


@pytest.mark.parametrize(("sql", "values", "index"), PLANS)
def test_the_next_text_is_found_by_index_however_many_wait(
    promoter: Promoter, sql: str, values: dict[str, Any], index: str
) -> None:
    """No statement of the way looks at all recipients, or sorts them."""
    steps_of = plan_of(promoter, sql, values)
    assert any(index in step for step in steps_of)
    for step in steps_of:
        assert not re.search(r"SCAN (r|recipient|o|outbox|p|m|a|member)\b", step), step
        if sql is feeding.NEXT or sql is feeding.SWEEP:
            assert "TEMP B-TREE" not in step


def plan_of(promoter: Promoter, sql: str, values: dict[str, Any]) -> list[str]:
    """Return how a statement is carried out."""
    return [
        row["detail"] for row in promoter.tx.all(f"EXPLAIN QUERY PLAN {sql}", values)
    ]


def test_whoever_is_excluded_is_found_by_index(promoter: Promoter) -> None:
    """Leaving people out of an audience looks each of them up, and reads no table."""
    promoter.started("first")
    chosen = promoter.choice(plan(not_in=("first",), not_written_days=7))
    values = {**chosen.values, "after": "", "limit": 9}
    told = plan_of(promoter, chosen.sql, values)
    assert not [step for step in told if "SCAN" in step and "CONSTANT" not in step]
    assert any("recipient_written" in step for step in told)
    # So does counting who had enough, whoever is excluded or not.
    chosen = promoter.choice(plan())
    values = {**chosen.values, "after": "", "limit": 9, "enough_since": 0, "enough": 1}
    told = plan_of(promoter, chosen.often_sql(), values)
    assert [step for step in told if step.startswith("SCAN")] == ["SCAN c"]
    assert any("recipient_written" in step for step in told)


def test_a_receipt_goes_before_any_of_them(promoter: Promoter) -> None:
    """Whatever waits of campaigns, the answer is claimed first."""
    promoter.started()
    promoter.feed_all()
    owed = outbox.owe(
        promoter.tx,
        inbox=None,
        cls=Class.receipt,
        name="paid_payer",
        recipient="+50370000001",
        body="PAGO OK",
        link="sim1",
        expires_ms=promoter.tx.now_ms + DAY_MS,
    )
    assert promoter.takes(1) == [owed.id]

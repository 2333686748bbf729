"""Rounds: when a recurring campaign goes again, and when it waits for a person."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from smsgate.campaigns import restored, rounds, steps
from smsgate.campaigns.audience.people import phones
from smsgate.campaigns.freezing import write_down
from smsgate.campaigns.rounds import RecurringBad, check, next_ms
from smsgate.campaigns.rows import State
from smsgate.campaigns.steps import CampaignRefused
from smsgate.clock import DAY_MS, HOUR_MS, from_ms, to_ms
from tests.smsgate.promoter import STAFF, ZONE, Promoter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smsgate.campaigns.rows import Campaign

NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    "every",
    ["", "daily", "weekly mon", "weekly mon,thu", "monthly 1", "monthly 28"],
)
def test_ways_to_recur(every: str) -> None:
    """Once, daily, weekly on days, monthly on a day that every month has."""
    check(every)


@pytest.mark.parametrize(
    "every",
    [
        *("hourly", "Daily", "weekly", "weekly lun", "weekly mon, thu"),
        *("weekly mon,mos", "monthly 29", "monthly 0", "monthly 1 "),
    ],
)
def test_anything_else_is_no_way_to_recur(every: str) -> None:
    """The mistake says what can be written."""
    with pytest.raises(RecurringBad, match="write daily, weekly mon,thu"):
        check(every)


def at(text: str, zone: ZoneInfo = ZONE) -> int:
    """Return a local time."""
    return to_ms(datetime.fromisoformat(text).replace(tzinfo=zone))


def after(every: str, first: str, count: int, zone: ZoneInfo = ZONE) -> list[str]:
    """Return the local times of so many rounds after the first."""
    told, last = [], at(first, zone)
    for _ in range(count):
        then = next_ms(every, at(first, zone), last, zone)
        assert then is not None
        told.append(f"{from_ms(then).astimezone(zone):%Y-%m-%d %H:%M}")
        last = then
    return told


@pytest.mark.parametrize(
    ("every", "first", "told"),
    [
        ("daily", "2026-03-02 09:00", ["2026-03-03 09:00", "2026-03-04 09:00"]),
        ("daily", "2026-12-31 09:00", ["2027-01-01 09:00"]),
        ("weekly mon", "2026-03-02 09:00", ["2026-03-09 09:00"]),
        (
            "weekly thu,mon",
            "2026-03-02 09:00",
            ["2026-03-05 09:00", "2026-03-09 09:00", "2026-03-12 09:00"],
        ),
        # The first may be begun on another day than the rounds.
        ("weekly fri", "2026-03-02 09:00", ["2026-03-06 09:00", "2026-03-13 09:00"]),
        ("monthly 15", "2026-01-20 09:00", ["2026-02-15 09:00", "2026-03-15 09:00"]),
        ("monthly 28", "2026-01-28 09:00", ["2026-02-28 09:00"]),
    ],
)
def test_rounds_follow_at_the_same_local_hour(
    every: str, first: str, told: list[str]
) -> None:
    """Each on its day, at the hour of the first."""
    assert after(every, first, len(told)) == told
    assert next_ms("", at(first), at(first), ZONE) is None


def test_a_change_of_the_clocks_moves_no_round_for_good() -> None:
    """Half past two is missing on the day clocks go forward, and back the next day."""
    told = after("daily", "2026-03-06 02:30", 4, NEW_YORK)
    assert told == [
        "2026-03-07 02:30",
        "2026-03-08 03:30",
        "2026-03-09 02:30",
        "2026-03-10 02:30",
    ]
    told = after("weekly sun", "2026-10-25 09:00", 2, NEW_YORK)
    assert told == ["2026-11-01 09:00", "2026-11-08 09:00"]


# ---- a series


@pytest.fixture
def promoter() -> Iterator[Promoter]:
    """Ten people who want promotions; it is nine o'clock on a Monday."""
    with Promoter() as made:
        made.crowd(10)
        yield made


def series(
    promoter: Promoter, every: str = "daily", lasts_ms: int = HOUR_MS
) -> Campaign:
    """Start a recurring campaign and send its first round."""
    campaign = promoter.approved()
    ends = promoter.tx.now_ms + lasts_ms
    campaign = steps.start(
        promoter.tx, campaign, actor=STAFF, not_after_ms=ends, every=every
    )
    rounds.plan_next(promoter.tx, campaign, ZONE)
    finish(promoter)
    assert promoter.now(campaign).state is State.finished
    return promoter.now(campaign)


def finish(promoter: Promoter) -> None:
    """Send all that may go now."""
    while promoter.feed_all() + promoter.sends():
        pass


def begin(promoter: Promoter) -> Campaign | None:
    """Do what the daemon does about rounds."""
    due = rounds.due(promoter.tx, promoter.tx.now_ms)
    if due is None:
        return None
    made = rounds.begin(promoter.tx, due, ZONE)
    if made is None:
        return None
    people, _ = phones(promoter.tx, promoter.choice(made.plan), "", 1_000)
    write_down(promoter.tx, made.id, people)
    return rounds.frozen(promoter.tx, promoter.now(made), due)


def test_the_approval_covers_the_later_rounds(promoter: Promoter) -> None:
    """A round has an audience of its own day, and goes without being asked about."""
    first = series(promoter)
    assert begin(promoter) is None
    promoter.join("Nueva")
    promoter.wait(DAY_MS)
    made = begin(promoter)
    assert made is not None
    assert (made.state, made.people, made.approved_by) == (
        State.scheduled,
        11,
        first.approved_by,
    )
    assert (made.name, made.series) == ("pan 2026-03-03", first.id)
    assert (made.starts_ms, made.not_after_ms) == (
        promoter.tx.now_ms,
        promoter.tx.now_ms + HOUR_MS,
    )
    assert begin(promoter) is None
    finish(promoter)
    assert promoter.stages(made) == {"sent": 11}
    ready = promoter.freeze(promoter.draft("x", facts={"series": first.id}))
    ready = steps.approve(promoter.tx, ready, by="o", actor="uid:1")
    with pytest.raises(CampaignRefused, match="is a round of a recurring one"):
        steps.start(promoter.tx, ready, actor=STAFF, every="daily")


def test_rounds_that_nobody_was_there_for_are_left_out(promoter: Promoter) -> None:
    """After three days without power only today's goes, and only in its time."""
    campaign = series(promoter)
    promoter.wait(3 * DAY_MS + HOUR_MS // 2)
    made = begin(promoter)
    assert made is not None
    assert made.name == "pan 2026-03-05"
    assert promoter.now(campaign).next_ms == at("2026-03-06 09:00")
    finish(promoter)
    # Too late for that day's round: there is none until the next.
    promoter.wait(2 * DAY_MS - HOUR_MS // 2 + HOUR_MS)
    assert begin(promoter) is None
    assert promoter.now(campaign).next_ms == at("2026-03-08 09:00")


def test_a_round_that_reaches_many_more_waits_for_a_person(promoter: Promoter) -> None:
    """Twelve for ten were agreed to; thirteen are not: somebody must agree anew."""
    series(promoter)
    promoter.crowd(2)
    promoter.wait(DAY_MS)
    made = begin(promoter)
    assert made is not None
    assert made.state is State.scheduled
    finish(promoter)
    promoter.join("Trece")
    promoter.wait(DAY_MS)
    made = begin(promoter)
    assert made is not None
    assert (made.state, made.people) == (State.review, 13)
    assert made.why.startswith("it reaches 13 people, and 10 were agreed to")
    assert promoter.feed_all() == 0
    made = steps.approve(promoter.tx, made, by="oscar", actor="uid:1")
    steps.start(promoter.tx, made, actor=STAFF)
    assert promoter.feed_all() == 13


def test_an_edited_round_is_no_round_any_more(promoter: Promoter) -> None:
    """What staff change is theirs: the series does not send it by itself."""
    series(promoter)
    promoter.crowd(3)
    promoter.wait(DAY_MS)
    made = begin(promoter)
    assert made is not None
    changed = steps.edit(
        promoter.tx,
        made,
        plan=made.plan,
        actor=STAFF,
        word="",
        code="",
        promoted=None,
        per_hour=None,
    )
    assert (changed.series, changed.state) == (None, State.draft)
    while steps.clear_some(promoter.tx, changed.id):
        pass
    steps.begin_freezing(promoter.tx, changed)
    assert rounds.cut_off(promoter.tx) is None


def test_a_round_whose_people_cannot_be_chosen_is_left_to_staff(
    promoter: Promoter,
) -> None:
    """It says why, as a draft, and is not tried again for ever."""
    campaign = series(promoter)
    promoter.wait(DAY_MS)
    made = rounds.begin(promoter.tx, campaign, ZONE)
    assert made is not None
    assert rounds.cut_off(promoter.tx) == (made, promoter.now(campaign))
    rounds.failed(promoter.tx, made.id, "there is no audience expo")
    left = promoter.now(made)
    assert (left.state, left.why) == (State.draft, "there is no audience expo")
    assert rounds.cut_off(promoter.tx) is None


def test_cancelled_between_rounds_it_begins_none(promoter: Promoter) -> None:
    """Nor does one that another house planned, until somebody resumes it."""
    campaign = series(promoter)
    promoter.tx.run("UPDATE house SET instance = 'another'")
    promoter.wait(DAY_MS)
    assert begin(promoter) is None
    assert restored.hold_back(promoter.tx) == 1
    assert begin(promoter) is None
    held = promoter.now(campaign)
    assert (held.state, held.why) == (State.finished, steps.RESTORED)
    steps.resume(promoter.tx, held, actor=STAFF)
    made = begin(promoter)
    assert made is not None
    finish(promoter)
    steps.cancel(promoter.tx, promoter.now(campaign), actor=STAFF, why="x")
    promoter.wait(DAY_MS)
    assert begin(promoter) is None


def test_a_round_that_another_house_was_writing_down_waits_for_a_person(
    promoter: Promoter,
) -> None:
    """In a copy of that moment it is a draft: it neither goes on nor goes out."""
    campaign = series(promoter)
    promoter.wait(DAY_MS)
    made = rounds.begin(promoter.tx, campaign, ZONE)
    assert made is not None
    promoter.tx.run("UPDATE house SET instance = 'another'")
    assert restored.begun_elsewhere(promoter.tx)
    assert restored.hold_back(promoter.tx) == 2
    left = promoter.now(made)
    assert (left.state, left.why) == (State.draft, steps.RESTORED)
    assert rounds.cut_off(promoter.tx) is None
    assert not restored.begun_elsewhere(promoter.tx)
    # A person agrees to it anew and starts it, like any other.
    ready = steps.approve(promoter.tx, promoter.freeze(left), by="x", actor=STAFF)
    steps.start(promoter.tx, ready, actor=STAFF)
    assert promoter.feed_all() == 10


def test_cancelled_with_a_round_under_way_ends_that_too(promoter: Promoter) -> None:
    """At once: what is queued is taken back, and no round follows."""
    campaign = series(promoter, lasts_ms=DAY_MS)
    promoter.wait(DAY_MS)
    made = begin(promoter)
    assert made is not None
    promoter.feed_all()
    promoter.sends(4)
    held = steps.cancel(promoter.tx, promoter.now(campaign), actor=STAFF, why="rain")
    assert (held.state, held.next_ms) == (State.finished, None)
    ended = promoter.now(made)
    assert (ended.state, ended.why) == (State.cancelled, "rain")
    promoter.feed_all()
    assert promoter.sends() == 0
    assert promoter.stages(made) == {"sent": 4, "cancelled": 6}
    with pytest.raises(CampaignRefused, match="is finished already"):
        steps.cancel(promoter.tx, held, actor=STAFF, why="x")


def test_two_series_of_like_names_have_rounds_of_their_own(promoter: Promoter) -> None:
    """A long name is cut for the day; the second of a name gets a number."""
    name = "pan dulce de la semana de Rosa"
    for end in ("A", "B"):
        campaign = promoter.started(name + end)
        steps.cancel(promoter.tx, campaign, actor=STAFF, why="x")
    day = at("2026-03-03 09:00")
    promoter.tx.run(
        "UPDATE campaign SET state = 'finished', every = 'daily', next_ms = ?", (day,)
    )
    promoter.wait(DAY_MS)
    names = []
    while (made := begin(promoter)) is not None:
        names.append(made.name)
    first, second = names
    assert first == "pan dulce de la semana de 2026-03-03"
    assert second == "pan dulce de la semana 2026-03-03 2"

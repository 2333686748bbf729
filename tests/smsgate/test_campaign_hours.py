"""Hours and forecasts: when promotions may go, local time, and when the last does."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsgate.campaigns.forecast import Lane, ends_ms
from smsgate.campaigns.hours import Hours
from smsgate.clock import DAY_MS, HOUR_MS, MINUTE_MS, to_ms
from tests.smsgate.promoter import HOURS, ZONE

#: Its clocks go forward on 2026-03-08 and back on 2026-11-01.
NEW_YORK = ZoneInfo("America/New_York")
EVERY_DAY = frozenset(range(7))
SIM = Lane(name="sim1", per_minute=6, per_hour=200)


def at(text: str, zone: ZoneInfo = ZONE) -> int:
    """Return a local time."""
    return to_ms(datetime.fromisoformat(text).replace(tzinfo=zone))


@pytest.mark.parametrize(
    ("when", "opens"),
    [
        ("2026-03-02 08:00", "2026-03-02 08:00"),
        ("2026-03-02 17:59:59", "2026-03-02 17:59:59"),
        ("2026-03-02 18:00", "2026-03-03 08:00"),
        ("2026-03-02 07:59:59.999", "2026-03-02 08:00"),
        ("2026-03-02 00:00", "2026-03-02 08:00"),
        ("2026-03-01 23:59:59.999", "2026-03-02 08:00"),
        # Sunday is none of the days.
        ("2026-03-01 12:00", "2026-03-02 08:00"),
        ("2026-02-28 18:00", "2026-03-02 08:00"),
        ("2026-02-28 17:00", "2026-02-28 17:00"),
        ("2026-12-31 20:00", "2027-01-01 08:00"),
    ],
)
def test_promotions_wait_for_their_hours(when: str, opens: str) -> None:
    """A text goes out at the first moment inside the hours, or at once."""
    assert HOURS.next_open_ms(at(when)) == at(opens)
    assert HOURS.open_at(at(when)) == (when == opens)


@pytest.mark.parametrize(
    ("when", "opens", "closes"),
    [
        ("2026-03-07 19:00", "2026-03-08 08:00", "2026-03-08 18:00"),
        ("2026-10-31 19:00", "2026-11-01 08:00", "2026-11-01 18:00"),
        ("2026-11-01 00:30", "2026-11-01 08:00", "2026-11-01 18:00"),
    ],
)
def test_a_change_of_the_clocks_moves_no_hour(
    when: str, opens: str, closes: str
) -> None:
    """Eight is eight on the wall, the day the clocks go forward and the day back."""
    hours = Hours(opens=time(8), closes=time(18), days=EVERY_DAY, zone=NEW_YORK)
    opened = hours.next_open_ms(at(when, NEW_YORK))
    assert opened == at(opens, NEW_YORK)
    assert hours.closes_ms(opened) == at(closes, NEW_YORK)
    assert hours.closes_ms(opened) - opened == 10 * HOUR_MS


def test_a_window_that_never_opens_is_refused() -> None:
    """Hours end after they begin, on some day."""
    for opens, closes, days in (
        (time(8), time(8), EVERY_DAY),
        (time(18), time(8), EVERY_DAY),
        (time(8), time(18), frozenset[int]()),
    ):
        with pytest.raises(ValueError, match="promotions need a day"):
            Hours(opens=opens, closes=closes, days=days, zone=ZONE)


zones = st.sampled_from(
    [ZONE, NEW_YORK, ZoneInfo("Asia/Kathmandu"), ZoneInfo("Pacific/Apia")]
)
moments = st.integers(at("2025-01-01 00:00"), at("2028-01-01 00:00"))


@given(
    zone=zones,
    ms=moments,
    opens=st.integers(0, 22),
    days=st.frozensets(st.integers(0, 6), min_size=1),
)
def test_the_next_opening_is_the_next_one(
    zone: ZoneInfo, ms: int, opens: int, days: frozenset[int]
) -> None:
    """It is open then, not earlier, and it closes later, within a week and two days."""
    hours = Hours(opens=time(opens), closes=time(opens + 1), days=days, zone=zone)
    then = hours.next_open_ms(ms)
    assert hours.open_at(then)
    assert ms <= then <= ms + 9 * DAY_MS
    assert then == ms or not hours.open_at(then - 1)
    assert hours.closes_ms(then) > then
    assert not hours.open_at(hours.closes_ms(then))


# ---- forecasts

MORNING = at("2026-03-02 09:00")


@pytest.mark.parametrize(
    ("texts", "per_hour", "ends"),
    [
        (0, None, "2026-03-02 09:00"),
        (6, None, "2026-03-02 09:00"),
        (7, None, "2026-03-02 09:01"),
        (12, None, "2026-03-02 09:01"),
        # 200 an hour: 33 whole minutes of six, then two, then the hour is full.
        (200, None, "2026-03-02 09:33"),
        (201, None, "2026-03-02 10:00"),
        # Nine hours of 200 until 18:00, and Tuesday's first.
        (1_800, None, "2026-03-02 17:33"),
        (1_801, None, "2026-03-03 08:00"),
        # A rate of its own: one every minute, the first at once.
        (10, 60, "2026-03-02 09:09"),
        (541, 60, "2026-03-03 08:00"),
    ],
)
def test_the_end_is_told_to_the_minute(
    texts: int, per_hour: int | None, ends: str
) -> None:
    """What one SIM takes a minute and an hour, inside the hours, text by text."""
    assert ends_ms(texts, [SIM], HOURS, MORNING, per_hour) == at(ends)


def test_two_links_take_half_the_time_each_its_share() -> None:
    """Links share the texts; one that must take all of them takes them alone."""
    other = Lane(name="sim2", per_minute=6, per_hour=200)
    assert ends_ms(400, [SIM, other], HOURS, MORNING, None) == at("2026-03-02 09:33")
    for shares, ends in (
        ({"sim1": 100}, "2026-03-02 10:33"),
        ({"sim1": 50, "sim2": 50}, "2026-03-02 09:33"),
        ({"sim2": 50}, "2026-03-02 09:33"),
    ):
        told = ends_ms(400, [SIM, other], HOURS, MORNING, None, shares)
        assert told is not None
        assert abs(told - at(ends)) <= MINUTE_MS


def test_nothing_ends_without_a_link_and_a_million_may_never() -> None:
    """No link: never. Too many for one SIM within a year: never, too."""
    assert ends_ms(1, [], HOURS, MORNING, None) is None
    assert ends_ms(1_000_000, [SIM], HOURS, MORNING, None) is None
    # What should take a link that is gone takes any.
    assert ends_ms(2, [SIM], HOURS, MORNING, None, {"gone": 100}) == MORNING


def test_a_long_campaign_is_told_as_a_short_one() -> None:
    """Beyond what is played text by text it goes on at the same pace by open time."""
    quick = Lane(name="web", per_minute=600, per_hour=36_000)
    # 360,000 a day of ten hours; nine hours are left of this one.
    told = ends_ms(500_000, [quick], HOURS, MORNING, None)
    assert told is not None
    left = 500_000 - 9 * 36_000
    expected = at("2026-03-03 08:00") + left * HOUR_MS // 36_000
    assert abs(told - expected) <= 10 * MINUTE_MS

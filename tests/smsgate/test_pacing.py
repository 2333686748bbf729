"""Pacing: six a minute, two hundred an hour, and never an answer held back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsgate.messages.pacing import Pacing


def test_six_may_go_at_once_and_then_none_for_a_minute() -> None:
    """The window slides: the seventh goes a minute after the first."""
    pacing = Pacing()
    for second in range(6):
        assert pacing.allows(1_000 + second) == 0
        pacing.took(1_000 + second)

    assert pacing.allows(1_005) == 55
    assert pacing.allows(1_059) == 1
    assert pacing.allows(1_060) == 0
    pacing.took(1_060)
    assert pacing.allows(1_060) == 1


def test_two_hundred_an_hour_at_most() -> None:
    """Whoever keeps to the minute is still held to the hour."""
    pacing = Pacing()
    for number in range(200):
        assert pacing.allows(number * 10) == 0
        pacing.took(number * 10)

    assert pacing.allows(2_000) == 1_600
    assert pacing.allows(3_600) == 0


def test_answers_do_not_use_the_window_up() -> None:
    """A busy till never keeps a notice waiting."""
    pacing = Pacing()
    for _ in range(500):
        pacing.answered(1_000)

    assert pacing.allows(1_000) == 0


@pytest.mark.parametrize(
    ("count", "seconds_later", "alarmed"),
    [(199, 0, False), (200, 0, True), (200, 3_599, True), (200, 3_600, False)],
)
def test_answers_alone_raise_the_alarm(
    count: int, seconds_later: int, alarmed: bool
) -> None:
    """At two hundred answers within an hour an operator should know."""
    pacing = Pacing()
    for _ in range(count):
        pacing.answered(1_000)

    assert pacing.alarmed(1_000 + seconds_later) is alarmed


def test_notices_raise_no_alarm() -> None:
    """They are held back, so there is nothing to be alarmed about."""
    pacing = Pacing()
    for _ in range(300):
        pacing.took(1_000)

    assert pacing.alarmed(1_000) is False


@pytest.mark.parametrize(("per_minute", "per_hour"), [(0, 200), (6, 0)])
def test_a_pace_of_nothing_is_refused(per_minute: int, per_hour: int) -> None:
    """It would hold notices back for ever."""
    with pytest.raises(ValueError, match="no pacing"):
        Pacing(per_minute, per_hour)


@given(
    gaps=st.lists(st.integers(0, 120), max_size=60),
    per_minute=st.integers(1, 4),
    per_hour=st.integers(1, 12),
)
def test_no_window_ever_holds_more(
    gaps: list[int], per_minute: int, per_hour: int
) -> None:
    """Whoever waits as told never has more in any minute, nor in any hour."""
    pacing, now, taken = Pacing(per_minute, per_hour), 0.0, list[float]()
    for gap in gaps:
        now += gap
        now += pacing.allows(now)
        assert pacing.allows(now) == 0
        pacing.took(now)
        taken.append(now)

    for first in taken:
        window = [time - first for time in taken if time >= first]
        assert sum(age < 60 for age in window) <= per_minute
        assert sum(age < 3_600 for age in window) <= per_hour

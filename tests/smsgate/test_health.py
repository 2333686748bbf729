"""How well a link does: what counts, for how long, and when texts come back to it."""

from __future__ import annotations

import pytest

from smsgate.messages.health import BACK_S, GRACE_S, Health, Told

SENT, DOWN, UNSURE, REFUSED = Told.sent, Told.down, Told.unsure, Told.refused


@pytest.mark.parametrize(
    ("seen", "score", "grade"),
    [
        ([], 1.0, 0),
        ([SENT] * 4, 1.0, 0),
        ([DOWN], 0.8, 0),
        ([UNSURE] * 2, 0.67, 1),
        ([DOWN] * 5, 0.44, 2),
        # One number that does not exist says little of the link, twenty a lot.
        ([REFUSED], 0.89, 0),
        ([REFUSED] * 20, 0.29, 2),
        ([SENT] * 46 + [DOWN] * 10, 0.83, 0),
    ],
)
def test_the_score_is_what_was_seen(seen: list[Told], score: float, grade: int) -> None:
    """Of what was tried lately, so much went well."""
    health = Health()
    for what in seen:
        health.told(what, 0)
    assert round(health.score(0), 2) == score
    assert health.grade(0) == grade


def test_the_score_forgets() -> None:
    """By half in five minutes; in an hour nothing is left."""
    health = Health()
    for _ in range(8):
        health.told(DOWN, 0)
    assert [round(health.score(s), 2) for s in (0, 300, 600, 3_600)] == [
        0.33,
        0.5,
        0.67,
        1.0,
    ]


def test_slow_sends_count() -> None:
    """A link that takes half a minute a text is not a good one."""
    health = Health()
    for _ in range(5):
        health.told(SENT, 0, took_s=30)
    assert health.latency_s == 30
    assert health.grade(0) == 1
    for _ in range(10):
        health.told(SENT, 0, took_s=1)
    assert health.grade(0) == 0


def test_two_failures_in_a_row_let_it_rest() -> None:
    """Half a minute; one failure, or one between two that went well, does not."""
    health = Health()
    for what in (DOWN, SENT, UNSURE, SENT, DOWN):
        health.told(what, 0)
    assert not health.rests(0)
    health.told(UNSURE, 0)
    assert health.rests(29.9)
    assert not health.rests(30)


def test_a_link_that_fails_again_rests_longer_each_time() -> None:
    """Up to ten minutes, so that texts do not swing; after long quiet half a minute."""
    health, now_s, rests = Health(), 0.0, []
    health.told(DOWN, now_s)
    for _ in range(7):
        health.told(DOWN, now_s)
        health.told(DOWN, now_s)
        began_s = now_s
        while health.rests(now_s):
            now_s += 5
        rests.append(now_s - began_s)
    assert rests == [30, 60, 120, 240, 480, 600, 600]
    now_s += 601
    health.told(DOWN, now_s)
    assert health.rests(now_s + 29)
    assert not health.rests(now_s + 30)


def test_refusals_let_nothing_rest() -> None:
    """Numbers that do not exist are no fault of the link's."""
    health = Health()
    for _ in range(10):
        health.told(REFUSED, 0)
    assert not health.rests(0)


@pytest.mark.parametrize(
    ("out_s", "rests"), [(GRACE_S - 0.1, False), (GRACE_S, True), (3_600, True)]
)
def test_texts_come_back_when_it_has_been_up_for_a_while(
    out_s: float, rests: bool
) -> None:
    """After a blip at once; else it must be up for ten seconds first."""
    health = Health()
    health.seen(usable=True, now_s=0)
    health.seen(usable=False, now_s=10)
    assert health.down_for_s(10 + out_s) == pytest.approx(out_s)
    health.seen(usable=True, now_s=10 + out_s)
    assert health.rests(10 + out_s) is rests
    assert not health.rests(10 + out_s + BACK_S)
    assert health.down_for_s(10 + out_s) == 0


def test_another_send_is_tried_half_a_minute_after_one_failed() -> None:
    """Of a link on which none failed, nothing is learnt by another."""
    health = Health()
    assert not health.may_try(60)
    health.told(UNSURE, 60)
    assert not health.may_try(89.9)
    assert health.may_try(90)
    health.told(SENT, 90)
    assert not health.may_try(200)


def test_the_first_start_is_no_return() -> None:
    """A modem that takes half a minute to come up the first time is used at once."""
    health = Health()
    health.seen(usable=False, now_s=0)
    health.seen(usable=True, now_s=30)
    assert not health.rests(30)


def test_the_far_side_may_ask_for_rest() -> None:
    """As long as it says, and not shorter for a later, shorter wish."""
    health = Health()
    health.hold(0, 60)
    health.hold(0, 10)
    assert health.rests(59)
    assert not health.rests(60)

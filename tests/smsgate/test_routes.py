"""Which link a text takes, as tables."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from smsgate.messages.outbox import Class
from smsgate.messages.routes import Board, Route, Way

TIGO, CLARO, ABROAD = "+50370001234", "+50361234567", "+50255550000"
RECEIPT, NOTICE, CAMPAIGN = Class.receipt, Class.notice, Class.campaign

MODEM = Way(route=Route(name="modem"))
SPARE = Way(route=Route(name="spare", order=2))
#: An aggregator: dear, and nobody can answer it.
AGENT = Way(route=Route(name="agent", answerable=False, cost=500, order=3))


def changed(way: Way, **facts: object) -> Way:
    """Return a way with other rules."""
    return replace(way, route=replace(way.route, **facts))  # type: ignore[arg-type]


def down(way: Way) -> Way:
    """Return a way that does not work."""
    return replace(way, well=False)


@pytest.mark.parametrize(
    ("ways", "to", "cls", "facts", "link"),
    [
        # Order, and whoever works.
        ([SPARE, MODEM, AGENT], TIGO, RECEIPT, {}, "modem"),
        ([down(MODEM), SPARE, AGENT], TIGO, RECEIPT, {}, "spare"),
        ([down(MODEM), down(SPARE), AGENT], TIGO, RECEIPT, {}, "agent"),
        ([down(MODEM), down(SPARE)], TIGO, RECEIPT, {}, "modem"),
        ([], TIGO, RECEIPT, {}, None),
        # An answer goes back the way its text came in, if that works.
        ([MODEM, SPARE], TIGO, RECEIPT, {"answers": "spare"}, "spare"),
        ([MODEM, down(SPARE)], TIGO, RECEIPT, {"answers": "spare"}, "modem"),
        ([MODEM, SPARE], TIGO, RECEIPT, {"answers": "gone"}, "modem"),
        # What answers a text that anybody may have sent goes over a link of our own.
        (
            [changed(MODEM, trusted=False), SPARE],
            TIGO,
            RECEIPT,
            {"answers": "modem", "guarded": True},
            "spare",
        ),
        (
            [changed(MODEM, trusted=False), down(SPARE)],
            TIGO,
            RECEIPT,
            {"answers": "modem", "guarded": True},
            "modem",
        ),
        # Equal links: the one at hand.
        ([MODEM, changed(SPARE, order=1)], TIGO, RECEIPT, {"near": "spare"}, "spare"),
        ([MODEM, SPARE], TIGO, RECEIPT, {"near": "spare"}, "modem"),
        # Health counts within an order only.
        ([replace(MODEM, grade=2), SPARE], TIGO, RECEIPT, {}, "modem"),
        (
            [replace(MODEM, grade=1), changed(SPARE, order=1)],
            TIGO,
            RECEIPT,
            {},
            "spare",
        ),
        # Cost counts among equals.
        ([changed(AGENT, order=1, answerable=True), MODEM], TIGO, RECEIPT, {}, "modem"),
        # Only these numbers; these numbers first.
        ([changed(MODEM, prefixes=("+5037",)), SPARE], TIGO, RECEIPT, {}, "modem"),
        ([changed(MODEM, prefixes=("+5037",)), SPARE], CLARO, RECEIPT, {}, "spare"),
        ([changed(MODEM, prefixes=("+5037",))], CLARO, RECEIPT, {}, None),
        ([MODEM, changed(SPARE, prefers=("+5036",))], CLARO, RECEIPT, {}, "spare"),
        ([MODEM, changed(SPARE, prefers=("+5036",))], TIGO, RECEIPT, {}, "modem"),
        (
            [changed(MODEM, prefers=("+503",)), changed(SPARE, prefixes=("+50370",))],
            TIGO,
            RECEIPT,
            {},
            "spare",
        ),
        ([down(MODEM), changed(SPARE, prefers=("+502",))], TIGO, RECEIPT, {}, "spare"),
        ([changed(MODEM, prefixes=("+503",)), AGENT], ABROAD, RECEIPT, {}, "agent"),
        # Only these classes, whatever is down.
        (
            [changed(MODEM, classes=frozenset({RECEIPT})), SPARE],
            TIGO,
            NOTICE,
            {},
            "spare",
        ),
        (
            [changed(MODEM, classes=frozenset({NOTICE})), down(SPARE)],
            TIGO,
            RECEIPT,
            {},
            "spare",
        ),
        # A question waits for a link that hears the answer.
        ([down(MODEM), AGENT], TIGO, RECEIPT, {"asks": True}, "modem"),
        ([changed(AGENT, order=1)], TIGO, RECEIPT, {"asks": True}, "agent"),
        # A campaign waits for the cheap link; a notice does not.
        ([down(MODEM), AGENT], TIGO, CAMPAIGN, {}, "modem"),
        ([down(MODEM), AGENT], TIGO, NOTICE, {}, "agent"),
        ([down(MODEM), down(SPARE), AGENT], TIGO, CAMPAIGN, {}, "modem"),
        ([down(MODEM), SPARE, AGENT], TIGO, CAMPAIGN, {}, "spare"),
        # What the budget holds back takes another link, if one may carry it.
        (
            [replace(AGENT, stopped=frozenset({NOTICE})), down(SPARE), MODEM],
            TIGO,
            NOTICE,
            {"near": "agent"},
            "modem",
        ),
        (
            [replace(AGENT, stopped=frozenset({NOTICE})), down(MODEM)],
            TIGO,
            RECEIPT,
            {},
            "agent",
        ),
    ],
)
def test_the_link_of_a_text(
    ways: list[Way], to: str, cls: Class, facts: dict[str, object], link: str | None
) -> None:
    """Rules first, then what works, the way back, order, health, cost."""
    assert Board(ways).choose(to, cls, **facts) == link  # type: ignore[arg-type]


def test_equal_links_carry_their_share() -> None:
    """One to three of some thousand numbers, and each number always by the same."""
    ways = [
        Way(route=Route(name="one", share=1)),
        Way(route=Route(name="three", share=3)),
    ]
    numbers = [f"+5037{place:07}" for place in range(4_000)]

    took = {number: Board(ways).choose(number, RECEIPT) for number in numbers}

    assert 900 < Counter(took.values())["one"] < 1_100
    for number in numbers[:50]:
        assert Board(ways[::-1]).choose(number, RECEIPT) == took[number]


def test_without_one_link_the_others_keep_their_numbers() -> None:
    """Only the numbers of the link that is gone hear from another."""
    ways = [Way(route=Route(name=name)) for name in ("a", "b", "c")]
    fewer = Board([ways[0], ways[1], down(ways[2])])
    for place in range(300):
        number = f"+5037{place:07}"
        before = Board(ways).choose(number, RECEIPT)
        assert before == "c" or fewer.choose(number, RECEIPT) == before

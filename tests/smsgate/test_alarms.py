"""Alarms: told once while a trouble stands, to the phones that can help, in time."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from structlog.testing import capture_logs

from modem.errors import NotKept
from modem.link import Able, LinkState, LinkStatus
from smsgate.clock import DAY_MS, HOUR_MS, MINUTE_MS, from_ms
from smsgate.gateway.out.routing import Plan
from smsgate.gateway.unasked.alerting import Alerts
from smsgate.members import staff
from smsgate.messages import alarms, budget, forget_due
from smsgate.messages.budget import Budget, Spent
from smsgate.messages.health import Told
from smsgate.messages.outbox import Class
from smsgate.messages.routes import Route
from tests.smsgate.gatehouse import Gatehouse, HandLink, gatehouse
from tests.smsgate.mailroom import JUAN, ROSA, START_MS, Mailroom

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from smsgate.store import Row

OSCAR = "+50376543210"
UP, DOWN = LinkStatus.up, LinkStatus.down
ZONE = ZoneInfo("America/El_Salvador")


@pytest.fixture
def room() -> Iterator[Mailroom]:
    """Open an empty ledger."""
    with Mailroom() as room:
        yield room


# ---- an alarm


def test_a_trouble_is_told_once_while_it_stands(room: Mailroom) -> None:
    """And again after six hours, with what is true by then."""
    assert alarms.alarm(room.tx, "airtime:a", "Recargue.")
    assert not alarms.alarm(room.tx, "airtime:a", "Recargue.")
    assert alarms.untold(room.tx) == [("airtime:a", "Recargue.")]
    alarms.told(room.tx, "airtime:a")
    room.wait(6 * HOUR_MS - 1)
    assert not alarms.alarm(room.tx, "airtime:a", "Recargue ya.")
    room.wait(1)
    assert alarms.alarm(room.tx, "airtime:a", "Recargue ya.")
    assert alarms.untold(room.tx) == [("airtime:a", "Recargue ya.")]
    assert alarms.standing(room.tx) == [("airtime:a", "Recargue ya.", START_MS)]


def test_once_means_once(room: Mailroom) -> None:
    """Where it is asked for, however long the trouble stands."""
    once = partial(alarms.alarm, room.tx, "a", "x", again_ms=None)
    assert once()
    alarms.told(room.tx, "a")
    room.wait(30 * DAY_MS)
    assert not once()


def test_what_is_over_can_begin_again(room: Mailroom) -> None:
    """A cleared alarm is told anew at once; one that nobody heard of is not told."""
    alarms.alarm(room.tx, "a", "x")
    assert not alarms.clear(room.tx, "a")
    assert alarms.untold(room.tx) == []
    alarms.alarm(room.tx, "a", "y")
    alarms.told(room.tx, "a")
    assert alarms.clear(room.tx, "a")
    assert not alarms.clear(room.tx, "a")
    assert not alarms.clear(room.tx, "never raised")
    room.wait(MINUTE_MS)
    assert alarms.alarm(room.tx, "a", "z")
    assert alarms.standing(room.tx) == [("a", "z", START_MS + MINUTE_MS)]


def test_alarms_are_forgotten_after_forty_days(room: Mailroom) -> None:
    """The table does not grow with every day's budget."""
    alarms.alarm(room.tx, "a", "x")
    alarms.told(room.tx, "a")
    room.wait(40 * DAY_MS - 1)
    assert forget_due(room.tx) == 0
    room.wait(1)
    assert forget_due(room.tx) == 1
    assert alarms.standing(room.tx) == []


# ---- the budget


@pytest.mark.parametrize(
    ("day", "month", "reached"),
    [
        (0, 0, []),
        (79, 0, []),
        (80, 0, [("day", 80)]),
        (100, 0, [("day", 100)]),
        (99, 800, [("day", 80), ("month", 80)]),
        (250, 1_000, [("day", 100), ("month", 100)]),
    ],
)
def test_the_steps_of_a_budget(
    day: int, month: int, reached: list[tuple[str, int]]
) -> None:
    """80 and 100 percent, of the day and of the month."""
    some = Budget(timezone=ZONE, day=100, month=1_000)
    spent = Spent(today="2026-03-02", day=day, month=month)
    found = budget.levels(some, spent)
    assert [(level.period, level.percent) for level in found] == reached
    stopped = {Class.campaign} if found else set()
    if any(percent == 100 for _, percent in reached):
        stopped.add(Class.notice)
    assert budget.stopped(some, spent) == stopped


def test_without_a_budget_nothing_stops() -> None:
    """However much is spent."""
    some = Budget(timezone=ZONE)
    assert budget.stopped(some, Spent(today="", day=10**9, month=10**9)) == frozenset()


def test_what_is_spent_adds_up_by_local_day_and_month(room: Mailroom) -> None:
    """Nine in the evening is the same day there; another month begins at zero."""
    some = Budget(timezone=ZONE)
    assert some.today(START_MS + 14 * HOUR_MS) == "2026-03-02"
    assert some.today(START_MS + 15 * HOUR_MS) == "2026-03-03"
    for day, link, cls in (
        ("2026-02-28", "a", Class.receipt),
        ("2026-03-01", "a", Class.receipt),
        ("2026-03-02", "a", Class.receipt),
        ("2026-03-02", "a", Class.receipt),
        ("2026-03-02", "b", Class.notice),
    ):
        budget.note(room.tx, day=day, link=link, cls=cls, segments=2, cost=10)
    assert budget.spent(room.tx, "2026-03-02") == Spent(
        today="2026-03-02", day=30, month=40
    )
    assert budget.spent(room.tx, "2026-03-02", "b").month == 10
    assert budget.spent(room.tx, "2026-04-01") == Spent(
        today="2026-04-01", day=0, month=0
    )
    assert room.count("spent") == 4


# ---- told to phones


@asynccontextmanager
async def watched(
    folder: Path, plan: Plan | None = None
) -> AsyncIterator[tuple[Gatehouse, HandLink, HandLink]]:
    """Open a house with two links, of which Oscar is told what is wrong."""
    one, other = HandLink(name="one"), HandLink(name="other")
    alerts = Alerts(phones=(OSCAR,), link_ms=5 * MINUTE_MS)
    async with gatehouse(folder, links=[one, other], plan=plan, alerts=alerts) as gate:
        gate.routing.board()
        yield gate, one, other


def told(gate: Gatehouse) -> list[Row]:
    """Return what is owed as an alarm."""
    return gate.rows("SELECT * FROM outbox WHERE inbox IS NULL ORDER BY id")


async def test_operators_hear_of_a_link_that_is_down_over_another(
    tmp_path: Path,
) -> None:
    """After five minutes, once; and that it works again."""
    async with watched(tmp_path) as (gate, one, other), gate.sending():
        one.state = LinkState(status=DOWN)
        gate.gateway.state_changed("one", one.state)
        gate.clock.ms += 5 * MINUTE_MS
        await gate.housekeeping.once()
        assert told(gate) == []
        gate.clock.ms += 1
        with capture_logs() as logs:
            for _ in range(3):
                await gate.housekeeping.once()
        await gate.settled()
        assert [text.to for text in other.sent] == [OSCAR]
        assert "Red ALARMA: el enlace one no sirve" in other.sent[0].text
        assert [log["key"] for log in logs if log["event"] == "alarm.told"] == [
            "link.down:one"
        ]
        one.state = LinkState(status=UP)
        gate.gateway.state_changed("one", one.state)
        await gate.housekeeping.once()
        await gate.housekeeping.once()
        assert [row["name"] for row in told(gate)] == ["alarm", "link_found"]


async def test_a_link_that_only_warns_is_not_told_lost(tmp_path: Path) -> None:
    """Operators read of its airtime, and not that it is of no use."""
    async with watched(tmp_path) as (gate, one, _):
        one.state = LinkState(
            status=LinkStatus.degraded,
            able=Able.fully,
            airtime="0.60",
            airtime_low=True,
        )
        gate.gateway.state_changed("one", one.state)
        for _ in range(3):
            gate.clock.ms += 6 * MINUTE_MS
            await gate.housekeeping.once()
        (row,) = told(gate)
        assert row["body"].startswith("Red ALARMA: al enlace one le queda saldo 0.60.")


@pytest.mark.parametrize("able", [Able.no, Able.partly])
async def test_a_link_without_a_network_is_told_lost_whatever_was_tried(
    tmp_path: Path, able: Able
) -> None:
    """A send that failed half a minute ago does not make it a good one again."""
    async with watched(tmp_path) as (gate, one, _):
        one.state = LinkState(status=LinkStatus.degraded, able=able)
        gate.gateway.state_changed("one", one.state)
        for _ in range(10):
            gate.routing.told("one", Told.down)
            gate.clock.ms += 35_000
            await gate.housekeeping.once()
        assert [row["name"] for row in told(gate)] == ["alarm"]


async def test_alarms_wait_for_no_pace_and_no_budget(tmp_path: Path) -> None:
    """They are few, and go with the receipts; after an hour they are worth nothing."""
    async with watched(tmp_path) as (gate, _, _):
        await gate.store.write(partial(alarms.alarm, key="disk", sentence="Disco."))
        await gate.housekeeping.once()
        (row,) = told(gate)
        assert (row["class"], row["link"], row["body"]) == (0, "", "Disco.")
        assert row["expires_ms"] - row["at_ms"] == HOUR_MS


@pytest.mark.parametrize(
    ("role", "hears"),
    [("operator", True), ("Operador", True), ("staff", True), ("broker", False)],
)
async def test_staff_who_look_after_the_house_hear_too(
    tmp_path: Path, role: str, hears: bool
) -> None:
    """By their role; a phone that is named twice hears once."""
    async with watched(tmp_path) as (gate, _, _):
        rosa = await gate.join("Rosa", ROSA)
        oscar = await gate.join("Oscar", OSCAR)
        for person in (rosa, oscar):
            await gate.store.write(
                partial(
                    staff.enlist,
                    member=person,
                    name=person.name,
                    role=role,
                    active=True,
                    actor="uid:1",
                )
            )
        await gate.store.write(partial(alarms.alarm, key="disk", sentence="Disco."))
        await gate.housekeeping.once()
        phones = [row["recipient"] for row in told(gate)]
        assert phones == ([OSCAR, ROSA] if hears else [OSCAR])


async def test_each_step_of_the_budget_is_told_once_a_day(tmp_path: Path) -> None:
    """With what was spent, of how much, and what stops."""
    plan = Plan(
        routes={"one": Route(name="one", cost=500)},
        budget=Budget(timezone=ZONE, day=50_000, month=1_000_000),
    )
    async with watched(tmp_path, plan) as (gate, _, _):
        for cost in (40_000, 5_000, 5_000):
            await gate.store.write(
                partial(
                    budget.note,
                    day="2026-03-02",
                    link="one",
                    cls=Class.receipt,
                    segments=1,
                    cost=cost,
                )
            )
            gate.routing.reckon()
            await gate.housekeeping.once()
            await gate.housekeeping.once()
        bodies = [row["body"] for row in told(gate)]
        assert bodies == [
            "Red ALARMA: hoy se gastaron 4.00 USD de 5.00 USD en textos. "
            "Las promociones paran hasta mañana.",
            "Red ALARMA: hoy se gastaron 5.00 USD de 5.00 USD en textos. "
            "Promociones y avisos paran hasta mañana; los recibos siguen.",
        ]
        gate.clock.ms += DAY_MS
        gate.routing.reckon()
        await gate.housekeeping.once()
        assert len(told(gate)) == 2


async def test_a_clock_that_fell_behind_is_told_once_until_it_is_right(
    tmp_path: Path,
) -> None:
    """Operators read that payments wait and what to do, at once and by text."""
    async with watched(tmp_path) as (gate, _, _), gate.sending():
        for _ in range(2):
            right_ms, gate.clock.ms = gate.clock.ms, gate.clock.ms - HOUR_MS
            for _ in range(3):
                await gate.housekeeping.once()
            assert len(alarms.standing(gate.store.peek)) == 1
            gate.clock.ms = right_ms + MINUTE_MS
            await gate.housekeeping.once()
            assert alarms.standing(gate.store.peek) == []
        assert [row["body"] for row in told(gate)] == [
            "Red ALARMA: el reloj del servidor no es de fiar: los pagos esperan."
            " Pongalo en hora; si ya esta bien: smsgate clock accept"
        ] * 2
        await gate.settled()
        sent = [text.to for link in gate.links.values() for text in link.sent]
        assert sent == [OSCAR] * 2


async def test_a_wrong_zone_is_told_once_and_over_when_texts_agree(
    tmp_path: Path,
) -> None:
    """Nothing is known of it after a restart, so only a text that agrees ends it."""
    async with watched(tmp_path) as (gate, _, _):
        for _ in range(7):
            gate.gateway.time.heard("one", gate.clock.ms - 6 * HOUR_MS)
            await gate.housekeeping.once()
        (row,) = told(gate)
        assert row["body"] == (
            "Red ALARMA: los textos del enlace one traen mal la hora."
            " Si es la zona del operador, sume 360 a su time_offset_minutes."
        )
        await gate.housekeeping.once()
    async with watched(tmp_path) as (gate, _, _):
        await gate.housekeeping.once()
        assert [key for key, *_ in alarms.standing(gate.store.peek)] == [
            "clock.zone:one"
        ]
        # One that was long on its way says nothing.
        gate.gateway.time.heard("one", gate.clock.ms - 8 * MINUTE_MS)
        await gate.housekeeping.once()
        assert len(alarms.standing(gate.store.peek)) == 1
        gate.gateway.time.heard("one", gate.clock.ms - MINUTE_MS)
        await gate.housekeeping.once()
        assert alarms.standing(gate.store.peek) == []
        assert len(told(gate)) == 1


async def test_texts_that_wait_for_our_clock_say_nothing_of_a_zone(
    tmp_path: Path,
) -> None:
    """A payment is offered again and again meanwhile; only our clock is told of."""
    async with watched(tmp_path) as (gate, _, _):
        right_ms, gate.clock.ms = gate.clock.ms, gate.clock.ms - HOUR_MS
        for place in range(7):
            pay = gate.incoming(JUAN, "PAGAR 20417 5.00 4827", link="one")
            pay = replace(pay, key=b"pay", sent_at=from_ms(right_ms))
            with pytest.raises(NotKept):
                await gate.gateway.receive(pay)
            asked = gate.incoming(ROSA, f"AYUDA {place}", link="one")
            await gate.gateway.receive(replace(asked, sent_at=from_ms(right_ms)))
            await gate.housekeeping.once()
        assert [key for key, *_ in alarms.standing(gate.store.peek)] == [
            "clock.doubted"
        ]


async def test_a_payment_that_waits_for_staff_is_compared_once(tmp_path: Path) -> None:
    """It was sent half an hour ago; that is no network whose zone is wrong."""
    async with watched(tmp_path) as (gate, _, _):
        await gate.store.write(lambda tx: tx.run("UPDATE house SET review = 2"))
        pay = gate.incoming(JUAN, "PAGAR 20417 5.00 4827", link="one")
        pay = replace(pay, sent_at=from_ms(gate.clock.ms - 30 * MINUTE_MS))
        for _ in range(6):
            with pytest.raises(NotKept):
                await gate.gateway.receive(pay)
        assert gate.gateway.time.zones == {}


async def test_with_nobody_to_tell_it_stands_in_the_log(tmp_path: Path) -> None:
    """And in the list of links."""
    async with gatehouse(tmp_path) as gate:
        await gate.store.write(partial(alarms.alarm, key="disk", sentence="Disco."))
        with capture_logs() as logs:
            await gate.housekeeping.once()
            await gate.housekeeping.once()
        assert [log["why"] for log in logs] == ["Disco."]
        assert told(gate) == []
        assert JUAN != ROSA

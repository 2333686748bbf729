"""Whether the clock can be trusted with money, and an operator's with its zone."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest
from structlog.testing import capture_logs

from smsgate import config, daemon
from smsgate.clock import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, Clock
from smsgate.gateway.timekeeping import Timekeeper
from smsgate.store import Store, create_ledger
from tests.smsgate.gatehouse import SIM1, SIM2, HandLink
from tests.smsgate.mailroom import START_MS, StoppedClock

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.smsgate.shell import Net


@asynccontextmanager
async def keeper(
    folder: Path, clock: StoppedClock, newest_ms: int = START_MS
) -> AsyncIterator[Timekeeper]:
    """Look at the clock of a ledger whose newest row was written at `START_MS`."""
    create_ledger(folder / "ledger.sqlite")
    async with await Store.open(folder / "ledger.sqlite", clock) as store:
        now_ms, clock.ms = clock.ms, START_MS
        await store.write(lambda _: None)
        clock.ms = now_ms
        yield Timekeeper(store, clock, newest_ms)


@pytest.mark.parametrize(
    ("off_ms", "held"),
    [
        (0, False),
        (-5 * SECOND_MS, False),
        (-5 * SECOND_MS - 1, True),
        (-DAY_MS, True),
        (DAY_MS, False),
        (DAY_MS + 1, True),
        (400 * DAY_MS, True),
    ],
)
async def test_a_clock_at_the_start(tmp_path: Path, off_ms: int, held: bool) -> None:
    """Five seconds behind the newest row are waited out, a day ahead is believed."""
    clock = StoppedClock()
    clock.ms += off_ms
    async with keeper(tmp_path, clock) as time:
        assert (time.holds_money() is not None) is held


async def test_a_new_ledger_doubts_nothing(tmp_path: Path) -> None:
    """Where there is no row yet there is nothing to compare with."""
    clock = StoppedClock()
    clock.ms += 400 * DAY_MS
    async with keeper(tmp_path, clock, newest_ms=0) as time:
        assert time.holds_money() is None


@pytest.mark.parametrize(
    ("off_ms", "held"),
    [
        (0, False),
        (-10 * MINUTE_MS, False),
        (10 * MINUTE_MS, False),
        (-10 * MINUTE_MS - 1, True),
        (10 * MINUTE_MS + 1, True),
        (-DAY_MS, True),
    ],
)
async def test_a_fresh_text_that_agrees_ends_the_doubt(
    tmp_path: Path, off_ms: int, held: bool
) -> None:
    """Within ten minutes of our clock, either way."""
    clock = StoppedClock()
    clock.ms += 3 * DAY_MS
    async with keeper(tmp_path, clock) as time:
        time.heard(SIM1, clock.ms + off_ms)
        assert (time.holds_money() is not None) is held


async def test_an_operator_ends_the_doubt(tmp_path: Path) -> None:
    """By `smsgate clock accept`."""
    clock = StoppedClock()
    clock.ms += 3 * DAY_MS
    async with keeper(tmp_path, clock) as time:
        assert "clock accept" in str(time.holds_money())
        time.accept()
        assert time.holds_money() is None


async def test_a_clock_that_falls_behind_is_noticed_and_told_once(
    tmp_path: Path,
) -> None:
    """While the daemon runs; when it is right again money moves by itself."""
    clock = StoppedClock()
    async with keeper(tmp_path, clock) as time:
        with capture_logs() as logs:
            for off_ms in (0, -HOUR_MS, -HOUR_MS, 0, -HOUR_MS):
                clock.ms = START_MS + off_ms
                assert (time.holds_money() is not None) is (off_ms < 0)
        assert [log["event"] for log in logs] == ["clock.doubted"] * 2


@pytest.mark.parametrize(
    ("offs_min", "told"),
    [
        ([-360] * 5, [360]),
        ([-360] * 12, [360]),
        ([360] * 5, [-360]),
        # On their way a minute or two.
        ([-361, -362, -360, -361, -360], [360]),
        ([-360] * 4, []),
        ([-360] * 4 + [-375] + [-360] * 4, []),
        ([-360] * 4 + [0] + [-360] * 4, []),
        ([-360] * 4 + [-367] + [-360] * 4, []),
        ([-360, -345] * 5, []),
        ([0] * 9, []),
        ([-5] * 9, []),
        ([-360] * 5 + [0] + [-360] * 5, [360, 360]),
        # A zone of Nepal, and its neighbour.
        ([-345] * 5, [345]),
    ],
)
async def test_a_wrong_zone_of_an_operator_is_named(
    tmp_path: Path, offs_min: list[int], told: list[int]
) -> None:
    """Five texts in a row off by the same quarters; never corrected by itself."""
    clock = StoppedClock()
    async with keeper(tmp_path, clock) as time:
        with capture_logs() as logs:
            for off_min in offs_min:
                time.heard(SIM1, clock.ms + off_min * MINUTE_MS)
                # Another link's texts are counted for themselves.
                time.heard(SIM2, clock.ms)
        assert [log["minutes"] for log in logs] == told
        assert all(log["link"] == SIM1 for log in logs)


async def test_the_start_itself_does_not_hide_a_clock_that_is_ahead(net: Net) -> None:
    """The daemon writes when it starts, and has looked at the clock before."""

    class Ahead(Clock):
        def now_ms(self) -> int:
            return super().now_ms() + 3 * DAY_MS

    loaded = config.load(net.folder / "config.toml")
    links = [HandLink()]
    async with daemon.serve(loaded, links=links) as running:
        assert running.gateway.time.holds_money() is None
    async with daemon.serve(loaded, clock=Ahead(), links=links) as running:
        assert running.gateway.time.holds_money() is not None
        running.clock_accepted()
        assert running.gateway.time.holds_money() is None

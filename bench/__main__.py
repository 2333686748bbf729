"""`make bench`: every figure beside its goal, as ratios within this one run.

What comes in: nothing; a folder on the disk to be measured may be named. What goes
out: a table, and exit code 0 whether or not goals are met: a figure that is not reached
is printed as such. Variants take turns over several rounds and medians are told, for
machines are shared and drift. `--json` prints the same as one document.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from bench import campaigns, disk, modem, payments, unit, webhooks, whole
from bench.texts import parse_cost_us
from tests.faults import shim

_ROUNDS = 5
_ROUND_S = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of the table; `met` None where there is no goal."""

    name: str
    got: str
    goal: str = ""
    met: bool | None = None


def main() -> int:
    """Measure everything and print it."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, help="on the disk to measure")
    parser.add_argument("--rounds", type=int, default=_ROUNDS)
    parser.add_argument("--seconds", type=float, default=_ROUND_S)
    parser.add_argument("--pay-seconds", type=float, default=20.0)
    parser.add_argument("--people", type=int, default=1_000_000, help="of a campaign")
    parser.add_argument("--only", choices=["campaigns"], help="a part of it")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        folder = Path(name)
        figures = [] if options.only else house_figures(folder, options)
        figures += asyncio.run(campaign_figures(folder, options.people))
    if options.json:
        print(json.dumps([asdict(figure) for figure in figures], indent=2))
    else:
        _table(figures)
    return 0


def house_figures(folder: Path, options: argparse.Namespace) -> list[Figure]:
    """The ledger, the daemon and the language."""
    return [
        *ledger_figures(folder, options.rounds, options.seconds),
        *slow_figures(folder, options.rounds, options.seconds),
        *asyncio.run(wire_figures(folder, options.seconds, options.pay_seconds)),
        *asyncio.run(web_figures(folder, options.pay_seconds)),
        parse_figure(),
        *modem_figures(folder / "modems"),
    ]


def ledger_figures(folder: Path, rounds: int, seconds: float) -> list[Figure]:
    """Durable PAY units against the disk, a bare loop and a naive program."""
    syncs, sync_ms, bare, naive, ours, one_ms = [], [], [], [], [], []
    for number in range(rounds):
        raw = disk.measure(folder, seconds)
        syncs.append(raw.syncs_per_s)
        sync_ms.append(raw.p50_ms)
        ledger = payments.ledger_in(folder, f"bare{number}.sqlite")
        bare.append(unit.direct(ledger, 64, seconds))
        ledger = payments.ledger_in(folder, f"naive{number}.sqlite")
        naive.append(asyncio.run(unit.naive(ledger, 64, seconds)))
        ledger = payments.ledger_in(folder, f"ours{number}.sqlite")
        ours.append(asyncio.run(payments.closed_loop(ledger, 64, seconds))[0])
        _, times = asyncio.run(payments.closed_loop(ledger, 1, seconds))
        one_ms.append(1000 * times[len(times) // 2])
        for path in folder.glob("*.sqlite*"):
            path.unlink()
    rate, of_disk = statistics.median(ours), _ratio(ours, syncs)
    of_bare, of_naive = _ratio(ours, bare), _ratio(ours, naive)
    sync, one = statistics.median(sync_ms), statistics.median(one_ms)
    return [
        Figure(name="disk: fdatasync", got=f"{statistics.median(syncs):,.0f}/s"),
        Figure(name="bare sqlite3 loop, 64", got=f"{statistics.median(bare):,.0f}/s"),
        Figure(name="aiosqlite by statement", got=f"{statistics.median(naive):,.0f}/s"),
        Figure(
            name="durable PAY, 64 callers",
            got=f"{rate:,.0f}/s = {of_disk:.2f} x disk, {of_bare:.2f} x bare loop",
            goal=">= min(0.9 x disk, 0.6 x bare loop)",
            met=of_disk >= 0.9 or of_bare >= 0.6,
        ),
        Figure(
            name="durable PAY against aiosqlite",
            got=f"{of_naive:.1f} x",
            goal=">= 10 x",
            met=of_naive >= 10,
        ),
        Figure(
            name="one caller, p50",
            got=f"{one:.2f} ms (sync {sync:.2f} ms)",
            goal=f"<= 2 x sync + 0.6 = {2 * sync + 0.6:.2f} ms",
            met=one <= 2 * sync + 0.6,
        ),
    ]


def slow_figures(folder: Path, rounds: int, seconds: float) -> list[Figure]:
    """The same on a disk whose every sync takes 5 ms longer."""
    library = shim.build(folder)
    ratios, p99 = [], []
    for number in range(rounds):
        place = folder / f"slow{number}"
        place.mkdir()
        printed = subprocess.run(
            [sys.executable, "-m", "bench.payments", str(place), str(seconds), "64"],
            env=shim.slow_disk(library, delay_us=5_000),
            check=True,
            capture_output=True,
        ).stdout
        found = json.loads(printed)
        ratios.append(found["units_per_s"] / found["syncs_per_s"])
        p99.append(found["p99_ms"])
    ratio = statistics.median(ratios)
    return [
        Figure(
            name="durable PAY, +5 ms a sync",
            got=f"{ratio:.1f} x disk, p99 {statistics.median(p99):.0f} ms",
            goal=">= 12 x disk",
            met=ratio >= 12,
        )
    ]


async def wire_figures(
    folder: Path, seconds: float, pay_seconds: float
) -> list[Figure]:
    """The daemon as a process, over Kannel's test wire."""
    house = await whole.build(folder / "house")
    figures = []
    async with whole.running(house) as process:
        figures += [
            Figure(
                name="start to ready",
                got=f"{process.ready_s:.2f} s",
                goal="<= 1.5 s",
                met=process.ready_s <= 1.5,
            ),
            Figure(
                name="resident memory, idle",
                got=f"{process.idle_mib:.0f} MiB",
                goal="<= 80 MiB",
                met=process.idle_mib <= 80,
            ),
        ]
        for words in ("AYUDA", "SALDO"):
            for in_flight, goal in ((1, 1_000), (256, 5_000)):
                rate, wait_ms = await whole.answers_per_s(
                    house, words, in_flight, 2 * seconds
                )
                figures.append(
                    Figure(
                        name=f"{words}, {in_flight} in flight",
                        got=f"{rate:,.0f}/s, p50 {wait_ms:.2f} ms",
                        goal=f">= {goal:,}/s",
                        met=rate >= goal,
                    )
                )
        offered, done, p50, p99 = await whole.payments(house, 200, pay_seconds)
        figures.append(
            Figure(
                name="PAY with PIN, 200/s offered",
                got=f"{done}/{offered} done, p50 {p50:.0f} ms, p99 {p99:.0f} ms",
                goal="all, p99 <= 60 ms",
                met=done == offered and p99 <= 60,
            )
        )
    right = await whole.check(house)
    figures.append(
        Figure(
            name="books after all that", got="right" if right else "WRONG", met=right
        )
    )
    return figures


async def web_figures(folder: Path, pay_seconds: float) -> list[Figure]:
    """The daemon as a process, over a vendor's webhooks."""
    async with webhooks.running(folder / "web") as (house, vendor):
        await webhooks.payments(house, vendor, 50, 1, seed=1)
        vendor.waits.clear()
        offered, done, p50, p99 = await webhooks.payments(
            house, vendor, 200, pay_seconds
        )
        refused, first_s, all_s = await webhooks.flood(house, vendor, 5_000)
        kept = whole.count(house, "SELECT count(*) FROM inbox WHERE command = 'AYUDA'")
    right = await whole.check(house)
    return [
        Figure(
            name="webhook to reply handed over, 200/s",
            got=f"{done}/{offered} done, p50 {p50:.0f} ms, p99 {p99:.0f} ms",
            goal="all, p99 <= 100 ms",
            met=done == offered and p99 <= 100,
        ),
        Figure(
            name="5,000 webhooks at once",
            got=f"answered in {first_s:.1f} s, all kept in {all_s:.1f} s, "
            f"{refused:,} told to come again",
            goal="nothing lost",
            met=kept == 5_000 and right,
        ),
    ]


async def campaign_figures(folder: Path, people: int) -> list[Figure]:
    """So many people written down, and a tenth of them looked at and waiting."""
    some = max(1, people // 10)
    made = await campaigns.expanded_alone(folder, people)
    goal_s = 60 * people / 1_000_000
    figures = [
        Figure(
            name=f"{people:,} people written down",
            got=f"{made.seconds:.1f} s, {made.grown_mib:+.0f} MiB",
            goal=f"<= {goal_s:.0f} s, <= +50 MiB",
            met=made.seconds <= goal_s and made.grown_mib <= 50,
        )
    ]
    seconds = await campaigns.preview_s(folder / "preview", some)
    figures.append(
        Figure(
            name=f"preview of {some:,} people",
            got=f"{seconds:.1f} s",
            goal="<= 5 s",
            met=seconds <= 5,
        )
    )
    errors = []
    for number, case in enumerate(campaigns.CASES):
        place = folder / f"forecast{number}"
        place.mkdir()
        errors.append(await campaigns.forecast_error(place, case))
    figures.append(
        Figure(
            name="finish time told, at most off by",
            got=f"{100 * max(errors):.2f} % of {len(errors)} emulated campaigns",
            goal="<= 10 %",
            met=max(errors) <= 0.1,
        )
    )
    waited = await campaigns.beside_expansion(folder / "expansion", people, 50)
    figures.append(
        Figure(
            name=f"PAY, 50/s, while {people:,} are written down",
            got=f"p99 {waited.p99_ms:.0f} ms, {waited.idle_p99_ms:.0f} ms before it",
            goal="all, p99 <= 60 ms",
            met=waited.complete and waited.p99_ms <= 60,
        )
    )
    beside = await campaigns.beside_queue(folder / "queue", some, 50, 5)
    figures.append(
        Figure(
            name=f"a receipt's wait beside {some:,} that wait",
            got=f"p99 {beside.ratio:.2f} x ({beside.p99_ms:.0f} ms), "
            f"{beside.went} of them sent",
            goal="<= 1.2 x",
            met=beside.ratio <= 1.2,
        )
    )
    return figures


def modem_figures(folder: Path) -> list[Figure]:
    """Texts over an emulated modem, beside others, and what a replug costs."""
    folder.mkdir()
    found = asyncio.run(modem.measure(folder))
    mine, *theirs = found.rates
    figures = []
    for what in ("received", "sent"):
        own = getattr(mine, what)
        figures.append(
            Figure(
                name=f"modem: texts {what}",
                got=f"{own:,.0f}/s",
                goal=">= 500/s",
                met=own >= 500,
            )
        )
        for other in theirs:
            rate = getattr(other, what)
            got = other.note or "not in time"
            if rate:
                got = f"{rate:,.1f}/s, ours {own / rate:,.0f} x"
            figures.append(Figure(name=f"  beside {other.name}", got=got))
    return [
        *figures,
        Figure(
            name="modem: back after replug",
            got=f"{found.back_s:.2f} s",
            goal="<= 5 s",
            met=found.back_s <= 5,
        ),
        Figure(
            name="answer behind 300 campaign texts, radio 3 s",
            got=f"{found.owed_s:.2f} s (from the text: {found.answered_s:.2f} s)",
            goal="<= one send of 3 s",
            met=found.owed_s <= 3.1,
        ),
    ]


def parse_figure() -> Figure:
    """What reading one text costs."""
    cost = parse_cost_us()
    return Figure(
        name="reading one text", got=f"{cost:.0f} us", goal="<= 60 us", met=cost <= 60
    )


def _ratio(ours: list[float], theirs: list[float]) -> float:
    """Return the median of the ratios within each round."""
    return statistics.median(a / b for a, b in zip(ours, theirs, strict=True))


def _table(figures: list[Figure]) -> None:
    width = max(len(figure.name) for figure in figures)
    for figure in figures:
        mark = {True: "met", False: "NOT MET", None: ""}[figure.met]
        goal = f"  goal {figure.goal}: {mark}" if figure.goal else f"  {mark}".rstrip()
        print(f"{figure.name:<{width}}  {figure.got}{goal}")
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"load average {load}; {os.cpu_count()} processors")


if __name__ == "__main__":
    sys.exit(main())

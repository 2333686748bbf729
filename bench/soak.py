"""`make soak`: an hour of payments with restarts; memory, files and disk stay flat.

What comes in: how long, at what rate, how many starts. What goes out: a line for each
start with what the daemon held before and after its load, and exit code 1 when its
memory or its open files grew, the write-ahead log was left behind, or the books are
wrong. The short form runs with the tests.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bench import whole
from smsgate import config

#: Growth that caches of a fresh process explain.
_GROWTH_MIB = 12.0
_FILES_MAX = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What a daemon holds."""

    mib: float
    files: int

    @classmethod
    def by(cls, pid: int) -> Held:
        """Look at a running process."""
        files = sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())
        return cls(mib=whole.resident_mib(pid), files=files)


async def soak(folder: Path, minutes: float, per_s: float, starts: int) -> list[str]:
    """Load the daemon through several starts; return what grew, or nothing."""
    house = await whole.build(folder / "house")
    seconds = 60 * minutes / starts
    wrong: list[str] = []
    for start in range(starts):
        async with whole.running(house) as process:
            # Caches fill with the first texts; from there on it must stay flat.
            await whole.payments(house, per_s, max(2.0, seconds / 10), seed=2 * start)
            before = Held.by(process.pid)
            offered, done, _, p99 = await whole.payments(
                house, per_s, seconds, seed=2 * start + 1
            )
            after = Held.by(process.pid)
        print(
            f"start {start + 1}: {done}/{offered} paid, p99 {p99:.0f} ms, "
            f"{before.mib:.0f} -> {after.mib:.0f} MiB, "
            f"{before.files} -> {after.files} files",
            flush=True,
        )
        wrong += _grown(start, before, after, lost=offered - done)
    wal = config.load(house.config).ledger_path.with_suffix(".sqlite-wal")
    if wal.exists() and wal.stat().st_size:
        wrong.append("the write-ahead log was left behind at the end")
    if not await whole.check(house):
        wrong.append("the books are wrong")
    return wrong


def _grown(start: int, before: Held, after: Held, *, lost: int) -> list[str]:
    wrong = []
    if lost:
        wrong.append(f"start {start + 1}: {lost} payments were not answered")
    if after.mib - before.mib > _GROWTH_MIB:
        wrong.append(f"start {start + 1}: memory grew")
    if after.files - before.files > _FILES_MAX:
        wrong.append(f"start {start + 1}: open files grew")
    return wrong


def main() -> int:
    """Run it and say what grew."""
    parser = argparse.ArgumentParser(prog="python -m bench.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--per-s", type=float, default=50.0)
    parser.add_argument("--starts", type=int, default=6)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        wrong = asyncio.run(
            soak(Path(name), options.minutes, options.per_s, options.starts)
        )
    for sentence in wrong:
        print(sentence, file=sys.stderr)
    print("flat" if not wrong else "NOT flat")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

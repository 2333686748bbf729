"""The long form: `python -m tests.crash --kills 200 --cuts 200`.

What comes in: how many deaths of each kind, and a seed to repeat a run. What goes out:
a line a kind with where the deaths fell and what was lost, and exit code 1 if a promise
was broken. The seed is told first, so that a run that fails can be repeated.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from smsgate import logs
from tests.crash.cutting import cut, power_over
from tests.crash.killing import kill
from tests.faults.shim import build

#: This share of the kills must fall in the middle of something.
SHARE = 0.6


def tell(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> int:
    """Do all three."""
    options = _options()
    logs.setup(level="error")
    tell(f"seed {options.seed}")
    with tempfile.TemporaryDirectory(prefix="smsgate-crash-") as place:
        folder = Path(place)
        (folder / "kills").mkdir()
        killed = kill(folder / "kills", deaths=options.kills, seed=options.seed)
        tell(f"kills: {killed}")
        library = build(folder)
        (folder / "whole").mkdir()
        whole = kill(
            folder / "whole",
            deaths=options.whole_cuts,
            seed=options.seed,
            power_of=lambda house: power_over(house, library),
        )
        tell(f"power cuts under the whole daemon: {whole}")
        (folder / "cuts").mkdir()
        cuts = cut(folder / "cuts", library, cuts=options.cuts, seed=options.seed)
        tell(f"power cuts under payments: {cuts}")
        (folder / "careless").mkdir()
        careless = cut(
            folder / "careless", library, cuts=20, seed=options.seed, careless=True
        )
        tell(f"the same with synchronous = NORMAL: {careless}")
    if killed.at_work < SHARE * options.kills:
        tell(f"only {killed.at_work} kills fell in the middle of something")
        return 1
    for lost in cuts.lost:
        tell(f"lost: {lost}")
    if not careless.lost:
        tell("a store that syncs less was not found out")
    return int(bool(cuts.lost) or not careless.lost)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.crash")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--cuts", type=int, default=200)
    parser.add_argument("--whole-cuts", type=int, default=40)
    parser.add_argument("--seed", type=int, default=time.monotonic_ns() % 1_000_000)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

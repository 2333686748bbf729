"""A daemon that is killed at any moment loses nothing it has acknowledged.

The short form; `python -m tests.crash --kills 200` is the long one.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.crash.killing import kill

if TYPE_CHECKING:
    from pathlib import Path

KILLS = int(os.environ.get("SMSGATE_KILLS", "24"))
SEED = int(os.environ.get("SMSGATE_SEED", "1"))


@pytest.mark.timeout(60 + 5 * KILLS)
def test_killed_at_any_moment_nothing_is_lost_and_nothing_doubled(
    tmp_path: Path,
) -> None:
    """What was acknowledged is in the ledger, once, and every answer goes out.

    Three in five deaths at least fall between the first byte read and the end of what
    the text asked for.
    """
    tally = kill(tmp_path, deaths=KILLS, seed=SEED)

    print(tally)  # noqa: T201 - for whoever reads a failing run
    assert tally.at_work >= 0.6 * KILLS

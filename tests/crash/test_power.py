"""A power cut loses nothing that was acknowledged, and a test would notice if it did.

The short form; `python -m tests.crash --cuts 200` is the long one.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.crash.cutting import cut, power_over
from tests.crash.killing import kill
from tests.faults.shim import build

if TYPE_CHECKING:
    from pathlib import Path

CUTS = int(os.environ.get("SMSGATE_CUTS", "8"))
WHOLE_CUTS = int(os.environ.get("SMSGATE_WHOLE_CUTS", "4"))
SEED = int(os.environ.get("SMSGATE_SEED", "1"))


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the compiled library."""
    return build(tmp_path_factory.mktemp("power"))


@pytest.mark.timeout(60 + 5 * CUTS)
def test_a_power_cut_loses_nothing_acknowledged(tmp_path: Path, library: Path) -> None:
    """Every payment that was acknowledged, or shown on a phone, is there afterwards."""
    told = cut(tmp_path, library, cuts=CUTS, seed=SEED)

    print(told)  # noqa: T201 - for whoever reads a failing run
    assert told.lost == ()
    assert told.acknowledged >= CUTS


def test_a_store_that_syncs_less_is_found_out(tmp_path: Path, library: Path) -> None:
    """With synchronous = NORMAL acknowledged payments are gone, and it is noticed."""
    told = cut(tmp_path, library, cuts=CUTS, seed=SEED, careless=True)

    print(told)  # noqa: T201 - for whoever reads a failing run
    assert told.lost != ()


@pytest.mark.timeout(60 + 5 * WHOLE_CUTS)
def test_the_whole_daemon_survives_power_cuts(tmp_path: Path, library: Path) -> None:
    """From the modem to the receipt: what was acknowledged is there, once."""
    tally = kill(
        tmp_path,
        deaths=WHOLE_CUTS,
        seed=SEED,
        power_of=lambda house: power_over(house, library),
    )

    print(tally)  # noqa: T201 - for whoever reads a failing run
    assert tally.phases.total() == WHOLE_CUTS

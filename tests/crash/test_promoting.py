"""A campaign survives every death: nobody twice, nobody skipped, doubt is told.

The short form; `make crash-campaign` is the long one.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.crash.promoting import promote

if TYPE_CHECKING:
    from pathlib import Path

PEOPLE = int(os.environ.get("SMSGATE_PEOPLE", "900"))
DEATHS = int(os.environ.get("SMSGATE_KILLS", "24"))
SEED = int(os.environ.get("SMSGATE_SEED", "1"))


@pytest.mark.timeout(120)
async def test_a_campaign_through_many_deaths_and_old_copies(tmp_path: Path) -> None:
    """Killed at any step and put back from old copies, each gets it once, or is unsure.

    A copy that is put back sends nothing until a person resumes it.
    """
    tally = await promote(tmp_path, people=PEOPLE, deaths=DEATHS, seed=SEED)

    print(tally)  # noqa: T201 - for whoever reads a failing run
    assert tally.deaths == DEATHS
    assert tally.restores == DEATHS // 7

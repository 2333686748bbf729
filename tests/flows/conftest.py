"""A fresh town for each flow, closed with every promise checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.flows.town import Town

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """Rosa sells, Juan buys (credit limit 100.00), Luis is a third member."""
    town = Town(folder=tmp_path / "house")
    try:
        town.start()
        town.joins("Rosa", "71234567", "--kind", "business", "--alias", "PANADERIALUZ")
        town.joins("Juan", "72345678", "--limit", "100")
        town.joins("Luis", "73456789", "--limit", "100")
        yield town
    finally:
        town.close()

"""The long runs in short: what `make soak` does in an hour, done in seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.soak import soak

if TYPE_CHECKING:
    from pathlib import Path


async def test_a_loaded_daemon_stays_flat_and_right(tmp_path: Path) -> None:
    """Payments over the wire are all answered; memory, files and books stay right."""
    assert await soak(tmp_path, minutes=0.05, per_s=40, starts=1) == []

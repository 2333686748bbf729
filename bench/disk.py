"""What the disk can do: 4 KiB overwritten and fdatasync'ed, again and again.

What comes in: the folder the ledger would live in. What goes out: syncs a second and
the median of one. Every other figure is told as a ratio to these, measured in the same
run, because machines and neighbours differ and ratios hardly do.
"""

from __future__ import annotations

import os
import statistics
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_PAGE = 4096
_PAGES = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Disk:
    """The file system's own speed."""

    syncs_per_s: float
    p50_ms: float


def measure(folder: Path, seconds: float = 1.0) -> Disk:
    """Overwrite and sync for so long."""
    path = folder / "sync.probe"
    path.write_bytes(bytes(_PAGE * _PAGES))
    page = os.urandom(_PAGE)
    times: list[float] = []
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
        end = time.perf_counter() + seconds
        begun = time.perf_counter()
        while begun < end:
            os.pwrite(descriptor, page, len(times) % _PAGES * _PAGE)
            os.fdatasync(descriptor)
            ended = time.perf_counter()
            times.append(ended - begun)
            begun = ended
    finally:
        os.close(descriptor)
        path.unlink()
    return Disk(
        syncs_per_s=len(times) / sum(times), p50_ms=1000 * statistics.median(times)
    )

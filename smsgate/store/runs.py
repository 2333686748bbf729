"""The daemon's starts are counted, so that what an earlier start was sending is known.

What comes in: an open transaction at the start of the daemon. What goes out: this
start's number, which rows of the outbox carry while they are on their way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from smsgate.store.values import Tx


def begin_run(tx: Tx) -> int:
    """Count this start of the daemon and return its number."""
    (row,) = tx.all("UPDATE house SET run = run + 1 RETURNING run")
    return int(row["run"])

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
    tx.run("UPDATE house SET run = run + 1")
    row = tx.one("SELECT run FROM house")
    if row is None:
        raise AssertionError("the house has its one row")
    return int(row["run"])

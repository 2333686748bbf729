"""Forgetting: what is kept of people no longer than it is needed.

What comes in: the time. What goes out: whom one may invite again is forgotten, and 90
days after a matter was closed so are its words, with the whole row where the phone is
no member's; so is who said ROBO. What was decided stands in the chain. Called by the
daemon's housekeeping.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smsgate.clock import DAY_MS
from smsgate.members.invites import INVITED_MS

if TYPE_CHECKING:
    from smsgate.store import Tx

#: How long a closed matter's words, and who said ROBO, are kept.
KEPT_MS = 90 * DAY_MS


def forget_due(tx: Tx) -> int:
    """Forget what is due; return how many rows that was."""
    before = {"before": tx.now_ms - KEPT_MS}
    return (
        tx.run(
            "DELETE FROM invite WHERE at_ms <= :before",
            {"before": tx.now_ms - INVITED_MS},
        )
        + tx.run(
            "DELETE FROM matter WHERE state <> 'open' AND account IS NULL"
            " AND closed_ms <= :before",
            before,
        )
        + tx.run(
            "UPDATE matter SET words = '', note = '' WHERE state <> 'open'"
            " AND closed_ms <= :before AND (words <> '' OR note <> '')",
            before,
        )
        + tx.run("DELETE FROM stop WHERE ended_ms <= :before", before)
    )

"""What another house began: held back until somebody has looked at it.

What comes in: a ledger that is a copy, put back; its house has another name than the
one that began its campaigns. What goes out: these campaigns, paused, recurring ones
that begin no further round, and a round whose audience was just being written down, as
a draft. Nobody knows whom the other house has written to since the copy was made.
Called at the start of the daemon, before anything is fed; that is soon enough, for a
house never changes its name while it runs, and whatever it begins or resumes bears that
name. `smsgate.campaigns.feeding` feeds nothing of another's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smsgate.campaigns.rounds import failed
from smsgate.campaigns.steps import RESTORED, withdraw

if TYPE_CHECKING:
    from smsgate.store import Query, Tx

#: What another house began, and nobody has resumed since.
BEGUN_ELSEWHERE = (
    "SELECT id FROM campaign WHERE state IN ('scheduled', 'running')"
    " AND instance <> (SELECT instance FROM house)"
    " UNION SELECT id FROM campaign WHERE next_ms IS NOT NULL AND state = 'finished'"
    " AND why <> :why AND instance <> (SELECT instance FROM house)"
)
#: Rounds that another house was about to write down.
CUT_OFF_ELSEWHERE = (
    "SELECT id FROM campaign WHERE state = 'freezing' AND series IS NOT NULL"
    " AND instance <> (SELECT instance FROM house)"
)


def begun_elsewhere(q: Query) -> bool:
    """Say whether there is a campaign that another house began."""
    return bool(q.all(BEGUN_ELSEWHERE, {"why": RESTORED}) or q.all(CUT_OFF_ELSEWHERE))


def hold_back(tx: Tx) -> int:
    """Pause what another house began; return how many campaigns that was."""
    rows = tx.all(BEGUN_ELSEWHERE, {"why": RESTORED})
    for row in rows:
        withdraw(tx, row["id"])
        tx.run(
            "UPDATE campaign SET why = :why,"
            " state = CASE state WHEN 'finished' THEN state ELSE 'paused' END"
            " WHERE id = :id",
            {"why": RESTORED, "id": row["id"]},
        )
    cut_off = tx.all(CUT_OFF_ELSEWHERE)
    for row in cut_off:
        failed(tx, row["id"], RESTORED)
    return len(rows) + len(cut_off)

"""What recipients write back: the campaign's word, or that they want no more.

What comes in: a phone, and a word or an opt-out, inside the transaction that answers
the text. What goes out: the answer to a campaign's word, in the language of whoever
wrote it, and marks at the recipient's row, which the report counts. A word belongs to
one campaign from its approval to its end. Called by `smsgate.handlers`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smsgate.campaigns.rows import campaign_of
from smsgate.clock import DAY_MS

if TYPE_CHECKING:
    from smsgate.campaigns.plan import Wording
    from smsgate.store import Query, Tx

#: What a campaign, or a round of it, wrote to somebody last.
LAST = (
    "SELECT r.campaign FROM recipient r JOIN campaign c ON c.id = r.campaign"
    " WHERE r.msisdn = :msisdn AND r.written_ms > 0"
    " AND (c.id = :id OR c.series = :id) ORDER BY r.written_ms DESC LIMIT 1"
)
#: What any campaign wrote to somebody last.
LAST_OF_ALL = (
    "SELECT campaign FROM recipient WHERE msisdn = :msisdn AND written_ms > 0"
    " AND written_ms > :since ORDER BY written_ms DESC LIMIT 1"
)
#: An opt-out is counted for the campaign that wrote last, for so long.
LEFT_DAYS = 7


def answer_to(q: Query, word: str) -> tuple[int, Wording] | None:
    """Return the campaign that listens for a folded word, and what it answers."""
    if not word:
        return None
    row = q.one(
        "SELECT * FROM campaign WHERE word = :word AND word <> '' AND series IS NULL"
        " AND state NOT IN ('draft', 'freezing', 'review')"
        " ORDER BY state IN ('finished', 'cancelled'), id DESC LIMIT 1",
        {"word": word},
    )
    if row is None:
        return None
    campaign = campaign_of(row)
    return None if campaign.plan.answer is None else (campaign.id, campaign.plan.answer)


def note_reply(tx: Tx, campaign: int, msisdn: str) -> bool:
    """Mark that somebody answered a campaign; False where it wrote nothing to them.

    Of a recurring one, the round that wrote last is answered. Once is enough.
    """
    row = tx.one(LAST, {"msisdn": msisdn, "id": campaign})
    if row is None:
        return False
    marked = tx.run(
        "UPDATE recipient SET replied_ms = :now WHERE campaign = :campaign"
        " AND msisdn = :msisdn AND replied_ms = 0",
        {"now": tx.now_ms, "msisdn": msisdn, "campaign": row["campaign"]},
    )
    return marked > 0


def was_written_to(q: Query, msisdn: str) -> bool:
    """Whether any campaign ever wrote to this phone."""
    return (
        q.one(
            "SELECT 1 FROM recipient WHERE msisdn = :msisdn AND written_ms > 0 LIMIT 1",
            {"msisdn": msisdn},
        )
        is not None
    )


def note_left(tx: Tx, msisdn: str) -> None:
    """Mark at the last campaign that wrote to somebody that they opted out."""
    row = tx.one(
        LAST_OF_ALL,
        {"msisdn": msisdn, "since": tx.now_ms - LEFT_DAYS * DAY_MS},
    )
    if row is not None:
        tx.run(
            "UPDATE recipient SET left_ms = :now WHERE campaign = :campaign"
            " AND msisdn = :msisdn AND left_ms = 0",
            {"now": tx.now_ms, "campaign": row["campaign"], "msisdn": msisdn},
        )

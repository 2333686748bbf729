"""Meetings: an offer and a need that are about the same, and whom that is told.

What comes in: an ad that was just published. What goes out: for each of the two members
a row that waits to be told; later, those that are due. Nobody is told of the same pair
twice, nor of more than one meeting within a day: the others wait for their day, and
those whose ads have closed meanwhile are forgotten. Who wants no notices has no rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from smsgate.clock import DAY_MS
from smsgate.market.ads import Ad, Kind, by_id
from smsgate.market.searching import needs_for, search
from smsgate.members import consent

if TYPE_CHECKING:
    from smsgate.store import Row, Tx

#: No member is told of two meetings within this time.
REST_MS = DAY_MS
#: So many others learn of one new ad.
_OTHERS_MAX = 20
#: How many rows one call looks at.
_BATCH = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """One of two members, to be told that an ad of theirs meets another's."""

    own: Ad
    other: Ad


def meet(tx: Tx, ad: Ad) -> int:
    """Note whom a new ad meets; return how many other members that are."""
    if ad.kind is Kind.offer:
        found = needs_for(tx, ad, tx.now_ms, _OTHERS_MAX)
    else:
        found = search(tx, ad.words, tx.now_ms, most=_OTHERS_MAX, but_of=ad.account)
    # A member with two ads that meet this one is told of the better one.
    best: dict[int, Ad] = {}
    for other in found:
        best.setdefault(other.account, other)
    for other in best.values():
        _note(tx, own=other, other=ad)
    for other in best.values():
        if _note(tx, own=ad, other=other):
            break
    return len(best)


def meetings_due(tx: Tx) -> list[Meeting]:
    """Take what is due to be told now, a batch at most."""
    rows = tx.all(
        "SELECT * FROM meeting WHERE told_ms IS NULL AND due_ms <= :now"
        " ORDER BY due_ms, id LIMIT :batch",
        {"now": tx.now_ms, "batch": _BATCH},
    )
    due = []
    for row in rows:
        meeting = _still_true(tx, row)
        if meeting is None:
            tx.run("DELETE FROM meeting WHERE id = :id", {"id": row["id"]})
            continue
        free_ms = _free_ms(tx, int(row["account"]))
        told = free_ms <= tx.now_ms
        tx.run(
            "UPDATE meeting SET told_ms = :told, due_ms = :due WHERE id = :id",
            {
                "id": row["id"],
                "told": tx.now_ms if told else None,
                "due": max(free_ms, tx.now_ms),
            },
        )
        if told:
            due.append(meeting)
    return due


def _note(tx: Tx, *, own: Ad, other: Ad) -> bool:
    """Owe it to the owner of one ad that another meets it; say whether that is new."""
    if not consent.consent_of(tx, own.account).notices or not _may_be_seen(tx, other):
        return False
    changed = tx.run(
        "INSERT INTO meeting (account, own, other, due_ms)"
        " VALUES (:account, :own, :other, :due) ON CONFLICT (own, other) DO NOTHING",
        {
            "account": own.account,
            "own": own.id,
            "other": other.id,
            "due": max(_free_ms(tx, own.account), tx.now_ms),
        },
    )
    return changed == 1


def _may_be_seen(tx: Tx, ad: Ad) -> bool:
    return consent.consent_of(tx, ad.account).listed is not consent.Listed.no


def _still_true(tx: Tx, row: Row) -> Meeting | None:
    """Return a meeting that may be told, or None where its time has passed."""
    own = by_id(tx, int(row["own"]), tx.now_ms)
    other = by_id(tx, int(row["other"]), tx.now_ms)
    if own is None or other is None:
        return None
    wanted = consent.consent_of(tx, own.account).notices
    states = tx.all(
        "SELECT state FROM account WHERE id IN (:own, :other) AND state = 'active'",
        {"own": own.account, "other": other.account},
    )
    if not wanted or not _may_be_seen(tx, other) or len(states) != 2:
        return None
    return Meeting(own=own, other=other)


def _free_ms(tx: Tx, account: int) -> int:
    """Return from when on this member may be told of a meeting."""
    row = tx.one(
        "SELECT max(told_ms) AS told_ms FROM meeting WHERE account = :account",
        {"account": account},
    )
    return 0 if row is None or row["told_ms"] is None else row["told_ms"] + REST_MS

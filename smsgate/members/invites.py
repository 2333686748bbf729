"""Invitations: the one text a month that a phone of no member's may get.

What comes in: a phone and the member who wants it written to. What goes out: whether it
may be, and a row that says when it was, forgotten after a month. Receipts and security
notices are no invitations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smsgate.clock import DAY_MS

if TYPE_CHECKING:
    from smsgate.store import Query, Tx

#: A phone is invited once in this time.
INVITED_MS = 30 * DAY_MS
#: How many a member may invite in a day.
INVITES_A_DAY = 5


def may_invite(q: Query, phone: str, account: int, now_ms: int) -> bool:
    """Say whether this member may have this phone written to now."""
    invited = q.one(
        "SELECT 1 FROM invite WHERE msisdn = :phone AND at_ms > :since",
        {"phone": phone, "since": now_ms - INVITED_MS},
    )
    today = q.one(
        "SELECT count(*) AS number FROM invite"
        " WHERE account = :account AND at_ms > :since",
        {"account": account, "since": now_ms - DAY_MS},
    )
    return invited is None and (today is None or today["number"] < INVITES_A_DAY)


def note_invite(tx: Tx, phone: str, account: int) -> None:
    """Note that this phone was written to now."""
    tx.run(
        "INSERT INTO invite (msisdn, account, at_ms) VALUES (:phone, :account, :now)"
        " ON CONFLICT (msisdn) DO UPDATE SET account = excluded.account,"
        " at_ms = excluded.at_ms",
        {"phone": phone, "account": account, "now": tx.now_ms},
    )

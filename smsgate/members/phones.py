"""Phones: the number that speaks for a member is changed by staff only.

What comes in: an open transaction, a member and a new number. What goes out: the member
with it; the old number speaks for nobody. For three days they may pay little: a number
that was just registered may be in the wrong hands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smsgate import ledger
from smsgate.clock import HOUR_MS
from smsgate.members.directory import Member, by_account, by_phone
from smsgate.members.joining import PhoneTaken
from smsgate.members.tills import phone_taken
from smsgate.phone import masked

if TYPE_CHECKING:
    from smsgate.store import Tx


def move_phone(
    tx: Tx, member: Member, number: str, *, low_hours: int, actor: str
) -> Member:
    """Have another number (E.164) speak for a member.

    Raises:
        PhoneTaken: it speaks for somebody already.
    """
    owner = by_phone(tx, number)
    if owner is not None:
        raise PhoneTaken(
            f"{masked(number)} already speaks for member {owner.code}: "
            "use another phone"
        )
    if phone_taken(tx, number):
        raise PhoneTaken(f"{masked(number)} is a till: its owner frees it first")
    tx.run(
        "UPDATE phone SET msisdn = :new WHERE msisdn = :old AND account = :account",
        {"new": number, "old": member.phone, "account": member.account},
    )
    tx.run(
        "UPDATE member SET low_until_ms = :until WHERE account = :account",
        {"until": tx.now_ms + low_hours * HOUR_MS, "account": member.account},
    )
    ledger.record(
        tx, kind="phone_changed", account=member.account, actor=actor, detail={}
    )
    moved = by_account(tx, member.account)
    if moved is None:
        raise AssertionError("a member whose phone was changed cannot be read")
    return moved

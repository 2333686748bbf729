"""Phones: which number speaks for a member, and when it was last heard.

What comes in: an open transaction, a member, and a new number or a text of the old one.
What goes out: the member with it; a number that was replaced speaks for nobody. A
number that was just registered, or was silent for months, may be in the wrong hands:
from then on its member pays little for a while (`low_from_ms`; operators give numbers
that nobody uses to somebody else). Only staff change a number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smsgate import ledger
from smsgate.clock import DAY_MS
from smsgate.members.directory import Member, by_account, by_phone
from smsgate.members.joining import PhoneTaken
from smsgate.members.tills import phone_taken
from smsgate.phone import masked

if TYPE_CHECKING:
    from smsgate.store import Tx

#: A text is noted when the one before it is so old: not every text writes a row more.
_NOTED_MS = DAY_MS


def move_phone(tx: Tx, member: Member, number: str, *, actor: str) -> Member:
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
        "UPDATE phone SET msisdn = :new, heard_ms = :now"
        " WHERE msisdn = :old AND account = :account",
        {
            "new": number,
            "old": member.phone,
            "account": member.account,
            "now": tx.now_ms,
        },
    )
    pay_little(tx, member.account)
    ledger.record(
        tx, kind="phone_changed", account=member.account, actor=actor, detail={}
    )
    moved = by_account(tx, member.account)
    if moved is None:
        raise AssertionError("a member whose phone was changed cannot be read")
    return moved


def silent_ms(member: Member, now_ms: int) -> int:
    """Return for how long a member's phone has not been heard, to the day."""
    return max(0, now_ms - member.heard_ms)


def heard(tx: Tx, member: Member) -> None:
    """Note that a member's phone sent a text; nothing is written twice in a day."""
    if silent_ms(member, tx.now_ms) >= _NOTED_MS:
        tx.run(
            "UPDATE phone SET heard_ms = :now WHERE msisdn = :phone AND role = 'own'",
            {"now": tx.now_ms, "phone": member.phone},
        )


def pay_little(tx: Tx, account: int, from_ms: int | None = None) -> None:
    """Have a member pay little for a while, from now or a time on."""
    tx.run(
        "UPDATE member SET low_from_ms = :from WHERE account = :account",
        {"from": tx.now_ms if from_ms is None else from_ms, "account": account},
    )

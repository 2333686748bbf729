"""Holds: units set aside now, moved or freed later.

What comes in: two accounts, an amount and a time; later the hold's number. What goes
out: a `Hold` that counts in every limit, then at most one transfer. When its time is up
it is voided, or posted if it was made so, once, even if the house was down then. Its
transfer is made by `smsgate.ledger.transfers`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from smsgate.ledger.accounts import account
from smsgate.ledger.transfers import post_transfer
from smsgate.ledger.values import (
    Declined,
    Hold,
    HoldClosed,
    HoldUnknown,
    Outcome,
    Posted,
)
from smsgate.store import Refused

if TYPE_CHECKING:
    from smsgate.store import Query, Row, Tx

_COLUMNS = "id, debit, credit, amount, at_expiry, expires_ms, state, memo"

#: Holds whose time is up that one transaction settles.
EXPIRE_MAX = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Expired:
    """A hold whose time was up; posted if it was made so and could be."""

    hold: Hold
    done: Posted | Declined | None


def reserve(
    tx: Tx,
    *,
    debit: int,
    credit: int,
    amount: int,
    expires_ms: int,
    at_expiry: Literal["void", "post"] = "void",
    memo: str = "",
) -> Hold | Declined:
    """Set units of `debit` aside for `credit` until `expires_ms`.

    Raises:
        AccountUnknown: one of them has no account.
    """
    payer, payee = account(tx, debit), account(tx, credit)
    refused_by: Outcome | None = None
    if debit == credit:
        refused_by = Outcome.self_payment
    elif payer.state != "active":
        refused_by = Outcome.payer_not_active
    elif payee.state not in ("active", "stopped"):
        refused_by = Outcome.payee_not_active
    if refused_by is not None:
        return Declined(outcome=refused_by, available=payer.available)
    try:
        number = tx.insert(
            """
            INSERT INTO hold
              (debit, credit, amount, at_expiry, expires_ms, state, memo)
            VALUES (:debit, :credit, :amount, :at_expiry, :expires, 'open', :memo)
            """,
            {
                "debit": debit,
                "credit": credit,
                "amount": amount,
                "at_expiry": at_expiry,
                "expires": expires_ms,
                "memo": memo,
            },
        )
    except Refused as refused:
        if refused.name != Outcome.insufficient:
            raise
        return Declined(outcome=Outcome.insufficient, available=payer.available)
    return hold_of(tx, number)


def hold_of(q: Query, number: int) -> Hold:
    """Return a hold.

    Raises:
        HoldUnknown: there is none.
    """
    row = q.one(f"SELECT {_COLUMNS} FROM hold WHERE id = :id", {"id": number})  # noqa: S608 -- constant columns
    if row is None:
        raise HoldUnknown(f"there is no hold {number}: look it up again")
    return _hold(row)


def post(
    tx: Tx, number: int, amount: int | None = None, memo: str | None = None
) -> Posted | Declined:
    """Move what was set aside, or this much of it; the rest is free again.

    `memo` None: the one that the hold was made with.

    Raises:
        HoldUnknown: there is no such hold.
        HoldClosed: it was closed before.
        Refused: `bad_post`, more than was set aside.
    """
    hold = _open(tx, number)
    if hold.credit is None:
        raise HoldUnknown(f"hold {number} is a voucher's: redeem that")
    return post_transfer(
        tx,
        kind="pay",
        debit=hold.debit,
        credit=hold.credit,
        amount=hold.amount if amount is None else amount,
        hold=number,
        memo=hold.memo if memo is None else memo,
    )


def void(tx: Tx, number: int) -> Hold:
    """Free what was set aside.

    Raises:
        HoldUnknown: there is no such hold.
        HoldClosed: it was closed before.
    """
    _open(tx, number)
    return _close(tx, number, "voided")


def expire_due(tx: Tx, limit: int = EXPIRE_MAX) -> list[Expired]:
    """Settle the holds whose time is up, oldest first; call again while it is full."""
    due = tx.all(
        f"""
        SELECT {_COLUMNS} FROM hold
        WHERE state = 'open' AND expires_ms <= :now ORDER BY expires_ms, id LIMIT :limit
        """,  # noqa: S608 -- constant columns
        {"now": tx.now_ms, "limit": limit},
    )
    return [expire(tx, row["id"]) for row in due]


def expire(tx: Tx, number: int) -> Expired:
    """Settle one hold as its time is up: post it if it was made so and can be.

    Raises:
        HoldUnknown: there is no such hold.
        HoldClosed: it was closed before.
    """
    hold = _open(tx, number)
    done = _post_at_expiry(tx, hold) if hold.at_expiry == "post" else None
    if isinstance(done, Posted):
        return Expired(hold=hold_of(tx, hold.id), done=done)
    # What cannot be posted, its payee frozen or full, is freed and not tried for ever.
    return Expired(hold=_close(tx, hold.id, "expired"), done=done)


def _post_at_expiry(tx: Tx, hold: Hold) -> Posted | Declined:
    """Post what nobody asks for again: a payer who was frozen meanwhile pays nothing.

    The schema lets a frozen account's hold be posted, for who was promised it.
    """
    payer = account(tx, hold.debit)
    if payer.state != "active":
        return Declined(outcome=Outcome.payer_not_active, available=payer.available)
    return post(tx, hold.id)


def _open(tx: Tx, number: int) -> Hold:
    hold = hold_of(tx, number)
    if hold.state != "open":
        raise HoldClosed(f"hold {number} is {hold.state} already: nothing was done")
    return hold


def _close(tx: Tx, number: int, state: str) -> Hold:
    tx.run(
        "UPDATE hold SET state = :state WHERE id = :id", {"state": state, "id": number}
    )
    return hold_of(tx, number)


def _hold(row: Row) -> Hold:
    return Hold(
        id=row["id"],
        debit=row["debit"],
        credit=row["credit"],
        amount=row["amount"],
        at_expiry=row["at_expiry"],
        expires_ms=row["expires_ms"],
        state=row["state"],
        memo=row["memo"],
    )

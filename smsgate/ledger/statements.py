"""Statements: what an account has paid, to whom, and its last moves.

What comes in: an account and a time. What goes out: sums, single transfers and the
lines of a statement, newest first. Point lookups and short ranges over indexes: they
may run on the event loop or inside a transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smsgate.ledger.transfers import by_ref
from smsgate.ledger.values import Move, Transfer

if TYPE_CHECKING:
    from smsgate.store import Query


def paid_since(q: Query, account: int, since_ms: int) -> tuple[int, int]:
    """Return what an account has paid since, and in how many payments.

    A payment that was given back counts all the same: it was made on that day. So does
    one that a hold will make by itself; a hold that somebody must call for does not.
    """
    row = q.one(
        """
        SELECT coalesce(sum(amount), 0) AS total, count(*) AS number FROM (
          SELECT amount FROM transfer
          WHERE debit = :account AND at_ms >= :since AND kind = 'pay'
          UNION ALL
          SELECT amount FROM hold
          WHERE debit = :account AND state = 'open' AND at_expiry = 'post') AS paid
        """,
        {"account": account, "since": since_ms},
    )
    return (row["total"], row["number"]) if row is not None else (0, 0)


def has_paid(q: Query, debit: int, credit: int) -> bool:
    """Say whether one has ever paid the other."""
    row = q.one(
        """
        SELECT 1 FROM transfer
        WHERE debit = :debit AND credit = :credit AND kind = 'pay' LIMIT 1
        """,
        {"debit": debit, "credit": credit},
    )
    return row is not None


def same_since(
    q: Query, debit: int, credit: int, amount: int, since_ms: int
) -> Transfer | None:
    """Return the newest payment of this amount between them since then."""
    row = q.one(
        """
        SELECT ref FROM transfer
        WHERE debit = :debit AND at_ms >= :since
          AND credit = :credit AND amount = :amount AND kind = 'pay'
        ORDER BY at_ms DESC, id DESC LIMIT 1
        """,
        {"debit": debit, "credit": credit, "amount": amount, "since": since_ms},
    )
    return by_ref(q, row["ref"]) if row is not None else None


def last_payment(q: Query, account: int) -> Transfer | None:
    """Return the newest payment that an account made or received."""
    row = q.one(
        """
        SELECT t.ref FROM entry AS e JOIN transfer AS t ON t.id = e.transfer
        WHERE e.account = :account AND t.kind = 'pay' ORDER BY e.seq DESC LIMIT 1
        """,
        {"account": account},
    )
    return by_ref(q, row["ref"]) if row is not None else None


def reversed_by(q: Query, number: int) -> Transfer | None:
    """Return the payment that this transfer gave back; None: it is no refund."""
    row = q.one(
        """
        SELECT p.ref FROM transfer AS r JOIN transfer AS p ON p.id = r.reverses
        WHERE r.id = :id
        """,
        {"id": number},
    )
    return by_ref(q, row["ref"]) if row is not None else None


def refunded_since(
    q: Query, payment: int, amount: int, since_ms: int
) -> Transfer | None:
    """Return the newest refund of this amount of one payment since then."""
    row = q.one(
        """
        SELECT ref FROM transfer WHERE reverses = :payment
          AND amount = :amount AND at_ms >= :since ORDER BY id DESC LIMIT 1
        """,
        {"payment": payment, "amount": amount, "since": since_ms},
    )
    return by_ref(q, row["ref"]) if row is not None else None


def moves(q: Query, account: int, limit: int, skip: int = 0) -> list[Move]:
    """Return the lines of an account's statement, newest first."""
    rows = q.all(
        """
        SELECT t.ref, e.amount, e.balance, t.at_ms, t.kind, t.debit, t.credit,
          t.memo
        FROM entry AS e JOIN transfer AS t ON t.id = e.transfer
        WHERE e.account = :account ORDER BY e.seq DESC LIMIT :limit OFFSET :skip
        """,
        {"account": account, "limit": limit, "skip": skip},
    )
    return [
        Move(
            ref=row["ref"],
            amount=row["amount"],
            balance=row["balance"],
            at_ms=row["at_ms"],
            kind=row["kind"],
            other=row["credit"] if row["debit"] == account else row["debit"],
            memo=row["memo"],
        )
        for row in rows
    ]

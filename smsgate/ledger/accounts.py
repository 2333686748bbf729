"""Accounts: open, limit, freeze; and the opening balances of a network that moves in.

What comes in: an operator's or a handler's wish, inside a transaction. What goes out:
the account's row changed, and an event in the chain that says who did it, so that no
limit can be widened unseen. Balances move by transfers only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from smsgate.ledger.chain import record
from smsgate.ledger.transfers import post_transfer
from smsgate.ledger.values import (
    Account,
    AccountClosed,
    AccountUnknown,
    Declined,
    LimitRefused,
    OpeningRefused,
)
from smsgate.money import AMOUNT_MAX, plain
from smsgate.store import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smsgate.store import Query, Tx

System = Literal["opening", "treasury"]


def account(q: Query, number: int) -> Account:
    """Return an account.

    Raises:
        AccountUnknown: there is none.
    """
    row = q.one(
        """
        SELECT id, kind, balance, held, credit_limit, ceiling, state
        FROM account WHERE id = :id
        """,
        {"id": number},
    )
    if row is None:
        raise AccountUnknown(number)
    return Account(
        id=row["id"],
        kind=row["kind"],
        balance=row["balance"],
        held=row["held"],
        credit_limit=row["credit_limit"],
        ceiling=row["ceiling"],
        state=row["state"],
    )


def open_account(
    tx: Tx,
    *,
    kind: str = "member",
    limit: int = 0,
    ceiling: int | None = None,
    actor: str,
) -> int:
    """Open an account with nothing on it; return its number."""
    number = tx.insert(
        """
        INSERT INTO account (kind, credit_limit, ceiling, created_ms)
        VALUES (:kind, :limit, :ceiling, :now)
        """,
        {"kind": kind, "limit": limit, "ceiling": ceiling, "now": tx.now_ms},
    )
    detail = {"kind": kind, "limit": limit, "ceiling": ceiling}
    record(tx, kind="account_opened", account=number, actor=actor, detail=detail)
    return number


def system_account(tx: Tx, kind: System, *, actor: str) -> int:
    """Return the number of one of the system's own accounts, opened when needed."""
    row = tx.one("SELECT id FROM account WHERE kind = :kind", {"kind": kind})
    return row["id"] if row is not None else open_account(tx, kind=kind, actor=actor)


def set_limit(tx: Tx, number: int, limit: int, actor: str) -> None:
    """Let the balance go this far below zero and no further.

    Raises:
        AccountUnknown: there is no such account.
        LimitRefused: more than this is owed already, or it is no limit.
    """
    before = account(tx, number)
    try:
        tx.run(
            "UPDATE account SET credit_limit = :limit WHERE id = :id",
            {"limit": limit, "id": number},
        )
    except Refused as refused:
        short = plain(before.held - before.balance)
        raise LimitRefused(
            f"the limit cannot be {plain(limit)} (at most {plain(AMOUNT_MAX)}): the "
            f"account stands {short} below zero with what is reserved"
        ) from refused
    detail = {"from": before.credit_limit, "to": limit}
    record(tx, kind="limit_set", account=number, actor=actor, detail=detail)


def set_ceiling(tx: Tx, number: int, ceiling: int | None, actor: str) -> None:
    """Let the balance go this far up and no further; None: no end.

    Raises:
        AccountUnknown: there is no such account.
        LimitRefused: there is more than this on it already, or it is no ceiling.
    """
    before = account(tx, number)
    try:
        tx.run(
            "UPDATE account SET ceiling = :ceiling WHERE id = :id",
            {"ceiling": ceiling, "id": number},
        )
    except Refused as refused:
        raise LimitRefused(
            f"the ceiling cannot be {plain(ceiling or 0)} (0 to {plain(AMOUNT_MAX)}): "
            f"{plain(before.balance)} is on the account"
        ) from refused
    detail = {"from": before.ceiling, "to": ceiling}
    record(tx, kind="ceiling_set", account=number, actor=actor, detail=detail)


def freeze(tx: Tx, number: int, actor: str, reason: str) -> None:
    """Stop an account from paying and being paid; nothing when it is stopped already.

    Raises:
        AccountUnknown: there is no such account.
        AccountClosed: it is closed.
    """
    _set_state(tx, number, "frozen", actor, reason)


def stop(tx: Tx, number: int, actor: str, reason: str) -> None:
    """Stop an account from paying; it is still paid.

    Raises:
        AccountUnknown: there is no such account.
        AccountClosed: it is closed.
    """
    _set_state(tx, number, "stopped", actor, reason)


def unfreeze(tx: Tx, number: int, actor: str, reason: str = "") -> None:
    """Let a frozen or stopped account go on; nothing when it is active already.

    Raises:
        AccountUnknown: there is no such account.
        AccountClosed: it is closed.
    """
    _set_state(tx, number, "active", actor, reason)


def _set_state(tx: Tx, number: int, state: str, actor: str, reason: str) -> None:
    before = account(tx, number)
    if before.state == "closed":
        raise AccountClosed(f"account {number} is closed: open a new one")
    if before.state == state:
        return
    tx.run(
        "UPDATE account SET state = :state WHERE id = :id",
        {"state": state, "id": number},
    )
    kind = "unfrozen" if state == "active" else state
    record(tx, kind=kind, account=number, actor=actor, detail={"reason": reason})


def opening(tx: Tx, balances: Mapping[int, int], *, against: System, actor: str) -> int:
    """Write the balances that members bring along; return how many transfers it took.

    One transfer an account, against the account `opening`, which ends at zero, or
    against `treasury`, whose credit line is widened to what it then owes.

    Raises:
        OpeningRefused: they do not sum to zero, or one breaks a limit. The command
            must not go on.
        AccountUnknown: one has no account.
    """
    total = sum(balances.values())
    if against == "opening" and total != 0:
        raise OpeningRefused(
            f"the balances sum to {plain(total)} and must sum to 0.00: correct them, "
            "or let the treasury owe the rest"
        )
    system = system_account(tx, against, actor=actor)
    # Who is below zero comes first, so that the system's account has what it gives.
    moves = sorted((amount, number) for number, amount in balances.items() if amount)
    if against == "treasury":
        treasury = account(tx, system)
        if total > treasury.available:
            widened = treasury.credit_limit + total - treasury.available
            set_limit(tx, system, widened, actor)
    for amount, number in moves:
        debit, credit = (system, number) if amount > 0 else (number, system)
        done = post_transfer(
            tx, kind="opening", debit=debit, credit=credit, amount=abs(amount)
        )
        if isinstance(done, Declined):
            raise OpeningRefused(
                f"the opening balance {plain(amount)} of account {number} is refused "
                f"({done.outcome}): change the balance or the limit"
            )
    return len(moves)

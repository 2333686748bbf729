"""The books: check them all, one member's statement, every transfer.

What comes in: nothing but what to look at. What goes out: findings and the head of the
chain, to be noted elsewhere; entries newest first; transfers in order, a page at a
time. The check opens the file itself, read-only, so that it also works on a ledger that
the daemon would refuse.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from smsgate import ledger
from smsgate.operations.desk import Answer, OperationRefused
from smsgate.operations.people.members import find
from smsgate.operations.requests import ROWS_MAX
from smsgate.store import open_for_check

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from smsgate.operations.desk import Desk, Document
    from smsgate.operations.requests import (
        LedgerCheck,
        LedgerExport,
        LedgerStatement,
    )
    from smsgate.store import Query, Row

Witness = tuple[int, str]


async def check(desk: Desk, request: LedgerCheck) -> Answer:
    """Count the books again, all of them; exit code 1 where something is wrong."""
    desk.progress("checking the books", 0, 0)
    return await asyncio.to_thread(examine, desk.store.path, request.witnesses)


def examine(path: Path, witnesses: Sequence[Witness] = ()) -> Answer:
    """Check a ledger's file as of this moment.

    Raises:
        StoreError: there is none, it is no ledger, or it cannot be read.
    """
    with open_for_check(path) as query:
        # One moment for all questions: the daemon goes on writing.
        query.all("BEGIN")
        findings = [*ledger.check(query), *ledger.compare(query, witnesses)]
        seq, chained = ledger.head(query)
    document: Document = {
        "ok": not findings,
        "head": {"seq": seq, "hash": chained},
        "witnesses": len(witnesses),
        "findings": [{"where": one.where, "what": one.what} for one in findings],
    }
    return Answer(document=document, exit_code=1 if findings else 0)


async def statement(desk: Desk, request: LedgerStatement) -> Document:
    """Return a member's entries, newest first."""
    limit = page(request.limit)
    member = find(desk, desk.store.peek, request.who)
    entries = ledger.moves(desk.store.peek, member.account, limit, request.skip)
    balance = ledger.account(desk.store.peek, member.account).balance
    return {
        "code": member.code,
        "name": member.name,
        "balance": desk.amount(balance),
        "moves": [
            {
                "ref": entry.ref,
                "at": desk.time(entry.at_ms),
                "kind": entry.kind,
                "amount": desk.amount(entry.amount),
                "balance": desk.amount(entry.balance),
                "other": _code_of(desk.store.peek, entry.other),
                "memo": entry.memo,
            }
            for entry in entries
        ],
    }


async def export(desk: Desk, request: LedgerExport) -> Document:
    """Return transfers in the order of the chain, those after `after`."""
    rows = await desk.store.read(
        """
        SELECT t.id, t.ref, t.at_ms, t.kind, t.debit, t.credit, t.amount, t.memo,
               t.of, t.reverses, t.hash,
               coalesce(d.code, da.kind) AS debit_code,
               coalesce(c.code, ca.kind) AS credit_code
        FROM transfer t
        JOIN account da ON da.id = t.debit LEFT JOIN member d ON d.account = t.debit
        JOIN account ca ON ca.id = t.credit LEFT JOIN member c ON c.account = t.credit
        WHERE t.id > :after ORDER BY t.id LIMIT :limit
        """,
        {"after": request.after, "limit": page(request.limit)},
    )
    return {"transfers": [_exported(desk, row) for row in rows]}


def _exported(desk: Desk, row: Row) -> Document:
    return {
        "id": row["id"],
        "ref": row["ref"],
        "at": desk.time(row["at_ms"]),
        "kind": row["kind"],
        "debit": row["debit"],
        "debit_code": row["debit_code"],
        "credit": row["credit"],
        "credit_code": row["credit_code"],
        "amount": desk.amount(row["amount"]),
        "memo": row["memo"],
        "of": row["of"],
        "reverses": row["reverses"],
        "hash": bytes(row["hash"]).hex(),
    }


def _code_of(query: Query, account: int) -> str:
    """Return a member's code, or the name of a system account."""
    row = query.one(
        """
        SELECT coalesce(m.code, a.kind) AS code
        FROM account a LEFT JOIN member m ON m.account = a.id WHERE a.id = :account
        """,
        {"account": account},
    )
    return "" if row is None else str(row["code"])


def page(limit: int) -> int:
    """Return how many rows to show.

    Raises:
        OperationRefused: too many, or none.
    """
    if not 1 <= limit <= ROWS_MAX:
        raise OperationRefused(f"ask for 1 to {ROWS_MAX} rows")
    return limit

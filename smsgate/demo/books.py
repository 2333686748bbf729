"""The books as the demo shows them: the last transfers, who has what, the chain's head.

What comes in: the running house. What goes out: a document ready for JSON, amounts as
text. Nothing is counted here that the ledger holds already: each line shows the
balances that its own entries recorded. Shown by `smsgate.demo.board` and at the end of
`smsgate.demo.script`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from smsgate import ledger
from smsgate.clock import from_ms

if TYPE_CHECKING:
    from smsgate.daemon import Running
    from smsgate.operations import Document
    from smsgate.store import Row

#: How many transfers are shown.
LINES = 8

_LINES = """
    SELECT t.id, t.ref, t.at_ms, t.kind, t.amount, t.memo,
           coalesce(dm.name, da.kind) AS debit_name, de.balance AS debit_balance,
           coalesce(cm.name, ca.kind) AS credit_name, ce.balance AS credit_balance
    FROM transfer t
    JOIN account da ON da.id = t.debit LEFT JOIN member dm ON dm.account = t.debit
    JOIN account ca ON ca.id = t.credit LEFT JOIN member cm ON cm.account = t.credit
    JOIN entry de ON de.account = t.debit AND de.transfer = t.id
    JOIN entry ce ON ce.account = t.credit AND ce.transfer = t.id
    ORDER BY t.id DESC LIMIT :lines
"""
_ACCOUNTS = """
    SELECT coalesce(m.code, a.kind) AS code, coalesce(m.name, a.kind) AS name,
           coalesce(m.language, '') AS language, a.balance, a.credit_limit
    FROM account a LEFT JOIN member m ON m.account = a.id ORDER BY a.id
"""
_COUNT = "SELECT count(*) AS number FROM transfer"


def mark(running: Running) -> int:
    """Return what changes with every commit, and costs nothing to read."""
    row = running.store.peek.one("SELECT batch FROM house")
    return 0 if row is None else int(row["batch"])


async def books(running: Running) -> Document:
    """Return the last lines, every account, their sum and the head of the chain."""
    store, desk = running.store, running.desk("demo")
    zone = ZoneInfo(running.config.network.timezone)

    def line(row: Row) -> Document:
        return {
            "id": row["id"],
            "ref": f"{row['ref'][:6]}-{row['ref'][6:]}",
            "at": f"{from_ms(row['at_ms']).astimezone(zone):%H:%M:%S}",
            "kind": row["kind"],
            "amount": desk.amount(row["amount"]),
            "memo": row["memo"],
            "from": row["debit_name"],
            "from_balance": desk.amount(row["debit_balance"]),
            "to": row["credit_name"],
            "to_balance": desk.amount(row["credit_balance"]),
        }

    accounts = await store.read(_ACCOUNTS)
    counted = await store.read(_COUNT)
    seq, chained = ledger.head(store.peek)
    return {
        "unit": running.config.network.unit,
        "count": counted[0]["number"],
        "lines": [line(row) for row in await store.read(_LINES, {"lines": LINES})],
        "accounts": [
            {
                "code": row["code"],
                "name": row["name"],
                "language": row["language"],
                "balance": desk.amount(row["balance"]),
                "limit": desk.amount(row["credit_limit"]),
                "available": desk.amount(row["balance"] + row["credit_limit"]),
            }
            for row in accounts
        ],
        "sum": desk.amount(sum(row["balance"] for row in accounts)),
        "head": {"seq": seq, "hash": chained},
    }

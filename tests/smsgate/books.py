"""Ledgers for tests: one in memory with an endless transaction, and files to spoil.

The tables, triggers and transaction are the real ones. `Books` is for the rules of
money, where a file would only cost time; `spoil` does to a file what someone who can
write it may do: it takes the triggers off, changes rows, and puts the triggers back.
"""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Self

from smsgate import ledger
from smsgate.ledger import Declined, Outcome
from smsgate.store.schema import schema_text
from smsgate.store.transaction import Transaction
from tests.smsgate.mailroom import START_MS, StoppedClock

if TYPE_CHECKING:
    from pathlib import Path

ACTOR = "uid:1000"


def in_memory(schema: str | None = None) -> sqlite3.Connection:
    """Return a fresh ledger in memory, with the pragmas that matter."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.row_factory = sqlite3.Row
    connection.executescript(schema or schema_text())
    connection.execute("PRAGMA foreign_keys = 1")
    connection.execute("PRAGMA recursive_triggers = 1")
    return connection


class Books:
    """A ledger in memory; also a context manager."""

    def __init__(self) -> None:
        self.clock = StoppedClock()
        self.connection = in_memory()
        self.tx = Transaction(self.connection, self.clock, START_MS)

    def __enter__(self) -> Self:
        """Return the books."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close them."""
        self.connection.close()

    def wait(self, ms: int) -> None:
        """Let time pass."""
        self.clock.ms += ms
        self.tx.now_ms = self.clock.ms

    def open(self, limit: int = 0, ceiling: int | None = None) -> int:
        """Open a member's account."""
        return ledger.open_account(self.tx, limit=limit, ceiling=ceiling, actor=ACTOR)

    def pay(self, debit: int, credit: int, amount: int) -> Outcome:
        """Pay; return the outcome."""
        done = ledger.pay(self.tx, debit=debit, credit=credit, amount=amount)
        return done.outcome if isinstance(done, Declined) else Outcome.posted

    def balances(self) -> dict[int, int]:
        """Return every account's balance."""
        rows = self.tx.all("SELECT id, balance FROM account ORDER BY id")
        return {row["id"]: row["balance"] for row in rows}


def spoil(path: Path, script: str, *, forge: bool = False) -> None:
    """Change a closed ledger's rows, whatever its rules say.

    With `forge`, compute every hash of the chain anew afterwards.
    """
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        triggers = connection.execute(
            "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'"
        ).fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("PRAGMA ignore_check_constraints = 1")
        connection.executescript(script)
        if forge:
            _forge(connection)
        for _, sql in triggers:
            connection.execute(sql)


def _forge(connection: sqlite3.Connection) -> None:
    fields = {
        "transfer": "ref, kind, debit, credit, amount, of, reverses, hold, at_ms, memo",
        "event": "kind, account, actor, at_ms, detail",
    }
    rows: dict[int, tuple[str, str]] = {}
    for table, names in fields.items():
        for number, *values in connection.execute(f"SELECT id, {names} FROM {table}"):
            told = [table, number, *values]
            rows[number] = (table, "\n".join("" if v is None else str(v) for v in told))
    digest = bytes(32)
    for number in sorted(rows):
        table, text = rows[number]
        digest = hashlib.sha256(digest + text.encode()).digest()
        connection.execute(
            f"UPDATE {table} SET hash = ? WHERE id = ?", (digest, number)
        )
    connection.execute("UPDATE chain SET seq = ?, hash = ?", (max(rows), digest))

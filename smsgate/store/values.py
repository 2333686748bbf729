"""The two ways to speak SQL: a `Query` reads, a `Tx` writes inside one transaction.

Rooms above write their statements by hand against these and never see the driver.
`smsgate.store.transaction` fulfils both; a test or a rehearsal may bring its own.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from smsgate.clock import Clock

#: One row; its columns by name or by place.
Row = sqlite3.Row

#: Values of a statement: named (`:name`) or in order (`?`).
Values = Mapping[str, object] | Sequence[object]


class Query(Protocol):
    """Something that can be asked."""

    def one(self, sql: str, values: Values = ()) -> Row | None:
        """Return the first row, or None."""

    def all(self, sql: str, values: Values = ()) -> list[Row]:
        """Return every row."""


class Tx(Query, Protocol):
    """One command's place in a transaction that is committed with others.

    A broken rule raises `Refused` and undoes only that statement.
    """

    #: The time of every row this transaction writes, ms; it never goes back.
    now_ms: int
    clock: Clock

    def run(self, sql: str, values: Values = ()) -> int:
        """Carry out a statement and return how many rows it touched."""

    def insert(self, sql: str, values: Values = ()) -> int:
        """Insert a row and return its id."""

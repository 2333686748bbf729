"""A connection as the rooms above see it: `Reader` asks, `Transaction` writes.

What comes in: statements. What goes out: rows, counts, ids, or `Refused` when a rule
of the schema says no. An error of the disk may have rolled the whole transaction back
without a word, so the first one makes every further statement fail: nothing can slip
out of the transaction. Batches are made in `smsgate.store.batch`.
"""

from __future__ import annotations

import re
import sqlite3
from functools import lru_cache
from typing import TYPE_CHECKING, NoReturn

from smsgate.store.errors import Refused, StorageFailed
from smsgate.store.trouble import blames_storage, rule_of, sentence

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from smsgate.clock import Clock
    from smsgate.store.values import Row, Values


_CHANGE = re.compile(r"\s*(?:INSERT INTO|UPDATE|DELETE FROM) (\w+)")


class Reader:
    """A read-only connection, asked and answered at once."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        """Ask this connection."""
        self._connection = connection
        self._path = path

    def one(self, sql: str, values: Values = ()) -> Row | None:
        """Return the first row, or None."""
        rows = self.all(sql, values)
        return rows[0] if rows else None

    def all(self, sql: str, values: Values = ()) -> list[Row]:
        """Return every row.

        Raises:
            StorageFailed: the file cannot be read.
        """
        try:
            return self._connection.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            if blames_storage(error):
                raise StorageFailed(sentence(error, self._path)) from error
            raise


class Transaction:
    """The open transaction of the one writing connection."""

    def __init__(
        self, connection: sqlite3.Connection, clock: Clock, now_ms: int
    ) -> None:
        """Write through this connection, rows of this time."""
        self.now_ms = now_ms
        self.clock = clock
        #: The first error that blames storage; the batch is lost then.
        self.lost: BaseException | None = None
        #: Tables that a statement of this transaction may have changed; '' for reads.
        self.written: set[str] = set()
        self._execute: Callable[..., sqlite3.Cursor] = connection.execute

    def one(self, sql: str, values: Values = ()) -> Row | None:
        """Return the first row, or None."""
        try:
            row: Row | None = self._execute(sql, values).fetchone()
        except (sqlite3.Error, MemoryError) as error:
            self._fail(error)
        return row

    def all(self, sql: str, values: Values = ()) -> list[Row]:
        """Return every row."""
        try:
            return self._execute(sql, values).fetchall()
        except (sqlite3.Error, MemoryError) as error:
            self._fail(error)

    def run(self, sql: str, values: Values = ()) -> int:
        """Carry out a statement and return how many rows it touched."""
        self.written.add(_changed(sql))
        try:
            return self._execute(sql, values).rowcount
        except (sqlite3.Error, MemoryError) as error:
            self._fail(error)

    def insert(self, sql: str, values: Values = ()) -> int:
        """Insert a row and return its id."""
        self.written.add(_changed(sql))
        try:
            return self._execute(sql, values).lastrowid or 0
        except (sqlite3.Error, MemoryError) as error:
            self._fail(error)

    def _fail(self, error: BaseException) -> NoReturn:
        if isinstance(error, sqlite3.IntegrityError):
            raise Refused(rule_of(error)) from error
        if blames_storage(error):
            self.lost = error
            self._execute = self._refuse
        raise error

    def _refuse(self, _sql: str, _values: Values = ()) -> NoReturn:
        raise StorageFailed("the batch is lost") from self.lost


@lru_cache(maxsize=512)
def _changed(sql: str) -> str:
    """Return the table that a statement changes; '' where it changes none."""
    found = _CHANGE.match(sql)
    return found[1] if found else ""

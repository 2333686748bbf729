"""A connection to the ledger that fails when it is told to.

It is handed to `Store.open(connect=…)` and is the driver's own but for the statements
that a test names: those raise what a failing disk makes the driver raise, before or
after they took effect.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from typing import Any


def broken(code: int = sqlite3.SQLITE_IOERR, text: str = "disk I/O error") -> Exception:
    """Return the driver's error for a result code."""
    error = sqlite3.OperationalError(text)
    error.sqlite_errorcode = code
    return error


@dataclass(slots=True)
class Fault:
    """One statement that will fail, once."""

    #: How the statement begins.
    start: str
    error: Exception = field(default_factory=broken)
    #: Whether it takes effect all the same.
    effect: bool = False
    #: Whether the driver rolls back without a word, as it may.
    rolls_back: bool = False


@dataclass(slots=True)
class Disk:
    """What will go wrong, in order, and what was asked for."""

    faults: list[Fault] = field(default_factory=list)
    #: How often the file was opened.
    opened: int = 0
    #: How often it can be.
    opens_max: int = 1_000_000
    #: Raised when it is opened, as long as it is set.
    shut: Exception | None = None

    def connect(self, *args: Any, **options: Any) -> sqlite3.Connection:
        """Stand in for `sqlite3.connect`."""
        self.opened += 1
        if self.shut is not None or self.opened > self.opens_max:
            raise self.shut or broken(sqlite3.SQLITE_CANTOPEN, "no descriptors left")
        disk = self

        class Faulty(sqlite3.Connection):
            """The driver's connection on this disk."""

            def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
                """Fail if this statement is the next to fail."""
                fault = disk.next_for(sql)
                if fault is None:
                    return super().execute(sql, *values)
                if fault.effect:
                    super().execute(sql, *values)
                if fault.rolls_back and self.in_transaction:
                    super().execute("ROLLBACK")
                raise fault.error

        return sqlite3.connect(*args, factory=Faulty, **options)

    def next_for(self, sql: str) -> Fault | None:
        """Take the first fault if it is meant for this statement."""
        if self.faults and sql.lstrip().startswith(self.faults[0].start):
            return self.faults.pop(0)
        return None

"""Tell the driver's errors apart: a broken rule, a failing disk, a bug.

What comes in: a `sqlite3.Error`. What goes out: the name of the rule that refused, or
whether storage is to blame, and the sentence an operator reads. Used wherever the
store speaks to the driver.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

#: Primary result codes that blame the disk, a lock or the file, not the statement.
_STORAGE = frozenset(
    {
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_INTERRUPT,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_NOLFS,
        sqlite3.SQLITE_NOTADB,
    }
)

_PREFIXES = (
    "CHECK constraint failed: ",
    "UNIQUE constraint failed: ",
    "NOT NULL constraint failed: ",
)


def rule_of(error: sqlite3.IntegrityError) -> str:
    """Return the name of the rule that refused a statement."""
    text = str(error)
    for prefix in _PREFIXES:
        if text.startswith(prefix):
            return text.removeprefix(prefix)
    return "foreign_key" if text == "FOREIGN KEY constraint failed" else text


def code_of(error: BaseException) -> int:
    """Return the primary result code; 0 where the driver gives none."""
    if isinstance(error, MemoryError):
        return sqlite3.SQLITE_NOMEM
    code = getattr(error, "sqlite_errorcode", 0)
    return code & 0xFF if isinstance(code, int) else 0


def blames_storage(error: BaseException) -> bool:
    """Say whether the disk, a lock or the file is to blame."""
    return code_of(error) in _STORAGE


def never_written(error: BaseException) -> bool:
    """Say whether a COMMIT that raised this certainly left nothing.

    A frame of the log could not be written; the one that marks the commit is the last,
    so it is not there. After any other error, a failed sync above all, it may be.
    """
    code = getattr(error, "sqlite_errorcode", 0)
    return code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE)


def sentence(error: BaseException, path: Path) -> str:
    """Say what is wrong with the file and what to do about it."""
    match code_of(error):
        case sqlite3.SQLITE_FULL:
            return f"the disk that holds {path} is full: free some space on it"
        case sqlite3.SQLITE_IOERR:
            return (
                f"the disk that holds {path} failed ({error}): look at the system's "
                "log, and copy the ledger to a healthy disk"
            )
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return f"{path} is locked by another program: close it there"
        case sqlite3.SQLITE_PERM | sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN:
            return (
                f"{path} cannot be opened for this ({error}): give the user of "
                "smsgate the right to write it and its folder"
            )
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return f"{path} is damaged ({error}): keep a copy and restore a backup"
        case sqlite3.SQLITE_NOMEM:
            return f"there is no memory left to write {path}: free some"
        case _:
            return (
                f"{path} cannot be used ({type(error).__name__}: {error}): see the log"
            )

"""Make, open and examine the ledger's file.

What comes in: a path. What goes out: a connection whose pragmas were read back, to a
file that is a ledger, of this version, with all its rules, whose chain ends where its
last row does and whose balances sum to zero; or the error that says what to do. The
whole audit is `smsgate.ledger.checking`. The file is touched through the driver only:
closing any other descriptor on it would drop the driver's locks.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from smsgate.store.errors import (
    LedgerDamaged,
    LedgerExists,
    LedgerForeign,
    LedgerMissing,
    LedgerNewer,
    LedgerOlder,
    StorageFailed,
    StoreError,
)
from smsgate.store.schema import (
    APPLICATION_ID,
    OBJECTS,
    VERSION,
    differences,
    schema_text,
)
from smsgate.store.transaction import Reader
from smsgate.store.trouble import code_of, sentence

if TYPE_CHECKING:
    from pathlib import Path

    from smsgate.store.values import Query

#: `sqlite3.connect`, or one that fails on purpose.
Connect = Callable[..., sqlite3.Connection]

#: How long a statement waits for another program's lock, ms. Longer gains nothing: a
#: webhook is told to come back after 0.9 s, and a text on the SIM is kept there.
BUSY_MS = 1_000

_STATEMENTS = 256
_BOTH: dict[str, int | str] = {
    "foreign_keys": 1,
    "recursive_triggers": 1,
    "trusted_schema": 0,
    "busy_timeout": BUSY_MS,
    "cache_size": -16_000,
    "mmap_size": 0,
    # Savepoints keep the pages they would restore; beyond 64 KiB in a file otherwise.
    "temp_store": 2,
}
_WRITER: dict[str, int | str] = {
    # FULL syncs the log at each commit; NORMAL loses acknowledged rows in a power cut.
    "journal_mode": "wal",
    "synchronous": 2,
    "wal_autocheckpoint": 4_000,
    "journal_size_limit": 64 * 1024 * 1024,
}
_READER: dict[str, int | str] = {"query_only": 1, "wal_autocheckpoint": 0}


def create_ledger(path: Path) -> None:
    """Make a new, empty ledger, readable by its owner only.

    Raises:
        LedgerExists: there is a file already; it is left alone.
        StorageFailed: the disk refused.
    """
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError as error:
        raise LedgerExists(
            f"{path} is there already: it is never overwritten"
        ) from error
    except OSError as error:
        raise StorageFailed(f"{path} cannot be made: {error.strerror}") from error
    try:
        with closing(connect_file(path, "rw", sqlite3.connect)) as connection:
            connection.executescript(f"BEGIN IMMEDIATE;{schema_text()};COMMIT")
            set_pragmas(connection, path, _BOTH | _WRITER)
    except sqlite3.Error as error:
        path.unlink()
        raise StorageFailed(sentence(error, path)) from error


def open_writer(path: Path, connect: Connect = sqlite3.connect) -> sqlite3.Connection:
    """Open the writing connection and run the start-up checks.

    Raises:
        StoreError: one of its kinds; the text says what to do.
    """
    with _examined(path, "rw", connect) as connection:
        _check_kind(connection, path)
        set_pragmas(connection, path, _BOTH | _WRITER)
        _check_rules(connection, path)
        _check_books(connection, path)
        return connection


def open_reader(path: Path, connect: Connect = sqlite3.connect) -> sqlite3.Connection:
    """Open a connection that cannot write.

    Raises:
        StoreError: one of its kinds.
    """
    with _examined(path, "ro", connect) as connection:
        set_pragmas(connection, path, _BOTH | _READER)
        return connection


def open_for_migration(path: Path) -> sqlite3.Connection:
    """Open a ledger of any version to be changed; references are checked afterwards.

    Raises:
        StoreError: one of its kinds.
    """
    with _examined(path, "rw", sqlite3.connect) as connection:
        _check_ours(connection, path)
        # A step may rebuild a table that others point to.
        set_pragmas(connection, path, _BOTH | _WRITER | {"foreign_keys": 0})
        return connection


@contextmanager
def open_for_check(path: Path) -> Iterator[Query]:
    """Open a ledger to be examined, whatever is wrong with its content; read-only.

    Raises:
        LedgerMissing: there is none.
        LedgerForeign: it is no ledger at all.
        StorageFailed: it cannot be read.
    """
    with _examined(path, "ro", sqlite3.connect) as connection:
        set_pragmas(connection, path, _READER | {"busy_timeout": BUSY_MS})
        _check_ours(connection, path)
    with closing(connection):
        yield Reader(connection, path)


def connect_file(path: Path, mode: str, connect: Connect) -> sqlite3.Connection:
    """Connect by URI, so that a missing file is never made by the way."""
    connection = connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        isolation_level=None,
        cached_statements=_STATEMENTS,
        # Opened where the store is opened, used by the one writer thread.
        check_same_thread=False,
    )
    connection.row_factory = sqlite3.Row
    return connection


def set_pragmas(
    connection: sqlite3.Connection, path: Path, pragmas: Mapping[str, int | str]
) -> None:
    """Set each pragma and read it back.

    Raises:
        StoreError: one did not take.
    """
    for name, wanted in pragmas.items():
        connection.execute(f"PRAGMA {name} = {wanted}").fetchall()
        row = connection.execute(f"PRAGMA {name}").fetchone()
        # mmap_size answers nothing where the library was built without it.
        if row is not None and row[0] != wanted:
            raise StoreError(
                f"{path} cannot be kept safely: {name} is {row[0]!r} and must be "
                f"{wanted!r}; use a local disk and a SQLite of 3.40 or newer"
            )


def version_of(connection: sqlite3.Connection) -> int:
    """Return the schema version in the file's header."""
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return version


@contextmanager
def _examined(path: Path, mode: str, connect: Connect) -> Iterator[sqlite3.Connection]:
    """Open a file to be looked at; close it again if that is where it ends."""
    if not path.exists():
        raise LedgerMissing(
            f"there is no ledger at {path}: make one with `smsgate init`"
        )
    connection = None
    try:
        connection = connect_file(path, mode, connect)
        yield connection
    except (sqlite3.Error, StoreError) as error:
        if connection is not None:
            connection.close()
        if isinstance(error, StoreError):
            raise
        raise _translated(error, path) from error


def _translated(error: sqlite3.Error, path: Path) -> StoreError:
    match code_of(error):
        case sqlite3.SQLITE_NOTADB:
            return LedgerForeign(f"{path} is no ledger of smsgate: name another file")
        case sqlite3.SQLITE_CORRUPT:
            return LedgerDamaged(sentence(error, path))
        case _:
            return StorageFailed(sentence(error, path))


def _check_ours(connection: sqlite3.Connection, path: Path) -> None:
    found = connection.execute("PRAGMA application_id").fetchone()[0]
    if found != APPLICATION_ID:
        raise LedgerForeign(f"{path} is no ledger of smsgate: name another file")


def _check_kind(connection: sqlite3.Connection, path: Path) -> None:
    _check_ours(connection, path)
    version = version_of(connection)
    if version > VERSION:
        raise LedgerNewer(
            f"{path} is of version {version} and this smsgate knows {VERSION}: "
            "install the newer smsgate again"
        )
    if version < VERSION:
        raise LedgerOlder(
            f"{path} is of version {version} and this smsgate needs {VERSION}: "
            "run `smsgate migrate`"
        )


def _check_rules(connection: sqlite3.Connection, path: Path) -> None:
    told = differences(connection.execute(OBJECTS).fetchall())
    if told:
        raise LedgerDamaged(
            f"{path} does not hold all the rules of money ({told[0]}): restore a backup"
        )


def _check_books(connection: sqlite3.Connection, path: Path) -> None:
    total = connection.execute("SELECT total(balance) FROM account").fetchone()[0]
    head = connection.execute(
        """
        SELECT chain.seq, chain.hash IS last.hash AS same, coalesce(last.id, 0) AS id
        FROM chain LEFT JOIN (
          SELECT * FROM (SELECT id, hash FROM transfer ORDER BY id DESC LIMIT 1)
          UNION ALL
          SELECT * FROM (SELECT id, hash FROM event ORDER BY id DESC LIMIT 1)
          ORDER BY id DESC LIMIT 1) AS last ON last.id > 0
        """
    ).fetchone()
    house = connection.execute("SELECT count(*) FROM house").fetchone()[0]
    if total == 0 and house == 1 and head is not None:
        fresh = head["seq"] == 0 and head["id"] == 0
        if fresh or (head["same"] and head["seq"] == head["id"]):
            return
    raise LedgerDamaged(
        f"the books in {path} contradict themselves: run `smsgate ledger check`, "
        "and restore a backup"
    )

"""Lead an older ledger up to the present schema, step by step.

What comes in: a ledger of an older `user_version` and a name for its backup. What goes
out: the same ledger at the present version, or unchanged. A step is one file beside
this one, `NNNN_what.sql`, that leads from version NNNN-1 to NNNN; the schema file is
always the sum of them all. Every step runs in one transaction; the result must equal a
fresh ledger object by object, else all of it is undone. Version 1 is where it begins,
so the first step will be number 2.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

from smsgate.store.errors import LedgerDamaged, LedgerNewer, StorageFailed
from smsgate.store.lock import Lock
from smsgate.store.opening import open_for_migration, version_of
from smsgate.store.schema import OBJECTS, VERSION, differences
from smsgate.store.snapshot import copy_ledger
from smsgate.store.trouble import blames_storage, sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from importlib.resources.abc import Traversable
    from pathlib import Path

_NAME = re.compile(r"(\d{4})_[a-z_]+\.sql")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The way from one version to the next."""

    #: The version it leads to.
    version: int
    sql: str


def steps(folder: Traversable | None = None) -> tuple[Step, ...]:
    """Return every step of the package, or of a folder, in order."""
    found = []
    for file in (folder or files(__name__)).iterdir():
        match = _NAME.fullmatch(file.name)
        if match is not None:
            found.append(Step(version=int(match[1]), sql=file.read_text("utf-8")))
    return tuple(sorted(found, key=lambda step: step.version))


def migrate(path: Path, backup: Path, known: Sequence[Step] | None = None) -> int:
    """Lead a ledger up to the present version; return the version it had.

    A ledger that is up to date is left alone and no backup is made.

    Raises:
        LedgerNewer: it is of a later version than this smsgate knows.
        LedgerDamaged: a step failed, or the result is not the present schema; nothing
            was changed.
        LedgerExists: there is a file where the backup should go.
        LedgerLocked, LedgerMissing, LedgerForeign, StorageFailed: as for `Store.open`.
    """
    lock = Lock(path)
    with closing(open_for_migration(path)) as connection:
        lock.take()
        try:
            found = version_of(connection)
            if found > VERSION:
                raise LedgerNewer(
                    f"{path} is of version {found} and this smsgate knows {VERSION}: "
                    "install the newer smsgate again"
                )
            if found < VERSION:
                copy_ledger(path, backup)
                _apply(connection, path, known if known is not None else steps(), found)
        except sqlite3.Error as error:
            if blames_storage(error):
                raise StorageFailed(sentence(error, path)) from error
            raise _stuck(path, str(error)) from error
        finally:
            lock.drop()
        return found


def _apply(
    connection: sqlite3.Connection, path: Path, known: Sequence[Step], found: int
) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        for step in known:
            if step.version > found:
                run_step(connection, step)
        _must_be_present(connection, path)
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def run_step(connection: sqlite3.Connection, step: Step) -> None:
    """Carry out one step inside the open transaction."""
    for statement in statements(step.sql):
        connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {step.version}")


def statements(sql: str) -> Iterator[str]:
    """Cut a script into statements; a trigger's body stays whole."""
    statement = ""
    for line in sql.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    if statement.strip():
        yield statement


def _must_be_present(connection: sqlite3.Connection, path: Path) -> None:
    told = differences(connection.execute(OBJECTS).fetchall())
    strays = connection.execute("PRAGMA foreign_key_check").fetchall()
    if told or strays or version_of(connection) != VERSION:
        reason = told[0] if told else "rows point to rows that are not there"
        raise _stuck(path, reason)


def _stuck(path: Path, reason: str) -> LedgerDamaged:
    return LedgerDamaged(
        f"{path} could not be led up to version {VERSION} ({reason}): nothing was "
        "changed; report this with the ledger's version"
    )

"""A copy of the ledger as of one moment, made while the house goes on.

What comes in: the ledger's path and a new file's. What goes out: that file, complete,
synced and readable by its owner only. `VACUUM INTO` reads in one transaction and never
starts over, however much is written meanwhile. The copy is marked as one, and of a
house with another name: however it is put back, the daemon knows that it was. Never
copy the file itself: without its log it is not the ledger.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from smsgate.store.errors import LedgerExists, StorageFailed
from smsgate.store.opening import Connect, connect_file
from smsgate.store.trouble import sentence

_MARK = "UPDATE house SET instance = lower(hex(randomblob(8))), review = 1"


def copy_ledger(path: Path, target: Path, connect: Connect = sqlite3.connect) -> None:
    """Copy the ledger into a new file.

    Raises:
        LedgerExists: there is a file at the target; it is left alone.
        StorageFailed: a disk refused; no half copy stays.
    """
    try:
        fd = os.open(target, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
    except FileExistsError as error:
        raise LedgerExists(f"{target} is there already: name a new file") from error
    except OSError as error:
        raise StorageFailed(f"{target} cannot be made: {error.strerror}") from error
    try:
        with closing(connect_file(path, "ro", connect)) as connection:
            connection.execute("VACUUM INTO ?", (str(target),))
        with closing(connect_file(target, "rw", connect)) as copy:
            copy.execute(_MARK)
        os.fsync(fd)
        _sync_folder(target.absolute().parent)
    except (sqlite3.Error, OSError) as error:
        target.unlink(missing_ok=True)
        told = (
            sentence(error, target) if isinstance(error, sqlite3.Error) else str(error)
        )
        raise StorageFailed(told) from error
    finally:
        os.close(fd)


def _sync_folder(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)

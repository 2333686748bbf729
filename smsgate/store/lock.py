"""One process writes: the lock file beside the ledger.

What comes in: the ledger's path. What goes out: a held `flock` on `<ledger>.lock`, or
`LedgerLocked` naming the process that holds it. Two connections that write or
checkpoint at once can damage a write-ahead log before SQLite 3.51.3, and Debian 12
ships 3.40; so there is never a second one. The system drops the lock when its process
dies; the file stays.
"""

from __future__ import annotations

import fcntl
import os
from typing import TYPE_CHECKING

from smsgate.store.errors import LedgerLocked, LedgerMissing, StorageFailed

if TYPE_CHECKING:
    from pathlib import Path


class Lock:
    """The right to write one ledger."""

    def __init__(self, ledger: Path) -> None:
        """Stand beside this ledger, not held yet."""
        self._ledger = ledger
        self.path = ledger.with_name(ledger.name + ".lock")
        self._fd: int | None = None

    def take(self) -> None:
        """Take the lock.

        Raises:
            LedgerMissing: there is no ledger, and no lock file is left beside nothing.
            LedgerLocked: another process holds it.
            StorageFailed: the lock file cannot be made.
        """
        if not self._ledger.exists():
            raise LedgerMissing(
                f"there is no ledger at {self._ledger}: make one with `smsgate init`"
            )
        try:
            fd = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StorageFailed(
                f"{self.path} cannot be opened: {error.strerror}"
            ) from error
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = os.read(fd, 20).decode("ascii", "replace").strip()
            os.close(fd)
            raise LedgerLocked(
                f"{self._ledger} is in use by process {holder or 'unknown'}: "
                "ask the running daemon, or stop it first"
            ) from error
        os.ftruncate(fd, 0)
        os.pwrite(fd, f"{os.getpid()}\n".encode(), 0)
        self._fd = fd

    def drop(self) -> None:
        """Give the lock back; harmless when it is not held."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

"""The open ledger: one writer, many readers.

What comes in: plain functions to run in a transaction, and SELECTs. What goes out:
their results, durable before they are told. This is the only door to the database;
which engine stands behind it is known in this room alone. Whose rows are written is
the business of the rooms above: money in `smsgate.ledger`, texts in
`smsgate.messages`, people in `smsgate.members`.
"""

from __future__ import annotations

import asyncio
import sqlite3
from typing import TYPE_CHECKING, Self, TypeVar

from smsgate.store.errors import StoreClosed
from smsgate.store.lock import Lock
from smsgate.store.opening import Connect, open_reader
from smsgate.store.readers import Readers
from smsgate.store.snapshot import copy_ledger
from smsgate.store.transaction import Reader
from smsgate.store.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import TracebackType

    from smsgate.clock import Clock
    from smsgate.store.values import Query, Row, Tx, Values

T = TypeVar("T")


class Store:
    """A ledger that is open for writing; made by `Store.open`."""

    def __init__(
        self, path: Path, clock: Clock, lock: Lock | None, connect: Connect
    ) -> None:
        """Open everything; call `Store.open` instead."""
        self.path = path
        self._clock = clock
        self._lock = lock
        self._writer = Writer(path, clock, connect)
        try:
            self._peeking = open_reader(path, connect)
        except BaseException:
            self._writer.abandon()
            raise
        self._writer.start()
        self._readers = Readers(path, connect)
        self._closed = False
        #: Point lookups for the event loop: some tens of microseconds, never a scan.
        self.peek: Query = Reader(self._peeking, path)

    @classmethod
    async def open(
        cls,
        path: Path,
        clock: Clock,
        *,
        lock: bool = True,
        connect: Connect = sqlite3.connect,
    ) -> Self:
        """Take the lock and open the ledger.

        `lock=False` is for a caller that holds the lock itself; `connect` is the
        driver's own, or one that fails on purpose.

        Raises:
            LedgerLocked: another process writes it.
            LedgerMissing, LedgerForeign, LedgerOlder, LedgerNewer, LedgerDamaged:
                the file cannot be used; the text says what to do.
            StorageFailed: it cannot be opened.
        """
        held = Lock(path) if lock else None
        try:
            if held is not None:
                held.take()
            return cls(path, clock, held, connect)
        except BaseException:
            if held is not None:
                held.drop()
            raise

    async def close(self) -> None:
        """Do what is queued, checkpoint, close; harmless when closed already."""
        if self._closed:
            return
        self._closed = True
        try:
            await self._readers.close()
            self._peeking.close()
        finally:
            await self._writer.stop()
            if self._lock is not None:
                self._lock.drop()

    async def __aenter__(self) -> Self:
        """Return the open store."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        await self.close()

    async def write(
        self, fn: Callable[[Tx], T], told: Callable[[T | None], None] | None = None
    ) -> T:
        """Run `fn` in a transaction and return its result once it is durable.

        What `fn` raises undoes `fn` alone and is raised here. It shares its commit
        with others, so it must not block. Cancelling the caller does not stop it; what
        must be done for the result even then does `told`: it is called once, on the
        loop, with the result, or with None where there is none.

        Raises:
            StorageFailed: the disk or a lock stood in the way; nothing was done.
            StoreClosed: the store is closed.
        """
        if self._closed:
            if told is not None:
                told(None)
            raise StoreClosed("the store is closed; open it again before you write")
        result: T = await self._writer.write(fn, told)
        return result

    def later(
        self, fn: Callable[[Tx], object], failed: Callable[[], None] | None = None
    ) -> None:
        """Run `fn` with the next commit, or with its own within 50 ms; tell nobody.

        Called on the event loop. Before every write asked for afterwards; tried again
        when the disk fails; flushed by `close`. A crash may lose it. What `fn` raises
        by a fault of its own undoes `fn` alone and is logged; then `failed` is called
        on the loop, and must not raise.

        Raises:
            StoreClosed: the store is closed.
        """
        if self._closed:
            raise StoreClosed("the store is closed; open it again before you write")
        self._writer.later(fn, failed)

    async def read(self, sql: str, values: Values = ()) -> list[Row]:
        """Return the rows of a SELECT, off the event loop.

        Raises:
            StorageFailed: the file cannot be read.
        """
        if self._closed:
            raise StoreClosed("the store is closed; open it again before you read")
        return await self._readers.read(sql, values)

    def changed(self, table: str) -> int:
        """Return a number that is another one once rows of a table have changed.

        What was peeked from that table may be remembered for as long as it stays, if
        it was asked for first.
        """
        return self._writer.changed(table)

    async def look(self, fn: Callable[[Query], T]) -> T:
        """Run `fn` over the ledger as of now, off the event loop; return its result.

        For what needs several statements, or reads many rows and thinks about them.
        One at a time; it may take as long as it likes.

        Raises:
            StorageFailed: the file cannot be read.
        """
        if self._closed:
            raise StoreClosed("the store is closed; open it again before you read")
        return await self._readers.look(fn)

    async def snapshot(self, target: Path) -> None:
        """Copy the ledger as of now into a new file.

        Raises:
            LedgerExists: the target is there already.
            StorageFailed: a disk refused.
        """
        await asyncio.to_thread(copy_ledger, self.path, target)

    @property
    def busy(self) -> bool:
        """Whether the queue is full: refuse what can be refused."""
        return self._writer.busy

    @property
    def newest_ms(self) -> int:
        """Time of the newest row, ms."""
        return self._writer.newest_ms

    @property
    def clock_behind_ms(self) -> int:
        """How far the clock stands behind the newest row, ms; 0 when it does not.

        Row times do not follow it back. Beyond `CLOCK_BACK_MAX_MS` it is wrong.
        """
        return max(0, self.newest_ms - self._clock.now_ms())

    @property
    def wal_bytes(self) -> int:
        """Size of the write-ahead log."""
        wal = self.path.with_name(self.path.name + "-wal")
        try:
            return wal.stat().st_size
        except FileNotFoundError:
            return 0


#: A step back of the clock that is waited out, ms; NTP makes such steps.
CLOCK_BACK_MAX_MS = 5_000


def accept_clock(tx: Tx) -> None:
    """Let row times start again from the clock as it stands.

    Rows before it count no more when the clock is judged. Effective at once, undone
    with the command.
    """
    tx.now_ms = tx.clock.now_ms()
    tx.run("UPDATE house SET newest_ms = :now", {"now": tx.now_ms})

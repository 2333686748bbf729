"""Readers: questions that never wait for the writer.

What comes in: SELECTs. What goes out: rows as of the last commit. Searches and
statements run on the threads of two read-only aiosqlite connections, opened at the
first question; what needs several statements runs in a thread of its own over a third
(`look`); the point lookups of the event loop are `Store.peek`. None writes or
checkpoints: the connections are opened `mode=ro`.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from typing import TYPE_CHECKING, TypeVar

import aiosqlite

from smsgate.store.errors import StorageFailed, StoreClosed
from smsgate.store.opening import BUSY_MS, Connect, open_reader
from smsgate.store.transaction import Reader
from smsgate.store.trouble import blames_storage, sentence

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from smsgate.store.values import Query, Row, Values

T = TypeVar("T")

#: Two, so that one long search does not hold up a page.
CONNECTIONS = 2


class Readers:
    """A few connections that answer in their own threads."""

    def __init__(self, path: Path, connect: Connect = sqlite3.connect) -> None:
        """Read this ledger; nothing is opened yet."""
        self._path = path
        self._connect = connect
        #: For questions that need more than one statement.
        self._looking: sqlite3.Connection | None = None
        self._one_looks = threading.Lock()
        self._closed = False
        self._uri = f"{path.absolute().as_uri()}?mode=ro"
        self._free: asyncio.Queue[aiosqlite.Connection | None] = asyncio.Queue()
        for _ in range(CONNECTIONS):
            self._free.put_nowait(None)

    async def read(self, sql: str, values: Values = ()) -> list[Row]:
        """Return the rows of a SELECT.

        Raises:
            StorageFailed: the file cannot be read.
        """
        connection = await self._free.get()
        try:
            if connection is None:
                connection = await _open(self._uri)
            return list(await connection.execute_fetchall(sql, values))
        except sqlite3.Error as error:
            if blames_storage(error):
                raise StorageFailed(sentence(error, self._path)) from error
            raise
        finally:
            # A cancelled question still runs in its thread; the next one queues there.
            self._free.put_nowait(connection)

    async def look(self, fn: Callable[[Query], T]) -> T:
        """Run `fn` in a thread of its own, over the ledger as of one moment.

        Raises:
            StorageFailed: the file cannot be read.
        """
        return await asyncio.to_thread(self._look, fn)

    def _look(self, fn: Callable[[Query], T]) -> T:
        # Whoever asked may be cancelled: the thread goes on, and the next one waits.
        try:
            with self._one_looks:
                if self._closed:
                    raise StoreClosed("the store was closed; open it before you read")
                if self._looking is None:
                    self._looking = open_reader(self._path, self._connect)
                connection = self._looking
                connection.execute("BEGIN")
                try:
                    return fn(Reader(connection, self._path))
                finally:
                    connection.execute("ROLLBACK")
        except sqlite3.Error as error:
            if blames_storage(error):
                raise StorageFailed(sentence(error, self._path)) from error
            raise

    def _look_no_more(self) -> None:
        with self._one_looks:
            self._closed = True
            if self._looking is not None:
                self._looking.close()

    async def close(self) -> None:
        """Close what was opened."""
        await asyncio.to_thread(self._look_no_more)
        for _ in range(CONNECTIONS):
            connection = await self._free.get()
            if connection is not None:
                await connection.close()


async def _open(uri: str) -> aiosqlite.Connection:
    connection = await aiosqlite.connect(uri, uri=True, isolation_level=None)
    connection.row_factory = sqlite3.Row
    try:
        await connection.execute_fetchall("PRAGMA query_only = 1")
        await connection.execute_fetchall(f"PRAGMA busy_timeout = {BUSY_MS}")
    except BaseException:
        # Whoever asked was cancelled, and nobody else knows of it: its thread would
        # keep the process from ending.
        connection.stop()
        raise
    return connection

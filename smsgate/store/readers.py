"""Readers: questions that never wait for the writer.

What comes in: SELECTs. What goes out: rows as of the last commit. Searches and
statements run on the threads of two read-only aiosqlite connections, opened at the
first question; the point lookups of the event loop are `Store.peek`. Neither writes
nor checkpoints: the connections are opened `mode=ro`.
"""

from __future__ import annotations

import asyncio
import sqlite3
from typing import TYPE_CHECKING

import aiosqlite

from smsgate.store.errors import StorageFailed
from smsgate.store.opening import BUSY_MS
from smsgate.store.trouble import blames_storage, sentence

if TYPE_CHECKING:
    from pathlib import Path

    from smsgate.store.values import Row, Values

#: Two, so that one long search does not hold up a page.
CONNECTIONS = 2


class Readers:
    """A few connections that answer in their own threads."""

    def __init__(self, path: Path) -> None:
        """Read this ledger; nothing is opened yet."""
        self._path = path
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

    async def close(self) -> None:
        """Close what was opened."""
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

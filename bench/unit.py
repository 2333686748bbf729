"""The unit that is measured: one durable PAY, told in SQL of its own.

One inbox row, one transfer with its triggers and its link in the chain, two outbox
rows. `direct` runs it in a bare loop over sqlite3 in batches; `naive` runs the same
rows statement by statement through aiosqlite with a commit each, balances checked in
Python, as a first version of such a program would. Both are what `bench.payments` is
compared with, on the same schema.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import random  # noqa: TID251 - pairs of members, the same in every run
import sqlite3
import time
from typing import TYPE_CHECKING

import aiosqlite

if TYPE_CHECKING:
    from pathlib import Path

ACCOUNTS = 10_000
_LIMIT = 100_000_000
_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA recursive_triggers=ON",
    "PRAGMA cache_size=-16000",
)
_INBOX = (
    "INSERT INTO inbox (key, text_mac, link, sender, account, sent_ms, at_ms, command,"
    " outcome, state, body, transfer)"
    " VALUES (?, ?, 'bench', '+50370000000', NULL, ?, ?, 'PAGAR', 'paid_payer',"
    " 'answered', 'PAGAR 20417 1.00 ****', ?)"
)
_OUTBOX = (
    "INSERT INTO outbox (inbox, class, name, recipient, body, link, state, due_ms,"
    " expires_ms, at_ms) VALUES (?, 0, 'paid_payer', '+50370000000',"
    " 'PAGO OK 1.00 PT a Rosa Elena Martinez (20417). Ref 481205-7735. Com 0.00. Saldo"
    " -25.50 Disp 74.50. 24/11 21:30', 'bench', 'queued', ?, ?, ?)"
)
_TRANSFER = (
    "INSERT INTO transfer (id, ref, kind, debit, credit, amount, at_ms, hash)"
    " VALUES (?, ?, 'pay', ?, ?, 100, ?, ?)"
)


def fill(path: Path) -> None:
    """Give a new ledger its accounts."""
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA synchronous=OFF")
    database.execute("BEGIN")
    database.executemany(
        "INSERT INTO account (id, kind, credit_limit, created_ms)"
        " VALUES (?, 'member', ?, 0)",
        ((number, _LIMIT) for number in range(1, ACCOUNTS + 1)),
    )
    database.execute("COMMIT")
    database.close()


def pairs(seed: int = 1) -> random.Random:
    """Return the drawer of payer and payee, the same for every variant."""
    return random.Random(seed)


#: Shares no factor with 10.
_SCATTER = 387_420_489


class Books:
    """A connection that knows its place in the chain."""

    def __init__(self, path: Path) -> None:
        """Open with the pragmas of the real writer."""
        self.database = sqlite3.connect(path, isolation_level=None)
        for pragma in _PRAGMAS:
            self.database.execute(pragma)
        seq, head = self.database.execute("SELECT seq, hash FROM chain").fetchone()
        self.seq: int = seq
        self.head: bytes = head

    def next(self) -> tuple[int, str, bytes]:
        """Move on in the chain: id, reference, hash."""
        self.seq += 1
        # Scattered like the real ones, and never the same twice.
        ref = f"{self.seq * _SCATTER % 10**9:09d}0"
        self.head = hashlib.sha256(self.head + ref.encode()).digest()
        return self.seq, ref, self.head

    def pay(self, payer: int, payee: int) -> None:
        """Do one unit inside the open transaction."""
        number, ref, digest = self.next()
        now = time.time_ns() // 1_000_000  # noqa: TID251 - no house, no clock
        run = self.database.execute
        run(_TRANSFER, (number, ref, payer, payee, now, digest))
        key = os.urandom(16)
        row = run(_INBOX, (key, key, now, now, number)).lastrowid
        run(_OUTBOX, (row, now, now, now))
        run(_OUTBOX, (row, now, now, now))


def direct(path: Path, batch: int, seconds: float) -> float:
    """Return units a second of a bare loop in batches of `batch`."""
    books, draw, done = Books(path), pairs(), 0
    begun = time.perf_counter()
    while time.perf_counter() - begun < seconds:
        books.database.execute("BEGIN IMMEDIATE")
        for _ in range(batch):
            payer, payee = draw.sample(range(1, ACCOUNTS + 1), 2)
            books.pay(payer, payee)
        books.database.execute("COMMIT")
        done += batch
    rate = done / (time.perf_counter() - begun)
    books.database.close()
    return rate


async def naive(path: Path, callers: int, seconds: float) -> float:
    """Return units a second through aiosqlite, statement by statement."""
    chain = Books(path)
    chain.database.close()
    database = await aiosqlite.connect(path, isolation_level=None)
    for pragma in _PRAGMAS:
        await database.execute(pragma)
    lock, draw, done = asyncio.Lock(), pairs(), 0
    end = time.perf_counter() + seconds

    async def caller() -> None:
        nonlocal done
        while time.perf_counter() < end:
            payer, payee = draw.sample(range(1, ACCOUNTS + 1), 2)
            async with lock:
                await _step_by_step(database, chain, payer, payee)
            done += 1

    begun = time.perf_counter()
    await asyncio.gather(*(caller() for _ in range(callers)))
    rate = done / (time.perf_counter() - begun)
    await database.close()
    return rate


async def _step_by_step(
    database: aiosqlite.Connection, chain: Books, payer: int, payee: int
) -> None:
    now = time.time_ns() // 1_000_000  # noqa: TID251 - no house, no clock
    key = os.urandom(16)
    await database.execute("BEGIN IMMEDIATE")
    for sql, value in (
        ("SELECT id FROM inbox WHERE key = ?", key),
        ("SELECT balance, held, credit_limit FROM account WHERE id = ?", payer),
        ("SELECT state FROM account WHERE id = ?", payee),
    ):
        cursor = await database.execute(sql, (value,))
        await cursor.fetchone()
        await cursor.close()
    number, ref, digest = chain.next()
    await database.execute(_TRANSFER, (number, ref, payer, payee, now, digest))
    cursor = await database.execute(_INBOX, (key, key, now, now, number))
    row = cursor.lastrowid
    await database.execute(_OUTBOX, (row, now, now, now))
    await database.execute(_OUTBOX, (row, now, now, now))
    await database.commit()

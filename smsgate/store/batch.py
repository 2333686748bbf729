"""Commit a batch: many commands, one transaction, one sync of the disk.

What comes in: jobs in order, each a plain function of a `Tx`. What goes out: an answer
a job, once it is known for certain. Each job runs in its own SAVEPOINT, so that its
exception undoes it alone. Trouble with the disk undoes the batch. A COMMIT that raises
is neither yes nor no: its frames may stand in the log and come to life at the next
recovery. So the file is opened anew, and one more commit proves what it holds; the
number that every transaction leaves in `house.batch` tells which. Until then its
callers wait: a wrong answer would be worse than none. Jobs come from
`smsgate.store.writer`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

import structlog

from smsgate.store.errors import StorageFailed, StorageUnsure, StoreError
from smsgate.store.opening import Connect, open_writer
from smsgate.store.transaction import Transaction
from smsgate.store.trouble import never_written, sentence

if TYPE_CHECKING:
    import asyncio
    import threading
    from pathlib import Path

    from smsgate.clock import Clock
    from smsgate.store.values import Tx

_log = structlog.get_logger("smsgate.store")

#: Seconds between tries to reopen a file that fails: doubling, from and to.
_WAIT_FIRST_S = 0.1
_WAIT_MAX_S = 5.0

#: What every batch leaves: its number, and a time that never goes back.
_STAMP = """
    UPDATE house SET batch = ?, newest_ms = max(newest_ms, ?) RETURNING newest_ms
"""

_TROUBLE = (sqlite3.Error, MemoryError, StoreError)


class Job(NamedTuple):
    """A command that waits for its commit; without a future nobody waits for it."""

    fn: Callable[[Tx], Any]
    future: asyncio.Future[Any] | None
    #: Hears the result, or None, even where its caller has given up; of a job that
    #: nobody waits for, only that it failed by its own fault.
    told: Callable[[Any], None] | None = None


class Answer(NamedTuple):
    """What became of a job."""

    job: Job
    value: Any
    error: BaseException | None


class Batches:
    """The one writing connection, and what is known of its file."""

    def __init__(
        self, path: Path, clock: Clock, connect: Connect, stopping: threading.Event
    ) -> None:
        """Open the ledger.

        Raises:
            StoreError: one of its kinds.
        """
        self._path = path
        self._clock = clock
        self._connect = connect
        self._stopping = stopping
        self._connection: sqlite3.Connection | None = open_writer(path, connect)
        house = self._connection.execute(
            "SELECT batch, newest_ms FROM house"
        ).fetchone()
        self._number: int = house["batch"]
        self.newest_ms: int = house["newest_ms"]
        #: The number of the last batch that may have changed a table, by its name.
        self.changed: dict[str, int] = {}
        self._failures = 0
        self._rest_until = 0.0
        self._told = ""

    def commit(self, jobs: list[Job]) -> list[Answer]:
        """Run the jobs in one transaction and return their answers, in order."""
        if self._clock.monotonic() < self._rest_until:
            return self._failed(jobs)
        self._number = number = self._number + 1
        answers: list[Answer] = []
        committing = False
        written: set[str] = set()
        try:
            connection = self._connection or self._reopen()
            tx = self._begin(connection, number)
            written = tx.written
            for job in jobs:
                answers.append(_apply(connection, tx, job))  # noqa: PERF401 -- kept if it raises
            committing = True
            connection.execute("COMMIT")
        except _TROUBLE as error:
            self._drop()
            if committing and not never_written(error):
                answers = self._settle(number, answers, error)
                self.changed.update(dict.fromkeys(written, number))
                return answers
            self._note(error)
            return self._failed(jobs)
        self._failures = 0
        self.newest_ms = tx.now_ms
        # Not before the commit: what is read until then may still be the old rows.
        self.changed.update(dict.fromkeys(written, number))
        return answers

    def checkpoint(self, mode: str = "PASSIVE") -> None:
        """Copy the log into the file; a failure is left to the next commit."""
        if self._connection is None:
            return
        try:
            self._connection.execute(f"PRAGMA wal_checkpoint({mode})").fetchall()
        except sqlite3.Error as error:
            _log.warning("checkpoint.failed", reason=str(error))

    def close(self) -> None:
        """Checkpoint and close."""
        self.checkpoint("TRUNCATE")
        self._drop()

    def _begin(self, connection: sqlite3.Connection, number: int) -> Transaction:
        connection.execute("BEGIN IMMEDIATE")
        now_ms = self._clock.now_ms()
        (newest_ms,) = connection.execute(_STAMP, (number, now_ms)).fetchone()
        return Transaction(connection, self._clock, newest_ms)

    def _settle(
        self, number: int, answers: list[Answer], error: BaseException
    ) -> list[Answer]:
        """Find out whether a COMMIT that raised took effect; ask until it is known."""
        _log.error("commit.unsure", reason=str(error), batch=number, jobs=len(answers))
        jobs = [answer.job for answer in answers]
        took_effect = {number: True}
        wait_s = _WAIT_FIRST_S
        while True:
            last = self._stopping.is_set()
            try:
                done = self._prove(took_effect)
            except _TROUBLE as trouble:
                self._drop()
                self._note(trouble)
                if last:
                    return [
                        Answer(job, None, StorageUnsure(self._told)) for job in jobs
                    ]
                self._stopping.wait(wait_s)
                wait_s = min(2 * wait_s, _WAIT_MAX_S)
                continue
            _log.warning("commit.settled", batch=number, took_effect=done)
            self._failures, self._rest_until = 0, 0.0
            self._told = sentence(error, self._path)
            return answers if done else self._failed(jobs)

    def _prove(self, took_effect: dict[int, bool]) -> bool:
        """Read what the file holds and commit once more, so that it stays so.

        The checkpoint writes the log's pages anew: a sync that failed once may report
        success later without having written them. Where the batch did not take effect,
        the commit overwrites its frames, or a crash could still bring them to life.
        Each try leaves its own number, for it may raise, too.
        """
        connection = self._reopen()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        connection.execute("BEGIN IMMEDIATE")
        house = connection.execute("SELECT batch, newest_ms FROM house").fetchone()
        done = took_effect.get(house["batch"], False)
        self._number += 1
        took_effect[self._number] = done
        connection.execute("UPDATE house SET batch = ?", (self._number,))
        connection.execute("COMMIT")
        self.newest_ms = house["newest_ms"]
        return done

    def _reopen(self) -> sqlite3.Connection:
        self._drop()
        self._connection = open_writer(self._path, self._connect)
        return self._connection

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(sqlite3.Error):
                connection.close()

    def _note(self, error: BaseException) -> None:
        """Remember what is wrong; after a second failure let the disk rest."""
        own = isinstance(error, StoreError)
        self._told = str(error) if own else sentence(error, self._path)
        _log.error("storage.failed", reason=self._told, failures=self._failures + 1)
        if self._failures:
            wait_s = min(_WAIT_FIRST_S * 2 ** (self._failures - 1), _WAIT_MAX_S)
            self._rest_until = self._clock.monotonic() + wait_s
        self._failures = min(self._failures + 1, 10)

    def _failed(self, jobs: list[Job]) -> list[Answer]:
        return [Answer(job, None, StorageFailed(self._told)) for job in jobs]


def _apply(connection: sqlite3.Connection, tx: Transaction, job: Job) -> Answer:
    """Run one job in its savepoint.

    Raises:
        sqlite3.Error, MemoryError, StorageFailed: the transaction is lost.
    """
    connection.execute("SAVEPOINT command")
    now_ms = tx.now_ms
    try:
        answer = Answer(job, job.fn(tx), None)
    except BaseException as error:  # noqa: BLE001 -- it belongs to the job's caller
        answer = Answer(job, None, error)
    if tx.lost is not None:
        raise tx.lost
    if not connection.in_transaction:
        # Whatever ended it, a further statement would stand alone and be kept.
        raise StorageFailed("the transaction ended before its commit") from answer.error
    if answer.error is not None:
        connection.execute("ROLLBACK TO command")
        tx.now_ms = now_ms
    connection.execute("RELEASE command")
    return answer

"""The writer thread: take what is queued, commit it at once, answer in one hop.

What comes in: jobs from the event loop. What goes out: their results, set on their
futures once the commit is durable. It takes what is there and never waits for more, so
that a lone payment costs one sync and a crowd shares it. A caller that was cancelled
is not answered, but what it asked for is done. The commit itself is
`smsgate.store.batch`.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

import structlog

from smsgate.store.batch import Answer, Batches, Job
from smsgate.store.errors import StorageFailed, StoreClosed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from smsgate.clock import Clock
    from smsgate.store.opening import Connect
    from smsgate.store.values import Tx

_log = structlog.get_logger("smsgate.store")

#: Jobs that share one commit, at most.
BATCH_MAX = 512
#: Callers that may wait at once; beyond this the store is busy.
QUEUE_MAX = 1_024
#: How long a job that nobody waits for may wait for company.
LATER_S = 0.05
#: The same once the disk has failed.
_LATER_AGAIN_S = 1.0
#: Idle for this long, the writer moves its log into the file.
IDLE_S = 5.0

_WAKE = Job(fn=lambda _tx: None, future=None)


class Writer:
    """The one thread that writes."""

    def __init__(self, path: Path, clock: Clock, connect: Connect) -> None:
        """Open the ledger; `start` begins the work.

        Raises:
            StoreError: one of its kinds.
        """
        self.idle_s = IDLE_S
        self._loop = asyncio.get_running_loop()
        self._stopping = threading.Event()
        self._batches = Batches(path, clock, connect, self._stopping)
        self._queue: SimpleQueue[Job | None] = SimpleQueue()
        self._later: deque[Job] = deque()
        self._timer: asyncio.TimerHandle | None = None
        self._slots = asyncio.Semaphore(QUEUE_MAX)
        self._ended: asyncio.Future[None] = self._loop.create_future()
        # A daemon thread: what it has not committed was not acknowledged either.
        self._thread = threading.Thread(target=self._run, name="ledger", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def abandon(self) -> None:
        """Close a file whose thread was never started."""
        self._batches.close()

    @property
    def newest_ms(self) -> int:
        """Time of the newest row."""
        return self._batches.newest_ms

    def changed(self, table: str) -> int:
        """Return the number of the last batch that may have changed a table."""
        return self._batches.changed.get(table, 0)

    @property
    def busy(self) -> bool:
        """Whether a further job would have to wait for a place in the queue."""
        return self._slots.locked()

    async def write(
        self, fn: Callable[[Tx], Any], told: Callable[[Any], None] | None = None
    ) -> Any:
        """Queue a job and wait for its answer."""
        try:
            await self._place()
        except BaseException:
            if told is not None:
                told(None)
            raise
        future: asyncio.Future[Any] = self._loop.create_future()
        self._queue.put(Job(fn, future, told))
        return await future

    async def _place(self) -> None:
        """Wait for a place in the queue."""
        await self._slots.acquire()
        if self._stopping.is_set():
            self._slots.release()
            raise StoreClosed("the store was closed meanwhile; nothing was written")

    def later(
        self, fn: Callable[[Tx], Any], failed: Callable[[], None] | None = None
    ) -> None:
        """Queue a job for the next commit, or for one of its own a moment later."""
        told = None if failed is None else lambda _: failed()
        self._later.append(Job(fn, None, told))
        self._arm(LATER_S)

    async def stop(self) -> None:
        """Do what is queued, then end the thread and close the file."""
        if self._timer is not None:
            self._timer.cancel()
        self._stopping.set()
        self._queue.put(None)
        await asyncio.shield(self._ended)
        self._thread.join()

    def _arm(self, delay_s: float) -> None:
        if self._timer is None:
            self._timer = self._loop.call_later(delay_s, self._nudge)

    def _nudge(self) -> None:
        self._timer = None
        self._queue.put(_WAKE)

    def _run(self) -> None:
        going, idle = True, True
        while going:
            try:
                item = self._queue.get(timeout=None if idle else self.idle_s)
            except Empty:
                self._batches.checkpoint()
                idle = True
                continue
            jobs, going = self._take(item)
            if jobs:
                self._tell(self._deliver, self._batches.commit(jobs))
                idle = False
        self._finish()

    def _take(self, item: Job | None) -> tuple[list[Job], bool]:
        """Return what is queued from `item` on, and whether there will be more."""
        jobs: list[Job] = []
        while item is not None:
            if item is not _WAKE:
                jobs.append(item)
            if len(jobs) >= BATCH_MAX:
                break
            try:
                item = self._queue.get_nowait()
            except Empty:
                break
        return self._postponed() + jobs, item is not None

    def _postponed(self) -> list[Job]:
        # They come first: each was asked for before a write that shares its batch.
        count = min(len(self._later), BATCH_MAX)
        return [self._later.popleft() for _ in range(count)]

    def _finish(self) -> None:
        """Flush what nobody waits for and close; a failing disk is asked once."""
        while jobs := self._postponed():
            self._tell(self._deliver, self._batches.commit(jobs))
        self._batches.close()
        self._tell(self._end, [])

    def _tell(
        self, callback: Callable[[list[Answer]], None], answers: list[Answer]
    ) -> None:
        try:
            self._loop.call_soon_threadsafe(callback, answers)
        except RuntimeError:
            # The loop was closed under us; the rows are kept all the same.
            _log.warning("loop.closed", jobs=len(answers))

    def _end(self, _answers: list[Answer]) -> None:
        self._ended.set_result(None)

    def _deliver(self, answers: list[Answer]) -> None:
        again: list[Job] = []
        for job, value, error in answers:
            future = job.future
            if future is None:
                if isinstance(error, StorageFailed):
                    again.append(job)
                elif error is not None:
                    _log.error("later.failed", reason=type(error).__name__)
                    if job.told is not None:
                        job.told(None)
                continue
            self._answer(job, future, value, error)
        if again and self._stopping.is_set():
            _log.error("later.lost", jobs=len(again))
        elif again:
            self._later.extendleft(reversed(again))
            self._arm(_LATER_AGAIN_S)

    def _answer(
        self,
        job: Job,
        future: asyncio.Future[Any],
        value: Any,
        error: BaseException | None,
    ) -> None:
        self._slots.release()
        if job.told is not None:
            try:
                job.told(None if error is not None else value)
            except Exception as fault:  # noqa: BLE001 -- it belongs to the job's caller
                error = error or fault
        if future.done():
            return  # its caller was cancelled; what it asked for is done
        if error is None:
            future.set_result(value)
        elif isinstance(error, StopIteration):
            future.set_exception(RuntimeError("a write raised StopIteration"))
        else:
            future.set_exception(error)

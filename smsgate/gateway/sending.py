"""The way out: rows of the outbox to a link, and what became of them back.

What comes in: rows that were born `sending` in the transaction that owes them, handed
over at once when the link is free, and rows claimed by class and due time. What goes
out: texts through `Link.send`, and each row settled: sent, retried later, failed, or
unsure. A row is durably `sending` before its first byte is written, so that a crash
leaves it unsure and never forgotten. Reports come back in `smsgate.gateway`.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

import structlog

from modem.errors import LinkDown, Rejected, Unsure
from modem.link import LinkStatus, Outgoing
from smsgate.gateway.long_texts import LongTexts
from smsgate.messages import outbox
from smsgate.messages.outbox import Class
from smsgate.store import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from modem.link import Link
    from smsgate.clock import Clock
    from smsgate.messages.outbox import Owed
    from smsgate.messages.pacing import Pacing
    from smsgate.store import Store, Tx

log = structlog.get_logger(__name__)

#: How long to wait before the outbox is looked at again, whatever happens.
_IDLE_S = 30.0
#: No link is asked more often than this for rows that are due.
_AGAIN_MIN_S = 0.05
#: How long to wait when the ledger cannot be written.
_STORE_AGAIN_S = 1.0


class Sender:
    """Everything that goes out over one link."""

    def __init__(
        self, link: Link, store: Store, clock: Clock, *, run: int, pacing: Pacing
    ) -> None:
        """Send over `link` as the daemon's start number `run`."""
        self.link = link
        self._store = store
        self._clock = clock
        self._run = run
        self._pacing = pacing
        self._free = link.capabilities.window
        self._long = LongTexts(link, store)
        #: Claims and sends that are not settled.
        self._under_way = 0
        #: Whether rows may be waiting in the outbox for this link.
        self._more = True
        self._stopping = False
        self._woken = asyncio.Event()
        self._group: asyncio.TaskGroup | None = None
        #: Set while no text is on its way.
        self.idle = asyncio.Event()
        self.idle.set()

    @property
    def usable(self) -> bool:
        """Whether the link can take a text now."""
        return self.link.capabilities.send and self.link.state.status in (
            LinkStatus.up,
            LinkStatus.degraded,
        )

    def reserve(self, wanted: int) -> int:
        """Keep up to so many places for answers that are about to be owed.

        None are kept while older rows wait: they go first.
        """
        if self._more or self._group is None or not self.usable:
            return 0
        kept = max(0, min(wanted, self._free))
        self._free -= kept
        return kept

    def release(self, places: int) -> None:
        """Give reserved places back."""
        self._make_room(places)

    def hand(self, rows: Iterable[Owed]) -> None:
        """Send rows that were born `sending`; each has a reserved place."""
        if self._group is None:
            # Stopped in between: the next start finds them and knows they are unsure.
            return
        for row in rows:
            self._count(row)
            self._begin()
            sending = self._send(row)
            try:
                self._group.create_task(sending)
            except RuntimeError:
                # The group is ending; the next start calls these rows unsure.
                sending.close()
                self._end()
                return

    def wake(self) -> None:
        """Take note that rows are waiting, or that the link has come up."""
        self._more = True
        self._woken.set()

    def stop(self) -> None:
        """Claim nothing more; what is handed over is still sent."""
        self._stopping = True

    async def run(self) -> None:
        """Claim and send until cancelled."""
        async with asyncio.TaskGroup() as group:
            self._group = group
            try:
                while True:
                    while self._wanted():
                        await self._claim()
                    await self._wait()
            finally:
                self._group = None

    def _wanted(self) -> bool:
        return self._more and self._free > 0 and self.usable and not self._stopping

    async def _claim(self) -> None:
        """Take what is due, as much as there is room for, and send it."""
        places, self._free = self._free, 0
        notices = self._pacing.allows(self._clock.monotonic()) <= 0
        rows: list[Owed] = []
        self._more = False
        self._begin()
        try:
            rows = await self._store.write(
                lambda tx: self._take(tx, places, notices=notices)
            )
            # A notice came alone, whatever room there was.
            full = len(rows) == places or any(row.cls for row in rows)
            self._more = self._more or full
        except StoreError as error:
            self._more = True
            log.warning("outbox.unreadable", link=self.link.name, why=str(error))
            await asyncio.sleep(_STORE_AGAIN_S)
        finally:
            self._free += places - len(rows)
            self.hand(rows)
            self._end()

    def _take(self, tx: Tx, places: int, *, notices: bool) -> list[Owed]:
        """Claim receipts; where none is due one notice, for they are counted singly."""
        name, run = self.link.name, self._run
        rows = outbox.claim(tx, name, places, run, notices=False)
        return rows if rows or not notices else outbox.claim(tx, name, 1, run)

    async def _wait(self) -> None:
        """Wait to be woken, or until a row that was put off is due."""
        self._woken.clear()
        if self._wanted():
            return
        try:
            async with asyncio.timeout(self._until_due_s()):
                await self._woken.wait()
        except TimeoutError:
            self._more = True

    def _until_due_s(self) -> float:
        if not self._free or not self.usable or self._stopping:
            # Whatever ends this wakes us.
            return _IDLE_S
        pacing_s = self._pacing.allows(self._clock.monotonic())
        try:
            due_ms = outbox.next_due_ms(
                self._store.peek, self.link.name, notices=pacing_s <= 0
            )
        except StoreError as error:
            log.warning("outbox.unreadable", link=self.link.name, why=str(error))
            return _STORE_AGAIN_S
        wait_s = _IDLE_S
        if due_ms is not None:
            wait_s = (due_ms - self._clock.now_ms()) / 1000
        if pacing_s > 0:
            wait_s = min(wait_s, pacing_s)
        return min(_IDLE_S, max(wait_s, _AGAIN_MIN_S))

    async def _send(self, row: Owed) -> None:
        outgoing = Outgoing(id=row.id, to=row.recipient, text=row.body)
        try:
            sent = await self._long.send(outgoing, partial(self._between, row))
        except LinkDown as error:
            await self._unsent(row, outbox.retry, str(error))
        except Rejected as error:
            await self._unsent(row, outbox.failed, str(error))
        except Unsure as error:
            await self._unsent(row, outbox.unsure, str(error))
        except Exception as error:
            # A fault of the driver: nobody knows what it wrote.
            log.exception("link.failed", link=self.link.name)
            await self._unsent(row, outbox.unsure, type(error).__name__)
        else:
            references = sent.references
            self._store.later(lambda tx: outbox.sent(tx, row.id, references))
        finally:
            self._make_room(1)
            self._end()

    async def _between(self, row: Owed) -> bool:
        """Let receipts pass between two parts of a text, the next of which counts."""
        try:
            while not self._stopping and self.usable and self._receipt_due():
                if not await self._pass_by():
                    break
        except StoreError as error:
            log.warning("outbox.unreadable", link=self.link.name, why=str(error))
        if not self._stopping:
            self._count(row)
        return not self._stopping

    async def _pass_by(self) -> bool:
        """Send a receipt that is due, in the middle of another text."""
        passing = await self._store.write(
            lambda tx: outbox.claim(tx, self.link.name, 1, self._run, notices=False)
        )
        for receipt in passing:
            self._count(receipt)
            self._begin()
            # Its place is given back like any other's, so it is taken first.
            self._free -= 1
            await self._send(receipt)
        return bool(passing)

    def _receipt_due(self) -> bool:
        due_ms = outbox.next_due_ms(self._store.peek, self.link.name, notices=False)
        return due_ms is not None and due_ms <= self._clock.now_ms()

    async def _unsent(self, row: Owed, how: _Settle, why: str) -> None:
        """Settle a row that was not sent, before it is looked when the next is due."""
        log.warning("sms.unsent", outbox=row.id, link=self.link.name, why=why)

        def settle(tx: Tx) -> None:
            how(tx, row.id, why)

        try:
            await self._store.write(settle)
        except StoreError:
            # Tried again until the disk is well.
            self._store.later(settle)
        self._woken.set()

    def _make_room(self, places: int) -> None:
        if places and (self._more or not self._free):
            # Whoever found no room did not look when the next row is due.
            self._woken.set()
        self._free += places

    def _begin(self) -> None:
        self._under_way += 1
        self.idle.clear()

    def _end(self) -> None:
        self._under_way -= 1
        if not self._under_way:
            self.idle.set()

    def _count(self, row: Owed) -> None:
        now_s = self._clock.monotonic()
        if row.cls is not Class.receipt:
            self._pacing.took(now_s)
            return
        before = self._pacing.alarmed(now_s)
        self._pacing.answered(now_s)
        if self._pacing.alarmed(now_s) and not before:
            log.error(
                "link.crowded",
                link=self.link.name,
                why="answers alone reach the hourly figure of this SIM: operators "
                "block SIMs that write so much; add a second one",
            )


if TYPE_CHECKING:
    from collections.abc import Callable

    _Settle = Callable[[Tx, int, str], object]

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
from modem.link import Outgoing
from smsgate.gateway.out import unsent
from smsgate.gateway.out.comeback import Comeback
from smsgate.gateway.out.counting import count
from smsgate.gateway.out.long_texts import LongTexts
from smsgate.gateway.out.routing import usable
from smsgate.gateway.out.taken import Taken
from smsgate.members import consent
from smsgate.messages import outbox
from smsgate.messages.health import Told
from smsgate.messages.outbox import Class
from smsgate.store import StoreError, instance_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from modem.link import Link
    from smsgate.clock import Clock
    from smsgate.gateway.out.routing import Pay, Routing
    from smsgate.gateway.out.unsent import Settle
    from smsgate.messages.outbox import Owed
    from smsgate.messages.pacing import Pacing
    from smsgate.messages.routes import Board
    from smsgate.store import Store, Tx

log = structlog.get_logger(__name__)

#: How long to wait before the outbox is looked at again, whatever happens.
_IDLE_S = 30.0
#: No link is asked more often than this for rows that are due.
_AGAIN_MIN_S = 0.05
#: A far side that asks to be left alone is asked again after this long at most.
_ALONE_MOST_S = 600.0
#: How long to wait when the ledger cannot be written.
_STORE_AGAIN_S = 1.0


class Sender:
    """Everything that goes out over one link."""

    def __init__(
        self,
        link: Link,
        store: Store,
        clock: Clock,
        *,
        run: int,
        pacing: Pacing,
        routing: Routing,
    ) -> None:
        """Send over `link`, one of those of `routing`, as the start number `run`."""
        self.link = link
        self._routing = routing
        routing.join(link.name, self.wake)
        self._store = store
        self._clock = clock
        self._run, self._ledger = run, instance_of(store.peek)
        self._pacing = pacing
        self._free = link.capabilities.window
        self._long = LongTexts(link, store)
        #: Claims and sends that are not settled.
        self._under_way = 0
        self._taken = Taken(store, self._begin, self._end)
        self._comeback = Comeback()
        #: Whether rows may be waiting in the outbox for this link.
        self._more = True
        self._stopping = False
        #: Until when the far side asks to be left alone.
        self._not_before_s = clock.monotonic()
        self._woken = asyncio.Event()
        self._group: asyncio.TaskGroup | None = None
        #: Set while no text is on its way.
        self.idle = asyncio.Event()
        self.idle.set()

    @property
    def usable(self) -> bool:
        """Whether the link can take a text now."""
        return usable(self.link) and self._left_alone_s() <= 0

    def _left_alone_s(self) -> float:
        return self._not_before_s - self._clock.monotonic()

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
        """Take note that rows are waiting."""
        self._more = True
        self._woken.set()

    def link_changed(self) -> None:
        """Take note that the link may have come up."""
        if usable(self.link):
            self._comeback.worked()
        self.wake()

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
        classes, board = self._classes(), self._routing.board()
        now_s = self._clock.monotonic()
        hurry = self._comeback.wanted(now_s)
        rows: list[Owed] = []
        self._more = False
        self._begin()
        try:
            rows, given = await self._store.write(
                lambda tx: self._take(tx, places, classes, board, hurry=hurry)
            )
            if hurry:
                self._comeback.done(now_s)
            self._routing.wake(*(link for link in given if link != self.link.name))
            # A notice came alone, whatever room there was.
            full = len(rows) == places or any(row.cls for row in rows)
            self._more = self._more or full or len(given) == outbox.BATCH
        except StoreError as error:
            self._more = True
            log.warning("outbox.unreadable", link=self.link.name, why=str(error))
            await asyncio.sleep(_STORE_AGAIN_S)
        finally:
            self._free += places - len(rows)
            self.hand(rows)
            self._end()

    def _take(
        self,
        tx: Tx,
        places: int,
        classes: tuple[Class, ...],
        board: Board,
        *,
        hurry: bool = False,
    ) -> tuple[list[Owed], list[str]]:
        """Claim receipts; where none is due one notice, for they are counted singly.

        Before that, what is due for no link in particular is given one.
        """
        given = self._routing.assign(tx, board)
        name, run = self.link.name, self._run
        if hurry:
            outbox.hurry(tx, name)
        rows = outbox.claim(tx, name, places, run, classes=classes[:1])
        if not rows and classes[1:]:
            rows = outbox.claim(tx, name, 1, run, classes=classes[1:])
        return rows, given

    def _classes(self) -> tuple[Class, ...]:
        """Return what may be sent now, receipts first."""
        paced = self._pacing.allows(self._clock.monotonic()) > 0
        return self._routing.classes(self.link.name, paced=paced)

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
        if 0 < (alone_s := self._left_alone_s()) < _IDLE_S:
            return alone_s
        if not self._free or not self.usable or self._stopping:
            # Whatever ends this wakes us.
            return _IDLE_S
        pacing_s = self._pacing.allows(self._clock.monotonic())
        try:
            due_ms = outbox.next_due_ms(
                self._store.peek, self.link.name, classes=self._classes()
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
        name, routing = self.link.name, self._routing
        began_s = self._clock.monotonic()
        try:
            refused = routing.abroad(row.recipient)
            if refused is not None:
                await self._unsent(row, outbox.failed, refused)
                return  # no fault of the link's
            text = routing.words(name, row)
            outgoing = Outgoing(
                id=row.id,
                to=row.recipient,
                text=text,
                bulk=row.cls is Class.campaign,
                key=outbox.send_key(self._ledger, row),
            )
            sent = await self._long.send(
                outgoing,
                between=partial(self._between, row),
                pays=partial(routing.pays, name, row, text, part=True),
            )
        except LinkDown as error:
            await self._down(row, error)
        except Rejected as error:
            routing.told(name, Told.refused)
            await self._unsent(row, outbox.failed, str(error))
            if error.opted_out:
                to = row.recipient
                await self._surely(lambda tx: consent.stop_promos(tx, to, "provider"))
        except Unsure as error:
            await self._unsure(row, str(error))
        except Exception as error:
            # A fault of the driver: nobody knows what it wrote.
            log.exception("link.failed", link=name)
            await self._unsure(row, type(error).__name__)
        else:
            # Between parts others may have passed.
            apart = self._long.parts_of(text) > 1
            took_s = None if apart else self._clock.monotonic() - began_s
            routing.told(name, Told.sent, took_s=took_s)
            if self._comeback.worked():
                self.wake()
            self._taken.note(row.id, sent.references, self._price(row, text))
        finally:
            self._make_room(1)
            self._end()

    def _price(self, row: Owed, text: str) -> Pay | None:
        """Return what keeps the price of a text that was sent, where it has one."""
        # Each part was paid for by itself.
        apart = self._long.parts_of(text) > 1
        return None if apart else self._routing.pays(self.link.name, row, text)

    async def _down(self, row: Owed, error: LinkDown) -> None:
        """Put a row back that was not sent, as long as the far side asks."""
        wait_s = min(error.retry_after_s or 0.0, _ALONE_MOST_S)
        if wait_s > 0:
            self._not_before_s = self._clock.monotonic() + wait_s
        self._routing.told(self.link.name, Told.down, hold_s=wait_s or None)
        self._comeback.failed()
        settle = partial(outbox.retry, after_ms=round(wait_s * 1000))
        await self._unsent(row, settle, str(error))

    async def _unsure(self, row: Owed, why: str) -> None:
        """Settle a row that may have been sent, and must be paid for."""
        name = self.link.name
        self._routing.told(name, Told.unsure)
        if self.link.capabilities.idempotent:
            self._comeback.failed()
            # The same id again is the same text: only this link can know it.
            await self._unsent(row, outbox.repeat, why)
            return
        pay = self._price(row, row.body)

        def settle(tx: Tx, row_id: int, error: str) -> None:
            if outbox.unsure(tx, row_id, error) and pay is not None:
                pay(tx)

        await self._unsent(row, settle, why)

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
        board = self._routing.board()
        passing, given = await self._store.write(
            lambda tx: self._take(tx, 1, (Class.receipt,), board)
        )
        self._routing.wake(*(link for link in given if link != self.link.name))
        for receipt in passing:
            self._count(receipt)
            self._begin()
            # Its place is given back like any other's, so it is taken first.
            self._free -= 1
            await self._send(receipt)
        return bool(passing)

    def _receipt_due(self) -> bool:
        due_ms = outbox.next_due_ms(
            self._store.peek, self.link.name, classes=(Class.receipt,)
        )
        return due_ms is not None and due_ms <= self._clock.now_ms()

    async def _unsent(self, row: Owed, how: Settle, why: str) -> None:
        """Settle a row that was not sent, before it is looked when the next is due."""
        log.warning("sms.unsent", outbox=row.id, link=self.link.name, why=why)
        await unsent.settle(self._store, row.id, how, why)
        self._routing.unsent(self.link.name)
        self._woken.set()

    async def _surely(self, write: Callable[[Tx], object]) -> None:
        """Write now, or again and again until the disk is well."""
        try:
            await self._store.write(write)
        except StoreError:
            self._store.later(write)

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
        count(self._pacing, row.cls, self.link.name, self._clock.monotonic())

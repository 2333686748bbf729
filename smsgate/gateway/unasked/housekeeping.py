"""What falls due by itself: expiries, texts to send once more, old bodies to empty.

What comes in: the time. What goes out: questions and outbox rows that expire, unsure
receipts that go once more, rows whose link is gone, new PINs that begin to hold, holds
that post or void, and a text to each who waits for what is due. A reader looks first
whether anything is due, so that an idle house writes nothing. Each kind has its own
transaction: one that fails keeps no other back. While the clock is doubted no unit
moves, no PIN changes and nothing is forgotten.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

import structlog

from smsgate import handlers, ledger, market, messages
from smsgate.clock import HOUR_MS
from smsgate.gateway.unasked.noticing import owe_notices
from smsgate.handlers import Rehearsal, WouldWrite, cooling
from smsgate.handlers.expiry import expired
from smsgate.handlers.market_notices import market_notices_due
from smsgate.members import pins, retention
from smsgate.messages import outbox, questions
from smsgate.store import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from smsgate.clock import Clock
    from smsgate.gateway.answering import House
    from smsgate.gateway.out.sending import Sender
    from smsgate.gateway.timekeeping import Timekeeper
    from smsgate.store import Store, Tx

    Work = Callable[[Tx], object]

log = structlog.get_logger(__name__)

#: How often it is looked whether anything is due.
_EVERY_S = 5.0


class Housekeeping:
    """Does what is due."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        senders: Mapping[str, Sender],
        *,
        time: Timekeeper,
        house: House,
        more: Sequence[Work] = (),
    ) -> None:
        """Work on this store, do `more`, and wake senders for what is due again."""
        self._house = house
        self._store = store
        self._clock = clock
        self._senders = senders
        self._time = time
        self._house = house
        self._swept_ms = 0
        can_send = [name for name, one in senders.items() if one.link.capabilities.send]
        self._always: tuple[Work, ...] = (
            outbox.expire_due,
            outbox.unsure_due,
            partial(outbox.reroute, links=can_send),
            self._questions,
            self._tell,
            *more,
        )
        self._when_certain: tuple[Work, ...] = (
            pins.settle_due,
            self._holds,
            self._fall_due,
        )

    async def run(self) -> None:
        """Look every few seconds, until cancelled."""
        while True:
            await self.once()
            await asyncio.sleep(_EVERY_S)

    async def once(self) -> None:
        """Do what is due now; what fails is logged and tried again the next time."""
        certain = self._certain()
        done = False
        for work in self._always + (self._when_certain if certain else ()):
            done = await self._do(work) or done
        if done:
            for sender in self._senders.values():
                sender.wake()
        now_ms = self._clock.now_ms()
        if certain and now_ms - self._swept_ms > HOUR_MS:
            self._swept_ms = now_ms
            await self._forget()

    def _certain(self) -> bool:
        """Say whether money may move; not where the ledger does not tell."""
        try:
            return self._time.holds_money() is None
        except StoreError as error:
            log.warning("housekeeping.postponed", why=str(error))
            return False

    def _tell(self, tx: Tx) -> None:
        """Owe the notices that are due."""
        owe_notices(tx, self._house.voice, market_notices_due(tx))

    def _fall_due(self, tx: Tx) -> None:
        """Do what falls due about people, and tell them."""
        owe_notices(tx, self._house.voice, handlers.fall_due(tx))

    async def _do(self, work: Work) -> bool:
        """Do one kind of work if it is due; say whether it was done."""
        try:
            if not self._due(work):
                return False
            await self._store.write(work)
        except StoreError as error:
            log.warning("housekeeping.postponed", why=str(error))
            return False
        except Exception:
            # Our own fault: it must not keep receipts from going once more.
            log.exception("housekeeping.failed")
            return False
        return True

    def _due(self, work: Work) -> bool:
        """Rehearse on a reader: what is due shows in the first write."""
        try:
            work(Rehearsal(self._store.peek, self._clock, self._clock.now_ms()))
        except WouldWrite:
            return True
        return False

    async def _forget(self) -> None:
        try:
            while await self._store.write(_forget_due):
                pass
        except StoreError as error:
            log.warning("housekeeping.postponed", why=str(error))
        except Exception:
            # Our own fault, and no reason why the house should end.
            log.exception("housekeeping.failed")

    def _questions(self, tx: Tx) -> None:
        """Expire what nobody answered; tell those who waited for it."""
        for question in questions.expire_due(tx):
            owe_notices(tx, self._house.voice, expired(tx, question))

    def _holds(self, tx: Tx) -> None:
        """Settle the holds whose time is up; owe the receipts of those that paid."""
        for hold in ledger.expire_due(tx):
            owe_notices(
                tx, self._house.voice, cooling.settled(tx, self._house.policy, hold)
            )


def _forget_due(tx: Tx) -> int:
    forgotten = messages.forget_due(tx) + market.forget_due(tx)
    return forgotten + retention.forget_due(tx)

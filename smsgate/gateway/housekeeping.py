"""What falls due by itself: expiries, texts to send once more, old bodies to empty.

What comes in: the time. What goes out: questions and outbox rows that expire, unsure
receipts that go once more, new PINs that begin to hold, holds that post or void. A
reader looks first whether anything is due, so that an idle house writes nothing.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog

from smsgate import handlers, ledger, messages
from smsgate.clock import HOUR_MS
from smsgate.handlers import Rehearsal, WouldWrite
from smsgate.handlers.telling import owe_all
from smsgate.members import pins, retention
from smsgate.messages import outbox, questions
from smsgate.store import StoreError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from commands.reply import Voice
    from smsgate.clock import Clock
    from smsgate.gateway.sending import Sender
    from smsgate.store import Store, Tx

log = structlog.get_logger(__name__)

#: How often it is looked whether anything is due.
_EVERY_S = 5.0


class Housekeeping:
    """Does what is due."""

    def __init__(
        self, store: Store, clock: Clock, senders: Mapping[str, Sender], voice: Voice
    ) -> None:
        """Work on this store; senders are woken when a row is due again."""
        self._voice = voice
        self._store = store
        self._clock = clock
        self._senders = senders
        self._swept_ms = 0

    async def run(self) -> None:
        """Look every few seconds, until cancelled."""
        while True:
            try:
                await self.once()
            except StoreError as error:
                log.warning("housekeeping.postponed", why=str(error))
            await asyncio.sleep(_EVERY_S)

    async def once(self) -> None:
        """Do what is due now."""
        now_ms = self._clock.now_ms()
        if self._due(now_ms):
            await self._store.write(self._do)
            for sender in self._senders.values():
                sender.wake()
        if now_ms - self._swept_ms > HOUR_MS:
            self._swept_ms = now_ms
            while await self._store.write(messages.forget_due):
                pass
            await self._store.write(retention.forget_due)

    def _due(self, now_ms: int) -> bool:
        """Rehearse on a reader: what is due shows in the first write."""
        try:
            self._do(Rehearsal(self._store.peek, self._clock, now_ms))
        except WouldWrite:
            return True
        return False

    def _do(self, tx: Tx) -> None:
        outbox.expire_due(tx)
        outbox.unsure_due(tx)
        questions.expire_due(tx)
        pins.settle_due(tx)
        ledger.expire_due(tx)
        owe_all(tx, handlers.fall_due(tx), self._voice)

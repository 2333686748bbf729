"""A text of several SMS, part by part: what went is known after any fault.

What comes in: a text that is `sending`, and its link. What goes out: the same as for
any text, a `Sent` or one of the three kinds of errors, so that whoever sends need not
know; but each part is durably begun before its first byte and settled behind it, and
the next attempt leaves out those that went. Between two parts receipts may pass. Texts
of one SMS, and links that take a text whole, go straight to the link. The states stand
in `smsgate.messages.outbox.parts`; used by `smsgate.gateway.out.sending`.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import structlog

from modem.errors import LinkDown, Rejected, Unsure
from modem.link import OutgoingPart, Sent
from modem.text import segments
from smsgate.messages.outbox import parts
from smsgate.store import StoreError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from modem.link import Link, Outgoing
    from smsgate.gateway.out.routing import Pay
    from smsgate.store import Store, Tx

    #: Lets others pass; says whether the rest of the text may still go.
    Between = Callable[[], Awaitable[bool]]
    #: Counts a part; says what keeps its price, where it has one.
    Pays = Callable[[], Pay | None]

log = structlog.get_logger(__name__)

T = TypeVar("T")

#: No text of so few characters needs two SMS, in whichever alphabet.
_SHORT = 70
#: How long to wait when the ledger cannot be written.
_STORE_AGAIN_S = 1.0


class LongTexts:
    """The way over one link of texts that may be long."""

    def __init__(self, link: Link, store: Store) -> None:
        """Send over `link`."""
        self._link = link
        self._store = store

    async def send(self, outgoing: Outgoing, *, between: Between, pays: Pays) -> Sent:
        """Send a text; `between` is awaited between two parts.

        `pays` is asked for the price of each part that may be out; that of a text that
        goes whole is not counted here.

        Raises:
            LinkDown: it is not sent, or not all of it; the rest goes the next time.
            Rejected: it will never be taken.
            Unsure: a part was written and nobody answered; all others are sent.
        """
        total = self.parts_of(outgoing.text)
        if total == 1:
            return await self._link.send(outgoing)
        tried: set[int] = set()
        part = await self._begin(outgoing.id, total, tried)
        while part is not None:
            tried.add(part.number)
            await self._one(outgoing, part, pays)
            if not part.last and not await between():
                raise LinkDown("the daemon is stopping; the other parts go later")
            part = await self._begin(outgoing.id, total, tried)
        if await self._write(lambda tx: parts.in_doubt(tx, outgoing.id)):
            raise Unsure("the link did not say whether it sent a part of the text")
        # The references stand with the parts.
        return Sent()

    def parts_of(self, text: str) -> int:
        """Return in how many parts a text goes over this link; 1: whole."""
        if not self._link.capabilities.parts or len(text) <= _SHORT:
            return 1
        return segments(text).segments

    async def _begin(
        self, row_id: int, total: int, tried: set[int]
    ) -> parts.Begun | None:
        return await self._write(
            lambda tx: parts.begin(tx, row_id, total, tried=frozenset(tried))
        )

    async def _one(self, outgoing: Outgoing, part: parts.Begun, pays: Pays) -> None:
        row_id, number = outgoing.id, part.number
        own = OutgoingPart(number=number, tie=part.tie)
        try:
            sent = await self._link.send(replace(outgoing, part=own))
        except (LinkDown, Rejected):
            await self._write(lambda tx: parts.put_back(tx, row_id, number))
            raise
        except Unsure as error:
            log.warning("sms.part_unsure", outbox=row_id, part=number, why=str(error))
            await self._write(_settled(pays(), parts.doubted, row_id, number))
        except Exception:
            await self._write(_settled(pays(), parts.doubted, row_id, number))
            raise
        else:
            reference = "".join(sent.references[:1])
            taken = partial(parts.taken, reference=reference)
            self._store.later(_settled(pays(), taken, row_id, number))

    async def _write(self, fn: Callable[[Tx], T]) -> T:
        """Write, however long the disk takes to be well again."""
        while True:
            try:
                return await self._store.write(fn)
            except StoreError as error:
                log.warning("outbox.unwritten", link=self._link.name, why=str(error))
                await asyncio.sleep(_STORE_AGAIN_S)


def _settled(
    pay: Pay | None, settle: Callable[[Tx, int, int], None], row_id: int, number: int
) -> Callable[[Tx], None]:
    """Return what settles a part and keeps its price in one transaction."""

    def both(tx: Tx) -> None:
        settle(tx, row_id, number)
        if pay is not None:
            pay(tx)

    return both

"""What a link took in one turn of the loop, settled with one job of the writer.

What comes in: a row that the far side took, its references, and what keeps its price.
What goes out: one transaction for all that came since the loop was last round, so that
a link with a wide window does not keep the writer busy. A fault of our own in one of
them undoes all: then each is settled by itself, and what fails even so is `sent` and
nothing else, because the far side has it. Used by `smsgate.gateway.out.sending`.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import structlog

from smsgate.messages import outbox
from smsgate.store import StoreClosed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from smsgate.gateway.out.routing import Pay
    from smsgate.store import Store, Tx

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _One:
    """A row that the far side took."""

    row_id: int
    references: Sequence[str]
    pay: Pay | None


class Taken:
    """Rows of one link that are taken and not settled yet."""

    def __init__(
        self, store: Store, begin: Callable[[], None], end: Callable[[], None]
    ) -> None:
        """Call `begin` when there is something to settle, and `end` behind it."""
        self._store = store
        self._begin = begin
        self._end = end
        self._rows: list[_One] = []

    def note(self, row_id: int, references: Sequence[str], pay: Pay | None) -> None:
        """Settle a row with whatever else is taken in this turn of the loop."""
        if not self._rows:
            self._begin()
            asyncio.get_running_loop().call_soon(self._settle)
        self._rows.append(_One(row_id=row_id, references=references, pay=pay))

    def _settle(self) -> None:
        rows, self._rows = self._rows, []
        try:
            self._store.later(partial(_settled, rows=rows), partial(self._apart, rows))
        finally:
            self._end()

    def _apart(self, rows: Sequence[_One]) -> None:
        """Settle each by itself, so that one fault is one text's."""
        for one in rows:
            self._later(partial(_settled, rows=[one]), partial(self._bare, one))

    def _bare(self, one: _One) -> None:
        log.error("sms.unsettled", outbox=one.row_id, why="see the fault before this")
        self._later(partial(_barely, row_id=one.row_id))

    def _later(
        self, fn: Callable[[Tx], object], failed: Callable[[], None] | None = None
    ) -> None:
        try:
            self._store.later(fn, failed)
        except StoreClosed:
            # The next start finds it `sending`, and knows that it is unsure.
            log.warning("sms.unsettled", why="the ledger was closed before")


def _settled(tx: Tx, rows: Sequence[_One]) -> None:
    outbox.sent(tx, [(one.row_id, one.references) for one in rows])
    for one in rows:
        if one.pay is not None:
            one.pay(tx)


def _barely(tx: Tx, row_id: int) -> None:
    outbox.plainly(tx, row_id, outbox.State.sent, "")

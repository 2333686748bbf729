"""What a link took in one turn of the loop, settled with one job of the writer.

What comes in: a row that the far side took, its references, and what keeps its price.
What goes out: one transaction for all that came since the loop was last round, so that
a link with a wide window does not keep the writer busy. Used by
`smsgate.gateway.sending`.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from smsgate.messages import outbox

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from smsgate.gateway.routing import Pay
    from smsgate.store import Store, Tx


class Taken:
    """Rows of one link that are taken and not settled yet."""

    def __init__(
        self, store: Store, begin: Callable[[], None], end: Callable[[], None]
    ) -> None:
        """Call `begin` when there is something to settle, and `end` behind it."""
        self._store = store
        self._begin = begin
        self._end = end
        self._rows: list[tuple[int, Sequence[str]]] = []
        self._pays: list[Pay] = []

    def note(self, row_id: int, references: Sequence[str], pay: Pay | None) -> None:
        """Settle a row with whatever else is taken in this turn of the loop."""
        if not self._rows:
            self._begin()
            asyncio.get_running_loop().call_soon(self._settle)
        self._rows.append((row_id, references))
        if pay is not None:
            self._pays.append(pay)

    def _settle(self) -> None:
        rows, self._rows = self._rows, []
        pays, self._pays = self._pays, []

        def settle(tx: Tx) -> None:
            outbox.sent(tx, rows)
            for pay in pays:
                pay(tx)

        try:
            self._store.later(settle)
        finally:
            self._end()

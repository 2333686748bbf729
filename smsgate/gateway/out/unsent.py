"""A row that was not sent, settled whatever stands in the way.

What comes in: a row, what becomes of it, and why. What goes out: one transaction now;
on a disk that fails, later; and where settling it is beyond us by a fault of our own, a
row that is `unsure` and nothing else: it must not stay `sending` until a restart. What
was taken is settled in `smsgate.gateway.out.taken`; used by
`smsgate.gateway.out.sending`.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import structlog

from smsgate.messages import outbox
from smsgate.store import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable

    from smsgate.store import Store, Tx

    #: Puts a row, by its number, into its next state, and says why.
    Settle = Callable[[Tx, int, str], object]

log = structlog.get_logger(__name__)


async def settle(store: Store, row_id: int, how: Settle, why: str) -> None:
    """Settle a row; return once that is durable, or as good as promised."""

    def settled(tx: Tx) -> None:
        how(tx, row_id, why)

    def otherwise() -> None:
        store.later(partial(_doubt, row_id=row_id, why=why))

    try:
        await store.write(settled)
    except StoreError:
        # Tried again until the disk is well.
        store.later(settled, otherwise)
    except Exception:
        log.exception("sms.unsettled", outbox=row_id)
        otherwise()


def _doubt(tx: Tx, row_id: int, why: str) -> None:
    outbox.plainly(tx, row_id, outbox.State.unsure, why)

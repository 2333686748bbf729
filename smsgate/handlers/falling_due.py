"""What falls due by itself about people: questions nobody answered, delays that end.

What comes in: an open transaction. What goes out: who must be told of it. Called by the
housekeeping of `smsgate.gateway`, which rehearses it first, so that an idle house
writes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smsgate.handlers import deeds
from smsgate.members import approvals

if TYPE_CHECKING:
    from smsgate.handlers.case import Told
    from smsgate.store import Tx

#: Nobody did it: its time was up.
_ACTOR = "daemon"


def fall_due(tx: Tx) -> tuple[Told, ...]:
    """Do what is due; return what must be told."""
    for approval in approvals.expire_due(tx):
        deeds.drop(tx, approval, _ACTOR)
    return ()

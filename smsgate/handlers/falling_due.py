"""What falls due by itself about people: questions nobody answered, delays that end.

What comes in: an open transaction. What goes out: who must be told of it. Called by the
housekeeping of `smsgate.gateway`, which rehearses it first, so that an idle house
writes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands.reply import PinResetStopped
from smsgate import members
from smsgate.handlers import deeds, join, reset, stop
from smsgate.handlers.case import Told
from smsgate.members import approvals, pins, stops

if TYPE_CHECKING:
    from smsgate.store import Tx

#: Nobody did it: its time was up.
_ACTOR = "daemon"


def fall_due(tx: Tx) -> tuple[Told, ...]:
    """Do what is due; return what must be told."""
    for approval in approvals.expire_due(tx):
        deeds.drop(tx, approval, _ACTOR)
    return _unconfirmed(tx) + join.lapsed(tx) + stop.lifted(tx, stops.lift_due(tx))


def _unconfirmed(tx: Tx) -> tuple[Told, ...]:
    """Void new PINs that no guardian agreed to in time."""
    told = []
    for account in pins.held_since(tx, tx.now_ms - reset.GUARDIAN_MS):
        member = members.by_account(tx, account)
        if member is not None:
            reset.void(tx, member, _ACTOR)
            told.append(Told(reply=PinResetStopped(), to=member))
    return tuple(told)

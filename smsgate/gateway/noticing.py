"""Notices: texts that answer no text, owed by the housekeeping.

What comes in: an open transaction and what members are to be told. What goes out: rows
of the outbox, in each member's language, for whichever link can send. They are never
born `sending`: notices wait behind receipts and keep to the pace of a SIM.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from commands.replies import name_of, render
from smsgate.clock import DAY_MS
from smsgate.messages import outbox

if TYPE_CHECKING:
    from collections.abc import Iterable

    from smsgate.gateway.answering import House
    from smsgate.handlers import Told
    from smsgate.store import Tx

#: How long a notice is worth sending.
_LIVES_MS = DAY_MS


def owe_notices(tx: Tx, house: House, notices: Iterable[Told]) -> None:
    """Owe what members are to be told; one without a recipient is nobody's."""
    for told in notices:
        if told.to is None:
            raise AssertionError("a notice is owed to nobody")
        outbox.owe(
            tx,
            inbox=None,
            cls=told.cls,
            name=name_of(type(told.reply)),
            recipient=told.to.phone,
            body=render(told.reply, replace(house.voice, language=told.to.language)),
            link="",
            expires_ms=tx.now_ms + _LIVES_MS,
        )

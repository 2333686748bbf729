"""Texts that answer no text: what falls due is told by itself.

What comes in: an open transaction and what is to be told to whom. What goes out: rows
of the outbox in each member's language, over whichever link can send. The answers to
texts are owed in `smsgate.gateway.answering`.
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

#: How long it is worth sending.
_LIVES_MS = DAY_MS


def tell(tx: Tx, house: House, told: Iterable[Told]) -> None:
    """Owe these texts; each names its member."""
    for one in told:
        if one.to is None:
            raise AssertionError("a text that answers none is owed to nobody")
        voice = replace(house.voice, language=one.to.language)
        outbox.owe(
            tx,
            inbox=None,
            cls=one.cls,
            name=name_of(type(one.reply)),
            recipient=one.to.phone,
            body=render(one.reply, voice),
            link="",
            expires_ms=tx.now_ms + _LIVES_MS,
        )

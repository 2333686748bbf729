"""Owe texts that answer none: what an operation or the passing of time has to tell.

What comes in: replies and whom they are for, inside the transaction that has a reason
to tell them. What goes out: rows of the outbox, which any link that can send may take.
Answers to a text are owed in `smsgate.gateway.answering`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from commands.replies import name_of, render
from smsgate.clock import DAY_MS
from smsgate.messages import outbox

if TYPE_CHECKING:
    from collections.abc import Iterable

    from commands.reply import Voice
    from smsgate.handlers.case import Told
    from smsgate.store import Tx

#: How long such a text is worth sending.
_LIVES_MS = DAY_MS


def owe_all(tx: Tx, told: Iterable[Told], voice: Voice) -> None:
    """Owe each reply to the phone it is for, in the language of whoever holds it."""
    for one in told:
        phone = one.phone or (one.to.phone if one.to is not None else "")
        if not phone:
            raise AssertionError("a text that answers none is owed to nobody")
        spoken = voice
        if one.to is not None and one.to.language != voice.language:
            spoken = replace(voice, language=one.to.language)
        outbox.owe(
            tx,
            inbox=None,
            cls=one.cls,
            name=name_of(type(one.reply)),
            recipient=phone,
            body=render(one.reply, spoken),
            link="",
            expires_ms=tx.now_ms + _LIVES_MS,
        )

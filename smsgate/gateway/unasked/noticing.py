"""Notices: texts that answer no text, owed by the housekeeping and by operations.

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

    from commands.reply import Voice
    from smsgate.handlers import Told
    from smsgate.store import Tx

#: How long a notice is worth sending.
_LIVES_MS = DAY_MS


def owe_notices(tx: Tx, voice: Voice, notices: Iterable[Told]) -> None:
    """Owe each reply to the phone it is for, in the language of whoever holds it."""
    for told in notices:
        phone = told.phone or ("" if told.to is None else told.to.phone)
        if not phone:
            raise AssertionError("a notice is owed to nobody")
        language = voice.language if told.to is None else told.to.language
        outbox.owe(
            tx,
            inbox=None,
            cls=told.cls,
            name=name_of(type(told.reply)),
            recipient=phone,
            body=render(told.reply, replace(voice, language=language)),
            link="",
            due_ms=tx.now_ms + told.wait_ms,
            expires_ms=tx.now_ms + told.wait_ms + _LIVES_MS,
        )

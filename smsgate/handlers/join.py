"""ALTA: a stranger asks to become a member; a member is told that they are one.

What comes in: a `Join`. What goes out: a place in the queue `join`, which staff approve
(`smsgate join approve`). Nobody becomes a member by text alone, and writing twice is
one request.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands.reply import JoinAsked, MemberAlready, QueueFull
from smsgate.handlers.case import say
from smsgate.members import matters
from smsgate.members.matters import Queue

if TYPE_CHECKING:
    from commands.command import Join
    from smsgate.handlers.case import Case, Result
    from smsgate.store import Tx


def join(case: Case, _: Join) -> Result:
    """Tell a member their code."""
    return say(MemberAlready(code=case.sender.code))


def ask_to_join(tx: Tx, phone: str, command: Join) -> Result:
    """Put a stranger into the queue."""
    known = matters.open_one(tx, Queue.newcomer, phone=phone)
    if known is not None:
        return say(JoinAsked(name=known.words))
    waiting = matters.put(tx, Queue.newcomer, phone=phone, words=command.name)
    return say(QueueFull() if waiting is None else JoinAsked(name=command.name))

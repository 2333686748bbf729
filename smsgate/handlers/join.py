"""ALTA: a stranger asks to become a member; a member is told that they are one.

What comes in: a `Join`. What goes out: a place in the queue `join`, which staff approve
(`smsgate join approve`). Nobody becomes a member by text alone, and writing twice is
one request. Whoever is turned down, or not decided about in a month, is told so once;
that text counts among the few that a stranger gets in a day, and waits for the next day
where they had those.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands.replies import name_of
from commands.reply import JoinAsked, MemberAlready, QueueFull
from commands.reply.safety import JoinOver
from smsgate import members
from smsgate.clock import DAY_MS
from smsgate.handlers.case import Told, say
from smsgate.members import matters
from smsgate.members.matters import Queue
from smsgate.messages import inbox, outbox
from smsgate.messages.outbox import Class

if TYPE_CHECKING:
    from commands.command import Join
    from smsgate.handlers.case import Case, Result
    from smsgate.members.matters import Matter
    from smsgate.store import Query, Tx

#: How often in a day a number that is no member's is written to.
STRANGER_TEXTS = 2


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


def lapsed(tx: Tx) -> tuple[Told, ...]:
    """Close the requests that nobody decided about in time; say what is told."""
    told: list[Told] = []
    for matter in matters.lapsed_joins(tx):
        told += not_taken_in(tx, matter, lapsed=True)
        matters.close(tx, matter, done=False, actor="daemon")
    return tuple(told)


def not_taken_in(tx: Tx, matter: Matter, *, lapsed: bool) -> tuple[Told, ...]:
    """Tell somebody that their request is over; nothing to who is a member by now."""
    if members.phone_taken(tx, matter.phone):
        return ()
    had_enough = stranger_texts(tx, matter.phone, tx.now_ms - DAY_MS) >= STRANGER_TEXTS
    over = Told(
        reply=JoinOver(lapsed=lapsed),
        phone=matter.phone,
        cls=Class.notice,
        wait_ms=DAY_MS if had_enough else 0,
    )
    return (over,)


def stranger_texts(q: Query, phone: str, since_ms: int) -> int:
    """Return how often a stranger was written to since then, or will be."""
    answered = inbox.answered_since(q, phone, since_ms)
    return answered + outbox.unasked_since(q, phone, since_ms, name_of(JoinOver))

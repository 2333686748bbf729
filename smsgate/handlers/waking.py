"""A phone that was silent for months and writes again: is it still the member's?

What comes in: a `Case` with any text. What goes out: the case as it is to be answered,
and who else is told. Operators give numbers that nobody uses to somebody else, and a
SIM that was swapped is silent first. So from the first text after `dormant_ms` on the
member pays little for a while and nothing at once, as after a change of phone; their
guardians are told, and staff find it among the calls to make. Asked by
`smsgate.handlers.handle` before anything else.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from commands.reply.safety import GuardianWoken
from smsgate.clock import DAY_MS
from smsgate.handlers.case import Rehearsal, Told
from smsgate.members import guardians, matters, phones
from smsgate.members.matters import Queue, Topic

if TYPE_CHECKING:
    from smsgate.handlers.case import Case


def woken(case: Case) -> tuple[Case, tuple[Told, ...]]:
    """Note that the sender's phone was heard; say whom it concerns if it slept."""
    sender, tx = case.sender, case.tx
    silent_ms = phones.silent_ms(sender, tx.now_ms)
    slept = 0 < case.policy.dormant_ms <= silent_ms
    if not isinstance(tx, Rehearsal):
        phones.heard(tx, sender)
        if slept:
            phones.pay_little(tx, sender.account)
    if not slept:
        return case, ()
    case = replace(case, sender=replace(sender, low_from_ms=tx.now_ms))
    return case, () if isinstance(tx, Rehearsal) else _told(case, silent_ms // DAY_MS)


def _told(case: Case, days: int) -> tuple[Told, ...]:
    sender = case.sender
    matters.put(
        case.tx,
        Queue.callback,
        phone=sender.phone,
        account=sender.account,
        topic=Topic.silence,
        words=f"escribio tras {days} dias de silencio: el numero sigue siendo suyo?",
    )
    reply = GuardianWoken(name=sender.name, code=sender.code, count=days)
    return tuple(
        Told(reply=reply, to=guardian)
        for guardian in guardians.of(case.tx, sender.account)
    )

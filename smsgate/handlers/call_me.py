"""LLAMAR: a member wants to be called.

What comes in: a `CallMe`, perhaps with what about. What goes out: a place in the queue
`callback`; writing again adds to the words and is no second call.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands.reply import CallNoted, QueueFull
from smsgate.handlers.case import say
from smsgate.members import matters
from smsgate.members.matters import Queue

if TYPE_CHECKING:
    from commands.command import CallMe
    from smsgate.handlers.case import Case, Result


def call_me(case: Case, command: CallMe) -> Result:
    """Note that this member wants to be called."""
    noted = matters.put(
        case.tx,
        Queue.callback,
        phone=case.sender.phone,
        account=case.sender.account,
        words=command.topic,
    )
    return say(QueueFull() if noted is None else CallNoted())

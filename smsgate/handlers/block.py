"""ROBO: from the member's own phone it freezes the account at once.

What comes in: a `Block`. What goes out: `Blocked`; nothing can be paid from the account
until staff lift it. A new PIN that waits for its day is void, and so is every question
that is open, with the units that a first payment holds. With somebody else's code, or
over a link where anybody can pretend to be the member, it is what any other phone could
say: see `smsgate.handlers.stop`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands.reply import Blocked
from smsgate.handlers import stop
from smsgate.handlers.case import Result, Told

if TYPE_CHECKING:
    from commands.command import Block
    from smsgate.handlers.case import Case


def block(case: Case, command: Block) -> Result:
    """Freeze the sender's account, or stop the one whose code stands there."""
    code = None if command.code is None else command.code.digits
    if code is not None and code != case.sender.code:
        return stop.said_for(
            case.tx, case.sender.phone, code, case.sender if case.trusted else None
        )
    if not case.trusted:
        return stop.said_loosely(case.tx, case.sender)
    told = stop.freeze_own(case.tx, case.sender)
    return Result(told=(Told(reply=Blocked()), *told))

"""ROBO: from the member's own phone it freezes the account at once.

What comes in: a `Block`. What goes out: `Blocked`; nothing can be paid from the account
until staff lift it. A new PIN that waits for its day is void, and so is every question
that is open, with the units that a first payment holds. From another phone, with a
code, it cannot be done yet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands.command import Keyword
from commands.reply import Blocked, NotBuilt
from smsgate import ledger
from smsgate.handlers import cooling
from smsgate.handlers.case import say
from smsgate.members import pins
from smsgate.messages import questions

if TYPE_CHECKING:
    from commands.command import Block
    from smsgate.handlers.case import Case, Result


def block(case: Case, command: Block) -> Result:
    """Freeze the sender's account."""
    if command.code is not None and command.code.digits != case.sender.code:
        return say(NotBuilt(keyword=Keyword.robo, money=False))
    account = case.sender.account
    if case.sender.state == "active":
        ledger.freeze(case.tx, account, "member", "ROBO")
    pins.cancel_reset(case.tx, account, "member")
    for question in questions.open_of(case.tx, account, case.tx.now_ms):
        cooling.free(case.tx, question)
        questions.close(case.tx, question.id, "void")
    return say(Blocked())

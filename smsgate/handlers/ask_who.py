"""QUIEN: whose phone, code or alias is it?

What comes in: an `AskWho`. What goes out: the name and the code, so that a member can
look before paying; never a phone. It is answered so many times an hour and no more, or
one could list the whole network with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands.command import Alias, Keyword
from commands.reply import Who, WhoEnough, WhoUnknown
from smsgate import members
from smsgate.clock import HOUR_MS
from smsgate.handlers.case import say
from smsgate.messages import inbox

if TYPE_CHECKING:
    from commands.command import AskWho
    from smsgate.handlers.case import Case, Result

#: How many look-ups an hour one phone may make.
_AN_HOUR = 20


def ask_who(case: Case, command: AskWho) -> Result:
    """Tell who it is."""
    since = case.tx.now_ms - HOUR_MS
    asked = inbox.commands_since(case.tx, case.sender.account, Keyword.quien, since)
    if asked >= _AN_HOUR:
        return say(WhoEnough())
    recipient = command.recipient
    found = members.named(case.tx, recipient)
    if found is not None:
        able = found.state in members.CAN_RECEIVE
        return say(Who(name=found.name, code=found.code, able=able))
    if not isinstance(recipient, Alias):
        return say(WhoUnknown())
    near = members.near_aliases(case.tx, recipient.word)
    return say(WhoUnknown(alias=recipient.word, near=near))

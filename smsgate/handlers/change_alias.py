"""ALIAS: the word that a member can be paid by.

What comes in: a `ChangeAlias` with a PIN. What goes out: the alias, or why it cannot be
had; that is found out before the PIN is looked at, so that it costs no try.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands.command import Keyword
from commands.reply import AliasEarly, AliasRefused, AliasSet
from smsgate import members
from smsgate.clock import from_ms
from smsgate.handlers.case import say
from smsgate.handlers.shut import shut
from smsgate.members import aliases

if TYPE_CHECKING:
    from commands.command import ChangeAlias
    from smsgate.handlers.case import Case, Result


def change_alias(case: Case, command: ChangeAlias) -> Result:
    """Give the member this alias."""
    if case.sender.state != "active":
        return say(shut(case, money=False))
    account, word = case.sender.account, command.word
    try:
        aliases.check_alias(case.tx, account, word, case.tx.now_ms)
    except members.AliasBad:
        return say(AliasRefused(alias=word, taken=False))
    except members.AliasTaken:
        return say(AliasRefused(alias=word, taken=True))
    except aliases.AliasTooEarly as early:
        return say(AliasEarly(at=from_ms(early.until_ms)))
    if command.pin is None:
        return say(case.asked(Keyword.alias))
    bad_pin = case.refused(command.pin, money=False)
    if bad_pin is not None:
        return say(bad_pin)
    return say(AliasSet(alias=aliases.set_alias(case.tx, account, word)))

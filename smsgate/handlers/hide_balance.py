"""SALDO OCULTO: receipts that tell no balance, for those whose phone others read.

What comes in: a `HideBalance`. What goes out: that it holds. To hide it needs nothing,
to have it told again needs the PIN. SALDO with the PIN tells it in any case.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands.command import Keyword
from commands.reply import BalanceHidden, BalanceShown
from smsgate import members
from smsgate.handlers.case import say

if TYPE_CHECKING:
    from commands.command import HideBalance
    from smsgate.handlers.case import Case, Result


def hide_balance(case: Case, command: HideBalance) -> Result:
    """Hide the balance in receipts, or tell it again."""
    account = case.sender.account
    if command.hidden:
        members.set_hidden(case.tx, account, hidden=True)
        return say(BalanceHidden())
    if command.pin is None:
        return say(case.asked(Keyword.saldo, visible=True))
    bad_pin = case.refused(command.pin, money=False)
    if bad_pin is not None:
        return say(bad_pin)
    members.set_hidden(case.tx, account, hidden=False)
    return say(BalanceShown())

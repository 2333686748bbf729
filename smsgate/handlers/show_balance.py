"""SALDO: balance, what is left to spend, the credit limit, and the last movement.

What comes in: a `ShowBalance`, with the PIN where the network asks for it. What goes
out: one `Balance`. The figures are those of the transaction that owes the answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands.command import Keyword
from commands.reply import Balance, LastMove
from smsgate import ledger, members
from smsgate.clock import from_ms
from smsgate.handlers.case import say

if TYPE_CHECKING:
    from commands.command import ShowBalance
    from commands.reply import Reply
    from commands.secret import Secret
    from smsgate.handlers.case import Case, Result
    from smsgate.ledger import Move


def show_balance(case: Case, command: ShowBalance) -> Result:
    """Tell the balance."""
    refused = unseen(case, Keyword.saldo, command.pin)
    if refused is not None:
        return say(refused)
    account = ledger.account(case.tx, case.sender.account)
    newest = ledger.moves(case.tx, account.id, 1)
    return say(
        Balance(
            balance=account.balance,
            available=account.available,
            limit=account.credit_limit,
            last=told(case, newest[0]) if newest else None,
        )
    )


def unseen(case: Case, keyword: Keyword, pin: Secret | None) -> Reply | None:
    """Refuse to show the account's affairs without the PIN, where it is asked for."""
    if not (case.policy.balance_needs_pin or case.sender.hidden):
        return None
    if pin is None:
        return case.asked(keyword)
    return case.refused(pin, money=False)


def told(case: Case, move: Move) -> LastMove:
    """Return a movement as a member is told of it."""
    other = members.by_account(case.tx, move.other)
    name = case.policy.network if other is None else other.name
    return LastMove(amount=move.amount, name=name, at=from_ms(move.at_ms))

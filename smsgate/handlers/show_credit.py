"""CREDITO: the credit limit and what is used of it; or a request for more.

What comes in: a `ShowCredit`, with the PIN where the network asks for it, or with the
member's own words. What goes out: the figures, or a ticket for staff; only they set a
limit (`smsgate member limit`), and the member is told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands.command import Keyword
from commands.reply import Credit, CreditAsked, QueueFull
from smsgate import ledger
from smsgate.handlers.case import say
from smsgate.handlers.show_balance import unseen
from smsgate.members import matters
from smsgate.members.matters import Queue, Topic

if TYPE_CHECKING:
    from commands.command import ShowCredit
    from smsgate.handlers.case import Case, Result


def show_credit(case: Case, command: ShowCredit) -> Result:
    """Tell the credit, or put a request before staff."""
    account = ledger.account(case.tx, case.sender.account)
    if command.text:
        ticket = matters.put(
            case.tx,
            Queue.ticket,
            phone=case.sender.phone,
            account=account.id,
            topic=Topic.credit,
            words=command.text,
        )
        if ticket is None:
            return say(QueueFull())
        return say(CreditAsked(limit=account.credit_limit))
    refused = unseen(case, Keyword.credito, command.pin)
    if refused is not None:
        return say(refused)
    return say(
        Credit(
            limit=account.credit_limit,
            used=max(0, -account.balance),
            available=account.available,
        )
    )

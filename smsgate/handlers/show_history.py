"""MOVS: the account's movements, three a page, newest first.

What comes in: a `ShowHistory` with a page. What goes out: one `History`, which names
the next page while there is one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands.command import Keyword
from commands.reply import History
from smsgate import ledger
from smsgate.handlers.case import say
from smsgate.handlers.show_balance import told, unseen

if TYPE_CHECKING:
    from commands.command import ShowHistory
    from smsgate.handlers.case import Case, Result

_PAGE = 3


def show_history(case: Case, command: ShowHistory) -> Result:
    """Tell one page of movements."""
    refused = unseen(case, Keyword.movs, command.pin)
    if refused is not None:
        return say(refused)
    skip = _PAGE * (command.page - 1)
    found = ledger.moves(case.tx, case.sender.account, _PAGE + 1, skip=skip)
    return say(
        History(
            moves=tuple(told(case, move) for move in found[:_PAGE]),
            next_page=command.page + 1 if len(found) > _PAGE else None,
            beyond=command.page > 1 and not found,
        )
    )

"""What a number can do that is no member's: little, and never about money.

What comes in: a transaction, the number, and what its text was read as. What goes out:
a `Result`, or None, and then the number hears once a day that it is no member's. How
often a stranger is written to at all is counted here and held by
`smsgate.gateway.answering`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands.command import Block, Join, Keyword, Misread, Why
from commands.reply import NotUnderstood
from smsgate.handlers import stop
from smsgate.handlers.case import say
from smsgate.handlers.join import STRANGER_TEXTS, ask_to_join, stranger_texts
from smsgate.handlers.verify import FOUND

if TYPE_CHECKING:
    from commands.command import Command
    from smsgate.handlers.case import Result
    from smsgate.store import Query, Tx


def handle_stranger(tx: Tx, phone: str, said: Command | Misread) -> Result | None:
    """Do what a stranger asks, or return None."""
    match said:
        case Join():
            return ask_to_join(tx, phone, said)
        case Block(code=code) if code is not None:
            return stop.said_for(tx, phone, code.digits)
        case Block():
            return say(NotUnderstood(why=Why.syntax, keyword=Keyword.robo))
        case Misread(keyword=Keyword.alta | Keyword.robo):
            return say(NotUnderstood(why=said.why, keyword=said.keyword))
        case _:
            return None


def stranger_had_enough(q: Query, phone: str, since_ms: int) -> bool:
    """Say whether a stranger gets no further text today; genuine receipts are apart."""
    return stranger_texts(q, phone, since_ms, FOUND) >= STRANGER_TEXTS

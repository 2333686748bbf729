"""What a number can do that is no member's: little, and never about money.

What comes in: a transaction, the number, and what its text was read as. What goes out:
a `Result`, or None, and then the number hears once a day that it is no member's. Who
was sent a promotion can end that from any number, and is told so once; how often a
stranger is written to at all is counted here and held by `smsgate.gateway.answering`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands.command import (
    Block,
    Help,
    Join,
    Keyword,
    Misread,
    OptOut,
    Promotions,
    Why,
)
from commands.reply import ListHelp, ListLeft, ListRejoined, NotUnderstood
from smsgate.campaigns import replies
from smsgate.handlers import stop
from smsgate.handlers.case import Result, say
from smsgate.handlers.help import answer_campaign
from smsgate.handlers.join import STRANGER_TEXTS, ask_to_join, stranger_texts
from smsgate.members import consent

if TYPE_CHECKING:
    from commands.command import Command
    from smsgate.store import Query, Tx


def handle_stranger(
    tx: Tx, phone: str, said: Command | Misread, *, word: str = "", language: str = "es"
) -> Result | None:
    """Do what a stranger asks, or return None.

    `word` is the first word of the text, where a reply may repeat it.
    """
    match said:
        case Join():
            return ask_to_join(tx, phone, said)
        case Block(code=code) if code is not None:
            return stop.said_for(tx, phone, code.digits)
        case Block():
            return say(NotUnderstood(why=Why.syntax, keyword=Keyword.robo))
        case Misread(keyword=Keyword.alta | Keyword.robo):
            return say(NotUnderstood(why=said.why, keyword=said.keyword))
        case OptOut() | Promotions(wanted=False):
            return _leave(tx, phone)
        case Promotions():
            return _return(tx, phone)
        case Help() if replies.was_written_to(tx, phone):
            return say(ListHelp())
        case Misread(money=False, keyword=None):
            return answer_campaign(tx, phone, word, language)
        case _:
            return None


def _leave(tx: Tx, phone: str) -> Result:
    """End promotions to a number, and say so the first time."""
    if not consent.stop_promos(tx, phone, "text"):
        return Result(told=())
    replies.note_left(tx, phone)
    return say(ListLeft())


def _return(tx: Tx, phone: str) -> Result | None:
    """Begin promotions again to a number that had ended them; else it is a stranger."""
    return say(ListRejoined()) if consent.start_promos(tx, phone) else None


def stranger_had_enough(q: Query, phone: str, since_ms: int) -> bool:
    """Say whether a stranger gets no further text today, whatever it asks."""
    return stranger_texts(q, phone, since_ms) >= STRANGER_TEXTS

"""TARJETA: a member wants a code card.

What comes in: an `AskCard`. What goes out: that staff know. A card is made at a shell
(`smsgate card issue`) and given in person; until then the one before is good.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands.reply import CardAsked
from smsgate.handlers.case import say
from smsgate.members import cards

if TYPE_CHECKING:
    from commands.command import AskCard
    from smsgate.handlers.case import Case, Result


def ask_card(case: Case, _: AskCard) -> Result:
    """Put the member on the list of those who wait for a card."""
    card = cards.active_card(case.tx, case.sender.account)
    new = cards.ask_card(case.tx, case.sender.account)
    return say(CardAsked(codes=None if card is None else card.left, again=not new))

"""Answers to a question: SI, NO, its two-digit token, PIN or card code, in this order.

What comes in: all the words of a text that begins with SI, NO or a number. What goes
out: an `Answer`, or a `Misread`. Which question is meant, whether a bare PIN is enough
for it and whether it is open is decided in `smsgate.handlers.answer`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands.command import Answer, Keyword, Misread, Said, Why
from commands.tokens import question_token

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commands.normalise import Word
    from commands.tokens import Shapes


def read_answer(said: Said, words: Sequence[Word], shapes: Shapes) -> Answer | Misread:
    """Read what stands behind SI or NO, or the whole text where neither opens it."""
    token = question_token(words[0].text) if words else None
    rest = words if token is None else words[1:]
    pin, card = shapes.take_pin(rest), shapes.take_card(rest)
    if rest and pin is None and card is None:
        keyword = Keyword.no if said is Said.no else Keyword.si
        # Nobody here knows whether the question was about money: say that none moved.
        return Misread(why=Why.syntax, keyword=keyword, money=True)
    if said is Said.no:
        # NO needs no PIN; one that stands behind it is not checked.
        return Answer(said=said, token=token)
    return Answer(said=said, token=token, pin=pin, card=card)

"""What a text without a command could answer a MENU screen with.

What comes in: all the words of a text that begins with no command word, or that is one
digit alone. What goes out: a `Bare`, everything such a screen may ask for that the
words could be. Whether a screen is open, and which, is known only to the house
(`smsgate.handlers.menu`); a PIN is never asked for by one, so nothing here is one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from commands.command import Bare
from commands.words import OPT_OUT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from commands.command import Command, Keyword, Misread
    from commands.normalise import Word
    from commands.tokens import Shapes

_CHOICE = re.compile(r"[0-9]{1,2}")
_DIGIT = re.compile(r"[0-9]")


def read_bare(
    words: Sequence[Word],
    shapes: Shapes,
    behind: Callable[[Keyword], Command | Misread],
) -> Bare | None:
    """Read words as an answer to a screen; None where a command word opens them.

    `behind` reads them as they would be read behind a command word.
    """
    if not words:
        return None
    first = words[0].text
    alone = len(words) == 1
    if shapes.vocabulary.meaning(first) and not (alone and _DIGIT.fullmatch(first)):
        return None
    return Bare(
        choice=first if alone and _CHOICE.fullmatch(first) else "",
        recipient=shapes.recipient(" ".join(word.text for word in words)),
        amount=_amount(words, shapes),
        leaves=alone and first in OPT_OUT,
        alone=alone,
        behind=behind,
    )


def _amount(words: Sequence[Word], shapes: Shapes) -> int | None:
    """Read an amount, with the unit behind it or not; never what may be a PIN."""
    told = [word.text for word in words if not shapes.is_unit(word.text)]
    if len(told) != 1 or shapes.is_pin(told[0]):
        return None
    amount = shapes.amount(told[0])
    return None if amount is None else amount.minor

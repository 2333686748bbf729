"""What members say about their tills, their receipts, and paper that is worth money.

What comes in: the words behind a keyword. What goes out: its command, or a `Misread`;
with it the places that redaction spares, which are phones only: a PIN, a voucher or a
number of a code card never is. The keywords are told apart in `commands.parse`; carried
out in `smsgate.handlers`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from commands.command import Keyword, SetWord
from commands.grammar import without_fillers, wrong

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commands.grammar import Outcome
    from commands.normalise import Word
    from commands.secret import Secret
    from commands.tokens import Shapes

#: Letters only: what holds a digit may be a PIN that was glued to something.
_WORD = re.compile(r"[A-Z]{3,12}")


def read_word(words: Sequence[Word], shapes: Shapes) -> Outcome:
    """Read PALABRA: one word of 3 to 12 letters, and the PIN."""
    pin, rest = take_last_pin(without_fillers(words), shapes)
    if len(rest) != 1 or not _WORD.fullmatch(rest[0].text):
        return wrong(Keyword.palabra), ()
    return SetWord(word=rest[0].text, pin=pin), ()


def take_last_pin(
    words: Sequence[Word], shapes: Shapes
) -> tuple[Secret | None, Sequence[Word]]:
    """Take the PIN from the end, with `PIN` or `CLAVE` before it or not."""
    for count in (2, 1):
        pin = shapes.take_pin(words[-count:]) if len(words) >= count else None
        if pin is not None:
            return pin, words[:-count]
    return None, words

"""What stands behind the keywords about people: joining, calls, disputes.

What comes in: the words behind a keyword, and the line where they are the member's own.
What goes out: its command, or a `Misread`; with it the places that redaction spares.
Words of a member's own are redacted here, once: nothing that could be a PIN gets into a
queue. Told apart in `commands.parse`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands.command import CallMe, Dispute, Join, Keyword
from commands.grammar import without_fillers, wrong
from commands.redact import mask
from commands.tokens import REF_DIGITS, is_digits, joined_digits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commands.grammar import Outcome
    from commands.normalise import Word

NAME_MAX = 60
TEXT_MAX = 140
_ENDS = " *#;:,.-"


def read_join(words: Sequence[Word], line: str) -> Outcome:
    """Read ALTA: a name, with what else somebody says of themselves."""
    name = _own_words(words, line)[:NAME_MAX].rstrip(_ENDS)
    if not any(letter.isalpha() for letter in name):
        return wrong(Keyword.alta), ()
    return Join(name=name), ()


def read_call(words: Sequence[Word], line: str) -> Outcome:
    """Read LLAMAR: perhaps what it is about."""
    return CallMe(topic=_own_words(words, line)), ()


def read_dispute(words: Sequence[Word], line: str) -> Outcome:
    """Read RECLAMO: ten digits, in one piece or as receipts show them, and words."""
    told = [word for word in without_fillers(words) if word.text != "REF"]
    count = 0
    while count < len(told) and is_digits(told[count].text.replace("-", "")):
        count += 1
        ref = joined_digits(told[:count]) or ""
        if len(ref) == REF_DIGITS:
            span = (told[0].start, told[count - 1].end)
            text = _own_words(told[count:], line)
            return Dispute(ref=ref, text=text), (span,)
    return wrong(Keyword.reclamo), ()


def _own_words(words: Sequence[Word], line: str) -> str:
    if not words:
        return ""
    own = line[words[0].start : words[-1].end]
    return mask(own.strip(_ENDS))[:TEXT_MAX]

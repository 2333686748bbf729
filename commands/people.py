"""What stands behind the keywords about people: who they are and what they want.

What comes in: the words behind a keyword, and the line where they are the member's own.
What goes out: its command, or a `Misread`; with it the places that redaction spares.
Words of a member's own are redacted here, once: nothing that could be a PIN gets into a
queue. Told apart in `commands.parse`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from commands.command import (
    AskWho,
    CallMe,
    ChangeAlias,
    Dispute,
    Guard,
    Join,
    Keyword,
    OptOut,
    Promotions,
    ShowCredit,
    Why,
)
from commands.grammar import lone_reference, without_fillers, wrong
from commands.redact import mask
from commands.tokens import REF_DIGITS, is_digits, is_five_digits, joined_digits
from commands.words import PIN_MARKS, RECIPIENT_MARKS, SYNONYMS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commands.command import Misread, Recipient
    from commands.grammar import Outcome
    from commands.normalise import Word
    from commands.redact import Span
    from commands.tokens import Shapes

NAME_MAX = 60
TEXT_MAX = 140
_ENDS = " *#;:,.-"
_PIN_LIKE = re.compile(r"[0-9]{4}")
_NOTICES = frozenset({"AVISOS", "AVISO", "NOTICES", "NOTICE"})
_WANTED = {"SI": True, "YES": True, "NO": False}
#: Country code and the two halves of a number.
_PHONE_WORDS_MAX = 3


def read_join(words: Sequence[Word], line: str, _: Shapes) -> Outcome:
    """Read ALTA: a name, with what else somebody says of themselves."""
    name = _own_words(words, line)[:NAME_MAX].rstrip(_ENDS)
    if not any(letter.isalpha() for letter in name):
        return wrong(Keyword.alta), ()
    return Join(name=name), ()


def read_call(words: Sequence[Word], line: str, _: Shapes) -> Outcome:
    """Read LLAMAR: perhaps what it is about."""
    return CallMe(topic=_own_words(words, line)), ()


def read_dispute(words: Sequence[Word], line: str, _: Shapes) -> Outcome:
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
    # What happened may come first.
    at = lone_reference(told)
    if at is None:
        return wrong(Keyword.reclamo), ()
    ref, span = joined_digits(told[at : at + 1]) or "", (told[at].start, told[at].end)
    parts = _own_words(told[:at], line), _own_words(told[at + 1 :], line)
    return Dispute(ref=ref, text=" ".join(filter(None, parts))[:TEXT_MAX]), (span,)


def read_who(words: Sequence[Word], shapes: Shapes) -> Outcome:
    """Read QUIEN: one phone, code or alias."""
    found = take_recipient(without_fillers(words), shapes)
    if found is None:
        return _no_recipient(Keyword.quien, words), ()
    recipient, span = found
    return AskWho(recipient=recipient), span


def read_alias(words: Sequence[Word], shapes: Shapes) -> Outcome:
    """Read ALIAS: a word with no four digits in a row, and the PIN behind it."""
    words = without_fillers(words)
    if not words or not words[0].text[0].isalpha():
        return wrong(Keyword.alias), ()
    if _PIN_LIKE.search(words[0].text):
        # The space before the PIN was left out, and what is said of it would repeat it.
        return wrong(Keyword.alias), ()
    pin = shapes.take_pin(words[1:])
    if len(words) > 1 and pin is None:
        return wrong(Keyword.alias), ()
    return ChangeAlias(word=words[0].text, pin=pin), ()


def read_credit(words: Sequence[Word], line: str, shapes: Shapes) -> Outcome:
    """Read CREDITO: nothing, a PIN, or a request in the member's own words."""
    pin = shapes.take_pin(words)
    if pin is not None or not words:
        return ShowCredit(pin=pin), ()
    return ShowCredit(text=_own_words(words, line)), ()


def read_opt_out(words: Sequence[Word], _: Shapes) -> Outcome:
    """Read BAJA: who wants less is understood whatever else they wrote."""
    return OptOut(notices=any(word.text in _NOTICES for word in words)), ()


def read_guard(words: Sequence[Word], shapes: Shapes) -> Outcome:
    """Read GUARDIAN: perhaps QUITAR, a phone, code or alias, and the PIN."""
    words = without_fillers(words)
    drop = bool(words) and words[0].text in SYNONYMS[Keyword.quitar]
    words = words[1:] if drop else words
    pin = shapes.take_pin(words[-1:])
    if pin is not None:
        end = -2 if len(words) > 1 and words[-2].text in PIN_MARKS else -1
        found = take_recipient(words[:end], shapes)
    else:
        found = take_recipient(words, shapes)
    if found is None:
        return _no_recipient(Keyword.guardian, words), ()
    recipient, span = found
    return Guard(recipient=recipient, drop=drop, pin=pin), span


def read_promotions(words: Sequence[Word], _: Shapes) -> Outcome:
    """Read PROMOS: SI or NO."""
    wanted = _WANTED.get(words[0].text) if len(words) == 1 else None
    if wanted is None:
        return wrong(Keyword.promos), ()
    return Promotions(wanted=wanted), ()


def take_recipient(
    words: Sequence[Word], shapes: Shapes
) -> tuple[Recipient, tuple[Span, ...]] | None:
    """Read all of some words as one recipient; a phone may stand in two."""
    if words and words[0].text in RECIPIENT_MARKS:
        words = words[1:]
    if not 1 <= len(words) <= _PHONE_WORDS_MAX:
        return None
    text = " ".join(word.text for word in words)
    recipient = shapes.recipient(text) if len(words) == 1 else shapes.phone(text)
    if recipient is None:
        return None
    return recipient, ((words[0].start, words[-1].end),)


def _no_recipient(keyword: Keyword, words: Sequence[Word]) -> Misread:
    """Say why there is no recipient: five digits are a code that was mistyped."""
    mistyped = any(is_five_digits(word.text) for word in words)
    return wrong(keyword, Why.code_mistyped if mistyped else Why.syntax)


def _own_words(words: Sequence[Word], line: str) -> str:
    if not words:
        return ""
    own = line[words[0].start : words[-1].end]
    return mask(own.strip(_ENDS))[:TEXT_MAX]

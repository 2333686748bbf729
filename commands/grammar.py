"""What stands behind the keywords that move nothing by themselves.

What comes in: the words behind a keyword. What goes out: its command, or a `Misread`
that says that the keyword was right and the rest is not what it takes; with it the
places that redaction spares. Payments are read in `commands.pay`, answers to questions
in `commands.answers`; the keywords are told apart in `commands.parse`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from commands.command import (
    Block,
    ChangePin,
    Code,
    Help,
    HideBalance,
    Keyword,
    Misread,
    SetLanguage,
    ShowBalance,
    ShowHistory,
    Verify,
    Why,
)
from commands.damm import damm_ok
from commands.secret import Secret
from commands.tokens import REF_DIGITS, is_five_digits, joined_digits
from commands.words import FILLERS, MEMO_MARKS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commands.command import Command
    from commands.normalise import Word
    from commands.redact import Span
    from commands.tokens import Shapes

    Outcome = tuple[Command | Misread, tuple[Span, ...]]

_PAGE = re.compile(r"[1-9][0-9]?")
_HELP_PAGE = re.compile(r"[2-9]")
#: A new PIN of a wrong length is told what is wrong with it, within reason.
_NEW_PIN = re.compile(r"[0-9]{3,12}")
_ONE_TIME_DIGITS = 8
_HIDDEN = {"OCULTO": True, "HIDE": True, "VISIBLE": False, "SHOW": False}
_LANGUAGES = {
    "ES": "es",
    "ESPANOL": "es",
    "CASTELLANO": "es",
    "SPANISH": "es",
    "EN": "en",
    "INGLES": "en",
    "ENGLISH": "en",
}


def read_balance(words: Sequence[Word], shapes: Shapes) -> Outcome:
    """Read SALDO: perhaps a PIN, or whether receipts are to tell it.

    What follows POR is courtesy: `saldo por favor`.
    """
    words = without_fillers(_before_memo(words))
    hidden = _HIDDEN.get(words[0].text) if words else None
    if hidden is not None:
        pin = shapes.take_pin(words[1:])
        if len(words) > 1 and pin is None:
            return wrong(Keyword.saldo), ()
        return HideBalance(hidden=hidden, pin=pin), ()
    pin = shapes.take_pin(words)
    if words and pin is None:
        return wrong(Keyword.saldo), ()
    return ShowBalance(pin=pin), ()


def read_history(words: Sequence[Word], shapes: Shapes) -> Outcome:
    """Read MOVS: perhaps a page and a PIN, told apart by their length."""
    words = without_fillers(words)
    page = 1
    for at in (0, -1):
        if words and _PAGE.fullmatch(words[at].text):
            page = int(words[at].text)
            words = words[1:] if at == 0 else words[:-1]
            break
    pin = shapes.take_pin(words)
    if words and pin is None:
        return wrong(Keyword.movs), ()
    return ShowHistory(page=page, pin=pin), ()


def read_verify(words: Sequence[Word], _: Shapes) -> Outcome:
    """Read VER: ten digits, in one piece or as receipts show them.

    Before a whole receipt it is the one reference in it.
    """
    words = [word for word in without_fillers(words) if word.text != "REF"]
    ref = joined_digits(words)
    if ref is not None and len(ref) == REF_DIGITS:
        return Verify(ref=ref), ((words[0].start, words[-1].end),)
    at = lone_reference(words)
    if at is None:
        return wrong(Keyword.ver), ()
    word = words[at]
    return Verify(ref=word.text.replace("-", "")), ((word.start, word.end),)


def read_change_pin(words: Sequence[Word], shapes: Shapes) -> Outcome:
    """Read PIN: the old PIN or a one-time code, and the new PIN twice."""
    if len(words) < 3:
        return wrong(Keyword.pin), ()
    *head, new, again = words
    old = joined_digits(head)
    if old is None or not all(_NEW_PIN.fullmatch(word.text) for word in (new, again)):
        return wrong(Keyword.pin), ()
    # Only a one-time code is long enough to be written in two.
    if len(old) != _ONE_TIME_DIGITS and not (len(words) == 3 and shapes.is_pin(old)):
        return wrong(Keyword.pin), ()
    return ChangePin(
        old=Secret(old), new=Secret(new.text), again=Secret(again.text)
    ), ()


def read_block(words: Sequence[Word], _: Shapes) -> Outcome:
    """Read ROBO: nothing, or the code of the member whose phone is lost."""
    words = without_fillers(words)
    if not words:
        return Block(), ()
    if len(words) > 1 or not is_five_digits(words[0].text):
        return wrong(Keyword.robo), ()
    word = words[0]
    if not damm_ok(word.text):
        return wrong(Keyword.robo, Why.code_mistyped), ()
    return Block(code=Code(word.text)), ((word.start, word.end),)


def read_language(words: Sequence[Word], _: Shapes) -> Outcome:
    """Read IDIOMA: a language; any other word is an unknown one."""
    words = without_fillers(words)
    language = _LANGUAGES.get(words[0].text) if len(words) == 1 else None
    return SetLanguage(language=language), ()


def read_help(words: Sequence[Word], shapes: Shapes) -> Outcome:
    """Read AYUDA: a page, or the command it is about, a slip forgiven.

    A number is a page, as it is behind MOVS; only 1 is PAGAR, which opens the first.
    """
    words = without_fillers(words)
    if len(words) != 1:
        return Help(), ()
    if _HELP_PAGE.fullmatch(words[0].text):
        return Help(page=int(words[0].text)), ()
    topic = shapes.vocabulary.meaning(words[0].text)
    if topic is None:
        slips = shapes.vocabulary.one_slip(words[0].text)
        topic = slips[0] if len(slips) == 1 else None
    if not isinstance(topic, Keyword) or topic is Keyword.ayuda:
        return Help(), ()
    return Help(topic=topic), ()


def lone_reference(words: Sequence[Word]) -> int | None:
    """Return the place of the one word that is a reference; None if not just one is."""
    found = [
        place
        for place, word in enumerate(words)
        if len(joined_digits([word]) or "") == REF_DIGITS
    ]
    return found[0] if len(found) == 1 else None


def _before_memo(words: Sequence[Word]) -> Sequence[Word]:
    for place, word in enumerate(words):
        if word.text in MEMO_MARKS:
            return words[:place]
    return words


def without_fillers(words: Sequence[Word]) -> Sequence[Word]:
    """Drop the words that say nothing."""
    return [word for word in words if word.text not in FILLERS]


def wrong(which: Keyword, why: Why = Why.syntax) -> Misread:
    """Say that a keyword was right and the rest was not."""
    return Misread(why=why, keyword=which)

"""What members say about their tills, their receipts, and paper that is worth money.

What comes in: the words behind a keyword. What goes out: its command, or a `Misread`;
with it the places that redaction spares, which are phones only: a PIN, a voucher or a
number of a code card never is. The keywords are told apart in `commands.parse`; carried
out in `smsgate.handlers`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from commands.command import (
    AskCard,
    Keyword,
    ManageTill,
    Misread,
    SetWord,
    ShowTotals,
    TillChange,
    UseVoucher,
    Why,
)
from commands.grammar import without_fillers, wrong
from commands.secret import Secret
from commands.tokens import joined_digits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commands.grammar import Outcome
    from commands.normalise import Word
    from commands.redact import Span
    from commands.tokens import Shapes

#: Letters only: what holds a digit may be a PIN that was glued to something.
_WORD = re.compile(r"[A-Z]{3,12}")

_CHANGES = {
    **dict.fromkeys(("ALTA", "ADD", "AGREGAR", "JOIN", "NUEVO"), TillChange.add),
    **dict.fromkeys(("QUITAR", "DROP", "REMOVE", "BAJA"), TillChange.drop),
}
#: A till's name: `ANA`, `ANA MARIA`, `CAJA 2`.
_NAME = re.compile(r"[A-Z][A-Z0-9]*(?: [A-Z0-9]{1,2}| [A-Z]+){0,2}")
NAME_MAX = 12
#: Words that a phone may be written in.
_PHONE_WORDS = (3, 2, 1)

VOUCHER_DIGITS = 10

_DATE = re.compile(r"([0-3]?[0-9])[/-]([01]?[0-9])")
_DAYS, _MONTHS = range(1, 32), range(1, 13)
_PAGE = re.compile(r"[1-9][0-9]?")
_AGO = {"HOY": 0, "TODAY": 0, "AYER": 1, "YESTERDAY": 1}


def read_word(words: Sequence[Word], shapes: Shapes) -> Outcome:
    """Read PALABRA: one word of 3 to 12 letters, and the PIN."""
    pin, rest = take_last_pin(without_fillers(words), shapes)
    if len(rest) != 1 or not _WORD.fullmatch(rest[0].text):
        return wrong(Keyword.palabra), ()
    return SetWord(word=rest[0].text, pin=pin), ()


def read_till(words: Sequence[Word], shapes: Shapes) -> Outcome:
    """Read CAJERO: nothing, or ALTA or QUITAR with a phone, a name, and the PIN."""
    words = without_fillers(words)
    if not words:
        return ManageTill(change=TillChange.list), ()
    change = _CHANGES.get(words[0].text)
    if change is None:
        return wrong(Keyword.cajero), ()
    pin, rest = take_last_pin(words[1:], shapes)
    # The last four digits may be the second half of the phone.
    for secret, about in ((pin, rest), (None, words[1:])):
        phone, name, spared = _phone_and_name(about, shapes)
        whole = phone and name if change is TillChange.add else phone or name
        if whole and _NAME.fullmatch(name or "A"):
            name = name.title()[:NAME_MAX].rstrip()
            found = ManageTill(change=change, phone=phone, name=name, pin=secret)
            return found, spared
    return wrong(Keyword.cajero), ()


def _phone_and_name(
    words: Sequence[Word], shapes: Shapes
) -> tuple[str | None, str, tuple[Span, ...]]:
    for count in _PHONE_WORDS:
        for at in range(len(words) - count + 1):
            written = words[at : at + count]
            phone = shapes.phone(" ".join(word.text for word in written))
            if phone is not None:
                name = [word.text for word in (*words[:at], *words[at + count :])]
                span = (written[0].start, written[-1].end)
                return phone.e164, " ".join(name), (span,)
    return None, " ".join(word.text for word in words), ()


def read_totals(words: Sequence[Word], shapes: Shapes) -> Outcome:
    """Read CIERRE: perhaps a day, a page and the PIN."""
    pin, rest = take_last_pin(without_fillers(words), shapes)
    ago, page = 0, 1
    date: tuple[int, int] | None = None
    for word in rest:
        found = _DATE.fullmatch(word.text)
        if word.text in _AGO:
            ago = _AGO[word.text]
        elif found and int(found[1]) in _DAYS and int(found[2]) in _MONTHS:
            date = int(found[1]), int(found[2])
        elif _PAGE.fullmatch(word.text):
            page = int(word.text)
        else:
            return wrong(Keyword.cierre), ()
    return ShowTotals(ago=ago, date=date, page=page, pin=pin), ()


def read_voucher(words: Sequence[Word], shapes: Shapes) -> Outcome:
    """Read VALE: ten digits, in one piece or in several; a PIN behind it says nothing.

    Nothing of it is spared from redaction: whoever reads it can spend it.
    """
    words = without_fillers(words)
    _, rest = take_last_pin(words, shapes)
    for about in (words, rest):
        number = joined_digits(about)
        if number is not None and len(number) == VOUCHER_DIGITS:
            return UseVoucher(number=Secret(number)), ()
    return Misread(why=Why.syntax, keyword=Keyword.vale, money=True), ()


def read_card(words: Sequence[Word], _: Shapes) -> Outcome:
    """Read TARJETA: whatever stands behind it, a card is wanted."""
    if any(word.text[0].isdigit() for word in words):
        # A code from the card, sent as if it were a command.
        return Misread(why=Why.syntax, keyword=Keyword.tarjeta, money=True), ()
    return AskCard(), ()


def take_last_pin(
    words: Sequence[Word], shapes: Shapes
) -> tuple[Secret | None, Sequence[Word]]:
    """Take the PIN from the end, with `PIN` or `CLAVE` before it or not."""
    for count in (2, 1):
        pin = shapes.take_pin(words[-count:]) if len(words) >= count else None
        if pin is not None:
            return pin, words[:-count]
    return None, words

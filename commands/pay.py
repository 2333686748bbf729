"""PAGAR: recipient, amount and PIN out of a few words, where there is one reading.

What comes in: the words behind the keyword. What goes out: a `Pay`, or a `Misread`. The
orders are `recipient amount [PIN]`, `amount [A] recipient [PIN]` and `PIN recipient
amount`; every reading that the shapes of the words allow in any of these is listed, and
only a list of exactly one is a payment. The remaining orders hold where none of these
does: a word that can only be the amount is taken for it wherever it stands.
Money is never guessed: the member is asked to write it again. Carried out in
`smsgate.handlers.pay`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from commands.command import Alias, Keyword, Misread, Pay, Why
from commands.redact import mask
from commands.secret import Secret
from commands.tokens import is_damaged_alias, is_five_digits
from commands.words import FILLERS, MEMO_MARKS, PIN_MARKS, RECIPIENT_MARKS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from commands.amounts import Amount
    from commands.command import Recipient
    from commands.normalise import Word
    from commands.redact import Span
    from commands.tokens import Shapes

#: How much of a memo is kept.
MEMO_MAX = 60
#: A phone in three words, the amount, the PIN.
_WORDS_MAX = 5
#: Recipient, amount and PIN by place. First the orders that are taught ...
_TAUGHT = ((0, 1, 2), (1, 0, 2), (1, 2, 0))
#: ... then those that hold only where the shapes of the words leave nothing else.
_OTHER = ((0, 2, 1), (2, 0, 1), (2, 1, 0))
#: More digits than an amount has, or the code of some country.
_PHONE_LIKE = re.compile(r"\+?[0-9]-?(?:[0-9]-?){6,}|\+[0-9]{3,}")
_NUMBER = re.compile(r"[^A-Z]?[.,]?[0-9]")
#: A thousands separator that is a space: `1 500`.
_THOUSANDS = re.compile(r"(?<![^ ])[0-9]{1,3} [0-9]{3}(?:\.[0-9]{1,2})?(?![^ ])")


@dataclass(frozen=True, slots=True)
class _Piece:
    """One word, or a phone written as several, and all that it could be."""

    text: str = field(repr=False)
    start: int
    end: int
    recipient: Recipient | None
    amount: Amount | None = field(repr=False)
    is_pin: bool


@dataclass(frozen=True, slots=True)
class _Reading:
    recipient: _Piece
    amount: _Piece
    pin: str | None = field(repr=False)

    @property
    def meaning(self) -> tuple[Recipient | None, Amount | None, str | None]:
        return self.recipient.recipient, self.amount.amount, self.pin


@dataclass(frozen=True, slots=True)
class _Marked:
    """The words without fillers and marks, and what the marks said."""

    words: list[Word]
    #: Where each of them stood before.
    places: list[int]
    #: Which of the words must be the recipient.
    recipient: int | None
    pin: str | None = field(repr=False)


def read_pay(
    words: Sequence[Word], line: str, shapes: Shapes
) -> tuple[Pay | Misread, tuple[Span, ...]]:
    """Read what stands behind PAGAR; also return the places that redaction spares."""
    words, memo = _memo(words, line)
    marked = _marks(words, shapes)
    if marked is None or len(marked.words) > _WORDS_MAX:
        return _refuse(_why_not(words, shapes)), ()
    found, incomplete = _readings(marked, shapes)
    if len(found) != 1:
        why = Why.two_readings if found else None
        if not found and incomplete:
            why = Why.amount_or_pin_missing
        return _refuse(_why_not(words, shapes, why)), ()
    reading = found[0]
    recipient, amount, pin = reading.meaning
    if recipient is None or amount is None or _unlikely(reading):
        return _refuse(Why.amount_unclear), ()
    pay = Pay(
        recipient=recipient,
        amount=amount.minor,
        pin=None if pin is None else Secret(pin),
        memo=memo,
    )
    return pay, _spared(reading)


@dataclass(frozen=True, slots=True, kw_only=True)
class Two:
    """A recipient and an amount, with no PIN among them."""

    recipient: Recipient
    amount: int
    memo: str
    spared: tuple[Span, ...]


def read_two(words: Sequence[Word], line: str, shapes: Shapes) -> Two | Why:
    """Read a recipient and an amount in either order; what could be a PIN is neither.

    Returns why not, where there is no single reading.
    """
    words, memo = _memo(words, line)
    marked = _marks(words, shapes)
    if marked is None or marked.pin is not None or len(marked.words) > _WORDS_MAX:
        return _why_not(words, shapes)
    found: list[_Reading] = []
    for pieces, mark in _pieces(marked, shapes):
        if len(pieces) == 2:
            found += _of_two(pieces, mark, None)
    found = _different([one for one in found if one.amount.amount is not None])
    if len(found) != 1:
        return _why_not(words, shapes, Why.two_readings if found else None)
    recipient, amount, _ = found[0].meaning
    if recipient is None or amount is None:
        return Why.syntax
    if found[0].amount.is_pin or _unlikely(found[0]):
        return Why.amount_unclear
    return Two(
        recipient=recipient,
        amount=amount.minor,
        memo=memo,
        spared=_spared(found[0]),
    )


def _memo(words: Sequence[Word], line: str) -> tuple[Sequence[Word], str]:
    """Take what stands behind POR off the words."""
    for at, word in enumerate(words):
        if word.text in MEMO_MARKS:
            # Members put the PIN behind the memo; it must not get into the ledger.
            return words[:at], mask(line[word.end :].strip(" *#;:,."))[:MEMO_MAX]
    return words, ""


def _refuse(why: Why) -> Misread:
    return Misread(why=why, keyword=Keyword.pagar, money=True)


def _marks(words: Sequence[Word], shapes: Shapes) -> _Marked | None:
    """Take fillers, `A` and `PIN` out; None where a mark stands alone or twice."""
    kept: list[Word] = []
    places: list[int] = []
    recipient: int | None = None
    pin: str | None = None
    pin_next = False
    for place, word in enumerate(words):
        text = word.text
        if pin_next:
            if pin is not None or not shapes.is_pin(text):
                return None
            pin, pin_next = text, False
        elif text in FILLERS or shapes.is_unit(text):
            continue
        elif text in RECIPIENT_MARKS:
            if recipient is not None:
                return None
            recipient = len(kept)
        elif text in PIN_MARKS:
            pin_next = True
        else:
            kept.append(word)
            places.append(place)
    if pin_next:
        return None
    return _Marked(kept, places, recipient, pin)


def _readings(marked: _Marked, shapes: Shapes) -> tuple[list[_Reading], bool]:
    """List the different readings; also, whether one lacks only amount or PIN."""
    taught: list[_Reading] = []
    other: list[_Reading] = []
    incomplete = False
    for pieces, mark in _pieces(marked, shapes):
        if len(pieces) == 2:
            for reading in _of_two(pieces, mark, marked.pin):
                if marked.pin is None and reading.amount.is_pin:
                    incomplete = True
                elif reading.amount.amount is not None:
                    taught.append(reading)
        elif len(pieces) == 3 and marked.pin is None:
            taught += _of_three(pieces, mark, _TAUGHT)
            if mark is None:
                other += _of_three(pieces, mark, _OTHER)
    return _different(taught or other), incomplete


def _of_two(
    pieces: Sequence[_Piece], mark: int | None, pin: str | None
) -> Iterator[_Reading]:
    for who in (0, 1):
        piece = pieces[who]
        if mark in (None, who) and piece.recipient is not None:
            yield _Reading(piece, pieces[1 - who], pin)


def _of_three(
    pieces: Sequence[_Piece],
    mark: int | None,
    orders: Sequence[tuple[int, int, int]],
) -> Iterator[_Reading]:
    for who, much, last in orders:
        # Behind `A`, the PIN comes last: `PIN A recipient amount` could be two things.
        if mark is not None and (who != mark or last != 2):
            continue
        pin = pieces[last]
        if pin.is_pin and pieces[who].recipient and pieces[much].amount:
            yield _Reading(pieces[who], pieces[much], pin.text)


def _different(readings: Sequence[_Reading]) -> list[_Reading]:
    different: list[_Reading] = []
    for reading in readings:
        if all(reading.meaning != known.meaning for known in different):
            different.append(reading)
    return different


def _pieces(
    marked: _Marked, shapes: Shapes
) -> Iterator[tuple[list[_Piece], int | None]]:
    """Yield each way to join split phones, with the piece that is marked."""
    words = marked.words
    single = [_piece(word, shapes) for word in words]
    yield single, marked.recipient
    # At most one phone can be the recipient, so one join at a time is enough.
    for start in range(len(words) - 1):
        if not _opens_phone(words[start].text, shapes):
            continue
        for end in range(start + 2, min(start + 3, len(words)) + 1):
            # With nothing between its parts: the PIN could stand there.
            if marked.places[end - 1] - marked.places[start] != end - 1 - start:
                break
            joined = _join(words[start:end], shapes)
            if joined is None:
                continue
            mark = marked.recipient
            # The phone is the recipient here; a mark elsewhere rules the join out.
            if mark in (None, start):
                yield [*single[:start], joined, *single[end:]], mark


def _piece(word: Word, shapes: Shapes) -> _Piece:
    text = word.text
    return _Piece(
        text,
        word.start,
        word.end,
        shapes.recipient(text),
        shapes.amount(text),
        shapes.is_pin(text),
    )


def _opens_phone(text: str, shapes: Shapes) -> bool:
    head = text.replace("-", "")
    return (
        head in shapes.phone_prefixes or shapes.phone_head.fullmatch(head) is not None
    )


def _join(words: Sequence[Word], shapes: Shapes) -> _Piece | None:
    phone = shapes.phone(" ".join(word.text for word in words))
    if phone is None:
        return None
    return _Piece("", words[0].start, words[-1].end, phone, None, is_pin=False)


def _unlikely(reading: _Reading) -> bool:
    """Whether the amount is more likely a second code, or the PIN written twice."""
    text = reading.amount.text
    if is_five_digits(text) and reading.amount.recipient is not None:
        return True
    return reading.pin is not None and text == reading.pin


def _spared(reading: _Reading) -> tuple[Span, ...]:
    spans = []
    who, much = reading.recipient, reading.amount
    if not isinstance(who.recipient, Alias):
        spans.append((who.start, who.end))
    if much.amount is not None and much.amount.exact:
        spans.append((much.start, much.end))
    return tuple(sorted(spans))


def _why_not(
    words: Sequence[Word], shapes: Shapes, otherwise: Why | None = None
) -> Why:
    """Say what is wrong with words that have no single reading."""
    texts = [word.text for word in words]
    if any(map(is_damaged_alias, texts)):
        return Why.damaged_alias
    if any(_is_unclear(text, shapes) for text in texts):
        return Why.amount_unclear
    if otherwise is not None:
        return otherwise
    if _THOUSANDS.search(" ".join(texts)):
        return Why.amount_unclear
    named = sum(shapes.recipient(text) is not None for text in texts)
    if not named and any(map(is_five_digits, texts)):
        return Why.code_mistyped
    amounts = [
        text
        for text in texts
        if shapes.amount(text) and not (shapes.is_pin(text) or shapes.recipient(text))
    ]
    several = len(amounts) > 1 and PIN_MARKS.isdisjoint(texts)
    return Why.two_readings if named and several else Why.syntax


def _is_unclear(text: str, shapes: Shapes) -> bool:
    """Whether a word looks like an amount and is none, nor anything else."""
    if not (_NUMBER.match(text) or "$" in text):
        return False
    if shapes.amount(text) or shapes.recipient(text) or shapes.is_pin(text):
        return False
    if is_five_digits(text):
        # A code with a slip in it, even where that made it begin with a zero.
        return False
    if _PHONE_LIKE.fullmatch(text):
        # A phone that is none, or what should open one.
        return False
    return text not in shapes.phone_prefixes

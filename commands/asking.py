"""COBRAR, ANULAR, DEVOLVER and ULTIMO: what is asked for, called off or given back.

What comes in: the words behind the keyword. What goes out: the command, or a `Misread`;
with it the places that redaction spares. A payment is named by the ten digits of its
reference, in one piece or in several. COBRAR holds no PIN, so a word that could be one
is never taken for its amount: the other member would be told it. Carried out in
`smsgate.handlers`, in files of the same names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands.command import (
    Cancel,
    Charge,
    Keyword,
    Misread,
    Refund,
    ShowReceipt,
    Why,
)
from commands.grammar import lone_reference, without_fillers, wrong
from commands.pay import read_two
from commands.secret import Secret
from commands.tokens import REF_DIGITS, joined_digits, question_token

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commands.grammar import Outcome
    from commands.normalise import Word
    from commands.redact import Span
    from commands.tokens import Shapes

#: In how many words a reference may be written.
_REF_WORDS = 3


def read_charge(words: Sequence[Word], line: str, shapes: Shapes) -> Outcome:
    """Read COBRAR: who is to pay, how much, and perhaps what for."""
    found = read_two(words, line, shapes)
    if isinstance(found, Why):
        return wrong(Keyword.cobrar, found), ()
    charge = Charge(recipient=found.recipient, amount=found.amount, memo=found.memo)
    return charge, found.spared


def read_cancel(words: Sequence[Word], shapes: Shapes) -> Outcome:
    """Read ANULAR: a token, a reference with a PIN, or nothing."""
    words = without_fillers(words)
    if not words:
        return Cancel(), ()
    if len(words) == 1:
        token = question_token(words[0].text)
        if token is not None:
            return Cancel(token=token), ()
    named = _reference(words)
    if named is None:
        return wrong(Keyword.anular), ()
    ref, span, rest = named
    pin = shapes.take_pin(rest)
    if rest and pin is None:
        return wrong(Keyword.anular), ()
    return Cancel(ref=ref, pin=pin), (span,)


def read_refund(words: Sequence[Word], shapes: Shapes) -> Outcome:
    """Read DEVOLVER: a reference, perhaps how much of it, and the PIN last."""
    named = _reference(without_fillers(words))
    if named is None:
        return _unpaid(Why.syntax), ()
    ref, span, rest = named
    rest = [word for word in rest if not shapes.is_unit(word.text)]
    if not rest:
        return Refund(ref=ref), (span,)
    much, last = rest[0], rest[1:]
    pin = shapes.take_pin(rest)
    if pin is not None:
        return Refund(ref=ref, pin=pin), (span,)
    pin = shapes.take_pin(last)
    amount = shapes.amount(much.text)
    if last and pin is None:
        return _unpaid(Why.syntax), ()
    if amount is None or (pin is not None and pin == Secret(much.text)):
        return _unpaid(Why.amount_unclear), ()
    spared = (span, (much.start, much.end)) if amount.exact else (span,)
    return Refund(ref=ref, amount=amount.minor, pin=pin), spared


def read_receipt(words: Sequence[Word], _: Shapes) -> Outcome:
    """Read ULTIMO: perhaps a reference."""
    words = without_fillers(words)
    if not words:
        return ShowReceipt(), ()
    named = _reference(words)
    if named is None or named[2]:
        at = lone_reference(words)
        named = None if at is None else _reference(words[at : at + 1])
    if named is None:
        return wrong(Keyword.ultimo), ()
    return ShowReceipt(ref=named[0]), (named[1],)


def _reference(
    words: Sequence[Word],
) -> tuple[str, Span, Sequence[Word]] | None:
    """Take the ten digits of a reference off the front."""
    if words and words[0].text == "REF":
        words = words[1:]
    for count in range(1, min(_REF_WORDS, len(words)) + 1):
        digits = joined_digits(words[:count])
        if digits is None:
            return None
        if len(digits) == REF_DIGITS:
            span = (words[0].start, words[count - 1].end)
            return digits, span, words[count:]
    return None


def _unpaid(why: Why) -> Misread:
    return Misread(why=why, keyword=Keyword.devolver, money=True)

"""A text to its `Reading`: the face of the package for everything that comes in.

What comes in: a text as the network delivered it, and the `Grammar` of the network.
What goes out: the one command it means or the reason why there is none, the text in a
form that may be kept, and its normal form, by which a second copy is known. The first
word decides the command; a slip in it is corrected where it has one correction, and
where money would move only if the rest is complete. Pure and total: any text has a
reading. Called by `smsgate.gateway`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands.ads import reader as market_reader
from commands.answers import read_answer
from commands.asking import read_cancel, read_charge, read_receipt, read_refund
from commands.bare import read_bare
from commands.command import (
    Answer,
    Cancel,
    Info,
    Keyword,
    Misread,
    OpenMenu,
    OptOut,
    Pay,
    Reading,
    Said,
    Why,
)
from commands.grammar import (
    read_balance,
    read_block,
    read_change_pin,
    read_help,
    read_history,
    read_language,
    read_verify,
)
from commands.normalise import clean, split
from commands.pay import read_pay
from commands.people import (
    read_alias,
    read_call,
    read_credit,
    read_dispute,
    read_guard,
    read_join,
    read_opt_out,
    read_promotions,
    read_who,
)
from commands.redact import mask, names_digit
from commands.till import read_card, read_till, read_totals, read_voucher, read_word
from commands.tokens import (
    Grammar,
    question_token,
    shapes_of,
)
from commands.words import MONEY, OPT_OUT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from commands.command import Command
    from commands.grammar import Outcome
    from commands.normalise import Word
    from commands.tokens import Shapes

__all__ = ["Grammar", "parse"]

#: Keeps the normal form of a text with strange numbers apart from every other.
_UNREAD = "\x00"


def parse(text: str, settings: Grammar) -> Reading:
    """Read one text."""
    line, strange = clean(text)
    words = split(line)
    shapes = shapes_of(settings)
    outcome: Outcome
    if strange:
        outcome = _strange(words, shapes), ()
        normal = _UNREAD + " ".join(text.upper().split())
    else:
        outcome = _read(words, line, shapes)
        normal = " ".join([word.text for word in words])
    said, spared = outcome
    return Reading(
        said=said,
        redacted=mask(line, spared),
        normal=normal,
        word=_repeatable(words),
        bare=None
        if strange
        else read_bare(
            words, shapes, lambda known: _carry(known, words, line, shapes)[0]
        ),
    )


def _read(words: Sequence[Word], line: str, shapes: Shapes) -> Outcome:
    if not words:
        return Misread(why=Why.empty), ()
    first, rest = words[0].text, words[1:]
    known = shapes.vocabulary.meaning(first)
    if known is not None:
        return _carry(known, rest, line, shapes)
    if first in OPT_OUT:
        return _opt_out(first, rest, shapes)
    if first[0] in "0123456789":
        return _number_first(words, line, shapes), ()
    return _corrected(first, rest, line, shapes)


def _carry(
    known: Keyword | str, rest: Sequence[Word], line: str, shapes: Shapes
) -> Outcome:
    """Read what stands behind a keyword; behind a word that informs it is nothing."""
    if not isinstance(known, Keyword):
        return Info(word=known), ()
    if known is Keyword.pagar:
        return read_pay(rest, line, shapes)
    if known in _FREE:
        return _FREE[known](rest, line, shapes)
    market = market_reader(known)
    if market is not None:
        return market(rest, line, shapes)
    if known is Keyword.cobrar:
        return read_charge(rest, line, shapes)
    return _READERS[known](rest, shapes)


def _yes(rest: Sequence[Word], shapes: Shapes) -> Outcome:
    return read_answer(Said.yes, rest, shapes), ()


def _no(rest: Sequence[Word], shapes: Shapes) -> Outcome:
    return read_answer(Said.no, rest, shapes), ()


def _menu(_: Sequence[Word], __: Shapes) -> Outcome:
    return OpenMenu(), ()


def _pin(rest: Sequence[Word], shapes: Shapes) -> Outcome:
    """Read PIN: a change of PIN, or `PIN ****` as an answer to a question."""
    pin = shapes.take_pin(rest)
    if pin is not None:
        return Answer(said=Said.pin, pin=pin), ()
    return read_change_pin(rest, shapes)


def _opt_out(first: str, rest: Sequence[Word], shapes: Shapes) -> Outcome:
    """Read CANCELAR and SALIR, which opt out as the whole text and not otherwise."""
    if not rest:
        return OptOut(word=first), ()
    if first == "CANCELAR":
        said, spared = read_cancel(rest, shapes)
        if isinstance(said, Cancel) and said != Cancel():
            return said, spared
    return Misread(why=Why.unknown_word), ()


def _number_first(
    words: Sequence[Word], line: str, shapes: Shapes
) -> Command | Misread:
    """Read a token or PIN that answers a question; PAGAR may have been forgotten."""
    said = read_answer(Said.pin, words, shapes)
    if isinstance(said, Answer):
        return said
    if isinstance(read_pay(words, line, shapes)[0], Pay):
        forgotten = (Keyword.pagar,)
        return Misread(why=Why.unknown_word, suggestions=forgotten, money=True)
    if question_token(words[0].text) is not None:
        return said
    # One digit alone answers surveys; everything longer may have been about money.
    money = len(words) > 1 or len(words[0].text) > 1
    return Misread(why=Why.unknown_word, money=money)


def _corrected(first: str, rest: Sequence[Word], line: str, shapes: Shapes) -> Outcome:
    """Correct one slip where it has one correction; else ask which word was meant."""
    slips = shapes.vocabulary.one_slip(first)
    if not slips:
        meant = shapes.vocabulary.hints(first)
        money = not MONEY.isdisjoint(meant)
        return Misread(why=Why.unknown_word, suggestions=meant, money=money), ()
    if len(slips) == 1:
        said, spared = _carry(slips[0], rest, line, shapes)
        if slips[0] not in MONEY or not isinstance(said, Misread):
            return said, spared
    money = not MONEY.isdisjoint(slips)
    return Misread(why=Why.which_word, suggestions=slips, money=money), ()


def _strange(words: Sequence[Word], shapes: Shapes) -> Misread:
    """Refuse a text with a strange number, naming what it seems to have been about."""
    first = words[0].text if words else ""
    slips = shapes.vocabulary.one_slip(first)
    meant = shapes.vocabulary.meaning(first) or (slips[0] if len(slips) == 1 else None)
    money = meant in MONEY or meant is Keyword.si or first[:1].isdigit()
    keyword = meant if isinstance(meant, Keyword) else None
    return Misread(why=Why.strange_digits, keyword=keyword, money=money)


def _repeatable(words: Sequence[Word]) -> str:
    """Return the first word if a reply may repeat it: letters, and no digit's name."""
    first = words[0].text if words else ""
    safe = first.isascii() and first.isalpha() and not names_digit(first)
    return first if safe else ""


#: What reads the words behind each keyword but PAGAR and COBRAR, which need the line.
_READERS: dict[Keyword, Callable[[Sequence[Word], Shapes], Outcome]] = {
    Keyword.saldo: read_balance,
    Keyword.movs: read_history,
    Keyword.ver: read_verify,
    Keyword.anular: read_cancel,
    Keyword.devolver: read_refund,
    Keyword.ultimo: read_receipt,
    Keyword.palabra: read_word,
    Keyword.cajero: read_till,
    Keyword.cierre: read_totals,
    Keyword.vale: read_voucher,
    Keyword.tarjeta: read_card,
    Keyword.si: _yes,
    Keyword.no: _no,
    Keyword.pin: _pin,
    Keyword.robo: read_block,
    Keyword.idioma: read_language,
    Keyword.ayuda: read_help,
    Keyword.quien: read_who,
    Keyword.alias: read_alias,
    Keyword.guardian: read_guard,
    Keyword.baja: read_opt_out,
    Keyword.promos: read_promotions,
    Keyword.menu: _menu,
}

#: Keywords with words of the member's own behind them, read from the line itself.
_FREE: dict[Keyword, Callable[[Sequence[Word], str, Shapes], Outcome]] = {
    Keyword.credito: read_credit,
    Keyword.alta: read_join,
    Keyword.llamar: read_call,
    Keyword.reclamo: read_dispute,
}

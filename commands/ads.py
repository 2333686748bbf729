"""OFERTA, NECESITO, BUSCAR and QUITAR: free words, and a price at the end.

What comes in: the words behind the keyword and the clean line they stand in. What goes
out: the command, with its text as it was written but for every run of digits that could
be a PIN or a phone: what is published must not hold one. A number at the end that has
the shape of a PIN is never taken for a price. Which words say something is decided in
`commands.subjects`; the market itself is `smsgate.market`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from commands.command import DropAd, FindOffers, Keyword, Misread, Need, Offer, Why
from commands.redact import mask
from commands.subjects import telling_words
from commands.words import FILLERS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from commands.amounts import Amount
    from commands.command import Command
    from commands.normalise import Word
    from commands.redact import Span
    from commands.tokens import Shapes

    Outcome = tuple[Command | Misread, tuple[Span, ...]]

#: How much of an advertisement is kept.
TEXT_MAX = 100
#: How much is searched for: it is repeated twice in the answer.
QUERY_MAX = 20

_LEADING = FILLERS | {"QUE", "UN", "UNA"}
#: Between the thing and its price.
_AT_PRICE = frozenset({"A", "AT", "POR", "FOR", "EN", "PRECIO", "PRICE"})
_AD_WORDS = frozenset({"ANUNCIO", "OFERTA", "NECESITO", "AD", "OFFER", "NEED"})
_AD = re.compile(r"[A-Z]?([0-9]{1,9})")
_PAGE = re.compile(r"[1-9]")
#: A price, or what was meant for one; longer numbers are phones.
_PRICE_LIKE = re.compile(r"[0-9.,]*[0-9][0-9.,]*")
_PRICE_DIGITS_MAX = 6
#: What may be a PIN and must not be published.
_BARE = re.compile(r"[0-9]{4,6}")


def reader(keyword: Keyword) -> Callable[..., Outcome] | None:
    """Return what reads the words behind a keyword of the market; else None."""
    return _READERS.get(keyword)


def read_offer(words: Sequence[Word], line: str, shapes: Shapes) -> Outcome:
    """Read OFERTA: what is offered, and perhaps its price at the end."""
    words = _without_leading(words)
    things, price, why = _price(words, shapes)
    text = _text(things, line, shapes)
    if not telling_words(text):
        return Misread(why=Why.syntax, keyword=Keyword.oferta), ()
    if why is not None:
        return Misread(why=why, keyword=Keyword.oferta), ()
    offer = Offer(text=text, price=None if price is None else price.minor)
    return offer, _exact(words, shapes)


def read_need(words: Sequence[Word], line: str, shapes: Shapes) -> Outcome:
    """Read NECESITO: what is needed."""
    words = _without_leading(words)
    text = _text(words, line, shapes)
    if not telling_words(text):
        return Misread(why=Why.syntax, keyword=Keyword.necesito), ()
    return Need(text=text), _exact(words, shapes)


def read_find(words: Sequence[Word], line: str, shapes: Shapes) -> Outcome:
    """Read BUSCAR: what is looked for, and perhaps a page."""
    page = 1
    if len(words) > 1 and _PAGE.fullmatch(words[-1].text):
        page = int(words[-1].text)
        words = words[:-1]
    query = short_query(_text(words, line, shapes))
    if not query:
        return Misread(why=Why.syntax, keyword=Keyword.buscar), ()
    return FindOffers(query=query, page=page), ()


def read_drop(words: Sequence[Word], _line: str, _shapes: Shapes) -> Outcome:
    """Read QUITAR: the number of an advertisement; nothing: which ones there are."""
    said = "".join(word.text for word in words if word.text not in _AD_WORDS | FILLERS)
    if not said:
        return DropAd(), ()
    ad = _AD.fullmatch(said)
    if ad is None:
        return Misread(why=Why.syntax, keyword=Keyword.quitar), ()
    return DropAd(ad=int(ad[1])), ()


def short_query(text: str) -> str:
    """Return as many telling words of a text as are searched for, at least one."""
    query = ""
    for word in telling_words(text):
        longer = f"{query} {word}".lstrip()
        if query and len(longer) > QUERY_MAX:
            break
        query = longer[:QUERY_MAX]
    return query


def _without_leading(words: Sequence[Word]) -> Sequence[Word]:
    for at, word in enumerate(words):
        if word.text not in _LEADING:
            return words[at:]
    return ()


def _price(
    words: Sequence[Word], shapes: Shapes
) -> tuple[Sequence[Word], Amount | None, Why | None]:
    """Take the price from the end; say why it cannot be one."""
    things = words
    if len(things) > 1 and shapes.is_unit(things[-1].text):
        things = things[:-1]
    if not things:
        return words, None, None
    last = things[-1].text
    if _BARE.fullmatch(last):
        return things[:-1], None, Why.amount_unclear
    price = shapes.amount(last)
    if price is None:
        digits = sum(one.isdigit() for one in last)
        unclear = _PRICE_LIKE.fullmatch(last) and digits <= _PRICE_DIGITS_MAX
        return words, None, Why.amount_unclear if unclear else None
    things = things[:-1]
    if len(things) > 1 and things[-1].text in _AT_PRICE:
        things = things[:-1]
    return things, price, None


def _text(words: Sequence[Word], line: str, shapes: Shapes) -> str:
    """Return the words as they were written, safe to publish."""
    text = ""
    spared: list[Span] = []
    for word in words:
        at = len(text) + 1 if text else 0
        text = f"{text} {line[word.start : word.end]}".lstrip()
        if _is_exact(word, shapes):
            spared.append((at, len(text)))
    return mask(text, spared)[:TEXT_MAX].rstrip()


def _exact(words: Sequence[Word], shapes: Shapes) -> tuple[Span, ...]:
    return tuple((w.start, w.end) for w in words if _is_exact(w, shapes))


def _is_exact(word: Word, shapes: Shapes) -> bool:
    """Whether a word is an amount with a decimal, which no PIN is."""
    amount = shapes.amount(word.text)
    return amount is not None and amount.exact


_READERS: dict[Keyword, Callable[[Sequence[Word], str, Shapes], Outcome]] = {
    Keyword.oferta: read_offer,
    Keyword.necesito: read_need,
    Keyword.buscar: read_find,
    Keyword.quitar: read_drop,
}

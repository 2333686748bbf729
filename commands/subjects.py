"""What an advertisement or a search is about: words that can be compared.

What comes in: a text as a member wrote it. What goes out: its words without accents,
case, plural or the words that say nothing, so that `Jabones de olor` and `jabón` meet.
The first one counts most: members are told to write the thing first. The folding is
rough and the same for both languages; it need not make words, only equal ones equal.
Used by `commands.ads` to see that something was said, and by `smsgate.market`.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+")
#: Shorter stems would make strangers equal.
_STEM_MIN = 3

_SILENT_ES = """
A AL ALGO ALGUIEN ALGUN ALGUNA AQUI ASI BUEN BUENA BUENAS BUENO BUENOS BUSCO
CADA CIEN COMO COMPRAR COMPRO CON DE DEL DONDE EL EN ES ESTA ESTE FAVOR HACER
HAGO HAY LA LAS LE LES LO LOS ME MI MIS MUY NECESITO NO O OFERTA OFERTAS OFREZCO
OTRA OTRO PARA POR PORFA PORFAVOR QUE QUIEN QUIERO SE SI SIN SOLO SU SUS TENGO
TODA TODO TRES UN UNA UNAS UNO UNOS URGENTE URGE VENDA VENDE VENDEN VENDER VENDO
VENTA Y YA
"""
_SILENT_EN = """
AN AND ANY ANYBODY ARE AT BUY FOR FROM GOOD HAVE IN IS IT LOOKING MY NEED OF
OFFER ON OR PLEASE SALE SELL SELLING SOME SOMEBODY SOMEONE THAT THE THIS TO
URGENTLY WANT WE WHO WITH YOU YOUR
"""
#: Words before or between the things, in both languages, folded.
SILENT = frozenset(_SILENT_ES.split()) | frozenset(_SILENT_EN.split())


def subjects(text: str) -> tuple[str, ...]:
    """Return the folded words of a text that say something, each once, in order."""
    return tuple(dict.fromkeys(stem(fold(word)) for word in telling_words(text)))


def telling_words(text: str) -> list[str]:
    """Return the words of a text that say something, as they were written.

    A letter must stand in them: numbers alone tell sizes and prices, not things.
    """
    return [
        word
        for word in _WORD.findall(text)
        if len(word) > 1 and not word.isnumeric() and fold(word) not in SILENT
    ]


@lru_cache(maxsize=4096)
def fold(word: str) -> str:
    """Return a word in capitals without accents; Ñ is N."""
    spread = unicodedata.normalize("NFKD", word.upper())
    return "".join(one for one in spread if unicodedata.category(one)[0] != "M")


def stem(word: str) -> str:
    """Return what a folded word and its plural have in common.

    QUESO and QUESOS, PAN and PANES, LUZ and LUCES, LADY and LADIES.
    """
    short = word
    if short.endswith("S") and not short.endswith("SS"):
        short = _shorter(short)
    if short.endswith("E"):
        short = _shorter(short)
    return short[:-1] + _ENDS.get(short[-1:], short[-1:])


def _shorter(word: str) -> str:
    return word[:-1] if len(word) > _STEM_MIN else word


#: Endings that change before a plural: LUZ LUCES, LADY LADIES.
_ENDS = {"Z": "C", "Y": "I"}

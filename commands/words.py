"""The command words: which of them mean the same, and what a slip may have meant.

What comes in: a folded word (A-Z, or one digit, or `?`). What goes out: its keyword, or
the keywords that are one slip away. Words of four and more letters of different
commands lie at least two slips apart, so a slip has one correction or is asked about;
shorter words are never corrected. A test holds the distances of the whole table.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from commands.command import Keyword

_K = Keyword

#: Every command with its words; the first is the one that replies use in Spanish.
SYNONYMS: dict[Keyword, tuple[str, ...]] = {
    _K.pagar: ("PAGAR", "PAY", "PAGO", "PAGUE", "ENVIAR", "SEND", "P", "1"),
    _K.saldo: ("SALDO", "BAL", "BALANCE", "S", "2"),
    _K.movs: ("MOVS", "HIST", "MOVIMIENTOS", "STATEMENT", "3"),
    _K.cobrar: ("COBRAR", "CHARGE", "COBRO", "REQUEST", "4"),
    _K.ver: ("VER", "VERIFY", "VERIFICAR", "CHECK", "5"),
    _K.si: ("SI", "YES"),
    _K.no: ("NO",),
    _K.quien: ("QUIEN", "WHO"),
    _K.anular: ("ANULAR", "CANCEL"),
    _K.devolver: ("DEVOLVER", "REFUND"),
    _K.reclamo: ("RECLAMO", "DISPUTE"),
    _K.ultimo: ("ULTIMO", "RECEIPT"),
    _K.oferta: ("OFERTA", "OFFER", "VENDO", "SELL"),
    _K.necesito: ("NECESITO", "NEED", "WANT"),
    _K.buscar: ("BUSCAR", "FIND", "BUSCO", "SEARCH"),
    _K.quitar: ("QUITAR", "DROP"),
    _K.pin: ("PIN", "CLAVE"),
    _K.robo: ("ROBO", "BLOQUEAR", "BLOCK", "STOLEN"),
    _K.guardian: ("GUARDIAN", "GUARD"),
    _K.alias: ("ALIAS",),
    _K.cajero: ("CAJERO", "TILL"),
    _K.cierre: ("CIERRE", "TOTALS"),
    _K.vale: ("VALE", "VOUCHER"),
    _K.credito: ("CREDITO", "CREDIT"),
    _K.palabra: ("PALABRA", "WORD"),
    _K.idioma: ("IDIOMA", "LANG"),
    _K.alta: ("ALTA", "JOIN", "REGISTRO"),
    _K.baja: ("BAJA", "STOP"),
    _K.promos: ("PROMOS",),
    _K.llamar: ("LLAMAR", "CALL"),
    _K.tarjeta: ("TARJETA", "CARD"),
    _K.ayuda: ("AYUDA", "HELP", "?", "0"),
    _K.menu: ("MENU",),
}

#: A text that begins with one of these is about money, however it ends.
MONEY = frozenset({_K.pagar, _K.devolver, _K.vale})

#: Opt out, but only as the whole text and exactly spelled (see `commands.grammar`).
OPT_OUT = frozenset({"CANCELAR", "SALIR"})

FILLERS = frozenset({"AL", "LA", "EL", "PARA", "DE", "THE"})
RECIPIENT_MARKS = frozenset({"A", "TO"})
MEMO_MARKS = frozenset({"POR", "FOR"})
PIN_MARKS = frozenset({"PIN", "CLAVE"})

_KEYWORD = {word: keyword for keyword, words in SYNONYMS.items() for word in words}
#: No member may be named like these.
RESERVED = (
    frozenset(_KEYWORD) | OPT_OUT | FILLERS | RECIPIENT_MARKS | MEMO_MARKS | PIN_MARKS
)

#: A slip is looked for only in words of this many letters and more.
CORRECTED_FROM = 4
#: Words this long may be hinted at from two slips away.
_HINTED_FROM = 5
_HINTS_MAX = 2
_LONG = tuple(
    (word, keyword) for word, keyword in _KEYWORD.items() if len(word) >= CORRECTED_FROM
)
#: Words of a network beside these (`commands.vocabulary`), each with what it means.
More = Sequence[tuple[str, Keyword | str]]


def keyword(word: str) -> Keyword | None:
    """Return the keyword that a folded word means, spelled right; else None."""
    return _KEYWORD.get(word)


def one_slip(word: str, more: More = ()) -> tuple[Keyword | str, ...]:
    """Return the keywords with a word one edit away, in the order of the table.

    One edit is a letter too many, missing, wrong, or swapped with its neighbour.
    Words under four letters and words with anything but letters have none.
    """
    if len(word) < CORRECTED_FROM or not word.isalpha():
        return ()
    found = {
        key: None for known, key in (*_LONG, *more) if distance(word, known, 1) == 1
    }
    return tuple(found)


def hints(word: str, more: More = ()) -> tuple[Keyword | str, ...]:
    """Return at most two commands that a word two edits away may have meant."""
    if len(word) < _HINTED_FROM or not word.isalpha():
        return ()
    found = {
        key: None
        for known, key in (*_LONG, *more)
        if len(known) >= _HINTED_FROM and distance(word, known, 2) <= 2
    }
    return tuple(found)[:_HINTS_MAX]


def distance(one: str, other: str, most: int) -> int:
    """Count the edits between two words: Damerau-Levenshtein, neighbours swapped once.

    Gives up early: anything above `most` is `most + 1`.
    """
    # Each edit changes the length by at most one, and the set of letters by two.
    if abs(len(one) - len(other)) > most:
        return most + 1
    if (_letters(one) ^ _letters(other)).bit_count() > 2 * most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        before, last, row = row, before, [i]
        for j, wanted in enumerate(other, 1):
            best = min(before[j] + 1, row[-1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 < j and letter == other[j - 2] and wanted == one[i - 2]:
                best = min(best, last[j - 2] + 1)
            row.append(best)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


@lru_cache(maxsize=1024)
def _letters(word: str) -> int:
    bits = 0
    for letter in word:
        bits |= 1 << (ord(letter) & 31)
    return bits

"""The GSM alphabet: what fits into it, how long a text is in it, where it is cut.

What comes in: any text. What goes out: its septets, the number of segments a phone
company will count, the parts it is sent in, and a folded form that costs less. One á
makes a text UCS-2 and turns 160 characters a segment into 70, so `fold` is what
replies go through. The tables are those of 3GPP TS 23.038, taken from `gsm0338`.
Septets become bytes in `modem.pdu`.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from gsm0338 import SINGLE_SHIFT_CHARACTER_SET_SPANISH, Codec

if TYPE_CHECKING:
    from collections.abc import Iterator

ESCAPE = 0x1B
_SEPTETS = 160
_OCTETS = 140
#: UDHL, and an IE with a reference, a total and a number, by bits of the reference.
_HEADER_OCTETS = {8: 6, 16: 7}

_default = Codec()
_spanish = Codec(single_shift_decode_map=SINGLE_SHIFT_CHARACTER_SET_SPANISH)


def _shifted(codec: Codec) -> dict[int, str]:
    """The characters a codec finds behind the escape."""
    found = {n: codec.decode(bytes([ESCAPE, n]), "ignore")[0] for n in range(128)}
    return {n: character for n, character in found.items() if len(character) == 1}


#: The default alphabet by septet; the escape stands for itself.
_ALPHABET = "".join(
    "\x1b" if n == ESCAPE else _default.decode(bytes([n]))[0] for n in range(128)
)
_EXTENSION = _shifted(_default)
_SPANISH = _shifted(_spanish)
_CODES = {c: bytes([n]) for n, c in enumerate(_ALPHABET) if n != ESCAPE} | {
    c: bytes([ESCAPE, n]) for n, c in _EXTENSION.items()
}
_GSM = frozenset(_CODES)
_PAIRS = frozenset(_EXTENSION.values())

#: What NFKD does not know or knows otherwise than a reader expects.
_LOOK_ALIKES = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛`´′ʹʼˈ", "'"),
        **dict.fromkeys("“”„‟«»″〝〞", '"'),
        **dict.fromkeys("‐‑‒–—―−⁃", "-"),
        **dict.fromkeys("‹", "<"),
        **dict.fromkeys("›", ">"),
        **dict.fromkeys("•∙●", "*"),
        **dict.fromkeys("·‧", "."),
        **dict.fromkeys("\t\v\x85\u2028\u2029", " "),
        "…": "...",
        "°": "o",
        "₡": "C",
        "¢": "c",
        "×": "x",
        "÷": "/",
        "⁄": "/",
        "®": "(R)",
        "©": "(C)",
        "ł": "l",
        "Ł": "L",
        "đ": "d",
        "Đ": "D",
        "ð": "d",
        "þ": "th",
        "Þ": "Th",
        "ı": "i",
        "œ": "oe",
        "Œ": "OE",
    }
)


class NotGsm(ValueError):
    """A character of this text is outside the GSM alphabet."""


class Alphabet(StrEnum):
    """How a text travels."""

    gsm = "gsm"
    ucs2 = "ucs2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Segmentation:
    """What sending a text costs."""

    alphabet: Alphabet
    #: Septets, or UTF-16 code units.
    units: int
    #: How many SMS it takes, which is what is paid for.
    segments: int


def is_gsm(text: str) -> bool:
    """Whether every character is in the GSM alphabet or its extension."""
    return _GSM.issuperset(text)


def septets(text: str) -> int:
    """Return the length in septets; characters of the extension count two.

    Raises:
        NotGsm: it cannot be written in septets.
    """
    if not is_gsm(text):
        raise NotGsm("the text has a character outside the GSM alphabet")
    return len(text) + sum(map(_PAIRS.__contains__, text))


def to_septets(text: str) -> bytes:
    """Return the text as septets, one a byte.

    Raises:
        NotGsm: it cannot be written in septets.
    """
    try:
        return b"".join([_CODES[character] for character in text])
    except KeyError:
        raise NotGsm("the text has a character outside the GSM alphabet") from None


def from_septets(codes: bytes, *, spanish: bool = False) -> str:
    """Read septets, one a byte, escapes with the extension or the Spanish table.

    An escape at the very end stays U+001B: its other half may begin the next part.
    """
    if ESCAPE not in codes:
        return "".join([_ALPHABET[code] for code in codes])
    return "".join(_characters(codes, _SPANISH if spanish else _EXTENSION))


def _characters(codes: bytes, shifted: dict[int, str]) -> Iterator[str]:
    remaining = iter(codes)
    for code in remaining:
        if code != ESCAPE:
            yield _ALPHABET[code]
        elif (other := next(remaining, None)) is None:
            yield _ALPHABET[ESCAPE]
        elif other == ESCAPE:
            # Reserved for a further table; a receiver shows a space.
            yield " "
        else:
            yield shifted.get(other, _ALPHABET[other])


def fold(text: str) -> str:
    """Return the nearest text in the GSM alphabet.

    Letters it has (ñ é ü ¿ ¡ à …) stay, other accents go, typographic marks become
    plain ones, and what has no likeness, such as an emoji, is dropped.
    """
    if is_gsm(text):
        return text
    composed = unicodedata.normalize("NFC", text)
    return "".join([c if c in _GSM else _plain(c) for c in composed])


@lru_cache(maxsize=4096)
def _plain(character: str) -> str:
    """Fold one character that is outside the alphabet."""
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    # Twice: NFKD would take ´ and … apart another way, and ½ into one that is known.
    known = character.translate(_LOOK_ALIKES)
    spread = unicodedata.normalize("NFKD", known).translate(_LOOK_ALIKES)
    return "".join([c for c in spread if c in _GSM])


def segments(text: str, *, reference_bits: int = 8) -> Segmentation:
    """Tell what sending the text costs."""
    alphabet = Alphabet.gsm if is_gsm(text) else Alphabet.ucs2
    return Segmentation(
        alphabet=alphabet,
        units=sum(_sizes(text, alphabet)),
        segments=len(split(text, reference_bits=reference_bits)),
    )


def split(text: str, *, reference_bits: int = 8) -> list[str]:
    """Cut a text into the parts it is sent in; an empty text is one empty part.

    A character is never cut, neither an escape pair nor a surrogate pair.
    """
    alphabet = Alphabet.gsm if is_gsm(text) else Alphabet.ucs2
    sizes = _sizes(text, alphabet)
    if sum(sizes) <= (_SEPTETS if alphabet is Alphabet.gsm else _OCTETS // 2):
        return [text]
    return _cut(text, sizes, _room(alphabet, reference_bits))


def _sizes(text: str, alphabet: Alphabet) -> list[int]:
    if alphabet is Alphabet.gsm:
        return [2 if character in _PAIRS else 1 for character in text]
    return [2 if character > "\uffff" else 1 for character in text]


def _room(alphabet: Alphabet, reference_bits: int) -> int:
    """Units of one part of several: 153 or 152 septets, 67 or 66 code units."""
    octets = _OCTETS - _HEADER_OCTETS[reference_bits]
    return octets * 8 // 7 if alphabet is Alphabet.gsm else octets // 2


def _cut(text: str, sizes: list[int], room: int) -> list[str]:
    parts: list[str] = []
    begin = used = 0
    for at, size in enumerate(sizes):
        if used + size > room:
            parts.append(text[begin:at])
            begin, used = at, 0
        used += size
    return [*parts, text[begin:]]

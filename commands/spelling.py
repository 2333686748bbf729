"""How the values of a reply are spelled: amounts, times, phones, references, names.

What comes in: a value as the ledger has it, or words that a member wrote. What goes
out: text in which every character costs one septet of the GSM alphabet (3GPP TS
23.038 §6.2.1), so that `commands.replies` can count a segment with `len`. The table is
smaller than the one in `modem.text`: what costs an escape, breaks a line or turns the
direction of writing never gets into a reply.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from datetime import datetime

NAME_MAX = 20
WORD_MAX = 15
#: Stands where a name has nothing that a phone can show.
NAMELESS = "?"

#: Printable ASCII without `[ \ ] ^ { | } ~`, which cost two septets, and the back-tick,
#: which is in no table; then the letters beyond ASCII that cost one.
PLAIN = frozenset(
    " !\"#$%&'()*+,-./0123456789:;<=>?@_"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    "ñÑéÉüÜ¿¡äÄöÖàèìòùåÅæÆøØßÇ"
)
#: What taking accents off does not bring to the table, or brings to another meaning.
_LIKE = {
    **dict.fromkeys("‘’‚‛`´′", "'"),
    **dict.fromkeys("“”„«»", '"'),
    **dict.fromkeys("‐‑‒–—―−~", "-"),
    **dict.fromkeys("[{", "("),
    **dict.fromkeys("]}", ")"),
    **dict.fromkeys("\\|⁄", "/"),
    **dict.fromkeys("\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\u2028\u2029", " "),
    "€": "EUR",
    "₡": "C",
    "ł": "l",
    "Ł": "L",
    "đ": "d",
    "Đ": "D",
    "œ": "oe",
    "Œ": "OE",
    "ı": "i",
}
_DIGITS = re.compile(r"[0-9]{4,}")


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Return the nearest text in which every character costs one septet.

    á í ó ú become a i o u; ñ é ü ¿ ¡ stay; an emoji, a mark of direction or a letter of
    another script goes. White space of any kind becomes single spaces.
    """
    composed = unicodedata.normalize("NFC", text)
    return " ".join("".join([_near(c) for c in composed]).split())


def _near(character: str) -> str:
    if character in PLAIN:
        return character
    known = _LIKE.get(character)
    if known is not None:
        return known
    spread = unicodedata.normalize("NFKD", character)
    return "".join([_LIKE.get(c, c if c in PLAIN else "") for c in spread])


def name(text: str, longest: int = NAME_MAX) -> str:
    """Return a name, folded and cut."""
    return fold(text)[:longest].rstrip() or NAMELESS


def echo(text: str) -> str:
    """Return a word that a member wrote, safe to repeat: no run of digits a PIN has."""
    return _DIGITS.sub("****", fold(text))[:WORD_MAX]


def money(minor: int, decimals: int) -> str:
    """Return minor units as `1,234.50`."""
    sign = "-" if minor < 0 else ""
    whole, part = divmod(abs(minor), 10**decimals)
    return f"{sign}{whole:,}.{part:0{decimals}d}" if decimals else f"{sign}{whole:,}"


def signed(minor: int, decimals: int) -> str:
    """Return a movement with its sign, `+1,234.50` or `-1,234.50`."""
    return ("+" if minor > 0 else "") + money(minor, decimals)


def moment(at: datetime, zone: str) -> str:
    """Return a time as the clock on the wall there shows it, `24/11 21:55`."""
    return at.astimezone(ZoneInfo(zone)).strftime("%d/%m %H:%M")


def digits(text: str) -> str:
    """Return the ASCII digits of a text, at most ten: a reference as VER takes it."""
    return re.sub(r"[^0-9]", "", text)[:10]


def ref(text: str) -> str:
    """Return a reference as people read it out, `481205-7735`."""
    bare = digits(text)
    return f"{bare[:6]}-{bare[6:]}" if len(bare) > 6 else bare


def phone(number: str, country_code: str) -> str:
    """Return a phone as it is dialled at home; a masked one stays masked.

    Eight digits stand in two groups, `7123-4567`; a foreign number keeps its +.
    """
    shown = re.sub(r"[^0-9xX*+]", "", number)[:16]
    home = shown.removeprefix("+" + country_code)
    return f"{home[:4]}-{home[4:]}" if len(home) == 8 and home[0] != "+" else home

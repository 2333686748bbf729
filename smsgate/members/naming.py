"""What a member may be called: names that print everywhere, aliases nobody confuses.

What comes in: a name or an alias as somebody typed it. What goes out: the form that is
kept, or `NameBad` or `AliasBad` with what to write instead. A name holds Latin letters,
digits and a little punctuation, and begins with a letter or digit, so that it can
neither turn a line around nor be a formula in a spreadsheet. Used in
`smsgate.members.joining`.
"""

from __future__ import annotations

import re
import unicodedata

from commands.words import RESERVED
from smsgate.errors import SmsgateError

NAME_MAX = 60
ALIAS_MIN = 3
ALIAS_MAX = 15

_NAME = re.compile(r"[0-9A-Za-zÀ-ÖØ-öø-ɏ][0-9A-Za-zÀ-ÖØ-öø-ɏ .,'&/()°ºª+-]*")
_ALIAS = re.compile(rf"[A-Z][A-Z0-9]{{{ALIAS_MIN - 1},{ALIAS_MAX - 1}}}")
_ALIKE = str.maketrans("01L", "OII")


class NameBad(SmsgateError):
    """This cannot be a member's name."""


class AliasBad(SmsgateError):
    """This cannot be an alias."""


def proper_name(name: str) -> str:
    """Return a name with single spaces.

    Raises:
        NameBad: it is empty, too long, or holds a character that is not allowed.
    """
    plain = " ".join(unicodedata.normalize("NFC", name).split())
    if not plain or len(plain) > NAME_MAX:
        raise NameBad(f"a name has 1 to {NAME_MAX} characters: {plain!r} has not")
    if not _NAME.fullmatch(plain) or not any(c.isalpha() for c in plain):
        raise NameBad(
            f"{plain!r} cannot be a name: use letters, digits, spaces and .,'&/()-, "
            "and begin with a letter or digit"
        )
    return plain


def fold(word: str) -> str:
    """Return a word in capitals without accents: peñafiel is PENAFIEL."""
    apart = unicodedata.normalize("NFD", word.strip())
    return "".join(c for c in apart if not unicodedata.combining(c)).upper()


def proper_alias(word: str) -> str:
    """Return an alias as it is kept, folded.

    Raises:
        AliasBad: it has the wrong form or is a word of the commands.
    """
    alias = fold(word)
    if not _ALIAS.fullmatch(alias):
        raise AliasBad(
            f"{word!r} cannot be an alias: it is a letter and then letters or digits, "
            f"{ALIAS_MIN} to {ALIAS_MAX} in all"
        )
    if alias in RESERVED or look(alias) in _RESERVED_LOOKS:
        raise AliasBad(f"{word!r} is a word of the commands: choose another alias")
    return alias


def look(alias: str) -> str:
    """Return what an alias looks like: 0 is O, and 1 and L are I."""
    return alias.translate(_ALIKE)


_RESERVED_LOOKS = frozenset(look(word) for word in RESERVED)

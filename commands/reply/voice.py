"""How a network speaks, and what every reply is.

What comes in: settings, and members as the ledger has them. What goes out: the `Voice`
and the `Party` that templates may use. The replies themselves stand beside this file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from commands.command import Keyword

__all__ = [
    "Party",
    "Reply",
    "Voice",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """How a network speaks: what every template may use."""

    #: "es" or "en".
    language: str = "es"
    #: At most 12 characters.
    network: str = "Red"
    #: At most 4 characters.
    unit: str = "PT"
    decimals: int = 2
    #: At most 9 characters, as members dial it.
    help_phone: str = ""
    #: IANA name of the zone in which times are told.
    timezone: str = "America/El_Salvador"
    #: Phones that begin with it are told as they are dialled at home.
    country_code: str = "503"
    #: Language, command and the word by which replies name it instead of ours.
    shown: tuple[tuple[str, Keyword, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A member as another member sees them; `phone` is E.164 or masked, or empty."""

    name: str
    code: str
    phone: str = ""


class Reply:
    """Marks a value as a reply; every reply is a frozen dataclass below."""

    __slots__ = ()

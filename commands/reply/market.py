"""Replies of the market: offers, needs, what was found, and who meets whom.

What comes in: advertisements as the market keeps them, prices in minor units, and the
other member with the phone as it may be shown. What goes out: the answers to OFERTA,
NECESITO, BUSCAR and QUITAR, and the notices of the market.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from commands.reply.voice import Reply

if TYPE_CHECKING:
    from datetime import datetime

    from commands.reply.voice import Party

__all__ = [
    "AdDropped",
    "AdEnding",
    "AdUnknown",
    "AdsFull",
    "FoundOffer",
    "NeedMet",
    "NeedPublished",
    "NotListed",
    "NothingFound",
    "OfferMet",
    "OfferPublished",
    "OffersFound",
    "OwnAd",
    "OwnAds",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundOffer:
    """One offer that was found; the seller's phone is masked unless they show it."""

    text: str
    price: int | None
    seller: Party


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnAd:
    """One of the member's own advertisements."""

    ad: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferPublished(Reply):
    """OFERTA; `seekers` is how many members need it."""

    ad: int
    closes: datetime
    text: str
    price: int | None
    seekers: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedPublished(Reply):
    """NECESITO; `offered` is how many offers there are, found by BUSCAR and `query`."""

    ad: int
    closes: datetime
    text: str
    query: str
    offered: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AdsFull(Reply):
    """OFERTA or NECESITO beyond what one member may have."""

    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NotListed(Reply):
    """OFERTA by a member who chose not to be shown to others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OffersFound(Reply):
    """BUSCAR: at most two offers; `next_page` None at the end."""

    query: str
    page: int
    pages: int
    offers: tuple[FoundOffer, ...]
    next_page: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NothingFound(Reply):
    """BUSCAR: no offer has these words, or this page is beyond the last."""

    query: str
    beyond: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AdDropped(Reply):
    """QUITAR was done."""

    ad: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AdUnknown(Reply):
    """QUITAR with a number that is no advertisement of this member's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnAds(Reply):
    """QUITAR alone: the member's own advertisements, newest first."""

    ads: tuple[OwnAd, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferMet(Reply):
    """To a member who needs something: there is an offer. `ad` is their own number."""

    ad: int
    text: str
    price: int | None
    seller: Party


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedMet(Reply):
    """To a member who offers something: somebody needs it. `ad` is their own number."""

    ad: int
    text: str
    seeker: Party


@dataclass(frozen=True, slots=True, kw_only=True)
class AdEnding(Reply):
    """An advertisement is about to close; writing it again keeps it open."""

    ad: int
    closes: datetime
    text: str

"""Samples of the replies of the market: OFERTA, NECESITO, BUSCAR, QUITAR and notices.

What comes in: nothing. What goes out: `MARKET`, put together with the others in
`tests.commands.samples`, and the longest that their fields may be.
"""

from __future__ import annotations

from datetime import UTC, datetime

from commands.command import Keyword, Why
from commands.reply import (
    AdDropped,
    AdEnding,
    AdsFull,
    AdUnknown,
    NeedMet,
    NeedPublished,
    NothingFound,
    NotListed,
    NotUnderstood,
    OfferMet,
    OfferPublished,
    OffersFound,
    OwnAds,
    Party,
    Reply,
)
from commands.reply.market import FoundOffer, OwnAd
from commands.spelling import money

_AT = datetime(2025, 11, 25, 3, 55, tzinfo=UTC)
_JUAN = Party(name="Juan Pérez", code="13076", phone="+50361230000")
#: Juan shows his phone, Rosa does not.
_MASKED = Party(name="Rosa Martínez", code="20417", phone="6123xx00")
_CHEESE = FoundOffer(text="queso fresco la libra", price=300, seller=_MASKED)
_CREAM = FoundOffer(text="crema y queso duro", price=None, seller=_JUAN)
MARKET: dict[str, Reply] = {
    "offer_published": OfferPublished(
        ad=123, closes=_AT, text="queso fresco la libra", price=300
    ),
    "offer_published, wanted": OfferPublished(
        ad=123, closes=_AT, text="queso fresco la libra", price=None, seekers=3
    ),
    "need_published": NeedPublished(
        ad=124, closes=_AT, text="plomero en Soyapango", query="plomero"
    ),
    "need_published, offered": NeedPublished(
        ad=124, closes=_AT, text="plomero en Soyapango", query="plomero", offered=2
    ),
    "ads_full": AdsFull(most=10),
    "not_listed": NotListed(),
    "offers_found": OffersFound(
        query="queso", page=1, pages=2, offers=(_CHEESE, _CREAM), next_page=2
    ),
    "offers_found, the end": OffersFound(
        query="queso", page=2, pages=2, offers=(_CHEESE,), next_page=None
    ),
    "nothing_found": NothingFound(query="queso"),
    "nothing_found, beyond": NothingFound(query="queso", beyond=True),
    "ad_dropped": AdDropped(ad=123, text="queso fresco la libra"),
    "ad_unknown": AdUnknown(),
    "own_ads": OwnAds(
        ads=(OwnAd(ad=124, text="plomero en Soyapango"), OwnAd(ad=123, text="queso"))
    ),
    "own_ads, none": OwnAds(ads=()),
    "offer_met": OfferMet(
        ad=124, text="reparaciones de plomero", price=1500, seller=_MASKED
    ),
    "need_met": NeedMet(ad=125, text="plomero en Soyapango", seeker=_JUAN),
    "ad_ending": AdEnding(ad=123, closes=_AT, text="queso fresco la libra"),
    "not_understood, price_unclear": NotUnderstood(
        why=Why.amount_unclear, keyword=Keyword.oferta
    ),
}


def longest_of_the_market(decimals: int) -> dict[str, object]:
    """Return the fields of the market's replies, each as long as it may be."""
    price = max(n for n in range(1, 9) if len(money(10**n - 1, decimals)) <= 11)
    seller = Party(name="W" * 20, code="20417", phone="6123xx00")
    found = FoundOffer(text="W" * 100, price=10**price - 1, seller=seller)
    return {
        **dict.fromkeys(("text", "query"), "W" * 100),
        **dict.fromkeys(("seller", "seeker"), seller),
        **dict.fromkeys(("seekers", "offered"), 99),
        "ad": 99_999,
        "most": 99,
        "page": 9,
        "pages": 9,
        "price": 10**price - 1,
        "offers": (found, found),
        "ads": (OwnAd(ad=99_999, text="W" * 100),) * 10,
    }

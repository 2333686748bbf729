"""What stands in the slots of the market's templates.

What comes in: a reply of the market and the network's `Voice`. What goes out: its
slots: the thing with its price, the day it closes, a contact, the lines of what was
found. Two offers share the room that a segment leaves them, so that short names and
prices leave more of the text. Called by `commands.slots`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from commands import spelling
from commands.command import Keyword
from commands.reply.market import (
    AdDropped,
    AdEnding,
    NeedMet,
    NeedPublished,
    NothingFound,
    OfferMet,
    OfferPublished,
    OffersFound,
    OwnAds,
)

if TYPE_CHECKING:
    from datetime import datetime

    from commands.catalogues import Catalogue
    from commands.reply import Party, Reply, Voice
    from commands.reply.market import FoundOffer

    Slots = dict[str, str | None]

#: How much of an advertisement is told to whom it belongs, and to others.
TEXT_MAX, NOTICE_MAX = 40, 30
OWN_MAX = 30
QUERY_MAX = 20
#: How many offers, and how many of a member's own, fit into one reply.
FOUND, OWN = 2, 10
#: What a page of offers has for its lines once the query has been told twice; the rest
#: holds the page, the next command and the ends of lines, in any language.
_LINES_ROOM = 134
_SELLER_MAX = 12
_LINE_TEXT_MIN = 6
#: What a member's own ads have for their lines.
_OWN_ROOM = 120
_OWN_TEXT_MIN = 4
#: The rooms above count with a command word of so many letters.
_WORD_ROOM = 6


def market_slots(reply: Reply, voice: Voice, words: Catalogue) -> Slots:
    """Spell what only the market's replies have; nothing for any other."""
    match reply:
        case OfferPublished():
            thing = _thing(reply.text, reply.price, voice, TEXT_MAX)
            seekers = str(reply.seekers) if reply.seekers > 0 else None
            return {
                "thing": thing,
                "day": _day(reply.closes, voice),
                "seekers": seekers,
            }
        case NeedPublished():
            return {
                "thing": _thing(reply.text, None, voice, TEXT_MAX),
                "day": _day(reply.closes, voice),
                "query": spelling.name(reply.query, spelling.WORD_MAX),
                "offered": str(reply.offered) if reply.offered > 0 else None,
            }
        case OffersFound():
            return _found(reply, voice, _longer(words, Keyword.buscar))
        case NothingFound():
            return {"query": spelling.name(reply.query, QUERY_MAX)}
        case AdDropped():
            return {"thing": _thing(reply.text, None, voice, TEXT_MAX)}
        case OwnAds():
            return _own(reply, _longer(words, Keyword.quitar))
        case AdEnding():
            thing = _thing(reply.text, None, voice, TEXT_MAX)
            return {"thing": thing, "day": _day(reply.closes, voice)}
        case OfferMet():
            thing = _thing(reply.text, reply.price, voice, NOTICE_MAX)
            return {"thing": thing} | _told("seller", reply.seller, voice, words)
        case NeedMet():
            thing = _thing(reply.text, None, voice, NOTICE_MAX)
            return {"thing": thing} | _told("seeker", reply.seeker, voice, words)
        case _:
            return {}


def market_variant(reply: Reply) -> str:
    """Return which of several texts says a reply of the market; "" for any other."""
    match reply:
        case OwnAds(ads=()):
            return "none"
        case NothingFound(beyond=True):
            return "beyond"
        case _:
            return ""


def _thing(text: str, price: int | None, voice: Voice, longest: int) -> str:
    told = spelling.name(text, longest)
    if price is None:
        return told
    unit = spelling.fold(voice.unit)[:4].rstrip()
    return f"{told} {spelling.money(price, voice.decimals)} {unit}".rstrip()


def _day(at: datetime, voice: Voice) -> str:
    return at.astimezone(ZoneInfo(voice.timezone)).strftime("%d/%m")


def _contact(party: Party, voice: Voice) -> str:
    """Tell a phone that may be called; beside a masked one the code to be paid by."""
    code = spelling.digits(party.code)
    phone = spelling.phone(party.phone, voice.country_code)
    masked = not phone or "x" in phone.lower() or "*" in phone
    return f"{code} {phone}".strip() if masked else phone


def _told(slot: str, party: Party, voice: Voice, words: Catalogue) -> Slots:
    """Spell the other member of a meeting, and the word that stops such notices."""
    return {
        slot: spelling.name(party.name),
        f"{slot}_contact": _contact(party, voice),
        "stop": words.words[Keyword.baja],
    }


def _longer(words: Catalogue, keyword: Keyword) -> int:
    """Count the letters that a network's own word takes from the lines beside it."""
    return max(0, len(words.words[keyword]) - _WORD_ROOM)


def _found(reply: OffersFound, voice: Voice, longer: int) -> Slots:
    # It stands there twice, the word once.
    query = spelling.name(reply.query, QUERY_MAX - (longer + 1) // 2)
    shown = reply.offers[:FOUND]
    room = _LINES_ROOM - 2 * len(query) - longer
    found: Slots = {"query": query}
    for place in range(FOUND):
        line = None
        if place < len(shown):
            line = _line(shown[place], voice, room // len(shown) - 1)
        found[f"line_{place + 1}"] = line
    return found


def _line(offer: FoundOffer, voice: Voice, room: int) -> str:
    """Spell one offer: price, contact, a short name, as much text as there is room."""
    price = ""
    if offer.price is not None:
        price = spelling.money(offer.price, voice.decimals) + " "
    contact = " " + _contact(offer.seller, voice)
    room -= len(price) + len(contact) + 1
    text = spelling.name(offer.text, max(room - _SELLER_MAX, _LINE_TEXT_MIN))
    seller = spelling.name(
        offer.seller.name, min(max(room - len(text), _SELLER_MAX), spelling.NAME_MAX)
    )
    return f"{text} {price}{seller}{contact}"


def _own(reply: OwnAds, longer: int) -> Slots:
    shown = reply.ads[:OWN]
    lines = []
    for own in shown:
        room = (_OWN_ROOM - longer) // len(shown) - len(str(own.ad)) - 2
        text = spelling.name(own.text, min(max(room, _OWN_TEXT_MIN), OWN_MAX))
        lines.append(f"{own.ad} {text}")
    return {"own": "\n".join(lines)}

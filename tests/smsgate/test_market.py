"""Promises of the market: what is found, who is told, how often, and how it ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from commands.reply import (
    AdDropped,
    AdEnding,
    AdsFull,
    AdUnknown,
    Frozen,
    NeedMet,
    NeedPublished,
    NothingFound,
    NotListed,
    OfferMet,
    OfferPublished,
    OffersFound,
    OwnAds,
)
from smsgate import ledger, market
from smsgate.clock import DAY_MS, HOUR_MS
from smsgate.handlers import Rehearsal, WouldWrite
from smsgate.handlers.market_notices import market_notices_due
from smsgate.market.ads import KEPT_MS
from smsgate.market.showing import half_hidden
from smsgate.members import consent
from smsgate.members.consent import Listed
from tests.smsgate.fair import Fair

if TYPE_CHECKING:
    from collections.abc import Iterator

    from commands.reply import Reply


@pytest.fixture
def fair() -> Iterator[Fair]:
    """Rosa, Juan and Luis; each may have three ads."""
    with Fair() as fair:
        fair.joins("Rosa", "Juan", "Luis")
        yield fair


def number(reply: Reply) -> int:
    """Return the number under which something was published."""
    assert isinstance(reply, (OfferPublished, NeedPublished))
    return reply.ad


def found(reply: Reply) -> list[str]:
    """Return the texts that a search found."""
    if isinstance(reply, NothingFound):
        return []
    assert isinstance(reply, OffersFound)
    return [offer.text for offer in reply.offers]


def hides(fair: Fair, name: str, listed: Listed) -> None:
    """Have somebody shown otherwise."""
    consent.set_listed(fair.tx, fair.people[name].account, listed, actor="uid:1")


# ---- offers, needs, searches


MEETS = [
    # an offer, a search or need, whether they are about the same
    ("queso fresco", "queso", True),
    ("quesos", "QUESO", True),
    ("jabón de olor", "jabones", True),
    ("servicio de plomero", "plomero Soyapango", True),
    ("reparo tubos, plomero en Soyapango", "Soyapango plomero", True),
    ("fresco de ensalada", "queso fresco", False),
    ("quesillo", "queso", False),
    ("venta de pan", "venta de queso", False),
]


@pytest.mark.parametrize(("offer", "sought", "same"), MEETS)
def test_a_search_and_a_need_agree(
    fair: Fair, offer: str, sought: str, *, same: bool
) -> None:
    """What BUSCAR finds is what NECESITO meets, whichever was there first."""
    fair.says("Rosa", f"OFERTA {offer}")
    assert bool(found(fair.says("Juan", f"BUSCAR {sought}"))) == same
    need = fair.says("Juan", f"NECESITO {sought}")
    assert isinstance(need, NeedPublished)
    assert need.offered == int(same)
    fair.says("Rosa", "QUITAR 101")
    again = fair.says("Luis", f"OFERTA {offer}")
    assert isinstance(again, OfferPublished)
    assert again.seekers == int(same)


def test_the_best_and_newest_come_first(fair: Fair) -> None:
    """More words in common go first, then newer ads; five at most, two a page."""
    fair.joins("Ana", "Eva")
    for name in ("Rosa", "Juan", "Luis", "Ana", "Eva"):
        fair.says(name, f"OFERTA queso de {name}")
    fair.says("Rosa", "OFERTA queso duro")
    fair.says("Juan", "OFERTA duro y queso")
    page = fair.says("Luis", "BUSCAR queso duro")
    assert isinstance(page, OffersFound)
    assert found(page) == ["duro y queso", "queso duro"]
    assert (page.page, page.pages, page.next_page) == (1, 3, 2)
    last = fair.says("Luis", "BUSCAR queso duro 3")
    assert isinstance(last, OffersFound)
    assert (len(last.offers), last.next_page) == (1, None)
    beyond = fair.says("Luis", "BUSCAR queso duro 4")
    assert beyond == NothingFound(query="queso duro", beyond=True)


def test_who_is_frozen_or_hidden_is_not_found(fair: Fair) -> None:
    """A frozen account sells nothing, and who is not listed is shown to nobody."""
    fair.says("Rosa", "OFERTA queso")
    fair.says("Juan", "OFERTA queso")
    hides(fair, "Rosa", Listed.no)
    ledger.freeze(fair.tx, fair.people["Juan"].account, "uid:1", "lost phone")
    assert found(fair.says("Luis", "BUSCAR queso")) == []
    assert fair.says("Rosa", "OFERTA pan") == NotListed()
    assert fair.says("Juan", "OFERTA pan") == Frozen(money=False)
    assert fair.says("Juan", "NECESITO pan") == Frozen(money=False)


@pytest.mark.parametrize(
    ("listed", "phone"),
    [(Listed.masked, "7000xx00"), (Listed.phone, "+50370000000")],
)
def test_a_phone_is_shown_as_its_owner_chose(
    fair: Fair, listed: Listed, phone: str
) -> None:
    """The middle is hidden unless its owner shows it."""
    fair.says("Rosa", "OFERTA queso 3.00")
    hides(fair, "Rosa", listed)
    page = fair.says("Juan", "BUSCAR queso")
    assert isinstance(page, OffersFound)
    (offer,) = page.offers
    assert (offer.price, offer.seller.phone) == (300, phone)
    assert offer.seller.code == fair.people["Rosa"].code


@pytest.mark.parametrize(
    ("number", "told"),
    [
        ("+50371234567", "7123xx67"),
        ("+12025550123", "2025xxxx23"),
        ("+2477123", "7123xx23"),
    ],
)
def test_half_hidden(number: str, told: str) -> None:
    """At least two digits of any phone are hidden."""
    assert half_hidden(number) == told


def test_three_ads_and_no_more(fair: Fair) -> None:
    """Offers and needs count together; one taken off or written again makes no more."""
    fair.says("Rosa", "OFERTA pan")
    fair.says("Rosa", "OFERTA queso 3.00")
    fair.says("Rosa", "NECESITO harina")
    assert fair.says("Rosa", "OFERTA crema") == AdsFull(most=3)
    again = fair.says("Rosa", "VENDO Quesos 2.50")
    assert isinstance(again, OfferPublished)
    assert (again.ad, again.text, again.price) == (102, "Quesos", 250)
    assert fair.says("Rosa", "QUITAR 101") == AdDropped(ad=101, text="pan")
    assert number(fair.says("Rosa", "OFERTA crema")) == 104
    mine = fair.says("Rosa", "QUITAR")
    assert isinstance(mine, OwnAds)
    assert [own.ad for own in mine.ads] == [104, 103, 102]
    assert fair.says("Rosa", "QUITAR 101") == AdUnknown()
    assert fair.says("Juan", "QUITAR 102") == AdUnknown()


# ---- who is told


def test_both_are_told_once(fair: Fair) -> None:
    """One notice each; neither a renewal nor a return of the ad tells them again."""
    need = number(fair.says("Juan", "NECESITO queso"))
    offer = number(fair.says("Rosa", "OFERTA queso fresco 3.00"))
    told = dict(fair.tells())
    assert isinstance(told["Juan"], OfferMet)
    assert (told["Juan"].ad, told["Juan"].price) == (need, 300)
    assert told["Juan"].seller.name == "Rosa"
    assert isinstance(told["Rosa"], NeedMet)
    assert (told["Rosa"].ad, told["Rosa"].seeker.name) == (offer, "Juan")
    for _ in range(3):
        fair.wait(2 * DAY_MS)
        fair.says("Rosa", f"QUITAR {offer}")
        fair.says("Rosa", "OFERTA queso fresco 3.00")
        fair.says("Juan", "NECESITO queso")
        assert fair.tells() == []


def test_a_need_meets_what_is_there_already(fair: Fair) -> None:
    """Sellers are told of a new need, and who needs of the best offer only."""
    fair.says("Rosa", "OFERTA queso duro")
    fair.says("Luis", "OFERTA queso")
    fair.says("Juan", "NECESITO queso duro")
    told = fair.tells()
    assert sorted(name for name, _ in told) == ["Juan", "Luis", "Rosa"]
    (mine,) = [reply for name, reply in told if name == "Juan"]
    assert isinstance(mine, OfferMet)
    assert mine.text == "queso duro"


def test_one_meeting_a_day(fair: Fair) -> None:
    """More meetings wait, a day each, and those that are over are forgotten."""
    for thing in ("pan", "queso", "crema"):
        fair.says("Juan", f"NECESITO {thing}")
        fair.says("Rosa", f"OFERTA {thing}")
    assert len(fair.tells()) == 2
    assert fair.tells() == []
    fair.wait(DAY_MS - 1)
    assert fair.tells() == []
    fair.says("Juan", "QUITAR 103")
    fair.wait(1)
    told = dict(fair.tells())
    assert set(told) == {"Juan", "Rosa"}
    assert isinstance(told["Juan"], OfferMet)
    assert told["Juan"].text == "crema"
    fair.wait(DAY_MS)
    assert fair.tells() == []
    assert fair.count("meeting WHERE told_ms IS NULL") == 0


def test_who_wants_no_notices_is_told_nothing(fair: Fair) -> None:
    """Neither meetings nor reminders; the other member is told all the same."""
    juan = fair.people["Juan"].account
    consent.set_notices(fair.tx, juan, wanted=False, actor="member")
    fair.says("Juan", "NECESITO queso")
    fair.says("Rosa", "OFERTA queso")
    assert [name for name, _ in fair.tells()] == ["Rosa"]
    fair.wait(13 * DAY_MS)
    assert fair.tells() == []


def test_notices_refused_meanwhile_are_not_sent(fair: Fair) -> None:
    """BAJA AVISOS stops what waits already; hiding keeps one's name to oneself."""
    fair.says("Juan", "NECESITO queso")
    fair.says("Rosa", "OFERTA queso")
    juan = fair.people["Juan"].account
    consent.set_notices(fair.tx, juan, wanted=False, actor="member")
    hides(fair, "Juan", Listed.no)
    assert fair.tells() == []
    assert fair.count("meeting") == 0


def test_who_is_hidden_is_told_and_not_told_of(fair: Fair) -> None:
    """A member who is not listed may need something and hears of offers alone."""
    hides(fair, "Juan", Listed.no)
    fair.says("Juan", "NECESITO queso")
    offer = fair.says("Rosa", "OFERTA queso")
    assert isinstance(offer, OfferPublished)
    assert offer.seekers == 1
    assert [name for name, _ in fair.tells()] == ["Juan"]


def test_nobody_meets_themselves(fair: Fair) -> None:
    """One's own need and offer are no meeting."""
    fair.says("Rosa", "NECESITO queso")
    offer = fair.says("Rosa", "OFERTA queso")
    assert isinstance(offer, OfferPublished)
    assert offer.seekers == 0
    assert fair.tells() == []


# ---- how it ends


@pytest.mark.parametrize(("text", "days"), [("OFERTA pan", 30), ("NECESITO pan", 14)])
def test_an_ad_is_reminded_of_and_ends(fair: Fair, text: str, days: int) -> None:
    """One reminder two days before, none after it was written again, then silence."""
    ad = number(fair.says("Rosa", text))
    fair.wait((days - 2) * DAY_MS - 1)
    assert fair.tells() == []
    fair.wait(1)
    ((name, reply),) = fair.tells()
    assert (name, type(reply)) == ("Rosa", AdEnding)
    assert fair.tells() == []
    assert number(fair.says("Rosa", text)) == ad
    fair.wait((days - 2) * DAY_MS)
    assert len(fair.tells()) == 1
    fair.wait(2 * DAY_MS)
    assert fair.tells() == []
    assert fair.says("Rosa", "QUITAR") == OwnAds(ads=())
    assert fair.count("ad_word") == 0


def test_an_ad_that_ended_is_not_found_before_it_is_closed(fair: Fair) -> None:
    """The end of an ad does not wait for the housekeeping."""
    fair.says("Rosa", "OFERTA pan")
    fair.wait(30 * DAY_MS)
    assert found(fair.says("Juan", "BUSCAR pan")) == []
    assert fair.tells() == []


def test_what_is_long_closed_is_forgotten(fair: Fair) -> None:
    """Ninety days after its end nothing of an ad is left, meetings included."""
    fair.says("Juan", "NECESITO queso")
    offer = number(fair.says("Rosa", "OFERTA queso"))
    fair.tells()
    fair.says("Rosa", f"QUITAR {offer}")
    fair.wait(KEPT_MS - HOUR_MS)
    fair.tells()
    assert market.forget_due(fair.tx) == 0
    fair.wait(HOUR_MS)
    assert market.forget_due(fair.tx) == 1
    assert fair.count("meeting") == 0
    # Juan's need ended later, when the housekeeping saw it.
    fair.wait(KEPT_MS)
    assert market.forget_due(fair.tx) == 1
    assert fair.count("ad") == 0


def test_an_idle_market_writes_nothing(fair: Fair) -> None:
    """A look at what is due writes only when something is."""
    fair.says("Juan", "NECESITO queso")
    rehearsal = Rehearsal(fair.tx, fair.clock, fair.tx.now_ms)
    assert market_notices_due(rehearsal) == []
    fair.says("Rosa", "OFERTA queso")
    with pytest.raises(WouldWrite):
        market_notices_due(rehearsal)


def test_what_members_agree_to_is_in_the_chain(fair: Fair) -> None:
    """Who changed what a member agreed to is kept, and the books stay right."""
    hides(fair, "Rosa", Listed.phone)
    rows = fair.tx.all("SELECT detail, actor FROM event WHERE kind = 'consent_set'")
    assert [(row["detail"], row["actor"]) for row in rows] == [
        ('{"listed":"phone"}', "uid:1")
    ]
    assert ledger.check(fair.tx) == []

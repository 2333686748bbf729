"""OFERTA and NECESITO: publish what a member offers or needs.

What comes in: an `Offer` or a `Need`, with nothing in its text that could be a PIN.
What goes out: its number and how long it stays. Whom it meets is noted in the same
transaction and told afterwards, by `smsgate.gateway.unasked.housekeeping`, so that one
text never owes many.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from commands.ads import short_query
from commands.reply import AdsFull, NeedPublished, NotListed, OfferPublished
from commands.subjects import telling_words
from smsgate import market
from smsgate.clock import from_ms
from smsgate.handlers.case import say
from smsgate.handlers.shut import shut
from smsgate.market import Ad, Full, Hidden, Kind

if TYPE_CHECKING:
    from commands.command import Need, Offer
    from commands.reply import Reply
    from smsgate.handlers.case import Case, Result


def publish_offer(case: Case, command: Offer) -> Result:
    """Publish an offer."""
    return say(_publish(case, Kind.offer, command.text, command.price))


def publish_need(case: Case, command: Need) -> Result:
    """Publish a need."""
    return say(_publish(case, Kind.need, command.text, None))


def _publish(case: Case, kind: Kind, text: str, price: int | None) -> Reply:
    if case.sender.state != "active":
        return shut(case, money=False)
    rules = case.policy.market
    published = market.publish(
        case.tx,
        rules,
        account=case.sender.account,
        kind=kind,
        text=text,
        price=price,
    )
    match published:
        case Full():
            return AdsFull(most=rules.most)
        case Hidden():
            return NotListed()
        case Ad():
            return _told(published, market.meet(case.tx, published))
        case _:
            assert_never(published)


def _told(ad: Ad, others: int) -> Reply:
    closes = from_ms(ad.closes_ms)
    if ad.kind is Kind.offer:
        return OfferPublished(
            ad=ad.id, closes=closes, text=ad.text, price=ad.price, seekers=others
        )
    # The thing itself finds the offers that the whole text met.
    query = short_query(telling_words(ad.text)[0])
    return NeedPublished(
        ad=ad.id, closes=closes, text=ad.text, query=query, offered=others
    )

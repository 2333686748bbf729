"""What the market tells by itself: who meets whom, and what is about to close.

What comes in: the time. What goes out: notices to members who want them, each marked as
told in the same transaction. Owed by `smsgate.gateway.unasked.housekeeping`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands.reply import AdEnding, NeedMet, OfferMet
from smsgate import market, members
from smsgate.clock import from_ms
from smsgate.handlers.case import Told
from smsgate.handlers.find_offers import seen
from smsgate.market import Kind
from smsgate.messages.outbox import Class

if TYPE_CHECKING:
    from commands.reply import Reply
    from smsgate.market import Ad, Meeting
    from smsgate.store import Tx


def market_notices_due(tx: Tx) -> list[Told]:
    """Close what has ended, and return what members are to be told now."""
    ending = [(ad.account, _ending(ad)) for ad in market.fall_due(tx)]
    met = [(one.own.account, _met(tx, one)) for one in market.meetings_due(tx)]
    return [
        Told(reply=reply, to=members.by_account(tx, account), cls=Class.notice)
        for account, reply in ending + met
    ]


def _ending(ad: Ad) -> Reply:
    return AdEnding(ad=ad.id, closes=from_ms(ad.closes_ms), text=ad.text)


def _met(tx: Tx, meeting: Meeting) -> Reply:
    own, other = meeting.own, meeting.other
    if own.kind is Kind.need:
        return OfferMet(
            ad=own.id,
            text=other.text,
            price=other.price,
            seller=seen(tx, other.account),
        )
    return NeedMet(ad=own.id, text=other.text, seeker=seen(tx, other.account))

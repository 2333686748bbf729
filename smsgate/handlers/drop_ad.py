"""QUITAR: take an advertisement off.

What comes in: a `DropAd` with a number, or without one. What goes out: that it is gone,
or the member's own advertisements with their numbers. A number that was written is not
repeated: it may have been a PIN.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands.market_slots import OWN
from commands.reply import AdDropped, AdUnknown, OwnAds
from commands.reply.market import OwnAd
from smsgate import market
from smsgate.handlers.case import say

if TYPE_CHECKING:
    from commands.command import DropAd
    from smsgate.handlers.case import Case, Result


def drop_ad(case: Case, command: DropAd) -> Result:
    """Take one off, or tell which there are."""
    if command.ad is None:
        ads = market.own_ads(case.tx, case.sender.account, OWN)
        return say(OwnAds(ads=tuple(OwnAd(ad=ad.id, text=ad.text) for ad in ads)))
    ad = market.by_number(case.tx, case.sender.account, command.ad)
    if ad is None:
        return say(AdUnknown())
    market.drop(case.tx, ad)
    return say(AdDropped(ad=ad.id, text=ad.text))

"""The market: what members offer and need, and who is told of whom.

What comes in: advertisements that the handlers of OFERTA, NECESITO, BUSCAR and QUITAR
read, inside their transaction. What goes out: ads with their numbers, what a search
found, and, for the housekeeping, the notices that are due. Ads and their ends are in
`ads`, searching in `searching`, meetings of offers with needs in `meeting`, how one
member is shown to another in `showing`. No money moves here.
"""

from smsgate.market.ads import (
    Ad,
    Full,
    Hidden,
    Kind,
    Rules,
    by_id,
    by_number,
    drop,
    fall_due,
    forget_due,
    own_ads,
    publish,
)
from smsgate.market.meeting import Meeting, meet, meetings_due
from smsgate.market.searching import FOUND_MAX, search
from smsgate.market.showing import Shown, shown

__all__ = [
    "FOUND_MAX",
    "Ad",
    "Full",
    "Hidden",
    "Kind",
    "Meeting",
    "Rules",
    "Shown",
    "by_id",
    "by_number",
    "drop",
    "fall_due",
    "forget_due",
    "meet",
    "meetings_due",
    "own_ads",
    "publish",
    "search",
    "shown",
]

"""BUSCAR: who offers this?

What comes in: a `FindOffers` with words and a page. What goes out: at most two offers a
text, of the few that a search tells in all, and how to see the next ones. Sellers who
chose not to be shown are not among them; of the others' phones the middle is hidden
unless they chose to be reached.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands.market_slots import FOUND
from commands.reply import NothingFound, OffersFound, Party
from commands.reply.market import FoundOffer
from commands.subjects import subjects
from smsgate import market
from smsgate.handlers.case import say

if TYPE_CHECKING:
    from commands.command import FindOffers
    from smsgate.handlers.case import Case, Result
    from smsgate.store import Query


def find_offers(case: Case, command: FindOffers) -> Result:
    """Tell one page of what was found."""
    found = market.search(case.tx, subjects(command.query), case.tx.now_ms)
    if not found:
        return say(NothingFound(query=command.query))
    skip = FOUND * (command.page - 1)
    page = found[skip : skip + FOUND]
    if not page:
        return say(NothingFound(query=command.query, beyond=True))
    return say(
        OffersFound(
            query=command.query,
            page=command.page,
            pages=-(-len(found) // FOUND),
            offers=tuple(
                FoundOffer(
                    text=ad.text, price=ad.price, seller=seen(case.tx, ad.account)
                )
                for ad in page
            ),
            next_page=command.page + 1 if len(found) > skip + FOUND else None,
        )
    )


def seen(q: Query, account: int) -> Party:
    """Return a member as others see them."""
    told = market.shown(q, account)
    return Party(name=told.name, code=told.code, phone=told.phone)

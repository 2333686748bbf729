"""Advertisements, for staff: what is published, and taking one off.

What comes in: how many and whose, or a number. What goes out: the open ads, newest
first. Taking one off is an event of the chain, with its actor and the reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smsgate import ledger, market
from smsgate.operations.desk import OperationRefused
from smsgate.operations.house.ledger import page
from smsgate.operations.people.members import find

if TYPE_CHECKING:
    from smsgate.operations.desk import Desk, Document
    from smsgate.operations.requests import AdDrop, AdList
    from smsgate.store import Row, Tx

_OPEN = """
    SELECT ad.id, ad.kind, ad.text, ad.price, ad.opened_ms, ad.closes_ms,
           member.code, member.name
    FROM ad JOIN member ON member.account = ad.account
    WHERE ad.state = 'open' AND ad.closes_ms > :now
      AND (:account IS NULL OR ad.account = :account)
    ORDER BY ad.id DESC LIMIT :limit
"""


async def list_open(desk: Desk, request: AdList) -> Document:
    """Return the newest open ads, of everybody or of one member."""
    account = None
    if request.who is not None:
        account = find(desk, desk.store.peek, request.who).account
    rows = await desk.store.read(
        _OPEN,
        {
            "now": desk.clock.now_ms(),
            "account": account,
            "limit": page(request.limit),
        },
    )
    return {"ads": [_described(desk, row) for row in rows]}


async def drop(desk: Desk, request: AdDrop) -> Document:
    """Take an ad off, whoever published it.

    Raises:
        OperationRefused: no open ad has this number.
    """

    def take_off(tx: Tx) -> Document:
        ad = market.by_id(tx, request.number, tx.now_ms)
        if ad is None:
            raise OperationRefused(
                f"no open ad has the number {request.number}: see `smsgate ad list`"
            )
        market.drop(tx, ad)
        ledger.record(
            tx,
            kind="ad_dropped",
            account=ad.account,
            actor=desk.actor,
            detail={"ad": ad.id, "reason": request.reason},
        )
        return {"number": ad.id, "text": ad.text}

    return await desk.store.write(take_off)


def _described(desk: Desk, row: Row) -> Document:
    price = row["price"]
    return {
        "number": row["id"],
        "kind": row["kind"],
        "text": row["text"],
        "price": None if price is None else desk.amount(price),
        "code": row["code"],
        "name": row["name"],
        "opened": desk.time(row["opened_ms"]),
        "closes": desk.time(row["closes_ms"]),
    }

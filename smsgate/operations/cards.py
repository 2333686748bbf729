"""Code cards at a shell: make one, list them, void one that was lost.

What comes in: a member. What goes out: the thirty codes, this once, for the file that
is printed; the member is told by text, since a card that they did not ask for is a
sign of trouble. No code is kept: see `smsgate.members.cards`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands.reply import CardIssued
from smsgate import members
from smsgate.handlers import Told
from smsgate.members import cards
from smsgate.members.paper import PaperKeys
from smsgate.operations.desk import OperationRefused
from smsgate.operations.people.members import find
from smsgate.operations.people.telling import owed, tell

if TYPE_CHECKING:
    from smsgate.members.cards import Card
    from smsgate.operations.desk import Desk, Document
    from smsgate.operations.requests import CardIssue, CardList, CardVoid
    from smsgate.store import Query, Tx


async def issue(desk: Desk, request: CardIssue) -> Document:
    """Make a member's card and return its codes."""
    keys = PaperKeys(desk.keys, desk.config.keys.read_cards())

    def write(tx: Tx) -> Card:
        member = find(desk, tx, request.who)
        if member.state == "closed":
            raise OperationRefused(f"{member.name} is closed and needs no card")
        made = cards.issue_card(tx, member.account, actor=desk.actor)
        tell(desk, tx, [Told(reply=CardIssued(), to=member)])
        return made

    card = await desk.store.write(write)
    owed(desk)
    codes = [keys.code(card.id, position) for position in cards.POSITIONS]
    return _described(desk, desk.store.peek, card) | {"codes": codes}


async def list_rows(desk: Desk, _: CardList) -> Document:
    """Return the cards in use, and the members who wait for one."""
    peek = desk.store.peek
    waiting = [
        _member(peek, account) | {"asked": desk.time(asked_ms)}
        for account, asked_ms in cards.cards_asked(peek)
    ]
    return {
        "cards": [_described(desk, peek, card) for card in cards.active_cards(peek)],
        "asked": waiting,
    }


async def void(desk: Desk, request: CardVoid) -> Document:
    """Void a member's card: no payment asks for its codes any more.

    Raises:
        OperationRefused: the member has none.
    """

    def write(tx: Tx) -> Card:
        member = find(desk, tx, request.who)
        card = cards.void_card(tx, member.account, actor=desk.actor)
        if card is None:
            raise OperationRefused(
                f"{member.name} has no card: see `smsgate card list`"
            )
        return card

    card = await desk.store.write(write)
    return _described(desk, desk.store.peek, card)


def _described(desk: Desk, query: Query, card: Card) -> Document:
    return {
        "id": card.id,
        **_member(query, card.account),
        "left": card.left,
        "issued": desk.time(card.issued_ms),
    }


def _member(query: Query, account: int) -> Document:
    member = members.by_account(query, account)
    if member is None:
        raise OperationRefused("a card is nobody's: run `smsgate ledger check`")
    return {"code": member.code, "name": member.name, "phone": member.phone}

"""Code cards: thirty codes on paper, each good once, where a PIN is too little.

What comes in: a member who is to have a card, or a code from one. What goes out: a
`Card`, which position to ask for, and that a position is used up. No code is kept: each
follows from the card's number, its position and a key (`smsgate.members.paper`). A new
card voids the one before. Asked for in `smsgate.handlers.card_step`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from smsgate import ledger

if TYPE_CHECKING:
    from collections.abc import Collection

    from smsgate.store import Query, Row, Tx

#: Codes on a card.
POSITIONS = range(1, 31)


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A member's card that is in use."""

    id: int
    account: int
    #: How many codes are not used up.
    left: int
    issued_ms: int


_FIND = """
    SELECT c.id, c.account, c.issued_ms,
      (SELECT count(*) FROM card_use AS u WHERE u.card = c.id) AS used
    FROM card AS c WHERE c.state = 'active'
"""


def active_card(q: Query, account: int) -> Card | None:
    """Return a member's card."""
    row = q.one(f"{_FIND} AND c.account = :account", {"account": account})
    return None if row is None else _card(row)


def active_cards(q: Query) -> list[Card]:
    """Return every card in use, in the order in which they were made."""
    return [_card(row) for row in q.all(f"{_FIND} ORDER BY c.id")]


def cards_asked(q: Query) -> list[tuple[int, int]]:
    """Return who waits for a card (account), and since when, longest first."""
    rows = q.all(
        "SELECT account, asked_ms FROM card WHERE state = 'asked' ORDER BY asked_ms"
    )
    return [(row["account"], row["asked_ms"]) for row in rows]


def ask_card(tx: Tx, account: int) -> bool:
    """Note that a member wants a card; say whether they had not asked before."""
    waits = tx.one(
        "SELECT 1 FROM card WHERE account = :account AND state = 'asked'",
        {"account": account},
    )
    if waits is None:
        tx.run(
            "INSERT INTO card (account, state, asked_ms)"
            " VALUES (:account, 'asked', :now)",
            {"account": account, "now": tx.now_ms},
        )
    return waits is None


def issue_card(tx: Tx, account: int, *, actor: str) -> Card:
    """Make a member's card, which voids the one before."""
    _void(tx, account)
    tx.run(
        "DELETE FROM card WHERE account = :account AND state = 'asked'",
        {"account": account},
    )
    number = tx.insert(
        "INSERT INTO card (account, state, issued_ms)"
        " VALUES (:account, 'active', :now)",
        {"account": account, "now": tx.now_ms},
    )
    _record(tx, "card_issued", account, actor, number)
    return Card(id=number, account=account, left=len(POSITIONS), issued_ms=tx.now_ms)


def void_card(tx: Tx, account: int, *, actor: str) -> Card | None:
    """Void a member's card; return what it was, None where there was none."""
    card = active_card(tx, account)
    if card is not None:
        _void(tx, account)
        _record(tx, "card_voided", account, actor, card.id)
    return card


def free_position(tx: Tx, card: Card, taken: Collection[int]) -> int | None:
    """Draw a position that is not used up, nor `taken`; None: there is none."""
    rows = tx.all("SELECT position FROM card_use WHERE card = :card", {"card": card.id})
    used = {row["position"] for row in rows}
    free = [one for one in POSITIONS if one not in used and one not in taken]
    return tx.clock.random.choice(free) if free else None


def use_position(tx: Tx, card: int, position: int) -> None:
    """Note that the code of a position was sent, and is good no more."""
    tx.run(
        "INSERT INTO card_use (card, position, at_ms) VALUES (:card, :position, :now)",
        {"card": card, "position": position, "now": tx.now_ms},
    )


def _void(tx: Tx, account: int) -> None:
    tx.run(
        "UPDATE card SET state = 'void' WHERE account = :account AND state = 'active'",
        {"account": account},
    )


def _record(tx: Tx, kind: str, account: int, actor: str, card: int) -> None:
    detail = {"card": card}
    ledger.record(tx, kind=kind, account=account, actor=actor, detail=detail)


def _card(row: Row) -> Card:
    return Card(
        id=row["id"],
        account=row["account"],
        left=len(POSITIONS) - row["used"],
        issued_ms=row["issued_ms"],
    )

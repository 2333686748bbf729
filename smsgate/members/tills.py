"""Tills: phones that receive for a member and cannot spend, and what they sold.

What comes in: a member's account and the phone of somebody at the counter. What goes
out: a `Till` with a code of its own, under which it is paid like any member; the money
goes to the member. A code that was given to a till is never given to anybody else, for
it stands on posters. Which till a payment was made to is kept for CIERRE.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from smsgate import ledger
from smsgate.members.joining import draw_free_code

if TYPE_CHECKING:
    from smsgate.store import Query, Row, Tx

#: How many a member may have, and how many they may add in a day: each is a text to a
#: phone that did not ask for it.
TILLS_MAX = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Till:
    """A phone at a counter."""

    #: Five digits, like a member's; never one that a member has.
    code: str
    #: Whose till it is.
    account: int
    name: str
    #: E.164.
    phone: str
    opened_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sales:
    """What one till received and gave back; minor units."""

    #: None: what was paid to no till.
    code: str | None
    name: str
    count: int
    amount: int
    returned: int


_FIND = (
    "SELECT code, account, name, msisdn AS phone, opened_ms FROM till"
    " WHERE state = 'open' AND "
)

# The day's entries are the newest: how far back they reach is found from that end.
_DAY = """
    e.account = :account AND t.at_ms >= :since AND t.at_ms < :until
    AND e.seq > coalesce((
      SELECT b.seq FROM entry AS b JOIN transfer AS u ON u.id = b.transfer
      WHERE b.account = :account AND u.at_ms < :since ORDER BY b.seq DESC LIMIT 1), 0)
"""
_SALES = f"""
    SELECT s.till AS code, coalesce(l.name, '') AS name,
      sum(e.amount > 0) AS number,
      coalesce(sum(CASE WHEN e.amount > 0 THEN e.amount END), 0) AS amount,
      coalesce(sum(CASE WHEN e.amount < 0 THEN -e.amount END), 0) AS returned
    FROM entry AS e JOIN transfer AS t ON t.id = e.transfer
      LEFT JOIN till_sale AS s ON s.transfer = coalesce(t.reverses, t.id)
      LEFT JOIN till AS l ON l.code = s.till
    WHERE {_DAY}
      AND ((t.kind = 'pay' AND e.amount > 0) OR (t.kind = 'reverse' AND e.amount < 0))
    GROUP BY s.till ORDER BY s.till IS NULL, l.name
"""  # noqa: S608 - constant conditions


def tills_of(q: Query, account: int) -> tuple[Till, ...]:
    """Return a member's open tills, by name."""
    rows = q.all(_FIND + "account = :account ORDER BY name", {"account": account})
    return tuple(map(_made, rows))


def till_by_phone(q: Query, number: str) -> Till | None:
    """Return the open till with this phone (E.164)."""
    row = q.one(_FIND + "msisdn = :number", {"number": number})
    return None if row is None else _made(row)


def till_by_code(q: Query, code: str) -> Till | None:
    """Return the open till with this code."""
    row = q.one(_FIND + "code = :code", {"code": code})
    return None if row is None else _made(row)


def phone_taken(q: Query, number: str) -> bool:
    """Say whether a phone speaks for a member or is a till."""
    return (
        q.one("SELECT 1 FROM phone WHERE msisdn = :number", {"number": number})
        is not None
    )


def added_since(q: Query, account: int, since_ms: int) -> int:
    """Return how many tills a member has added since then."""
    row = q.one(
        "SELECT count(*) AS number FROM event WHERE account = :account"
        " AND kind = 'till_added' AND at_ms >= :since",
        {"account": account, "since": since_ms},
    )
    return 0 if row is None else int(row["number"])


def add_till(tx: Tx, account: int, *, phone: str, name: str, actor: str) -> Till:
    """Let a phone receive for a member; one that did before gets its code again.

    Raises:
        Refused: the phone is taken (look with `phone_taken` first).
    """
    tx.run(
        "INSERT INTO phone (msisdn, account, role) VALUES (:phone, :account, 'till')",
        {"phone": phone, "account": account},
    )
    known = tx.one(
        "SELECT code FROM till WHERE account = :account AND msisdn = :phone"
        " AND state = 'closed'",
        {"account": account, "phone": phone},
    )
    till = Till(
        code=draw_free_code(tx) if known is None else str(known["code"]),
        account=account,
        name=name,
        phone=phone,
        opened_ms=tx.now_ms,
    )
    tx.run(
        "INSERT INTO till (code, account, name, msisdn, opened_ms)"
        " VALUES (:code, :account, :name, :phone, :now) ON CONFLICT (code) DO UPDATE"
        " SET state = 'open', name = :name, opened_ms = :now, closed_ms = NULL",
        {
            "code": till.code,
            "account": account,
            "name": name,
            "phone": phone,
            "now": tx.now_ms,
        },
    )
    _record(tx, "till_added", till, actor)
    return till


def drop_till(tx: Tx, till: Till, *, actor: str) -> None:
    """Let a till's phone receive no more; what it sold stays its own."""
    tx.run(
        "DELETE FROM phone WHERE msisdn = :phone AND role = 'till'",
        {"phone": till.phone},
    )
    tx.run(
        "UPDATE till SET state = 'closed', closed_ms = :now WHERE code = :code",
        {"code": till.code, "now": tx.now_ms},
    )
    _record(tx, "till_removed", till, actor)


def sold(tx: Tx, transfer: int, till: Till) -> None:
    """Note that a payment was made to a till."""
    tx.run(
        "INSERT INTO till_sale (transfer, till) VALUES (:transfer, :till)",
        {"transfer": transfer, "till": till.code},
    )


def sales(q: Query, account: int, since_ms: int, until_ms: int) -> tuple[Sales, ...]:
    """Return what a member received between two times, by till, no till at the end."""
    rows = q.all(_SALES, {"account": account, "since": since_ms, "until": until_ms})
    return tuple(
        Sales(
            code=row["code"],
            name=row["name"],
            count=row["number"],
            amount=row["amount"],
            returned=row["returned"],
        )
        for row in rows
    )


def _record(tx: Tx, kind: str, till: Till, actor: str) -> None:
    # Not the phone: the chain is kept for ever, a number may have to be forgotten.
    detail = {"code": till.code}
    ledger.record(tx, kind=kind, account=till.account, actor=actor, detail=detail)


def _made(row: Row) -> Till:
    return Till(
        code=row["code"],
        account=row["account"],
        name=row["name"],
        phone=row["phone"],
        opened_ms=row["opened_ms"],
    )

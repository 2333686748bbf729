"""Promises about tills that need no text: totals of returned sales, codes, phones."""

from __future__ import annotations

import pytest

from smsgate import ledger, members
from smsgate.clock import DAY_MS
from smsgate.members import NewMember, PhoneTaken, Till
from tests.smsgate.mailroom import JUAN, ROSA, START_MS, Mailroom

ANA = "+50361230000"


def _town() -> tuple[Mailroom, int, int, Till]:
    """Return Rosa's and Juan's accounts, and Ana's till."""
    room = Mailroom()
    rosa, juan = (
        members.add(room.tx, NewMember(phone=phone, name=name, limit=10_000), actor="u")
        for phone, name in ((ROSA, "Rosa"), (JUAN, "Juan"))
    )
    till = members.add_till(
        room.tx, rosa.account, phone=ANA, name="Ana", actor="member"
    )
    return room, rosa.account, juan.account, till


def _sales(room: Mailroom, account: int) -> list[tuple[str, int, int, int]]:
    found = members.sales(room.tx, account, START_MS, START_MS + DAY_MS)
    return [(one.name, one.count, one.amount, one.returned) for one in found]


def test_what_was_given_back_counts_at_its_till() -> None:
    """A refund stands beside the sales of its till; what Rosa bought is no sale."""
    room, rosa, juan, till = _town()
    with room:
        made = ledger.pay(room.tx, debit=juan, credit=rosa, amount=500)
        assert isinstance(made, ledger.Posted)
        members.sold(room.tx, made.id, till)
        ledger.pay(room.tx, debit=juan, credit=rosa, amount=300)
        ledger.pay(room.tx, debit=rosa, credit=juan, amount=200)
        ledger.reverse(room.tx, made.ref, 100, actor="member")
        assert _sales(room, rosa) == [("Ana", 1, 500, 100), ("", 1, 300, 0)]
        assert _sales(room, juan) == [("", 1, 200, 0)]


def test_totals_are_those_of_the_day_alone() -> None:
    """What was sold before or after does not count."""
    room, rosa, juan, _ = _town()
    with room:
        ledger.pay(room.tx, debit=juan, credit=rosa, amount=100)
        room.wait(DAY_MS)
        ledger.pay(room.tx, debit=juan, credit=rosa, amount=200)
        room.wait(DAY_MS)
        ledger.pay(room.tx, debit=juan, credit=rosa, amount=400)
        for day, amount in enumerate((100, 200, 400)):
            since = START_MS + day * DAY_MS
            (found,) = members.sales(room.tx, rosa, since, since + DAY_MS)
            assert found.amount == amount


def test_a_code_comes_back_to_its_own_phone_only() -> None:
    """A till that was closed gets its code again; another phone gets another."""
    room, rosa, juan, till = _town()
    with room:
        members.drop_till(room.tx, till, actor="member")
        assert members.till_by_code(room.tx, till.code) is None
        again = members.add_till(room.tx, rosa, phone=ANA, name="Ana", actor="member")
        assert again.code == till.code
        members.drop_till(room.tx, again, actor="member")
        other = members.add_till(room.tx, juan, phone=ANA, name="Ana", actor="member")
        assert other.code != till.code


def test_the_phone_of_a_till_joins_nobody() -> None:
    """A till must be closed before its phone can speak for a member."""
    room, _, _, till = _town()
    with room:
        with pytest.raises(PhoneTaken, match="is a till"):
            members.add(room.tx, NewMember(phone=ANA, name="Ana"), actor="u")
        members.drop_till(room.tx, till, actor="till")
        joined = members.add(room.tx, NewMember(phone=ANA, name="Ana"), actor="u")
        assert joined.phone == ANA


def test_each_change_of_a_till_is_in_the_chain() -> None:
    """The events name the code, and never the phone."""
    room, _, _, till = _town()
    with room:
        members.drop_till(room.tx, till, actor="till")
        rows = room.tx.all("SELECT * FROM event WHERE kind LIKE 'till%' ORDER BY id")
        assert [(row["kind"], row["actor"]) for row in rows] == [
            ("till_added", "member"),
            ("till_removed", "till"),
        ]
        assert not any(ANA[4:] in row["detail"] for row in rows)

"""Members: add, list, show, set a limit, freeze, and give a first or a new PIN.

What comes in: who is meant (a phone, a code or an alias) and what to do. What goes out:
the member as the ledger has it afterwards. A one-time code is shown once, in the answer
that issues it, and kept only as a verifier. Many at once: `member_import`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands.secret import Secret
from smsgate import codes, ledger, members
from smsgate.members import pins
from smsgate.operations.desk import OperationRefused
from smsgate.operations.newcomer import read_newcomer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smsgate.members import Member
    from smsgate.operations.desk import Desk, Document
    from smsgate.operations.requests import (
        MemberAdd,
        MemberFreeze,
        MemberLimit,
        MemberList,
        MemberPin,
        MemberShow,
        MemberUnfreeze,
    )
    from smsgate.store import Query, Row, Tx

_UNTIL = "one_time_code_until"
#: Until when a PIN is locked that only staff can unlock, with the member before them.
FOREVER = "9999-12-31T23:59:59+00:00"

_MEMBER = """
    SELECT m.account, m.code, m.name, m.kind, m.alias, m.language, m.area, m.category,
           m.email, m.joined, m.promos, m.notices, m.listed, a.state, a.balance, a.held,
           a.balance - a.held + a.credit_limit AS available, a.credit_limit, a.ceiling,
           (SELECT min(msisdn) FROM phone WHERE phone.account = m.account) AS phone
    FROM member m JOIN account a ON a.id = m.account
"""


async def add(desk: Desk, request: MemberAdd) -> Document:
    """Make somebody a member, with a one-time code or, where given, a first PIN."""
    newcomer = read_newcomer(desk, request)
    pin = first_pin(desk, request.pin)
    member = await desk.store.write(
        lambda tx: members.add(tx, newcomer, actor=desk.actor)
    )
    given = await _give(desk, member, pin)
    return describe(desk, desk.store.peek, member.account) | given


async def list_all(desk: Desk, _: MemberList) -> Document:
    """Return every member, by name."""
    rows = await desk.store.read(_MEMBER + "ORDER BY m.name, m.code")
    return {"members": [_described(desk, row) for row in rows]}


async def show(desk: Desk, request: MemberShow) -> Document:
    """Return one member."""
    member = find(desk, desk.store.peek, request.who)
    return describe(desk, desk.store.peek, member.account)


async def limit(desk: Desk, request: MemberLimit) -> Document:
    """Set how far below zero a member may go."""
    minor = desk.minor(request.limit)

    def change(tx: Tx) -> int:
        account = find(desk, tx, request.who).account
        ledger.set_limit(tx, account, minor, desk.actor)
        return account

    account = await desk.store.write(change)
    return describe(desk, desk.store.peek, account)


async def freeze(desk: Desk, request: MemberFreeze) -> Document:
    """Stop a member's payments, both ways."""

    def change(tx: Tx) -> int:
        member = find(desk, tx, request.who)
        if member.state == "active":
            ledger.freeze(tx, member.account, desk.actor, request.reason)
        elif member.state != "frozen":
            raise OperationRefused(f"{member.name} is {member.state}, not active")
        return member.account

    account = await desk.store.write(change)
    return describe(desk, desk.store.peek, account)


async def unfreeze(desk: Desk, request: MemberUnfreeze) -> Document:
    """Let a frozen member pay and be paid again."""

    def change(tx: Tx) -> int:
        member = find(desk, tx, request.who)
        if member.state == "frozen":
            ledger.unfreeze(tx, member.account, desk.actor)
        elif member.state != "active":
            raise OperationRefused(f"{member.name} is {member.state}, not frozen")
        return member.account

    account = await desk.store.write(change)
    return describe(desk, desk.store.peek, account)


async def pin(desk: Desk, request: MemberPin) -> Document:
    """Issue a one-time code for the next PIN; an earlier code is void then."""
    given = first_pin(desk, request.pin)
    member = find(desk, desk.store.peek, request.who)
    told = await _give(desk, member, given)
    return describe(desk, desk.store.peek, member.account) | told


def find(desk: Desk, query: Query, who: str) -> Member:
    """Return the member of this phone, code or alias.

    Raises:
        MemberUnknown: there is none.
    """
    return members.find(query, who, desk.config.network.country)


def describe(desk: Desk, query: Query, account: int) -> Document:
    """Return all that staff may see of a member."""
    row = query.one(_MEMBER + "WHERE m.account = :account", {"account": account})
    if row is None:
        raise OperationRefused("this account has no member: run `smsgate ledger check`")
    standing = pins.state_of(query, account, desk.clock.now_ms())
    return _described(desk, row) | {
        "held": desk.amount(row["held"]),
        "pin": str(standing.state),
        "locked_until": _until(desk, standing.locked_until_ms),
        "locked_in_person": standing.locked_until_ms == pins.IN_PERSON,
        "area": row["area"],
        "category": row["category"],
        "email": row["email"],
        "joined": row["joined"] or None,
        "promos": bool(row["promos"]),
        "notices": bool(row["notices"]),
        "listed": row["listed"],
    }


def _described(desk: Desk, row: Row) -> Document:
    ceiling = row["ceiling"]
    return {
        "code": row["code"],
        "phone": row["phone"],
        "name": row["name"],
        "kind": row["kind"],
        "alias": row["alias"],
        "language": row["language"],
        "state": row["state"],
        "balance": desk.amount(row["balance"]),
        "available": desk.amount(row["available"]),
        "limit": desk.amount(row["credit_limit"]),
        "ceiling": None if ceiling is None else desk.amount(ceiling),
    }


def _until(desk: Desk, locked_until_ms: int | None) -> str | None:
    if locked_until_ms == pins.IN_PERSON:
        return FOREVER
    return desk.time_or_none(locked_until_ms)


def first_pin(desk: Desk, given: str | None) -> Secret | None:
    """Return a PIN that an operator handed over.

    Raises:
        OperationRefused: it is not as long as PINs are here, or holds no digits only.
    """
    if given is None:
        return None
    length = desk.config.security.pin_length
    if len(given) != length or not (given.isascii() and given.isdigit()):
        raise OperationRefused(f"a PIN has {length} digits here, and nothing else")
    return Secret(given)


async def _give(desk: Desk, member: Member, pin: Secret | None) -> Document:
    if pin is None:
        issued = await issue_codes(desk, [member])
        return {name: issued[0][name] for name in ("one_time_code", _UNTIL)}
    verifier = await desk.pins.verifier(member.account, pin)
    await desk.store.write(
        lambda tx: pins.set_first(tx, member.account, verifier, desk.actor)
    )
    return {}


async def issue_codes(desk: Desk, people: Sequence[Member]) -> list[Document]:
    """Draw one-time codes, keep their verifiers, and return the codes, this once."""
    drawn = [codes.draw_one_time_code(desk.clock) for _ in people]
    verifiers = [
        await desk.pins.verifier(member.account, Secret(code))
        for member, code in zip(people, drawn, strict=True)
    ]

    def keep(tx: Tx) -> list[int]:
        return [
            pins.issue_code(tx, member.account, verifier, actor=desk.actor)
            for member, verifier in zip(people, verifiers, strict=True)
        ]

    until = await desk.store.write(keep)
    return [
        {
            "phone": member.phone,
            "name": member.name,
            "code": member.code,
            "one_time_code": code,
            _UNTIL: desk.time(until_ms),
        }
        for member, code, until_ms in zip(people, drawn, until, strict=True)
    ]

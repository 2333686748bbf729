"""Members: add, list, show, freeze, and give a first or a new PIN.

What comes in: who is meant (a phone, a code or an alias) and what to do. What goes out:
the member as the ledger has it afterwards. A one-time code is shown once, in the answer
that issues it, and kept only as a verifier. Many at once: `member_import`;
limits: `credit`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands.reply import PhoneLeft, PhoneMoved
from commands.secret import Secret
from smsgate import codes, members
from smsgate.clock import HOUR_MS, from_ms
from smsgate.handlers import Told, expiry
from smsgate.members import phones, pins, stops
from smsgate.messages import questions
from smsgate.operations.desk import OperationRefused
from smsgate.operations.people.newcomer import read_newcomer
from smsgate.operations.people.telling import owed, tell
from smsgate.operations.people.two_persons import require_grantable
from smsgate.phone import require_e164

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smsgate.members import Member
    from smsgate.operations.desk import Desk, Document
    from smsgate.operations.requests import (
        MemberAdd,
        MemberFreeze,
        MemberList,
        MemberPhone,
        MemberPin,
        MemberShow,
    )
    from smsgate.store import Query, Row, Tx

_UNTIL = "one_time_code_until"
#: Until when a PIN is locked that only staff can unlock, with the member before them.
FOREVER = "9999-12-31T23:59:59+00:00"

_MEMBER = """
    SELECT m.account, m.code, m.name, m.kind, m.alias, m.language, m.area, m.category,
           m.email, m.joined, m.promos, m.notices, m.listed, m.low_from_ms,
           a.state, a.balance, a.held,
           a.balance - a.held + a.credit_limit AS available, a.credit_limit, a.ceiling,
           (SELECT min(msisdn) FROM phone
            WHERE phone.account = m.account AND phone.role = 'own') AS phone
    FROM member m JOIN account a ON a.id = m.account
"""


async def add(desk: Desk, request: MemberAdd) -> Document:
    """Make somebody a member, with a one-time code or, where given, a first PIN."""
    newcomer = read_newcomer(desk, request)
    pin = first_pin(desk, request.pin)

    def change(tx: Tx) -> Member:
        require_grantable(desk, tx, newcomer.limit)
        return members.add(tx, newcomer, actor=desk.actor)

    member = await desk.store.write(change)
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


async def freeze(desk: Desk, request: MemberFreeze) -> Document:
    """Stop a member's payments, both ways."""

    def change(tx: Tx) -> int:
        member = find(desk, tx, request.who)
        if member.state == "closed":
            raise OperationRefused(f"{member.name} is {member.state}, not active")
        stops.freeze(tx, member.account, desk.actor, request.reason)
        return member.account

    account = await desk.store.write(change)
    return describe(desk, desk.store.peek, account)


async def phone(desk: Desk, request: MemberPhone) -> Document:
    """Have another phone speak for a member; both are told, and every question void."""
    number = require_e164(request.phone, desk.config.network.country)
    limits = desk.config.limits

    def change(tx: Tx) -> int:
        before = find(desk, tx, request.who)
        moved = phones.move_phone(tx, before, number, actor=desk.actor)
        told: list[Told] = []
        for question in questions.open_of(tx, before.account, tx.now_ms):
            questions.close(tx, question.id, "void")
            told += expiry.unanswered(tx, question)
        at = from_ms(moved.low_from_ms + limits.low_hours * HOUR_MS)
        here = PhoneMoved(code=moved.code, limit=limits.low, at=at)
        left = Told(reply=PhoneLeft(), to=before, phone=before.phone)
        tell(desk, tx, [Told(reply=here, to=moved), left, *told])
        return before.account

    account = await desk.store.write(change)
    owed(desk)
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
    now_ms = desk.clock.now_ms()
    standing = pins.state_of(query, account, now_ms)
    pin = pins.look(query, account).at(now_ms)
    low_until_ms = row["low_from_ms"] + desk.config.limits.low_hours * HOUR_MS
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
        # ROBO from another phone: pays nothing, is still paid.
        "stopped": row["state"] == "stopped",
        "low_until": desk.time(low_until_ms) if low_until_ms > now_ms else None,
        # A PIN that waits for its time, and perhaps for a guardian as well.
        "new_pin_from": desk.time_or_none(pin.next_ms),
        "new_pin_held": bool(pin.next_held),
        "notices": bool(row["notices"]),
        "listed": row["listed"],
        "tills": [
            {"code": till.code, "name": till.name, "phone": till.phone}
            for till in members.tills_of(query, account)
        ],
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
        "state": "active" if row["state"] == "stopped" else row["state"],
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

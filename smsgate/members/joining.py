"""Joining: a new member with an account, a code, a phone, and perhaps an alias.

What comes in: an open transaction and a `NewMember`. What goes out: the `Member`, or a
refusal that names what is taken. The code is drawn by chance, so that it tells nobody
how many members there are. A first PIN comes later: see `smsgate.members.pins.codes`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from smsgate import ledger
from smsgate.codes import draw_code
from smsgate.errors import SmsgateError
from smsgate.members.directory import Member, by_account, by_phone
from smsgate.members.naming import look, proper_alias, proper_name
from smsgate.phone import masked

if TYPE_CHECKING:
    from smsgate.store import Query, Tx

#: There are 9,000 codes; after so many draws that were all taken there are too few.
_DRAWS = 1_000


class PhoneTaken(SmsgateError):
    """This phone speaks for another member already."""


class AliasTaken(SmsgateError):
    """Another member has this alias, or one that looks like it."""


class CodesUsedUp(SmsgateError):
    """There are no member codes left to give."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMember:
    """Somebody who is to become a member."""

    #: E.164.
    phone: str
    name: str
    #: "business" or "consumer".
    kind: str = "consumer"
    alias: str | None = None
    #: "es" or "en".
    language: str = "es"
    #: How far below zero they may go; minor units.
    limit: int = 0
    #: The highest balance they may have; None: any.
    ceiling: int | None = None
    area: str = ""
    category: str = ""
    email: str = ""
    #: ISO date of joining; empty: unknown.
    joined: str = ""
    #: Whether they asked for promotions.
    promos: bool = False


def add(tx: Tx, new: NewMember, *, actor: str) -> Member:
    """Make somebody a member and open their account.

    Raises:
        PhoneTaken, AliasTaken: another member has it.
        NameBad, AliasBad: it cannot be used by anybody.
        CodesUsedUp: there are no codes left.
    """
    name = proper_name(new.name)
    alias = proper_alias(new.alias) if new.alias else None
    owner = by_phone(tx, new.phone)
    if owner is not None:
        raise PhoneTaken(
            f"{masked(new.phone)} already speaks for member {owner.code}: "
            "use another phone"
        )
    if tx.one("SELECT 1 FROM phone WHERE msisdn = :phone", {"phone": new.phone}):
        raise PhoneTaken(
            f"{masked(new.phone)} is a till: a text with NO or BAJA from it, or CAJERO "
            "QUITAR from its owner, frees it"
        )
    if alias is not None:
        require_free(tx, alias)
    code = draw_free_code(tx)
    account = ledger.open_account(
        tx, kind="member", limit=new.limit, ceiling=new.ceiling, actor=actor
    )
    _insert(tx, new, account=account, code=code, name=name, alias=alias)
    ledger.record(
        tx,
        kind="member_added",
        account=account,
        actor=actor,
        # Not the phone: the chain is kept for ever, a number may have to be forgotten.
        detail={"code": code},
    )
    member = by_account(tx, account)
    if member is None:
        raise AssertionError("a member that was just written cannot be read")
    return member


def require_free(q: Query, alias: str, account: int = 0) -> None:
    """Refuse an alias that another than this member has, or one that looks like it.

    Raises:
        AliasTaken: somebody has it.
    """
    row = q.one(
        "SELECT alias, code FROM member"
        " WHERE alias_look = :look AND account <> :account",
        {"look": look(alias), "account": account},
    )
    if row is not None:
        raise AliasTaken(
            f"the alias {alias} is, or looks like, {row['alias']} of member "
            f"{row['code']}: choose another"
        )


def draw_free_code(tx: Tx) -> str:
    """Draw a code that no member has, nor any till ever had.

    Raises:
        CodesUsedUp: there are none left.
    """
    for _ in range(_DRAWS):
        code = draw_code(tx.clock)
        taken = tx.one(
            "SELECT 1 FROM member WHERE code = :code"
            " UNION ALL SELECT 1 FROM till WHERE code = :code",
            {"code": code},
        )
        if taken is None:
            return code
    raise CodesUsedUp("the member codes are used up: this network is full")


def _insert(
    tx: Tx, new: NewMember, *, account: int, code: str, name: str, alias: str | None
) -> None:
    tx.run(
        "INSERT INTO member (account, code, name, kind, alias, alias_look, language,"
        " area, category, email, joined, promos, created_ms)"
        " VALUES (:account, :code, :name, :kind, :alias, :alias_look, :language,"
        " :area, :category, :email, :joined, :promos, :now)",
        {
            "account": account,
            "code": code,
            "name": name,
            "kind": new.kind,
            "alias": alias,
            "alias_look": None if alias is None else look(alias),
            "language": new.language,
            "area": new.area,
            "category": new.category,
            "email": new.email,
            "joined": new.joined,
            "promos": int(new.promos),
            "now": tx.now_ms,
        },
    )
    tx.run(
        "INSERT INTO phone (msisdn, account, role, heard_ms)"
        " VALUES (:phone, :account, 'own', :now)",
        {"phone": new.phone, "account": account, "now": tx.now_ms},
    )

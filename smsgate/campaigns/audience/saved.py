"""Audiences that are kept by name: rules, and lists of phones.

What comes in: a name with a rule, or with the phones of a list. What goes out: the
audience. A rule is kept as it was written and asked anew whenever it is used; a list is
what its file said. Used by `smsgate.campaigns.audience.people`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from smsgate.errors import SmsgateError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from smsgate.store import Query, Row, Tx


class AudienceRefused(SmsgateError):
    """This cannot be done with an audience."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """A saved choice of people."""

    id: int
    name: str
    #: As it was written; '': a list.
    rule: str
    created_by: str
    created_ms: int
    #: How many phones a list has; 0 for a rule.
    phones: int

    @property
    def is_list(self) -> bool:
        """Whether it is a list of phones."""
        return not self.rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One phone of a list."""

    msisdn: str
    #: The other columns of its row, by name.
    fields: Mapping[str, str]


_SELECT = (
    "SELECT d.*, (SELECT count(*) FROM audience_phone p WHERE p.audience = d.id)"
    " AS phones FROM audience d"
)


def by_name(q: Query, name: str) -> Audience | None:
    """Return the audience of this name."""
    row = q.one(f"{_SELECT} WHERE d.name = :name", {"name": name})
    return None if row is None else _audience(row)


def every(q: Query) -> list[Audience]:
    """Return all audiences by name."""
    return [_audience(row) for row in q.all(f"{_SELECT} ORDER BY d.name")]


def save(tx: Tx, *, name: str, rule: str, actor: str) -> Audience:
    """Keep an audience under a new name, or give a rule of that name another text.

    Raises:
        AudienceRefused: it is of the other kind, or a rule that was agreed to.
    """
    known = by_name(tx, name)
    if known is not None and known.is_list != (not rule):
        raise AudienceRefused(
            f"audience {name} is a {'list' if known.is_list else 'rule'}: "
            "choose another name, or drop it first"
        )
    tx.run(
        "INSERT INTO audience (name, rule, created_by, created_ms)"
        " VALUES (:name, :rule, :actor, :now)"
        " ON CONFLICT (name) DO UPDATE SET rule = excluded.rule,"
        " created_by = excluded.created_by, created_ms = excluded.created_ms",
        {"name": name, "rule": rule, "actor": actor, "now": tx.now_ms},
    )
    saved = by_name(tx, name)
    if saved is None:
        raise AssertionError("an audience that was just written cannot be read")
    return saved


def put_phones(tx: Tx, audience: int, listed: Sequence[Listed]) -> int:
    """Add phones to a list; return how many were new.

    Of a phone that is there already, what the later row says wins, and what it leaves
    out stays.
    """
    before = _phones(tx, audience)
    for one in listed:
        row = tx.one(
            "SELECT fields FROM audience_phone"
            " WHERE audience = :audience AND msisdn = :msisdn",
            {"audience": audience, "msisdn": one.msisdn},
        )
        known = {} if row is None else json.loads(row["fields"])
        given = {name: text for name, text in one.fields.items() if text}
        tx.run(
            "INSERT INTO audience_phone (audience, msisdn, fields)"
            " VALUES (:audience, :msisdn, :fields)"
            " ON CONFLICT (audience, msisdn) DO UPDATE SET fields = excluded.fields",
            {
                "audience": audience,
                "msisdn": one.msisdn,
                "fields": json.dumps(
                    {**one.fields, **known, **given},
                    sort_keys=True,
                    ensure_ascii=False,
                ),
            },
        )
    return _phones(tx, audience) - before


def columns(q: Query, audience: int) -> frozenset[str]:
    """Return the columns of a list, those of any of its files."""
    rows = q.all(
        "SELECT DISTINCT j.key FROM audience_phone, json_each(fields) AS j"
        " WHERE audience = :id",
        {"id": audience},
    )
    return frozenset(str(row["key"]) for row in rows)


def drop(tx: Tx, audience: Audience) -> None:
    """Forget an audience; what was frozen from it stays as it is."""
    tx.run("DELETE FROM audience_phone WHERE audience = :id", {"id": audience.id})
    tx.run("DELETE FROM audience WHERE id = :id", {"id": audience.id})


def _phones(q: Query, audience: int) -> int:
    row = q.one(
        "SELECT count(*) AS n FROM audience_phone WHERE audience = :id",
        {"id": audience},
    )
    return 0 if row is None else int(row["n"])


def _audience(row: Row) -> Audience:
    return Audience(
        id=row["id"],
        name=row["name"],
        rule=row["rule"],
        created_by=row["created_by"],
        created_ms=row["created_ms"],
        phones=row["phones"],
    )

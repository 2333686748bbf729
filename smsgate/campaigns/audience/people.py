"""The people of a plan: chosen batch by batch, each phone once.

What comes in: a plan, and where the last batch ended. What goes out: the next people,
in the order of their phones, so that a million of them needs no more memory than a
batch, and writing them down touches few pages of the file. Left out here are members
who want no promotions, accounts that are closed or frozen, and whom the plan excludes.
Written down by `smsgate.campaigns.freezing`, counted by `smsgate.campaigns.preview`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from smsgate.campaigns.audience import saved
from smsgate.campaigns.audience.facts import Where, where
from smsgate.campaigns.audience.rules import All, Fact, RuleBad, read
from smsgate.clock import DAY_MS

if TYPE_CHECKING:
    from datetime import tzinfo

    from smsgate.campaigns.plan import Plan
    from smsgate.store import Query, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who is to be written to, and what is known of them."""

    msisdn: str
    #: None: no member.
    account: int | None
    language: str
    #: For the fields of a text; amounts are minor units here.
    name: str = ""
    code: str = ""
    area: str = ""
    category: str = ""
    balance: int = 0
    available: int = 0
    #: Whether the balance may not be written into a text.
    hidden: bool = False
    #: Columns of a list.
    columns: Mapping[str, str] = field(default_factory=dict)


#: A phone, the account that it speaks for, and the fields of a list as JSON.
Phone: TypeAlias = tuple[str, int | None, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A plan's people as one statement, ready to be asked for batch after batch."""

    sql: str
    values: Mapping[str, object]
    #: The list's number; None: members, by account.
    listed: int | None
    #: The network's language, for who is no member.
    language: str
    #: Counts those who fit and are left out all the same: `unwilling`, `closed`.
    left_out_sql: str

    def brief(self) -> str:
        """Return the statement for phones, accounts and list fields alone."""
        return self.sql.replace(_FACTS, "m.account", 1)

    def often_sql(self) -> str:
        """Return what counts those who were written to `:enough` times lately."""
        return (
            f"SELECT count(*) AS n FROM ({self.brief()}) AS c"  # noqa: S608
            " WHERE (SELECT count(*) FROM recipient r WHERE r.msisdn = c.msisdn"
            " AND r.written_ms > 0 AND r.written_ms > :enough_since) >= :enough"
        )

    def first(self) -> str:
        """Return where the first batch begins."""
        return ""


_FACTS = (
    "m.account, m.name, m.code, m.area, m.category, m.language, m.hidden, a.balance,"
    " a.balance - a.held + a.credit_limit AS available"
)
_MEMBERS = f"SELECT p.msisdn, {_FACTS}, '{{}}' AS fields, p.msisdn AS place"
_OF_MEMBERS = (
    " FROM phone p JOIN member m ON m.account = p.account"
    " JOIN account a ON a.id = m.account"
    " WHERE p.msisdn > :after AND p.role = 'own'"
)
_LISTED = f"SELECT l.msisdn, {_FACTS}, l.fields, l.msisdn AS place"
_OF_LISTED = (
    " FROM audience_phone l"
    " LEFT JOIN phone p ON p.msisdn = l.msisdn AND p.role = 'own'"
    " LEFT JOIN member m ON m.account = p.account"
    " LEFT JOIN account a ON a.id = m.account"
    " WHERE l.audience = :listed AND l.msisdn > :after"
)
_CLOSED = "(m.account IS NOT NULL AND a.state NOT IN ('active', 'stopped'))"
_UNWILLING = (
    "((m.account IS NOT NULL AND m.promos = 0)"
    " OR EXISTS (SELECT 1 FROM opt_out o WHERE o.msisdn = {phone}))"
)
_NOT_WRITTEN = (
    " AND NOT EXISTS (SELECT 1 FROM recipient r WHERE r.msisdn = {phone}"
    " AND r.written_ms > 0 AND r.written_ms > :written_since)"
)
_NOT_IN = (
    " AND NOT EXISTS (SELECT 1 FROM recipient r WHERE r.msisdn = {phone}"
    " AND r.campaign IN ({campaigns}))"
)


def choose(
    q: Query, plan: Plan, *, now_ms: int, decimals: int, zone: tzinfo, language: str
) -> Choice:
    """Make the statement that chooses a plan's people.

    Raises:
        RuleBad: the rule, the saved audience or an excluded campaign is not known.
    """
    known = saved.by_name(q, plan.audience) if plan.audience else None
    if plan.audience and known is None:
        raise RuleBad(
            f"there is no audience {plan.audience}: look at `smsgate audience list`"
        )
    rules = [read(plan.rule)] if plan.rule else []
    if known is not None and not known.is_list:
        rules.append(Fact(name="audience", sign="=", value=known.name))
    condition = where(
        All(of=tuple(rules)), q, now_ms=now_ms, decimals=decimals, zone=zone
    )
    listed = known.id if known is not None and known.is_list else None
    return _choice(q, plan, condition, listed, now_ms=now_ms, language=language)


def _choice(
    q: Query,
    plan: Plan,
    condition: Where,
    listed: int | None,
    *,
    now_ms: int,
    language: str,
) -> Choice:
    phone = "p.msisdn" if listed is None else "l.msisdn"
    sql = _OF_MEMBERS if listed is None else _OF_LISTED
    values = dict(condition.values)
    if listed is not None:
        values["listed"] = listed
    if listed is None:
        sql += f" AND {condition.sql}"
    elif plan.rule:
        # A rule asks about members: nobody else fits one.
        sql += f" AND m.account IS NOT NULL AND {condition.sql}"
    if plan.not_written_days:
        sql += _NOT_WRITTEN.format(phone=phone)
        values["written_since"] = now_ms - plan.not_written_days * DAY_MS
    if plan.not_in:
        places = []
        for number, campaign in enumerate(_campaigns(q, plan)):
            values[f"c{number}"] = campaign
            places.append(f":c{number}")
        sql += _NOT_IN.format(phone=phone, campaigns=", ".join(places))
    columns = _MEMBERS if listed is None else _LISTED
    unwilling = _UNWILLING.format(phone=phone)
    left_out_sql = (
        "SELECT coalesce(sum(closed), 0) AS closed,"  # noqa: S608
        f" count(*) - coalesce(sum(closed), 0) AS unwilling FROM (SELECT {_CLOSED}"
        f" AS closed{sql} AND ({_CLOSED} OR {unwilling})) AS o"
    )
    return Choice(
        sql=f"{columns}{sql} AND NOT {_CLOSED} AND NOT {unwilling}"
        f" ORDER BY {phone} LIMIT :limit",
        left_out_sql=left_out_sql,
        values=values,
        listed=listed,
        language=language,
    )


def _campaigns(q: Query, plan: Plan) -> list[int]:
    """Return the campaigns whose people are left out, rounds included."""
    found: list[int] = []
    for name in plan.not_in:
        rows = q.all(
            "SELECT c.id FROM campaign c LEFT JOIN campaign s ON s.id = c.series"
            " WHERE c.name = :name OR s.name = :name",
            {"name": name},
        )
        if not rows:
            raise RuleBad(
                f"there is no campaign {name} to leave out: look at "
                "`smsgate campaign list`"
            )
        found += [int(row["id"]) for row in rows]
    return found


def batch(
    q: Query, choice: Choice, after: str, limit: int
) -> tuple[list[Person], str | None]:
    """Return the next people, and where the batch after them begins; None: the end."""
    rows = q.all(choice.sql, {**choice.values, "after": after, "limit": limit})
    people = [person_of(row, choice.language) for row in rows]
    return people, rows[-1]["place"] if len(rows) == limit else None


def left_out(q: Query, choice: Choice) -> dict[str, int]:
    """Count who fits and is not written to: `unwilling` to get promotions, `closed`."""
    row = q.one(choice.left_out_sql, {**choice.values, "after": choice.first()})
    if row is None:
        raise AssertionError("a count is a row")
    return {"unwilling": int(row["unwilling"]), "closed": int(row["closed"])}


#: More than any audience.
_ALL = 2**53


def had_enough(q: Query, choice: Choice, since_ms: int, most: int) -> int:
    """Count who was written to so often since then that they are skipped."""
    row = q.one(
        choice.often_sql(),
        {
            **choice.values,
            "after": choice.first(),
            "limit": _ALL,
            "enough_since": since_ms,
            "enough": most,
        },
    )
    return 0 if row is None else int(row["n"])


def phones(
    q: Query, choice: Choice, after: str, limit: int
) -> tuple[list[Phone], str | None]:
    """Return the next people like `batch`, but only what is written down of them."""
    rows = q.all(choice.brief(), {**choice.values, "after": after, "limit": limit})
    found = [(row["msisdn"], row["account"], row["fields"]) for row in rows]
    return found, found[-1][0] if len(found) == limit else None


def person_of(row: Row, language: str) -> Person:
    """Return a row with the columns of a choice as a person."""
    columns = {} if row["fields"] == "{}" else json.loads(row["fields"])
    return Person(
        msisdn=row["msisdn"],
        account=row["account"],
        language=row["language"] or language,
        name=row["name"] or "",
        code=row["code"] or "",
        area=row["area"] or "",
        category=row["category"] or "",
        balance=row["balance"] or 0,
        available=row["available"] or 0,
        hidden=bool(row["hidden"]),
        columns=columns,
    )

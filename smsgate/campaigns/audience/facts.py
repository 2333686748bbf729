"""What a rule can ask of a member, as conditions of SQL.

What comes in: a `Rule`. What goes out: a `Where`, a condition over `m` (the member) and
`a` (the account) with its values by name, or `RuleBad`. Whatever staff wrote is a value
and never SQL. Days are whole days of 24 hours before now; who never bought has been
idle for ever. Amounts are the network's units.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Final, assert_never

from smsgate.campaigns.audience.rules import All, Any, Fact, Not, RuleBad, read
from smsgate.clock import DAY_MS, to_ms
from smsgate.money import BadAmount, parse_amount

if TYPE_CHECKING:
    from datetime import tzinfo

    from smsgate.campaigns.audience.rules import Rule
    from smsgate.store import Query

_BOUGHT = (
    "(SELECT t.at_ms FROM transfer t WHERE t.debit = m.account AND t.kind = 'pay'"
    " ORDER BY t.at_ms DESC LIMIT 1)"
)
_SOLD = (
    "(SELECT t.at_ms FROM entry e JOIN transfer t ON t.id = e.transfer"
    " WHERE e.account = m.account AND e.amount > 0 AND t.kind = 'pay'"
    " ORDER BY e.seq DESC LIMIT 1)"
)
_PAID = "SELECT 1 FROM transfer t WHERE t.debit = m.account AND t.kind = 'pay'"
_LISTED = (
    "SELECT 1 FROM audience_phone l JOIN phone lp ON lp.msisdn = l.msisdn"
    " WHERE lp.account = m.account"
)
_DAYS = f"(:now_ms - coalesce({{at}}, 0)) / {DAY_MS}"
_YES = frozenset({"yes", "si", "sí", "true", "1"})
_NO = frozenset({"no", "false", "0"})
#: How deep saved audiences may name each other.
_NESTED_MAX = 5
#: So many comparisons a rule may come to, with the audiences it names.
_VALUES_MAX = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """A condition, and the values in it."""

    sql: str
    values: dict[str, object]


@dataclass
class _Compiler:
    """Collects values while a rule becomes SQL."""

    q: Query
    now_ms: int
    decimals: int
    zone: tzinfo
    nested: int = 0
    values: dict[str, object] = field(default_factory=dict)

    def place(self, value: object) -> str:
        if len(self.values) >= _VALUES_MAX:
            raise RuleBad(
                f"the rule and the audiences it names compare more than {_VALUES_MAX} "
                "times: make it simpler"
            )
        name = f"f{len(self.values)}"
        self.values[name] = value
        return f":{name}"


def where(rule: Rule, q: Query, *, now_ms: int, decimals: int, zone: tzinfo) -> Where:
    """Turn a rule into a condition.

    Raises:
        RuleBad: it names a fact that is not known, or a value that cannot be.
    """
    compiler = _Compiler(q=q, now_ms=now_ms, decimals=decimals, zone=zone)
    sql = _sql(rule, compiler)
    return Where(sql=sql, values=compiler.values | {"now_ms": now_ms})


def _sql(rule: Rule, compiler: _Compiler) -> str:
    match rule:
        case All(of=of):
            return "(" + (" AND ".join(_sql(one, compiler) for one in of) or "1") + ")"
        case Any(of=of):
            return "(" + " OR ".join(_sql(one, compiler) for one in of) + ")"
        case Not(of=of):
            return f"(NOT {_sql(of, compiler)})"
        case Fact():
            known = FACTS.get(rule.name)
            if known is None:
                raise RuleBad(
                    f"fact {rule.name} is not known: use one of {', '.join(FACTS)}"
                )
            return known.sql(rule, compiler)
        case _:
            assert_never(rule)


def _equal_only(fact: Fact) -> str:
    if fact.sign not in {"=", "!="}:
        raise RuleBad(f"{fact.name} is compared with = or != only")
    return "=" if fact.sign == "=" else "<>"


def _sign(fact: Fact) -> str:
    return "<>" if fact.sign == "!=" else fact.sign


def _choice(column: str, *choices: str) -> Callable[[Fact, _Compiler], str]:
    def sql(fact: Fact, compiler: _Compiler) -> str:
        if fact.value.lower() not in choices:
            raise RuleBad(f"{fact.name} is one of {', '.join(choices)}")
        return f"({column} {_equal_only(fact)} {compiler.place(fact.value.lower())})"

    return sql


def _words(column: str) -> Callable[[Fact, _Compiler], str]:
    def sql(fact: Fact, compiler: _Compiler) -> str:
        value = compiler.place(fact.value.strip())
        return f"(lower({column}) {_equal_only(fact)} lower({value}))"

    return sql


def _amount(column: str) -> Callable[[Fact, _Compiler], str]:
    def sql(fact: Fact, compiler: _Compiler) -> str:
        try:
            minor = parse_amount(fact.value, compiler.decimals, signed=True)
        except BadAmount as error:
            raise RuleBad(f"{fact.name}: {error}") from error
        return f"({column} {_sign(fact)} {compiler.place(minor)})"

    return sql


def _used(fact: Fact, compiler: _Compiler) -> str:
    """Credit used, as an amount or as a share of the limit: `used >= 80%`."""
    used = "(CASE WHEN a.balance < 0 THEN -a.balance ELSE 0 END)"
    if not fact.value.endswith("%"):
        return _amount(used)(fact, compiler)
    share = _whole(fact, fact.value[:-1])
    value = compiler.place(share)
    # Who has no credit line uses no share of it.
    return (
        f"(a.credit_limit > 0 AND {used} * 100 {_sign(fact)} a.credit_limit * {value})"
    )


def _days(at: str) -> Callable[[Fact, _Compiler], str]:
    def sql(fact: Fact, compiler: _Compiler) -> str:
        days = compiler.place(_whole(fact, fact.value))
        return f"({_DAYS.format(at=at)} {_sign(fact)} {days})"

    return sql


def _whole(fact: Fact, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 6):
        raise RuleBad(f"{fact.name} is compared with a whole number, like 30")
    return int(text)


def _bought_from(fact: Fact, compiler: _Compiler) -> str:
    row = compiler.q.one(
        "SELECT account FROM member WHERE code = :who OR alias = upper(:who)",
        {"who": fact.value},
    )
    if row is None:
        raise RuleBad(f"nobody has the code or alias {fact.value}")
    there = "EXISTS" if _equal_only(fact) == "=" else "NOT EXISTS"
    return f"({there} ({_PAID} AND t.credit = {compiler.place(row['account'])}))"


def _joined(fact: Fact, compiler: _Compiler) -> str:
    try:
        day = date.fromisoformat(fact.value)
    except ValueError as error:
        raise RuleBad("joined is compared with a day, like 2026-01-31") from error
    # A member without a day of joining joined when their row was made.
    ms = to_ms(datetime.combine(day, time(), tzinfo=compiler.zone))
    text, begins = compiler.place(day.isoformat()), compiler.place(ms)
    ends, sign = compiler.place(ms + DAY_MS), _sign(fact)
    made = {
        "<": f"m.created_ms < {begins}",
        "<=": f"m.created_ms < {ends}",
        ">": f"m.created_ms >= {ends}",
        ">=": f"m.created_ms >= {begins}",
        "=": f"m.created_ms >= {begins} AND m.created_ms < {ends}",
        "<>": f"(m.created_ms < {begins} OR m.created_ms >= {ends})",
    }[sign]
    return f"(CASE WHEN m.joined <> '' THEN m.joined {sign} {text} ELSE {made} END)"


def _opted_in(fact: Fact, _: _Compiler) -> str:
    wanted = fact.value.lower()
    if wanted not in _YES | _NO:
        raise RuleBad("opted_in is yes or no")
    yes = (wanted in _YES) == (_equal_only(fact) == "=")
    return f"(m.promos = {int(yes)})"


def _within(fact: Fact, compiler: _Compiler) -> str:
    """Everybody of a saved audience."""
    row = compiler.q.one(
        "SELECT id, rule FROM audience WHERE name = :name", {"name": fact.value}
    )
    if row is None:
        raise RuleBad(
            f"there is no audience {fact.value}: look at `smsgate audience list`"
        )
    negated = "" if _equal_only(fact) == "=" else "NOT "
    if not row["rule"]:
        listed = f"{_LISTED} AND l.audience = {compiler.place(row['id'])}"
        return f"({negated}EXISTS ({listed}))"
    if compiler.nested >= _NESTED_MAX:
        raise RuleBad(f"audience {fact.value} goes round in a circle, or is too deep")
    compiler.nested += 1
    inner = _sql(read(str(row["rule"])), compiler)
    compiler.nested -= 1
    return f"({negated}{inner})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A fact that rules can name."""

    sql: Callable[[Fact, _Compiler], str]
    #: What it is, for the help and the reference.
    meaning: str
    example: str


FACTS: Final[dict[str, Known]] = {
    "kind": Known(
        sql=_choice("m.kind", "business", "consumer"),
        meaning="business or consumer",
        example="kind = business",
    ),
    "area": Known(
        sql=_words("m.area"), meaning="where they are", example='area = "Santa Tecla"'
    ),
    "category": Known(
        sql=_words("m.category"),
        meaning="what they do",
        example="category = carpintero",
    ),
    "language": Known(
        sql=_choice("m.language", "es", "en"),
        meaning="es or en",
        example="language = es",
    ),
    "balance": Known(
        sql=_amount("a.balance"),
        meaning="units on the account; below zero is credit",
        example="balance >= 50.00",
    ),
    "available": Known(
        sql=_amount("(a.balance - a.held + a.credit_limit)"),
        meaning="what they can spend now, credit included",
        example="available > 100",
    ),
    "used": Known(
        sql=_used,
        meaning="credit in use, as an amount or as a share of the limit",
        example="used >= 80%",
    ),
    "bought": Known(
        sql=_days(_BOUGHT),
        meaning="whole days since they last paid; never counts as long ago",
        example="bought > 30",
    ),
    "sold": Known(
        sql=_days(_SOLD),
        meaning="whole days since they were last paid",
        example="sold <= 7",
    ),
    "idle": Known(
        sql=_days(f"max(coalesce({_BOUGHT}, 0), coalesce({_SOLD}, 0))"),
        meaning="whole days since they last paid or were paid",
        example="idle > 60",
    ),
    "bought_from": Known(
        sql=_bought_from,
        meaning="a member they have ever paid, by code or alias",
        example="bought_from = 20417",
    ),
    "joined": Known(
        sql=_joined, meaning="the day they joined", example="joined >= 2026-01-01"
    ),
    "opted_in": Known(
        sql=_opted_in,
        meaning="whether they want promotions (others are never written to)",
        example="opted_in = yes",
    ),
    "audience": Known(
        sql=_within,
        meaning="a saved audience, or the members of a list",
        example="audience = expo",
    ),
}

"""Budget: what was spent on texts, and which classes must stop when it is too much.

What comes in: each segment that a link took and what it costs. What goes out: sums of
the local day and month, by link and class, kept in the transaction that settles the
send; how much of the budget is used; and the classes that are held back from links
that cost: campaigns from 80 percent on, notices from 100 on, receipts never. Amounts
are ten-thousandths of the currency, because a segment can cost 0.0075.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from smsgate.clock import from_ms
from smsgate.messages.outbox.rows import Class

if TYPE_CHECKING:
    from datetime import tzinfo

    from smsgate.store import Query, Tx

#: Decimals of the currency that are counted.
DECIMALS = 4
#: From so many hundredths of a budget on: an alarm, and these classes stop.
STOPS: tuple[tuple[int, frozenset[Class]], ...] = (
    (80, frozenset({Class.campaign})),
    (100, frozenset({Class.campaign, Class.notice})),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """How much may be spent; None: as much as it takes."""

    timezone: tzinfo
    day: int | None = None
    month: int | None = None

    def today(self, now_ms: int) -> str:
        """Return the local day, `2026-03-02`."""
        return from_ms(now_ms).astimezone(self.timezone).date().isoformat()


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What was spent on one local day, and in its month."""

    today: str
    day: int
    month: int

    def plus(self, cost: int) -> Spent:
        """Return it with something more spent."""
        return Spent(today=self.today, day=self.day + cost, month=self.month + cost)

    def no_less_than(self, other: Spent) -> Spent:
        """Return the larger sums of one day: what is spent only grows."""
        if other.today != self.today:
            return self
        return Spent(
            today=self.today,
            day=max(self.day, other.day),
            month=max(self.month, other.month),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A step of the budget that is reached."""

    #: "day" or "month".
    period: str
    percent: int
    spent: int
    budget: int
    stopped: frozenset[Class]


def note(tx: Tx, *, day: str, link: str, cls: Class, segments: int, cost: int) -> None:
    """Count segments that a link took; `cost` is that of all of them."""
    tx.run(
        "INSERT INTO spent (day, link, class, segments, cost)"
        " VALUES (:day, :link, :class, :segments, :cost)"
        " ON CONFLICT (day, link, class) DO UPDATE SET"
        " segments = segments + excluded.segments, cost = cost + excluded.cost",
        {
            "day": day,
            "link": link,
            "class": int(cls),
            "segments": segments,
            "cost": cost,
        },
    )


def spent(q: Query, today: str, link: str | None = None) -> Spent:
    """Return what was spent on a day and in its month, over one link or all."""
    row = q.one(
        "SELECT coalesce(sum(cost), 0) AS month,"
        " coalesce(sum(CASE WHEN day = :today THEN cost END), 0) AS day"
        " FROM spent WHERE day BETWEEN :first AND :today"
        " AND (:link IS NULL OR link = :link)",
        {"today": today, "first": f"{today[:7]}-01", "link": link},
    )
    if row is None:
        raise AssertionError("a sum has no row")
    return Spent(today=today, day=int(row["day"]), month=int(row["month"]))


def levels(budget: Budget, spent: Spent) -> list[Level]:
    """Return the highest step that is reached, of the day and of the month."""
    found = []
    for period, used, most in (
        ("day", spent.day, budget.day),
        ("month", spent.month, budget.month),
    ):
        for percent, stopped in reversed(STOPS):
            if most is not None and used * 100 >= most * percent:
                level = Level(
                    period=period,
                    percent=percent,
                    spent=used,
                    budget=most,
                    stopped=stopped,
                )
                found.append(level)
                break
    return found


def stopped(budget: Budget, spent: Spent) -> frozenset[Class]:
    """Return the classes that links which cost may not carry now."""
    return frozenset(cls for level in levels(budget, spent) for cls in level.stopped)

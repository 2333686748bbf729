"""Campaigns and recipients as values, and their states.

What comes in: rows. What goes out: `Campaign` and `Recipient`. Which state follows
which is drawn at the tables in `ledger.sqlite.schema`; the steps are in
`smsgate.campaigns.steps`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import TYPE_CHECKING

from smsgate.campaigns.plan import Plan, load

if TYPE_CHECKING:
    from smsgate.store import Query, Row


class State(StrEnum):
    """Where a campaign stands."""

    draft = "draft"
    #: Its audience is being written down.
    freezing = "freezing"
    #: Somebody else must agree.
    review = "review"
    approved = "approved"
    #: It waits for its time.
    scheduled = "scheduled"
    running = "running"
    paused = "paused"
    finished = "finished"
    cancelled = "cancelled"

    @property
    def words(self) -> str:
        """Say it behind "is", to staff."""
        return _WORDS.get(self, str(self))


_WORDS = {
    State.draft: "a draft",
    State.freezing: "being written down",
    State.review: "waiting for its approval",
}


class Stage(StrEnum):
    """Where one recipient stands."""

    waiting = "waiting"
    queued = "queued"
    sending = "sending"
    sent = "sent"
    delivered = "delivered"
    failed = "failed"
    #: Written to the wire and nobody answered; never written to again.
    unsure = "unsure"
    skipped = "skipped"
    cancelled = "cancelled"
    #: Not written to, to compare with.
    held_out = "held_out"


class Variant(StrEnum):
    """Which text a recipient gets."""

    a = "a"
    b = "b"
    none = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """One campaign, or one round of a recurring one."""

    id: int
    name: str
    state: State
    plan: Plan
    #: Folded; '': there is none.
    word: str
    code: str
    #: The account whose offer it is.
    promoted: int | None
    per_hour: int | None
    starts_ms: int | None
    not_after_ms: int | None
    every: str
    next_ms: int | None
    series: int | None
    why: str
    #: When the last text goes that its own rate let be queued.
    paced_ms: int
    #: On texts queued and sent, ten-thousandths of a currency.
    spent: int
    #: Of the house that began it.
    instance: str
    #: Written down so far; the audience once `frozen_ms` is set.
    people: int
    frozen_ms: int
    author: str
    approved_by: str
    created_ms: int
    approved_ms: int
    started_ms: int
    ended_ms: int
    swept: int

    @property
    def standing(self) -> str:
        """Say where it stands, as the beginning of a sentence."""
        return f"campaign {self.name} is {self.state.words}"


_COLUMNS = tuple(one.name for one in fields(Campaign))


def campaign_of(row: Row) -> Campaign:
    """Return a row of `campaign` as a value."""
    values = {name: row[name] for name in _COLUMNS}
    return Campaign(
        **(values | {"state": State(row["state"]), "plan": load(row["plan"])})
    )


def by_name(q: Query, name: str) -> Campaign | None:
    """Return the campaign of this name."""
    row = q.one("SELECT * FROM campaign WHERE name = :name", {"name": name})
    return None if row is None else campaign_of(row)


def by_id(q: Query, campaign: int) -> Campaign | None:
    """Return the campaign of this number."""
    row = q.one("SELECT * FROM campaign WHERE id = :id", {"id": campaign})
    return None if row is None else campaign_of(row)


def counts(q: Query, campaign: int) -> dict[Stage, int]:
    """Return how many recipients stand where."""
    rows = q.all(
        "SELECT state, count(*) AS n FROM recipient WHERE campaign = :id"
        " GROUP BY state",
        {"id": campaign},
    )
    return {Stage(row["state"]): int(row["n"]) for row in rows}

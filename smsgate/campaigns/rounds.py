"""Recurring campaigns: when the next round is due, and its beginning.

What comes in: what staff wrote, such as `weekly mon,thu`, and the time of the first
round. What goes out: the moments of the next ones, at the same local hour, and each
round as a campaign of its own, with an audience of its own day. The approval of the
first covers the later rounds, unless one would reach many more people than were agreed
to: then it waits for a person. Called by `smsgate.gateway.unasked.campaigning`.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from smsgate.campaigns import steps
from smsgate.campaigns.hours import DAYS
from smsgate.campaigns.plan import PERCENT
from smsgate.campaigns.rows import Campaign, State, by_id, campaign_of
from smsgate.clock import from_ms, to_ms
from smsgate.errors import SmsgateError

if TYPE_CHECKING:
    from datetime import tzinfo

    from smsgate.store import Query, Tx

_WEEKLY = re.compile(r"weekly ([a-z]{3}(?:,[a-z]{3})*)")
_MONTHLY = re.compile(r"monthly ([1-9]|1[0-9]|2[0-8])")
#: A round may reach so many of a hundred of the people that were agreed to.
GROWS_TO = 120
_LOOK_MAX = 400


class RecurringBad(SmsgateError):
    """This is no way to recur."""


def check(every: str) -> None:
    """Refuse a way to recur that cannot be read; '' is once.

    Raises:
        RecurringBad: it cannot.
    """
    weekly = _WEEKLY.fullmatch(every)
    known = (
        every in {"", "daily"}
        or _MONTHLY.fullmatch(every) is not None
        or (weekly is not None and set(weekly[1].split(",")) <= set(DAYS))
    )
    if not known:
        raise RecurringBad(
            "write daily, weekly mon,thu (mon tue wed thu fri sat sun) or monthly 15 "
            "(a day from 1 to 28)"
        )


def next_ms(every: str, first_ms: int, last_ms: int, zone: tzinfo) -> int | None:
    """Return the round after one at `last_ms`; None: none.

    It begins at the local hour of the first, whatever the clocks were changed to since.
    """
    if not every:
        return None
    hour = from_ms(first_ms).astimezone(zone).time()
    last = from_ms(last_ms).astimezone(zone)
    for ahead in range(1, _LOOK_MAX):
        day = last + timedelta(days=ahead)
        if _falls_on(every, day):
            return to_ms(datetime.combine(day.date(), hour, tzinfo=zone))
    raise AssertionError("a way to recur that was checked names no day")


def _falls_on(every: str, day: datetime) -> bool:
    weekly, monthly = _WEEKLY.fullmatch(every), _MONTHLY.fullmatch(every)
    if weekly is not None:
        return DAYS[day.weekday()] in weekly[1].split(",")
    if monthly is not None:
        return day.day == int(monthly[1])
    return every == "daily"


def plan_next(tx: Tx, campaign: Campaign, zone: tzinfo) -> Campaign:
    """Write down when the round after the first one is due."""
    first = campaign.starts_ms or tx.now_ms
    then = next_ms(campaign.every, first, first, zone)
    tx.run(
        "UPDATE campaign SET next_ms = :then WHERE id = :id",
        {"then": then, "id": campaign.id},
    )
    return steps.required(tx, campaign.id)


#: Rounds that another house planned wait until somebody resumes them.
DUE = (
    "SELECT * FROM campaign WHERE next_ms IS NOT NULL AND next_ms <= :now"
    " AND instance = (SELECT instance FROM house) ORDER BY next_ms"
)


def due(q: Query, now_ms: int) -> Campaign | None:
    """Return a recurring campaign whose next round is due."""
    for row in q.all(DUE, {"now": now_ms}):
        # Until the last round is over, the next one waits.
        if row["state"] == State.finished and row["series"] is None:
            return campaign_of(row)
    return None


def begin(tx: Tx, series: Campaign, zone: tzinfo) -> Campaign | None:
    """Begin the round that is due; the round after it is planned.

    A round whose time passed while nobody was there to send it is left out: None.
    """
    at = series.next_ms
    if at is None:
        return None
    first = series.starts_ms or at
    then = next_ms(series.every, first, at, zone)
    while then is not None and then <= tx.now_ms:
        at, then = then, next_ms(series.every, first, then, zone)
    tx.run(
        "UPDATE campaign SET next_ms = :then WHERE id = :id",
        {"then": then, "id": series.id},
    )
    lasts = (series.not_after_ms or at) - (series.starts_ms or at)
    if at + lasts <= tx.now_ms:
        return None
    made = steps.new(
        tx,
        name=_name(tx, series.name, from_ms(at).astimezone(zone)),
        plan=series.plan,
        author=series.author,
        code=series.code,
        word=series.word,
        promoted=series.promoted,
        per_hour=series.per_hour,
        series=series.id,
    )
    tx.run(
        "UPDATE campaign SET starts_ms = :at, not_after_ms = :ends,"
        " instance = (SELECT instance FROM house) WHERE id = :id",
        {"at": at, "ends": at + lasts, "id": made.id},
    )
    return steps.begin_freezing(tx, steps.required(tx, made.id))


#: A round that staff have to decide about says so in `why`, and is theirs.
CUT_OFF = (
    "SELECT * FROM campaign WHERE state = 'freezing'"
    " AND series IS NOT NULL AND why = '' LIMIT 1"
)


def failed(tx: Tx, campaign: int, why: str) -> None:
    """Leave a round to a person whose people cannot be chosen."""
    made = steps.required(tx, campaign)
    if made.state is State.freezing:
        steps.thaw(tx, made)
        tx.run(
            "UPDATE campaign SET why = :why WHERE id = :id",
            {"why": why, "id": campaign},
        )


def _name(q: Query, series: str, day: datetime) -> str:
    """Return a name for a round that no other campaign has."""
    name, number = f"{series[:26].rstrip()} {day:%Y-%m-%d}", 1
    while q.one("SELECT 1 FROM campaign WHERE name = :name", {"name": name}):
        number += 1
        name = f"{series[:22].rstrip()} {day:%Y-%m-%d} {number}"
    return name


def cut_off(q: Query) -> tuple[Campaign, Campaign] | None:
    """Return a round whose audience was not written down to its end, and its series."""
    row = q.one(CUT_OFF)
    if row is None:
        return None
    series = by_id(q, row["series"])
    return None if series is None else (campaign_of(row), series)


def frozen(tx: Tx, made: Campaign, series: Campaign) -> Campaign:
    """Let a round go whose audience is complete, or have it wait for a person."""
    ready = steps.frozen(tx, made)
    if ready.people * PERCENT > series.people * GROWS_TO:
        # It stays in review: staff approve and start it like any other.
        tx.run(
            "UPDATE campaign SET why = :why WHERE id = :id",
            {
                "why": f"it reaches {ready.people} people, and {series.people} were "
                "agreed to: approve and start it, or cancel it",
                "id": ready.id,
            },
        )
        return steps.required(tx, ready.id)
    tx.run(
        "UPDATE campaign SET approved_ms = :at, approved_by = :by, state = :state"
        " WHERE id = :id",
        {
            "at": tx.now_ms,
            "by": series.approved_by,
            "state": str(State.scheduled),
            "id": ready.id,
        },
    )
    return steps.required(tx, ready.id)

"""USSD sessions: where each stands, and what each step was answered with.

What comes in: the step of a session, by link and the aggregator's name for it. What
goes out: the screen it is at and what was answered on the way, never a PIN; the screen
that the very same step was given before; and the receipts that wait to be withdrawn
once the phone is known to have shown them. Written in the transaction that does what
the step asks. Whether the phone saw a screen, only the end of its session says; what
the steps mean is in `smsgate.ussd`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from smsgate.clock import DAY_MS, MINUTE_MS
from smsgate.messages import outbox

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from smsgate.store import Query, Row, Tx

#: For how long a session that was cut off can be gone on with in another.
RESUME_MS = 3 * MINUTE_MS
#: How long a screen waits for its answer; networks end a session sooner.
LIVES_MS = 5 * MINUTE_MS
#: How long a step is known again.
KEPT_MS = DAY_MS
#: How many rows of a kind one call forgets.
_BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Where one session stands."""

    link: str
    session: str
    phone: str
    #: The service code that was dialled.
    code: str
    page: str
    detail: Mapping[str, object]
    #: How often in a row its answers could not be used.
    wrong: int = 0
    over: bool = False
    #: Of its last step.
    at_ms: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A screen that a step was answered with."""

    screen: str
    ends: bool


def find(q: Query, link: str, session: str) -> Session | None:
    """Return a session, or None where it is new."""
    row = q.one(
        "SELECT * FROM ussd_session WHERE link = :link AND session = :session",
        {"link": link, "session": session},
    )
    return None if row is None else _session(row)


def cut_off(
    q: Query, *, link: str, phone: str, code: str, now_ms: int
) -> list[Session]:
    """Return this phone's sessions of late that are not over, the newest first."""
    rows = q.all(
        "SELECT * FROM ussd_session WHERE phone = :phone AND at_ms > :since"
        " AND link = :link AND code = :code AND state = 'open' ORDER BY at_ms DESC",
        {"phone": phone, "link": link, "code": code, "since": now_ms - RESUME_MS},
    )
    return [_session(row) for row in rows]


def keep(tx: Tx, session: Session) -> None:
    """Keep where a session stands now; what was answered in one that is over goes."""
    tx.run(
        "INSERT INTO ussd_session"
        " (link, session, phone, code, page, detail, wrong, state, at_ms)"
        " VALUES (:link, :session, :phone, :code, :page, :detail, :wrong, :state, :now)"
        " ON CONFLICT (link, session) DO UPDATE SET page = excluded.page,"
        " detail = excluded.detail, wrong = excluded.wrong, state = excluded.state,"
        " at_ms = excluded.at_ms",
        {
            "link": session.link,
            "session": session.session,
            "phone": session.phone,
            "code": session.code,
            "page": session.page,
            "detail": json.dumps(
                {} if session.over else dict(session.detail), sort_keys=True
            ),
            "wrong": session.wrong,
            "state": "over" if session.over else "open",
            "now": tx.now_ms,
        },
    )


def seen(q: Query, key: bytes) -> Step | None:
    """Return what this very step was answered with, or None where it is new."""
    row = q.one("SELECT screen, ends FROM ussd_step WHERE key = :key", {"key": key})
    if row is None:
        return None
    return Step(screen=str(row["screen"]), ends=bool(row["ends"]))


def keep_step(tx: Tx, key: bytes, step: Step) -> None:
    """Keep what a step was answered with; screens hold no PIN."""
    tx.run(
        "INSERT INTO ussd_step (key, screen, ends, at_ms)"
        " VALUES (:key, :screen, :ends, :now)",
        {
            "key": key,
            "screen": step.screen,
            "ends": int(step.ends),
            "now": tx.now_ms,
        },
    )


def note_receipt(tx: Tx, link: str, session: str, row_id: int) -> None:
    """Note a text that is owed unless the phone is known to have shown its words."""
    tx.run(
        "INSERT INTO ussd_receipt (link, session, outbox)"
        " VALUES (:link, :session, :outbox)",
        {"link": link, "session": session, "outbox": row_id},
    )


def receipts(q: Query, link: str, session: str) -> list[int]:
    """Return the texts that are owed unless the phone shows their words."""
    rows = q.all(
        "SELECT outbox FROM ussd_receipt WHERE link = :link AND session = :session",
        {"link": link, "session": session},
    )
    return [int(row["outbox"]) for row in rows]


def withdraw(tx: Tx, link: str, session: str, shown: Iterable[int]) -> int:
    """Withdraw texts that the phone has shown; return how many are not sent."""
    spared = 0
    for row_id in shown:
        tx.run(
            "DELETE FROM ussd_receipt WHERE link = :link AND session = :session"
            " AND outbox = :outbox",
            {"link": link, "session": session, "outbox": row_id},
        )
        spared += outbox.withdraw(tx, row_id)
    return spared


def forget_due(tx: Tx) -> int:
    """Forget the sessions and steps of yesterday, a batch of each; return how many."""
    values = {"before": tx.now_ms - KEPT_MS, "batch": _BATCH}
    rows = tx.all(
        "SELECT link, session FROM ussd_session WHERE at_ms <= :before"
        " ORDER BY at_ms LIMIT :batch",
        values,
    )
    for row in rows:
        one = {"link": row["link"], "session": row["session"]}
        tx.run(
            "DELETE FROM ussd_receipt WHERE link = :link AND session = :session", one
        )
        tx.run(
            "DELETE FROM ussd_session WHERE link = :link AND session = :session", one
        )
    steps = tx.run(
        "DELETE FROM ussd_step WHERE key IN (SELECT key FROM ussd_step"
        " WHERE at_ms <= :before ORDER BY at_ms LIMIT :batch)",
        values,
    )
    return len(rows) + steps


def _session(row: Row) -> Session:
    return Session(
        link=str(row["link"]),
        session=str(row["session"]),
        phone=str(row["phone"]),
        code=str(row["code"]),
        page=str(row["page"]),
        detail=json.loads(row["detail"]),
        wrong=int(row["wrong"]),
        over=row["state"] == "over",
        at_ms=int(row["at_ms"]),
    )

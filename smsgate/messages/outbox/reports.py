"""Delivery reports: which send each belongs to, and what it makes of it.

What comes in: what the network says of one segment, whenever it says it: before the
send is settled, after, twice, out of order, or for another number under the same
reference (TP-MR has 256 values and comes round in an hour). What goes out: the row's
state, `delivered` when every segment is, which nothing takes back; or, where no send is
found, a kept report that is tried again when a send to that number settles. A match is
the same link, reference, last digits of the number, and a send not older than what the
network keeps trying. A send that nobody answered has no reference: a report of an
unknown one settles it, if it can only mean that one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

from modem.link import ReportStatus
from smsgate.clock import DAY_MS, MINUTE_MS
from smsgate.messages.outbox import parts
from smsgate.messages.outbox.rows import State, number_tail

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smsgate.store import Query, Row, Tx

#: How long after a send its report may come: the validity that every text is sent
#: with, and the way of the report that it ran out.
REPORT_WINDOW_MS = DAY_MS + 10 * MINUTE_MS
#: How many sends under one reference, or unsure ones, a report is compared with.
_CANDIDATES_MAX = 200

#: Sends under a reference, newest first.
BY_REFERENCE = (
    "SELECT s.outbox AS id, o.recipient FROM segment s JOIN outbox o ON o.id = s.outbox"
    " WHERE s.link = :link AND s.reference = :reference AND s.sent_ms >= :since"
    " ORDER BY s.sent_ms DESC LIMIT :limit"
)
#: Sends over a link that nobody answered, even if the text has gone once more since.
UNANSWERED = (
    "SELECT id, state, recipient FROM outbox"
    " WHERE (state = 'unsure' OR again = 1 OR bound = 1) AND via = :link"
    " AND sent_ms >= :since ORDER BY sent_ms DESC LIMIT :limit"
)
#: What is on its way over a link.
UNDER_WAY = (
    "SELECT recipient FROM outbox WHERE state = 'sending' AND via = :link"
    " AND sent_ms <= :came"
)
#: Reports that came while a send was under way.
EARLY = (
    "SELECT * FROM report WHERE link = :link AND tail IN (:tail, '')"
    " AND at_ms >= :since ORDER BY id LIMIT :limit"
)


KEPT = "SELECT 1 FROM report WHERE link = :link LIMIT 1"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """One report, as far as matching goes."""

    link: str
    reference: str
    #: '' where the link does not name the number.
    tail: str
    status: ReportStatus
    code: str
    #: When it came; it is about nothing that was sent later.
    came_ms: int


def report(
    tx: Tx,
    link: str,
    reference: str,
    recipient: str,
    status: ReportStatus,
    code: str,
    at_ms: int,
) -> bool:
    """Take a delivery report; return False when it is kept for a send to come.

    `at_ms` is the network's own time of the event and is only kept; ages are measured
    by our clock.
    """
    told = _Told(
        link=link,
        reference=reference,
        tail=number_tail(recipient),
        status=ReportStatus(status),
        code=code,
        came_ms=tx.now_ms,
    )
    if _match(tx, told):
        return True
    tx.run(
        "INSERT INTO report (link, reference, recipient, tail, status, code, done_ms,"
        " at_ms) SELECT :link, :reference, :recipient, :tail, :status, :code,"
        " :done_ms, :at_ms WHERE NOT EXISTS (SELECT 1 FROM report WHERE link = :link"
        " AND tail = :tail AND reference = :reference AND status = :status"
        " AND done_ms = :done_ms)",
        {
            "link": link,
            "reference": reference,
            "recipient": recipient,
            "tail": told.tail,
            "status": str(told.status),
            "code": code,
            "done_ms": at_ms,
            "at_ms": tx.now_ms,
        },
    )
    return False


def recipient_of(q: Query, link: str, reference: str) -> str:
    """Return whom the newest text of this reference went to; '' where none did."""
    rows = q.all(
        "SELECT o.recipient FROM segment s JOIN outbox o ON o.id = s.outbox"
        " WHERE s.link = :link AND s.reference = :reference"
        " ORDER BY s.sent_ms DESC LIMIT 1",
        {"link": link, "reference": reference},
    )
    return str(rows[0]["recipient"]) if rows and reference else ""


def note_references(tx: Tx, row_id: int, references: Sequence[str]) -> None:
    """Put down the references under which a text was sent."""
    for place, reference in enumerate(references):
        tx.run(
            "INSERT INTO segment (outbox, place, link, reference, sent_ms)"
            " SELECT id, :place, via, :reference, sent_ms FROM outbox WHERE id = :id",
            {"id": row_id, "place": place, "reference": reference},
        )


def any_kept(q: Query, link: str) -> bool:
    """Say whether a report of this link waits for its send."""
    return q.one(KEPT, {"link": link}) is not None


def meet_early(tx: Tx, row_id: int) -> None:
    """Try the reports again that came to this number while the send was under way."""
    row = tx.one(
        "SELECT via, recipient, sent_ms FROM outbox WHERE id = :id", {"id": row_id}
    )
    first = tx.one(
        "SELECT min(sent_ms) AS sent_ms FROM segment WHERE outbox = :id", {"id": row_id}
    )
    if row is None or first is None:
        return
    early = tx.all(
        EARLY,
        {
            "link": row["via"],
            "tail": number_tail(row["recipient"]),
            # Parts of a long text may have gone before the row was claimed last.
            "since": min(row["sent_ms"], first["sent_ms"] or row["sent_ms"]),
            "limit": _CANDIDATES_MAX,
        },
    )
    for kept in early:
        if _match(tx, _told(kept)):
            tx.run("DELETE FROM report WHERE id = :id", {"id": kept["id"]})


def _told(row: Row) -> _Told:
    return _Told(
        link=str(row["link"]),
        reference=str(row["reference"]),
        tail=str(row["tail"]),
        status=ReportStatus(row["status"]),
        code=str(row["code"]),
        came_ms=int(row["at_ms"]),
    )


def _match(tx: Tx, told: _Told) -> bool:
    """Find the send that a report is about, and apply it."""
    if _under_way(tx, told):
        # It may be about the text whose reference is not known yet.
        return False
    row_id = _by_reference(tx, told)
    if row_id is not None:
        _apply(tx, row_id, told)
        return True
    row = _unanswered(tx, told)
    if row is None:
        return False
    _settle_unanswered(tx, row, told)
    return True


def _under_way(tx: Tx, told: _Told) -> bool:
    rows = tx.all(UNDER_WAY, {"link": told.link, "came": told.came_ms})
    return bool(told.tail) and any(
        number_tail(row["recipient"]) == told.tail for row in rows
    )


def _by_reference(tx: Tx, told: _Told) -> int | None:
    if not told.reference:
        return None
    rows = tx.all(
        BY_REFERENCE,
        {
            "link": told.link,
            "reference": told.reference,
            "since": tx.now_ms - REPORT_WINDOW_MS,
            "limit": _CANDIDATES_MAX,
        },
    )
    for row in rows:
        if told.tail in ("", number_tail(row["recipient"])):
            return int(row["id"])
    return None


def _apply(tx: Tx, row_id: int, told: _Told) -> None:
    """Note what a report says of one segment, and what that makes of the text."""
    if told.status is ReportStatus.trying:
        return
    tx.run(
        "UPDATE segment SET status = :status"
        " WHERE outbox = :id AND reference = :reference AND status <> 'delivered'",
        {"id": row_id, "reference": told.reference, "status": str(told.status)},
    )
    rows = tx.all("SELECT status FROM segment WHERE outbox = :id", {"id": row_id})
    statuses = {str(row["status"]) for row in rows}
    if statuses == {"delivered"} and parts.all_begun(tx, row_id):
        _become(tx, row_id, State.delivered)
    elif "failed" in statuses:
        _become(tx, row_id, State.failed, told.code)


def _unanswered(tx: Tx, told: _Told) -> Row | None:
    """Return the one send that a report of an unknown reference can mean, or None."""
    if not told.tail:
        return None
    rows = tx.all(
        UNANSWERED,
        {
            "link": told.link,
            "since": tx.now_ms - REPORT_WINDOW_MS,
            "limit": _CANDIDATES_MAX,
        },
    )
    meant = [row for row in rows if number_tail(row["recipient"]) == told.tail]
    return meant[0] if len(meant) == 1 else None


def _settle_unanswered(tx: Tx, row: Row, told: _Told) -> None:
    """Settle an unsure text; it does not go once more."""
    row_id, state = int(row["id"]), State(row["state"])
    clear = parts.answered(tx, row_id, told.reference)
    if clear is not None:
        if clear and state in (State.unsure, State.queued):
            _become(tx, row_id, State.sent)
        _apply(tx, row_id, told)
        return
    if state in (State.unsure, State.queued):
        # From here on it is like any text that was sent under this reference.
        note_references(tx, row_id, [told.reference])
        _become(tx, row_id, State.sent)
        _apply(tx, row_id, told)
    elif told.status is ReportStatus.delivered:
        # It went once more before the report of its first send came.
        _become(tx, row_id, State.delivered)


def _become(tx: Tx, row_id: int, state: State, code: str = "") -> None:
    """Bring a text into the state that a report says; `delivered` never goes back."""
    match state:
        case State.delivered:
            error = ""
        case State.failed:
            error = f"the network gave up ({code})" if code else "the network gave up"
        case State.sent:
            error = ""
        case (
            State.queued
            | State.sending
            | State.expired
            | State.unsure
            | State.withdrawn
        ):
            raise ValueError(f"no report makes a text {state}")
        case _:
            assert_never(state)
    tx.run(
        "UPDATE outbox SET state = :state, settled_ms = :now, error = :error,"
        # The link need not know it again.
        " bound = 0 WHERE id = :id AND state <> 'delivered'",
        {"id": row_id, "state": str(state), "now": tx.now_ms, "error": error},
    )

"""Questions: what the house asked a member and is waiting to hear.

What comes in: what is to be asked, by the handler that needs SI, NO or a PIN before it
goes on. What goes out: a question with a token of two digits, which the member repeats
in the answer. Tokens are drawn at random among those this member has not heard for a
day, so that an old answer never meets a new question. Answered by
`smsgate.handlers.answer`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from smsgate.clock import DAY_MS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smsgate.store import Query, Row, Tx

#: A token: two digits, the first not 0.
TOKENS = range(10, 100)
#: For how long a token is not given to the same member again.
TOKEN_RESTS_MS = DAY_MS
#: The longest that any question lives; how far back closed ones are looked for.
_LIVES_MS_MAX = 7 * DAY_MS
#: How many questions one call expires.
_BATCH = 200


class State(StrEnum):
    """Where a question stands."""

    open = "open"
    #: Answered with yes, and done.
    done = "done"
    #: Answered with no, or done without effect.
    refused = "refused"
    expired = "expired"
    #: Something else made it meaningless (a freeze).
    void = "void"


class Kind(StrEnum):
    """What is asked."""

    pay = "pay"
    repeat = "repeat"
    late = "late"
    pin_reset = "pin_reset"
    #: Another member asks to be paid (COBRAR).
    charge = "charge"
    #: What the one who asks holds of it: a token by which to call it off.
    charge_sent = "charge_sent"
    #: To give a payment back.
    reversal = "reversal"
    #: A payment that is made by itself in a moment, unless the answer is NO.
    cooling = "cooling"
    #: A payment that a code of the member's card confirms.
    card = "card"
    #: Another of the staff wants something done.
    approve = "approve"
    #: Shall a phone that is no member's be invited?
    invite = "invite"
    #: Did the member whose guardian one is ask for a new PIN?
    guardian = "guardian"
    #: Another phone said ROBO: may the member's payments go on?
    stop = "stop"
    #: The same, asked of a guardian.
    lift = "lift"
    #: One of a survey's: a digit answers it.
    survey = "survey"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question to one member."""

    id: int
    #: Who must answer.
    account: int
    #: Two digits that name it, 10 to 99.
    token: int
    kind: Kind
    #: Whether yes moves units.
    money: bool
    #: Whether the member's own text opened it (a bare PIN then answers it).
    own: bool
    link: str
    #: Send time of the text that opened it.
    sent_ms: int
    opened_ms: int
    expires_ms: int
    state: State
    #: What was asked; never a secret.
    detail: Mapping[str, object]
    #: What yes did.
    transfer: int | None = None


def ask(
    tx: Tx,
    *,
    account: int,
    kind: str,
    money: bool,
    own: bool,
    link: str,
    sent_ms: int,
    lives_ms: int,
    detail: Mapping[str, object],
) -> Question | None:
    """Open a question that lives `lives_ms`; None when the member has no token left."""
    token = _draw(tx, account)
    if token is None:
        return None
    question = Question(
        id=0,
        account=account,
        token=token,
        kind=Kind(kind),
        money=money,
        own=own,
        link=link,
        sent_ms=sent_ms,
        opened_ms=tx.now_ms,
        expires_ms=tx.now_ms + lives_ms,
        state=State.open,
        detail=dict(detail),
    )
    return _insert(tx, question)


def open_of(q: Query, account: int, now_ms: int) -> list[Question]:
    """Return what this member is being asked, oldest first."""
    rows = q.all(
        "SELECT * FROM question WHERE account = :account AND state = 'open'"
        " AND expires_ms > :now ORDER BY id",
        {"account": account, "now": now_ms},
    )
    return [_question(row) for row in rows]


def open_of_kind(q: Query, account: int, kind: Kind) -> list[Question]:
    """Return this member's open questions of one kind, oldest first, overdue ones too.

    What is overdue is still to be expired; its owner may have to be told.
    """
    rows = q.all(
        "SELECT * FROM question WHERE account = :account AND kind = :kind"
        " AND state = 'open' ORDER BY id",
        {"account": account, "kind": str(kind)},
    )
    return [_question(row) for row in rows]


def asked_since(q: Query, account: int, kind: Kind, since_ms: int) -> list[Question]:
    """Return what this member was asked since then of one kind, newest first."""
    rows = q.all(
        "SELECT * FROM question WHERE account = :account AND opened_ms >= :since"
        " AND kind = :kind ORDER BY opened_ms DESC, id DESC",
        {"account": account, "since": since_ms, "kind": str(kind)},
    )
    return [_question(row) for row in rows]


def by_id(q: Query, number: int) -> Question | None:
    """Return a question, whatever became of it."""
    row = q.one("SELECT * FROM question WHERE id = :id", {"id": number})
    return None if row is None else _question(row)


def by_token(q: Query, account: int, token: int) -> Question | None:
    """Return the newest question that bore this token, whatever became of it."""
    row = q.one(
        "SELECT * FROM question WHERE account = :account AND token = :token"
        " ORDER BY opened_ms DESC, id DESC LIMIT 1",
        {"account": account, "token": token},
    )
    return None if row is None else _question(row)


def newest_over(q: Query, account: int, since_ms: int, now_ms: int) -> Question | None:
    """Return the question about money that was last answered or expired since then."""
    row = q.one(
        "SELECT * FROM question WHERE account = :account AND opened_ms >= :opened"
        " AND money = 1 AND (closed_ms >= :since"
        " OR (state = 'open' AND expires_ms BETWEEN :since AND :now))"
        " ORDER BY coalesce(closed_ms, expires_ms) DESC, id DESC LIMIT 1",
        {
            "account": account,
            "opened": since_ms - _LIVES_MS_MAX,
            "since": since_ms,
            "now": now_ms,
        },
    )
    return None if row is None else _question(row)


def close(
    tx: Tx,
    question_id: int,
    state: str,
    transfer: int | None = None,
    *,
    choice: int | None = None,
) -> bool:
    """Close an open question; say whether it was open until now.

    `choice` is the digit that answered a survey.
    """
    if State(state) is State.open:
        raise ValueError("a question is not closed by opening it")
    changed = tx.run(
        "UPDATE question SET state = :state, transfer = :transfer, choice = :choice,"
        " closed_ms = :now"
        " WHERE id = :id AND state = 'open'",
        {
            "id": question_id,
            "state": str(State(state)),
            "transfer": transfer,
            "choice": choice,
            "now": tx.now_ms,
        },
    )
    return changed == 1


def answered_by(tx: Tx, question_id: int, inbox: int) -> None:
    """Note which text answered a question."""
    tx.run(
        "UPDATE question SET inbox = :inbox WHERE id = :id",
        {"id": question_id, "inbox": inbox},
    )


def expire_due(tx: Tx) -> list[Question]:
    """Expire what nobody answered in time, a batch at most; return those."""
    rows = tx.all(
        "SELECT * FROM question WHERE state = 'open' AND expires_ms <= :now"
        " ORDER BY expires_ms LIMIT :batch",
        {"now": tx.now_ms, "batch": _BATCH},
    )
    for row in rows:
        close(tx, int(row["id"]), State.expired)
    return [_question(row, State.expired) for row in rows]


def _draw(tx: Tx, account: int) -> int | None:
    """Draw a token that this member neither has open nor heard within a day."""
    rows = tx.all(
        "SELECT token FROM question WHERE account = :account AND state = 'open'"
        " UNION SELECT token FROM question"
        " WHERE account = :account AND opened_ms > :since",
        {"account": account, "since": tx.now_ms - TOKEN_RESTS_MS},
    )
    taken = {int(row["token"]) for row in rows}
    free = [token for token in TOKENS if token not in taken]
    return tx.clock.random.choice(free) if free else None


def _insert(tx: Tx, question: Question) -> Question:
    row_id = tx.insert(
        "INSERT INTO question (account, token, kind, money, own, link, sent_ms,"
        " opened_ms, expires_ms, detail)"
        " VALUES (:account, :token, :kind, :money, :own, :link, :sent_ms,"
        " :opened_ms, :expires_ms, :detail)",
        {
            "account": question.account,
            "token": question.token,
            "kind": str(question.kind),
            "money": int(question.money),
            "own": int(question.own),
            "link": question.link,
            "sent_ms": question.sent_ms,
            "opened_ms": question.opened_ms,
            "expires_ms": question.expires_ms,
            "detail": json.dumps(question.detail, sort_keys=True),
        },
    )
    return replace(question, id=row_id)


def _question(row: Row, state: State | None = None) -> Question:
    return Question(
        id=int(row["id"]),
        account=int(row["account"]),
        token=int(row["token"]),
        kind=Kind(row["kind"]),
        money=bool(row["money"]),
        own=bool(row["own"]),
        link=str(row["link"]),
        sent_ms=int(row["sent_ms"]),
        opened_ms=int(row["opened_ms"]),
        expires_ms=int(row["expires_ms"]),
        state=State(row["state"]) if state is None else state,
        detail=json.loads(row["detail"]),
        transfer=row["transfer"],
    )

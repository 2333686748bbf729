"""Questions and their tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from smsgate.clock import DAY_MS, HOUR_MS
from smsgate.messages import questions
from tests.smsgate.mailroom import LINK, START_MS, Mailroom

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smsgate.messages.questions import Question


@pytest.fixture
def room() -> Iterator[Mailroom]:
    """An empty ledger."""
    with Mailroom() as room:
        yield room


@pytest.fixture
def rosa(room: Mailroom) -> int:
    """A member's account."""
    return room.member()


def try_to_ask(
    room: Mailroom, account: int, kind: str = "pay", *, money: bool = True
) -> Question | None:
    """Ask something that waits an hour."""
    return questions.ask(
        room.tx,
        account=account,
        kind=kind,
        money=money,
        own=True,
        link=LINK,
        sent_ms=START_MS - 1_000,
        lives_ms=HOUR_MS,
        detail={"payee": 7, "amount": 500, "memo": "pan"},
    )


def ask(
    room: Mailroom, account: int, kind: str = "pay", *, money: bool = True
) -> Question:
    """Ask something; a token must be left."""
    question = try_to_ask(room, account, kind, money=money)
    assert question is not None
    return question


def test_a_question_is_kept_as_it_was_asked(room: Mailroom, rosa: int) -> None:
    """What is read back is what was asked, to the last detail."""
    question = ask(room, rosa)

    assert questions.open_of(room.tx, rosa, room.tx.now_ms) == [question]
    assert questions.by_token(room.tx, rosa, question.token) == question
    assert question.detail == {"payee": 7, "amount": 500, "memo": "pan"}
    assert (question.sent_ms, question.opened_ms, question.expires_ms) == (
        START_MS - 1_000,
        START_MS,
        START_MS + HOUR_MS,
    )


def test_ninety_tokens_a_day_and_then_none(room: Mailroom, rosa: int) -> None:
    """Every token from 10 to 99 is given once, in no order; the 91st is refused."""
    tokens = [ask(room, rosa).token for _ in range(90)]

    assert sorted(tokens) == list(range(10, 100))
    assert tokens != sorted(tokens)
    assert try_to_ask(room, rosa) is None


def test_tokens_of_members_do_not_meet(room: Mailroom, rosa: int) -> None:
    """One member's questions take no token from another."""
    for _ in range(90):
        ask(room, rosa)

    assert try_to_ask(room, room.member("56780")) is not None


def test_a_token_rests_for_a_day(room: Mailroom, rosa: int) -> None:
    """A closed question's token is not given again to this member within 24 hours."""
    first = ask(room, rosa)
    questions.close(room.tx, first.id, "refused")
    room.wait(1)
    for _ in range(89):
        questions.close(room.tx, ask(room, rosa).id, "refused")
    room.wait(DAY_MS - 2)
    assert try_to_ask(room, rosa) is None

    room.wait(1)
    again = ask(room, rosa)

    assert again.token == first.token
    assert questions.by_token(room.tx, rosa, first.token) == again


def test_an_open_token_is_never_given_twice(room: Mailroom, rosa: int) -> None:
    """A question that waits for days keeps its token from all others."""
    for _ in range(90):
        ask(room, rosa)
    room.wait(3 * DAY_MS)

    assert try_to_ask(room, rosa) is None

    assert len(questions.expire_due(room.tx)) == 90
    assert try_to_ask(room, rosa) is not None


def test_whichever_closes_first_decides(room: Mailroom, rosa: int) -> None:
    """SI and NO cross: the second finds the question closed and changes nothing."""
    question = ask(room, rosa)

    assert questions.close(room.tx, question.id, "refused") is True
    assert questions.close(room.tx, question.id, "done") is False
    closed = questions.by_token(room.tx, rosa, question.token)
    assert closed is not None
    assert closed.state is questions.State.refused
    assert questions.open_of(room.tx, rosa, room.tx.now_ms) == []


def test_a_question_is_not_closed_by_opening_it(room: Mailroom, rosa: int) -> None:
    """The state to close with is one of the closed ones."""
    question = ask(room, rosa)

    for state in ("open", "asked"):
        with pytest.raises(ValueError, match=r"opening|asked"):
            questions.close(room.tx, question.id, state)


def test_questions_expire_at_their_time(room: Mailroom, rosa: int) -> None:
    """To the millisecond; an expired one is told once and no longer open."""
    question = ask(room, rosa)
    room.wait(HOUR_MS - 1)
    assert questions.expire_due(room.tx) == []
    assert questions.open_of(room.tx, rosa, room.tx.now_ms) == [question]

    room.wait(1)
    assert questions.open_of(room.tx, rosa, room.tx.now_ms) == []
    expired = questions.expire_due(room.tx)
    assert [(q.id, q.state) for q in expired] == [
        (question.id, questions.State.expired)
    ]
    assert questions.expire_due(room.tx) == []


def test_the_newest_over_is_about_money_and_recent(room: Mailroom, rosa: int) -> None:
    """A bare PIN or NO that comes too late is told what became of its question."""

    def newest(since_ms: int) -> int | None:
        found = questions.newest_over(room.tx, rosa, since_ms, room.tx.now_ms)
        return None if found is None else found.id

    assert newest(0) is None
    first, second = ask(room, rosa), ask(room, rosa, "repeat")
    other = ask(room, rosa, "pin_reset", money=False)
    refused = ask(room, rosa)
    room.wait(1)
    questions.close(room.tx, second.id, "done")
    assert newest(START_MS) == second.id
    room.wait(1)
    questions.close(room.tx, refused.id, "refused")
    questions.close(room.tx, other.id, "done")
    assert newest(START_MS) == refused.id
    assert newest(room.tx.now_ms + 1) is None

    room.wait(HOUR_MS)
    # Expired, whether or not anybody has noted it yet.
    assert newest(START_MS) == first.id
    questions.expire_due(room.tx)
    assert newest(START_MS) == first.id


def test_the_text_that_answered_is_noted(room: Mailroom, rosa: int) -> None:
    """Staff can see which text closed a question."""
    question, text = ask(room, rosa), room.text()

    questions.answered_by(room.tx, question.id, text)

    row = room.tx.one("SELECT inbox FROM question WHERE id = ?", (question.id,))
    assert row is not None
    assert row["inbox"] == text


def test_an_unknown_token_finds_nothing(room: Mailroom, rosa: int) -> None:
    """A token that was never given opens no question."""
    assert questions.by_token(room.tx, rosa, 42) is None

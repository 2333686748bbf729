"""The inbox: each text once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from smsgate.clock import DAY_MS, MINUTE_MS, SECOND_MS
from smsgate.messages import forget_due, inbox
from smsgate.store import Refused
from tests.smsgate.mailroom import JUAN, LINK, ROSA, START_MS, Mailroom

if TYPE_CHECKING:
    from collections.abc import Iterator

_TWO_WAYS_MS = 2 * MINUTE_MS


@pytest.fixture
def room() -> Iterator[Mailroom]:
    """An empty ledger."""
    with Mailroom() as room:
        yield room


def test_a_text_is_seen_once_it_is_kept(room: Mailroom) -> None:
    """Before it is kept a text is new, afterwards it is known with its outcome."""
    assert inbox.seen(room.tx, b"k" * 16) is None

    row_id = room.text()

    row = inbox.seen(room.tx, b"k" * 16)
    assert row is not None
    assert (row["id"], row["outcome"], row["at_ms"]) == (row_id, "paid_payer", START_MS)


def test_the_same_key_twice_is_refused_by_the_file_itself(room: Mailroom) -> None:
    """Even code that forgets to look cannot keep a text twice."""
    room.text()

    with pytest.raises(Refused):
        room.text()
    assert room.count("inbox") == 1


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, True),
        ({"link": "sim1"}, False),
        ({"mac": b"other"}, False),
        ({"sender": JUAN}, False),
        ({"sent_ms": START_MS - 120 * SECOND_MS}, True),
        ({"sent_ms": START_MS + 120 * SECOND_MS}, True),
        ({"sent_ms": START_MS - 121 * SECOND_MS}, False),
        ({"sent_ms": START_MS + 121 * SECOND_MS}, False),
        ({"sent_ms": None}, False),
    ],
)
def test_the_same_text_over_another_link_is_found(
    room: Mailroom, change: dict[str, object], found: bool
) -> None:
    """Same sender, same words, two links, at most 120 s apart: one text."""
    kept = {"link": "http1", "mac": b"m", "sender": ROSA, "sent_ms": START_MS} | change
    row_id = room.text(**kept)  # type: ignore[arg-type]
    room.wait(MINUTE_MS)

    row = inbox.elsewhere(room.tx, ROSA, b"m", LINK, START_MS, _TWO_WAYS_MS)

    assert (None if row is None else row["id"]) == (row_id if found else None)


def test_an_old_text_over_another_link_is_found_by_when_it_was_sent(
    room: Mailroom,
) -> None:
    """A modem that was off for hours brings a text that the other link had in time."""
    row_id = room.text(link="http1")
    room.wait(DAY_MS)

    row = inbox.elsewhere(room.tx, ROSA, b"m", LINK, START_MS, _TWO_WAYS_MS)

    assert row is not None
    assert row["id"] == row_id


def test_what_one_sender_was_told_is_counted(room: Mailroom) -> None:
    """What a number was told since midnight, and how often it wrote the same."""
    for minute, (sender, outcome) in enumerate(
        [(ROSA, "old"), (ROSA, "not_member"), (JUAN, "other"), (ROSA, "not_member")]
    ):
        room.text(bytes([minute]) * 16, sender=sender, outcome=outcome)
        room.wait(MINUTE_MS)

    def count(sender: str, most: int = 9, **only: Any) -> int:
        since = START_MS + MINUTE_MS
        return inbox.count_since(room.tx, sender, since, most, **only)

    assert count(ROSA) == 2
    assert count(ROSA, outcome="not_member") == 2
    assert count(ROSA, most=1, outcome="not_member") == 1
    assert count(ROSA, outcome="old") == 0
    assert count(ROSA, text_mac=b"m") == 2
    assert count(ROSA, text_mac=b"other") == 0
    assert count("+50379999999") == 0


def test_an_unknown_state_is_refused(room: Mailroom) -> None:
    """A row is answered, silent or dead, and nothing else."""
    with pytest.raises(ValueError, match="lost"):
        inbox.keep(
            room.tx,
            key=b"k" * 16,
            text_mac=b"m",
            link=LINK,
            sender=ROSA,
            account=None,
            sent_ms=None,
            command="",
            outcome="kept",
            state="lost",
            body="",
            transfer=None,
        )


def test_words_go_after_90_days_and_keys_after_400(room: Mailroom) -> None:
    """A redacted text is emptied, and still known again until the 400 days are over."""
    question_member = room.member()
    row_id = room.text()
    room.owe(inbox_id=row_id, sending=True)
    room.tx.run("UPDATE outbox SET state = 'sent'")
    room.tx.run(
        "INSERT INTO question (account, token, kind, money, own, link, sent_ms,"
        " opened_ms, expires_ms, state, detail, inbox)"
        " VALUES (?, 10, 'pay', 1, 1, '', 0, 0, 0, 'done', '{}', ?)",
        (question_member, row_id),
    )
    room.wait(90 * DAY_MS - 1)
    assert forget_due(room.tx) == 0

    room.wait(1)
    assert forget_due(room.tx) == 2  # its words and those of its answer
    row = inbox.seen(room.tx, b"k" * 16)
    assert row is not None
    assert row["body"] == ""
    assert forget_due(room.tx) == 0

    room.wait(310 * DAY_MS - 1)
    assert forget_due(room.tx) == 0
    room.wait(1)
    assert forget_due(room.tx) == 2
    assert inbox.seen(room.tx, b"k" * 16) is None
    assert (room.count("outbox"), room.count("question")) == (0, 1)


def test_forgetting_is_done_in_batches(room: Mailroom) -> None:
    """A year's backlog never holds up the answers of the minute."""
    for number in range(501):
        room.text(number.to_bytes(16, "big"))
    room.wait(90 * DAY_MS)

    assert [forget_due(room.tx) for _ in range(3)] == [500, 1, 0]

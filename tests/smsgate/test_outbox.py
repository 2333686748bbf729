"""The outbox: what is owed is sent in order, once, and never silently lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from smsgate.clock import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS
from smsgate.messages import forget_due, outbox
from smsgate.messages.outbox import Class, State, moving, owed, reports, settling
from tests.smsgate.mailroom import JUAN, LINK, ROSA, START_MS, Mailroom

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture
def room() -> Iterator[Mailroom]:
    """An empty ledger."""
    with Mailroom() as room:
        yield room


def _minute(room: Mailroom, _: int) -> None:
    room.wait(MINUTE_MS)
    outbox.unsure_due(room.tx)


def _day(room: Mailroom, _: int) -> None:
    room.wait(DAY_MS)
    outbox.expire_due(room.tx)


# What may happen to a row, by the word used in the table below.
STEPS: dict[str, Callable[[Mailroom, int], object]] = {
    "claim": lambda room, row: room.claim(),
    "sent": lambda room, row: outbox.sent(room.tx, [(row, ["7"])]),
    "retry": lambda room, row: outbox.retry(room.tx, row, "modem off"),
    "failed": lambda room, row: outbox.failed(room.tx, row, "no such number"),
    "unsure": lambda room, row: outbox.unsure(room.tx, row, "no answer"),
    "crash": lambda room, row: outbox.sweep(room.tx, room.run + 1),
    "minute": _minute,
    "day": _day,
    "delivered": lambda room, row: room.report("7"),
    "trying": lambda room, row: room.report("7", "trying"),
    "undelivered": lambda room, row: room.report("7", "failed"),
    "resend": lambda room, row: outbox.resend(room.tx, row),
}


@pytest.mark.parametrize(
    ("cls", "steps", "state"),
    [
        (Class.receipt, "", "queued"),
        (Class.receipt, "claim", "sending"),
        (Class.receipt, "claim sent", "sent"),
        (Class.receipt, "claim sent sent failed retry unsure", "sent"),
        (Class.receipt, "claim sent delivered", "delivered"),
        (Class.receipt, "claim sent delivered undelivered trying", "delivered"),
        (Class.receipt, "claim sent trying", "sent"),
        (Class.receipt, "claim sent undelivered", "failed"),
        (Class.receipt, "claim sent undelivered trying", "failed"),
        (Class.receipt, "claim sent undelivered delivered", "delivered"),
        (Class.receipt, "claim delivered sent", "delivered"),
        (Class.receipt, "claim delivered undelivered sent", "delivered"),
        (Class.receipt, "claim undelivered sent", "failed"),
        (Class.receipt, "claim failed", "failed"),
        (Class.receipt, "claim failed claim", "failed"),
        (Class.receipt, "claim retry", "queued"),
        (Class.receipt, "claim retry claim", "queued"),
        (Class.receipt, "claim retry minute claim", "sending"),
        (Class.receipt, "day", "expired"),
        (Class.receipt, "day claim", "expired"),
        (Class.receipt, "day resend claim", "sending"),
        (Class.receipt, "claim retry day", "expired"),
        (Class.receipt, "claim unsure", "unsure"),
        (Class.receipt, "claim unsure minute", "queued"),
        (Class.receipt, "claim unsure minute claim unsure minute", "unsure"),
        (Class.receipt, "claim unsure minute claim unsure delivered", "delivered"),
        (Class.receipt, "claim unsure minute claim sent delivered", "delivered"),
        (Class.receipt, "claim unsure minute delivered claim", "delivered"),
        (Class.receipt, "claim unsure minute day", "expired"),
        (Class.receipt, "claim unsure day minute", "unsure"),
        (Class.receipt, "claim unsure delivered minute", "delivered"),
        (Class.receipt, "claim unsure trying minute", "sent"),
        (Class.receipt, "claim unsure trying minute delivered", "delivered"),
        (Class.receipt, "claim unsure undelivered minute", "failed"),
        (Class.receipt, "claim delivered unsure", "delivered"),
        (Class.receipt, "claim crash", "unsure"),
        (Class.receipt, "claim crash crash", "unsure"),
        (Class.receipt, "claim delivered crash", "delivered"),
        (Class.receipt, "claim crash minute claim sent", "sent"),
        (Class.notice, "claim sent delivered", "delivered"),
        (Class.notice, "claim unsure minute", "unsure"),
        (Class.campaign, "claim sent delivered", "delivered"),
        (Class.campaign, "claim retry minute claim sent", "sent"),
        (Class.campaign, "claim unsure minute", "unsure"),
        (Class.campaign, "claim crash minute claim", "unsure"),
        (Class.campaign, "claim unsure delivered", "delivered"),
    ],
)
def test_every_way_of_a_text(
    room: Mailroom, cls: Class, steps: str, state: str
) -> None:
    """Whatever happens, in whatever order, the text ends in the one right state."""
    row = room.owe(cls)
    for step in steps.split():
        STEPS[step](room, row)

    assert room.state(row) == state


def test_an_answer_may_be_born_sending(room: Mailroom) -> None:
    """It is on its way from the transaction that owes it; nobody else claims it."""
    row = room.owe(sending=True)

    kept = room.row(row)
    assert (
        kept["state"],
        kept["run"],
        kept["via"],
        kept["tries"],
        kept["sent_ms"],
    ) == (
        "sending",
        1,
        LINK,
        1,
        START_MS,
    )
    assert room.claim() == []
    with pytest.raises(ValueError, match="needs its link"):
        room.owe(link="", sending=True)


def test_receipts_go_before_notices_before_campaigns(room: Mailroom) -> None:
    """Whatever is due longer; within a class the longest due goes first."""
    campaign = room.owe(Class.campaign, due_ms=START_MS - HOUR_MS)
    notice = room.owe(Class.notice, due_ms=START_MS - MINUTE_MS)
    late = room.owe(due_ms=START_MS)
    early = room.owe(due_ms=START_MS - SECOND_MS)
    anywhere = room.owe(link="", due_ms=START_MS - 500)
    room.owe(due_ms=START_MS + 1)
    room.owe(link="other")

    assert room.claim(2) == [early, anywhere]
    assert room.claim(2) == [late, notice]
    assert room.claim(2) == [campaign]
    assert room.claim(2) == []


def test_a_sim_at_its_pace_takes_receipts_only(room: Mailroom) -> None:
    """Notices and campaign texts stay where they are, and are not said to be due."""
    room.owe(Class.notice)
    room.owe(Class.campaign)
    receipt = room.owe(due_ms=START_MS + SECOND_MS)

    only = (Class.receipt,)
    assert outbox.claim(room.tx, LINK, 5, 1, classes=only) == []
    assert outbox.next_due_ms(room.tx, LINK, classes=only) == START_MS + SECOND_MS
    assert outbox.next_due_ms(room.tx, LINK) == START_MS
    room.wait(SECOND_MS)
    claimed = outbox.claim(room.tx, LINK, 5, 1, classes=only)
    assert [row.id for row in claimed] == [receipt]
    assert outbox.next_due_ms(room.tx, LINK, classes=only) is None


def test_retries_wait_longer_each_time(room: Mailroom) -> None:
    """5 s, doubled up to 10 min, until the day is over; then it has expired."""
    row, waits = room.owe(), []
    while room.state(row) is not State.expired:
        due_ms = outbox.next_due_ms(room.tx, LINK)
        assert due_ms is not None
        waits.append((due_ms - room.tx.now_ms) // SECOND_MS)
        room.wait(due_ms - room.tx.now_ms)
        if room.claim():
            outbox.retry(room.tx, row, "the modem does not answer")

    assert waits[:10] == [0, 5, 10, 20, 40, 80, 160, 320, 600, 600]
    assert set(waits[10:]) == {600}
    assert START_MS + DAY_MS <= room.tx.now_ms < START_MS + DAY_MS + 10 * MINUTE_MS
    assert room.row(row)["error"] == "the modem does not answer"


def test_nothing_is_sent_past_its_time(room: Mailroom) -> None:
    """To the millisecond, even when nobody tidied up before the claim."""
    row = room.owe(lives_ms=HOUR_MS)
    other = room.owe(lives_ms=HOUR_MS + 1)
    room.wait(HOUR_MS)

    assert room.claim() == [other]
    assert room.state(row) is State.expired


def test_a_backlog_that_expired_is_not_sent_either(room: Mailroom) -> None:
    """After days without power there is more to give up than one claim does."""
    for _ in range(501):
        room.owe(lives_ms=HOUR_MS)
    room.wait(HOUR_MS)

    assert room.claim() == []
    assert outbox.expire_due(room.tx) == 1


def test_a_restart_finds_what_was_on_its_way(room: Mailroom) -> None:
    """Rows of another run become unsure, rows of this run stay."""
    old = [room.owe(sending=True), room.owe(Class.campaign, sending=True)]
    room.run = 2
    new = room.owe(sending=True)

    assert outbox.sweep(room.tx, 2) == 2
    assert room.states([*old, new]) == ["unsure", "unsure", "sending"]
    assert outbox.sweep(room.tx, 2) == 0


def test_an_unsure_receipt_goes_once_more_after_a_minute(room: Mailroom) -> None:
    """Not sooner, not twice more, and other classes not at all."""
    row = room.unsure()
    others = [room.unsure(Class.notice), room.unsure(Class.campaign)]
    room.wait(MINUTE_MS - 1)
    assert outbox.unsure_due(room.tx) == 0

    room.wait(1)
    assert outbox.unsure_due(room.tx) == 1
    assert room.claim() == [row]
    outbox.unsure(room.tx, row, "no answer again")
    room.wait(HOUR_MS)
    assert outbox.unsure_due(room.tx) == 0
    assert room.states([row, *others]) == ["unsure"] * 3


@pytest.mark.parametrize(
    ("to", "link", "later_ms", "found"),
    [
        (ROSA, LINK, 0, True),
        ("71234567", LINK, 0, True),
        ("50371234567", LINK, 0, True),
        ("7123 4567", LINK, DAY_MS, True),
        ("", LINK, 0, True),
        (JUAN, LINK, 0, False),
        (ROSA, "sim2", 0, False),
        (ROSA, LINK, DAY_MS + HOUR_MS, False),
    ],
)
def test_a_report_is_matched_on_link_reference_number_and_age(
    room: Mailroom, to: str, link: str, later_ms: int, found: bool
) -> None:
    """A reference comes round in an hour, so it alone says nothing."""
    row = room.sent("7")
    room.wait(later_ms)

    assert room.report("7", to=to, link=link) is found
    assert room.state(row) == ("delivered" if found else "sent")
    assert room.count("report") == (0 if found else 1)


def test_a_report_under_another_reference_is_kept(room: Mailroom) -> None:
    """It belongs to no text that is known, and changes nothing."""
    row = room.sent("7")

    assert room.report("8") is False
    assert room.state(row) is State.sent


def test_texts_taken_together_meet_their_early_reports(room: Mailroom) -> None:
    """However many are settled at once, each has the report that came before it."""
    one, two, three = room.owe(), room.owe(), room.owe(recipient=JUAN)
    room.claim()
    room.report("8")

    assert outbox.sent(room.tx, [(one, ["7"]), (two, ["8"]), (99, ["9"])]) == 2

    assert [room.state(row) for row in (one, two, three)] == [
        "sent",
        "delivered",
        "sending",
    ]


def test_a_reference_that_came_round_means_the_newest_send(room: Mailroom) -> None:
    """To the same number, under the same TP-MR, an hour later."""
    first = room.sent("7")
    room.wait(HOUR_MS)
    second = room.sent("7")
    room.report("7")
    assert room.states([first, second]) == ["sent", "delivered"]


def test_an_early_report_is_not_given_to_an_older_send(room: Mailroom) -> None:
    """While a text to that number is on its way its report may come first."""
    old = room.sent("7")
    room.wait(HOUR_MS)
    new = room.owe(sending=True)
    assert room.report("7") is False

    outbox.sent(room.tx, [(new, ["7"])])

    assert room.states([old, new]) == ["sent", "delivered"]
    assert room.count("report") == 0


def test_an_early_report_of_an_older_send_finds_it_in_the_end(room: Mailroom) -> None:
    """It waits while another text to that number is on its way, and is not lost."""
    old = room.sent("7")
    new = room.owe(sending=True)
    assert room.report("7") is False

    outbox.sent(room.tx, [(new, ["8"])])

    assert room.states([old, new]) == ["delivered", "sent"]
    assert room.count("report") == 0


def test_a_report_waits_for_no_send_that_began_after_it(room: Mailroom) -> None:
    """On a busy number one send follows the other; a receipt in doubt is settled."""
    doubtful = room.owe(sending=True)
    assert room.report("7") is False
    room.wait(1)
    later = room.owe(sending=True)

    outbox.unsure(room.tx, doubtful, "nobody answered")

    assert room.state(doubtful) is State.delivered
    outbox.sent(room.tx, [(later, ["8"])])
    room.wait(MINUTE_MS)
    assert outbox.unsure_due(room.tx) == 0
    assert room.count("report") == 0


def test_an_early_report_is_not_given_to_a_later_send(room: Mailroom) -> None:
    """A report can only be about what was sent before it came."""
    room.report("7")
    room.wait(1)

    row = room.sent("7")

    assert room.state(row) is State.sent


def test_a_report_repeated_by_the_modem_is_kept_once(room: Mailroom) -> None:
    """A report that could not be deleted comes again; the table does not grow."""
    for _ in range(5):
        assert room.report("7") is False

    assert room.count("report") == 1


@pytest.mark.parametrize(
    ("reported", "state"),
    [
        ("1d", "sent"),
        ("1d 2d", "sent"),
        ("3d 1d 2d", "delivered"),
        ("1d 2d 2d", "sent"),
        ("1d 2f 3d", "failed"),
        ("1f", "failed"),
        ("1d 2f 3d 2d", "delivered"),
        ("1d 2d 3d 1f 2t", "delivered"),
    ],
)
def test_a_long_text_is_delivered_when_every_segment_is(
    room: Mailroom, reported: str, state: str
) -> None:
    """One lost segment fails it; a segment that arrived after all mends it."""
    words = {"d": "delivered", "f": "failed", "t": "trying"}
    row = room.sent("1", "2", "3")
    for told in reported.split():
        room.report(told[0], words[told[1]])

    assert room.state(row) == state


def test_early_reports_of_a_long_text_all_count(room: Mailroom) -> None:
    """Some before its send is settled, some after."""
    row = room.owe(sending=True)
    room.report("1")
    room.report("3")
    outbox.sent(room.tx, [(row, ["1", "2", "3"])])
    assert room.state(row) is State.sent

    room.report("2")
    assert room.state(row) is State.delivered


def test_a_report_settles_only_the_one_unsure_text_it_can_mean(room: Mailroom) -> None:
    """Of two to one number it could mean either: both go once more, none is lost."""
    first, second = room.unsure(), room.unsure()
    other = room.unsure(recipient=JUAN)
    assert room.report("9") is False
    assert room.report("10", to=JUAN) is True
    room.wait(MINUTE_MS)
    outbox.unsure_due(room.tx)

    assert room.states([first, second, other]) == ["queued", "queued", "delivered"]
    for row, reference in zip(room.claim(), ["11", "12"], strict=True):
        outbox.sent(room.tx, [(row, [reference])])
    # The kept report still does not say which of the two it means.
    assert room.states([first, second]) == ["sent", "sent"]


def test_a_text_that_a_report_settled_takes_no_report_of_the_next(
    room: Mailroom,
) -> None:
    """It waited for its link to know it again, and does so no more."""
    first = room.owe(sending=True)
    outbox.repeat(room.tx, first, "nobody answered")
    assert room.report("1") is True
    second = room.unsure()

    assert room.report("2") is True

    assert room.states([first, second]) == ["delivered", "delivered"]


def test_a_late_report_of_the_first_send_delivers_the_text(room: Mailroom) -> None:
    """The text went once more before the report came; the phone has it anyway."""
    row = room.unsure()
    room.wait(MINUTE_MS)
    outbox.unsure_due(room.tx)
    room.claim()
    outbox.sent(room.tx, [(row, ["9"])])

    room.report("8", "failed")
    assert room.state(row) is State.sent
    room.report("8")
    assert room.state(row) is State.delivered
    room.report("9", "failed")
    assert room.state(row) is State.delivered


def test_a_report_without_a_number_settles_nothing_unsure(room: Mailroom) -> None:
    """A provider that names no number cannot mean a send it never named."""
    row = room.unsure()

    assert room.report("9", to="") is False
    assert room.state(row) is State.unsure


def test_a_failed_report_says_why(room: Mailroom) -> None:
    """The network's code stands in the list."""
    row = room.sent("7")

    room.report("7", "failed", code="0x46")
    assert room.row(row)["error"] == "the network gave up (0x46)"
    room.report("7")
    assert room.row(row)["error"] == ""


def test_an_answer_that_never_arrived_is_owed_again(room: Mailroom) -> None:
    """When its text is delivered again; answers that arrived or may have are not."""
    text = room.text()
    rows = [room.owe(inbox_id=text, lives_ms=9 * DAY_MS) for _ in range(6)]
    states = ["failed", "expired", "sent", "delivered", "unsure", "queued"]
    for row, state in zip(rows, states, strict=True):
        room.tx.run("UPDATE outbox SET state = ? WHERE id = ?", (state, row))
    other = room.owe()
    room.tx.run("UPDATE outbox SET state = 'failed' WHERE id = ?", (other,))
    room.wait(3 * DAY_MS)

    assert outbox.owe_again(room.tx, text) == 2
    assert room.states([*rows[:2], other]) == ["queued", "queued", "failed"]
    assert room.states(rows[2:]) == states[2:]
    assert room.claim() == [rows[5], *rows[:2]]
    assert outbox.owe_again(room.tx, text) == 0


def test_a_report_of_the_first_send_is_not_one_of_the_next(room: Mailroom) -> None:
    """What failed and is owed again starts anew."""
    text = room.text()
    row = room.owe(inbox_id=text, sending=True)
    outbox.sent(room.tx, [(row, ["7"])])
    room.report("7", "failed")
    outbox.owe_again(room.tx, text)
    room.claim()
    outbox.sent(room.tx, [(row, ["8"])])

    room.report("7", "failed")
    assert room.state(row) is State.sent
    room.report("8")
    assert room.state(row) is State.delivered


@pytest.mark.parametrize(
    ("state", "resent"),
    [
        ("queued", False),
        ("sending", False),
        ("sent", False),
        ("delivered", False),
        ("failed", True),
        ("expired", True),
        ("unsure", True),
    ],
)
def test_an_operator_may_send_again_what_did_not_arrive(
    room: Mailroom, state: str, resent: bool
) -> None:
    """And nothing else: no receipt twice by a slip."""
    row = room.owe()
    room.tx.run("UPDATE outbox SET state = ?", (state,))

    assert outbox.resend(room.tx, row) is resent
    assert outbox.resend(room.tx, row + 1) is False


def test_words_are_emptied_after_90_days_unless_still_owed(room: Mailroom) -> None:
    """An emptied text is never sent again, not even by an operator."""
    done, waiting = room.sent("7"), room.owe(lives_ms=100 * DAY_MS)
    room.tx.run("UPDATE outbox SET state = 'failed' WHERE id = ?", (done,))
    room.wait(90 * DAY_MS)

    assert forget_due(room.tx) == 1
    assert [room.row(row)["body"] for row in (done, waiting)] == ["", "Pagado 5.00"]
    assert outbox.resend(room.tx, done) is False

    outbox.expire_due(room.tx)
    room.wait(310 * DAY_MS)
    assert forget_due(room.tx) == 1
    assert (room.count("outbox"), room.count("segment")) == (1, 0)


def test_reports_that_met_nothing_are_forgotten_after_seven_days(
    room: Mailroom,
) -> None:
    """To the millisecond."""
    room.report("7")
    room.wait(7 * DAY_MS - 1)
    assert forget_due(room.tx) == 0

    room.wait(1)
    assert forget_due(room.tx) == 1
    assert room.count("report") == 0


VALUES = {
    "id": 1,
    "link": LINK,
    "class": 0,
    "now": START_MS,
    "limit": 10,
    "run": 1,
    "before": START_MS,
    "since": 0,
    "reference": "7",
    "tail": "71234567",
    "due_ms": START_MS,
    "came": START_MS,
}


@pytest.mark.parametrize(
    ("sql", "indexes"),
    [
        (owed.DUE, ["outbox_due"]),
        (moving.POOL, ["outbox_due", "PRIMARY KEY", "PRIMARY KEY"]),
        (moving.BEHIND, ["outbox_due", "PRIMARY KEY", "PRIMARY KEY"]),
        (owed.NEXT_DUE, ["outbox_due"]),
        (owed.OVERDUE, ["outbox_expiry"]),
        (owed.PUT_OFF, ["outbox_due"]),
        (settling.CUT_OFF, ["outbox_sending"]),
        (settling.UNHEARD, ["outbox_unsure"]),
        (reports.BY_REFERENCE, ["segment_reference", "PRIMARY KEY"]),
        (reports.UNANSWERED, ["outbox_doubt"]),
        (reports.UNDER_WAY, ["outbox_sending"]),
        (reports.EARLY, ["report_tail"]),
        (reports.KEPT, ["report_tail"]),
        (settling.TAKEN, ["PRIMARY KEY"]),
    ],
)
def test_nothing_grows_slower_with_what_is_kept(
    room: Mailroom, sql: str, indexes: list[str]
) -> None:
    """Each look-up goes by an index that holds only what it is about."""
    names = [name for name in VALUES if f":{name}" in sql]
    plan = room.plan(sql, {name: VALUES[name] for name in names})

    used = [step for step in plan if step.startswith(("SEARCH", "SCAN"))]
    assert len(used) == len(indexes)
    for step, index in zip(used, indexes, strict=True):
        assert index in step


def test_the_next_to_send_is_found_without_sorting(room: Mailroom) -> None:
    """A campaign of ten thousand does not slow the claim of six."""
    for sql in (owed.DUE, moving.POOL, moving.BEHIND):
        names = [name for name in VALUES if f":{name}" in sql]
        plan = room.plan(sql, {name: VALUES[name] for name in names})

        assert not any("TEMP B-TREE" in one or one.startswith("SCAN") for one in plan)


def test_a_claim_among_many_is_quick(room: Mailroom) -> None:
    """The engine does the same few steps for six of ten as for six of two thousand."""

    def steps() -> int:
        counted = 0

        def count() -> int:
            nonlocal counted
            counted += 1
            return 0

        room.tx.run("SAVEPOINT claim")
        room._connection.set_progress_handler(count, 1)
        assert len(room.claim(6)) == 6
        room._connection.set_progress_handler(None, 1)
        room.tx.run("ROLLBACK TO claim")
        return counted

    for _ in range(10):
        room.owe(Class.campaign)
    few = steps()
    for _ in range(2_000):
        room.owe(Class.campaign)
        room.owe(Class.notice, due_ms=START_MS + HOUR_MS)

    assert steps() <= few + 20

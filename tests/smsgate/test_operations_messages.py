"""Promises about texts, links and the clock, with the time stopped: exact documents."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from modem.link import Incoming, LinkState, LinkStatus, Noise, Reread
from smsgate.messages import alarms, budget, inbox, outbox, quarantine
from smsgate.messages.outbox import Class
from smsgate.operations import NotReached, OperationRefused, requests
from smsgate.operations.desk import Answer, Document
from smsgate.operations.house.ledger import examine
from smsgate.operations.table import OPERATIONS, perform
from tests.smsgate.shell import START_MS, Live, Net, StoppedClock, opened_desk

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from smsgate.operations import Desk
    from smsgate.operations.requests import Request
    from smsgate.store import Tx

AT = "2026-03-02T09:00:00-06:00"
TOMORROW = "2026-03-03T09:00:00-06:00"
DAY_MS = 86_400_000
LINK = """
[[link]]
name = "modem-a"
driver = "gsm"
port = "/dev/ttyUSB0"

[[link]]
name = "training"
driver = "fakesmsc"
trusted = false
"""


@pytest.fixture
async def desk(net: Net) -> AsyncIterator[Desk]:
    """Open the desk of a network with two links, at nine in the morning."""
    net.file.write_text(net.file.read_text() + LINK)
    state = LinkState(
        status=LinkStatus.up,
        slots=(3, 25),
        port="/dev/ttyUSB0",
        smsc="+50370000000",
        airtime="4.25",
    )
    live = Live({"modem-a": state})
    async with opened_desk(net.config, StoppedClock(), live) as desk:
        yield desk


async def told(desk: Desk, request: Request) -> Document:
    """Return an operation's document."""
    answer = await perform(desk, request)
    assert answer.exit_code == 0
    return answer.document


def arrive(tx: Tx) -> int:
    """Keep two texts and owe an answer to the first; return the answer's row."""
    row = 0
    for place, sender in enumerate(("+50371234567", "2222")):
        row = inbox.keep(
            tx,
            key=bytes([place]) * 16,
            text_mac=b"mac",
            link="modem-a",
            sender=sender,
            account=None,
            sent_ms=None if place else START_MS - 60_000,
            command="saldo",
            outcome="not_member",
            state="silent" if place else "answered",
            body="SALDO ****",
            transfer=None,
        )
    owed = outbox.owe(
        tx,
        inbox=row - 1,
        cls=Class.receipt,
        name="not_member",
        recipient="+50371234567",
        body="Este numero no esta registrado.",
        link="",
        expires_ms=START_MS + DAY_MS,
    )
    return owed.id


async def test_the_inbox(desk: Desk) -> None:
    """Texts are listed newest first, redacted, with times and what they came to."""
    await desk.store.write(arrive)

    listed = await told(desk, requests.InboxList())
    assert [row["sender"] for row in listed["inbox"]] == ["2222", "+50371234567"]
    assert listed["inbox"][1] == {
        "id": 1,
        "at": AT,
        "sent_at": "2026-03-02T08:59:00-06:00",
        "link": "modem-a",
        "sender": "+50371234567",
        "code": None,
        "command": "saldo",
        "outcome": "not_member",
        "state": "answered",
        "body": "SALDO ****",
        "ref": None,
        "error": "",
    }


@pytest.mark.parametrize(
    ("request_", "ids"),
    [
        (requests.InboxList(limit=1), [2]),
        (requests.InboxList(state="answered"), [1]),
        (requests.InboxList(who="7123-4567"), [1]),
        (requests.InboxList(who="7123-4567", state="dead"), []),
    ],
)
async def test_the_inbox_is_narrowed(
    desk: Desk, request_: requests.InboxList, ids: list[int]
) -> None:
    """By number of rows, by state, and by whose they are."""
    await desk.store.write(arrive)

    listed = await told(desk, request_)
    assert [row["id"] for row in listed["inbox"]] == ids


@pytest.mark.parametrize(
    ("request_", "sentence"),
    [
        (requests.InboxList(limit=0), "ask for 1 to 5000 rows"),
        (requests.OutboxList(limit=5001), "ask for 1 to 5000 rows"),
        (requests.OutboxList(state="lost"), "'lost' is no state: ask for queued,"),
        (requests.OutboxRetry(id=7), "there is no text 7: look at"),
    ],
)
async def test_what_is_not_there_is_refused(
    desk: Desk, request_: Request, sentence: str
) -> None:
    """A question that makes no sense is refused with what to ask instead."""
    with pytest.raises(OperationRefused, match=sentence.replace("(", r"\(")):
        await perform(desk, request_)


async def test_a_stuck_text_is_sent_again(desk: Desk) -> None:
    """Only what failed, expired or is unsure is owed again; it is due at once."""
    row = await desk.store.write(arrive)
    with pytest.raises(OperationRefused, match=f"text {row} is queued: only one that"):
        await perform(desk, requests.OutboxRetry(id=row))

    def fail(tx: Tx) -> None:
        outbox.assign(tx, lambda _: "modem-a")
        for owed in outbox.claim(tx, "modem-a", 1, 1):
            outbox.failed(tx, owed.id, "no such number")

    await desk.store.write(fail)
    failed = await told(desk, requests.OutboxList(state="failed"))
    assert failed["outbox"][0]["error"] == "no such number"

    assert await told(desk, requests.OutboxRetry(id=row)) == {
        "id": row,
        "at": AT,
        "class": "receipt",
        "name": "not_member",
        "recipient": "+50371234567",
        "body": "Este numero no esta registrado.",
        "link": None,
        "state": "queued",
        "tries": 0,
        "due": AT,
        "expires": TOMORROW,
        "settled": None,
        "error": "",
        "inbox": 1,
        "parts": [],
    }
    assert isinstance(desk.live, Live)
    assert desk.live.senders_woken == 1


def happen(tx: Tx) -> None:
    """Owe two texts, spend a little on two days, and raise an alarm."""
    for link, cls in (("modem-a", Class.receipt), ("", Class.campaign)):
        outbox.owe(
            tx,
            inbox=None,
            cls=cls,
            name="help_text",
            recipient="+50371234567",
            body="x",
            link=link,
            expires_ms=tx.now_ms + DAY_MS,
        )
    for day, cost in (("2026-03-01", 100), ("2026-03-02", 400)):
        budget.note(
            tx, day=day, link="modem-a", cls=Class.receipt, segments=1, cost=cost
        )
    alarms.alarm(tx, "airtime:modem-a", "Recargue.")


async def test_links_with_a_daemon_and_without(desk: Desk) -> None:
    """Each is told as it is now, with what waits and what was spent; and all alarms."""
    await desk.store.write(happen)
    listed = await told(desk, requests.LinkList())

    assert listed == {
        "links": [
            {
                "name": "modem-a",
                "driver": "gsm",
                "trusted": True,
                "status": "up",
                "reason": "",
                "signal_dbm": None,
                "imei": None,
                "slots": {"used": 3, "total": 25},
                "port": "/dev/ttyUSB0",
                "smsc": "+50370000000",
                "airtime": "4.25",
                "health": 1.0,
                "queued": {"receipt": 1, "notice": 0, "campaign": 0},
                "spent": {"today": "0.0400", "month": "0.0500"},
            },
            {
                "name": "training",
                "driver": "fakesmsc",
                "trusted": False,
                "status": "stopped",
                "reason": "the daemon is not running: start it with `smsgate run`",
                "signal_dbm": None,
                "imei": None,
                "slots": None,
                "port": None,
                "smsc": None,
                "airtime": None,
                "health": None,
                "queued": {"receipt": 0, "notice": 0, "campaign": 0},
                "spent": {"today": "0.0000", "month": "0.0000"},
            },
        ],
        "queued": {"receipt": 0, "notice": 0, "campaign": 1},
        "spent": {
            "today": "0.0400",
            "month": "0.0500",
            "budget_today": None,
            "budget_month": None,
            "currency": "USD",
        },
        "alarms": [{"key": "airtime:modem-a", "since": AT, "sentence": "Recargue."}],
    }


async def test_quarantine_never_shows_a_body(desk: Desk) -> None:
    """Why, how long, and the head; the body stays sealed."""
    noise = Noise(
        link="modem-a", reason="the length is wrong", head=b"\x07\x91", body=b"4821 PIN"
    )
    await desk.store.write(lambda tx: quarantine.keep(tx, desk.keys, noise))

    listed = await told(desk, requests.QuarantineList())
    assert listed == {
        "quarantine": [
            {
                "id": 1,
                "at": AT,
                "link": "modem-a",
                "reason": "the length is wrong",
                "length": listed["quarantine"][0]["length"],
                "head": "0791",
            }
        ]
    }


async def test_quarantine_is_read_again_by_its_link(desk: Desk) -> None:
    """What can be read is done and forgotten; nothing of it is printed."""
    live = desk.live
    assert isinstance(live, Live)

    def two(tx: Tx) -> None:
        for link, body in (("modem-a", b"4821"), ("training", b"x"), ("modem-a", b"y")):
            noise = Noise(link=link, reason="why", head=b"\x07", body=body)
            quarantine.keep(tx, desk.keys, noise)

    await desk.store.write(two)
    still = Noise(link="modem-a", reason="still none", head=b"", body=b"4821")
    live.reads = Reread(what=still, used=())
    assert await told(desk, requests.QuarantineReread(id=1)) == {
        "id": 1,
        "used": [],
        "read": "nothing",
        "sender": None,
        "sent_at": None,
        "reason": "still none",
    }
    assert [noise.body for noise in live.opened] == [b"4821", b"y"]

    text = Incoming(
        link="modem-a", key=b"k", sender="+50371234567", text="PIN 4821", sent_at=None
    )
    live.reads = Reread(what=text, used=(0, 1))
    said = await told(desk, requests.QuarantineReread(id=1))
    assert (said["read"], said["used"]) == ("text", [1, 3])
    assert "4821" not in str(said)
    left = await told(desk, requests.QuarantineList())
    assert [row["id"] for row in left["quarantine"]] == [2]

    with pytest.raises(OperationRefused, match="there is nothing under 1"):
        await perform(desk, requests.QuarantineReread(id=1))
    live.reads = None
    with pytest.raises(OperationRefused, match="no link training that could read it"):
        await perform(desk, requests.QuarantineReread(id=2))
    with pytest.raises(NotReached, match="inside the daemon only"):
        await perform(replace(desk, live=None), requests.QuarantineReread(id=2))


async def test_the_clock_is_declared_right(net: Net) -> None:
    """Row times start again from the clock, and the chain says who said so."""
    clock, live = StoppedClock(START_MS + DAY_MS), Live()
    async with opened_desk(net.config, clock, live) as desk:
        await desk.store.write(arrive)
        clock.ms = START_MS
        assert desk.store.clock_behind_ms == DAY_MS

        accepted = await told(desk, requests.ClockAccept())
        assert accepted == {
            "clock": AT,
            "newest_row": TOMORROW,
            "event": accepted["event"],
        }
        assert desk.store.clock_behind_ms == 0
        assert live.clock_was_accepted
        row = desk.store.peek.one("SELECT kind, actor FROM event")
        assert row is not None
        assert tuple(row) == ("clock_accepted", "uid:0")
    assert examine(net.config.ledger_path).document["findings"] == []


def test_the_table_names_each_operation_as_its_request_does() -> None:
    """An operation is asked for by the name that its arguments carry."""
    assert {name: one.request.NAME for name, one in OPERATIONS.items()} == {
        name: name for name in OPERATIONS
    }
    assert [name for name, one in OPERATIONS.items() if one.writes] == [
        "member.add",
        "member.limit",
        "member.freeze",
        "member.unfreeze",
        "member.reset",
        "member.phone",
        "member.pin",
        "member.consent",
        "member.import",
        "staff.add",
        "staff.end",
        "queue.close",
        "join.approve",
        "ticket.approve",
        "callback.approve",
        "ad.drop",
        "card.issue",
        "card.void",
        "voucher.issue",
        "voucher.void",
        "ledger.reverse",
        "outbox.retry",
        "link.test",
        "quarantine.reread",
        "audience.save",
        "audience.import",
        "audience.drop",
        "campaign.new",
        "campaign.test",
        "campaign.approve",
        "campaign.start",
        "campaign.pause",
        "campaign.resume",
        "campaign.rate",
        "campaign.cancel",
        "clock.accept",
        "resume",
    ]


def test_secrets_are_not_shown_by_accident() -> None:
    """A PIN among the arguments is in no repr that a log could hold."""
    request = requests.MemberAdd(phone="71234567", name="Juan", pin="4821")

    assert "4821" not in repr(request)
    assert "4821" not in repr(requests.MemberPin(who="71234567", pin="4821"))
    assert repr(Answer(document={})) == "Answer(document={}, exit_code=0)"

"""A ledger that was put back: nothing is done twice, and a person lets it go on."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import asynccontextmanager, closing
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from structlog.testing import capture_logs

from modem.errors import NotKept
from modem.link import Incoming
from smsgate import daemon
from smsgate.clock import DAY_MS, MINUTE_MS, Clock, from_ms
from smsgate.messages import outbox
from smsgate.messages.outbox import Class
from smsgate.operations import requests
from smsgate.operations.desk import OperationRefused
from smsgate.operations.house import review
from smsgate.operations.table import perform
from smsgate.store import LedgerLocked, Lock, in_review, open_for_check
from tests.smsgate.gatehouse import PIN, HandLink
from tests.smsgate.mailroom import JUAN, ROSA
from tests.smsgate.shell import StoppedClock

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from smsgate.daemon import Running
    from tests.smsgate.shell import Net


@pytest.fixture
def town(net: Net) -> Net:
    """Juan may owe 1,000.00; Rosa has a shop."""
    net.told("member", "add", JUAN, "Juan", "--limit", "1000", "--pin-stdin", typed=PIN)
    net.told("member", "add", ROSA, "Rosa")
    return net


def to_rosa(house: Running, amount: str) -> str:
    """Return the text by which Juan pays Rosa."""
    (row,) = house.store.peek.all("SELECT code FROM member WHERE name = 'Rosa'")
    return f"PAGAR {row['code']} {amount} {PIN}"


@asynccontextmanager
async def running(
    net: Net, clock: StoppedClock
) -> AsyncIterator[tuple[Running, HandLink]]:
    """Run the house with one link in hand."""
    link = HandLink()
    async with daemon.serve(net.config, clock=clock, links=[link]) as house:
        yield house, link


async def hears(
    house: Running, clock: StoppedClock, text: str, *, ago_ms: int = 0, key: bytes
) -> list[str]:
    """Have Juan write a text; return the answers it is owed."""
    sent = from_ms(clock.now_ms()) - timedelta(milliseconds=ago_ms)
    await house.gateway.receive(
        Incoming(link="sim1", key=key, sender=JUAN, text=text, sent_at=sent)
    )
    rows = house.store.peek.all("SELECT id FROM inbox ORDER BY id DESC LIMIT 1")
    owed = house.store.peek.all(
        "SELECT body FROM outbox WHERE inbox = ? AND recipient = ?",
        (rows[0]["id"], JUAN),
    )
    return [row["body"] for row in owed]


async def owe(house: Running, body: str, state: str) -> None:
    """Owe a receipt that stands in some state; no link takes it while this runs."""

    def change(tx: Any) -> None:
        row = outbox.owe(
            tx,
            inbox=None,
            cls=Class.receipt,
            name="x",
            recipient=ROSA,
            body=body,
            link="sim1",
            due_ms=tx.now_ms + 5 * MINUTE_MS,
            expires_ms=tx.now_ms + DAY_MS,
        )
        tx.run(
            "UPDATE outbox SET state = ?, settled_ms = 1 WHERE id = ?", (state, row.id)
        )

    await house.store.write(change)


def test_a_copy_is_marked_as_one(town: Net, tmp_path: Path) -> None:
    """Whichever way it is put back: it is of another house, and says so."""
    town.told("backup", str(tmp_path / "copy.sqlite"))
    houses = []
    for path in (town.config.ledger_path, tmp_path / "copy.sqlite"):
        with open_for_check(path) as query:
            (row,) = query.all("SELECT instance, review FROM house")
            houses.append((row["instance"], row["review"]))
    assert [review for _, review in houses] == [0, 1]
    assert houses[0][0] != houses[1][0]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy.sqlite", "net"]


async def test_in_review_no_money_moves_and_nothing_is_sent_again(
    town: Net, tmp_path: Path
) -> None:
    """What was owed stays unsent, payments wait, the gap is told; then it goes on."""
    clock = StoppedClock(Clock().now_ms())
    copy = tmp_path / "copy.sqlite"
    async with running(town, clock) as (house, _):
        await owe(house, "queued", "queued")
        await owe(house, "unsure", "unsure")
        await perform(house.desk("uid:1"), requests.Backup(path=str(copy)))
        clock.ms += MINUTE_MS
        await hears(house, clock, to_rosa(house, "5.00"), key=b"1")
    copied_ms, paid_ms = clock.ms - MINUTE_MS, clock.ms

    said = await asyncio.to_thread(town.told, "restore", str(copy))
    assert said["rows_until"] == from_ms(copied_ms).isoformat(timespec="seconds")
    assert said["kept"].startswith(f"{town.config.ledger_path}.before-")

    clock.ms += 10 * MINUTE_MS
    with capture_logs() as logs:
        async with running(town, clock) as (house, link):
            (told,) = [one for one in logs if one["event"] == "daemon.in_review"]
            assert told["rows_until"] == said["rows_until"]
            assert told["not_sent"] == 1
            await house.housekeeping.once()
            # A text that moves nothing is answered; one that would, waits.
            assert await hears(house, clock, "AYUDA", key=b"2")
            with pytest.raises(NotKept, match="the ledger was restored from a copy"):
                await hears(house, clock, to_rosa(house, "5.00"), key=b"1")
            await asyncio.sleep(0)
            assert {one.text for one in link.sent}.isdisjoint({"queued", "unsure"})
            states = house.store.peek.all(
                "SELECT state FROM outbox ORDER BY id LIMIT 2"
            )
            assert [row["state"] for row in states] == ["expired", "unsure"]
            # A further start tells nothing anew, and withholds nothing else.
            assert in_review(house.store.peek)
            desk = house.desk("uid:1 as marta")
            document = (await perform(desk, requests.Resume())).document
            assert document["rows_until"] == desk.time(copied_ms)
            with pytest.raises(OperationRefused, match="in no review"):
                await perform(desk, requests.Resume())
            # Delivered once more, the text that had paid before is asked about.
            ago_ms = clock.ms - paid_ms
            (body,) = await hears(
                house, clock, to_rosa(house, "5.00"), ago_ms=ago_ms, key=b"1"
            )
            assert "tarde" in body
            clock.ms += MINUTE_MS
            (body,) = await hears(house, clock, to_rosa(house, "7.00"), key=b"3")
            assert "PAGO OK" in body
            kinds = house.store.peek.all(
                "SELECT kind, actor FROM event WHERE kind LIKE 'house%' ORDER BY id"
            )
            assert [tuple(row) for row in kinds] == [
                ("house_put_back", "daemon"),
                ("house_resumed", "uid:1 as marta"),
            ]
    assert (await asyncio.to_thread(town, "ledger", "check")).code == 0


async def test_who_waits_hears_so_in_their_language_and_only_members(
    town: Net, tmp_path: Path
) -> None:
    """In every review once; a stranger, or a doubtful clock, owes nobody a text."""
    clock, copy = StoppedClock(Clock().now_ms()), tmp_path / "copy.sqlite"
    await asyncio.to_thread(town.told, "backup", str(copy))
    heard = []
    for number in range(2):
        await asyncio.to_thread(town.told, "restore", str(copy))
        async with running(town, clock) as (house, _):
            await hears(house, clock, "LANG EN", key=b"1")
            # The same text is offered again and again while it waits.
            for key, sender in (
                (b"2", JUAN),
                (b"2", JUAN),
                (b"3", JUAN),
                (b"4", ROSA),
                (b"5", "+50376543219"),
            ):
                with pytest.raises(NotKept, match="restored from a copy"):
                    await house.gateway.receive(
                        Incoming(
                            link="sim1",
                            key=key,
                            sender=sender,
                            text=to_rosa(house, "5.00"),
                            sent_at=from_ms(clock.now_ms()),
                        )
                    )
            rows = house.store.peek.all(
                "SELECT recipient, body FROM outbox WHERE name = 'text_waits'"
            )
            heard.append([tuple(row) for row in rows])
            clock.ms += MINUTE_MS
            await perform(house.desk("uid:1"), requests.Resume())
            clock.ms += MINUTE_MS
            copy = tmp_path / f"{number}.sqlite"
            await perform(house.desk("uid:1"), requests.Backup(path=str(copy)))
    first, both = heard
    assert both == first * 2
    assert [(to, body.split(". ")[0]) for to, body in first] == [
        (JUAN, "NOT paid: Red is under review and your balance has not changed"),
        (ROSA, "NO se pago: Red esta en revision y su saldo no cambio"),
    ]


async def test_a_second_start_in_review_sends_what_it_owes(
    town: Net, tmp_path: Path
) -> None:
    """Only what the copy brought along is withheld, not what is owed since."""
    clock, copy = StoppedClock(Clock().now_ms()), tmp_path / "copy.sqlite"
    for word in ("backup", "restore"):
        await asyncio.to_thread(town.told, word, str(copy))
    async with running(town, clock) as (house, link):
        await owe(house, "new", "queued")
    clock.ms += 6 * MINUTE_MS
    async with running(town, clock) as (house, link), asyncio.timeout(5):
        while not link.sent:
            await house.store.write(lambda _: None)
    assert [one.text for one in link.sent] == ["new"]


async def test_a_house_on_a_copy_names_its_texts_anew(
    town: Net, tmp_path: Path
) -> None:
    """Its rows have the numbers of texts that the other house sent since.

    A vendor that knows a text by its name would take them for those, and send none.
    """
    clock, copy = StoppedClock(Clock().now_ms()), tmp_path / "copy.sqlite"
    await asyncio.to_thread(town.told, "backup", str(copy))
    names = []
    for _ in range(3):
        async with running(town, clock) as (house, link), asyncio.timeout(5):
            await owe(house, "new", "queued")
            await house.store.write(lambda tx: tx.run("UPDATE outbox SET due_ms = 0"))
            house.texts_owed()
            while not link.sent:
                await house.store.write(lambda _: None)
        names.append([(one.id, one.key) for one in link.sent])
        await asyncio.to_thread(town.told, "restore", str(copy))
    assert [[row for row, _ in each] for each in names] == [[1], [1], [1]]
    assert len({key for each in names for _, key in each}) == 3


def test_only_a_good_copy_is_put_back(town: Net, tmp_path: Path) -> None:
    """Neither the ledger itself, nor what is no ledger, nor while it is in use."""
    path = town.config.ledger_path
    raw = tmp_path / "raw.sqlite"
    raw.write_bytes(path.read_bytes())
    before = path.read_bytes()
    assert "is no copy that `smsgate backup` made" in town.refused("restore", str(raw))
    (tmp_path / "noise").write_text("noise")
    assert town("restore", str(tmp_path / "noise")).code == 3
    assert town("restore", str(tmp_path / "none")).code == 3
    assert path.read_bytes() == before
    assert "in no review" in town.refused("resume")


@pytest.mark.parametrize("cut", [0, 1, 2])
def test_a_power_cut_while_a_copy_is_put_back_loses_nothing(
    town: Net, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cut: int
) -> None:
    """The ledger never stands there without its log, as if it had paid less."""
    path, copy = town.config.ledger_path, tmp_path / "copy.sqlite"
    town.told("backup", str(copy))
    _leave_a_log(town, path)
    renamed: list[Path] = []
    rename = Path.rename

    def until_the_cut(self: Path, target: Path) -> Path:
        if len(renamed) == cut:
            raise OSError("the power is gone")
        renamed.append(self)
        return rename(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", until_the_cut)
        with pytest.raises(OSError, match="the power is gone"):
            review.restore(town.config, copy, Clock())
    if path.exists():
        assert _names(path) == ["Juan", "Late", "Rosa"]
    review.restore(town.config, copy, Clock())
    # What was there before is no part of the copy.
    assert _names(path) == ["Juan", "Rosa"]
    assert not path.with_name(f"{path.name}.new").exists()


def test_a_copy_is_not_put_beside_a_daemon(town: Net, tmp_path: Path) -> None:
    """It is refused, and leaves nothing of the copy behind."""
    path, copy = town.config.ledger_path, tmp_path / "copy.sqlite"
    town.told("backup", str(copy))
    lock = Lock(path)
    lock.take()
    try:
        with pytest.raises(LedgerLocked):
            review.restore(town.config, copy, Clock())
    finally:
        lock.drop()
    assert not path.with_name(f"{path.name}.new").exists()


def _leave_a_log(town: Net, path: Path) -> None:
    """Write something and leave the files as a daemon does that was killed."""
    with closing(sqlite3.connect(path)) as daemon:
        # Whoever reads keeps the log from being moved into the file.
        daemon.execute("BEGIN")
        daemon.execute("SELECT count(*) FROM member").fetchone()
        town.told("member", "add", "+50373334444", "Late")
        left = {}
        for end in ("", "-wal"):
            beside = path.with_name(path.name + end)
            left[beside] = beside.read_bytes()
    for beside, held in left.items():
        beside.write_bytes(held)


def _names(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT name FROM member ORDER BY name").fetchall()
    return [name for (name,) in rows]

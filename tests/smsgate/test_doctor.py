"""`doctor`: each thing that can be wrong has its line, and the line says what to do."""

from __future__ import annotations

import shutil
import sqlite3
import sys
from collections import namedtuple
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from modem.link import LinkState, LinkStatus
from smsgate.clock import Clock
from smsgate.messages import outbox
from smsgate.messages.outbox import Class
from smsgate.operations.house import doctor
from smsgate.operations.house.doctor import Line
from tests.smsgate.shell import START_MS, Live, Net, StoppedClock

if TYPE_CHECKING:
    from pathlib import Path

    from smsgate.store import Tx

LINKS = """
[[link]]
name = "modem-a"
driver = "gsm"
port = "/dev/no-such-modem"

[[link]]
name = "training"
driver = "fakesmsc"
listen = "127.0.0.1:0"
"""
UP = LinkState(
    status=LinkStatus.up,
    signal_dbm=-71,
    imei="490154203237518",
    slots=(3, 25),
    port="/dev/ttyUSB0",
    smsc="+50370000000",
    airtime="4.25",
)


@pytest.fixture
def house(net: Net) -> Net:
    """A network with two links."""
    net.file.write_text(net.file.read_text() + LINKS)
    return net


def lines(net: Net, clock: Clock | None = None) -> dict[str, tuple[str, str]]:
    """What is told of the house, by what was looked at."""
    return told(doctor.house_lines(net.config, clock or Clock()))


def told(found: Any) -> dict[str, tuple[str, str]]:
    """Verdict and words by what was looked at."""
    return {line.what: (str(line.verdict), line.told) for line in found}


def of_link(net: Net, state: LinkState | None) -> dict[str, tuple[str, str]]:
    """What is told of a link in this state."""
    states = {} if state is None else {"modem-a": state}
    return told(doctor.link_lines(net.config, states))


def test_a_house_that_is_well(house: Net) -> None:
    """Everything is looked at, and says in a few words that it is right."""
    found = lines(house)

    for what in ("keys", "schema", "books", "clock", "outbox"):
        assert found[what][0] == "ok", found[what]
    assert found["books"][1].startswith("right; head ")
    assert found["link training"][0] == "warn"
    assert {"disk", "shell"} <= set(found)


def test_a_key_that_others_may_read(house: Net) -> None:
    """It fails, with the command that closes it."""
    (house.folder / "messages.key").chmod(0o644)

    verdict, words = lines(house)["keys"]
    assert verdict == "fail"
    assert "chmod 600" in words


def test_a_ledger_that_is_not_there(house: Net) -> None:
    """One line says so, and nothing of it is called right."""
    house.config.ledger_path.unlink()

    found = lines(house)
    assert found["ledger"][0] == "fail"
    assert not {"schema", "books", "clock"} & set(found)


def test_books_that_are_wrong(house: Net) -> None:
    """The row is named, with what to do."""
    with closing(sqlite3.connect(house.config.ledger_path)) as file:
        kept = file.execute(
            "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'"
            " AND tbl_name = 'account'"
        ).fetchall()
        for name, _ in kept:
            file.execute(f"DROP TRIGGER {name}")
        file.execute(
            "INSERT INTO account (kind, balance, created_ms) VALUES ('member', 5, 0)"
        )
        for _, sql in kept:
            file.execute(sql)
        file.commit()
    verdict, words = lines(house)["books"]
    assert verdict == "fail"
    assert words.endswith("; stop the daemon and restore a backup")


def test_receipts_that_wait_and_a_clock_that_is_behind(house: Net) -> None:
    """Both are seen in the outbox."""

    def owe(tx: Tx) -> None:
        for _ in range(2):
            outbox.owe(
                tx,
                inbox=None,
                cls=Class.receipt,
                name="help_text",
                recipient="+50371234567",
                body="hola",
                link="",
                expires_ms=tx.now_ms + 86_400_000,
            )

    clock = StoppedClock()
    house.write(owe, clock)
    clock.ms = START_MS + 601_000
    assert lines(house, clock)["outbox"] == (
        "warn",
        "2 receipts wait for more than ten minutes: see `smsgate link list`",
    )
    clock.ms = START_MS - 6_000
    verdict, words = lines(house, clock)["clock"]
    assert (verdict, "smsgate clock accept" in words) == ("fail", True)


@pytest.mark.parametrize(
    ("free_mib", "verdict"), [(10_000, "ok"), (400, "warn"), (40, "fail")]
)
def test_room_on_the_disk(
    house: Net, monkeypatch: pytest.MonkeyPatch, free_mib: int, verdict: str
) -> None:
    """It is told before the ledger has to stop."""
    usage = namedtuple("usage", "free")
    room = usage(free_mib * 1024 * 1024)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: room)
    assert lines(house)["disk"][0] == verdict


def test_a_modem_manager_that_runs(house: Net, tmp_path: Path) -> None:
    """It is named with the rule that keeps it off."""
    for number, name in ((1, "systemd"), (7, "ModemManager")):
        (tmp_path / str(number)).mkdir()
        (tmp_path / str(number) / "comm").write_text(f"{name}\n")
    found = told(doctor.machine_lines(house.config, tmp_path))
    assert found["ModemManager"][0] == "warn"
    (tmp_path / "7" / "comm").write_text("cron\n")
    found = told(doctor.machine_lines(house.config, tmp_path))
    assert found["ModemManager"] == ("ok", "it does not run")
    assert found["time"][0] in ("ok", "warn")


def test_a_link_that_is_well(house: Net) -> None:
    """Port, modem, service centre, credit, signal and storage."""
    found = of_link(house, UP)
    assert found["link modem-a"] == (
        "ok",
        "up, /dev/ttyUSB0, IMEI 490154203237518, service centre +50370000000, "
        "airtime 4.25",
    )
    assert found["signal modem-a"] == ("ok", "-71 dBm")
    assert found["storage modem-a"] == ("ok", "3 of 25 slots used")
    assert found["link training"][0] == "fail"


@pytest.mark.parametrize(
    ("state", "what", "expected"),
    [
        (
            LinkState(status=LinkStatus.down, reason="The port is gone."),
            "link modem-a",
            ("fail", "The port is gone."),
        ),
        (
            LinkState(status=LinkStatus.degraded, reason="No network."),
            "link modem-a",
            ("warn", "No network."),
        ),
        (
            LinkState(status=LinkStatus.starting),
            "link modem-a",
            ("warn", "it is being connected: look again in a moment"),
        ),
        (None, "link modem-a", ("fail", "it is not running: start the daemon with")),
        (
            LinkState(status=LinkStatus.up, signal_dbm=-111),
            "signal modem-a",
            ("warn", "-111 dBm: put the antenna elsewhere"),
        ),
        (
            LinkState(status=LinkStatus.up, slots=(20, 25)),
            "storage modem-a",
            ("warn", "20 of 25 slots used: see the log for what stays there"),
        ),
    ],
)
def test_links_in_trouble(
    house: Net, state: LinkState | None, what: str, expected: tuple[str, str]
) -> None:
    """What the link says of itself is what staff are told."""
    verdict, words = of_link(house, state)[what]
    assert verdict == expected[0]
    assert words.startswith(expected[1])


def test_a_house_without_links(net: Net) -> None:
    """Nobody can be reached: that is a fault."""
    assert told(doctor.link_lines(net.config, {}))["links"][0] == "fail"


def test_one_failure_is_the_exit_code() -> None:
    """A warning is not."""
    fine = Line(what="a", verdict=doctor.Verdict.warn, told="b")
    assert doctor.answer_of([fine]).exit_code == 0
    bad = Line(what="a", verdict=doctor.Verdict.fail, told="b")
    assert doctor.answer_of([fine, bad]).exit_code == 1


def test_the_daemon_is_asked_where_it_runs(house: Net) -> None:
    """Its links are as they are; a line each, or one document."""
    with house.answering(Live({"modem-a": UP, "training": UP})):
        said = house("doctor")
        document = house.told("doctor")

    assert said.code == 0
    assert "ok    link modem-a" in said.out
    assert document["ok"]
    assert all(
        line["verdict"] in ("ok", "warn", "fail") and line["told"]
        for line in document["lines"]
    )


def test_without_a_daemon_the_ports_are_opened(
    house: Net, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A modem that is not there is said to be so, and the exit code is 1."""
    # The package names the command like its module.
    monkeypatch.setattr(sys.modules["smsgate.cli.doctor"], "LOOK_S", 0.3)
    said = house("doctor")

    assert said.code == 1
    assert "warn  daemon" in said.out
    assert "There is no modem at this port" in said.out

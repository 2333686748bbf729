"""Promises of what the daemon tells systemd, over a real Unix datagram socket."""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING

import pytest

from smsgate.notify import notify, watchdog_interval_s

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(params=["file", "abstract"])
def systemd(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[socket.socket]:
    """Listen as systemd does, on a file or on a name without one."""
    if request.param == "file":
        address, name = str(tmp_path / "notify"), str(tmp_path / "notify")
    else:
        address, name = f"\0smsgate-test-{os.getpid()}", f"@smsgate-test-{os.getpid()}"
    monkeypatch.setenv("NOTIFY_SOCKET", name)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(address)
        listener.settimeout(5)
        yield listener


def test_words_arrive_as_one_datagram(systemd: socket.socket) -> None:
    """Systemd gets all words of one call together, one a line."""
    assert notify("READY=1", "STATUS=2 links up, 0 texts owed") is True

    assert systemd.recv(1024) == b"READY=1\nSTATUS=2 links up, 0 texts owed"


def test_a_status_cannot_smuggle_in_another_word(systemd: socket.socket) -> None:
    """A line end inside a word becomes a space."""
    notify("STATUS=modem says\nSTOPPING=1")

    assert systemd.recv(1024) == b"STATUS=modem says STOPPING=1"


def test_a_full_queue_does_not_hold_up_the_daemon(systemd: socket.socket) -> None:
    """When systemd does not read, telling it returns at once and says so."""
    told = [notify("WATCHDOG=1") for _ in range(5000)]

    assert told[0] is True
    assert told[-1] is False


def test_without_systemd_nothing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a terminal there is nobody to tell, and that is no error."""
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)

    assert notify("READY=1") is False


def test_a_supervisor_that_is_gone_is_no_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A socket that nobody holds any more does not stop the daemon."""
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "gone"))

    assert notify("WATCHDOG=1") is False


@pytest.mark.parametrize(
    ("usec", "pid", "expected"),
    [
        ("60000000", "own", 30.0),
        ("60000000", "", 30.0),
        ("60000000", "1", None),  # meant for another process
        ("", "own", None),
        ("0", "own", None),
        ("soon", "own", None),
    ],
)
def test_the_watchdog_is_fed_at_half_its_time(
    usec: str, pid: str, expected: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The interval is half of what systemd waits for, and none where it does not."""
    monkeypatch.setenv("WATCHDOG_USEC", usec)
    monkeypatch.setenv("WATCHDOG_PID", str(os.getpid()) if pid == "own" else pid)

    assert watchdog_interval_s() == expected

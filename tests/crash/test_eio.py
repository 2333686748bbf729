"""A disk that fails, is full or is locked loses nothing, and the log says what to do.

The daemon takes its texts over a pipe (`tests.crash.pipe`), so that what it keeps and
what it refuses is seen as it happens.
"""

from __future__ import annotations

import contextlib
import os
import queue
import resource
import sqlite3
import subprocess
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import pytest

from smsgate.logs import mask_text
from tests.crash.cutting import power_over
from tests.crash.house import Process, build
from tests.crash.teller import Payments, Teller
from tests.faults import shim

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.crash.house import House

_FAILED = "failed (disk I/O error): look at the system"
_FULL = "is full: free some space on it"
_LOCKED = "is locked by another program: close it there"
_MANY = 24


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the compiled library."""
    return shim.build(tmp_path_factory.mktemp("power"))


@pytest.fixture
def house(tmp_path: Path) -> House:
    """Return a house of four."""
    return build(tmp_path, ("Ana", "Beto", "Carla", "Dina"))


@contextmanager
def living(teller: Teller, payments: Payments) -> Iterator[Teller]:
    """Wait until it is ready, and kill it at the end."""
    try:
        while (said := teller.hear())["event"] != "ready":
            assert said["event"] != "over", teller.log
            payments.heard(said)
        yield teller
    finally:
        for said in teller.kill():
            payments.heard(said)


def test_a_start_on_a_failing_disk_says_so_and_can_be_stopped(
    house: House, library: Path
) -> None:
    """A daemon that cannot start says what is wrong, tries on, and ends when told."""
    power = power_over(house, library)
    process = Process(house, environment=power.environment(fail_after=0))
    said = process.until_said(_FAILED)
    # The log hides any four digits, and a folder of tests may have them in its name.
    assert mask_text(str(house.ledger)) in said

    assert process.stop() == 0
    assert "daemon.ready" not in process.said
    assert "Traceback" not in process.said
    power.cut()
    assert house.findings() == []


@pytest.mark.parametrize(
    ("later", "failures"), [(1, 1), (1, 3), (2, 2), (3, 1), (4, 3)]
)
def test_a_sync_that_fails_loses_nothing(
    house: House, library: Path, later: int, failures: int
) -> None:
    """Texts meet a failing disk: each is refused or kept, and in the end paid once.

    None is told that it was not paid, the log says what is wrong, and the daemon goes
    on by itself when the disk is well again.
    """
    power = power_over(house, library)
    payments = Payments(house=house)
    environment = power.environment(fail_after=later + 2, fail_count=failures)
    with living(Teller(house, environment=environment), payments) as teller:
        for _ in range(6):
            payments.all_kept(teller, payments.more(4))
        payments.all_told(teller)
        assert _FAILED in teller.log

    assert payments.lost() == []
    payments.right()
    assert max(payments.told.values()) == 1


def test_a_disk_that_stays_broken_acknowledges_nothing(
    house: House, library: Path
) -> None:
    """While every sync fails nothing is acknowledged; on a sound disk all is paid."""
    power = power_over(house, library)
    payments = Payments(house=house)
    environment = power.environment(fail_after=6)
    with living(Teller(house, environment=environment), payments) as teller:
        for payment in payments.more(_MANY):
            teller.send(payment)
        while _FAILED not in teller.log:
            with contextlib.suppress(queue.Empty):
                payments.heard(teller.hear(0.1))
    power.cut()
    assert payments.lost() == []

    with living(Teller(house), payments) as teller:
        payments.all_kept(teller, payments.sent)
    payments.right()


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """Mount a disk of 16 MiB."""
    folder.mkdir()
    options = ["-t", "tmpfs", "-o", "size=16m", "smsgate-test"]
    subprocess.run(["mount", *options, str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def may_mount(folder: Path) -> bool:
    """Whether this user may mount a disk here."""
    if os.geteuid() != 0:
        return False
    tried = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "smsgate-test", str(folder)],
        capture_output=True,
    )
    if tried.returncode == 0:
        subprocess.run(["umount", str(folder)], check=True)
    return tried.returncode == 0


def until_refused(payments: Payments, teller: Teller, words: str) -> None:
    """Pay until texts are refused for this reason."""
    while not any(words in why for why in payments.refusals):
        for payment in payments.more(_MANY):
            teller.send(payment)
        answered = 0
        while answered < _MANY:
            said = teller.hear()
            assert said["event"] != "over", teller.log
            answered += said["event"] in ("kept", "refused")
            payments.heard(said)


def test_a_full_disk_loses_nothing(tmp_path: Path) -> None:
    """On a full disk texts are refused and stay where they are; with room all is paid.

    A disk of its own where this user may mount one; elsewhere a file that may not grow,
    as in the next test.
    """
    if not may_mount(tmp_path):
        _a_file_at_its_limit(build(tmp_path, ("Ana", "Beto")))
        return
    with small_disk(tmp_path / "disk") as disk:
        house = build(disk, ("Ana", "Beto"), log=tmp_path / "daemon.log")
        ballast = disk / "ballast"
        free = os.statvfs(disk)
        ballast.write_bytes(b"x" * (free.f_bavail * free.f_bsize - 192 * 1024))
        payments = Payments(house=house)
        with living(Teller(house), payments) as teller:
            until_refused(payments, teller, _FULL)
            assert _FULL in teller.log
            assert payments.lost() == []
            ballast.unlink()
            payments.all_kept(teller, payments.sent)
            payments.all_told(teller)
        payments.right()
        assert max(payments.told.values()) == 1


def test_a_file_that_may_not_grow_loses_nothing(tmp_path: Path) -> None:
    """At the limit of a file's size texts are refused; without it all is paid."""
    _a_file_at_its_limit(build(tmp_path, ("Ana", "Beto")))


def _a_file_at_its_limit(house: House) -> None:
    payments = Payments(house=house)
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    limit = 512 * 1024

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))

    with living(Teller(house, before=limited), payments) as teller:
        until_refused(payments, teller, "the disk that holds")
        assert _FAILED in teller.log or _FULL in teller.log
        assert payments.lost() == []
        resource.prlimit(teller.pid, resource.RLIMIT_FSIZE, (hard, hard))
        payments.all_kept(teller, payments.sent)
        payments.all_told(teller)
    payments.right()
    assert max(payments.told.values()) == 1


def test_a_ledger_that_another_program_locks_is_waited_for(house: House) -> None:
    """While somebody holds the ledger texts are refused; afterwards all is paid."""
    payments = Payments(house=house)
    with living(Teller(house), payments) as teller:
        with closing(sqlite3.connect(house.ledger, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            until_refused(payments, teller, _LOCKED)
            assert _LOCKED in teller.log
            assert payments.kept == set()
            other.execute("ROLLBACK")
        payments.all_kept(teller, payments.sent)
        payments.all_told(teller)
    payments.right()
    assert max(payments.told.values()) == 1

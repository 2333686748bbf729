"""Promises of the disk that forgets; the crash tests stand on them.

Each test runs a few lines of Python in a child under the library, then looks at what
the live folder holds before and after the cut.
"""

from __future__ import annotations

import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from tests.faults.shim import Power, build, slow_disk

if TYPE_CHECKING:
    from pathlib import Path

OPEN = """
import os
def opened(name):
    return os.open(os.path.join(os.environ["POWER_LIVE"], name), os.O_RDWR | os.O_CREAT)
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the compiled library."""
    return build(tmp_path_factory.mktemp("power"))


@pytest.fixture
def power(library: Path, tmp_path: Path) -> Power:
    """Return power over an empty live folder."""
    power = Power(library=library, live=tmp_path / "live", twin=tmp_path / "twin")
    power.begin()
    return power


def run(
    power: Power,
    script: str,
    *,
    delay_us: int = 0,
    fail_after: int | None = None,
    fail_count: int | None = None,
) -> str:
    """Run lines of Python in a child; return what it printed."""
    environment = power.environment(
        delay_us=delay_us, fail_after=fail_after, fail_count=fail_count
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", OPEN + script],
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.stderr == ""
    return done.stdout


@pytest.mark.parametrize("sync", ["fsync", "fdatasync"])
def test_synced_bytes_survive_and_later_ones_vanish(power: Power, sync: str) -> None:
    """After a cut a file holds what it held at its last sync."""
    run(
        power,
        f"""
fd = opened("a")
os.write(fd, b"first ")
os.{sync}(fd)
os.write(fd, b"second")
os.close(fd)
""",
    )

    assert (power.live / "a").read_bytes() == b"first second"
    power.cut()
    assert (power.live / "a").read_bytes() == b"first "


def test_a_file_that_was_never_synced_vanishes(power: Power) -> None:
    """A file without a sync is gone, however long ago it was written and closed."""
    run(power, 'os.write(opened("a"), b"x"); os.fsync(opened("b"))')

    power.cut()

    assert [path.name for path in power.live.iterdir()] == ["b"]


def test_what_was_there_before_survives(library: Path, tmp_path: Path) -> None:
    """`begin` declares durable what it finds; overwriting it without a sync undoes."""
    power = Power(library=library, live=tmp_path / "live", twin=tmp_path / "twin")
    (tmp_path / "live" / "deep").mkdir(parents=True)
    (power.live / "deep" / "a").write_bytes(b"old")
    power.begin()

    run(power, 'os.write(opened("deep/a"), b"new")')

    power.cut()
    assert (power.live / "deep" / "a").read_bytes() == b"old"


def test_a_shorter_file_stays_shorter_once_synced(power: Power) -> None:
    """Cutting a file off is undone by a cut, unless it was synced."""
    (power.live / "a").write_bytes(b"long")
    (power.live / "b").write_bytes(b"long")
    power.begin()

    run(
        power,
        """
a, b = opened("a"), opened("b")
os.ftruncate(a, 1)
os.ftruncate(b, 1)
os.fsync(a)
""",
    )

    power.cut()
    assert (power.live / "a").read_bytes() == b"l"
    assert (power.live / "b").read_bytes() == b"long"


def test_removing_a_file_is_durable(power: Power) -> None:
    """A removed file does not come back, by its whole name or by one in a folder."""
    for name in ("a", "b"):
        (power.live / name).write_bytes(b"x")
    power.begin()

    run(
        power,
        """
live = os.environ["POWER_LIVE"]
os.unlink(os.path.join(live, "a"))
os.unlink("b", dir_fd=os.open(live, os.O_RDONLY))
""",
    )

    power.cut()
    assert list(power.live.iterdir()) == []


def test_renaming_before_syncing_leaves_an_empty_file(power: Power) -> None:
    """A new name is durable at once, the bytes behind it only when synced first."""
    (power.live / "target").write_bytes(b"old")
    power.begin()

    run(
        power,
        """
os.chdir(os.environ["POWER_LIVE"])
for name, sync in (("good", True), ("hasty", False)):
    fd = opened(name + ".part")
    os.write(fd, b"new")
    if sync:
        os.fsync(fd)
    os.replace(name + ".part", name)
os.replace("good", "target")
""",
    )

    power.cut()
    assert (power.live / "target").read_bytes() == b"new"
    assert (power.live / "hasty").read_bytes() == b""
    assert sorted(path.name for path in power.live.iterdir()) == ["hasty", "target"]


FAILING = """
fd = opened("a")
for digit in b"12345":
    os.write(fd, bytes([digit]))
    try:
        os.fsync(fd)
    except OSError as error:
        print(error.errno == __import__("errno").EIO and "EIO")
    else:
        print("synced")
"""


def test_syncs_fail_with_an_input_output_error(power: Power) -> None:
    """After the given number every sync fails, and nothing more is durable."""
    assert run(power, FAILING, fail_after=2).split() == ["synced"] * 2 + ["EIO"] * 3

    power.cut()
    assert (power.live / "a").read_bytes() == b"12"


def test_syncs_recover_after_the_given_number_of_failures(power: Power) -> None:
    """A disk that stumbles once works again, as a full one does when cleared."""
    printed = run(power, FAILING, fail_after=1, fail_count=1)

    assert printed.split() == ["synced", "EIO", *["synced"] * 3]


def test_a_slow_disk_is_felt(power: Power) -> None:
    """Each sync takes at least the delay asked for."""
    started = time.monotonic()

    run(power, 'fd = opened("a")\nfor _ in range(5): os.fsync(fd)', delay_us=20_000)

    assert time.monotonic() - started >= 5 * 0.020


def test_a_slow_disk_alone_is_felt_by_every_file(power: Power, tmp_path: Path) -> None:
    """Without a twin each sync is real, and takes the delay longer."""
    program = (
        "import os, sys, time\n"
        "fd = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT)\n"
        "begun = time.monotonic()\n"
        "for _ in range(5): os.fdatasync(fd)\n"
        "print(time.monotonic() - begun)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "card")],
        env=slow_disk(power.library, delay_us=20_000),
        capture_output=True,
        text=True,
        check=True,
    )
    assert float(done.stdout) >= 5 * 0.020


def test_files_elsewhere_are_left_alone(power: Power, tmp_path: Path) -> None:
    """Outside the live folder a sync is a sync: no delay, no error, no twin."""
    elsewhere = tmp_path / "elsewhere"

    run(
        power,
        f"fd = os.open({str(elsewhere)!r}, os.O_RDWR | os.O_CREAT); os.fsync(fd)",
        fail_after=0,
    )

    assert elsewhere.exists()
    assert list(power.twin.iterdir()) == []


@pytest.mark.parametrize(("synchronous", "kept"), [("FULL", 10), ("NORMAL", 0)])
def test_sqlite_is_caught(power: Power, synchronous: str, kept: int) -> None:
    """SQLite's own syncs are seen: FULL keeps each commit, NORMAL loses the latest.

    This is what makes the crash tests worth running: they would notice a weaker mode.
    """
    script = """
import sqlite3
path = os.path.join(os.environ["POWER_LIVE"], "ledger")
"""
    run(
        power,
        script
        + f"""
ledger = sqlite3.connect(path, isolation_level=None)
ledger.execute("PRAGMA journal_mode = WAL")
ledger.execute("PRAGMA synchronous = {synchronous}")
ledger.execute("CREATE TABLE row (id INTEGER)")
ledger.execute("PRAGMA wal_checkpoint")
for number in range(10):
    ledger.execute("INSERT INTO row VALUES (?)", [number])
os.kill(os.getpid(), 9)
""",
    )

    power.cut()

    count = (
        'print(sqlite3.connect(path).execute("SELECT count(*) FROM row").fetchone())'
    )
    assert run(power, script + count) == f"({kept},)\n"

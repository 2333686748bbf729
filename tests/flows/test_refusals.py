"""What keeps the daemon from starting is one sentence that says what to do.

Each is a process of its own, as systemd starts it: its exit code, and what it says.
"""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from smsgate.__main__ import main

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of a new house."""
    assert main(["init", str(tmp_path / "house")]) == 0
    return tmp_path / "house"


def run(folder: Path) -> tuple[int, str]:
    """Start the daemon; its exit code and what it said."""
    ended = subprocess.run(
        [sys.executable, "-m", "smsgate", "-c", str(folder / "config.toml"), "run"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert ended.stdout == ""
    assert "Traceback" not in ended.stderr
    return ended.returncode, ended.stderr.strip()


def newer(ledger: Path) -> None:
    """Pretend that a later smsgate wrote it."""
    with closing(sqlite3.connect(ledger)) as connection:
        connection.execute("PRAGMA user_version = 99")


def foreign(ledger: Path) -> None:
    """Put another program's database there."""
    ledger.unlink()
    with closing(sqlite3.connect(ledger)) as connection:
        connection.execute("CREATE TABLE shopping (thing TEXT)")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (newer, "is of version 99 and this smsgate knows 1: install the newer"),
        (foreign, "is no ledger of smsgate: name another file"),
        (lambda ledger: ledger.write_text("bread, cheese"), "is no ledger of smsgate"),
        (lambda ledger: ledger.write_bytes(b""), "is no ledger of smsgate"),
        (lambda ledger: ledger.unlink(), "make one with `smsgate init`"),
    ],
    ids=["newer", "foreign", "text", "empty", "missing"],
)
def test_a_ledger_that_cannot_be_used(
    folder: Path, spoil: Callable[[Path], object], said: str
) -> None:
    """The daemon names the file, says what to do, and leaves the file alone."""
    ledger = folder / "ledger.sqlite"
    spoil(ledger)
    before = ledger.read_bytes() if ledger.exists() else None

    code, words = run(folder)

    assert code == 3
    assert words.startswith("smsgate: ")
    assert str(ledger) in words
    assert said in words
    assert len(words.splitlines()) == 1
    after = ledger.read_bytes() if ledger.exists() else None
    assert after == before


def test_a_key_that_is_missing(folder: Path) -> None:
    """Without the key of the PINs nothing starts."""
    (folder / "pin.key").unlink()

    code, words = run(folder)

    assert code == 2
    assert "pin.key" in words


def test_five_mistakes_are_told_at_once(folder: Path) -> None:
    """Every mistake of a configuration is named by its path, in one go."""
    config = folder / "config.toml"
    text = config.read_text(encoding="utf-8")
    for right, wrong in (
        ("pin_length = 4", "pin_length = 5"),
        ("late_minutes = 30", 'late_minutes = "soon"'),
        ('country = "SV"', 'country = "XX"'),
        ('one_step = "100.00"', 'one_step = "plenty"'),
        ("[sms]", "[sms]\nlate_minuets = 3"),
    ):
        assert right in text
        text = text.replace(right, wrong, 1)
    config.write_text(text, encoding="utf-8")

    code, words = run(folder)

    assert code == 2
    assert "5 mistakes" in words
    for path in (
        "security.pin_length",
        "sms.late_minutes",
        "network.country",
        "limits.one_step",
        "sms.late_minuets",
    ):
        assert f"  {path}: " in words

"""Promises of `init`, `check` and of every command: files, exit codes, sentences."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from smsgate.store import Lock
from tests.smsgate.shell import process, shell

if TYPE_CHECKING:
    from pathlib import Path

    from tests.smsgate.shell import Net

FILES = ["cards.key", "config.toml", "ledger.sqlite", "messages.key", "pin.key"]


def test_init_makes_a_network(tmp_path: Path) -> None:
    """A configuration, keys of 32 bytes readable by their owner only, and a ledger."""
    folder = tmp_path / "a" / "net"
    said = shell(
        *("init", str(folder), "--country", "GT", "--unit", "UN", "--language", "en")
    )

    assert (said.code, said.err) == (0, "")
    assert sorted(path.name for path in folder.iterdir()) == FILES
    for name in FILES:
        path = folder / name
        if name.endswith(".key"):
            assert len(path.read_bytes()) == 32
        if name != "config.toml":
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
    text = (folder / "config.toml").read_text()
    for line in ('country = "GT"', 'unit = "UN"', 'timezone = "America/Guatemala"'):
        assert line in text
    assert shell("-c", str(folder / "config.toml"), "check").code == 0


@pytest.mark.parametrize("name", FILES)
def test_init_never_overwrites(tmp_path: Path, name: str) -> None:
    """If one of its files is there, nothing is written at all."""
    (tmp_path / name).write_text("precious")

    said = shell("init", str(tmp_path))
    assert said.code == 1
    assert f"{tmp_path / name} is already there and is never overwritten" in said.err
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_text() == "precious"


@pytest.mark.parametrize(
    ("option", "value", "sentence"),
    [
        ("--country", "XX", "network.country: write a country's two capital letters"),
        ("--unit", "PESOS", "network.unit: it is longer than 4 characters"),
        ("--language", "fr", "Invalid value for '--language'"),
    ],
)
def test_init_checks_what_it_is_told(
    tmp_path: Path, option: str, value: str, sentence: str
) -> None:
    """A network that could not be loaded is not made."""
    said = shell("init", str(tmp_path / "net"), option, value)

    assert said.code == 2
    assert sentence in said.err
    assert not (tmp_path / "net").exists()


def test_check_is_content_with_a_new_network(net: Net) -> None:
    """Nothing is wrong: one short sentence, or a document that says so."""
    assert net("check") == (0, "All is right.\n", "")
    assert net.told("check") == {"ok": True, "mistakes": []}


def test_check_tells_every_mistake_of_the_configuration(net: Net) -> None:
    """All mistakes at once, each with its path; exit code 2."""
    text = net.file.read_text().replace('unit = "PT"', 'unit = "PESOS"')
    net.file.write_text(text.replace("late_minutes = 30", "late_minuts = 30"))

    said = net("check")
    assert (said.code, said.out) == (2, "")
    first, *mistakes = said.err.splitlines()
    assert first == "smsgate: 2 mistakes: correct and check again"
    assert [mistake.split(":")[0] for mistake in mistakes] == [
        "  network.unit",
        "  sms.late_minuts",
    ]
    document = net("check", "--json")
    assert len(json.loads(document.out)["mistakes"]) == 2


def test_check_looks_at_the_keys(net: Net) -> None:
    """A key that others may read, or that is missing, is a mistake."""
    (net.folder / "pin.key").chmod(0o644)
    (net.folder / "cards.key").unlink()

    said = net("check")
    assert said.code == 2
    assert "keys.pin: file:pin.key is open to others (mode 0644)" in said.err
    assert "keys.cards: file:cards.key cannot be read" in said.err


def test_check_looks_at_what_each_link_needs(net: Net) -> None:
    """Whatever would keep the daemon from starting, of every link at once."""
    text = net.file.read_text()
    (net.folder / "token").write_text("t0ken")
    (net.folder / "token").chmod(0o600)
    (net.folder / "hook").write_text("short")
    (net.folder / "hook").chmod(0o600)
    for name, more in (("one", ""), ("two", 'hook_secret = "file:hook"\nfrom = "503"')):
        text += (
            f'\n[[link]]\nname = "{name}"\ndriver = "http"\npreset = "twilio"\n'
            f'account = "AC0123"\ntoken = "file:token"\n{more}\n'
        )
    net.file.write_text(text)

    said = net("check")
    assert said.code == 2
    assert "link[1]: from: write from or service, and not both" in said.err
    assert "link[2]: the hook_secret of link two must be 16 or more" in said.err


def test_check_says_how_a_hook_secret_is_made(net: Net) -> None:
    """One that is not there yet is drawn by a command, not typed."""
    (net.folder / "token").write_text("t0ken")
    (net.folder / "token").chmod(0o600)
    net.file.write_text(
        net.file.read_text() + '\n[[link]]\nname = "out"\ndriver = "http"\n'
        'preset = "twilio"\naccount = "AC0123"\ntoken = "file:token"\n'
        'from = "503"\nhook_secret = "file:out.hook"\n'
    )

    said = net("check")
    assert said.code == 2
    assert "link[1].hook_secret: file:out.hook is not there yet" in said.err
    assert "`smsgate link hook NAME` draws it" in said.err


def test_check_looks_at_the_schema(net: Net) -> None:
    """A ledger without all its rules is a mistake, exit code 1; a missing one is 3."""
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(net.folder / "ledger.sqlite")) as connection:
        connection.execute("DROP TRIGGER transfer_fixed")
    said = net("check")
    assert said.code == 1
    assert "trigger transfer_fixed is missing; restore a backup" in said.err

    (net.folder / "ledger.sqlite").unlink()
    assert net("check").code == 3


def test_check_takes_no_lock(net: Net) -> None:
    """It can be asked while the daemon runs, however it is."""
    lock = Lock(net.config.ledger_path)
    lock.take()
    try:
        assert net("check").code == 0
    finally:
        lock.drop()


# ---- where the configuration is


def test_the_configuration_is_found(net: Net, tmp_path: Path) -> None:
    """-c before or after the command, else $SMSGATE_CONFIG, else ./config.toml."""
    file = str(net.file)
    for said in (
        process("-c", file, "check", SMSGATE_CONFIG=""),
        process("check", "-c", file, folder=tmp_path, SMSGATE_CONFIG=""),
        process("check", folder=tmp_path, SMSGATE_CONFIG=file),
        process("check", folder=net.folder, SMSGATE_CONFIG=""),
    ):
        assert said == (0, "All is right.\n", "")


def test_without_a_configuration_it_says_where_it_looked(tmp_path: Path) -> None:
    """No configuration is exit code 2, and what to do."""
    said = process("member", "list", folder=tmp_path, SMSGATE_CONFIG="")

    assert (said.code, said.out) == (2, "")
    assert "run `smsgate init DIR`, or name one with -c FILE" in said.err


# ---- exit codes and sentences


@pytest.mark.parametrize(
    "words",
    [
        ("member", "fly"),
        ("member", "show"),
        ("member", "add", "71234567", "Juan", "--kind", "shop"),
        ("outbox", "retry", "seven"),
        ("member", "import", "/nowhere.csv"),
        ("--nonsense",),
    ],
)
def test_wrong_usage_is_exit_2_and_one_line(net: Net, words: tuple[str, ...]) -> None:
    """What is typed wrongly is told in one line that names the help."""
    said = net(*words)

    assert (said.code, said.out) == (2, "")
    assert len(said.err.splitlines()) == 1
    assert "--help`" in said.err


def test_a_missing_ledger_is_exit_3(net: Net) -> None:
    """What is needed and not there is exit code 3."""
    (net.folder / "ledger.sqlite").unlink()

    said = net("member", "list")
    assert (said.code, said.out) == (3, "")
    assert "there is no ledger at" in said.err


def test_a_key_that_cannot_be_read_stops_only_what_needs_it(net: Net) -> None:
    """Without the PINs' key members are still listed; a code cannot be issued."""
    net.told("member", "add", "71234567", "Juan")
    (net.folder / "pin.key").unlink()

    assert len(net.told("member", "list")["members"]) == 1
    refusal = net("member", "pin", "71234567")
    assert refusal.code == 2
    assert "file:pin.key cannot be read" in refusal.err


def test_nobody_sees_a_traceback(net: Net, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault of the program is one sentence that quotes nothing that was typed."""

    def break_down(*_: object, **__: object) -> None:
        raise RuntimeError("4821")

    monkeypatch.setattr("smsgate.cli.doing.ask", break_down)
    said = net("member", "list")
    assert said == (
        1,
        "",
        "smsgate: a fault of the program (RuntimeError) stopped this: report it, with "
        "what you did\n",
    )


def test_what_could_steer_a_terminal_is_not_printed(net: Net, tmp_path: Path) -> None:
    """Words of strangers cannot move the cursor or hide a line."""
    net.told("member", "add", "71234567", "Juan")
    file = tmp_path / "m.csv"
    file.write_text("phone,name\n71234567,\x1b[2J\n")

    assert "\x1b" not in net("member", "import", str(file)).err


def test_a_reader_that_leaves_is_no_error(net: Net) -> None:
    """`smsgate … | head` ends quietly."""
    for place in range(20):
        net.told("member", "add", f"712345{place:02d}", f"N{place}")
    command = f"{sys.executable} -m smsgate -c {net.file} member list | head -1"
    done = subprocess.run(
        ["/bin/bash", "-c", f"set -o pipefail; {command}"],
        capture_output=True,
        text=True,
        env=os.environ,
    )

    assert (done.returncode, done.stderr) == (0, "")


def test_help_loads_no_ledger() -> None:
    """Asking for help is quick: neither the settings nor the store are loaded."""
    asked = (
        "import sys; from smsgate.__main__ import main; main(['member', '--help']);"
        "print([m for m in ('pydantic', 'sqlite3', 'rich', 'phonenumbers', 'structlog')"
        " if m in sys.modules])"
    )
    # Coverage, where it is measured, would load a database of its own in the child.
    plain = {name: v for name, v in os.environ.items() if "COVERAGE" not in name}
    done = subprocess.run(
        [sys.executable, "-c", asked],
        capture_output=True,
        text=True,
        check=True,
        env=plain,
    )

    assert done.stdout.splitlines()[-1] == "[]"


def test_a_ledger_is_led_up_to_this_version(net: Net) -> None:
    """One that is up to date is left alone; one in use is not touched."""
    said = net("migrate")
    assert (said.code, said.out) == (0, "The ledger is of version 1: nothing to do.\n")
    with closing(sqlite3.connect(net.config.ledger_path)) as file:
        file.execute("PRAGMA user_version = 0")
    assert "run `smsgate migrate`" in net("member", "list").err
    # No step of this smsgate leads there: nothing is changed.
    assert "nothing was changed" in net.refused("migrate")
    lock = Lock(net.config.ledger_path)
    lock.take()
    assert net("migrate").code == 3
    lock.drop()

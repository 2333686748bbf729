"""The conversation that plays itself: what it prints, what it leaves, how it ends."""

from __future__ import annotations

import io
import logging
import re
import socket
import sqlite3
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
import structlog

from smsgate.demo import scenes, script
from smsgate.demo.cast import ROLES
from smsgate.demo.exchange import connected
from smsgate.demo.scenes import WRONG_PIN
from smsgate.demo.script import conclude
from smsgate.demo.showing import listening
from smsgate.demo.stage import DemoError, found_demo, raised
from smsgate.demo.telling import Teller
from tests.canary import leaks
from tests.demo.browsing import ROOT, demo
from tests.flows.reading import digits

if TYPE_CHECKING:
    from collections.abc import Iterator

PINS = [role.pin for role in ROLES]


def played(*words: str) -> subprocess.CompletedProcess[str]:
    """Run the demo as a newcomer does, until it ends by itself."""
    return subprocess.run(
        demo(*words), cwd=ROOT, capture_output=True, text=True, timeout=50
    )


def test_it_plays_to_the_end_and_the_books_are_right() -> None:
    """It exits 0, says nothing on stderr, and ends with the sum and the chain."""
    done = played("--script")
    assert (done.returncode, done.stderr) == (0, "")
    assert re.search(r"^sum +0\.00$", done.stdout, re.MULTILINE)
    assert re.fullmatch(
        r"The books are right: 4 transfers, sum 0\.00, chain \d+ [0-9a-f]{16}\.",
        done.stdout.splitlines()[-1],
    )


def test_it_prints_both_receipts_of_a_payment() -> None:
    """Payer and payee are told the same reference, and VER finds it genuine."""
    printed = played("--script").stdout
    paid = re.search(
        r"smsgate → Juan +PAGO OK 25\.50 PT a Panaderia Luz \(\d{5}\)\. Ref (\S+)\. "
        r"Saldo -25\.50 Disp 74\.50\.",
        printed,
    )
    received = re.search(
        r"smsgate → Rosa +Red: RECIBIO 25\.50 PT de Juan Perez \(7234-5678\)\. "
        r"Ref (\S+)\. Saldo 25\.50\.",
        printed,
    )
    assert paid is not None
    assert received is not None
    assert paid[1] == received[1]
    assert f"Rosa → smsgate        VER {digits(paid[1])}\n" in printed
    assert re.search(rf"→ Rosa +REAL\. .* Ref {paid[1]}", printed)


def test_it_shows_what_goes_wrong_and_pays_nothing_then() -> None:
    """Forged, repeated, refused and unclear texts each get their answer."""
    printed = played("--script").stdout
    for answer in (
        r"→ Rosa +FALSO: ",
        r"→ Juan +POSIBLE DOBLE: ",
        r"→ Juan +NO se pago 25\.50 PT a Panaderia Luz ",
        r"→ Marta +NOT paid: wrong PIN\. You have 2 tries left\.",
        r"→ Ana +NO se pago 6\.00 PT a Juan Perez \(\d{5}\)\. Disponible: 0\.00 PT\.",
        r"→ Ana +NO se pago: monto no claro\.",
        r"→ Oscar +PAID 12\.00 PT to Panaderia Luz ",
        r"→ Don Luis +MENU Red\. Responda un numero: / 1 Pagar / ",
        r"→ Don Luis +Para seguir, su PIN: / ",
        r"→ Don Luis +Saldo 40\.00 PT\. Disponible 240\.00\.",
        r"→ Rosa +Balance 29\.50 PT\. Available 329\.50\.",
    ):
        assert re.search(answer, printed), answer
    assert printed.count("PAGO OK 25.50") == 1
    assert "Seen before: nothing was paid and nothing was sent." in printed


def test_it_tells_the_story_in_spanish() -> None:
    """--language es is for what is told between the texts."""
    done = played("--script", "--language", "es")
    assert done.returncode == 0
    assert "\nJuan le paga a Rosa con un solo mensaje\n" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("Las cuentas cuadran: 4 pagos, ")


def test_no_pin_is_left_behind(tmp_path: Path) -> None:
    """Neither the folder it keeps, its log, nor what it prints holds anybody's PIN."""
    kept = tmp_path / "kept"
    done = played("--script", "--keep", str(kept))
    assert done.returncode == 0
    assert {"config.toml", "ledger.sqlite", "smsgate.log"} <= {
        path.name for path in kept.iterdir()
    }
    # Four digits by themselves: references and hashes hold any four in a row.
    pins = "|".join([*PINS, WRONG_PIN])
    word = re.compile(rf"(?<![0-9A-Za-z+-])(?:{pins})(?![0-9A-Za-z-])".encode())
    found = [path.name for path in kept.rglob("*") if word.search(path.read_bytes())]
    assert found == []
    assert word.search(done.stdout.encode()) is None
    # As a driver or a digest would keep them: ends of texts, packed, in hex, hashed.
    ends = [f"25.50 {PINS[0]}", *(f"SALDO {pin}" for pin in PINS)]
    assert leaks(kept, ends) == []


def test_a_folder_that_is_taken_is_left_alone(tmp_path: Path) -> None:
    """--keep never writes over a network; one sentence says what to do."""
    assert played("--script", "--keep", str(tmp_path / "a")).returncode == 0
    before = (tmp_path / "a" / "ledger.sqlite").read_bytes()
    done = played("--script", "--keep", str(tmp_path / "a"))
    assert done.returncode == 1
    assert done.stderr == (
        f"smsgate: {tmp_path}/a/ledger.sqlite is already there and is never "
        "overwritten: choose another folder\n"
    )
    assert (tmp_path / "a" / "ledger.sqlite").read_bytes() == before


def test_a_folder_that_cannot_be_written_is_said() -> None:
    """A wrong --keep is one sentence."""
    done = played("--script", "--keep", "/proc/nowhere")
    assert done.returncode == 1
    assert done.stderr == (
        "smsgate: /proc/nowhere cannot be written (No such file or directory): name "
        "another with --keep\n"
    )


@pytest.fixture
def own_logs() -> Iterator[None]:
    """Put the logs back as they were."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.mark.usefixtures("own_logs")
async def test_books_that_are_wrong_end_with_1(tmp_path: Path) -> None:
    """A balance that somebody touched is found, named, and makes the exit code 1."""
    path = found_demo(tmp_path / "network")
    out = io.StringIO()
    async with raised(path) as stage:
        teller = Teller(zone=ZoneInfo("UTC"), secrets=PINS, out=out)
        assert await conclude(stage, teller, "en") == 0
        _touch(path.with_name("ledger.sqlite"))
        assert await conclude(stage, teller, "en") == 1
    assert "The books are right: 0 transfers, sum 0.00" in out.getvalue()
    assert "The books are WRONG, " in out.getvalue().splitlines()[-1]


@pytest.mark.usefixtures("own_logs")
async def test_an_answer_that_does_not_come_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the modem out nobody is answered; it says who waited, and where to look."""
    monkeypatch.setattr(script, "PATIENCE_S", 1.0)
    async with (
        raised(found_demo(tmp_path / "network")) as stage,
        connected(stage.running) as exchange,
    ):
        await stage.plug(plugged=False)
        teller = Teller(zone=ZoneInfo("UTC"), secrets=PINS, out=io.StringIO())
        play = script.Play(stage, exchange, script.PlayClock(), teller, "en")
        with pytest.raises(DemoError, match=r"^no answer for Ana came within 1 s: "):
            await scenes.a_first_text(play)


def _touch(ledger: Path) -> None:
    """Give somebody money behind the house's back."""
    connection = sqlite3.connect(ledger)
    for (name,) in connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'account'"
    ).fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute("UPDATE account SET balance = balance + 100 WHERE id = 1")
    connection.commit()
    connection.close()


def test_a_busy_port_makes_it_take_the_next() -> None:
    """Two demos may run at once."""
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]
        with listening(port) as door:
            assert port < door.getsockname()[1] < port + 20

"""`smsgate phone`: a phone in the terminal, against a demo in another process."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from decimal import Decimal
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from smsgate.demo.handset import Handset
from tests.demo.browsing import ROOT, showing

if TYPE_CHECKING:
    from collections.abc import Iterator

_PATIENCE_S = 30


@pytest.fixture(scope="module")
def port() -> Iterator[str]:
    """Run one demo for all of these; each test has phones of its own."""
    with showing("--language", "es") as url:
        yield str(urlsplit(url).port)


def phone(*words: str, typed: str) -> subprocess.CompletedProcess[str]:
    """Run the phone with these lines in a pipe."""
    return subprocess.run(
        [sys.executable, "-m", "smsgate", "phone", *words],
        cwd=ROOT,
        input=typed,
        capture_output=True,
        text=True,
        timeout=_PATIENCE_S,
    )


def test_a_conversation_from_a_pipe(port: str) -> None:
    """Each text shows its cost and its answer; phones change hands; costs add up."""
    done = phone(
        *("--port", port, "--price", "0.10", "juan"),
        typed="PAGAR PANADERIALUZ 2.00\n"
        "/telefono 76543210\n¿qué? á\n/historia\n/costos\n",
    )
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[1].startswith("Tiene el telefono de Juan Perez: +50372345678, codigo ")
    assert lines[2:4] == [
        "Juan → PAGAR PANADERIALUZ 2.00",
        "      1 SMS, 23 de 160, 0.10",
    ]
    asked = (
        r"\d\d:\d\d ← Pagar 2\.00 PT a Panaderia Luz \(\d{5}\)\? Responda \d\d y su PIN"
    )
    assert re.match(asked, lines[4])
    assert "Tiene el +50376543210, que no es de ningun miembro." in lines
    at = lines.index("+50376543210 → ¿qué? á")
    assert lines[at + 1] == "      1 SMS, 7 de 70, 0.10"
    assert " ← Este numero no esta registrado en Red." in lines[at + 2]
    assert lines[at + 4].endswith(" → ¿qué? á")
    assert {"Juan: 1 SMS, 0.10", "+50376543210: 1 SMS, 0.10"} <= set(lines)
    assert re.fullmatch(r"la red: \d+ SMS, \d+\.\d0", lines[-1])


def test_receipts_of_others_are_heard(port: str) -> None:
    """A payment shows on both phones, the other's by name."""
    done = phone(
        "--port", port, "Ana", typed="/phone Rosa\nPAGAR ANAFLORES 1.00 4829\n/quit\n"
    )
    assert re.search(r"^\d\d:\d\d ← Pagar 1\.00 PT a Ana Flores", done.stdout, re.M)
    token = re.findall(r"Responda (\d\d) y su PIN", done.stdout)
    done = phone("--port", port, "Rosa", typed=f"SI {token[0]} 4829\n")
    assert re.search(r"^\d\d:\d\d ← PAGO OK 1\.00 PT a Ana Flores", done.stdout, re.M)
    assert re.search(r"^\d\d:\d\d Ana ← Red: RECIBIO 1\.00 PT", done.stdout, re.M)


def test_a_session_from_a_pipe(port: str) -> None:
    """*123# is dialled, lines answer its screens; after it they are texts again."""
    typed = "*123#\n1\nPANADERIALUZ\n2.00\n2968\nHELP\n*9#\n"
    done = phone("--port", port, "Marta", typed=typed)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[2:5] == [
        "Marta → *123#",
        "    | MENU Red. Reply a number:",
        "    | 1 Pay",
    ]
    at = lines.index("Marta → PANADERIALUZ")
    assert re.match(r"    \| Pay Panaderia Luz \(\d{5}\): how much\?", lines[at + 1])
    assert "    | PIN:" in lines
    at = lines.index("Marta → 2968")
    assert lines[at + 1].startswith("    | PAID 2.00 PT to Panaderia Luz")
    assert lines[at + 2] == "      La sesion termino."
    assert lines[lines.index("Marta → HELP") + 1] == "      1 SMS, 4 de 160, 0.05"
    assert lines[-1] == "no service has this code: dial *123#"


def test_hanging_up(port: str) -> None:
    """/cancelar leaves the session; another phone in between does not end it."""
    typed = "*123#\n7\n/telefono Rosa\n/telefono Ana\n9\n/cancelar\n/cancelar\nVER 1\n"
    done = phone("--port", port, "Ana", typed=typed)
    lines = done.stdout.splitlines()
    assert lines.count("    | Mi cuenta:") == 2
    assert lines.count("    | Saldo en los recibos:") == 1
    assert lines.count("      La sesion termino.") == 1
    at = lines.index("      La sesion termino.")
    assert lines[at + 1] == "Ana → VER 1"


def test_in_a_terminal(port: str) -> None:
    """Typed by hand it prompts with the phone in the hand; /salir ends it."""
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "smsgate", "phone", "--port", port, "Don Luis"],
        cwd=ROOT,
        stdin=slave,
        stdout=slave,
        stderr=slave,
    )
    os.close(slave)
    try:
        _until(master, b"Don Luis> ")
        os.write(master, b"VER 4812057735\n")
        _until(master, "← FALSO: 481205-7735 no existe".encode())
        os.write(master, b"*123#\n")
        _until(master, b"Don Luis *123#> ")
        os.write(master, b"0\n")
        _until(master, b"Don Luis> ")
        os.write(master, b"/salir\n")
        assert process.wait(_PATIENCE_S) == 0
    finally:
        process.kill()
        process.wait()
        os.close(master)


def _until(master: int, wanted: bytes) -> None:
    seen = b""
    while wanted not in seen:
        seen += os.read(master, 4096)


def test_no_demo_is_said_in_a_sentence() -> None:
    """Without a demo, and for a phone that cannot be, the sentence says what to do."""
    done = phone("--port", "1", typed="")
    assert done.returncode == 3
    assert done.stderr == (
        "smsgate: no demo answers at http://127.0.0.1:1/: start `smsgate demo` in "
        "another terminal, and name its port with --port\n"
    )
    done = phone("--price", "-1", typed="")
    assert done.returncode == 2


def test_an_unknown_phone_is_refused(port: str) -> None:
    """A word that is nobody's name and no number is no phone."""
    done = phone("--port", port, "nadie", typed="hola\n")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("smsgate: no hay tal telefono")


def test_nothing_in_a_text_steers_the_terminal() -> None:
    """Whatever a text holds, only letters reach the screen."""
    handset = Handset(
        country="SV", price=Decimal("0.05"), language="en", members=(), phone="+1"
    )
    bubble = {"phone": "+2", "side": "in", "text": "a\x1b2Jb\nc", "at": "09:00"}
    assert list(handset.heard(bubble)) == [
        "09:00 +2 ← a?2Jb",
        "           c",
        "      1 SMS, 7 of 70, 0.05",
    ]

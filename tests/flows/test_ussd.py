"""Flows 48 and 49: the menu in a USSD session, through the daemon's own web server."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tests.canary import leaks
from tests.flows.dialling import DialTown
from tests.flows.town import CANARY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WRONG = "604918"
FRESH = "604917"
CLOSED = "END Red: sesion cerrada. No se hizo nada."
CUT = "CON Su sesion de antes se corto.\n1 Seguir\n2 Empezar de nuevo\n00 Salir"
ROOTS = {
    "ES": (
        "MENU Red. Responda un numero:\n1 Pagar\n2 Cobrar\n3 Saldo\n4 Movs\n5 Ofertas\n"
        "6 Verificar\n7 Mi cuenta\n8 Ayuda\n0 Salir"
    ),
    "EN": (
        "MENU Red. Reply a number:\n1 Pay\n2 Charge\n3 Balance\n4 History\n5 Offers\n"
        "6 Check\n7 My account\n8 Help\n0 Leave"
    ),
}
#: What leads to the screens of the tree, by SMS as in a session.
BRANCHES = (
    *("", "1", "1 CODE", "2", "2 CODE", "5", "5 1", "5 2", "5 3", "6", "7", "7 2"),
    *("7 3", "7 4", "7 5", "7 6", "7 6 2", "7 8", "7 9", "9", "1 20471", "7 4 4x"),
)


def _opened(folder: Path, **facts: bool | str) -> DialTown:
    """Return a town where Rosa sells and Juan dials."""
    town = DialTown(folder=folder / "house", **facts)  # type: ignore[arg-type]
    town.pins |= {WRONG, FRESH}
    town.start()
    town.joins("Rosa", "71234567", "--kind", "business")
    town.joins("Juan", "72345678", "--limit", "100")
    return town


@pytest.fixture
def town(tmp_path: Path) -> Iterator[DialTown]:
    """A town whose sessions are believed as its modem is."""
    town = _opened(tmp_path)
    try:
        yield town
    finally:
        town.close()


@pytest.fixture
def loose(tmp_path: Path) -> Iterator[DialTown]:
    """A town that is dialled over a vendor who says anybody's number."""
    town = _opened(tmp_path, preset="africastalking")
    try:
        yield town
    finally:
        town.close()


# ---- the golden path


@pytest.mark.parametrize(
    ("language", "asked", "paid", "done"),
    [
        ("ES", "Pagar 5.00 PT a Rosa", "PAGO OK 5.00", "0 Volver\n00 Salir"),
        ("EN", "Pay 5.00 PT to Rosa", "PAID 5.00", "0 Back\n00 Leave"),
    ],
)
def test_a_session_from_the_root_to_a_payment(
    town: DialTown, language: str, asked: str, paid: str, done: str
) -> None:
    """Flow 48: who, how much, the PIN; the result is on the screen and at the payee.

    The end notice says that Juan has seen it, so no text goes to him.
    """
    town.asks("Juan", f"LANG {language}")
    code = town.people["Rosa"].code
    call = town.call("Juan")
    assert call.dials() == f"CON {ROOTS[language]}"
    assert call.types("1").endswith(done)
    assert f"Rosa ({code})" in call.types(code)
    assert call.types("5.00") == f"CON {asked} ({code}).\nPIN:\n{done}"
    screen = call.types(CANARY)
    assert screen.startswith(f"END {paid} PT")
    assert "Saldo -5.00 Disp 95.00" in screen or "Bal -5.00 Avail 95.00" in screen
    call.ends("Success")
    assert "RECIBIO 5.00 PT de Juan" in town.hears("Rosa")
    # The aggregator posts the last step again: the same screen, and nothing is done.
    assert call.repeats() == screen
    town.clock.forward(seconds=30)
    assert town.asks("Juan", "AYUDA IDIOMA") != ""
    assert town.nothing_for("Juan")
    assert (town.balance("Rosa"), town.balance("Juan")) == ("5.00", "-5.00")


def test_the_same_in_json(town: DialTown) -> None:
    """Flow 48: An aggregator that posts JSON gets the same screens."""
    code = town.people["Rosa"].code
    call = town.call("Juan")
    assert call.in_json() == f"CON {ROOTS['ES']}"
    call.in_json("1")
    call.in_json(code)
    assert call.in_json("5.00").startswith(f"CON Pagar 5.00 PT a Rosa ({code}).\nPIN:")
    assert call.in_json(CANARY).startswith("END PAGO OK 5.00 PT")
    # Known by what was typed, whichever way it is written.
    assert call.repeats().startswith("END PAGO OK 5.00 PT")
    assert town.balance("Rosa") == "5.00"


def test_dialled_at_once(town: DialTown) -> None:
    """Flow 48: *384*1*1*CODE*25*50# leads to the PIN, and no further."""
    code = town.people["Rosa"].code
    asked = f"CON Pagar 25.50 PT a Rosa ({code}).\nPIN:\n0 Volver\n00 Salir"
    assert town.call("Juan").dials("1", code, "25", "50") == asked
    beyond = town.call("Juan").dials("1", code, "25", "50", CANARY)
    assert beyond.startswith("CON Ese monto no es claro.\n")
    call = town.call("Juan")
    assert call.dials("1", code, "25", "50") == asked
    assert call.types(CANARY).startswith("END PAGO OK 25.50 PT")
    assert town.balance("Rosa") == "25.50"


def test_the_tree_by_text_is_the_tree_in_a_session(town: DialTown) -> None:
    """Flow 48: MENU by SMS shows the very same screens, in both languages."""
    code = town.people["Rosa"].code
    for language in ("ES", "EN"):
        town.asks("Juan", f"LANG {language}")
        for branch in BRANCHES:
            keys = branch.replace("CODE", code).split()
            text = town.asks("Juan", "MENU")
            call = town.call("Juan")
            screen = call.dials()
            if screen.startswith(("CON Su sesion", "CON Your session")):
                screen = call.types("2")
            for key in keys:
                text, screen = town.asks("Juan", key), call.types(key)
            assert screen == f"CON {text}", (language, branch)
            call.types("00")
            town.asks("Juan", "00")


# ---- around the tree


def test_back_exit_and_wrong_input(town: DialTown) -> None:
    """Flow 48: 0 goes one screen back, 00 out; what a screen cannot use, it says.

    Three times, then the session ends. No wrong key costs a try or moves money.
    """
    code = town.people["Rosa"].code
    call = town.call("Juan")
    pin = call.dials("1", code, "5")
    assert pin.startswith("CON Pagar 5.00 PT a Rosa")
    much = call.types("0")
    assert much.startswith(f"CON Pagar a Rosa ({code}): cuanto?")
    assert call.types("0").startswith("CON Pagar: a quien?")
    assert call.types("0") == f"CON {ROOTS['ES']}"
    assert call.types("0") == CLOSED
    call = town.call("Juan")
    call.dials("1", code, "5")
    for typed in ("73915", "si", ""):
        assert call.types(typed) == f"CON Un PIN tiene 6 numeros.\n{pin[4:]}"
    assert call.types("1") == CLOSED
    call = town.call("Juan")
    call.dials("7", "3")
    assert call.types("00") == CLOSED
    assert town.told("member", "show", code)["state"] == "active"
    assert town.balance("Rosa") == "0.00"
    assert town.nothing_for("Juan")


def test_paging(town: DialTown) -> None:
    """Flow 48: 98 goes on in a list and 97 back; the PIN is asked for once."""
    code = town.people["Rosa"].code
    for units in range(1, 8):
        town.asks("Juan", f"PAGAR {code} {units}.00 {CANARY}")
        town.hears("Rosa")
    call = town.call("Juan")
    call.dials("4")
    first = call.types(CANARY)
    seen = screen = first
    while "98 Mas" in screen:
        screen = call.types("98")
        seen += screen
    for units in range(1, 8):
        assert f"-{units}.00 Rosa" in seen
    assert "97 Antes" in screen
    while "97 Antes" in screen:
        screen = call.types("97")
    assert screen == first
    assert call.types("0") == f"CON {ROOTS['ES']}"
    assert call.types("4").startswith("CON Para seguir, su PIN:")


def test_a_wrong_pin_counts(town: DialTown) -> None:
    """Flow 48: The screen says how many tries are left; the third locks."""
    code = town.people["Rosa"].code
    call = town.call("Juan")
    call.dials("1", code, "5")
    for left in (2, 1):
        told = call.types(WRONG)
        assert told.startswith(f"CON NO se pago: PIN incorrecto, intentos: {left}.")
    assert call.types(WRONG).startswith("END NO se pago: cuenta bloqueada")
    assert town.balance("Rosa") == "0.00"
    locked = town.told("member", "show", town.people["Juan"].phone)["locked_until"]
    assert locked is not None


def test_a_first_pin_and_a_new_one(town: DialTown) -> None:
    """Flows 3 and 25: Both can be made in a session, and are at rest nowhere."""
    added = town.told("member", "add", "73456789", "Luis", "--limit", "50")
    once = added["one_time_code"]
    town.people["Luis"] = luis = type(town.people["Rosa"])(phone=added["phone"])
    call = town.call("Luis")
    assert call.dials("7", "1").startswith("CON Crear su PIN. Primero el codigo")
    for typed in (once, CANARY):
        assert call.types(typed).startswith("CON El PIN nuevo")
    assert call.types(CANARY).startswith("END PIN cambiado")
    assert town.told("member", "show", luis.phone)["pin"] == "set"
    call = town.call("Luis")
    call.dials("7", "1")
    for typed in (CANARY, FRESH):
        assert call.types(typed).startswith("CON El PIN nuevo")
    assert leaks(town.folder, {CANARY, FRESH, once}) == []
    assert call.types(FRESH).startswith("END PIN cambiado")
    call = town.call("Luis")
    call.dials("1", town.people["Rosa"].code, "5")
    assert call.types(FRESH).startswith("END PAGO OK 5.00 PT")


# ---- once, or not at all


def test_a_session_that_drops_before_the_pin_does_nothing(town: DialTown) -> None:
    """Flow 49: And the next one may go on where it was cut off, for three minutes."""
    code = town.people["Rosa"].code
    first = town.call("Juan")
    asked = first.dials("1", code, "5.00")
    first.ends("Incomplete")
    assert town.balance("Rosa") == "0.00"
    call = town.call("Juan")
    assert call.dials() == CUT
    assert call.types("1") == asked
    assert call.types(CANARY).startswith("END PAGO OK 5.00 PT")
    assert town.hears("Rosa").startswith("Red: RECIBIO 5.00 PT")
    # The first is over: its screen cannot pay as well.
    assert first.types(CANARY) == CLOSED
    assert town.balance("Rosa") == "5.00"
    town.call("Juan").dials("7")
    town.clock.forward(minutes=3)
    assert town.call("Juan").dials() == f"CON {ROOTS['ES']}"


@pytest.mark.parametrize(
    ("language", "told"),
    [("ES", "PAGO OK 5.00 PT a Rosa"), ("EN", "PAID 5.00 PT to Rosa")],
)
def test_a_session_that_drops_after_the_pin_is_told_by_text(
    town: DialTown, language: str, told: str
) -> None:
    """Flow 49: Paid once; nobody knows what the phone showed, so a text says it."""
    town.asks("Juan", f"LANG {language}")
    code = town.people["Rosa"].code
    call = town.call("Juan")
    call.dials("1", code, "5.00")
    call.types(CANARY)
    call.ends("Failed")
    assert town.hears("Rosa").startswith("Red: RECIBIO 5.00 PT")
    town.clock.forward(seconds=20)
    # A clock that is moved wakes nobody; the next text does.
    assert town.asks("Rosa", "AYUDA") != ""
    assert town.hears("Juan").startswith(told)
    assert town.balance("Rosa") == "5.00"


def test_a_restart_in_the_middle_of_a_session(town: DialTown) -> None:
    """Flow 49: The house goes on with the session as if nothing had been."""
    code = town.people["Rosa"].code
    call = town.call("Juan")
    asked = call.dials("1", code, "5.00")
    town.stop()
    town.start()
    assert call.repeats() == asked
    assert call.types(CANARY).startswith("END PAGO OK 5.00 PT")
    town.stop()
    town.start()
    assert call.repeats().startswith("END PAGO OK 5.00 PT")
    assert town.balance("Rosa") == "5.00"


@pytest.mark.parametrize(
    ("language", "paid", "asked"),
    [
        ("ES", "END PAGO OK 5.00 PT", "END POSIBLE DOBLE: "),
        ("EN", "END PAID 5.00 PT", "END MAYBE DOUBLE: "),
    ],
)
def test_two_sessions_at_once(
    town: DialTown, language: str, paid: str, asked: str
) -> None:
    """Flow 49: Each is its own; the same payment twice is asked about, by text."""
    town.asks("Juan", f"LANG {language}")
    code = town.people["Rosa"].code
    one, two = town.call("Juan"), town.call("Juan")
    one.dials("1", code, "5.00")
    two.dials("1", code, "5.00")
    assert one.types(CANARY).startswith(paid)
    assert two.types(CANARY).startswith(asked)
    assert town.balance("Rosa") == "5.00"


# ---- who is believed, and what is kept


def test_where_anybody_can_say_a_number(loose: DialTown) -> None:
    """Little is paid in the session; more is asked by SMS, and the screen says so."""
    town, code = loose, loose.people["Rosa"].code
    call = town.call("Juan")
    call.dials("1", code, "20")
    assert call.types(CANARY).startswith("END PAGO OK 20.00 PT")
    call.ends("Success")
    # Somebody else who says his number spends no more of it today.
    told = town.call("Juan").dials("1", code, "1")
    assert told.startswith("END NO se pago. Limite por pago 20.00 PT, por dia 20.00")
    assert town.asks("Juan", f"PAGAR {code} 1 {CANARY}").startswith("PAGO OK 1.00 PT")
    assert town.balance("Rosa") == "21.00"


@pytest.mark.parametrize("which", ["town", "loose"])
def test_what_needs_a_code_of_a_card_is_asked_by_text(
    which: str, request: pytest.FixtureRequest
) -> None:
    """The screen says that nothing is paid yet and where to go on; the text asks."""
    town: DialTown = request.getfixturevalue(which)
    code, juan = town.people["Rosa"].code, town.people["Juan"].phone
    town.limit("Juan", "900")
    paper = town.folder.parent / "card.txt"
    town.told("card", "issue", juan, "--out", str(paper))
    assert town.hears("Juan").startswith("Su tarjeta")
    amount = "600" if which == "town" else "30"
    told = town.call("Juan").dials("1", code, amount)
    assert told == (
        "END Todavia NO se hizo. Le mandamos un SMS: siga como dice ahi. "
        "Ayuda: 2222-0000"
    )
    asked = town.hears("Juan")
    found = re.search(r"Responda (\d\d) y el codigo (\d+) de su tarjeta", asked)
    assert found is not None, asked
    digits = dict(re.findall(r"(\d+)  (\d{6})", paper.read_text()))[found[2]]
    town.pins.add(digits)
    paid = town.asks("Juan", f"{found[1]} {digits}")
    assert paid.startswith(f"PAGO OK {amount}.00 PT a Rosa")
    assert town.balance("Rosa") == f"{amount}.00"


def test_who_does_not_know_the_address_gets_nothing(town: DialTown) -> None:
    """Whoever guesses finds no such address; a GET and a torn form are refused."""
    assert town.post(secret="somebody-elses-secret", sessionId="s1")[0] == 404
    assert town.post(text="1")[0] == 400
    assert town.asked(b"{", kind="application/json")[0] == 400
    assert town.asked(b"sessionId=\xff")[0] == 400
    assert town.asked(None)[0] == 405


def test_somebody_else_s_session(town: DialTown) -> None:
    """A session belongs to the phone that began it, whoever knows its name."""
    code = town.people["Rosa"].code
    call = town.call("Juan")
    call.dials("1", code, "5.00")
    thief = town.call("Rosa")
    thief.session, thief.typed = call.session, [*call.typed]
    assert thief.types(CANARY) == CLOSED
    assert call.types(CANARY).startswith("END PAGO OK 5.00 PT")


def test_nothing_that_was_typed_is_kept(town: DialTown) -> None:
    """Rows and logs have the screens and the outcome, and none of the input.

    PINs on any screen, dialled, or in a torn request; looked for in every file while
    the daemon runs, and once more when the town closes.
    """
    code = town.people["Rosa"].code
    for keys in (
        f"{CANARY} 1 {CANARY} {code} {CANARY} 5.00 {WRONG} {CANARY}",
        f"5 1 {CANARY}",
        f"6 {CANARY}",
        f"7 4 a{CANARY}",
    ):
        call = town.call("Juan")
        if call.dials() == CUT:
            call.types("2")
        for key in keys.split():
            screen = call.types(key)
            assert CANARY not in screen
    town.call("Juan").dials("1", code, "25", CANARY)
    town.asked(f'{{"text": "{CANARY}"'.encode(), kind="application/json")
    town.post(text=CANARY)
    assert leaks(town.folder, town.pins) == []
    with closing(sqlite3.connect(town.folder / "ledger.sqlite")) as rows:
        bodies = rows.execute("SELECT DISTINCT body FROM inbox WHERE link = 'dial'")
        assert bodies.fetchall() == [("USSD",)]
    log = (town.folder / "daemon.log").read_text(encoding="utf-8")
    assert "ussd.step" in log
    assert town.people["Juan"].phone not in log

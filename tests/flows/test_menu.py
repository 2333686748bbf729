"""MENU by SMS, and which question a bare answer belongs to (language and flow 4)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.flows.town import CANARY

if TYPE_CHECKING:
    from tests.flows.town import Town

ROOT = (
    "MENU Red. Responda un numero:\n1 Pagar\n2 Cobrar\n3 Saldo\n4 Movs\n"
    "5 Ofertas\n6 Verificar\n7 Mi cuenta\n8 Ayuda\n0 Salir"
)
NO_CHOICE = "Ese numero no esta en el menu.\n"
CLOSED = "Menu cerrado. No se hizo nada. Para abrirlo otra vez: MENU"


def test_paying_by_menu(town: Town) -> None:
    """Number by number to the question of the second step, which takes the PIN.

    Flow 4.
    """
    code = town.people["Rosa"].code
    assert town.asks("Juan", "menu") == ROOT
    who = "Pagar: a quien? Responda su codigo o telefono.\n0 Volver\n00 Salir"
    assert town.asks("Juan", "1") == who
    assert town.asks("Juan", "20471") == (
        f"Nadie tiene ese codigo, telefono o alias.\n{who}"
    )
    much = f"Pagar a Rosa ({code}): cuanto? Responda asi: 1500.00\n0 Volver\n00 Salir"
    assert town.asks("Juan", "7123 4567") == much
    assert town.asks("Juan", "1.500") == f"Ese monto no es claro.\n{much}"
    # Six digits may be the PIN: it is not taken for an amount, nor counted as a try.
    assert town.asks("Juan", CANARY) == f"Ese monto no es claro.\n{much}"
    asked = town.asks("Juan", "25.50")
    assert asked.startswith(f"Pagar 25.50 PT a Rosa ({code})? Responda ")
    assert town.asks("Juan", CANARY).startswith("PAGO OK 25.50 PT a Rosa")
    assert town.hears("Rosa").startswith("Red: RECIBIO 25.50 PT de Juan")
    # The tree is left: a digit is its keyword again.
    assert town.asks("Juan", "2").startswith("Falta su PIN. Escriba: SALDO")


def test_in_english(town: Town) -> None:
    """Flow 4: The same tree in the member's language, by alias, with the way back."""
    town.asks("Juan", "LANG EN")
    root = town.asks("Juan", "MENU")
    assert root.startswith("MENU Red. Reply a number:\n1 Pay\n2 Charge\n3 Balance\n")
    assert town.asks("Juan", "1").startswith("Pay: whom? Reply their code or phone.")
    assert town.asks("Juan", "panaderialuz").startswith("Pay Rosa (")
    assert town.asks("Juan", "0").startswith("Pay: whom?")
    assert town.asks("Juan", "0") == root
    assert town.asks("Juan", "0").startswith("Menu closed. Nothing was done.")


def test_the_other_branches(town: Town) -> None:
    """Balance and movements need their PIN in a text of its own; the rest answers.

    Flow 4.
    """
    balance = "Falta su PIN. Escriba: SALDO y su PIN"
    for keys, answer in {
        "3": balance,
        "4": "Falta su PIN. Escriba: MOVS y su PIN",
        "8": "PAGAR codigo monto PIN\n",
        "6 4812057735": "FALSO: 481205-7735 no existe",
        "7 1": "PIN cambia su PIN",
        "7 3": "Robo: bloquear su cuenta? Nadie podra pagar con ella.\n1 Bloquear\n",
        "7 4 rosita": "Falta su PIN. Escriba: ALIAS",
        "7 4 panaderialuz": "Alias NO cambiado: PANADERIALUZ es de otra persona",
        "7 5 panaderialuz": "Falta su PIN. Escriba: GUARDIAN",
        "7 6 1": "Falta su PIN. Escriba: CREDITO",
        "7 6 2 una plancha": "Recibido: el personal decide su solicitud",
        "7 7": "Falta su PIN. Escriba: CIERRE",
        "7 8 2": "Listo: ya no le mandamos promociones",
        "7 9 1": "Listo: sus recibos",
        "7 2 2": "Done: from now on we write to you in English",
    }.items():
        town.asks("Juan", "MENU")
        told = [town.asks("Juan", key) for key in re.split(r"(?<=[0-9]) ", keys)]
        assert told[-1].startswith(answer)
    assert town.told("member", "show", town.people["Juan"].phone)["state"] == "active"


def test_charging_by_menu(town: Town) -> None:
    """Number by number to a request, which its payer answers with token and PIN."""
    code = town.people["Juan"].code
    town.asks("Rosa", "MENU")
    who = "Cobrar: a quien? Responda su codigo o telefono.\n0 Volver\n00 Salir"
    assert town.asks("Rosa", "2") == who
    much = f"Cobrar a Juan ({code}): cuanto? Responda asi: 1500.00\n0 Volver\n00 Salir"
    assert town.asks("Rosa", code) == much
    assert town.asks("Rosa", CANARY) == f"Ese monto no es claro.\n{much}"
    town.says("Rosa", "12.50")
    asked = town.hears("Juan")
    found = re.search(r"SI (\d\d) y su PIN", asked)
    assert found is not None, asked
    assert "12.50" in town.hears("Rosa")
    assert town.asks("Juan", f"SI {found[1]} {CANARY}").startswith("PAGO OK 12.50 PT")


def test_theft_by_menu(town: Town) -> None:
    """The account is blocked only when the menu has asked."""
    town.asks("Juan", "MENU")
    town.asks("Juan", "7")
    town.asks("Juan", "3")
    assert town.asks("Juan", "1").startswith("BLOQUEADA: nadie")
    assert town.told("member", "show", town.people["Juan"].phone)["state"] == "frozen"


def test_leaving_and_three_wrong_answers(town: Town) -> None:
    """00 and SALIR leave; a wrong answer shows the screen again, three times.

    Flow 4.
    """
    for leave in ("00", "salir"):
        town.asks("Juan", "MENU")
        town.asks("Juan", "7")
        assert town.asks("Juan", leave) == CLOSED
    town.asks("Juan", "MENU")
    for wrong in ("9", "hola", "98"):
        assert town.asks("Juan", wrong) == NO_CHOICE + ROOT
    assert town.asks("Juan", "9") == CLOSED
    assert town.asks("Juan", "9").startswith("No entendi su mensaje.")


def test_a_command_word_beats_the_screen(town: Town) -> None:
    """Flow 4: Whoever writes a command gets it; the screen waits, for ten minutes."""
    town.asks("Juan", "MENU")
    assert town.asks("Juan", f"SALDO {CANARY}").startswith("Saldo 0.00")
    # A slip in a command is none of the screen's business either.
    assert town.asks("Juan", f"SLADO {CANARY}").startswith("Saldo 0.00")
    assert town.asks("Juan", "7").startswith("Mi cuenta:")
    town.clock.forward(minutes=10)
    assert town.asks("Juan", "2").startswith("Falta su PIN. Escriba: SALDO")


def test_an_open_question_about_money_suspends_the_screen(town: Town) -> None:
    """Flow 4: While a payment waits for SI or NO, digits are not the screen's."""
    code = town.people["Rosa"].code
    asked = town.asks("Juan", f"PAGAR {code} 5.00")
    assert town.asks("Juan", "MENU") == ROOT
    assert town.asks("Juan", "2").startswith("Falta su PIN. Escriba: SALDO")
    found = re.search(r"Responda (\d\d) y su PIN", asked)
    assert found is not None
    assert town.asks("Juan", f"NO {found[1]}").startswith("NO se pago 5.00 PT")
    assert town.asks("Juan", "7").startswith("Mi cuenta:")


def test_a_pin_inside_the_menu_pays_nothing(town: Town) -> None:
    """A PIN alone on any screen but that of the amount is stray, and counts no try.

    Flow 4.
    """
    town.asks("Juan", "MENU")
    assert town.asks("Juan", CANARY).startswith("NO se pago nada: llego un PIN solo")
    assert town.asks("Juan", "7").startswith("Mi cuenta:")
    assert (
        town.told("member", "show", town.people["Juan"].phone)["locked_until"] is None
    )


def test_the_market_by_menu(town: Town) -> None:
    """Flow 4: Offers are published, found and listed by numbers and a few words."""
    town.asks("Rosa", "MENU")
    assert town.asks("Rosa", "5").startswith("Ofertas:\n1 Buscar\n2 Ofrecer\n")
    assert town.asks("Rosa", "2").startswith("Ofrecer: que? Responda que es")
    # The PIN is no price, and is not published.
    wrong = town.asks("Rosa", f"queso {CANARY}")
    assert wrong.startswith("Eso no se entiende.\nOfrecer: que?")
    assert town.asks("Rosa", "saldos de queso 3.00").startswith("Oferta ")
    for key in ("MENU", "5", "1"):
        town.asks("Juan", key)
    assert "saldos de queso 3.00 Rosa" in town.asks("Juan", "queso")
    for key in ("MENU", "5", "3"):
        town.asks("Juan", key)
    assert town.asks("Juan", "un plomero").startswith("Anuncio ")
    for key in ("MENU", "5"):
        town.asks("Juan", key)
    assert "plomero" in town.asks("Juan", "4")

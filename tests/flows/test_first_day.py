"""Flows 1, 3 and 4: a stranger, a first PIN, and help in two languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.flows.town import CANARY

if TYPE_CHECKING:
    from tests.flows.town import Town


def test_a_stranger_is_told_once_a_day(town: Town) -> None:
    """An unknown number hears once that it is no member's, then nothing all day.

    Flow 1.
    """
    answer = town.asks("+50376543210", "hola")
    assert answer.startswith("Este numero no esta registrado en Red.")
    town.says("+50376543210", "hola?")
    assert town.nothing_for("+50376543210")


def test_short_codes_are_never_answered(town: Town) -> None:
    """Flow 1: A text from a short code is kept and meets silence."""
    town.says("2222", "Su saldo es bajo")
    assert town.nothing_for("2222")
    kept = town.told("inbox", "list")
    assert "Su saldo es bajo" in str(kept)


@pytest.mark.parametrize(
    ("new", "again", "why"),
    [
        ("111111", "111111", "repite"),
        ("123456", "123456", "orden"),
        ("654321", "654321", "orden"),
        ("195807", "739154", "igual"),
    ],
)
def test_weak_or_unequal_first_pins_are_refused_and_the_code_stays(
    town: Town, new: str, again: str, why: str
) -> None:
    """Flow 3: A bad new PIN costs no try; a good one then works with the same code."""
    town.joins("Ana", "74567890", pin=None)
    code = town.told("member", "pin", town.people["Ana"].phone)["one_time_code"]
    answer = town.asks("Ana", f"PIN {code} {new} {again}")
    assert why in answer
    assert new not in answer
    assert again not in answer
    assert town.told("member", "show", town.people["Ana"].phone)["pin"] == "code"
    town.asks("Ana", f"PIN {code} {CANARY} {CANARY}")
    assert town.told("member", "show", town.people["Ana"].phone)["pin"] == "set"


def test_a_one_time_code_has_three_tries(town: Town) -> None:
    """Flow 3: Three wrong codes use it up; the right one then does nothing."""
    town.joins("Ana", "74567890", pin=None)
    phone = town.people["Ana"].phone
    code = town.told("member", "pin", phone)["one_time_code"]
    wrong = f"{(int(code) + 1) % 10**8:08d}"
    for _ in range(3):
        town.asks("Ana", f"PIN {wrong} {CANARY} {CANARY}")
    town.asks("Ana", f"PIN {code} {CANARY} {CANARY}")
    assert town.told("member", "show", phone)["pin"] != "set"


def test_help_and_language(town: Town) -> None:
    """AYUDA explains; LANG EN turns all into English; a wrong word says which.

    Flow 4.
    """
    assert "PAGAR" in town.asks("Juan", "ayuda")
    assert "PAGAR" in town.asks("Juan", "AYUDA PAGAR")
    wrong = town.asks("Juan", "IDIOMA FR")
    assert "ES" in wrong
    assert "EN" in wrong
    town.asks("Juan", "LANG EN")
    code = town.people["Rosa"].code
    paid = town.asks("Juan", f"PAY {code} 1.00 {CANARY}")
    assert paid.startswith(f"PAID 1.00 PT to Rosa ({code}). Ref ")
    assert town.hears("Rosa").startswith("Red: RECIBIO 1.00 PT de Juan")


def test_what_cannot_be_done_says_so(town: Town) -> None:
    """Flow 9: An unknown reference and a slip between two commands: nothing is done."""
    assert town.asks("Juan", "DEVOLVER 4812057735").startswith("NO se pago")
    asked = town.asks("Juan", "COBO 7123-4567 12.50")
    assert asked.startswith(
        "La primera palabra no es clara. Quiso decir COBRAR o ROBO?"
    )
    assert town.told("member", "show", town.people["Juan"].phone)["state"] == "active"

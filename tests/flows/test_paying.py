"""Flows 5-8, 10 and 11: what a member does every day, and what goes wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.flows.reading import digits, read
from tests.flows.town import CANARY

if TYPE_CHECKING:
    from tests.flows.town import Town


def test_one_text_pays_and_both_hold_a_receipt(town: Town) -> None:
    """PAGAR with a code and a PIN pays at once; both are told balance and reference.

    Flow 5.
    """
    rosa = town.people["Rosa"]
    town.says("Juan", f"PAGAR {rosa.code} 25.50 {CANARY}")
    payer = read(
        f"PAGO OK 25.50 PT a Rosa ({rosa.code}). Ref {{ref}}. "
        "Saldo -25.50 Disp 74.50. {time}. VER {ref2}",
        town.hears("Juan"),
    )
    payee = read(
        "Red: RECIBIO 25.50 PT de Juan (7234-5678). Ref {ref}. Saldo 25.50. "
        "{time}. Verifique: VER {ref2}",
        town.hears("Rosa"),
    )
    assert digits(payer["ref"]) == digits(payee["ref"]) == digits(payee["ref2"])
    assert town.balance("Juan") == "-25.50"
    assert town.balance("Rosa") == "25.50"


def test_two_steps_show_the_name_before_anything_is_paid(town: Town) -> None:
    """Without a PIN the gateway asks, naming the payee; the bare PIN then pays.

    Flow 6.
    """
    rosa = town.people["Rosa"]
    asked = read(
        f"Pagar 25.00 PT a Rosa ({rosa.code})? Responda {{tk}} y su PIN. "
        "Vence en 60 min. Para no pagar: NO {tk}",
        town.asks("Juan", "pagar panaderialuz 25"),
    )
    assert town.balance("Rosa") == "0.00"
    read(
        f"PAGO OK 25.00 PT a Rosa ({rosa.code}). Ref {{ref}}. "
        "Saldo -25.00 Disp 75.00. {time}. VER {ref2}",
        town.asks("Juan", CANARY),
    )
    assert town.balance("Rosa") == "25.00"
    town.hears("Rosa")
    # The token is used up: the same answer again pays nothing and says what was paid.
    read(
        "Ya hecho: 25.00 PT a Rosa el {time}. Ref {ref}. No se cobro de nuevo. "
        "Saldo -25.00",
        town.asks("Juan", f"SI {asked['tk']} {CANARY}"),
    )
    assert town.balance("Rosa") == "25.00"


def test_no_closes_the_question(town: Town) -> None:
    """Flow 6: NO with the token pays nothing, and the token is dead afterwards."""
    asked = read(
        "Pagar {any}? Responda {tk} y su PIN. {any2}",
        town.asks("Juan", "PAGAR panaderialuz 25"),
    )
    refused = town.asks("Juan", f"NO {asked['tk']}")
    assert refused.startswith("NO se pago 25.00 PT a Rosa")
    answer = town.asks("Juan", f"{asked['tk']} {CANARY}")
    assert answer.startswith("NO se pago")
    assert town.balance("Rosa") == "0.00"


def test_a_question_expires_after_an_hour(town: Town) -> None:
    """Flow 6: An answer after 60 minutes pays nothing."""
    asked = read(
        "Pagar {any}? Responda {tk} y su PIN. {any2}",
        town.asks("Juan", "PAGAR panaderialuz 25"),
    )
    town.clock.forward(minutes=61)
    answer = town.asks("Juan", f"{asked['tk']} {CANARY}")
    assert answer.startswith("NO se pago")
    assert town.balance("Rosa") == "0.00"


@pytest.mark.parametrize(
    "words",
    [
        "pagar {code} 25 {pin}",
        "Pagár {code} 25.00 {pin}",
        "PAGAR 25 PANADERIALUZ {pin}",
        "PAGAR*{code}*25*{pin}",
        "pagar 7123 4567 25 {pin}",
        "pago +50371234567 $25 {pin}",
        "PAGAR al {code} 25.00 {pin}",
        "P 25.00 A {code} {pin}",
        "ENVIAR {code} 25 PIN {pin} POR pan dulce",
        "1 {code} 25PT {pin}",
    ],
)
def test_words_in_any_order_pay_once(town: Town, words: str) -> None:
    """Flow 7: However a text is typed, one reading pays 25.00 to Rosa."""
    rosa = town.people["Rosa"]
    # Known to Juan, so that her alias needs no second step.
    town.asks("Juan", f"PAGAR {rosa.code} 1.00 {CANARY}")
    answer = town.asks("Juan", words.format(code=rosa.code, pin=CANARY))
    assert answer.startswith(f"PAGO OK 25.00 PT a Rosa ({rosa.code}). Ref ")
    assert town.balance("Rosa") == "26.00"


@pytest.mark.parametrize(
    "words",
    [
        "PAGAR {code} 1.500 {pin}",
        "PAGAR {code} 10.00 20.00 {pin}",
        "PAGAR {code} {pin}",
        "PAGAR panaderialuz 1500",
        "PAGAR {code} 25.505 {pin}",
        "PAGAR {code} 2O {pin}",
        "PAGAR {code} 5² {pin}",
        "PAGAR 25.00 {pin}",
    ],
)
def test_doubt_pays_nothing_and_costs_no_try(town: Town, words: str) -> None:
    """A text with no single reading is refused in its first words, nothing echoed.

    Flow 8.
    """
    rosa = town.people["Rosa"]
    wrong = "111222"
    for _ in range(4):
        answer = town.asks("Juan", words.format(code=rosa.code, pin=wrong))
        assert answer.startswith("NO se pago")
        assert wrong not in answer
        assert "1500." in answer or "1500" not in answer
    assert town.balance("Rosa") == "0.00"
    # Not one of the four counted as a wrong PIN.
    answer = town.asks("Juan", f"PAGAR {rosa.code} 1.00 {CANARY}")
    assert answer.startswith("PAGO OK")


def test_swapped_digits_of_a_code_are_a_slip_and_not_a_stranger(town: Town) -> None:
    """Flow 10: A code with two neighbours swapped is called mistyped."""
    code = town.people["Rosa"].code
    at = next(n for n in range(4) if code[n] != code[n + 1])
    swapped = code[:at] + code[at + 1] + code[at] + code[at + 2 :]
    answer = town.asks("Juan", f"PAGAR {swapped} 25.00 {CANARY}")
    assert answer.startswith("NO se pago: codigo mal escrito")


def test_the_limit_is_exact_to_the_cent(town: Town) -> None:
    """Beyond balance and limit nothing is paid; exactly at it, everything is.

    Flow 11.
    """
    rosa = town.people["Rosa"]
    town.limit("Juan", "60")
    read(
        f"NO se pago 60.01 PT a Rosa ({rosa.code}). Disponible: 60.00 PT. {{any}}",
        town.asks("Juan", f"PAGAR {rosa.code} 60.01 {CANARY}"),
    )
    assert town.asks("Juan", f"PAGAR {rosa.code} 60.00 {CANARY}").startswith("PAGO OK")
    read(
        f"NO se pago 0.01 PT a Rosa ({rosa.code}). Disponible: 0.00 PT. {{any}}",
        town.asks("Juan", f"PAGAR {rosa.code} 0.01 {CANARY}"),
    )
    assert town.balance("Juan") == "-60.00"

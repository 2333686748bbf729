"""Who is not answered, and who always is: noise, loops, strangers (flow 1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.flows.town import CANARY

if TYPE_CHECKING:
    from tests.flows.town import Town

STRANGER = "+50376543210"


def test_six_answers_to_noise_in_ten_minutes(town: Town) -> None:
    """The seventh text that nobody understands meets silence; ten minutes later not.

    Flow 1.
    """
    for number in "ABCDEF":
        told = town.asks("Juan", f"hola {number}")
        assert told.startswith("No conozco HOLA.")
    town.says("Juan", "hola G")
    assert town.nothing_for("Juan")
    town.clock.forward(minutes=10)
    assert town.asks("Juan", "hola H").startswith("No conozco HOLA.")


def test_money_is_always_answered(town: Town) -> None:
    """However much noise there was, balances, receipts and refusals of money come.

    Flow 1.
    """
    code = town.people["Rosa"].code
    for number in "ABCDEFGH":
        town.says("Juan", f"hola {number}")
    assert town.nothing_for("Juan") is False
    for _ in range(6):
        town.hears("Juan")
    assert town.nothing_for("Juan")
    assert town.asks("Juan", f"SALDO {CANARY}").startswith("Saldo 0.00")
    assert town.asks("Juan", "PAGAR rosa").startswith("NO se pago:")
    paid = town.asks("Juan", f"PAGAR {code} 1.00 {CANARY}")
    assert paid.startswith("PAGO OK 1.00 PT a Rosa")
    assert town.hears("Rosa").startswith("Red: RECIBIO 1.00 PT de Juan")


def test_our_own_words_come_back(town: Town) -> None:
    """A text that repeats one of our answers comes from a machine that answers us.

    Flow 1.
    """
    for text in ("hola", "PAGAR rosa", f"SALDO {CANARY}"):
        told = town.asks("Juan", text)
        town.says("Juan", told)
        assert town.nothing_for("Juan"), told


def test_our_own_words_are_never_carried_out(town: Town) -> None:
    """Flow 1: Not even where they read like a command, in either language."""
    told = ""
    for text in ("LANG EN", "LANG FR", "IDIOMA ES", "AYUDA IDIOMA", "LANG FR"):
        told = town.asks("Juan", text)
        town.says("Juan", told)
        assert town.nothing_for("Juan"), told
    # Ten minutes later they are words like any others.
    town.clock.forward(minutes=11)
    assert town.asks("Juan", told).startswith("Idioma NO cambiado")


def test_what_others_made_us_say_comes_back(town: Town) -> None:
    """A phone that sends our receipts and notices back is not answered either.

    Flow 1.
    """
    code = town.people["Rosa"].code
    town.asks("Juan", f"PAGAR {code} 5.00 {CANARY}")
    receipt = town.hears("Rosa")
    town.asks("Juan", f"COBRAR {code} 1.00")
    request = town.hears("Rosa")
    town.asks("Juan", f"GUARDIAN {code} {CANARY}")
    notice = town.hears("Rosa")
    for told in (receipt, request, notice):
        town.says("Rosa", told)
        assert town.nothing_for("Rosa"), told
    # From another phone they are words like any others.
    assert town.asks("Luis", notice).startswith("No conozco JUAN.")


def test_a_stranger_is_told_once_a_day(town: Town) -> None:
    """A number that is no member's is told so once a day, and of one false receipt.

    Flow 1.
    """
    told = town.asks(STRANGER, "hola")
    assert told.startswith("Este numero no esta registrado en Red.")
    for text in ("hola", "AYUDA", "MENU", told):
        town.says(STRANGER, text)
    assert town.nothing_for(STRANGER)
    # Whoever holds a receipt may check it; a false one is told of once more.
    assert "4812057735" not in town.asks(STRANGER, "VER 4812057735")
    town.says(STRANGER, "VER 4812057735")
    assert town.nothing_for(STRANGER)
    town.clock.forward(minutes=24 * 60)
    assert town.asks(STRANGER, "hola") == told

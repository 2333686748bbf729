"""Flows 23-25: wrong PINs, PINs alone, and new PINs; never one of them on a disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.flows.reading import read
from tests.flows.town import CANARY

if TYPE_CHECKING:
    from tests.flows.town import Town


def test_three_wrong_pins_lock_for_half_an_hour(town: Town) -> None:
    """After the third wrong PIN the right one does not pay, until 30 minutes passed.

    Flow 23.
    """
    code = town.people["Rosa"].code
    first = town.asks("Juan", f"PAGAR {code} 5.00 111222")
    assert first.startswith("NO se pago: PIN incorrecto. Le quedan 2 intentos.")
    town.asks("Juan", f"PAGAR {code} 5.00 111223")
    town.asks("Juan", f"PAGAR {code} 5.00 111224")
    locked = town.asks("Juan", f"PAGAR {code} 5.00 {CANARY}")
    assert locked.startswith("NO se pago")
    town.stop()
    town.start()
    town.clock.forward(minutes=25)
    assert town.asks("Juan", f"PAGAR {code} 5.00 {CANARY}").startswith("NO se pago")
    town.clock.forward(minutes=10)
    assert town.asks("Juan", f"PAGAR {code} 5.00 {CANARY}").startswith("PAGO OK")
    assert town.balance("Rosa") == "5.00"


def test_twenty_wrong_pins_at_once_are_three_tries(town: Town) -> None:
    """Flow 23: Guessing in parallel does not buy guesses."""
    code = town.people["Rosa"].code
    for guess in range(20):
        town.says("Juan", f"PAGAR {code} 5.00 {111000 + guess}")
    answers = [town.hears("Juan") for _ in range(20)]
    assert sum("incorrecto. Le queda" in answer for answer in answers) == 2
    assert all(answer.startswith("NO se pago") for answer in answers)
    assert town.told("member", "show", town.people["Juan"].phone)["locked_until"]


def test_a_bare_pin_without_a_question_pays_nothing(town: Town) -> None:
    """Flow 24: A PIN alone is kept only as asterisks and is no failed try."""
    answer = town.asks("Juan", "111222")
    assert "111222" not in answer
    kept = town.told("inbox", "list")
    assert "111222" not in str(kept)
    assert "****" in str(kept)
    code = town.people["Rosa"].code
    assert town.asks("Juan", f"PAGAR {code} 5.00 {CANARY}").startswith("PAGO OK")


def test_a_bare_pin_with_two_questions_asks_which(town: Town) -> None:
    """Flow 24: With two open questions the token is needed."""
    tokens = [
        read(
            "Pagar {any}? Responda {tk} y su PIN. {any2}",
            town.asks("Juan", words),
        )["tk"]
        for words in ("PAGAR panaderialuz 5", "PAGAR panaderialuz 6")
    ]
    answer = town.asks("Juan", CANARY)
    assert answer.startswith("NO se pago")
    assert all(token in answer for token in tokens)
    assert town.balance("Rosa") == "0.00"
    assert town.asks("Juan", f"{tokens[0]} {CANARY}").startswith("PAGO OK 5.00")


def test_a_pin_as_the_first_word_is_redacted(town: Town) -> None:
    """Flow 24: A PIN before the command never stands in the inbox."""
    code = town.people["Rosa"].code
    town.asks("Juan", f"{CANARY} PAGAR {code} 5.00")
    assert CANARY not in str(town.told("inbox", "list"))


def test_a_new_pin_needs_the_old_one(town: Town) -> None:
    """Flow 25: A wrong old PIN changes nothing; the right one changes it at once."""
    code, new = town.people["Rosa"].code, "850263"
    town.pins.add(new)
    town.asks("Juan", f"PIN 111222 {new} {new}")
    assert town.asks("Juan", f"PAGAR {code} 5.00 {CANARY}").startswith("PAGO OK")
    changed = town.asks("Juan", f"PIN {CANARY} {new} {new}")
    assert new not in changed
    assert town.asks("Juan", f"PAGAR {code} 6.00 {CANARY}").startswith("NO se pago")
    assert town.asks("Juan", f"PAGAR {code} 6.00 {new}").startswith("PAGO OK")


def test_robo_freezes_at_once(town: Town) -> None:
    """ROBO from the member's own phone stops every payment until staff lift it.

    Flow 26.
    """
    code, juan = town.people["Rosa"].code, town.people["Juan"]
    town.asks("Juan", "ROBO")
    assert town.told("member", "show", juan.phone)["state"] == "frozen"
    assert town.asks("Juan", f"PAGAR {code} 5.00 {CANARY}").startswith("NO se pago")
    town.shell("member", "unfreeze", juan.phone)
    assert town.asks("Juan", f"PAGAR {code} 5.00 {CANARY}").startswith("PAGO OK")


def test_balance_history_and_verify(town: Town) -> None:
    """SALDO and MOVS need the PIN; VER tells genuine, mistyped and invented apart.

    Flow 32.
    """
    rosa = town.people["Rosa"]
    town.asks("Juan", f"PAGAR {rosa.code} 25.50 {CANARY}")
    got = read(
        "Red: RECIBIO 25.50 PT de Juan ({any}). Ref {ref}. {any2}", town.hears("Rosa")
    )
    assert "25.50" not in town.asks("Juan", "SALDO")
    read(
        "Saldo -25.50 PT. Disponible 74.50. Limite credito 100.00. "
        "Ultimo: -25.50 Rosa {time}. Mas: MOVS",
        town.asks("Juan", f"SALDO {CANARY}"),
    )
    assert "Juan" in town.asks("Rosa", f"MOVS {CANARY}")
    real = town.asks("Rosa", f"VER {got['ref']}")
    assert real.startswith("REAL. 25.50 PT de Juan a Rosa")
    ref = got["ref"].replace("-", "")
    wrong = ref[:-1] + str((int(ref[-1]) + 1) % 10)
    assert town.asks("Rosa", f"VER {wrong}").startswith("FALSO o mal escrito")

"""Flows 18-20: the same text again, the same wish again, and a text that came late."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tests.flows.reading import read
from tests.flows.town import CANARY

if TYPE_CHECKING:
    from tests.flows.town import Town


def test_the_same_text_delivered_three_times_pays_once(town: Town) -> None:
    """Flow 18: A redelivered text does nothing and is not answered again."""
    rosa = town.people["Rosa"]
    sent_at = town.clock.now()
    words = f"PAGAR {rosa.code} 25.50 {CANARY}"
    town.says("Juan", words, sent_at)
    assert town.hears("Juan").startswith("PAGO OK")
    assert town.hears("Rosa").startswith("Red: RECIBIO")
    for _ in range(3):
        town.says("Juan", words, sent_at)
    assert town.nothing_for("Juan")
    assert town.nothing_for("Rosa")
    assert town.balance("Rosa") == "25.50"


def test_a_redelivered_refusal_keeps_its_first_answer(town: Town) -> None:
    """Flow 18: What was declined stays declined, even if credit has come since."""
    rosa = town.people["Rosa"]
    sent_at = town.clock.now()
    words = f"PAGAR {rosa.code} 99.00 {CANARY}"
    town.limit("Juan", "50")
    town.says("Juan", words, sent_at)
    assert town.hears("Juan").startswith("NO se pago 99.00 PT a Rosa")
    town.limit("Juan", "100")
    town.says("Juan", words, sent_at)
    assert town.nothing_for("Juan")
    assert town.balance("Rosa") == "0.00"


def test_a_repeat_in_doubt_is_asked_and_never_guessed(town: Town) -> None:
    """Flow 19: Two minutes later the same payment is asked about; SI pays it again."""
    rosa = town.people["Rosa"]
    words = f"PAGAR {rosa.code} 20.00 {CANARY}"
    assert town.asks("Juan", words).startswith("PAGO OK")
    town.clock.forward(minutes=2)
    asked = read(
        "POSIBLE DOBLE: el {time} ya pago 20.00 PT a Rosa (Ref {ref}). No se repitio. "
        "Para pagar OTRA vez: SI {tk} y su PIN",
        town.asks("Juan", words),
    )
    assert town.balance("Rosa") == "20.00"
    answer = town.asks("Juan", f"SI {asked['tk']} {CANARY}")
    assert answer.startswith(f"PAGO OK 20.00 PT a Rosa ({rosa.code})")
    assert town.balance("Rosa") == "40.00"


def test_after_eleven_minutes_the_same_payment_is_a_new_one(town: Town) -> None:
    """The same amount to the same member is ordinary once the window is over.

    Flow 19.
    """
    words = f"PAGAR {town.people['Rosa'].code} 20.00 {CANARY}"
    assert town.asks("Juan", words).startswith("PAGO OK")
    town.clock.forward(minutes=11)
    assert town.asks("Juan", words).startswith("PAGO OK")
    assert town.balance("Rosa") == "40.00"


def test_a_text_six_hours_late_pays_only_when_asked_again(town: Town) -> None:
    """Flow 20: A late text moves no money; SI with the PIN pays at today's rules."""
    sent_at = town.clock.now() - timedelta(hours=6)
    town.says("Juan", f"PAGAR {town.people['Rosa'].code} 25.50 {CANARY}", sent_at)
    asked = read(
        "Su mensaje del {time} llego tarde y NO se pago 25.50 PT a Rosa. "
        "Para pagar ahora: SI {tk} y su PIN",
        town.hears("Juan"),
    )
    assert town.balance("Rosa") == "0.00"
    assert town.asks("Juan", f"SI {asked['tk']} {CANARY}").startswith("PAGO OK 25.50")
    assert town.balance("Rosa") == "25.50"


def test_a_restart_keeps_an_open_question(town: Town) -> None:
    """Flow 6: A question asked before a restart is answered after it."""
    asked = read(
        "Pagar {any}? Responda {tk} y su PIN. {any2}",
        town.asks("Juan", "PAGAR panaderialuz 25"),
    )
    town.stop()
    town.start()
    assert town.asks("Juan", f"{asked['tk']} {CANARY}").startswith("PAGO OK 25.00")

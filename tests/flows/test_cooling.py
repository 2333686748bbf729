"""Flow 16: a first payment waits a minute, in which NO takes it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.flows.reading import read
from tests.flows.town import CANARY, Town

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def careful(tmp_path: Path) -> Iterator[Town]:
    """Return a town where a first payment above 10.00 by phone waits 60 seconds."""
    limits: dict[str, object] = {"cool_off": 60, "cool_off_above": "10.00"}
    town = Town(folder=tmp_path / "house", settings={"limits": limits})
    try:
        town.start()
        town.joins("Rosa", "71234567", "--kind", "business", "--alias", "PANADERIALUZ")
        town.joins("Juan", "72345678", "--limit", "100")
        yield town
    finally:
        town.close()


def _waits(town: Town) -> str:
    """Have Juan pay Rosa by phone for the first time; the token that stops it."""
    rosa = town.people["Rosa"]
    return read(
        f"En 60 segundos se paga 25.00 PT a Rosa ({rosa.code}). "
        "Es su primer pago a esa cuenta. Para no pagar: NO {tk}",
        town.asks("Juan", f"PAGAR 7123-4567 25.00 {CANARY} POR pan"),
    )["tk"]


def test_a_first_payment_waits_and_is_made(careful: Town) -> None:
    """The units are held, the payee hears nothing, and after a minute it is paid.

    Flow 16.
    """
    _waits(careful)
    assert careful.nothing_for("Rosa")
    assert careful.balance("Juan") == "0.00"
    shown = careful.told("member", "show", careful.people["Juan"].phone)
    assert shown["available"] == "75.00"
    careful.clock.forward(seconds=61)
    assert careful.hears("Juan").startswith("PAGO OK 25.00 PT a Rosa")
    assert careful.hears("Rosa").startswith("Red: RECIBIO 25.00 PT de Juan")
    assert careful.balance("Rosa") == "25.00"
    # They know each other now.
    paid = careful.asks("Juan", f"PAGAR 7123-4567 30.00 {CANARY}")
    assert paid.startswith("PAGO OK 30.00")


@pytest.mark.parametrize("word", ["NO", "NO {}", "ANULAR {}", "CANCELAR"])
def test_no_within_the_minute_frees_the_units(careful: Town, word: str) -> None:
    """Nothing is paid, then or later, and the units can be spent again at once.

    Flow 16.
    """
    token = _waits(careful)
    stopped = careful.asks("Juan", word.format(token))
    assert stopped.startswith("NO se pago 25.00 PT a Rosa")
    careful.clock.forward(seconds=120)
    shown = careful.told("member", "show", careful.people["Juan"].phone)
    assert (shown["balance"], shown["available"]) == ("0.00", "100.00")
    assert careful.nothing_for("Rosa")
    assert careful.nothing_for("Juan")


def test_the_same_text_again_waits_once(careful: Town) -> None:
    """Flow 16: No storm of texts and no second hold; SI and the PIN hurry nothing."""
    token = _waits(careful)
    again = careful.asks("Juan", f"PAGAR 7123-4567 25.00 {CANARY}")
    assert again.endswith(f"NO {token}")
    assert careful.asks("Juan", f"SI {token} {CANARY}").endswith(f"NO {token}")
    assert careful.asks("Juan", CANARY).endswith(f"NO {token}")
    shown = careful.told("member", "show", careful.people["Juan"].phone)
    assert shown["available"] == "75.00"
    careful.clock.forward(seconds=61)
    assert careful.hears("Juan").startswith("PAGO OK 25.00")
    assert careful.asks("Juan", f"NO {token}").startswith("Ya hecho: 25.00 PT a Rosa")
    assert careful.balance("Rosa") == "25.00"


def test_it_is_paid_once_even_if_the_house_was_down(careful: Town) -> None:
    """Flow 16: A wait that ended while nothing ran is made up for at the next start."""
    _waits(careful)
    careful.stop()
    careful.clock.forward(minutes=10)
    careful.start()
    assert careful.hears("Juan").startswith("PAGO OK 25.00 PT a Rosa")
    assert careful.hears("Rosa").startswith("Red: RECIBIO 25.00 PT de Juan")
    careful.stop()
    careful.start()
    assert careful.nothing_for("Juan")
    assert careful.balance("Rosa") == "25.00"


def test_robo_stops_a_payment_that_waits(careful: Town) -> None:
    """Flow 16: A phone that was stolen a moment ago pays nothing."""
    _waits(careful)
    assert careful.asks("Juan", "ROBO").startswith("BLOQUEADA")
    careful.clock.forward(seconds=120)
    assert careful.nothing_for("Rosa")
    assert careful.balance("Juan") == "0.00"


def test_a_payer_who_was_frozen_meanwhile_pays_nothing(careful: Town) -> None:
    """Flow 16: Staff who freeze an account stop what waits; the payer is told."""
    _waits(careful)
    phone = careful.people["Juan"].phone
    assert careful.shell("member", "freeze", phone)[0] == 0
    careful.clock.forward(seconds=61)
    assert careful.hears("Juan").startswith("NO se pago: su cuenta esta bloqueada.")
    assert careful.balance("Rosa") == "0.00"


@pytest.mark.parametrize(
    "words", ["PAGAR {code} 25.00 {pin}", "PAGAR 71234567 10 {pin}"]
)
def test_a_code_or_a_small_amount_does_not_wait(careful: Town, words: str) -> None:
    """Flow 16: A code has a check digit; little money is worth no second text."""
    text = words.format(code=careful.people["Rosa"].code, pin=CANARY)
    assert careful.asks("Juan", text).startswith("PAGO OK")


def test_a_wait_counts_in_the_day_s_limit(careful: Town) -> None:
    """Flow 16: What waits to be paid cannot be promised a second time."""
    careful.limit("Juan", "2000")
    careful.joins("Luis", "73456789")
    code = careful.people["Luis"].code
    _waits(careful)
    for amount in ("99.00", "98.00", "97.00", "96.00", "95.00", "94.00", "93.00"):
        careful.asks("Juan", f"PAGAR {code} {amount} {CANARY}")
    for amount in ("92.00", "91.00", "90.00"):
        careful.asks("Juan", f"PAGAR {code} {amount} {CANARY}")
    over = careful.asks("Juan", f"PAGAR {code} 40.00 {CANARY}")
    assert over.startswith("NO se pago. Limite por pago 500.00 PT, por dia 1,000.00")
    assert "(usado 970.00)" in over


def test_a_till_that_is_paid_after_the_minute_is_told(careful: Town) -> None:
    """Flow 16: Which till was meant is kept for as long as the payment waits."""
    ana = "+50361230000"
    careful.asks("Rosa", f"CAJERO ALTA 6123-0000 Ana {CANARY}")
    careful.hears(ana)
    waits = careful.asks("Juan", f"PAGAR 6123-0000 25.00 {CANARY}")
    assert waits.startswith("En 60 segundos se paga 25.00 PT a Rosa")
    assert careful.nothing_for(ana)
    careful.clock.forward(seconds=61)
    assert careful.hears("Juan").startswith("PAGO OK 25.00 PT a Rosa")
    assert careful.hears("Rosa").startswith("Red: RECIBIO 25.00 PT de Juan")
    assert "Caja Ana." in careful.hears(ana)


@pytest.mark.parametrize("guardian", [False, True])
def test_robo_from_another_phone_stops_what_waits(
    careful: Town, guardian: bool
) -> None:
    """Whoever says it, a payment that waits is not made, and its units are free.

    Flow 16.
    """
    code = careful.people["Juan"].code
    if guardian:
        rosa = careful.people["Rosa"].code
        assert careful.asks("Juan", f"GUARDIAN {rosa} {CANARY}").startswith("Listo")
        careful.hears("Rosa")
    _waits(careful)
    assert careful.asks("Rosa" if guardian else "+50376543210", f"ROBO {code}")
    careful.hears("Juan")
    careful.clock.forward(seconds=61)
    shown = careful.told("member", "show", careful.people["Juan"].phone)
    while shown["available"] != "100.00":
        shown = careful.told("member", "show", careful.people["Juan"].phone)
    assert careful.balance("Rosa") == "0.00"

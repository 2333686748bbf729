"""Flows 5, 12 to 14 and 31: what may be paid, to whom, and over which link."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from commands.damm import damm_ok
from tests.flows.reading import digits, read
from tests.flows.town import CANARY, Town

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HERE = ZoneInfo("America/El_Salvador")


@pytest.fixture
def strict(tmp_path: Path) -> Iterator[Town]:
    """A town where little is paid in a day: 60.00, in three payments."""
    limits = {"one_step": "20.00", "two_step": "50.00", "day": "60.00", "day_count": 3}
    town = Town(folder=tmp_path / "house", settings={"limits": limits})
    try:
        town.start()
        town.joins("Rosa", "71234567", "--kind", "business")
        town.joins("Juan", "72345678", "--limit", "100")
        noon = town.clock.now().astimezone(HERE).replace(hour=12, minute=0)
        town.clock.forward(seconds=((noon - town.clock.now()) % _DAY).total_seconds())
        yield town
    finally:
        town.close()


@pytest.fixture
def weekly(tmp_path: Path) -> Iterator[Town]:
    """A town where 70.00 are paid in a week, on a Wednesday at noon."""
    town = Town(folder=tmp_path / "house", settings={"limits": {"week": "70.00"}})
    try:
        town.start()
        town.joins("Rosa", "71234567", "--kind", "business")
        town.joins("Juan", "72345678", "--limit", "200")
        wednesday = 2
        while town.clock.now().astimezone(HERE).weekday() != wednesday:
            town.clock.forward(seconds=_to_midnight(town) + 10)
        town.clock.forward(seconds=12 * 3600)
        yield town
    finally:
        town.close()


_DAY = timedelta(days=1)


def _to_midnight(town: Town) -> float:
    """Return the seconds that are left of the local day."""
    now = town.clock.now().astimezone(HERE)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0) + _DAY
    return (midnight - now).total_seconds()


def test_a_reference_has_a_check_digit(town: Town) -> None:
    """Flow 5: ten digits of which one slip shows."""
    paid = town.asks("Juan", f"PAGAR {town.people['Rosa'].code} 1.00 {CANARY}")
    ref = digits(read("{any}. Ref {ref}. {any2}", paid)["ref"])
    assert damm_ok(ref)
    assert f"VER {ref}" in paid


def test_a_payment_and_a_day_have_their_limits(strict: Town) -> None:
    """Flow 13: one step, two steps, the day's sum; the day ends at local midnight."""
    code = strict.people["Rosa"].code
    over = strict.asks("Juan", f"PAGAR {code} 50.01 {CANARY}")
    assert over == (
        "NO se pago. Limite por pago 50.00 PT, por dia 60.00 (usado 0.00)."
        " Pague un monto menor. Ayuda: 2222-0000"
    )
    asked = strict.asks("Juan", f"PAGAR {code} 50.00 {CANARY}")
    assert asked.startswith("Pagar 50.00 PT a Rosa")
    assert strict.asks("Juan", CANARY).startswith("PAGO OK 50.00")
    over = strict.asks("Juan", f"PAGAR {code} 10.01 {CANARY}")
    assert "por dia 60.00 (usado 50.00)" in over
    assert strict.asks("Juan", f"PAGAR {code} 10.00 {CANARY}").startswith("PAGO OK")
    strict.clock.forward(seconds=_to_midnight(strict) - 10)
    assert strict.asks("Juan", f"PAGAR {code} 0.01 {CANARY}").startswith("NO se pago")
    strict.clock.forward(seconds=20)
    assert strict.asks("Juan", f"PAGAR {code} 0.01 {CANARY}").startswith("PAGO OK")


def test_a_day_has_so_many_payments(strict: Town) -> None:
    """Flow 13: the fourth of a day is refused, and the next day's first is not."""
    code = strict.people["Rosa"].code
    strict.asks("Juan", "LANG EN")
    for amount in ("1.00", "2.00", "3.00"):
        paid = strict.asks("Juan", f"PAY {code} {amount} {CANARY}")
        assert paid.startswith(f"PAID {amount} PT")
    fourth = strict.asks("Juan", f"PAY {code} 4.00 {CANARY}")
    assert fourth.startswith("NOT paid: ")
    assert " 3 " in fourth
    strict.clock.forward(seconds=_to_midnight(strict) + 10)
    paid = strict.asks("Juan", f"PAY {code} 4.00 {CANARY}")
    assert paid.startswith("PAID 4.00 PT")


@pytest.mark.parametrize(
    ("language", "refused"),
    [
        (
            "ES",
            "NO se pago. Limite por semana 70.00 PT (usado 60.00)."
            " Pague un monto menor o espere al lunes. Ayuda: 2222-0000",
        ),
        (
            "EN",
            "NOT paid. Limit 70.00 PT a week (used 60.00)."
            " Pay a smaller amount or wait until Monday. Help: 2222-0000",
        ),
    ],
)
def test_a_week_has_its_limit(weekly: Town, language: str, refused: str) -> None:
    """Flow 13: what is paid from Monday to Monday, local time, whatever the days."""
    code = weekly.people["Rosa"].code
    weekly.asks("Juan", f"LANG {language}")
    weekly.asks("Juan", f"PAGAR {code} 60.00 {CANARY}")
    weekly.clock.forward(seconds=_to_midnight(weekly) + 10)
    assert weekly.asks("Juan", f"PAGAR {code} 10.01 {CANARY}") == refused
    paid = weekly.asks("Juan", f"PAGAR {code} 10.00 {CANARY}")
    assert paid.startswith(("PAGO OK 10.00", "PAID 10.00"))
    while weekly.clock.now().astimezone(HERE).weekday() != 0:
        weekly.clock.forward(seconds=_to_midnight(weekly) + 10)
    paid = weekly.asks("Juan", f"PAGAR {code} 60.00 {CANARY}")
    assert paid.startswith(("PAGO OK 60.00", "PAID 60.00"))


def test_a_payee_over_their_ceiling_is_warned(town: Town) -> None:
    """Flow 12: the payer learns no balance; the payee hears why nothing came."""
    ana = town.joins("Ana", "74567890", "--ceiling", "30")
    assert town.asks("Juan", f"PAGAR {ana.code} 30.00 {CANARY}").startswith("PAGO OK")
    town.hears("Ana")
    assert town.asks("Juan", f"PAGAR {ana.code} 0.01 {CANARY}") == (
        f"NO se pago: Ana ({ana.code}) no puede recibir este pago por ahora."
        " Hable con esa persona. Ayuda: 2222-0000"
    )
    juan = town.people["Juan"]
    assert town.hears("Ana") == (
        f"NO se pago: Juan ({juan.code}) quiso pagarle 0.01 PT, pero su cuenta pasaria"
        " de su tope. Gaste un poco antes de cobrar. Ayuda: 2222-0000"
    )
    assert town.balance("Ana") == "30.00"


def test_oneself_and_the_blocked_cannot_be_paid(town: Town) -> None:
    """Flow 14: by code, phone or alias; who is blocked is not told apart from full."""
    juan, rosa = town.people["Juan"], town.people["Rosa"]
    for who in (juan.code, "7234-5678"):
        own = town.asks("Juan", f"PAGAR {who} 5.00 {CANARY}")
        assert own.startswith("NO se pago: esa es su propia cuenta.")
    town.told("member", "freeze", rosa.phone)
    for who in (rosa.code, "panaderialuz"):
        blocked = town.asks("Juan", f"PAGAR {who} 5.00 {CANARY}")
        assert blocked.startswith(f"NO se pago: Rosa ({rosa.code}) no puede recibir")
    town.asks("Juan", "LANG EN")
    own = town.asks("Juan", f"PAY {juan.code} 5.00 {CANARY}")
    assert own.startswith("NOT paid: that is your own account.")
    assert town.nothing_for("Rosa")


def test_guesses_over_a_loose_link_lock_that_link_alone(town: Town) -> None:
    """Flow 31: forged wrong PINs keep nobody from paying over the modem."""
    code, trusted = town.people["Rosa"].code, town.config_path.read_text()
    town.stop()
    town.config_path.write_text(trusted + "trusted = false\n")
    town.start()
    asked = town.asks("Juan", f"PAGAR {code} 5.00 {CANARY}")
    # The right PIN in the text pays nothing: the owner's phone is asked.
    token = read("Pagar 5.00 {any}? Responda {tk} y su PIN. {any2}", asked)["tk"]
    assert town.balance("Rosa") == "0.00"
    assert town.asks("Juan", CANARY).startswith("NO se pago todavia.")
    for guess in ("111222", "111223", "111224"):
        town.asks("Juan", f"{token} {guess}")
    locked = town.asks("Juan", f"{token} {CANARY}")
    assert locked.startswith("NO se pago")
    town.stop()
    town.config_path.write_text(trusted)
    town.start()
    assert town.asks("Juan", f"{token} {CANARY}").startswith("PAGO OK 5.00 PT")

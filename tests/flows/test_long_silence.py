"""Flow 30: a phone that was silent for months pays little and nothing at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.flows.reading import read
from tests.flows.test_lost_phone import guards
from tests.flows.town import CANARY, Town

if TYPE_CHECKING:
    from pathlib import Path

DAY = 24 * 60
WOKEN = "escribio tras 100 dias de silencio: el numero sigue siendo suyo?"


def test_after_100_days_a_payment_is_held(town: Town) -> None:
    """Flow 30: asked about, little for three days; guardian and staff hear of it."""
    guards(town)
    juan, rosa = town.people["Juan"], town.people["Rosa"]
    town.clock.forward(minutes=100 * DAY)
    read(
        "NO se pago. Por seguridad puede pagar 20.00 PT por dia hasta el {time}"
        " (hoy lleva 0.00). Pague un monto menor. Ayuda: 2222-0000",
        town.asks("Juan", f"PAGAR {rosa.code} 25.50 {CANARY}"),
    )
    assert town.hears("Luis") == (
        f"El telefono de Juan ({juan.code}) volvio a escribir tras 100 dias."
        f" Hable con esa persona. Si no es: ROBO {juan.code}. Ayuda: 2222-0000"
    )
    (call,) = town.told("callback", "list")["callback"]
    assert (call["code"], call["topic"], call["words"]) == (juan.code, "silence", WOKEN)
    # The PIN in the text pays nothing: it is asked for again, with name and amount.
    asked = read(
        f"Pagar 15.00 PT a Rosa ({rosa.code})? Responda {{tk}} y su PIN."
        " Vence en 60 min. Para no pagar: NO {tk}",
        town.asks("Juan", f"PAGAR {rosa.code} 15.00 {CANARY}"),
    )
    assert town.balance("Rosa") == "0.00"
    assert town.asks("Juan", f"{asked['tk']} {CANARY}").startswith("PAGO OK 15.00 PT")
    over = town.asks("Juan", f"PAGAR {rosa.code} 6.00 {CANARY}")
    assert "(hoy lleva 15.00)" in over
    # What the house knows of it survives a restart; then three days are over.
    town.stop()
    town.start()
    shown = town.told("member", "show", juan.phone)
    assert shown["low_until"] is not None
    assert town.asks("Juan", f"PAGAR {rosa.code} 6.00 {CANARY}") == over
    town.clock.forward(minutes=3 * DAY)
    assert town.told("member", "show", juan.phone)["low_until"] is None
    paid = town.asks("Juan", f"PAGAR {rosa.code} 25.50 {CANARY}")
    assert paid.startswith("PAGO OK 25.50 PT")
    assert town.nothing_for("Luis")
    assert len(town.told("callback", "list")["callback"]) == 1


def test_a_guardian_stops_who_is_not_the_member(town: Town) -> None:
    """Flow 30: told of the silence that ended, the guardian's ROBO freezes at once."""
    guards(town)
    juan = town.people["Juan"]
    town.asks("Juan", "LANG EN")
    town.asks("Luis", "LANG EN")
    town.clock.forward(minutes=100 * DAY)
    assert town.asks("Juan", "BAL").startswith("Your PIN is missing")
    woken = town.hears("Luis")
    assert woken.startswith(f"The phone of Juan ({juan.code}) wrote again after 100")
    assert town.asks("Luis", f"STOLEN {juan.code}").startswith(
        "BLOCKED: nobody can pay"
    )
    assert town.hears("Juan").startswith("BLOCKED: your guardian Luis sent STOLEN")
    pays = f"PAY {town.people['Rosa'].code} 5.00 {CANARY}"
    assert town.asks("Juan", pays).startswith("NOT paid")


def test_a_phone_in_use_never_sleeps(town: Town) -> None:
    """Flow 30: a text in between, whatever it says, counts; so does English."""
    code = town.people["Rosa"].code
    town.asks("Juan", "LANG EN")
    for _ in range(2):
        town.clock.forward(minutes=60 * DAY)
        town.asks("Juan", "HELP")
    paid = town.asks("Juan", f"PAY {code} 25.50 {CANARY}")
    assert paid.startswith("PAID 25.50 PT to Rosa")
    town.clock.forward(minutes=90 * DAY)
    over = town.asks("Juan", f"PAY {code} 25.50 {CANARY}")
    assert over.startswith("NOT paid. To be safe you can pay 20.00 PT a day until")


def test_a_network_may_do_without(tmp_path: Path) -> None:
    """Flow 30: with `dormant_days = 0` no silence is too long."""
    town = Town(
        folder=tmp_path / "house",
        settings={"security": {"pin_length": 6, "dormant_days": 0}},
    )
    try:
        town.start()
        rosa = town.joins("Rosa", "71234567")
        town.joins("Juan", "72345678", "--limit", "100")
        town.clock.forward(minutes=400 * DAY)
        paid = town.asks("Juan", f"PAGAR {rosa.code} 25.50 {CANARY}")
        assert paid.startswith("PAGO OK 25.50 PT")
    finally:
        town.close()

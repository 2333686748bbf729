"""Flow 64: a budget is used up: campaigns stop, then notices; receipts go on.

In dollars of a SIM whose texts cost 1.00. The operator hears of both steps; what was
stopped goes on when a new day begins, or when it is paid for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.flows.reading import read
from tests.flows.test_campaigns import MONDAY, got, morning, shown, until
from tests.flows.town import CANARY, Person, Town

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OSCAR = "+50376543210"
#: In both languages: the switch, a payment's answer, a receipt, and a notice's word.
WORDS = {
    "ES": ("IDIOMA ES", "PAGO OK {} PT a Rosa", "Red: RECIBIO {} PT de Juan"),
    "EN": ("IDIOMA EN", "PAID {} PT to Rosa", "Red: RECEIVED {} PT from Juan"),
}
READERS = 12


@pytest.fixture(autouse=True)
def brisk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look what is due more often than every five seconds."""
    monkeypatch.setattr("smsgate.gateway.unasked.housekeeping._EVERY_S", 0.3)


@pytest.fixture
def frugal(tmp_path: Path) -> Iterator[Town]:
    """Rosa promotes to a dozen members, over one SIM; it is Monday morning."""
    town = Town(
        folder=tmp_path / "house",
        settings={
            "alerts": {"phones": [OSCAR]},
            "sms": {
                "budget_day": "20.00",
                "currency": "USD",
                "per_minute": 600,
                "per_hour": 6000,
            },
            "staff": {"approve_people": 100},
        },
        links={"gsm": {"cost": "1.00"}},
    )
    try:
        town.start()
        town.joins("Rosa", "71234567", "--kind", "business")
        town.joins("Juan", "72345678", "--limit", "100")
        town.people["Oscar"] = Person(phone=OSCAR)
        for number in range(READERS):
            town.told(
                "member", "add", f"777700{number:02}", f"M{number}", "--promos", "yes"
            )
        # Whatever the first PINs cost was another day's.
        morning(town, MONDAY, 9)
        yield town
    finally:
        town.close()


def queued(town: Town, cls: str) -> int:
    """Return how many texts of a class wait."""
    return int(town.link("gsm")["queued"][cls])


def spent(town: Town) -> float:
    """Return what was spent today."""
    return float(town.told("link", "list")["spent"]["today"])


@pytest.mark.parametrize("language", ["ES", "EN"])
def test_a_budget_stops_campaigns_then_notices_and_never_receipts(
    frugal: Town, language: str
) -> None:
    """With promotions in the queue all the while; none is lost, none sent twice."""
    switch, paid, received = WORDS[language]
    for name in ("Juan", "Rosa"):
        frugal.asks(name, switch)
    for number in range(6):
        rings(frugal, "Juan", f"{number + 1}.00", paid, received)
    # 14.00 of 20.00 are spent; a dozen promotions would cost 12.00.
    until(lambda: spent(frugal) == 14)
    frugal.told("campaign", "new", "pan", "--text", "Pan hoy.", "--where", "everybody")
    frugal.told("campaign", "approve", "pan")
    frugal.told("campaign", "start", "pan")
    first = read(
        "Red ALARMA: hoy se gastaron {any} USD de 20.00 USD en textos."
        " Las promociones paran hasta mañana.",
        frugal.hears("Oscar"),
    )
    assert first["any"] == "16.00"
    sent = got(frugal, "Pan hoy.")
    assert len(sent) == 2
    assert (queued(frugal, "campaign"), shown(frugal)["state"]) == (10, "running")

    # Notices go on until all is spent; receipts are part of what spends it.
    until(lambda: spent(frugal) == 17)
    rings(frugal, "Juan", "7.00", paid, received)
    frugal.asks("Juan", "IDIOMA ES")
    told = frugal.hears("Oscar")
    assert "avisos paran hasta mañana; los recibos siguen" in told
    frugal.asks("Rosa", "OFERTA queso fresco 2.50")
    frugal.asks("Juan", "NECESITO queso fresco")
    until(lambda: queued(frugal, "notice") == 2)
    frugal.asks("Juan", switch)

    # Receipts are never stopped, whatever waits.
    rings(frugal, "Juan", "8.00", paid, received)
    frugal.clock.forward(minutes=60)
    rings(frugal, "Juan", "9.00", paid, received)
    assert got(frugal, "Pan hoy.") == sent
    assert (queued(frugal, "campaign"), queued(frugal, "notice")) == (10, 2)
    keys = [one["key"] for one in frugal.told("link", "list")["alarms"]]
    assert [key.rpartition(":")[0] for key in keys] == [
        "budget.day.80",
        "budget.day.100",
    ]
    until(lambda: spent(frugal) > 20)

    # The next morning all of it goes out, nobody twice.
    morning(frugal, MONDAY + 1, 9)
    until(lambda: len(got(frugal, "Pan hoy.")) == READERS)
    until(lambda: queued(frugal, "notice") == 0)
    until(lambda: shown(frugal)["state"] == "finished")
    assert sorted(got(frugal, "Pan hoy.")) == sorted(set(got(frugal, "Pan hoy.")))


def rings(town: Town, name: str, amount: str, paid: str, received: str) -> None:
    """Have somebody pay Rosa; both hear of it."""
    code = town.people["Rosa"].code
    answer = town.asks(name, f"PAGAR {code} {amount} {CANARY}")
    assert answer.startswith(paid.format(amount))
    assert town.hears("Rosa").startswith(received.format(amount))

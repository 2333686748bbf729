"""Flows 60, 61 and 64: a modem dies and another takes over; a budget is used up.

Two SIMs, two numbers, one house. Whatever happens to one of them, members hear what
became of their payments within seconds, nobody is charged twice, and an operator is
told what is wrong.
"""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from modem.pdu import encode_deliver
from tests.flows.reading import read
from tests.flows.town import CANARY, Person, Town

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OSCAR = "+50376543210"
_PATIENCE_S = 30.0
#: Registration as AT+CREG tells it: searching, and at home.
_SEARCHING, _HOME = 2, 1


def _village(folder: Path, *spares: str, **facts: Any) -> Iterator[Town]:
    """Return a town where Rosa sells and Juan buys."""
    town = Town(folder=folder / "house", spares=spares, **facts)
    noon = town.clock.now().astimezone(ZoneInfo("America/El_Salvador"))
    # At noon, so that no budget begins anew under a test.
    wait = (datetime.combine(noon, datetime.min.time(), noon.tzinfo)) - noon
    town.clock.forward(seconds=(wait + timedelta(hours=36)).total_seconds())
    try:
        town.start()
        for name in town.modems:
            town.link_is(name, "up")
        town.joins("Rosa", "71234567", "--kind", "business", "--alias", "PANADERIALUZ")
        town.joins("Juan", "72345678", "--limit", "100")
        town.people["Oscar"] = Person(phone=OSCAR)
        yield town
    finally:
        town.close()


@pytest.fixture(autouse=True)
def brisk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look what is due more often than every five seconds."""
    monkeypatch.setattr("smsgate.gateway.unasked.housekeeping._EVERY_S", 0.3)


@pytest.fixture
def twins(tmp_path: Path) -> Iterator[Town]:
    """Two SIMs; the second is for when the first does not work."""
    yield from _village(
        tmp_path,
        "spare",
        settings={"alerts": {"phones": [OSCAR]}},
        links={"gsm": {"order": 1}, "spare": {"order": 2, "cost": "0.05"}},
    )


def until(town: Town, what: str, *, done: Any) -> None:
    """Wait until this holds."""
    pause = threading.Event()
    for _ in range(int(_PATIENCE_S / 0.1)):
        if done():
            return
        pause.wait(0.1)
    raise AssertionError(f"{what}: {town.told('outbox', 'list')}")


def owed(town: Town) -> set[str]:
    """Return the states of all texts."""
    return {row["state"] for row in town.told("outbox", "list")["outbox"]}


def receipts(town: Town) -> set[str]:
    """Return the states of the receipts of payments."""
    return {
        row["state"]
        for row in town.told("outbox", "list")["outbox"]
        if row["name"].startswith("paid_")
    }


def pay(town: Town, amount: str, to: str = "gsm") -> None:
    """Have Juan pay Rosa."""
    code = town.people["Rosa"].code
    town.says("Juan", f"PAGAR {code} {amount} {CANARY}", to=to)


def test_the_second_sim_takes_over_and_gives_back(twins: Town) -> None:
    """Who writes to the number that works is answered; both hear; then as before."""
    pay(twins, "1.00")
    assert twins.hears("Juan").startswith("PAGO OK 1.00 PT a Rosa")
    assert twins.hears("Rosa").startswith("Red: RECIBIO 1.00 PT de Juan")

    twins.modem.unplug()
    twins.link_is("gsm", "down")
    pay(twins, "2.00", to="spare")
    assert twins.hears_over("spare", "Juan").startswith("PAGO OK 2.00 PT a Rosa")
    assert twins.hears_over("spare", "Rosa").startswith("Red: RECIBIO 2.00 PT de Juan")

    twins.plug_in("gsm")
    twins.link_is("gsm", "up")
    twins.clock.forward(seconds=11)
    pay(twins, "3.00")
    assert twins.hears("Juan").startswith("PAGO OK 3.00 PT a Rosa")
    assert twins.hears("Rosa").startswith("Red: RECIBIO 3.00 PT de Juan")
    assert twins.balance("Rosa") == "6.00"
    # The second SIM costs, and what it cost is told.
    assert twins.link("spare")["spent"]["today"] == "0.1000"
    assert twins.link("gsm")["spent"]["today"] == "0.0000"


def test_an_answer_leaves_the_way_it_came_when_that_fails(twins: Town) -> None:
    """The text is on the first SIM, which has lost its network since."""
    twins.modem.register(_SEARCHING)
    twins.link_is("gsm", "degraded")
    code = twins.people["Rosa"].code
    (pdu,) = encode_deliver(
        twins.people["Juan"].phone,
        f"PAGAR {code} 5.00 {CANARY}",
        sent_at=twins.clock.now(),
        smsc="+50370000000",
    )
    twins.modem.store_pdu(pdu)
    assert twins.hears_over("spare", "Juan").startswith("PAGO OK 5.00 PT a Rosa")
    assert twins.hears_over("spare", "Rosa").startswith("Red: RECIBIO 5.00 PT de Juan")
    twins.modem.register(_HOME)
    twins.link_is("gsm", "up")
    assert twins.balance("Rosa") == "5.00"


def test_a_modem_pulled_out_while_it_sends_charges_nobody_twice(twins: Town) -> None:
    """What had not begun goes over the other in seconds; what may have, in a minute."""
    twins.modem.set_speed(radio_s=3)
    begun = len(twins.modem.texts)
    pay(twins, "5.00")
    until(twins, "Juan's is on its way", done=lambda: "sending" in receipts(twins))
    twins.modem.unplug()
    twins.link_is("gsm", "down")
    # Rosa's waited for Juan's.
    assert twins.hears_over("spare", "Rosa").startswith("Red: RECIBIO 5.00 PT de Juan")
    if len(twins.modem.texts) == begun:
        twins.clock.forward(seconds=61)
        answer = twins.hears_over("spare", "Juan")
        assert answer.startswith("PAGO OK 5.00 PT a Rosa")
    assert twins.balance("Rosa") == "5.00"
    until(twins, "all is sent", done=lambda: receipts(twins) <= {"sent", "delivered"})


def all_over(town: Town) -> str:
    """Wait for what the operator hears next, over whichever SIM is well by then."""
    spare = town.modems["spare"]

    def told() -> list[str]:
        texts = [*town.modem.texts, *spare.texts]
        return [text.text for text in texts if text.to == OSCAR]

    until(town, "the operator hears", done=lambda: len(told()) > 1)
    return next(text for text in told() if "ALARMA" not in text)


def test_an_operator_hears_of_it_and_that_it_is_over(twins: Town) -> None:
    """After five minutes, by a plain text over the SIM that works."""
    # Pulled out while it sends, it would rest for longer than it is waited for below.
    until(twins, "all is sent", done=lambda: owed(twins) <= {"sent", "delivered"})
    twins.modem.unplug()
    twins.link_is("gsm", "down")
    twins.clock.forward(minutes=6)
    alarm = twins.hears_over("spare", "Oscar")
    assert alarm.startswith("Red ALARMA: el enlace gsm no sirve desde hace ")
    (standing,) = twins.told("link", "list")["alarms"]
    assert standing["key"] == "link.down:gsm"
    twins.plug_in("gsm")
    twins.link_is("gsm", "up")
    assert all_over(twins) == "Red: el enlace gsm sirve otra vez."
    assert twins.told("link", "list")["alarms"] == []


@pytest.fixture
def frugal(tmp_path: Path) -> Iterator[Town]:
    """One SIM whose texts cost 1.00, and 10.00 a day for them."""
    yield from _village(
        tmp_path,
        settings={
            "alerts": {"phones": [OSCAR]},
            "sms": {"budget_day": "10.00", "currency": "USD"},
        },
        links={"gsm": {"cost": "1.00"}},
    )


def test_a_used_up_budget_stops_notices_and_never_receipts(frugal: Town) -> None:
    """The operator hears of both steps; the next day what waited goes out."""
    # Two first PINs cost 2.00 so far.
    assert frugal.asks("Rosa", "IDIOMA EN").startswith("Done")
    frugal.asks("Rosa", "OFFER queso fresco 2.50")
    for _ in range(2):
        assert frugal.asks("Juan", f"SALDO {CANARY}").startswith("Saldo")
    frugal.asks("Juan", f"MOVS {CANARY}")
    frugal.asks("Juan", "IDIOMA ES")
    first = read(
        "Red ALARMA: hoy se gastaron {any} USD de 10.00 USD en textos."
        " Las promociones paran hasta mañana.",
        frugal.hears("Oscar"),
    )
    assert first["any"] == "8.00"
    frugal.asks("Juan", f"MOVS {CANARY}")
    assert "avisos paran hasta mañana; los recibos siguen" in frugal.hears("Oscar")

    frugal.asks("Juan", "NECESITO queso fresco")
    until(
        frugal, "notices wait", done=lambda: frugal.link("gsm")["queued"]["notice"] == 2
    )
    pay(frugal, "2.50")
    assert frugal.hears("Juan").startswith("PAGO OK 2.50 PT a Rosa")
    assert frugal.hears("Rosa").startswith("Red: RECEIVED 2.50 PT from Juan")
    assert frugal.link("gsm")["queued"]["notice"] == 2

    frugal.clock.forward(minutes=13 * 60)
    assert "queso" in frugal.hears("Juan").lower()
    assert "queso" in frugal.hears("Rosa").lower()
    assert float(frugal.told("link", "list")["spent"]["today"]) < 10


@pytest.fixture
def thin(tmp_path: Path) -> Iterator[Town]:
    """Two SIMs; the credit of the first is read, and more is wanted on it."""
    airtime = {
        "airtime_code": "*567#",
        "airtime_pattern": r"saldo es \D*(?P<amount>[0-9.]+)",
        "airtime_floor": "1.00",
    }
    yield from _village(
        tmp_path,
        "spare",
        settings={"alerts": {"phones": [OSCAR]}},
        links={"gsm": {"order": 1, **airtime}, "spare": {"order": 2, "cost": "0.05"}},
    )


def test_a_sim_that_runs_low_keeps_its_place_and_is_told_once(thin: Town) -> None:
    """Nothing moves to the dear SIM before it must, and the operator reads why."""
    thin.modem.top_up(Decimal("0.60"), price=Decimal("0.05"))
    # An answer that could not be read is asked for again after a quarter of an hour.
    thin.clock.forward(minutes=16)
    thin.link_is("gsm", "degraded")
    assert thin.hears("Oscar") == (
        "Red ALARMA: al enlace gsm le queda saldo 0.60."
        " Recargue ese chip: sin saldo no envia. Vea: smsgate link list"
    )
    thin.clock.forward(minutes=7)
    # What is said of a link is looked at every few moments.
    for amount in ("1.00", "2.00"):
        pay(thin, amount)
        assert thin.hears("Juan").startswith(f"PAGO OK {amount} PT a Rosa")
        assert thin.hears("Rosa").startswith(f"Red: RECIBIO {amount} PT de Juan")
    (standing,) = thin.told("link", "list")["alarms"]
    assert standing["key"] == "airtime.low:gsm"
    assert thin.link("spare")["spent"]["today"] == "0.0000"
    assert thin.nothing_for("Oscar")

    thin.modem.top_up(Decimal("0.00"), price=Decimal("0.05"))
    pay(thin, "3.00")
    assert thin.hears_over("spare", "Juan").startswith("PAGO OK 3.00 PT a Rosa")
    assert thin.hears_over("spare", "Rosa").startswith("Red: RECIBIO 3.00 PT de Juan")
    assert thin.balance("Rosa") == "6.00"


def test_a_network_that_is_lost_for_long_is_told_though_texts_were_tried(
    twins: Town,
) -> None:
    """After five minutes, over the other SIM, and that it is back."""
    twins.modem.register(_SEARCHING)
    twins.link_is("gsm", "degraded")
    twins.clock.forward(minutes=4)
    assert twins.told("link", "list")["alarms"] == []
    assert twins.link("gsm")["reason"].startswith("The modem looks for a network")
    twins.clock.forward(minutes=2)
    alarm = twins.hears_over("spare", "Oscar")
    assert alarm.startswith("Red ALARMA: el enlace gsm no sirve desde hace ")
    twins.modem.register(_HOME)
    twins.link_is("gsm", "up")
    assert all_over(twins) == "Red: el enlace gsm sirve otra vez."

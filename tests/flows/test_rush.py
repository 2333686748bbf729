"""Flow 36: a hundred customers in ten minutes, while promotions wait to be sent.

Scaled down a hundred times: the radio takes 0.02 s for a text in place of 2 s. Time is
counted in texts sent, so that a busy machine counts the same: promotions fill every
slot that nobody else needs, and every third text brings the next customer. That is the
load of those ten minutes, 200 receipts in 300 slots.
"""

from __future__ import annotations

import asyncio
import statistics
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from modem.pdu import Deliver, decode, decode_submit
from modem.simulator import What
from smsgate.clock import DAY_MS
from smsgate.messages import outbox
from smsgate.messages.outbox import Class
from smsgate.store import Store
from tests.flows.reading import read
from tests.flows.town import CANARY, Town

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from modem.simulator import Happening
    from smsgate.store import Tx

_CUSTOMERS = 100
_PROMOTIONS = 300
_RADIO_S = 0.02
_PATIENCE_S = 30.0
#: Of 30 s at 2 s a text.
_MEDIAN_SENDS = 15
#: Texts that go out while one customer comes.
_SENDS_EACH = 3


@pytest.fixture
def market(tmp_path: Path) -> Iterator[Town]:
    """Rosa and a hundred customers; nothing but urgency holds a promotion back."""
    paces: dict[str, object] = {"per_minute": 6_000, "per_hour": 100_000}
    town = Town(folder=tmp_path / "house", settings={"sms": paces})
    try:
        town.start()
        town.joins("Rosa", "71234567", "--kind", "business")
        for number in range(_CUSTOMERS):
            town.joins(f"C{number}", f"72000{number:03}", "--limit", "100")
        yield town
    finally:
        town.close()


def with_promotions(town: Town) -> None:
    """Queue promotions while the house is closed."""
    # What is left on the SIM would be taken away by the next start.
    town.modem.wait_empty(_PATIENCE_S)
    town.stop()

    def queue(tx: Tx) -> None:
        for number in range(_PROMOTIONS):
            outbox.owe(
                tx,
                inbox=None,
                cls=Class.campaign,
                name="campaign",
                recipient=f"+50378000{number:03}",
                body="Feria el sabado. Para no recibir: BAJA",
                link="",
                expires_ms=tx.now_ms + DAY_MS,
            )

    async def write() -> None:
        path = town.folder / "ledger.sqlite"
        async with await Store.open(path, town.clock) as store:
            await store.write(queue)

    asyncio.run(write())


class Watched:
    """What the modem's port saw, in order: texts taken away, and texts to be sent."""

    def __init__(self, town: Town) -> None:
        """Watch from now on."""
        self._rosa = town.people["Rosa"].phone
        #: `paid PHONE`, `payer PHONE`, `rosa` and `promotion`.
        self.steps: list[str] = []
        town.modem.on_happening(self._saw)

    def _saw(self, happening: Happening) -> None:
        if happening.what is What.typed:
            to = decode_submit(happening.pdu).to
            other = "promotion" if to.startswith("+50378") else f"payer {to}"
            self.steps.append("rosa" if to == self._rosa else other)
        elif happening.what is What.deleted:
            told = decode(happening.pdu)
            if isinstance(told, Deliver):
                self.steps.append(f"paid {told.sender}")

    def sends(self) -> list[str]:
        """Return the texts sent, in order."""
        return [step for step in self.steps if not step.startswith("paid")]


def told_in_order(town: Town) -> list[int]:
    """Return the customers as Rosa heard of them; each is told, and every sum right."""
    order: list[int] = []
    balance = Decimal(0)
    for _ in range(_CUSTOMERS):
        told = read(
            "Red: RECIBIO {any1} PT de C{any2} (7200-{any3}). Ref {ref}."
            " Saldo {any4}. {time}. Verifique: VER {any5}",
            town.hears("Rosa"),
        )
        balance += Decimal(told["any1"])
        assert told["any4"] == str(balance)
        name = f"C{told['any2']}"
        assert f"PAGO OK {told['any1']} PT a Rosa" in town.hears(name)
        order.append(int(told["any2"]))
    return order


def test_a_hundred_customers_in_ten_minutes(market: Town) -> None:
    """All are paid and told in order, and no promotion is let in before a receipt."""
    with_promotions(market)
    market.modem.set_speed(radio_s=_RADIO_S)
    watched = Watched(market)
    before = len(market.modem.sent)
    market.start()
    code = market.people["Rosa"].code
    phones = [market.people[f"C{number}"].phone for number in range(_CUSTOMERS)]
    came: list[int] = []
    for number in range(_CUSTOMERS):
        market.modem.wait_sent(before + _SENDS_EACH * (number + 1))
        came.append(len(watched.sends()))
        market.says(f"C{number}", f"PAGAR {code} 1.{number:02} {CANARY}")
    # A text is taken away after its answer was handed over, and may be so later.
    market.modem.wait_empty(_PATIENCE_S)
    # Who came in the same moment may change places; their receipts do it with them.
    order = told_in_order(market)
    assert sorted(order) == list(range(_CUSTOMERS))
    steps, sends = list(watched.steps), watched.sends()
    assert [step for step in sends if step.startswith("payer")] == [
        f"payer {phones[number]}" for number in order
    ]
    waits = [
        sends.index(f"payer {phone}") - place
        for phone, place in zip(phones, came, strict=True)
    ]
    assert statistics.median(waits) < _MEDIAN_SENDS
    # Once a payment is made at most the promotion that was under way goes first.
    for phone in phones:
        made = steps.index(f"paid {phone}")
        told = steps.index(f"payer {phone}")
        assert steps[made:told].count("promotion") <= 1
    assert "promotion" in sends

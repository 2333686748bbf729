"""Faults of a modem while something is under way: reading, answering, a full SIM.

Each is brought about in the emulated modem and judged by what phones show, what the
books hold and what staff are told. Faults of the plug and of sending alone stand in
`tests.flows.test_trouble` and `tests.flows.test_modem`, noise in
`tests.flows.test_noise`.
"""

from __future__ import annotations

import itertools
from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from modem import drivers
from modem.simulator import What
from tests.flows.reading import read
from tests.flows.test_modem import later, until
from tests.flows.test_rush import with_promotions
from tests.flows.test_trouble import PluggedTown, link_is, pays
from tests.flows.town import CANARY, Town

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from modem.link import Link
    from modem.simulator import Happening
    from smsgate import config

_PATIENCE_S = 30.0
#: Registration as AT+CREG tells it: searching, and at home.
_SEARCHING, _HOME = 2, 1


def villagers(town: Town) -> Town:
    """Start a town where Rosa sells and Juan buys."""
    town.start()
    town.joins("Rosa", "71234567", "--kind", "business", "--alias", "PANADERIALUZ")
    town.joins("Juan", "72345678", "--limit", "1000")
    return town


@pytest.fixture
def loose(tmp_path: Path) -> Iterator[Town]:
    """Return a town with a loose plug."""
    town = PluggedTown(folder=tmp_path / "house")
    try:
        yield villagers(town)
    finally:
        town.close()


def paid_once(town: Town, amount: str) -> None:
    """Both heard of one payment, once, and of nothing else."""
    assert town.hears("Juan").startswith(f"PAGO OK {amount} PT a Rosa")
    assert town.hears("Rosa").startswith(f"Red: RECIBIO {amount} PT de Juan")
    assert town.nothing_for("Juan")
    assert town.nothing_for("Rosa")


# ---- reading


@pytest.mark.parametrize("command", ["AT+CMGL", "AT+CMGD", "AT+CPMS="])
def test_unplugged_while_it_is_read_a_text_is_carried_out_once(
    loose: Town, command: str
) -> None:
    """Before the listing is whole, or after the payment and before the deletion."""
    loose.modem.wait_empty(_PATIENCE_S)
    loose.modem.faults.unplug(command)
    loose.says("Juan", f"PAGAR {loose.people['Rosa'].code} 4.00 {CANARY}")
    link_is(loose, "down")
    loose.modem.replug()
    link_is(loose, "up")
    later(loose, seconds=10)
    paid_once(loose, "4.00")
    assert loose.balance("Rosa") == "4.00"
    (row,) = [r for r in loose.told("inbox", "list")["inbox"] if "PAGAR" in r["body"]]
    assert row["state"] == "answered"
    pays(loose, "1.00")


class ShortTown(PluggedTown):
    """A town whose driver waits for answers a moment only."""

    def _links(self, loaded: config.Config) -> Sequence[Link]:
        (gsm,) = loaded.links
        options = {"port": self.modem.path, "poll_s": 0.2, "answer_s": 0.5}
        return [drivers.build("gsm", gsm.name, options, clock=self.clock)]


@pytest.mark.parametrize("done", [True, False])
@pytest.mark.parametrize("command", ["AT+CMGL", "AT+CMGD"])
def test_an_ok_that_never_comes_while_reading_does_nothing_twice(
    tmp_path: Path, command: str, done: bool
) -> None:
    """Whether the modem did what it was asked, or did not: it is asked again."""
    town = ShortTown(folder=tmp_path / "house")
    try:
        villagers(town)
        town.modem.wait_empty(_PATIENCE_S)
        town.modem.faults.lose_answer(command, times=2, taken=done)
        town.says("Juan", f"PAGAR {town.people['Rosa'].code} 4.00 {CANARY}")
        paid_once(town, "4.00")
        pays(town, "1.00")
        assert town.balance("Rosa") == "5.00"
    finally:
        town.close()


# ---- the network


def lose_network(town: Town, at: What) -> None:
    """Lose the network as soon as this happens to a message."""
    gone: list[Happening] = []

    def lose(happening: Happening) -> None:
        if happening.what is at and not gone:
            gone.append(happening)
            town.modem.register(_SEARCHING)

    town.modem.on_happening(lose)


@pytest.mark.parametrize("at", [What.listed, What.typed])
def test_a_network_lost_between_payment_and_receipt(loose: Town, at: What) -> None:
    """Receipts wait, and so do the members' next texts; all go once it is back."""
    lose_network(loose, at)
    before = len(loose.modem.texts)
    loose.says("Juan", f"PAGAR {loose.people['Rosa'].code} 4.00 {CANARY}")
    assert "looks for a network" in link_is(loose, "degraded")
    loose.says("Rosa", "SALDO")
    until(lambda: loose.balance("Rosa") == "4.00")
    owed = [
        row
        for row in loose.told("outbox", "list")["outbox"]
        if row["name"].startswith("paid_")
    ]
    assert {row["state"] for row in owed} == {"queued"}
    assert (len(owed), len(loose.modem.texts)) == (2, before)
    _, said = loose.shell("doctor")
    line = next(line for line in said.splitlines() if "link gsm" in line)
    assert line.startswith("warn  link gsm")
    assert line.endswith("looks for a network; see to the antenna if this lasts.")

    loose.modem.register(_HOME)
    link_is(loose, "up")
    later(loose, seconds=10)
    assert loose.hears("Juan").startswith("PAGO OK 4.00 PT a Rosa")
    heard = sorted(loose.hears("Rosa") for _ in range(2))
    assert heard[0].startswith("Falta su PIN")
    assert heard[1].startswith("Red: RECIBIO 4.00 PT de Juan")
    assert loose.nothing_for("Juan")
    assert loose.nothing_for("Rosa")
    pays(loose, "1.00")


# ---- a full SIM


def test_a_sim_that_cannot_be_emptied_is_told_and_pays_nothing_twice(
    tmp_path: Path,
) -> None:
    """What lies there stays done, over a restart too; the rest comes when it can."""
    town = Town(folder=tmp_path / "house", slots=5)
    try:
        villagers(town)
        town.modem.wait_empty(_PATIENCE_S)
        town.modem.faults.fail("AT+CMGD", "+CMS ERROR: 320", times=100_000)
        code = town.people["Rosa"].code
        for number in range(8):
            town.says("Juan", f"PAGAR {code} 1.0{number} {CANARY}")
        for _ in range(5):
            assert town.hears("Juan").startswith("PAGO OK 1.0")
        reason = link_is(town, "degraded")
        assert reason.startswith("Memory ME holds 5 of 5 texts that cannot be")
        assert "empty the SIM in a phone" in reason
        town.stop()
        town.start()
        assert link_is(town, "degraded") == reason
        assert town.balance("Rosa") == "5.10"
        assert len(town.modem.texts) == sum(p.heard for p in town.people.values()) + 5

        town.modem.faults.clear()
        for _ in range(3):
            assert town.hears("Juan").startswith("PAGO OK 1.0")
        link_is(town, "up")
        assert town.nothing_for("Juan")
        assert town.balance("Rosa") == "8.28"
    finally:
        town.close()


# ---- all at once

_CUSTOMERS, _EACH, _PROMOTIONS = 20, 5, 300


def test_a_hundred_texts_while_sending_flat_out(tmp_path: Path) -> None:
    """Each is paid and answered once, and every promotion goes out once.

    The SIM holds forty texts, and the modem tells of many that are not there.
    """
    paces: dict[str, object] = {"per_minute": 6_000, "per_hour": 100_000}
    town = Town(folder=tmp_path / "house", settings={"sms": paces})
    try:
        villagers(town)
        names = [f"C{number}" for number in range(_CUSTOMERS)]
        for number, name in enumerate(names):
            town.joins(name, f"72000{number:03}", "--limit", "100")
        with_promotions(town)
        town.modem.set_speed(radio_s=0.005)
        before = len(town.modem.sent)
        town.start()
        town.modem.wait_sent(before + 20, _PATIENCE_S)
        amounts = [f"{turn}.{n:02d}" for turn in range(1, 6) for n in range(20)]
        for name, amount in zip(itertools.cycle(names), amounts, strict=False):
            town.says(name, f"PAGAR {town.people['Rosa'].code} {amount} {CANARY}")
            town.modem.say('+CMTI: "ME",7', '+CMTI: "SM",1', "^RSSI: 12")
        assert len(promoted(town)) < _PROMOTIONS, "it was not sending any more"

        for place, name in enumerate(names):
            told = [
                read("PAGO OK {any1} PT a Rosa {any2}", town.hears(name))["any1"]
                for _ in range(_EACH)
            ]
            assert told == amounts[place::_CUSTOMERS]
        for _ in amounts:
            assert town.hears("Rosa").startswith("Red: RECIBIO ")
        assert town.balance("Rosa") == str(sum(map(Decimal, amounts)))
        until(lambda: len(promoted(town)) == _PROMOTIONS)
        assert all(map(town.nothing_for, ["Rosa", *names]))
        assert set(promoted(town).values()) == {1}
        rows = town.told("outbox", "list", "--limit", "1000")["outbox"]
        assert {row["state"] for row in rows} <= {"sent", "delivered"}
    finally:
        town.close()


def promoted(town: Town) -> Counter[str]:
    """Count the promotions that phones show, by number."""
    return Counter(t.to for t in town.modem.texts if t.to.startswith("+50378"))

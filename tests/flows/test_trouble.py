"""Flows 59 and 60: a bad cable, a full SIM, long and broken texts, a pulled plug.

Whatever the world does to the modem, what a member was told stays true, and staff are
told in a sentence what is wrong.
"""

from __future__ import annotations

import random  # noqa: TID251 - the same noise each time
import threading
from typing import TYPE_CHECKING

import pytest

from modem.pdu import encode_deliver
from tests.flows.reading import read
from tests.flows.town import CANARY, Town

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_SMSC = "+50370000000"
_PATIENCE_S = 30.0


class PluggedTown(Town):
    """A town whose modem can be pulled out and put back at the same port."""

    def _config(self) -> str:
        self.modem.replug(self.folder / "modem")
        return super()._config()


@pytest.fixture
def loose(tmp_path: Path) -> Iterator[Town]:
    """Return a town with a loose plug; Rosa and Juan live there."""
    town = PluggedTown(folder=tmp_path / "house")
    try:
        town.start()
        town.joins("Rosa", "71234567", "--kind", "business")
        town.joins("Juan", "72345678", "--limit", "100")
        yield town
    finally:
        town.close()


def link_is(town: Town, status: str) -> str:
    """Wait until the link is in this state; return what is said of it."""
    pause, seen = threading.Event(), ""
    for _ in range(int(_PATIENCE_S / 0.1)):
        (link,) = town.told("link", "list")["links"]
        seen = f"{link['status']}: {link['reason']}"
        if link["status"] == status:
            return str(link["reason"])
        pause.wait(0.1)
    raise AssertionError(f"the link never was {status}, it is {seen}")


def pays(town: Town, amount: str) -> None:
    """Have Juan pay Rosa, and both hear of it."""
    rosa = town.people["Rosa"]
    answer = town.asks("Juan", f"PAGAR {rosa.code} {amount} {CANARY}")
    assert answer.startswith(f"PAGO OK {amount} PT a Rosa")
    assert town.hears("Rosa").startswith(f"Red: RECIBIO {amount} PT de Juan")


def test_a_payment_works_after_fifty_kilobytes_of_noise(town: Town) -> None:
    """Flow 60: Noise on the line, in every byte there is, is passed over."""
    noise = random.Random(40).randbytes(50_000)
    for start in range(0, len(noise), 5_000):
        town.modem.garbage(noise[start : start + 5_000])
    pays(town, "25.50")
    assert town.balance("Rosa") == "25.50"


def test_a_modem_that_is_silent_at_the_start_is_waited_for(town: Town) -> None:
    """The house is up without its modem, says so, and goes on when it answers.

    Flow 60.
    """
    town.stop()
    town.modem.faults.deaf = True
    town.start()
    assert "does not answer" in link_is(town, "down")
    town.modem.faults.deaf = False
    link_is(town, "up")
    pays(town, "25.50")


def test_a_full_sim_is_emptied(town: Town) -> None:
    """What a full SIM holds, and what still waits in the network, is all paid.

    Flow 59.
    """
    town.stop()
    code, total = town.people["Rosa"].code, 0
    for number in range(45):
        total += 100 + number
        town.says("Juan", f"PAGAR {code} 1.{number:02d} {CANARY}")
    assert len(town.modem.stored()) == 40
    town.start()
    answers = [town.hears("Juan") for _ in range(45)]
    assert all(answer.startswith("PAGO OK 1.") for answer in answers)
    assert town.balance("Rosa") == f"{total // 100}.{total % 100:02d}"
    town.modem.wait_empty()


def test_a_text_of_ten_parts_is_refused_in_one_sentence(town: Town) -> None:
    """Flow 59: A text that is far too long pays nothing and is refused once."""
    code = town.people["Rosa"].code
    words = f"PAGAR {code} 5.00 {CANARY} POR " + "pan dulce " * 146
    answer = town.asks("Juan", words)
    assert answer.startswith("NO se pago")
    assert CANARY not in answer
    assert town.nothing_for("Juan")
    assert town.balance("Rosa") == "0.00"


def test_a_payment_in_two_parts_is_paid(town: Town) -> None:
    """Flow 60: A text that needs two SMS is one payment."""
    code = town.people["Rosa"].code
    words = f"PAGAR {code} 5.00 {CANARY} POR " + "pan dulce y cafe " * 10
    assert town.asks("Juan", words).startswith("PAGO OK 5.00 PT a Rosa")
    assert town.balance("Rosa") == "5.00"


def test_a_text_whose_part_never_comes_is_told_after_half_an_hour(town: Town) -> None:
    """Half a payment pays nothing; its sender hears that it came incomplete.

    Flow 60.
    """
    code, juan = town.people["Rosa"].code, town.people["Juan"]
    first, _ = encode_deliver(
        juan.phone,
        f"PAGAR {code} 5.00 {CANARY} POR " + "pan dulce y cafe " * 10,
        sent_at=town.clock.now(),
        reference=77,
        smsc=_SMSC,
    )
    town.modem.deliver_pdu(first)
    # It holds up nothing that its sender writes afterwards.
    pays(town, "1.00")
    town.clock.forward(minutes=29)
    pays(town, "2.00")
    town.clock.forward(minutes=2)
    answer = town.hears("Juan")
    assert "incompleto" in answer
    assert "NO se pago" in answer
    assert town.balance("Rosa") == "3.00"
    town.modem.wait_empty()


def test_a_part_left_over_from_a_payment_is_not_told_that_nothing_was_paid(
    town: Town,
) -> None:
    """A crash between two deletions leaves half a text that was paid: so it is told.

    Flow 59.
    """
    code, juan = town.people["Rosa"].code, town.people["Juan"]
    parts = encode_deliver(
        juan.phone,
        f"PAGAR {code} 5.00 {CANARY} POR " + "pan dulce y cafe " * 10,
        sent_at=town.clock.now(),
        reference=78,
        smsc=_SMSC,
    )
    for part in parts:
        town.modem.deliver_pdu(part)
    assert town.hears("Juan").startswith("PAGO OK 5.00 PT a Rosa")
    town.modem.wait_empty()
    town.stop()
    town.modem.store_pdu(parts[1])
    town.start()
    assert "PAGAR" in town.asks("Juan", "AYUDA")
    town.clock.forward(minutes=31)
    read(
        "Ya hecho: 5.00 PT a Rosa el {time}. Ref {ref}. No se cobro de nuevo. "
        "Saldo -5.00",
        town.hears("Juan"),
    )
    assert town.balance("Rosa") == "5.00"
    town.modem.wait_empty()


def test_what_is_no_message_is_put_away_and_the_rest_is_read(town: Town) -> None:
    """Unreadable PDUs are listed for staff, without what they say; texts go on.

    Flow 59.
    """
    code, juan = town.people["Rosa"].code, town.people["Juan"]
    words = f"PAGAR {code} 5.00 {CANARY}"
    (whole,) = encode_deliver(juan.phone, words, sent_at=town.clock.now(), smsc=_SMSC)
    bad = [whole[:-4], b"\x00", b"\xff" * 30, bytes(range(200))]
    for pdu in bad:
        town.modem.deliver_pdu(pdu)
    pays(town, "1.00")
    town.modem.wait_empty()
    listed = town.told("quarantine", "list")["quarantine"]
    assert len(listed) == len(bad)
    assert all(row["reason"] and row["link"] == "gsm" for row in listed)
    assert whole[-8:].hex() not in str(listed).lower()
    assert town.balance("Rosa") == "1.00"


def test_unplugged_while_idle_it_comes_back(loose: Town) -> None:
    """A stick that is pulled out is missed at once, and used again when it is back.

    Flow 60.
    """
    loose.modem.unplug()
    assert link_is(loose, "down")
    loose.says("Juan", f"PAGAR {loose.people['Rosa'].code} 2.00 {CANARY}")
    loose.modem.replug()
    assert loose.hears("Juan").startswith("PAGO OK 2.00")
    pays_on = loose.hears("Rosa")
    assert pays_on.startswith("Red: RECIBIO 2.00")


def test_unplugged_before_a_text_is_written_it_goes_out_later(loose: Town) -> None:
    """A receipt whose modem vanished before it was sent is sent when it is back.

    Flow 60.
    """
    loose.modem.faults.unplug("AT+CMGS")
    loose.says("Juan", f"PAGAR {loose.people['Rosa'].code} 2.00 {CANARY}")
    link_is(loose, "down")
    loose.clock.forward(seconds=10)
    loose.modem.replug()
    assert loose.hears("Juan").startswith("PAGO OK 2.00")
    assert loose.hears("Rosa").startswith("Red: RECIBIO 2.00")
    assert loose.nothing_for("Juan")
    assert loose.balance("Rosa") == "2.00"


@pytest.mark.parametrize(("reports", "times"), [(True, 1), (False, 2)])
def test_unplugged_while_a_text_is_on_the_wire(
    loose: Town, reports: bool, times: int
) -> None:
    """Flow 60: A receipt of which nobody knows goes once more after a minute.

    A report that it arrived settles it, and then it does not.
    """
    pulled = threading.Event()

    def pull(_: object) -> None:
        if not pulled.is_set():
            pulled.set()
            loose.modem.unplug()

    loose.modem.report_by_itself(0 if reports else None)
    loose.modem.on_submit(pull)
    loose.says("Juan", f"PAGAR {loose.people['Rosa'].code} 2.00 {CANARY}")
    assert pulled.wait(_PATIENCE_S)
    link_is(loose, "down")
    loose.clock.forward(seconds=10)
    loose.modem.replug()
    link_is(loose, "up")
    assert loose.hears("Juan").startswith("PAGO OK 2.00")
    assert loose.hears("Rosa").startswith("Red: RECIBIO 2.00")
    assert loose.nothing_for("Juan")
    loose.clock.forward(seconds=61)
    if times == 2:
        assert loose.hears("Juan").startswith("PAGO OK 2.00")
    # An answer to something else comes after whatever was still to be sent.
    pays(loose, "3.00")
    assert loose.nothing_for("Juan")
    states = [row["state"] for row in loose.told("outbox", "list")["outbox"]]
    assert "unsure" not in states
    assert loose.balance("Rosa") == "5.00"


class LockedTown(PluggedTown):
    """A town whose configuration has the wrong PIN for the SIM."""

    def _config(self) -> str:
        self.modem.card.pin = "2580"
        (self.folder / "sim.pin").write_text("1397\n", encoding="utf-8")
        (self.folder / "sim.pin").chmod(0o600)
        return super()._config() + 'sim_pin = "file:sim.pin"\n'


def test_a_wrong_sim_pin_is_tried_once_and_said(tmp_path: Path) -> None:
    """Flow 60: The SIM is not locked by trying again; staff read what to correct."""
    town = LockedTown(folder=tmp_path / "house")
    try:
        town.start()
        reason = link_is(town, "degraded")
        assert "sim_pin" in reason
        assert town.modem.card.tries_left == 2
        # Pulled out and put back it is not tried again either.
        town.modem.unplug()
        town.modem.replug()
        town.joins("Juan", "72345678", pin=None)
        assert "sim_pin" in link_is(town, "degraded")
        assert town.modem.card.tries_left == 2
    finally:
        town.close()


def test_staff_read_the_answer_to_a_question_asked_before_the_plug_was_pulled(
    loose: Town,
) -> None:
    """Flow 60: A question outlives the modem: answered after it is back, it is paid."""
    asked = read(
        "Pagar {any}? Responda {tk} y su PIN. {any2}",
        loose.asks("Juan", f"PAGAR {loose.people['Rosa'].code} 4.00"),
    )
    loose.modem.unplug()
    link_is(loose, "down")
    loose.modem.replug()
    answer = loose.asks("Juan", f"{asked['tk']} {CANARY}")
    assert answer.startswith("PAGO OK 4.00 PT a Rosa")

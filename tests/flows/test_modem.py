"""Flows 59 and 60: backlogs, sticks that come back elsewhere, airtime, tests of a link.

Everything runs as an operator has it, with a folder of ports in place of /dev; staff
see at the shell what is wrong, and members lose nothing.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

import pytest

from modem import drivers
from modem.link import Noise
from modem.pdu import encode_deliver
from modem.simulator import EmulatedModem
from smsgate import config
from smsgate.clock import Clock
from smsgate.messages import quarantine
from smsgate.messages.keys import MessageKeys
from smsgate.store import Store
from tests.flows.test_trouble import link_is, pays
from tests.flows.town import CANARY, Town

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from modem.link import Link
    from modem.simulator import Submitted

_SMSC = "+50370000000"
_PATIENCE_S = 30.0
#: Three SMS.
LONG = "Feria de la red el sabado, con comida y musica de la zona. " * 7


class PortsTown(Town):
    """A town that knows its modem by IMEI, in a folder of ports."""

    @property
    def ports(self) -> Path:
        """Where modems turn up."""
        return self.folder / "dev"

    def _config(self) -> str:
        self.ports.mkdir()
        # Whoever comes back may come back under another name.
        self.modem.replug(self.ports / "ttyUSB0")
        return (
            super()
            ._config()
            .replace(
                f'port = "{self.modem.path}"',
                f'port = "{self.ports}/ttyUSB*"\nimei = "490154203237518"\n'
                'airtime_code = "*567#"\nairtime_floor = "1.00"\n'
                "airtime_pattern = 'saldo es \\D*(?P<amount>[0-9.]+)'",
            )
        )


#: Who is told when something is wrong.
OSCAR = "+50376543210"


@pytest.fixture
def loose(tmp_path: Path) -> Iterator[PortsTown]:
    """Return a town with sticks; Rosa and Juan live there."""
    alerts: dict[str, dict[str, object]] = {"alerts": {"phones": [OSCAR]}}
    town = PortsTown(folder=tmp_path / "house", settings=alerts)
    try:
        town.start()
        town.joins("Rosa", "71234567", "--kind", "business")
        town.joins("Juan", "72345678", "--limit", "1000")
        yield town
    finally:
        town.close()


def link(town: Town) -> dict[str, object]:
    """Return what staff are told of the link."""
    (told,) = town.told("link", "list")["links"]
    return dict(told)


def until(true: Callable[[], object]) -> None:
    """Wait until this holds."""
    pause = threading.Event()
    for _ in range(int(_PATIENCE_S / 0.05)):
        if true():
            return
        pause.wait(0.05)
    raise AssertionError("it never came to that")


def later(town: Town, seconds: float) -> None:
    """Let time pass, and have staff try the link, so that it is noticed at once."""
    link_is(town, "up")
    town.clock.forward(seconds=seconds)
    # It may just be on its way down, and come back.
    until(lambda: town.shell("link", "test", "gsm", "--to", "70008888")[0] == 0)


# ---- flow 59


def test_a_backlog_of_two_hundred_is_answered_once(tmp_path: Path) -> None:
    """Two hundred stored texts, three of them unreadable, and one in three parts."""
    town = Town(folder=tmp_path / "house", slots=250)
    try:
        town.start()
        town.joins("Rosa", "71234567", "--kind", "business")
        names = [f"N{number}" for number in range(49)]
        for number, name in enumerate(names):
            town.joins(name, f"7200{number:04}", "--limit", "10", pin=None)
        juan = town.joins("Juan", "72345678", "--limit", "100")
        town.modem.wait_empty()
        town.stop()

        code = town.people["Rosa"].code
        for _ in range(4):
            for name in names:
                town.says(name, "AYUDA")
        for pdu in (b"\xff" * 30, b"\x00", bytes(range(200))):
            town.modem.deliver_pdu(pdu)
        words = f"PAGAR {code} 5.00 {CANARY} POR " + "pan dulce y cafe " * 20
        parts = encode_deliver(
            juan.phone, words, sent_at=town.clock.now(), reference=9, smsc=_SMSC
        )
        assert len(parts) == 3
        for part in (parts[2], parts[0], parts[1]):
            town.modem.deliver_pdu(part)
        assert len(town.modem.stored()) == 4 * 49 + 3 + 3

        town.start()
        assert town.hears("Juan").startswith("PAGO OK 5.00 PT a Rosa")
        for name in names * 4:
            assert "PAGAR" in town.hears(name)
        town.modem.wait_empty(_PATIENCE_S)
        assert all(town.nothing_for(name) for name in [*names, "Juan"])
        assert len(town.told("quarantine", "list")["quarantine"]) == 3
        assert town.balance("Rosa") == "5.00"
    finally:
        town.close()


def test_what_a_mended_reader_can_read_is_read_again(town: Town) -> None:
    """After an upgrade staff have it read inside the daemon; it is late by then."""
    code, juan = town.people["Rosa"].code, town.people["Juan"]
    then = town.clock.now() - timedelta(hours=2)
    words = f"PAGAR {code} 5.00 {CANARY}"
    (pdu,) = encode_deliver(juan.phone, words, sent_at=then, smsc=_SMSC)
    town.stop()
    asyncio.run(_put_aside(town, pdu, b"\xff" * 20))
    assert town.shell("quarantine", "reread", "1")[0] == 3
    town.start()

    code_read, said = town.shell("quarantine", "reread", "1")
    assert (code_read, CANARY in said) == (0, False)
    assert "It is a text from +503" in said
    assert "NO se pago" in town.hears("Juan")
    code_bad, said = town.shell("quarantine", "reread", "2")
    assert (code_bad, said.startswith("It cannot be read: ")) == (1, True)
    assert [r["id"] for r in town.told("quarantine", "list")["quarantine"]] == [2]
    # Once is enough.
    code_gone, said = town.shell("quarantine", "reread", "1")
    assert (code_gone, "there is nothing under 1" in said) == (1, True)
    assert town.balance("Rosa") == "0.00"


async def _put_aside(town: Town, *pdus: bytes) -> None:
    """Put PDUs into quarantine, as a version did that could not read them."""
    settings = config.load(town.config_path)
    keys = MessageKeys(settings.keys.read_messages())
    async with await Store.open(settings.ledger_path, Clock()) as store:
        for pdu in pdus:
            noise = Noise(link="gsm", reason="then", head=pdu[:8], body=pdu[8:])
            await store.write(partial(quarantine.keep, keys=keys, noise=noise))


# ---- flow 60


def test_a_stick_that_comes_back_elsewhere_is_found(loose: PortsTown) -> None:
    """Renamed while another's stick sits at its old port: payments go on."""
    pays(loose, "1.00")
    loose.modem.unplug()
    link_is(loose, "down")
    with EmulatedModem(link=loose.ports / "ttyUSB0", imei="111111111111119") as other:
        # Until it is back, staff read what was found instead.
        until(lambda: "111111111111119" in str(link(loose)["reason"]))
        loose.modem.replug(loose.ports / "ttyUSB4")
        link_is(loose, "up")
        pays(loose, "2.00")
        assert other.sent == []
    told = link(loose)
    assert told["port"] == str(loose.ports / "ttyUSB4")
    assert told["imei"] == "490154203237518"


def test_a_network_that_goes_and_comes_back_loses_nothing(loose: PortsTown) -> None:
    """Answers wait for it, and staff read what is missing."""
    loose.modem.register(2)
    assert "looks for a network" in link_is(loose, "degraded")
    loose.modem.register(1)
    link_is(loose, "up")
    pays(loose, "2.00")


def test_airtime_is_told_and_missed_in_time(loose: PortsTown) -> None:
    """The credit stands in the list; below the floor it is said, and goes on."""
    loose.modem.top_up(Decimal("0.60"), price=Decimal("0.05"))
    loose.clock.forward(seconds=6)
    reason = link_is(loose, "degraded")
    assert reason == "The airtime of the SIM is 0.60, below 1.00; top it up."
    assert link(loose)["airtime"] == "0.60"
    assert loose.hears(OSCAR) == (
        "Red ALARMA: al enlace gsm le queda saldo 0.60."
        " Recargue ese chip: sin saldo no envia. Vea: smsgate link list"
    )
    pays(loose, "1.00")
    loose.modem.top_up(Decimal("9.00"), price=Decimal("0.05"))
    loose.clock.forward(minutes=61)
    link_is(loose, "up")
    until(lambda: link(loose)["airtime"] == "9.00")
    loose.stop()
    log = (loose.folder / "daemon.log").read_text()
    assert log.count("link.airtime_low") == 1


def test_without_credit_texts_wait_until_it_is_topped_up(loose: PortsTown) -> None:
    """Paid once, and told once, after somebody has paid the operator."""
    loose.modem.top_up(Decimal("0.00"), price=Decimal("0.05"))
    loose.says("Juan", f"PAGAR {loose.people['Rosa'].code} 2.00 {CANARY}")
    until(lambda: loose.balance("Rosa") == "2.00")
    until(
        lambda: any(
            "credit" in str(row["error"])
            for row in loose.told("outbox", "list")["outbox"]
        )
    )
    loose.modem.top_up(Decimal("5.00"), price=Decimal("0.05"))
    later(loose, seconds=660)
    assert loose.hears("Juan").startswith("PAGO OK 2.00")
    assert loose.hears("Rosa").startswith("Red: RECIBIO 2.00")
    assert loose.nothing_for("Juan")


class HastyTown(PortsTown):
    """A town whose driver waits for its modem a moment only."""

    def _links(self, loaded: config.Config) -> Sequence[Link]:
        (gsm,) = loaded.links
        options = {"port": str(self.ports / "ttyUSB0"), "poll_s": 0.2}
        hasty = {"prompt_s": 0.2, "submit_s": 0.2}
        return [drivers.build("gsm", gsm.name, options | hasty, clock=self.clock)]


@pytest.fixture
def hasty(tmp_path: Path) -> Iterator[HastyTown]:
    """Return a town that loses patience with its modem at once."""
    town = HastyTown(folder=tmp_path / "house")
    try:
        town.start()
        town.joins("Rosa", "71234567", "--kind", "business", pin=None)
        town.joins("Juan", "72345678", "--limit", "1000")
        yield town
    finally:
        town.close()


def test_a_prompt_that_never_comes_is_survived(hasty: Town) -> None:
    """The receipts go out after all, once each, and the modem was restarted."""
    hasty.modem.faults.no_prompt("AT+CMGS", times=3)
    hasty.says("Juan", f"PAGAR {hasty.people['Rosa'].code} 2.00 {CANARY}")
    hasty.says("Rosa", "AYUDA")
    until(lambda: hasty.modem.restarts == 1)
    later(hasty, seconds=10)
    assert hasty.hears("Juan").startswith("PAGO OK 2.00")
    # Which of hers was owed first is chance.
    told = sorted(hasty.hears("Rosa") for _ in range(2))
    assert "PAGAR" in told[0]
    assert told[1].startswith("Red: RECIBIO 2.00")
    assert all(map(hasty.nothing_for, ("Juan", "Rosa")))


@pytest.mark.parametrize("taken", [True, False])
def test_an_answer_that_never_comes_is_survived(hasty: Town, taken: bool) -> None:
    """Nobody knows whether it went: a report settles it, else it goes once more."""
    hasty.modem.faults.lose_answer("AT+CMGS", taken=taken)
    hasty.says("Juan", f"PAGAR {hasty.people['Rosa'].code} 2.00 {CANARY}")
    assert hasty.hears("Rosa").startswith("Red: RECIBIO 2.00")
    hasty.clock.forward(seconds=61)
    assert hasty.hears("Juan").startswith("PAGO OK 2.00")
    # An answer to something else comes after whatever was still to be sent.
    later(hasty, seconds=300)
    pays(hasty, "3.00")
    assert all(map(hasty.nothing_for, ("Juan", "Rosa")))
    assert hasty.balance("Rosa") == "5.00"


# ---- link test


def test_staff_test_a_link_with_one_text(loose: PortsTown) -> None:
    """They read that it arrived; or what is wrong, without a text left behind."""
    code, said = loose.shell("link", "test", "gsm", "--to", "70009999")
    assert (code, said.startswith("It arrived at +50370009999 after ")) == (0, True)
    heard = loose.hears("+50370009999")
    assert heard == "Red: prueba del enlace gsm. No hace falta responder."

    loose.modem.faults.fail("AT+CMGS", "+CMS ERROR: 1")
    code, said = loose.shell("link", "test", "gsm", "--to", "70009999")
    assert (code, said.startswith("It was refused (")) == (1, True)
    loose.modem.unplug()
    link_is(loose, "down")
    code, said = loose.shell("link", "test", "gsm", "--to", "70009999")
    assert (code, "link gsm is down: " in said) == (1, True)
    assert loose.nothing_for("+50370009999")
    loose.stop()
    code, said = loose.shell("link", "test", "gsm", "--to", "70009999")
    assert (code, "smsgate run" in said) == (3, True)


def test_after_a_fault_only_the_missing_parts_of_a_text_go(loose: PortsTown) -> None:
    """Pulled between two parts of a long text, the phone shows it whole and once."""
    loose.long_texts.add(LONG)
    loose.modem.on_submit(_pull_after(loose, 1))
    config_file = str(loose.config_path)
    words = ("link", "test", "gsm", "--to", "70009999", "--text", LONG)
    shell = subprocess.Popen(
        [sys.executable, "-m", "smsgate", "-c", config_file, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    link_is(loose, "down")
    loose.modem.replug(loose.ports / "ttyUSB1")
    link_is(loose, "up")
    loose.clock.forward(seconds=10)
    assert loose.hears("+50370009999") == LONG
    said, _ = shell.communicate(timeout=_PATIENCE_S)
    assert (shell.returncode, "It arrived at" in said) == (0, True), said
    sent = [one for one in loose.modem.sent if one.to == "+50370009999"]
    rows = loose.told("outbox", "list", "--who", "70009999")["outbox"]
    assert rows[0]["parts"] == ["delivered"] * 3
    assert "gsm   delivered 3/3" in loose.shell("outbox", "list")[1]
    assert (len(sent), loose.nothing_for("+50370009999")) == (3, True)


def _pull_after(town: PortsTown, count: int) -> Callable[[Submitted], None]:
    """Pull the plug once so many parts of a long text have gone."""
    gone: list[Submitted] = []

    def pull(submitted: Submitted) -> None:
        if submitted.to == "+50370009999":
            gone.append(submitted)
            # Its answer is out by the time the next command comes.
            if len(gone) == count:
                town.modem.faults.unplug("AT+CMGS")

    return pull


# ---- doctor


def test_the_doctor_sees_the_modem_with_the_daemon_and_without(
    loose: PortsTown,
) -> None:
    """Up, the daemon is asked; down, the port is opened, and no text is lost by it."""
    loose.modem.top_up(Decimal("4.25"))
    code, said = loose.shell("doctor")
    assert (code, "ok    link gsm" in said) == (0, True), said
    loose.modem.wait_empty()
    loose.stop()
    loose.says("Juan", "AYUDA")
    code, said = loose.shell("doctor")
    assert (code, "ok    link gsm" in said) == (0, True), said
    assert "IMEI 490154203237518, service centre +50370000000" in said
    assert len(loose.modem.stored()) == 1
    loose.start()
    assert "PAGAR" in loose.hears("Juan")
    loose.modem.set_signal(2)
    loose.modem.unplug()
    link_is(loose, "down")
    code, said = loose.shell("doctor")
    assert (code, "fail  link gsm" in said) == (1, True), said
    loose.modem.replug()

"""Promises of the emulated modem, asked for by drivers that are not ours."""

from __future__ import annotations

import io
import os
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self

import gammu
import pytest
import serial
from gsmmodem.exceptions import IncorrectPinError, PinRequiredError
from gsmmodem.modem import GsmModem, ReceivedSms
from hypothesis import given, settings
from hypothesis import strategies as st

from modem.link import ReportStatus
from modem.pdu import Deliver, StatusReport, decode, encode_submit, join
from modem.simulator import EmulatedModem, Submitted
from modem.simulator.__main__ import main

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOON = datetime(2026, 5, 1, 12, 0, 30, tzinfo=UTC)
MARIA = "+50370001234"
PEDRO = "+50370005678"
#: How long a terminal waits for bytes that must come, and for bytes that must not.
PATIENCE_S = 10.0
SILENCE_S = 0.05
FINAL = ("OK", "ERROR", "+CMS ERROR", "+CME ERROR")


class Terminal:
    """A person at a terminal program, who types commands and reads lines."""

    def __init__(self, path: str) -> None:
        """Open the port."""
        self.port = serial.Serial(path, timeout=PATIENCE_S)
        self.ask("ATE0")

    def __enter__(self) -> Self:
        """Use it."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the port."""
        self.port.close()

    def ask(self, command: str) -> list[str]:
        """Type a command and read up to the end of its answer."""
        self.port.write(f"{command}\r".encode())
        return self.answer()

    def answer(self) -> list[str]:
        """Read lines up to the end of an answer."""
        lines: list[str] = []
        while not lines or not lines[-1].startswith(FINAL):
            lines.append(self.line())
        return lines

    def line(self) -> str:
        """Read one line that is not empty."""
        while True:
            raw: bytes = self.port.read_until(b"\n")
            assert raw.endswith(b"\n"), f"no line came, only {raw!r}"
            if raw.strip():
                return raw.decode().strip()

    def submit(self, pdu: bytes, length: int | None = None) -> list[str]:
        """Send a message as a driver does."""
        length = len(pdu) - 1 if length is None else length
        self.port.write(f"AT+CMGS={length}\r".encode())
        assert self.port.read_until(b"> ") == b"\r\n> "
        self.port.write(pdu.hex().encode() + b"\x1a")
        return self.answer()

    def silent(self) -> bool:
        """Whether nothing comes for a little while."""
        self.port.timeout = SILENCE_S
        came = self.port.read(1)
        self.port.timeout = PATIENCE_S
        return not came


@pytest.fixture
def modem() -> Iterator[EmulatedModem]:
    """Plug in a modem whose clock stands at noon."""
    with EmulatedModem(clock=lambda: NOON, slots=2) as emulated:
        yield emulated


@pytest.fixture
def terminal(modem: EmulatedModem) -> Iterator[Terminal]:
    """Sit down at its port, with echo off."""
    with Terminal(modem.path) as opened:
        yield opened


def submit_pdu(text: str = "hola", *, report: bool = False) -> bytes:
    """Write one SUBMIT to Pedro."""
    [submit] = encode_submit(PEDRO, text, report=report)
    return submit.pdu


# Drivers of others


def test_gsmmodem_connects_sends_and_receives() -> None:
    """python-gsmmodem-new unlocks the SIM, sends a text and is handed one."""
    came: list[ReceivedSms] = []
    arrived = threading.Event()

    def take(text: ReceivedSms) -> None:
        came.append(text)
        arrived.set()

    with EmulatedModem(sim_pin="1234", report_status=None) as modem:
        driver = GsmModem(modem.path, smsReceivedCallbackFunc=take)
        driver.connect("1234")
        driver.sendSms(PEDRO, "hola ñ")
        modem.deliver(MARIA, "PAY 5 70005678")
        assert arrived.wait(PATIENCE_S)
        modem.wait_empty()
        known = (driver.imei, driver.networkName, driver.signalStrength)
        driver.close()

        assert known == ("490154203237518", "Emulated", 21)
        assert [(text.to, text.text) for text in modem.texts] == [(PEDRO, "hola ñ")]
    assert [(text.number, text.text) for text in came] == [(MARIA, "PAY 5 70005678")]


@pytest.mark.parametrize(
    ("pin", "error"), [(None, PinRequiredError), ("9999", IncorrectPinError)]
)
def test_gsmmodem_is_told_of_a_wrong_pin(
    pin: str | None, error: type[Exception]
) -> None:
    """The library names what is wrong with the PIN, as at a real SIM."""
    with EmulatedModem(sim_pin="1234") as modem:
        driver = GsmModem(modem.path)
        with pytest.raises(error):
            driver.connect(pin)
        driver.close()


def test_gammu_reads_and_sends() -> None:
    """Gammu, which shares no code with us, finds a working phone."""
    with EmulatedModem() as modem:
        modem.deliver(MARIA, "PAY 5 ñ")
        driver = gammu.StateMachine()
        driver.SetConfig(0, {"Device": modem.path, "Connection": "at115200"})
        driver.Init()
        [message] = driver.GetNextSMS(Folder=0, Start=True)
        network = driver.GetNetworkInfo()
        outgoing = {"Text": "hola ñ", "SMSC": {"Location": 1}, "Number": PEDRO}
        driver.SendSMS(outgoing)
        driver.Terminate()

        assert (message["Number"], message["Text"]) == (MARIA, "PAY 5 ñ")
        assert network["State"] == "HomeNetwork"
        assert [(text.to, text.text) for text in modem.texts] == [(PEDRO, "hola ñ")]


# Commands


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("AT", []),
        ("at+csq", ["+CSQ: 21,99"]),
        ("ATI", ["Emulated", "Pseudo-terminal", "1.0"]),
        ("ATZ", []),
        ("AT&F", []),
        ("AT+CGMI", ["Emulated"]),
        ("AT+GSN", ["490154203237518"]),
        ("AT+CGSN=?", []),
        ("AT+CIMI", ["706010123456789"]),
        ("AT+CCID", ["+CCID: 8950301012345678901"]),
        ("AT+CNUM", ['+CNUM: "","+50370009999",145']),
        ("AT+CPIN?", ["+CPIN: READY"]),
        ("AT+CREG?", ["+CREG: 0,1"]),
        ("AT+CREG=2;+CREG?", ['+CREG: 2,1,"00C3","0A1B"']),
        ("AT+COPS?", ['+COPS: 0,0,"Emulated",2']),
        ("AT+CFUN?", ["+CFUN: 1"]),
        ("AT+CFUN=4;+CFUN?;+CREG?", ["+CFUN: 4", "+CREG: 0,0"]),
        ("AT+CSCA?", ['+CSCA: "+50370000000",145']),
        ('AT+CSCA="+50322220000";+CSCA?', ['+CSCA: "+50322220000",145']),
        ('AT+CSCS="UCS2";+CSCS?', ['+CSCS: "UCS2"']),
        ("AT+CSMP=49,167,0,0;+CSMP?", ["+CSMP: 49,167,0,0"]),
        ("AT+CMGF?", ["+CMGF: 0"]),
        ("AT+CCLK?", ['+CCLK: "26/05/01,12:00:30+00"']),
        ("AT+CPMS?", ['+CPMS: "ME",0,2,"ME",0,2,"ME",0,2']),
        ('AT+CPMS="SM","ME"', ["+CPMS: 0,10,0,2,0,2"]),
        ("AT+CNMI=2,1,0,2,0;+CNMI?", ["+CNMI: 2,1,0,2,0"]),
    ],
)
def test_commands_are_answered(
    terminal: Terminal, command: str, answer: list[str]
) -> None:
    """Every command that drivers ask for is answered as a modem does."""
    assert terminal.ask(command) == [*answer, "OK"]


@pytest.mark.parametrize(
    ("command", "error"),
    [
        ("hello", "ERROR"),
        ("AT+ZPAS?", "ERROR"),
        ("AT+CMGF=1", "+CMS ERROR: 303"),
        ("AT+CMGR=1", "+CMS ERROR: 321"),
        ("AT+CMGD=3", "+CMS ERROR: 321"),
        ("AT+CMGL=5", "+CMS ERROR: 302"),
        ("AT+CMGS=x", "+CMS ERROR: 304"),
        ('AT+CPMS="XX"', "+CMS ERROR: 302"),
        ('AT+CPMS="ME","SR"', "+CMS ERROR: 302"),
        ("AT+CNMI=3", "+CMS ERROR: 303"),
        ('AT+CPIN="1234"', "+CME ERROR: 3"),
    ],
)
def test_what_cannot_be_done_is_refused(
    terminal: Terminal, command: str, error: str
) -> None:
    """A command that is wrong ends in the error code a modem gives."""
    assert terminal.ask(command) == [error]


def test_every_command_is_listed(terminal: Terminal) -> None:
    """CLAC names the commands there are, so that drivers can choose."""
    listed = terminal.ask("AT+CLAC")

    assert {"+CMGL", "+CMGS", "+CPMS", "+CUSD", "+CSCS"} <= set(listed)


def test_echo_is_on_until_it_is_switched_off(modem: EmulatedModem) -> None:
    """A fresh modem repeats what is typed, as real ones do."""
    with serial.Serial(modem.path, timeout=PATIENCE_S) as port:
        port.write(b"AT\r")
        assert port.read_until(b"OK\r\n") == b"AT\r\r\nOK\r\n"
        port.write(b"ATE0\r")
        assert port.read_until(b"OK\r\n") == b"ATE0\r\r\nOK\r\n"
        port.write(b"AT\r")
        assert port.read_until(b"OK\r\n") == b"\r\nOK\r\n"


def test_a_wrong_pin_costs_a_try_and_the_third_locks_the_sim() -> None:
    """PINs are counted; the PUK sets a new one, and power-off asks for it again."""
    with EmulatedModem(sim_pin="1234") as modem:
        with Terminal(modem.path) as terminal:
            assert terminal.ask("AT+CPIN?") == ["+CPIN: SIM PIN", "OK"]
            assert terminal.ask("AT+CPMS?") == ["+CMS ERROR: 311"]
            assert terminal.ask("AT+COPS?") == ["+CME ERROR: 11"]
            for left in (2, 1, 0):
                assert terminal.ask('AT+CPIN="9999"') == ["+CME ERROR: 16"]
                assert terminal.ask("AT+CPINR")[0] == f"+CPINR: SIM PIN,{left},3"
            assert terminal.ask("AT+CPIN?") == ["+CPIN: SIM PUK", "OK"]
            assert terminal.ask('AT+CPIN="1234"') == ["+CME ERROR: 12"]
            assert terminal.ask('AT+CPIN="11111111","4321"') == ["+CME ERROR: 16"]
            assert terminal.ask('AT+CPIN="12345678","4321"') == ["OK"]
            assert terminal.ask("AT+CPIN?") == ["+CPIN: READY", "OK"]
        modem.replug()
        with Terminal(modem.path) as terminal:
            assert terminal.ask("AT+CPIN?") == ["+CPIN: SIM PIN", "OK"]
            assert terminal.ask('AT+CPIN="4321"') == ["OK"]


def test_ussd_answers_come_after_the_command(
    modem: EmulatedModem, terminal: Terminal
) -> None:
    """A dialled code is answered in a line of its own; an unknown one is refused."""
    modem.ussd["*123#"] = "Saldo $1.00"

    assert terminal.ask('AT+CUSD=1,"*123#",15') == ["OK"]
    assert terminal.line() == '+CUSD: 0,"Saldo $1.00",15'
    assert terminal.ask('AT+CUSD=1,"*9#",15') == ["OK"]
    assert terminal.line() == "+CUSD: 4"


# Receiving


def test_a_text_is_listed_as_the_network_sent_it(
    modem: EmulatedModem, terminal: Terminal
) -> None:
    """Sender, text and time of a listed message are those it was sent with."""
    modem.deliver(MARIA, "PAY 5 ñ", datetime(2026, 5, 1, 11, 59, 59, tzinfo=UTC))
    [header, pdu, final] = terminal.ask("AT+CMGL=4")
    message = decode(bytes.fromhex(pdu))

    assert isinstance(message, Deliver)
    assert (message.sender, message.text) == (MARIA, "PAY 5 ñ")
    assert message.sent_at == datetime(2026, 5, 1, 11, 59, 59, tzinfo=UTC)
    # TS 27.005 §3.1 counts without the SMSC address: here a length, a type, 11 digits.
    assert (header, final) == (f"+CMGL: 1,0,,{len(pdu) // 2 - 8}", "OK")


def test_listing_marks_as_read(modem: EmulatedModem, terminal: Terminal) -> None:
    """A message is unread once; lists by state and CMGR agree on it."""
    modem.deliver(MARIA, "one")
    [first, *_] = terminal.ask("AT+CMGL=0")
    modem.deliver(MARIA, "two")

    assert first.startswith("+CMGL: 1,0,")
    assert terminal.ask("AT+CMGL=0")[0].startswith("+CMGL: 2,0,")
    assert terminal.ask("AT+CMGL=0") == ["OK"]
    assert terminal.ask("AT+CMGR=1")[0].startswith("+CMGR: 1,")
    assert len(terminal.ask("AT+CMGL=1")) == 5


def test_a_full_memory_keeps_texts_waiting(
    modem: EmulatedModem, terminal: Terminal
) -> None:
    """What finds no slot waits in the network and takes the first that is freed."""
    terminal.ask("AT+CNMI=2,1,0,0,0")
    for text in ("one", "two", "three"):
        modem.deliver(MARIA, text)

    assert [terminal.line(), terminal.line()] == ['+CMTI: "ME",1', '+CMTI: "ME",2']
    assert (sorted(modem.stored()), modem.waiting) == ([1, 2], 1)
    terminal.port.write(b"AT+CMGD=1\r")
    assert [terminal.line(), terminal.line()] == ['+CMTI: "ME",1', "OK"]
    three = decode(modem.stored()[1])
    assert isinstance(three, Deliver)
    assert (three.text, modem.waiting) == ("three", 0)


@pytest.mark.parametrize(
    ("flag", "left"), [("0", [2]), ("1", [2]), ("2", [2]), ("3", [2]), ("4", [])]
)
def test_cmgd_frees_what_its_flag_says(
    modem: EmulatedModem, terminal: Terminal, flag: str, left: list[int]
) -> None:
    """CMGD frees one slot, all that are read, or all, and no other."""
    modem.deliver(MARIA, "read")
    terminal.ask("AT+CMGL=4")
    modem.deliver(MARIA, "unread")

    assert terminal.ask(f"AT+CMGD=1,{flag}") == ["OK"]
    assert sorted(modem.stored()) == left


def test_a_text_can_go_past_the_memory(
    modem: EmulatedModem, terminal: Terminal
) -> None:
    """With CNMI asking for it, a text is handed over at once and not stored."""
    terminal.ask("AT+CNMI=2,2,0,0,0")
    modem.deliver(MARIA, "direct")

    assert terminal.line().startswith("+CMT: ,")
    message = decode(bytes.fromhex(terminal.line()))
    assert isinstance(message, Deliver)
    assert (message.text, modem.stored()) == ("direct", {})


def test_memories_are_read_and_filled_apart(
    modem: EmulatedModem, terminal: Terminal
) -> None:
    """CPMS chooses the memory to read and the memory to receive into by itself."""
    terminal.ask('AT+CPMS="ME","ME","SM"')
    modem.deliver(MARIA, "to the SIM")

    assert terminal.ask("AT+CPMS?")[0] == '+CPMS: "ME",0,2,"ME",0,2,"SM",1,10'
    assert terminal.ask("AT+CMGL=4") == ["OK"]
    terminal.ask('AT+CPMS="SM"')
    assert terminal.ask("AT+CMGL=4")[0].startswith("+CMGL: 1,0,")


def test_bytes_that_are_no_message_are_listed_all_the_same(
    modem: EmulatedModem, terminal: Terminal
) -> None:
    """A SIM may hold anything; what cannot be read is listed as it is."""
    modem.store_pdu(bytes.fromhex("FFFFFF"))
    modem.deliver_pdu(b"")

    assert terminal.ask("AT+CMGL=4") == [
        "+CMGL: 1,0,,0",
        "FFFFFF",
        "+CMGL: 2,0,,0",
        "OK",
    ]


def test_a_long_text_comes_in_parts(modem: EmulatedModem, terminal: Terminal) -> None:
    """A text of more than one message arrives in parts that make it whole again."""
    text = "ñandú €" * 20
    modem.deliver(MARIA, text)
    lines = terminal.ask("AT+CMGL=4")
    parts = [decode(bytes.fromhex(pdu)) for pdu in lines[1::2]]
    waiting = modem.waiting
    terminal.ask("AT+CMGD=1,4")
    more = terminal.ask("AT+CMGL=4")
    parts += [decode(bytes.fromhex(pdu)) for pdu in more[1::2]]

    assert (len(parts), waiting) == (3, 1)
    assert join(part for part in parts if isinstance(part, Deliver)) == text


# Sending


def test_a_submitted_message_reaches_its_phone(
    modem: EmulatedModem, terminal: Terminal
) -> None:
    """What the driver submits is kept as bytes, and shown as a text."""
    answer = terminal.submit(submit_pdu("hola ñ"))
    [submitted] = modem.wait_sent(1)
    [text] = modem.wait_texts(1)

    assert answer == ["+CMGS: 0", "OK"]
    assert submitted == Submitted(
        tpdu=submit_pdu("hola ñ")[1:],
        reference=0,
        to=PEDRO,
        at=NOON,
        wants_report=False,
    )
    assert (text.to, text.text, text.at) == (PEDRO, "hola ñ", NOON)


def test_a_long_text_is_shown_once_it_is_whole(
    modem: EmulatedModem, terminal: Terminal
) -> None:
    """A phone shows one text for all parts, in order, and none before the last."""
    first, second = encode_submit(PEDRO, "x" * 200, reference=7)
    terminal.submit(second.pdu)
    assert modem.texts == []
    terminal.submit(first.pdu)

    assert [text.text for text in modem.wait_texts(1)] == ["x" * 200]


def test_references_count_in_one_octet(terminal: Terminal) -> None:
    """After reference 255 comes 0 again."""
    answers = [terminal.submit(submit_pdu())[0] for _ in range(257)]

    assert answers == [f"+CMGS: {n % 256}" for n in range(257)]


@pytest.mark.parametrize(
    ("pdu", "length"),
    [
        (b"", 0),
        (bytes.fromhex("00FF"), 1),
        (submit_pdu(), 5),
        (b"\x00\x04" + submit_pdu()[2:], len(submit_pdu()) - 1),
    ],
)
def test_a_bad_pdu_is_not_sent(
    modem: EmulatedModem, terminal: Terminal, pdu: bytes, length: int
) -> None:
    """A PDU of the wrong length or kind is refused and reaches nobody."""
    assert terminal.submit(pdu, length) == ["+CMS ERROR: 304"]
    assert modem.sent == []


def test_escape_gives_the_message_up(modem: EmulatedModem, terminal: Terminal) -> None:
    """ESC at the prompt sends nothing and leads back to commands."""
    terminal.port.write(b"AT+CMGS=20\r")
    assert terminal.port.read_until(b"> ") == b"\r\n> "
    terminal.port.write(b"0001\x1b")

    assert terminal.answer() == ["OK"]
    assert terminal.ask("AT") == ["OK"]
    assert modem.sent == []


def test_a_report_is_stored_where_it_was_asked_for(
    modem: EmulatedModem, terminal: Terminal
) -> None:
    """A wanted report lands in SR with a +CDSI, and names the message."""
    terminal.ask("AT+CNMI=2,1,0,2,0")
    terminal.submit(submit_pdu())
    terminal.submit(submit_pdu(report=True))

    assert terminal.line() == '+CDSI: "SR",1'
    terminal.ask('AT+CPMS="SR"')
    report = decode(bytes.fromhex(terminal.ask("AT+CMGR=1")[1]))
    assert isinstance(report, StatusReport)
    assert (report.reference, report.recipient) == (1, PEDRO)
    assert (report.status, report.discharged_at) == (ReportStatus.delivered, NOON)
    assert len(modem.stored("SR")) == 1


def test_a_report_can_be_given_by_hand(
    modem: EmulatedModem, terminal: Terminal
) -> None:
    """Reports can be held back and sent later with any status, as +CDS."""
    modem.report_by_itself(None)
    terminal.ask("AT+CNMI=2,1,0,1,0")
    terminal.submit(submit_pdu(report=True))
    assert terminal.silent()
    modem.report(modem.sent[0], 0x30)

    assert terminal.line().startswith("+CDS: ")
    report = decode(bytes.fromhex(terminal.line()))
    assert isinstance(report, StatusReport)
    assert (report.code, report.status) == (0x30, ReportStatus.trying)


def test_without_a_network_nothing_goes_either_way(
    modem: EmulatedModem, terminal: Terminal
) -> None:
    """Lost registration is told, refuses messages, and keeps arrivals waiting."""
    terminal.ask("AT+CREG=1")
    modem.register(2)
    assert terminal.line() == "+CREG: 2"
    modem.deliver(MARIA, "later")

    assert terminal.submit(submit_pdu()) == ["+CMS ERROR: 331"]
    assert terminal.ask("AT+CMGL=4") == ["OK"]
    modem.register(5)
    assert terminal.line() == "+CREG: 5"
    assert terminal.ask("AT+CMGL=4")[0].startswith("+CMGL: 1,0,")


def test_callbacks_may_answer(modem: EmulatedModem, terminal: Terminal) -> None:
    """A callback sees each message taken and may use the modem, even unplug it."""
    modem.on_submit(lambda submitted: modem.deliver(submitted.to, "gracias"))
    modem.on_submit(lambda _: modem.unplug())
    terminal.port.write(f"AT+CMGS={len(submit_pdu()) - 1}\r".encode())
    terminal.port.read_until(b"> ")
    terminal.port.write(submit_pdu().hex().encode() + b"\x1a")
    modem.wait_sent(1)
    with pytest.raises(serial.SerialException):
        terminal.port.read(1000)

    modem.replug()
    with Terminal(modem.path) as again:
        assert again.ask("AT+CMGL=4")[0].startswith("+CMGL: 1,0,")


# Faults


def test_a_command_can_fail(modem: EmulatedModem, terminal: Terminal) -> None:
    """An error is given as often as asked, and nothing is done."""
    modem.faults.fail("AT+CMGS", "+CMS ERROR: 500", times=2)
    modem.faults.fail("AT+CSQ", "ERROR")

    assert terminal.submit(submit_pdu()) == ["+CMS ERROR: 500"]
    assert terminal.submit(submit_pdu()) == ["+CMS ERROR: 500"]
    assert modem.sent == []
    assert terminal.submit(submit_pdu()) == ["+CMGS: 0", "OK"]
    assert terminal.ask("AT+CSQ") == ["ERROR"]
    assert terminal.ask("AT+CSQ") == ["+CSQ: 21,99", "OK"]


@pytest.mark.parametrize(("taken", "count"), [(True, 1), (False, 0)])
def test_an_answer_can_be_lost(
    modem: EmulatedModem, terminal: Terminal, taken: bool, count: int
) -> None:
    """The driver hears nothing, whether or not the message was taken."""
    modem.faults.lose_answer("AT+CMGS", taken=taken)
    terminal.port.write(f"AT+CMGS={len(submit_pdu()) - 1}\r".encode())
    terminal.port.read_until(b"> ")
    terminal.port.write(submit_pdu().hex().encode() + b"\x1a")

    assert terminal.ask("AT") == ["OK"]
    assert len(modem.sent) == count


def test_lines_can_break_into_an_answer(
    modem: EmulatedModem, terminal: Terminal
) -> None:
    """An unsolicited line can come between the header of a message and its PDU."""
    modem.store_pdu(b"\x00")
    modem.faults.interject("AT+CMGR", "^RSSI: 20")

    terminal.port.write(b"AT+CMGR=1\r")
    lines = [terminal.line() for _ in range(4)]
    assert lines == ["+CMGR: 0,,0", "^RSSI: 20", "00", "OK"]


def test_the_prompt_can_stay_away(modem: EmulatedModem, terminal: Terminal) -> None:
    """Without a prompt the modem still waits for a PDU, until ESC."""
    modem.faults.no_prompt()
    terminal.port.write(b"AT+CMGS=20\r")

    assert terminal.silent()
    terminal.port.write(b"AT\r\x1b")
    assert terminal.answer() == ["OK"]


def test_answers_can_take_their_time(modem: EmulatedModem, terminal: Terminal) -> None:
    """A delayed answer comes late, before the answer to what was typed next."""
    modem.faults.delay("AT+CSQ", 2 * SILENCE_S)
    terminal.port.write(b"AT+CSQ\rAT+CFUN?\r")

    assert terminal.silent()
    assert terminal.answer() == ["+CSQ: 21,99", "OK"]
    assert terminal.answer() == ["+CFUN: 1", "OK"]


def test_the_radio_takes_its_time(modem: EmulatedModem, terminal: Terminal) -> None:
    """With a slow radio a message is taken when its answer comes, not before."""
    modem.set_speed(radio_s=2 * SILENCE_S)
    terminal.port.write(f"AT+CMGS={len(submit_pdu()) - 1}\r".encode())
    terminal.port.read_until(b"> ")
    terminal.port.write(submit_pdu().hex().encode() + b"\x1a")

    assert terminal.silent()
    assert modem.sent == []
    assert terminal.answer() == ["+CMGS: 0", "OK"]
    assert len(modem.sent) == 1


def test_a_modem_can_go_deaf(modem: EmulatedModem, terminal: Terminal) -> None:
    """A deaf modem says nothing, and answers again once the fault is cleared."""
    modem.faults.deaf = True
    terminal.port.write(b"AT\r")
    assert terminal.silent()
    modem.faults.clear()

    assert terminal.ask("AT") == ["OK"]


def test_garbage_is_written_as_it_is(modem: EmulatedModem, terminal: Terminal) -> None:
    """Any bytes can come over the cable, more of them than it holds at once."""
    noise = os.urandom(50_000)
    modem.garbage(noise)

    assert terminal.port.read(len(noise)) == noise
    assert terminal.ask("AT") == ["OK"]


def test_a_pulled_modem_comes_back_under_its_link(tmp_path: Path) -> None:
    """Unplugging hangs up; what was stored is there again behind the same link."""
    link = tmp_path / "modem"
    with EmulatedModem(link=link) as modem:
        assert modem.path == str(link)
        with Terminal(modem.path) as terminal:
            modem.deliver(MARIA, "kept")
            terminal.ask("AT")
            modem.unplug()
            with pytest.raises(serial.SerialException):
                terminal.port.read(1)
            assert not link.is_symlink()
        modem.replug()
        with Terminal(modem.path) as terminal:
            assert terminal.ask("AT+CMGL=4")[0].startswith("+CMGL: 1,0,")
        modem.replug(tmp_path / "other")
        assert modem.path == str(tmp_path / "other")
        assert not link.is_symlink()
    assert list(tmp_path.iterdir()) == []


def test_it_can_be_pulled_at_a_command(modem: EmulatedModem) -> None:
    """Instead of an answer the driver sees a hang-up, and texts stay stored."""
    with Terminal(modem.path) as terminal:
        modem.deliver(MARIA, "kept")
        modem.wait_stored(1)
        modem.faults.unplug("AT+CMGL")
        with pytest.raises(serial.SerialException):
            terminal.ask("AT+CMGL=4")
    modem.wait_unplugged()
    modem.replug()
    with Terminal(modem.path) as terminal:
        assert terminal.ask("AT+CMGL=4")[0].startswith("+CMGL: 1,0,")


def test_closing_leaves_nothing_behind() -> None:
    """After closing, its thread has ended and its files are closed."""
    threads, files = threading.active_count(), len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - a count is wanted
    for _ in range(3):
        with EmulatedModem() as modem, Terminal(modem.path) as terminal:
            terminal.ask("AT")
        modem.close()

    assert threading.active_count() == threads
    assert len(os.listdir("/proc/self/fd")) == files  # noqa: PTH208 - as above


def test_waiting_for_what_never_comes_ends(modem: EmulatedModem) -> None:
    """A wait gives up after its time instead of hanging a test."""
    modem.deliver(MARIA, "nobody reads this")
    with pytest.raises(TimeoutError):
        modem.wait_sent(1, timeout_s=0.01)
    with pytest.raises(TimeoutError):
        modem.wait_texts(1, timeout_s=0.01)
    with pytest.raises(TimeoutError):
        modem.wait_empty(timeout_s=0.01)
    with pytest.raises(TimeoutError):
        modem.wait_stored(2, timeout_s=0.01)
    with pytest.raises(TimeoutError):
        modem.wait_unplugged(timeout_s=0.01)


COMMANDS = st.sampled_from(["+CMGS", "+CPMS", "+CMGD", "+CNMI", "+CPIN", "+CUSD", "E"])


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.binary(max_size=60),
            st.builds(
                lambda name, rest: f"AT{name}={rest}\r".encode(),
                COMMANDS,
                st.text(st.characters(codec="latin-1"), max_size=20),
            ),
        ),
        max_size=8,
    )
)
def test_no_bytes_silence_it(pieces: list[bytes]) -> None:
    """Whatever is typed, an escape and an AT bring it back."""
    with EmulatedModem() as modem, serial.Serial(modem.path, timeout=5) as port:
        port.write(b"".join(pieces))
        port.write(b"\x1b\rATE0\r\x1b\rAT+GSN\r")

        assert port.read_until(b"490154203237518\r\n\r\nOK\r\n").endswith(b"OK\r\n")


# By hand


def test_it_runs_by_hand(tmp_path: Path) -> None:
    """A person gets a port, types texts, and sees what the driver answers."""
    link = tmp_path / "modem"
    out = io.StringIO()

    def typed() -> Iterator[str]:
        yield f"{MARIA} PAY 5 70005678\n"
        with Terminal(str(link)) as terminal:
            [_, pdu, _] = terminal.ask("AT+CMGL=4")
            message = decode(bytes.fromhex(pdu))
            assert isinstance(message, Deliver)
            assert message.text == "PAY 5 70005678"
            terminal.submit(submit_pdu("Pagaste $5.00"))
            terminal.ask("AT")
        yield "what?\n"
        yield "?! what\n"

    assert main(["--link", str(link)], typed(), out) == 0
    port, _, *rest = out.getvalue().splitlines()
    assert port == f"port = {link}"
    assert rest[0] == f"{PEDRO} < Pagaste $5.00"
    assert rest[1].startswith("Type NUMBER TEXT")


def test_by_hand_it_is_whatever_modem_is_wanted(tmp_path: Path) -> None:
    """Two can be told apart by IMEI, and the credit of its SIM is read and used up."""
    link, out = tmp_path / "modem", io.StringIO()

    def typed() -> Iterator[str]:
        with Terminal(str(link)) as terminal:
            assert terminal.ask("AT+CGSN")[0] == "356938035643809"
            terminal.submit(submit_pdu("Pagaste $5.00"))
            terminal.ask('AT+CUSD=1,"*567#",15')
            assert "$ 0.95." in terminal.line()
        yield "bye\n"

    options = ["--link", str(link), "--imei", "356938035643809", "--airtime", "1.00"]
    assert main(options, typed(), out) == 0

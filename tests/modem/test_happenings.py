"""The emulated modem tells at once when a text is listed, deleted or typed.

Crash tests shoot a daemon between two such steps, so each must be told when it happens
and not when its answer is out.
"""

from __future__ import annotations

from modem.pdu import encode_submit
from modem.simulator import EmulatedModem, Happening, What
from tests.modem.test_simulator import PEDRO, Terminal


def watched(modem: EmulatedModem) -> list[Happening]:
    """Return what will be told."""
    told: list[Happening] = []
    modem.on_happening(told.append)
    return told


def test_each_step_of_a_text_is_told_with_its_bytes() -> None:
    """Listed, read alone and deleted: each names the PDU that lay in the slot."""
    with EmulatedModem() as modem, Terminal(modem.path) as person:
        told = watched(modem)
        index = modem.store_pdu(bytes.fromhex("0000"))
        other = modem.store_pdu(bytes.fromhex("0011"))
        person.ask("AT+CMGL=4")
        person.ask(f"AT+CMGR={other}")
        person.ask(f"AT+CMGD={index}")
        person.ask(f"AT+CMGD={index}")
        person.ask("AT+CMGD=1,4")

    assert [(one.what, one.pdu.hex()) for one in told] == [
        (What.listed, "0000"),
        (What.listed, "0011"),
        (What.listed, "0011"),
        (What.deleted, "0000"),
        (What.deleted, "0011"),
    ]


def test_a_typed_pdu_is_told_before_the_radio_has_had_its_time() -> None:
    """What is on its way is known while the network has not taken it yet."""
    (submit,) = encode_submit(PEDRO, "hola", reference=1)
    with EmulatedModem(radio_s=0.2) as modem, Terminal(modem.path) as person:
        taken_before: list[int] = []
        modem.on_happening(lambda _: taken_before.append(len(modem.sent)))
        told = watched(modem)
        person.submit(submit.pdu)

        assert taken_before == [0]
        assert len(modem.sent) == 1
    assert [(one.what, one.pdu) for one in told] == [(What.typed, submit.pdu)]


def test_what_the_driver_has_not_read_is_counted() -> None:
    """Bytes written and bytes unread tell whether an answer has been looked at."""
    with EmulatedModem() as modem, Terminal(modem.path) as person:
        before = modem.written
        person.port.write(b"AT\r")
        # Its first byte is waited for and stays where it is.
        while not person.port.in_waiting:
            pass
        answer = modem.written - before
        assert 0 < modem.unread <= answer
        person.answer()
        assert modem.unread == 0
        assert modem.written - before == len("\r\nOK\r\n")
    assert (modem.written, modem.unread) == (0, 0)

"""Noise among the texts: MMS notices, letters that are none, notices of nothing.

Nobody is answered for it and no payment waits for it; staff find it in the quarantine,
with a sentence and without its words.
"""

from __future__ import annotations

import random  # noqa: TID251 - the same noise each time
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from modem.pdu import encode_deliver
from tests.flows.test_trouble import link_is, pays
from tests.flows.town import CANARY

if TYPE_CHECKING:
    from modem.simulator import Happening
    from tests.flows.town import Town

_SMSC = "+50370000000"
_PROGRAM = "this message is for a program and not for a person"
#: A WAP push from port 9200 to port 2948, where phones fetch MMS (WAP-259, WAP-230).
_PORTS = bytes.fromhex("05040B8423F0")
_PUSH = (
    bytes.fromhex(
        "0106226170706C69636174696F6E2F766E642E7761702E6D6D732D6D657373616765"
    )
    + bytes.fromhex("00AF848C82985431323334008D908901818A808E0207D08805810303F480")
    + b"\x83http://mms.example/?T1234\0"
)
_DATA = 0x04
_UCS2 = 0x08


def pdu_of(
    town: Town, sender: str, data: bytes, *, dcs: int, header: bytes = b""
) -> bytes:
    """Return a message as the network brings it, whatever it holds."""
    now = town.clock.now()
    (letter,) = encode_deliver(sender, "x", sent_at=now, smsc=_SMSC)
    user = (bytes([len(header)]) + header if header else b"") + data
    first = 1 + letter[0]
    head = bytearray(letter[:-2])
    head[first] |= 0x40 if header else 0
    # Its coding stands before the time, which takes seven octets.
    head[-8] = dcs
    return bytes(head) + bytes([len(user)]) + user


def reasons(town: Town) -> list[str]:
    """Return what the quarantine says of each piece, oldest first."""
    listed = town.told("quarantine", "list")["quarantine"]
    return [str(row["reason"]) for row in reversed(listed)]


def test_a_picture_is_put_aside_and_nobody_is_answered(town: Town) -> None:
    """The notice of an MMS, in one SMS and in two, from a member and from a service."""
    juan = town.people["Juan"].phone
    middle = len(_PUSH) // 2
    parts = [
        (_PUSH[:middle], _PORTS + bytes([0, 3, 9, 2, 1])),
        (_PUSH[middle:], _PORTS + bytes([0, 3, 9, 2, 2])),
    ]
    for sender in (juan, "2525", "+50370001111"):
        push = pdu_of(town, sender, _PUSH, dcs=_DATA, header=_PORTS)
        town.modem.deliver_pdu(push)
    pays(town, "1.00")
    for data, header in parts:
        town.modem.deliver_pdu(pdu_of(town, juan, data, dcs=_DATA, header=header))
    pays(town, "2.00")
    town.modem.wait_empty()
    # Its parts wait for nothing that could be given up half an hour later.
    town.clock.forward(minutes=31)
    pays(town, "3.00")
    assert all(map(town.nothing_for, ("Juan", "Rosa", "2525", "+50370001111")))
    assert reasons(town) == [_PROGRAM] * 5
    link_is(town, "up")

    code, said = town.shell("quarantine", "reread", "1")
    assert (code, said) == (1, f"It cannot be read: {_PROGRAM}.\n")
    _, said = town.shell("quarantine", "list")
    assert "http" not in said
    assert len(reasons(town)) == 5


@pytest.mark.parametrize(
    ("lone", "answer"),
    [
        ("d83d", "No hay nada escrito en su mensaje."),
        ("de00d83d", "No hay nada escrito en su mensaje."),
        ("0068006fd83d006c0061", "No conozco "),
    ],
)
def test_half_a_letter_is_answered_like_any_word(
    town: Town, lone: str, answer: str
) -> None:
    """UCS-2 that is no UTF-16: kept, shown to staff, answered once."""
    juan = town.people["Juan"].phone
    town.modem.deliver_pdu(pdu_of(town, juan, bytes.fromhex(lone), dcs=_UCS2))
    assert town.hears("Juan").startswith(answer)
    assert town.nothing_for("Juan")
    assert "answered" in town.shell("inbox", "list")[1]
    assert reasons(town) == []


def test_letters_cut_short_are_put_aside(town: Town) -> None:
    """An odd number of octets is no UCS-2; nothing of it is paid or answered."""
    code = town.people["Rosa"].code
    words = f"PAGAR {code} 5.00 {CANARY}".encode("utf-16-be")
    juan = town.people["Juan"].phone
    town.modem.deliver_pdu(pdu_of(town, juan, words[:-1], dcs=_UCS2))
    pays(town, "1.00")
    assert town.nothing_for("Juan")
    assert reasons(town) == ["a UCS-2 text ends within a character"]
    assert town.balance("Rosa") == "1.00"


def test_noise_in_the_middle_of_reading_and_sending_spoils_nothing(town: Town) -> None:
    """Bytes of no alphabet while a text is listed, deleted and answered."""
    noise = random.Random(7)

    def crackle(_: Happening) -> None:
        said = noise.randbytes(200).translate(None, b"\r\n>0123456789ABCDEFabcdef")
        town.modem.garbage(b"\r\n\xff\xfe\xe9" + said + b"\r\n")

    town.modem.on_happening(crackle)
    for number in range(1, 11):
        pays(town, f"{number}.00")
    assert all(map(town.nothing_for, ("Juan", "Rosa")))
    assert town.balance("Rosa") == "55.00"
    assert reasons(town) == []


def test_a_storm_of_notices_makes_one_text_one(town: Town) -> None:
    """Told a thousand times of what is there, and of what never was."""
    sent_at = town.clock.now() - timedelta(seconds=1)
    town.says("Juan", f"PAGAR {town.people['Rosa'].code} 5.00 {CANARY}", sent_at)
    for number in range(1_000):
        town.modem.say(f'+CMTI: "ME",{number % 40}', '+CMTI: "SM",1', "+CMTI: junk")
        town.modem.say('+CDSI: "SR",3', "^RSSI: 12", "+CREG: 1", "RING")
    assert town.hears("Juan").startswith("PAGO OK 5.00")
    assert town.hears("Rosa").startswith("Red: RECIBIO 5.00")
    pays(town, "1.00")
    assert all(map(town.nothing_for, ("Juan", "Rosa")))
    assert town.balance("Rosa") == "6.00"
    link_is(town, "up")

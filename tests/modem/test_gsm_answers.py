"""Promises on reading a modem: makes differ, lines get lost, notices come anywhere."""

from __future__ import annotations

import pytest
from gsmmodem.exceptions import CmeError, CmsError, CommandError, PinRequiredError
from hypothesis import given
from hypothesis import strategies as st

from modem.gsm import at
from modem.gsm.notices import Notices
from modem.gsm.past import Past
from modem.gsm.shelf import Shelf
from modem.link import Incoming
from tests.modem.rig import FAST, StoppedClock, delivered

PDU = delivered("PAY 5 70005678")[0]
HEX = PDU.hex().upper()
LENGTH = len(PDU) - 1 - PDU[0]


def entries(lines: list[str]) -> list[tuple[int, bytes | None, bool]]:
    """What a listing holds, as plain values."""
    return [(found.index, found.pdu, found.sound) for found in at.listing(lines)]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([f"+CMGL: 1,0,,{LENGTH}", HEX], [(1, PDU, True)]),
        ([f"+CMGL: 1,1,{LENGTH}", HEX], [(1, PDU, True)]),
        ([f'+CMGL: 1,1,"Maria, S",{LENGTH}', HEX.lower()], [(1, PDU, True)]),
        ([f"+CMGL:7,1,,{LENGTH}", "^RSSI: 3", HEX], [(7, PDU, True)]),
        ([f"+CMGL: 1,0,,{LENGTH}", HEX[:-2]], [(1, PDU[:-1], False)]),
        (
            [f"+CMGL: 1,0,,{LENGTH}", f"+CMGL: 2,0,,{LENGTH}", HEX],
            [(1, None, False), (2, PDU, True)],
        ),
        ([f"+CMGL: 1,0,,{LENGTH}", HEX[:-1]], [(1, None, False)]),
        (["+CMGL: 1,0,,0"], [(1, b"", True)]),
        ([HEX], []),
        ([], []),
    ],
)
def test_listings_are_read_by_their_headers(
    lines: list[str], expected: list[tuple[int, bytes | None, bool]]
) -> None:
    """No message gets the index of another, and what is cut off is known to be."""
    assert entries(lines) == expected


@pytest.mark.parametrize(
    ("line", "readable", "receiving"),
    [
        (
            '+CPMS: ("ME","SM","SR"),("ME","SM"),("ME","SM")',
            ["ME", "SM", "SR"],
            ["ME", "SM"],
        ),
        ('+CPMS: ("SM","BM","SR"),("SM")', ["SM", "BM", "SR"], ["SM", "BM", "SR"]),
        ('+CPMS:("SM"),("SM"),("SM")', ["SM"], ["SM"]),
        ("+CPMS: ", [], []),
    ],
)
def test_memories_are_read(
    line: str, readable: list[str], receiving: list[str]
) -> None:
    """As makes of modems write them."""
    assert at.memories(["^RSSI: 1", line]) == (readable, receiving)


@pytest.mark.parametrize(
    ("final", "error", "code"),
    [
        ("+CMS ERROR: 500", CmsError, 500),
        ("+CMS ERROR:38", CmsError, 38),
        ("+CME ERROR: 100", CmeError, 100),
        ("+CME ERROR: 11", PinRequiredError, 11),
        ("+CME ERROR: SIM busy", CommandError, None),
        ("ERROR", CommandError, None),
        ("COMMAND NOT SUPPORT", CommandError, None),
    ],
)
def test_final_lines_raise_the_librarys_errors(
    final: str, error: type[CommandError], code: int | None
) -> None:
    """With the number, and with the name of the command but not its PIN."""
    assert at.is_final(final)
    with pytest.raises(error) as raised:
        at.raise_for('AT+CPIN="1234"', final)

    assert raised.value.code == code
    assert "1234" not in str(raised.value)


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("+CREG: 0,1", 1),
        ("+CREG: 2,5,00C3,0A1B", 5),
        ('+CREG: 2,1,"00C3","0A1B",7', 1),
        ("+CREG: 2", 2),
        ('+CREG: 1,"00C3","0A1B"', 1),
        ("+CREG: ", None),
    ],
)
def test_registration_is_read_asked_and_unasked(line: str, status: int | None) -> None:
    """Answers tell the mode first, notices do not."""
    assert at.registration(line) == status


@pytest.mark.parametrize(
    ("told", "dbm"), [("0,99", -113), ("21,99", -71), ("31,0", -51), ("99,99", None)]
)
def test_the_signal_is_told_in_dbm(told: str, dbm: int | None) -> None:
    """99 means that it is not known."""
    assert at.signal_dbm([f"+CSQ: {told}"]) == dbm


@given(st.lists(st.binary(max_size=40), max_size=20))
def test_any_bytes_make_lines(pieces: list[bytes]) -> None:
    """However they come in pieces, the same lines come out, and none is empty."""
    piecewise, at_once = at.Lines(), at.Lines()
    lines = [line for piece in pieces for line in piecewise.feed(piece)]

    assert lines == at_once.feed(b"".join(pieces))
    assert all(lines)


def test_notices_are_told_from_answers() -> None:
    """What was asked for is an answer; the same words unasked are a notice."""
    notices = Notices()

    assert not notices.heard("+CREG: 0,1", "+CREG")
    assert notices.heard("+CREG: 1")
    assert notices.heard('+CMTI: "ME",3')
    assert notices.heard('+CDSI: "SR",1')
    assert not notices.heard("^CVOICE: 0", "^CVOICE")
    assert not notices.heard("+CLIP", "+CLAC")
    assert not notices.heard("490154203237518", "+CGSN")
    assert (notices.registration, notices.memories) == (1, {"ME", "SR"})


def test_a_message_shown_at_once_is_not_taken_from_a_listing() -> None:
    """Its length tells which PDU is whose."""
    notices = Notices()

    assert notices.heard(f"+CMT: ,{LENGTH}", "+CMGL")
    assert notices.heard(HEX, "+CMGL")
    assert notices.heard(f"+CDS: {LENGTH + 1}", "+CMGL")
    assert not notices.heard(HEX, "+CMGL")
    assert list(notices.direct) == [PDU]


def shelf() -> Shelf:
    """An empty one."""
    return Shelf("gsm", FAST, StoppedClock(), past=Past(FAST), under_way=set())


def test_a_message_that_came_through_cut_off_is_read_again() -> None:
    """A bad cable deletes nothing: only what is listed twice alike is believed."""
    cut = [at.Listed(index=1, pdu=PDU[:-1], sound=False)]
    whole = [at.Listed(index=1, pdu=PDU, sound=True)]
    one, other = shelf(), shelf()
    one.listed("ME", 10, cut)
    other.listed("ME", 10, cut)

    assert one.offers() == other.offers() == []
    one.listed("ME", 10, whole)
    other.listed("ME", 10, cut)
    assert [type(offer.what).__name__ for offer in one.offers()] == ["Incoming"]
    assert [type(offer.what).__name__ for offer in other.offers()] == ["Noise"]


def test_a_slot_that_never_shows_its_message_is_noise() -> None:
    """It is listed a few times first."""
    memory = shelf()
    for _ in range(2):
        memory.listed("ME", 10, [at.Listed(index=1, pdu=None, sound=False)])
        assert memory.offers() == []
    memory.listed("ME", 10, [at.Listed(index=1, pdu=None, sound=False)])

    assert [type(offer.what).__name__ for offer in memory.offers()] == ["Noise"]


def test_a_message_that_was_seen_once_is_not_lost_to_a_bad_cable() -> None:
    """However often its slot is listed without it later."""
    memory = shelf()
    memory.listed("ME", 10, [at.Listed(index=1, pdu=PDU, sound=True)])
    for _ in range(5):
        memory.listed("ME", 10, [at.Listed(index=1, pdu=None, sound=False)])

    [offer] = memory.offers()
    assert isinstance(offer.what, Incoming)
    assert offer.what.text == "PAY 5 70005678"


def test_a_slot_is_handed_out_for_deletion_once() -> None:
    """And not at all when another message lies in it by then."""
    memory = shelf()
    other = delivered("BAL")[0]
    memory.listed("ME", 10, [at.Listed(index=1, pdu=PDU, sound=True)])
    [offer] = memory.offers()
    memory.listed("ME", 10, [at.Listed(index=1, pdu=other, sound=True)])
    memory.settle(offer, kept=True)
    assert memory.next_deletion("ME") is None

    [offer] = memory.offers()
    memory.settle(offer, kept=True)
    memory.settle(offer, kept=True)
    assert memory.next_deletion("ME") == ("ME", 1)
    memory.forget(("ME", 1))
    assert memory.next_deletion("ME") is None

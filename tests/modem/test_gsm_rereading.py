"""Promises on what was put aside: read again, it is what it would have been at once."""

from __future__ import annotations

from datetime import timedelta

from modem.gsm import GsmLink, GsmSettings
from modem.link import Incoming, Noise, Report, Rereads
from modem.pdu import encode_status_report
from tests.modem.rig import MARIA, NOON, StoppedClock, delivered

LONG = "PAGAR 12340 5.00 739154 POR " + "pan dulce y cafe " * 10


def kept(pdu: bytes) -> Noise:
    """Put aside what an earlier reader could not read; where it was cut is chance."""
    return Noise(link="gsm", reason="of then", head=pdu[:9], body=pdu[9:])


def link(minutes: int = 0) -> GsmLink:
    """Build a link that is not running."""
    settings = GsmSettings(port="/dev/null", time_offset_minutes=minutes)
    made = GsmLink(name="gsm", settings=settings, clock=StoppedClock())
    assert isinstance(made, Rereads)
    return made


def test_a_text_is_what_it_was() -> None:
    """Sender, words, and the time when the network took it, zone corrected."""
    found = link(60).reread([kept(delivered("SALDO")[0])])

    assert isinstance(found.what, Incoming)
    assert (found.what.sender, found.what.text) == (MARIA, "SALDO")
    assert found.what.sent_at == NOON + timedelta(hours=1)
    assert found.used == (0,)


def test_its_key_is_that_of_the_text_itself() -> None:
    """Delivered again by the network it is known to be the same."""
    pdus = delivered("SALDO") + delivered("SALDO", smsc="+50399999999")
    keys = {link().reread([kept(pdu)]).what.key for pdu in pdus}  # type: ignore[union-attr]
    assert len(keys) == 1


def test_a_report_is_a_report() -> None:
    """It names the reference and the phone."""
    pdu = encode_status_report(
        recipient=MARIA, reference=7, sent_at=NOON, discharged_at=NOON
    )
    found = link().reread([kept(pdu)])

    assert isinstance(found.what, Report)
    assert (found.what.reference, found.what.to) == ("7", MARIA)


def test_all_parts_make_the_text() -> None:
    """Whatever else lies there, and in whatever order, each part used up."""
    first, second = delivered(LONG, reference=7)
    other, _ = delivered(LONG, reference=8)
    noises = [kept(pdu) for pdu in (second, b"\xff", other, first, second)]
    found = link().reread(noises)

    assert isinstance(found.what, Incoming)
    assert (found.what.text, found.used) == (LONG, (0, 3, 4))


def test_a_part_alone_is_no_text() -> None:
    """Nothing is done for it, and the reason counts what is there."""
    first, _ = delivered(LONG)
    found = link().reread([kept(first)])

    assert isinstance(found.what, Noise)
    assert found.what.reason == "only 1 of the 2 parts of its text are here"
    assert (found.what.head + found.what.body, found.used) == (first, ())


def test_a_text_that_is_too_long_stays() -> None:
    """It would have been refused at its first part."""
    parts = delivered("x" * 600)
    found = link().reread([kept(pdu) for pdu in parts])

    assert isinstance(found.what, Noise)
    assert found.what.reason == "it is one of 4 parts of a text that is too long"


def test_noise_stays_noise() -> None:
    """With the reason of today, which quotes nothing."""
    found = link().reread([kept(b"\xff" * 12)])

    assert isinstance(found.what, Noise)
    assert found.what.reason != "of then"
    assert found.used == ()

"""Two other programs read what we write, and we read what they write.

python-gammu judges texts to be sent and python-messaging received ones and reports.
What both get wrong (Spanish letters, `*` and `#` in senders) is left to the tables of
`test_pdu`.
"""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import gammu
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from messaging.sms import SmsDeliver, SmsSubmit

from modem.pdu import (
    Deliver,
    decode,
    decode_submit,
    encode_deliver,
    encode_status_report,
    encode_submit,
    join,
)
from modem.text import fold, is_gsm, split

PEER = settings(derandomize=True, deadline=None, max_examples=120)

letters = "".join(chr(n) for n in range(0x20, 0x17F)) + "€ΔΦΓΛΩΠΨΣΘΞ\n"
gsm_texts = st.text(
    alphabet="".join(c for c in letters if is_gsm(c)), min_size=1, max_size=330
)
ucs2_texts = st.text(alphabet="aáíñ😀5 €", min_size=1, max_size=150).map("í".__add__)
texts = gsm_texts | ucs2_texts
numbers = st.integers(10**6, 10**14).map(lambda number: f"+{number}")
names = st.text(alphabet="ABCDEFxyz &", min_size=1, max_size=11)
bits = st.sampled_from([8, 16])
zones = st.integers(-48, 56).map(lambda n: timezone(timedelta(minutes=15 * n)))
times = st.builds(
    lambda seconds, zone: (
        datetime(2001, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    ).astimezone(zone),
    st.integers(0, 60 * 365 * 86_400),
    zones,
)


def gammu_text(message: dict[str, Any]) -> str:
    """The text gammu read; it leaves zeros behind it."""
    return str(message["Text"]).split("\0")[0]


@given(numbers, texts, bits, st.integers(0, 255))
@PEER
def test_gammu_reads_what_we_send(
    to: str, text: str, size: int, reference: int
) -> None:
    """Gammu finds our number, our text and our numbering of the parts."""
    submits = encode_submit(to, text, reference=reference, reference_bits=size)
    read = [gammu.DecodePDU(submit.pdu, True) for submit in submits]
    assert "".join(map(gammu_text, read)) == text
    assert {message["Number"] for message in read} == {to}
    if len(read) > 1:
        key = f"ID{size}bit"
        assert [message["UDH"][key] for message in read] == [reference] * len(read)
        places = [message["UDH"]["PartNumber"] for message in read]
        assert places == list(range(1, len(read) + 1))


@given(numbers, texts)
@PEER
def test_we_read_what_gammu_sends(to: str, text: str) -> None:
    """We read gammu's parts, and cut long texts into as many."""
    entry = {"ID": "ConcatenatedTextLong", "Buffer": text}
    unicode = not is_gsm(text)
    info = {"Class": -1, "Unicode": unicode, "Entries": [entry]}
    parts = gammu.EncodeSMS(info)
    for part in parts:
        part["Number"], part["SMSC"] = to, {"Number": "+50377"}
    read = [decode_submit(gammu.EncodePDU(part)) for part in parts]
    assert join(read) == text
    assert {submission.to for submission in read} == {to}
    assert len(read) == len(split(text))


@given(numbers | names, texts, times, bits)
@PEER
def test_gammu_reads_what_our_network_delivers(
    sender: str, text: str, sent_at: datetime, size: int
) -> None:
    """Gammu finds sender, time and text in what an emulated network delivers."""
    pdus = encode_deliver(sender, text, sent_at=sent_at, reference_bits=size)
    read = [gammu.DecodePDU(pdu, True) for pdu in pdus]
    assert "".join(map(gammu_text, read)) == text
    assert {message["Number"] for message in read} == {sender}
    assert {message["DateTime"] for message in read} == {sent_at}


@given(numbers | names, texts, times, bits)
@PEER
def test_messaging_reads_what_our_network_delivers(
    sender: str, text: str, sent_at: datetime, size: int
) -> None:
    """python-messaging and we agree on every received text."""
    for pdu in encode_deliver(sender, text, sent_at=sent_at, reference_bits=size):
        ours, theirs = decode(pdu), SmsDeliver(pdu.hex().upper())
        assert isinstance(ours, Deliver)
        # It leaves an emoji in two halves.
        units = theirs.text.encode("utf-16-le", "surrogatepass")
        assert units.decode("utf-16-le") == ours.fragment
        assert theirs.number == ours.sender
        assert ours.sent_at is not None
        assert theirs.date == ours.sent_at.replace(tzinfo=None)


@given(numbers, texts.filter(lambda text: "😀" not in text))
@PEER
def test_we_read_what_messaging_sends(to: str, text: str) -> None:
    """We read python-messaging's parts."""
    pdus = [bytes.fromhex(part.pdu) for part in SmsSubmit(to, text).to_pdu()]
    read = [decode_submit(pdu) for pdu in pdus]
    assert join(read) == text
    assert {submission.to for submission in read} == {to}


@given(numbers, times, times, st.sampled_from([0x00, 0x01, 0x30, 0x46, 0x63]))
@PEER
def test_reports_are_read_alike(
    to: str, sent_at: datetime, at: datetime, code: int
) -> None:
    """Both programs find our times and codes in a delivery report."""
    pdu = encode_status_report(
        reference=9, recipient=to, sent_at=sent_at, discharged_at=at, code=code
    )
    messaging = SmsDeliver(pdu.hex().upper()).sr
    assert messaging == {
        "recipient": to,
        "scts": sent_at.replace(tzinfo=None),
        "dt": at.replace(tzinfo=None),
        "status": code,
    }
    read = gammu.DecodePDU(pdu, True)
    assert (read["Number"], read["MessageReference"]) == (to, 9)
    assert (read["DateTime"], read["SMSCDateTime"]) == (sent_at, at)
    assert read["DeliveryStatus"] == code


@pytest.mark.parametrize("text", ["Recibió $5 de María", "¿Sí? ¡NO!", "10–20 “ñ”"])
def test_folded_texts_cost_one_segment_elsewhere(text: str) -> None:
    """Gammu, too, sends a folded text in the GSM alphabet, unchanged."""
    folded = fold(text)
    read = gammu.DecodePDU(encode_submit("+50370001234", folded)[0].pdu, True)
    assert read["Coding"] == "Default_No_Compression"
    assert gammu_text(read) == folded

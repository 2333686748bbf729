"""No bytes surprise the codec, and what it writes it reads: random trials."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given, settings
from hypothesis import strategies as st

from modem.pdu import (
    BadPdu,
    Deliver,
    StatusReport,
    Submission,
    content_key,
    decode,
    decode_submit,
    encode_deliver,
    encode_status_report,
    encode_submit,
    join,
)

FAST = settings(derandomize=True, deadline=None, max_examples=120)

texts = st.one_of(
    st.text(alphabet="PAGA 12.50@€[]ñé§\f", max_size=330),
    st.text(alphabet="aáí😀 5", max_size=150),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=80),
)
international = st.integers(1, 10**15).map(lambda number: f"+{number}")
numbers = international | st.text(alphabet="0123456789*#", min_size=1, max_size=6)
names = st.text(alphabet="ABC xyz@&", min_size=1, max_size=11)
bits = st.sampled_from([8, 16])
references = st.integers(0, 70_000)
FIRST = datetime(2000, 1, 2, tzinfo=UTC)
SECONDS = 99 * 365 * 86_400
zones = st.integers(-48, 56).map(lambda n: timezone(timedelta(minutes=15 * n)))
times = st.builds(
    lambda seconds, zone: (FIRST + timedelta(seconds=seconds)).astimezone(zone),
    st.integers(0, SECONDS),
    zones,
)
NOON = datetime(2026, 11, 24, 12, 0, 0, tzinfo=UTC)
SEEDS = [
    *encode_deliver("+50370001234", "PAGA 12.50 20417", sent_at=NOON, smsc="+50377"),
    *encode_deliver("TIGO", "€" * 100, sent_at=NOON, reference_bits=16),
    *encode_deliver("2222", "hola á 😀", sent_at=NOON, flash=True),
    *encode_deliver("2222", "ó" * 80, sent_at=NOON),
    encode_status_report(
        reference=1, recipient="+50370001234", sent_at=NOON, discharged_at=NOON
    ),
    *[submit.pdu for submit in encode_submit("+50370001234", "ñ" * 170)],
]


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A real PDU with some octets changed, cut off or added."""
    pdu = bytearray(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(0, 4))):
        pdu[draw(st.integers(0, min(40, len(pdu) - 1)))] = draw(st.integers(0, 255))
    kept = draw(st.one_of(st.just(len(pdu)), st.integers(0, len(pdu))))
    return bytes(pdu[:kept]) + draw(st.binary(max_size=4))


def outcome(
    read: Callable[[bytes], Deliver | StatusReport | Submission], pdu: bytes
) -> Deliver | StatusReport | Submission | None:
    """What is read, or None for a BadPdu, which must hold all octets."""
    try:
        return read(pdu)
    except BadPdu as bad:
        held = bad.head + bad.body
    assert held == pdu
    return None


def check(pdu: bytes) -> None:
    """Decode as both directions; nothing but BadPdu may come out."""
    for message in (outcome(decode, pdu), outcome(decode_submit, pdu)):
        assert repr(message)
        if isinstance(message, Deliver | Submission):
            assert message.text.encode() is not None
        if isinstance(message, Deliver):
            assert content_key(message)
            assert message.sent_at is None or message.sent_at.tzinfo is UTC


@given(st.binary(max_size=200))
@FAST
def test_random_bytes(pdu: bytes) -> None:
    """Any bytes are a message or a BadPdu that holds them all."""
    check(pdu)


@given(mutated())
@settings(derandomize=True, deadline=None, max_examples=1000)
def test_damaged_messages(pdu: bytes) -> None:
    """A damaged message is a message or a BadPdu that holds it all."""
    check(pdu)


def test_every_prefix_of_a_message() -> None:
    """A message cut anywhere is a BadPdu, however it is cut."""
    for pdu in SEEDS:
        for end in range(len(pdu)):
            check(pdu[:end])


@given(numbers | names, texts, times, references, bits, st.booleans())
@FAST
def test_deliver_round_trip(
    sender: str, text: str, sent_at: datetime, reference: int, size: int, flash: bool
) -> None:
    """A text of any length comes back letter for letter, with its sender and time."""
    pdus = encode_deliver(
        sender,
        text,
        sent_at=sent_at,
        reference=reference,
        reference_bits=size,
        flash=flash,
        smsc="+50377",
    )
    parts = [decode(pdu) for pdu in pdus]
    read = [part for part in parts if isinstance(part, Deliver)]
    assert join(read) == text
    for number, part in enumerate(read, 1):
        assert part.sender == sender
        assert part.sent_at == sent_at
        assert part.flash is flash
        assert part.concat is None or (
            part.concat.reference == reference % (1 << size)
            and part.concat.bits == size
            and (part.concat.number, part.concat.total) == (number, len(pdus))
        )
        assert (part.concat is None) == (len(pdus) == 1)


@given(numbers, texts, references, bits, st.booleans(), st.integers(0, 10**7))
@FAST
def test_submit_round_trip(
    to: str, text: str, reference: int, size: int, report: bool, validity_s: int
) -> None:
    """The network reads what was sent, and keeps trying at least as long as asked."""
    submits = encode_submit(
        to,
        text,
        reference=reference,
        reference_bits=size,
        report=report,
        validity_s=validity_s,
    )
    read = [decode_submit(submit.pdu) for submit in submits]
    assert join(read) == text
    for submit, part in zip(submits, read, strict=True):
        assert (part.to, part.report) == (to, report)
        assert part.validity_s is not None
        assert part.validity_s >= validity_s
        assert len(submit.pdu) == submit.length + 1
        assert len(part.user_data) <= 140


@given(numbers, times, st.none() | times, st.integers(0, 255), st.integers(0, 255))
@FAST
def test_report_round_trip(
    to: str, sent_at: datetime, at: datetime | None, code: int, reference: int
) -> None:
    """A delivery report keeps its number, its times and its code."""
    pdu = encode_status_report(
        reference=reference,
        recipient=to,
        sent_at=sent_at,
        discharged_at=at,
        code=code,
    )
    report = decode(pdu)
    assert isinstance(report, StatusReport)
    assert (report.recipient, report.reference, report.code) == (to, reference, code)
    assert (report.sent_at, report.discharged_at) == (sent_at, at)

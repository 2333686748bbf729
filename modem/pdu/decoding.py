"""From bytes to values: what a modem lists, and what a modem is told to send.

What comes in: a PDU, SMSC address first. What goes out: a `Deliver` or `StatusReport`
(`Submission` for the emulated network), or a `BadPdu` that holds the bytes in two
pieces. Lengths are enforced: what follows the user data is no text, and a length that
promises more than there is makes the message bad. The fields are read in
`modem.pdu.fields` and `modem.pdu.header`; the driver `modem.gsm` assembles the parts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from modem.link import ReportStatus
from modem.pdu.fields import (
    Coding,
    Octets,
    coding,
    read_address,
    read_service_centre,
    read_validity,
    timestamp,
    unpack,
)
from modem.pdu.header import Header, read_header
from modem.pdu.values import (
    BadPdu,
    Concat,
    Deliver,
    NotText,
    StatusReport,
    Submission,
    whole,
)
from modem.text import ESCAPE, NotGsm, from_septets, to_septets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_T = TypeVar("_T")
_MTI = 0b11
_SUBMIT = 0b01
_STATUS_REPORT = 0b10
_SRR = 0x20
_UDHI = 0x40
_SEPTETS_MAX = 160
_OCTETS_MAX = 140


def decode(pdu: bytes) -> Deliver | StatusReport:
    """Read one stored message.

    Raises:
        NotText: it is for a program: 8-bit data, addressed to a port, or compressed.
        BadPdu: it is no message.
    """
    return _guarded(pdu, _received)


def decode_submit(pdu: bytes) -> Submission:
    """Read what a driver wrote after `AT+CMGS`; raises BadPdu as `decode` does."""
    return _guarded(pdu, _submission)


def join(parts: Iterable[Deliver | Submission]) -> str:
    """Return the text of all parts, handed over in order.

    Characters that were cut between two parts are whole again.
    """
    fragments: list[str] = []
    for part in parts:
        fragment = part.fragment
        if fragments and fragments[-1].endswith("\x1b"):
            # Some phones cut an escape from its letter.
            fragments[-1] = fragments[-1][:-1]
            fragment = _escaped(fragment)
        fragments.append(fragment)
    return whole(fragments)


def content_key(*parts: Deliver) -> bytes:
    """Bytes that are equal exactly when the network delivers the same text again.

    Originator, SCTS, PID, DCS and user data of each part; never the slot, the service
    centre or TP-MMS, which differ in a redelivery. Digests of them are kept for years,
    so their form must not change. They contain the text.
    """
    return b"".join([_length_first(field) for p in parts for field in _key_fields(p)])


def _guarded(pdu: bytes, read: Callable[[Octets], _T]) -> _T:
    octets = Octets(pdu)
    try:
        return read(octets)
    except BadPdu as bad:
        bad.head, bad.body = pdu[: octets.body_at], pdu[octets.body_at :]
        raise


def _received(octets: Octets) -> Deliver | StatusReport:
    smsc = read_service_centre(octets)
    first = octets.octet()
    if first & _MTI == _STATUS_REPORT:
        return _status_report(octets, smsc)
    if first & _MTI == _SUBMIT:
        raise BadPdu("this is a text to be sent and not one that was received")
    # The reserved type is to be read like a DELIVER.
    return _deliver(octets, smsc, has_header=bool(first & _UDHI))


def _deliver(octets: Octets, smsc: str, *, has_header: bool) -> Deliver:
    sender = read_address(octets)
    pid, dcs, scts = octets.octet(), octets.octet(), octets.take(7)
    data = _user_data(octets, dcs, has_header=has_header)
    return Deliver(
        sender=sender.value,
        sender_type=sender.kind,
        sent_at=timestamp(scts),
        scts=scts,
        pid=pid,
        dcs=dcs,
        message_class=coding(dcs)[1],
        user_data=data.raw,
        user_data_length=data.length,
        fragment=data.fragment,
        concat=data.concat,
        smsc=smsc,
    )


def _status_report(octets: Octets, smsc: str) -> StatusReport:
    reference = octets.octet()
    recipient = read_address(octets)
    sent_at, discharged_at = timestamp(octets.take(7)), timestamp(octets.take(7))
    code = octets.octet()
    return StatusReport(
        reference=reference,
        recipient=recipient.value,
        recipient_type=recipient.kind,
        sent_at=sent_at,
        discharged_at=discharged_at,
        code=code,
        status=_status(code),
        smsc=smsc,
    )


def _status(code: int) -> ReportStatus:
    """Classify TP-ST; the reserved half counts as refused, as the standard asks."""
    if code < 0x20:
        return ReportStatus.delivered
    return ReportStatus.trying if code < 0x40 else ReportStatus.failed


def _submission(octets: Octets) -> Submission:
    read_service_centre(octets)
    first = octets.octet()
    if first & _MTI != _SUBMIT:
        raise BadPdu("this is not a text to be sent")
    reference = octets.octet()
    to = read_address(octets)
    pid, dcs = octets.octet(), octets.octet()
    validity_s = read_validity(octets, first >> 3 & 0b11)
    data = _user_data(octets, dcs, has_header=bool(first & _UDHI))
    return Submission(
        reference=reference,
        to=to.value,
        to_type=to.kind,
        pid=pid,
        dcs=dcs,
        message_class=coding(dcs)[1],
        report=bool(first & _SRR),
        validity_s=validity_s,
        user_data=data.raw,
        fragment=data.fragment,
        concat=data.concat,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _UserData:
    length: int
    raw: bytes
    fragment: str
    concat: Concat | None


def _user_data(octets: Octets, dcs: int, *, has_header: bool) -> _UserData:
    length = octets.octet()
    octets.begin_body()
    code = coding(dcs)[0]
    size = (length * 7 + 7) // 8 if code is Coding.gsm else length
    if length > (_SEPTETS_MAX if code is Coding.gsm else _OCTETS_MAX):
        raise BadPdu("the user data is longer than one SMS")
    raw = octets.take(size)
    header = read_header(raw) if has_header else Header()
    fragment = _fragment(raw, length, header, code)
    return _UserData(length=length, raw=raw, fragment=fragment, concat=header.concat)


def _fragment(raw: bytes, length: int, header: Header, code: Coding) -> str:
    if code in {Coding.data, Coding.compressed} or header.for_program:
        raise NotText("this message is for a program and not for a person")
    if code is Coding.gsm:
        return _letters(raw, length, header)
    units = raw[header.octets :]
    if len(units) % 2:
        raise BadPdu("a UCS-2 text ends within a character")
    return units.decode("utf-16-be", "surrogatepass")


def _letters(raw: bytes, length: int, header: Header) -> str:
    """Unpack septets; the text begins at the first septet after the header."""
    skip = (header.octets * 8 + 6) // 7
    if skip > length:
        raise BadPdu("the user data header is longer than the user data")
    return from_septets(unpack(raw, length - skip, skip), spanish=header.spanish)


def _escaped(fragment: str) -> str:
    """Read the first letter of a fragment as the other half of an escape."""
    try:
        code = to_septets(fragment[:1])
    except NotGsm:
        return fragment
    return from_septets(bytes([ESCAPE]) + code) + fragment[1:]


def _key_fields(part: Deliver) -> tuple[bytes, ...]:
    return (
        part.sender_type.encode(),
        part.sender.encode(),
        part.scts,
        bytes([part.pid, part.dcs, part.user_data_length]),
        _without_spare_bits(part),
    )


def _without_spare_bits(part: Deliver) -> bytes:
    """Blank the bits after the last septet; a redelivery may fill them otherwise."""
    spare = len(part.user_data) * 8 - part.user_data_length * 7
    if coding(part.dcs)[0] is not Coding.gsm or not spare:
        return part.user_data
    return part.user_data[:-1] + bytes([part.user_data[-1] & 0xFF >> spare])


def _length_first(field: bytes) -> bytes:
    return len(field).to_bytes(2, "big") + field

"""From values to bytes: SUBMIT for a modem, and what an emulated network delivers.

What comes in: numbers, texts and times. What goes out: PDUs, one a part. Texts in the
GSM alphabet travel in it and all others in UCS-2; national tables are never sent,
since old handsets show other letters for them. What can never be sent is `Rejected`.
Used by `modem.gsm`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from modem.errors import Rejected
from modem.pdu.fields import (
    number_address,
    pack,
    sender_address,
    service_centre,
    timestamp_octets,
    validity_octet,
)
from modem.pdu.header import concat_header
from modem.pdu.values import Concat, Submit
from modem.text import is_gsm, split, to_septets

if TYPE_CHECKING:
    from datetime import datetime

_DELIVER = 0x00
_SUBMIT = 0x01
_STATUS_REPORT = 0x02
_NO_MORE = 0x04
_RELATIVE_VALIDITY = 0x10
_SRR = 0x20
_UDHI = 0x40
_UCS2 = 0x08
_FLASH = 0x10
_PARTS_MAX = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """TP-DCS and, behind its length, TP-UD."""

    dcs: int
    length: int
    data: bytes
    #: TP-UDHI, in its place in the first octet.
    udhi: int

    def tail(self) -> bytes:
        return bytes([self.length]) + self.data


def encode_submit(
    to: str,
    text: str,
    *,
    reference: int = 0,
    reference_bits: int = 8,
    report: bool = False,
    validity_s: int = 86_400,
    flash: bool = False,
) -> list[Submit]:
    """Write a text to a number, one SUBMIT a part.

    The reference tells the parts of one text from those of another; only its low bits
    are used. A validity is rounded up to what the octet can say.

    Raises:
        Rejected: the number cannot be dialled, or the text has over 255 parts.
    """
    address = number_address(to)
    first = _SUBMIT | _RELATIVE_VALIDITY | (_SRR if report else 0)
    submits = []
    for part in _parts(text, reference, reference_bits, flash=flash):
        # The modem puts its own TP-MR in place of the zero.
        front = bytes([first | part.udhi, 0]) + address + bytes([0, part.dcs])
        tpdu = front + bytes([validity_octet(validity_s)]) + part.tail()
        submits.append(Submit(pdu=service_centre("") + tpdu, length=len(tpdu)))
    return submits


def encode_deliver(
    sender: str,
    text: str,
    *,
    sent_at: datetime,
    reference: int = 0,
    reference_bits: int = 8,
    flash: bool = False,
    smsc: str = "",
) -> list[bytes]:
    """Write a text from a number or a name, as a modem lists its parts.

    `sent_at` is written in its own zone.

    Raises:
        Rejected: the sender is neither, or the text has over 255 parts.
    """
    address, time = sender_address(sender), timestamp_octets(sent_at)
    pdus = []
    for part in _parts(text, reference, reference_bits, flash=flash):
        front = bytes([_DELIVER | _NO_MORE | part.udhi]) + address
        pdus.append(
            service_centre(smsc) + front + bytes([0, part.dcs]) + time + part.tail()
        )
    return pdus


def encode_status_report(
    *,
    reference: int,
    recipient: str,
    sent_at: datetime | None,
    discharged_at: datetime | None,
    code: int = 0,
    smsc: str = "",
) -> bytes:
    """Write what the network says about a text; a time of None is written as zeros."""
    first = bytes([_STATUS_REPORT | _NO_MORE, reference % 256])
    times = timestamp_octets(sent_at) + timestamp_octets(discharged_at)
    address = number_address(recipient)
    return service_centre(smsc) + first + address + times + bytes([code])


def _parts(
    text: str, reference: int, reference_bits: int, *, flash: bool
) -> list[_Part]:
    pieces = split(text, reference_bits=reference_bits)
    if len(pieces) > _PARTS_MAX:
        raise Rejected("the text is longer than 255 parts")
    dcs = (0 if is_gsm(text) else _UCS2) | (_FLASH if flash else 0)
    if len(pieces) == 1:
        return [_part(text, b"", dcs)]
    return [
        _part(piece, _header(reference, reference_bits, len(pieces), number), dcs)
        for number, piece in enumerate(pieces, 1)
    ]


def _header(reference: int, bits: int, total: int, number: int) -> bytes:
    own = reference % (1 << bits)
    return concat_header(Concat(reference=own, bits=bits, total=total, number=number))


def _part(piece: str, header: bytes, dcs: int) -> _Part:
    udhi = _UDHI if header else 0
    if dcs & _UCS2:
        data = header + piece.encode("utf-16-be", "surrogatepass")
        return _Part(dcs=dcs, length=len(data), data=data, udhi=udhi)
    codes = to_septets(piece)
    skip = (len(header) * 8 + 6) // 7
    data = header + pack(codes, fill=skip * 7 - len(header) * 8)
    return _Part(dcs=dcs, length=skip + len(codes), data=data, udhi=udhi)

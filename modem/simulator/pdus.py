"""The few PDU bytes an emulated network builds and reads by itself.

What comes in: a submitted TPDU. What goes out: the fields a network looks at, and the
status report it sends back later. Written by hand and kept apart from `modem.pdu`, so
that a mistake there does not hide itself in the tests. Used by
`modem.simulator.network`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

_SUBMIT = 0b01
_REPORT_WANTED = 0b0010_0000
#: STATUS-REPORT, no more messages waiting.
_STATUS_REPORT = 0b0000_0110
#: No SMSC address before the TPDU.
_NO_SMSC = b"\x00"


def tpdu_of(pdu: bytes) -> bytes:
    """The PDU without the SMSC address a modem puts before it."""
    return pdu[1 + pdu[0] :] if pdu else b""


def is_submit(tpdu: bytes) -> bool:
    """Whether this is a SUBMIT with a whole address in it."""
    if len(tpdu) < 4 or tpdu[0] & 0b11 != _SUBMIT:
        return False
    return len(tpdu) >= 2 + len(address_of(tpdu)) + 3


def wants_report(tpdu: bytes) -> bool:
    """Whether the sender asked for a status report (TP-SRR)."""
    return bool(tpdu[0] & _REPORT_WANTED)


def address_of(tpdu: bytes) -> bytes:
    """Bytes of the destination of a SUBMIT: length, type, digits."""
    return tpdu[2 : 4 + (tpdu[2] + 1) // 2]


def number_of(tpdu: bytes) -> str:
    """The destination of a SUBMIT as digits, a plus first when international."""
    address = address_of(tpdu)
    digits = "".join("0123456789*#abc"[n] for n in _nibbles(address[2:]) if n < 15)
    return ("+" if address[1] & 0x70 == 0x10 else "") + digits[: address[0]]


def status_report(tpdu: bytes, reference: int, status: int, at: datetime) -> bytes:
    """The report on a submitted TPDU: taken and discharged at the same time."""
    stamp = timestamp(at)
    head = bytes((_STATUS_REPORT, reference))
    return _NO_SMSC + head + address_of(tpdu) + stamp + stamp + bytes((status,))


def timestamp(at: datetime) -> bytes:
    """Seven octets: year to second, swapped digits, and quarter hours from UTC."""
    offset = at.utcoffset()
    quarters = 0 if offset is None else int(offset.total_seconds()) // 900
    fields = (at.year % 100, at.month, at.day, at.hour, at.minute, at.second)
    zone = _swapped(abs(quarters)) | (0x08 if quarters < 0 else 0)
    return bytes(_swapped(value) for value in fields) + bytes((zone,))


def _swapped(value: int) -> int:
    tens, ones = divmod(value, 10)
    return ones << 4 | tens


def _nibbles(octets: bytes) -> list[int]:
    return [nibble for octet in octets for nibble in (octet & 15, octet >> 4)]

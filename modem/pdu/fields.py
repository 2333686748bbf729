"""The fields PDUs are made of: addresses, time stamps, coding schemes, septets.

What comes in: `Octets`, read from the front; or a value to write. What goes out: the
value; or its bytes. An address or a length that cannot be is a `BadPdu`, a time stamp
that cannot be is None, because many networks send a zero one. Used by
`modem.pdu.decoding` and `modem.pdu.encoding`; headers are in `modem.pdu.header`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum

from modem.errors import Rejected
from modem.pdu.values import AddressType, BadPdu
from modem.text import from_septets, is_gsm, to_septets

#: In the order of their numbers in TS 23.040.
_TYPES = tuple(AddressType)
#: ISDN numbering plan, and the bit that says no extension follows.
_PLAN = 0x81
_ADDRESS_MAX = 20
_DIGITS = "0123456789*#abc"
_FILL = 0xF
#: As many digits in a name as make a phone number out of it.
_NUMBER_LIKE = 7
_NUMBER = re.compile(r"\+[0-9]{1,20}|[0-9*#]{1,20}", re.ASCII)
_QUARTER = timedelta(minutes=15)
_MINUTES_5 = 300
_HALF_DAY = 43_200
_DAY = 86_400
_WEEK = 604_800


class Octets:
    """Bytes read from the front; reading past the end is a `BadPdu`."""

    def __init__(self, data: bytes) -> None:
        """Begin at the first byte."""
        self._data = data
        #: How many octets have been read.
        self.at = 0
        #: Where TP-UD begins, once that is known.
        self.body_at = 0

    def take(self, count: int) -> bytes:
        """The next `count` octets."""
        end = self.at + count
        if end > len(self._data):
            raise BadPdu("the PDU ends before its fields do")
        taken = self._data[self.at : end]
        self.at = end
        return taken

    def octet(self) -> int:
        """The next octet."""
        return self.take(1)[0]

    def begin_body(self) -> None:
        """Remember that TP-UD begins here."""
        self.body_at = self.at


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A number or a name."""

    kind: AddressType
    value: str


def read_address(octets: Octets) -> Address:
    """Read an originating, destination or recipient address."""
    length = octets.octet()
    if length > _ADDRESS_MAX:
        raise BadPdu("an address is longer than 20 semi-octets")
    kind = _TYPES[octets.octet() >> 4 & 7]
    raw = octets.take((length + 1) // 2)
    if kind is AddressType.alphanumeric:
        return Address(kind=kind, value=_name(unpack(raw, length * 4 // 7)))
    return Address(kind=kind, value=_number(kind, _semi_octets(raw)[:length]))


def read_service_centre(octets: Octets) -> str:
    """Read the SMSC address a modem puts before the TPDU; its length is in octets."""
    raw = octets.take(octets.octet())
    if not raw:
        return ""
    # Never used for anything but showing it, so misplaced fill may pass.
    halves = [half for half in _semi_octets(raw[1:]) if half != _FILL]
    return _number(_TYPES[raw[0] >> 4 & 7], halves)


def _semi_octets(raw: bytes) -> list[int]:
    return [half for octet in raw for half in (octet & 0xF, octet >> 4)]


def _number(kind: AddressType, halves: list[int]) -> str:
    """Read semi-octets; fill is taken off the end only, where it belongs."""
    while halves and halves[-1] == _FILL:
        halves = halves[:-1]
    if _FILL in halves:
        raise BadPdu("an address has fill between its digits")
    digits = "".join([_DIGITS[half] for half in halves])
    return "+" + digits if digits and kind is AddressType.international else digits


def _name(codes: bytes) -> str:
    """Read a name, marked when it could be taken for a number."""
    name = from_septets(codes).rstrip("\x1b")
    if sum(map(str.isdigit, name)) >= _NUMBER_LIKE:
        return f"«{name}»"
    return name


def number_address(number: str) -> bytes:
    """Write a destination: `+…` international, digits with `*` and `#` as dialled.

    Raises:
        Rejected: nothing can be sent there.
    """
    dialled = re.sub(r"[ ().-]", "", number)
    if not _NUMBER.fullmatch(dialled):
        raise Rejected("the destination is not a number that can be dialled")
    kind = AddressType.international if dialled[0] == "+" else AddressType.unknown
    digits = dialled.removeprefix("+")
    return bytes([len(digits), _type_octet(kind)]) + _swapped(digits)


def sender_address(sender: str) -> bytes:
    """Write an originator, which may also be a name of up to 11 characters."""
    if not sender or _NUMBER.fullmatch(sender):
        return number_address(sender) if sender else bytes([0, _PLAN])
    codes = to_septets(sender) if is_gsm(sender) else b""
    if not 0 < len(codes) <= _ADDRESS_MAX * 4 // 7:
        raise Rejected("the originator is neither a number nor a name of 11 characters")
    length = (len(codes) * 7 + 3) // 4
    kind = AddressType.alphanumeric
    # Names have no numbering plan.
    return bytes([length, _type_octet(kind) & 0xF0]) + pack(codes)


def service_centre(number: str) -> bytes:
    """Write the SMSC address; empty means that the SIM's own is meant."""
    if not number:
        return b"\x00"
    address = number_address(number)
    return bytes([len(address) - 1]) + address[1:]


def _type_octet(kind: AddressType) -> int:
    return _PLAN | _TYPES.index(kind) << 4


def _swapped(digits: str) -> bytes:
    halves = [_DIGITS.index(digit) for digit in digits]
    if len(halves) % 2:
        halves.append(_FILL)
    return bytes(
        low | high << 4 for low, high in zip(halves[::2], halves[1::2], strict=True)
    )


def timestamp(raw: bytes) -> datetime | None:
    """Read seven octets; None when they are no time, as zeros are."""
    if any(octet & 0xF > 9 or octet >> 4 > 9 for octet in raw[:6]) or raw[6] >> 4 > 9:
        return None
    year, month, day, hour, minute, second = (
        (octet & 0xF) * 10 + (octet >> 4) for octet in raw[:6]
    )
    quarters = (raw[6] & 0x7) * 10 + (raw[6] >> 4)
    zone = timezone(_QUARTER * (-quarters if raw[6] & 0x8 else quarters))
    try:
        local = datetime(2000 + year, month, day, hour, minute, second, tzinfo=zone)
    except ValueError:
        return None
    return local.astimezone(UTC)


def timestamp_octets(moment: datetime | None) -> bytes:
    """Write a time in its own zone; None is seven zeros."""
    if moment is None:
        return bytes(7)
    quarters = (moment.utcoffset() or timedelta()) // _QUARTER
    fields = (moment.year % 100, *moment.timetuple()[1:6], abs(quarters))
    written = bytearray(value // 10 | value % 10 << 4 for value in fields)
    written[6] |= 0x8 if quarters < 0 else 0
    return bytes(written)


def read_validity(octets: Octets, form: int) -> int | None:
    """Read TP-VP by its format; seconds for the relative one, else None."""
    if form == 0b10:
        return _relative_s(octets.octet())
    octets.take(7 if form else 0)
    return None


def _relative_s(code: int) -> int:
    if code <= 143:
        return (code + 1) * _MINUTES_5
    if code <= 167:
        return _HALF_DAY + (code - 143) * 1_800
    return (code - 166) * _DAY if code <= 196 else (code - 192) * _WEEK


def validity_octet(seconds: int) -> int:
    """Write a relative validity, rounded up; the longest is 63 weeks."""
    return next((code for code in range(255) if _relative_s(code) >= seconds), 255)


class Coding(StrEnum):
    """How TP-UD is to be read."""

    gsm = "gsm"
    ucs2 = "ucs2"
    data = "data"
    compressed = "compressed"


def coding(dcs: int) -> tuple[Coding, int | None]:
    """Read TP-DCS (TS 23.038 §4): the coding, and the message class where it has one.

    Reserved values are read as the default alphabet, as the standard asks.
    """
    group = dcs >> 4
    if group < 0b1000:
        return _general(dcs), dcs & 3 if dcs & 0x10 else None
    if group == 0b1111:
        return Coding.data if dcs & 4 else Coding.gsm, dcs & 3
    return Coding.ucs2 if group == 0b1110 else Coding.gsm, None


def _general(dcs: int) -> Coding:
    if dcs & 0x20:
        return Coding.compressed
    return (Coding.gsm, Coding.data, Coding.ucs2, Coding.gsm)[dcs >> 2 & 3]


def pack(codes: bytes, fill: int = 0) -> bytes:
    """Pack septets into octets behind `fill` zero bits."""
    bits = 0
    for code in reversed(codes):
        bits = bits << 7 | code
    return (bits << fill).to_bytes((len(codes) * 7 + fill + 7) // 8, "little")


def unpack(data: bytes, count: int, skip: int = 0) -> bytes:
    """Unpack `count` septets after the first `skip`."""
    bits = int.from_bytes(data, "little") >> skip * 7
    return bytes([bits >> at & 0x7F for at in range(0, count * 7, 7)])

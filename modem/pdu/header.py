"""The user data header: which part of what this is, and how its letters are shifted.

What comes in: TP-UD of a message whose TP-UDHI is set. What goes out: a `Header`, with
the number of octets it takes. A header that says it is a part, and not plausibly of
what, is a `BadPdu`: read as a whole text, a part could pay another sum than was meant.
Elements nobody here needs are passed over. Used by `modem.pdu.decoding`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from modem.pdu.fields import Octets
from modem.pdu.values import BadPdu, Concat

_CONCAT_8 = 0x00
_CONCAT_16 = 0x08
_SINGLE_SHIFT = 0x24
_LOCKING_SHIFT = 0x25
#: Ports of 8 and 16 bits, and the security headers of the SIM toolkit.
_FOR_PROGRAMS = frozenset({0x04, 0x05, *range(0x70, 0x80)})
#: Sizes of the elements that are read.
_SIZES = {_CONCAT_8: 3, _CONCAT_16: 4, _SINGLE_SHIFT: 1, _LOCKING_SHIFT: 1}
#: National language identifier of Spanish (TS 23.038 §6.2.1.2.4).
_SPANISH = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What a user data header says."""

    #: UDHL and all elements.
    octets: int = 0
    concat: Concat | None = None
    #: National languages by number. There is no Spanish locking table, and the other
    #: ones keep the digits where they are; they are read with the default alphabet.
    single_shift: int | None = None
    locking_shift: int | None = None
    #: Addressed to a program of the phone or the SIM.
    for_program: bool = False

    @property
    def spanish(self) -> bool:
        """Whether escapes are those of the Spanish table."""
        return self.single_shift == _SPANISH


def read_header(user_data: bytes) -> Header:
    """Read the header at the front of TP-UD; of repeated elements the last counts."""
    outer = Octets(user_data)
    elements = outer.take(outer.octet())
    header = Header(octets=1 + len(elements))
    inner, end = Octets(elements), len(elements)
    while inner.at < end:
        kind = inner.octet()
        header = _with(header, kind, inner.take(inner.octet()))
    return header


def _with(header: Header, kind: int, value: bytes) -> Header:
    if kind in _FOR_PROGRAMS:
        return replace(header, for_program=True)
    if kind not in _SIZES:
        return header
    if len(value) != _SIZES[kind]:
        raise BadPdu("an element of the user data header has a wrong length")
    if kind == _SINGLE_SHIFT:
        return replace(header, single_shift=value[0])
    if kind == _LOCKING_SHIFT:
        return replace(header, locking_shift=value[0])
    return replace(header, concat=_concat(value))


def _concat(value: bytes) -> Concat:
    total, number = value[-2:]
    if not 1 <= number <= total:
        raise BadPdu("a part has no place in its text")
    reference = value[:-2]
    return Concat(
        reference=int.from_bytes(reference, "big"),
        bits=8 * len(reference),
        total=total,
        number=number,
    )


def concat_header(concat: Concat) -> bytes:
    """Write a header that says which part this is."""
    kind = _CONCAT_8 if concat.bits == 8 else _CONCAT_16
    value = concat.reference.to_bytes(concat.bits // 8, "big")
    element = bytes([kind, len(value) + 2, *value, concat.total, concat.number])
    return bytes([len(element)]) + element

"""Texts as phones send them: one DELIVER PDU for each part.

What comes in: a sender, a text and the time the network took it. What goes out: PDUs
in the GSM alphabet where the text allows it and in UCS-2 otherwise, as phones choose.
Built apart from `modem.pdu`, whose decoder will read them, so that one mistake cannot
hide another. Used by `modem.simulator.emulated`.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import gsm0338

from modem.simulator.pdus import timestamp

if TYPE_CHECKING:
    from datetime import datetime

_SMSC = bytes.fromhex("06910573000000")
_GSM = 0x00
_UCS2 = 0x08
_MORE_HEADER = 0x40
_DELIVER = 0x04
_SEPTETS = 160
_SEPTETS_PART = 153
_OCTETS = 140
_OCTETS_PART = 134
_PARTS_MAX = 255
_ESCAPE = 0x1B
_references = itertools.count(1)


def deliver_pdus(sender: str, text: str, sent_at: datetime) -> list[bytes]:
    """The PDUs of a text, SMSC address first.

    Raises:
        ValueError: the text is too long for 255 parts.
    """
    coding, body = _encode(text)
    parts = _parts(body, coding)
    if len(parts) > _PARTS_MAX:
        raise ValueError("a text of more than 255 parts cannot be sent")
    reference = next(_references) % 256
    return [
        _deliver(sender, sent_at, coding, part, header)
        for part, header in zip(parts, _headers(reference, len(parts)), strict=True)
    ]


def _encode(text: str) -> tuple[int, bytes]:
    try:
        return _GSM, gsm0338.Codec().encode(text)[0]
    except UnicodeError:
        return _UCS2, text.encode("utf-16-be")


def _parts(body: bytes, coding: int) -> list[bytes]:
    whole, size = (
        (_SEPTETS, _SEPTETS_PART) if coding == _GSM else (_OCTETS, _OCTETS_PART)
    )
    if len(body) <= whole:
        return [body]
    parts = []
    while body:
        end = size - 1 if _cuts_a_pair(body, coding, size) else size
        end -= end % 2 if coding == _UCS2 else 0
        parts.append(body[:end])
        body = body[end:]
    return parts


def _cuts_a_pair(body: bytes, coding: int, end: int) -> bool:
    """Whether a cut here divides an escape from its letter, or a surrogate pair."""
    if len(body) <= end:
        return False
    if coding == _GSM:
        return body[end - 1] == _ESCAPE
    return 0xD8 <= body[end - 2] <= 0xDB


def _headers(reference: int, total: int) -> list[bytes]:
    if total == 1:
        return [b""]
    return [bytes((5, 0, 3, reference, total, n)) for n in range(1, total + 1)]


def _deliver(
    sender: str, sent_at: datetime, coding: int, body: bytes, header: bytes
) -> bytes:
    first = _DELIVER | (_MORE_HEADER if header else 0)
    if coding == _GSM:
        fill = -len(header) * 8 % 7
        length = (len(header) * 8 + fill) // 7 + len(body)
        data = header + _packed(body, fill)
    else:
        data = header + body
        length = len(data)
    head = bytes((first,)) + _address(sender) + bytes((0, coding))
    return _SMSC + head + timestamp(sent_at) + bytes((length,)) + data


def _packed(septets: bytes, fill: int) -> bytes:
    """Seven bits each, the lowest first, after so many empty bits."""
    bits = 0
    for place, septet in enumerate(septets):
        bits |= septet << (fill + 7 * place)
    return bits.to_bytes((fill + 7 * len(septets) + 7) // 8, "little")


def _address(sender: str) -> bytes:
    digits = sender.removeprefix("+")
    if not digits.isdecimal():
        name = gsm0338.Codec().encode(sender)[0]
        packed = _packed(name, 0)
        # The length of a name counts the half octets that are in use.
        return bytes(((7 * len(name) + 3) // 4, 0xD0)) + packed
    padded = digits + "F" * (len(digits) % 2)
    swapped = "".join(padded[i + 1] + padded[i] for i in range(0, len(padded), 2))
    kind = 0x91 if sender.startswith("+") else 0x81
    return bytes((len(digits), kind)) + bytes.fromhex(swapped)

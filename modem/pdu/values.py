"""What PDUs mean: the values the codec makes, and its two errors.

`modem.pdu.decoding` makes them from bytes, `modem.pdu.encoding` makes `Submit`. Texts
and user data may hold a PIN, so they are kept out of every `repr`, and an error names
what is wrong without quoting a byte.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from modem.errors import PduError

if TYPE_CHECKING:
    from datetime import datetime

    from modem.link import ReportStatus


class BadPdu(PduError):
    """Bytes that are no readable message, in two pieces for the quarantine."""

    def __init__(self, reason: str) -> None:
        """Say what is wrong, quoting nothing; the decoder adds the pieces."""
        super().__init__(reason)
        #: Up to TP-UD, safe to show; empty where TP-UD could not be found.
        self.head = b""
        #: TP-UD, or everything; may hold a PIN.
        self.body = b""


class NotText(BadPdu):
    """A message for a program and not for a person: an MMS notice, settings, data."""


class AddressType(StrEnum):
    """Type of number (TS 23.040 §9.1.2.5)."""

    unknown = "unknown"
    international = "international"
    national = "national"
    network = "network"
    subscriber = "subscriber"
    alphanumeric = "alphanumeric"
    abbreviated = "abbreviated"
    reserved = "reserved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Concat:
    """Which part of which long text this is."""

    reference: int
    #: Size of the reference: 8 or 16.
    bits: int
    total: int
    #: From 1.
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliver:
    """A text, or one part of a text, from a phone."""

    #: "+503…", digits with `*` and `#`, or a name. A name holding enough digits to pass
    #: for a number stands in «», so that nobody pays by choosing a name.
    sender: str
    sender_type: AddressType
    #: When the network took it, UTC; None where it does not say so readably.
    sent_at: datetime | None
    #: The seven octets `sent_at` was read from.
    scts: bytes
    pid: int
    dcs: int
    #: 0 is flash: shown at once and not kept.
    message_class: int | None
    #: TP-UD with its header, without what may follow.
    user_data: bytes = field(repr=False)
    #: TP-UDL: septets or octets.
    user_data_length: int
    #: The text as far as this part tells: half a character may stand at either end.
    fragment: str = field(repr=False)
    #: None for a text of one part.
    concat: Concat | None
    #: The service centre that delivered it.
    smsc: str

    @property
    def flash(self) -> bool:
        """Whether a phone would show it without keeping it."""
        return self.message_class == 0

    @property
    def text(self) -> str:
        """The text of this part alone; `join` reads several."""
        return whole([self.fragment])


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusReport:
    """What the network says about a text it was given."""

    #: TP-MR, as the modem answered `AT+CMGS`.
    reference: int
    recipient: str
    recipient_type: AddressType
    #: When the network took the text, UTC.
    sent_at: datetime | None
    #: When it was delivered or given up, UTC.
    discharged_at: datetime | None
    #: TP-ST.
    code: int
    status: ReportStatus
    smsc: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Submit:
    """One segment, ready for `AT+CMGS=length` and the bytes in hex."""

    #: An empty SMSC address (the SIM's is used) and the TPDU.
    pdu: bytes = field(repr=False)
    #: Octets of the TPDU alone.
    length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A SUBMIT as the network reads it."""

    reference: int
    to: str
    to_type: AddressType
    pid: int
    dcs: int
    message_class: int | None
    #: Whether a status report is asked for.
    report: bool
    #: None where the network is to decide, or an absolute time was given.
    validity_s: int | None
    user_data: bytes = field(repr=False)
    fragment: str = field(repr=False)
    concat: Concat | None

    @property
    def flash(self) -> bool:
        """Whether a phone would show it without keeping it."""
        return self.message_class == 0

    @property
    def text(self) -> str:
        """The text of this part alone; `join` reads several."""
        return whole([self.fragment])


def whole(fragments: list[str]) -> str:
    """Put fragments together; a lone surrogate becomes U+FFFD, a lone escape goes."""
    text = "".join(fragments).removesuffix("\x1b")
    if text.isascii():
        return text
    units = text.encode("utf-16-le", "surrogatepass")
    return units.decode("utf-16-le", "replace")

"""The port between what a vendor says and who says it.

What comes in: an `Outgoing`, an `HttpAnswer`, or a `modem.hooks.Hook`. What goes out:
an `HttpRequest`, an outcome, or what a webhook brought. A vendor is a value that
fulfils `Aggregator`, with no I/O and no clock of its own; `modem.http` does the I/O.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from modem.hooks import Hook
    from modem.link import Outgoing, ReportStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpRequest:
    """One request to a vendor."""

    method: str
    url: str = field(repr=False)
    headers: tuple[tuple[str, str], ...] = field(repr=False, default=())
    body: bytes = field(repr=False, default=b"")
    #: What reports name this text by, where that is known before the answer: it counts
    #: where the answer names nothing, and where no answer comes.
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpAnswer:
    """What a vendor answered."""

    status: int
    #: Names in lower case.
    headers: Mapping[str, str] = field(repr=False, default_factory=dict)
    body: bytes = field(repr=False, default=b"")


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The vendor took the text; also when it says that it had it already."""

    #: One a segment, or one for the whole text; empty where it names none.
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The vendor will never take this text."""

    #: For the operator, never quoting the text.
    reason: str
    code: str = ""
    #: The number has opted out with the vendor (Twilio 21610).
    opted_out: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NotNow:
    """Nothing was sent; try again, or over another link."""

    reason: str
    #: What the vendor asks for, seconds (Retry-After); None: it does not say.
    after_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Perhaps:
    """It may have been sent: an answer that says neither yes nor no."""

    reason: str


Outcome = Accepted | Refused | NotNow | Perhaps


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The place of a part in its text."""

    reference: str
    number: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardText:
    """A text, or a part of one, that a webhook brought."""

    sender: str
    text: str = field(repr=False)
    #: The vendor's id of this text, stable over retries; empty: it gives none.
    id: str = ""
    #: When the network, or else the vendor, took it; UTC.
    sent_at: datetime | None = None
    #: Of a long text that comes in parts: which they are, by reference.
    part: Part | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardReport:
    """A delivery report that a webhook brought."""

    reference: str
    #: Empty where the vendor does not name the recipient.
    to: str
    status: ReportStatus
    at: datetime | None = None
    code: str = ""
    opted_out: bool = False


Heard = HeardText | HeardReport


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What a vendor, as configured, can do."""

    send: bool = True
    receive: bool = True
    report: bool = True
    #: Incoming texts carry a send time.
    sent_times: bool = False
    #: The same `Outgoing.key` sent twice reaches the phone once.
    idempotent: bool = False
    #: The recipient sees the network's own number.
    keeps_sender: bool = True
    #: The incoming sender's number is as sure as a SIM's.
    trusted: bool = False
    #: How many requests may be under way at once.
    window: int = 4
    #: How long a request may take, seconds.
    timeout_s: float = 15.0
    #: What a webhook must be answered with, beside 200 (Jasmin: "ACK/Jasmin").
    hook_ok_body: bytes = b""


class Aggregator(Protocol):
    """One vendor, with its account's settings and secrets."""

    @property
    def traits(self) -> Traits:
        """What it can do."""

    def request(self, outgoing: Outgoing) -> HttpRequest:
        """Write the request that sends this text."""

    def outcome(self, answer: HttpAnswer) -> Outcome:
        """Read what became of it; never raises, whatever the bytes."""

    def verify(self, hook: Hook) -> str:
        """Check signature and time window; return a nonce to be seen once, or ''.

        Raises:
            Forged: it does not come from the vendor, or is replayed.
        """

    def hear(self, hook: Hook) -> tuple[Heard, ...]:
        """Read what a verified webhook brings; empty: nothing that concerns us.

        Raises:
            Unreadable: it is not what the vendor documents.
        """

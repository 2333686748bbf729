"""The port between a way to reach phones and the house.

What comes in: texts, delivery reports and noise, each a frozen value, handed to a
`House`. What goes out: an `Outgoing`, sent by `Link.send`, which returns a `Sent` or
raises one of the three kinds of `modem.errors`. The rule of the port is *acknowledge
last*: a driver awaits `House.receive` before it deletes from the SIM or answers a
webhook, and when that raises `NotKept` it leaves the text where it is.

Implemented by `modem.gsm`, `modem.fakesmsc`, `modem.http`; built by `modem.drivers`;
fulfilled on the other side by `smsgate.gateway.Gateway`, where the story goes on.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


class Wholeness(StrEnum):
    """How much of a text arrived."""

    whole = "whole"
    #: More parts than the house reads; refused at its first part.
    too_long = "too_long"
    #: Parts are missing and have been waited for long enough.
    incomplete = "incomplete"


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """One text from a phone (MO), whole, not yet acknowledged to the network."""

    #: Name of the link it came over.
    link: str
    #: Bytes that are equal exactly when the network delivers the same text again.
    #: They contain the text, so only a keyed digest of them may be kept.
    key: bytes = field(repr=False)
    #: The originator as the network wrote it: international ("+503…"), national,
    #: a short code, or alphanumeric.
    sender: str
    #: The text; empty unless `wholeness` is whole. May hold a PIN.
    text: str = field(repr=False)
    #: When the network took the text (SCTS), UTC; None where the link does not say.
    sent_at: datetime | None
    wholeness: Wholeness = Wholeness.whole
    #: `key` is an id of the far side's: the same id is the same text, whatever send
    #: time is told with it.
    named: bool = False
    #: Its parts, as `House.part` named them, where they were acknowledged one by one.
    parts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingPart:
    """A part of a text that came by itself; its words stay with the link."""

    link: str
    #: Bytes that are equal exactly when this part is delivered again.
    key: bytes = field(repr=False)
    sender: str
    #: What the parts of one text have in common, and the place of this one.
    reference: str
    number: int
    total: int
    sent_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPart:
    """What the house knows of a part."""

    id: int
    #: Its text was answered: there is nothing to be done.
    over: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LostText:
    """Parts whose words were lost with the memory of an earlier run."""

    parts: tuple[int, ...]
    #: Tells this text from every other.
    key: bytes = field(repr=False)
    sender: str
    sent_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingPart:
    """Which part of a long text to send, for links that send them one by one."""

    #: From 1; how many there are is `modem.text.segments`.
    number: int
    #: One octet that the parts of one text have in common, and no other text has.
    tie: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One text to a phone (MT)."""

    #: The outbox row, for logs.
    id: int
    #: E.164, with its plus sign.
    to: str
    text: str = field(repr=False)
    #: How long the network should keep trying.
    validity_s: int = 86_400
    #: A campaign's text: it may wait behind others in a queue of the far side's own.
    bulk: bool = False
    #: Names this send for links that take an idempotency key: the same while it is
    #: tried again, another one for each that is meant to reach the phone. Empty: the
    #: link makes one of `id` and `to`.
    key: str = field(default="", repr=False)
    #: Send this part of the text alone; None: all of it.
    part: OutgoingPart | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """The far side took the text; the references name it in later reports."""

    #: One reference a segment, in order; empty where the link gives none.
    references: tuple[str, ...] = ()


class ReportStatus(StrEnum):
    """What a delivery report (DLR) says, 3GPP TS 23.040 §9.2.3.15 in three groups."""

    delivered = "delivered"
    #: The network goes on trying.
    trying = "trying"
    failed = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A delivery report for one segment."""

    link: str
    #: As in `Sent.references`.
    reference: str
    #: The recipient as the report names it.
    to: str
    status: ReportStatus
    #: Discharge time, UTC, where the report has one.
    at: datetime | None
    #: Status code of the network, for the operator.
    code: str = ""
    #: The vendor says that this number wants no texts (Twilio 21610).
    opted_out: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Noise:
    """Something in a receive memory that is no readable message."""

    link: str
    #: One sentence for the operator; never quotes the bytes.
    reason: str
    #: The PDU up to its user data, safe to show; empty where that cannot be told.
    head: bytes
    #: The user data (or the whole PDU); may hold a PIN, so kept encrypted only.
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reread:
    """What noise turned out to be when it was read once more."""

    #: Still noise where it cannot be read, with the reason of today.
    what: Incoming | Report | Noise
    #: Which of the pieces that were handed over it is made of, by their places.
    used: tuple[int, ...]


class LinkStatus(StrEnum):
    """Whether a link can be used now."""

    starting = "starting"
    up = "up"
    #: It answers, but something is missing (registration, SIM PIN, space on the SIM),
    #: or it said no lately.
    degraded = "degraded"
    down = "down"


class Able(StrEnum):
    """What a degraded link can do all the same."""

    #: Only another send tells.
    perhaps = "perhaps"
    #: Texts go both ways as ever; what is said of it is a warning.
    fully = "fully"
    #: Texts go out and may not come in.
    partly = "partly"
    #: No text goes out until it says otherwise.
    no = "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkState:
    """What a link knows of itself, for logs, `link list` and the health page."""

    status: LinkStatus
    #: One sentence: what is wrong and what to do; empty when all is well.
    reason: str = ""
    #: Received signal in dBm, where known.
    signal_dbm: int | None = None
    #: IMEI of the modem, where known.
    imei: str = ""
    #: Receive slots used and total, where known.
    slots: tuple[int, int] | None = None
    #: Where it is reached: a device or an address.
    port: str = ""
    #: Number of the service centre that takes its texts, where known.
    smsc: str = ""
    #: Credit of its SIM as read last; empty where it is not read.
    airtime: str = ""
    #: Whether that is below the floor that the operator set.
    airtime_low: bool = False
    #: What it can do while it is degraded.
    able: Able = Able.perhaps

    @property
    def sends(self) -> bool:
        """Whether a text may be handed to it now."""
        degraded = self.status is LinkStatus.degraded
        return self.status is LinkStatus.up or (degraded and self.able is not Able.no)

    @property
    def works(self) -> bool:
        """Whether texts go both ways, whatever it warns of."""
        degraded = self.status is LinkStatus.degraded
        return self.status is LinkStatus.up or (degraded and self.able is Able.fully)


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What a link can do."""

    send: bool = True
    receive: bool = True
    report: bool = False
    #: Incoming texts carry the time the network took them.
    sent_times: bool = False
    #: How many sends may be under way at once.
    window: int = 1
    #: Whether the sender's number can be trusted (False where it is easily forged).
    trusted: bool = True
    #: The recipient sees the network's own number, and can answer it.
    keeps_sender: bool = True
    #: The same `Outgoing.key` sent twice reaches the phone once.
    idempotent: bool = False
    #: It brings USSD sessions.
    ussd: bool = False
    #: It sends the parts of a long text one by one (`Outgoing.part`).
    parts: bool = False


class House(Protocol):
    """What a link needs of the house; fulfilled by `smsgate.gateway.Gateway`."""

    async def receive(self, incoming: Incoming) -> None:
        """Keep the text durably; return when it may be acknowledged.

        Raises:
            NotKept: it is not kept; leave it unacknowledged and offer it again.
        """

    async def part(self, part: IncomingPart) -> KeptPart:
        """Note durably that a part came, so that it may be acknowledged.

        The link keeps its words in memory and hands over the whole text, with the
        names of its parts; raises NotKept as `receive` does.
        """

    async def lost(self, link: str) -> tuple[LostText, ...]:
        """Return what an earlier run acknowledged parts of and never handed over."""

    async def report(self, report: Report) -> None:
        """Keep the delivery report durably; raises NotKept as `receive` does."""

    async def quarantine(self, noise: Noise) -> None:
        """Keep the noise, its body encrypted; raises NotKept as `receive` does."""

    def state_changed(self, link: str, state: LinkState) -> None:
        """Take note that a link came up, went down or is degraded."""


class Link(Protocol):
    """One way to reach phones."""

    @property
    def name(self) -> str:
        """The name under which the configuration knows this link."""

    @property
    def capabilities(self) -> Capabilities:
        """What this link can do."""

    @property
    def state(self) -> LinkState:
        """How this link is right now."""

    async def run(self, house: House) -> None:
        """Receive until cancelled; reconnect by itself, report state changes."""

    async def send(self, outgoing: Outgoing) -> Sent:
        """Send one text.

        Raises:
            LinkDown: nothing was sent, try again later.
            Rejected: it will never be taken.
            Unsure: it was written, and no answer came.
        """


@runtime_checkable
class Rereads(Protocol):
    """A link whose noise can be read once more, after its reader was mended."""

    def reread(self, noises: Sequence[Noise]) -> Reread:
        """Read the first of these; the others may hold parts of its text."""

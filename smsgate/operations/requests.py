"""The arguments of every operation, as a shell or the socket hands them over.

What comes in: plain words and numbers. What goes out: frozen values that the operation
checks against the ledger. Amounts are decimal text here, because only the configuration
knows the network's decimals. Light on purpose: a command that the daemon answers loads
no more of the house than this. Read by `smsgate.operations.table`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Protocol

from smsgate.operations.texts.link_requests import Doctor as Doctor
from smsgate.operations.texts.link_requests import LinkList as LinkList
from smsgate.operations.texts.link_requests import LinkTest as LinkTest

#: How many rows a list shows unless told otherwise, and at most.
ROWS = 50
ROWS_MAX = 5_000


class Request(Protocol):
    """Arguments that know their operation's name; every one is a frozen dataclass."""

    NAME: ClassVar[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberAdd:
    """A new member; what is None takes the network's default."""

    NAME: ClassVar[str] = "member.add"
    phone: str
    name: str
    kind: str | None = None
    limit: str | None = None
    ceiling: str | None = None
    alias: str | None = None
    language: str | None = None
    area: str | None = None
    category: str | None = None
    email: str | None = None
    joined: str | None = None
    promos: bool | None = None
    #: The first PIN itself, in place of a one-time code.
    pin: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberList:
    """Every member, by name."""

    NAME: ClassVar[str] = "member.list"


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberShow:
    """One member, by phone, code or alias."""

    NAME: ClassVar[str] = "member.show"
    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberLimit:
    """A new credit limit."""

    NAME: ClassVar[str] = "member.limit"
    who: str
    limit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberFreeze:
    """No more payments from or to this member."""

    NAME: ClassVar[str] = "member.freeze"
    who: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberUnfreeze:
    """Payments again."""

    NAME: ClassVar[str] = "member.unfreeze"
    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberReset:
    """A new PIN that waits for a guardian: agreed to in their place, or void."""

    NAME: ClassVar[str] = "member.reset"
    who: str
    agree: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberPhone:
    """Another phone speaks for this member."""

    NAME: ClassVar[str] = "member.phone"
    who: str
    phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberPin:
    """A one-time code for a new PIN, or a first PIN itself."""

    NAME: ClassVar[str] = "member.pin"
    who: str
    pin: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberConsent:
    """What a member agrees to; what is None stays as it is."""

    NAME: ClassVar[str] = "member.consent"
    who: str
    notices: bool | None = None
    #: "phone", "masked" or "no".
    listed: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberImport:
    """Many members at once: rows as `smsgate.operations.people.roster` reads them."""

    NAME: ClassVar[str] = "member.import"
    #: Line of the file, and the cells by column name.
    rows: tuple[tuple[int, dict[str, str]], ...]
    dry_run: bool = False
    opening_from_treasury: bool = False
    #: Whether those without a PIN get a one-time code each.
    codes: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffAdd:
    """Somebody whose phone and PIN count as a second approval."""

    NAME: ClassVar[str] = "staff.add"
    name: str
    phone: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffEnd:
    """Somebody leaves the staff; `last`: even if nobody is left then."""

    NAME: ClassVar[str] = "staff.end"
    who: str
    last: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffList:
    """The staff."""

    NAME: ClassVar[str] = "staff.list"


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueList:
    """What waits in a queue: "join", "ticket" or "callback"."""

    NAME: ClassVar[str] = "queue.list"
    queue: str
    closed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueClose:
    """Put a matter away."""

    NAME: ClassVar[str] = "queue.close"
    queue: str
    id: int
    note: str = ""
    #: Of a request to join: whether nobody is written to.
    silent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinApprove:
    """Take a newcomer in; what is None takes what they wrote or the default."""

    NAME: ClassVar[str] = "join.approve"
    id: int
    name: str | None = None
    kind: str | None = None
    limit: str | None = None
    alias: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketApprove:
    """Decide a ticket for the member who opened it."""

    NAME: ClassVar[str] = "ticket.approve"
    id: int
    #: The credit limit that a request for credit is granted.
    limit: str | None = None
    #: How much of a disputed payment is given back; None: all that is left.
    amount: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallApprove:
    """A call was made."""

    NAME: ClassVar[str] = "callback.approve"
    id: int
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AdList:
    """Open advertisements, newest first."""

    NAME: ClassVar[str] = "ad.list"
    limit: int = ROWS
    who: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AdDrop:
    """An advertisement that must go."""

    NAME: ClassVar[str] = "ad.drop"
    number: int
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoucherIssue:
    """Paper that is worth units of a member's, for whoever brings it."""

    NAME: ClassVar[str] = "voucher.issue"
    who: str
    amount: str
    days: int = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class VoucherList:
    """Vouchers, newest first; their numbers are kept nowhere."""

    NAME: ClassVar[str] = "voucher.list"
    limit: int = ROWS


@dataclass(frozen=True, slots=True, kw_only=True)
class VoucherVoid:
    """A voucher that nobody shall cash any more."""

    NAME: ClassVar[str] = "voucher.void"
    id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CardIssue:
    """A member's new code card; the one before is void then."""

    NAME: ClassVar[str] = "card.issue"
    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CardList:
    """Cards in use, and who waits for one."""

    NAME: ClassVar[str] = "card.list"


@dataclass(frozen=True, slots=True, kw_only=True)
class CardVoid:
    """A card that was lost."""

    NAME: ClassVar[str] = "card.void"
    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerCheck:
    """Every rule of the books, counted again; heads noted elsewhere are compared."""

    NAME: ClassVar[str] = "ledger.check"
    #: Place in the chain and hash (hex), as `backup` and `ledger check` print them.
    witnesses: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerReverse:
    """A payment is given back, in full or this much of it."""

    NAME: ClassVar[str] = "ledger.reverse"
    ref: str
    amount: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerStatement:
    """A member's entries, newest first."""

    NAME: ClassVar[str] = "ledger.statement"
    who: str
    limit: int = ROWS
    skip: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerExport:
    """Transfers in order, a page at a time."""

    NAME: ClassVar[str] = "ledger.export"
    after: int = 0
    limit: int = ROWS_MAX


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxList:
    """Texts that arrived, newest first, redacted."""

    NAME: ClassVar[str] = "inbox.list"
    limit: int = ROWS
    who: str | None = None
    state: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxList:
    """Texts that are owed or were sent, newest first."""

    NAME: ClassVar[str] = "outbox.list"
    limit: int = ROWS
    who: str | None = None
    state: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxRetry:
    """Send once more what failed, expired, or may have been sent."""

    NAME: ClassVar[str] = "outbox.retry"
    id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarantineList:
    """What arrived and was no readable message; bodies are never shown."""

    NAME: ClassVar[str] = "quarantine.list"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarantineReread:
    """Another try at what could not be read; it is done inside the daemon."""

    NAME: ClassVar[str] = "quarantine.reread"
    id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockAccept:
    """Today's clock is right, whatever the newest row says."""

    NAME: ClassVar[str] = "clock.accept"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume:
    """Go on after the ledger was put back from a copy."""

    NAME: ClassVar[str] = "resume"


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """A copy of the ledger in a new file; an absolute path."""

    NAME: ClassVar[str] = "backup"
    path: str

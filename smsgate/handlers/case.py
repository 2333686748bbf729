"""What a handler is given, and what it gives back.

What comes in: a `Case`, one text of a member inside its transaction, with what was
found out beforehand about the PIN in it. What goes out: a `Result`, the replies it
owes and to whom. A handler is run twice when its text holds a PIN: first as a
rehearsal over a reader, to see whether it asks for the PIN at all (an unknown payee
costs no try), and then, the PIN checked in a thread, in the transaction. So a handler
asks for the PIN before its first write. Both runs are made by `smsgate.gateway`.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, NoReturn

from commands.replies import name_of
from commands.reply import NoPinYet, PinAsked, PinBad, PinLocked
from smsgate.clock import DAY_MS, from_ms, to_ms
from smsgate.errors import SmsgateError
from smsgate.market import Rules
from smsgate.members import pins
from smsgate.messages.outbox import Class

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import tzinfo

    from commands.command import Bare, ChangePin, Keyword
    from commands.reply import Reply
    from commands.secret import Secret
    from smsgate.clock import Clock
    from smsgate.ledger import Transfer
    from smsgate.members import Member
    from smsgate.members.paper import PaperKeys
    from smsgate.store import Query, Row, Tx


class Timing(StrEnum):
    """What is known of when a text was sent."""

    fresh = "fresh"
    #: More than `Policy.late_ms` ago: no money moves on it.
    late = "late"
    #: The link does not say, nor how old a text may be: one step becomes two.
    unknown = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The network's rules that handlers apply; amounts are minor units."""

    timezone: tzinfo
    #: Up to this much may be paid with one text.
    one_step: int
    #: Above this nothing can be paid by text without a code of a card.
    two_step: int
    #: What a member may pay from one local midnight to the next.
    day: int
    day_count: int
    late_ms: int
    repeat_ms: int
    #: How long a question about money waits for its answer.
    question_ms: int
    #: How many digits a PIN has.
    pin_length: int
    #: Whether SALDO and MOVS need the PIN.
    balance_needs_pin: bool
    #: The network's name, which opens receipts until a member sets a word.
    network: str
    #: Up to this much, where it is above `two_step`, a code of a card can pay.
    card_step: int = 0
    #: The ladder of locks, which codes of cards climb too.
    pins: pins.PinPolicy = field(default_factory=pins.PinPolicy)
    #: What may be paid in a day while it is not certain who holds phone and PIN …
    low: int = 2_000
    #: … and for how long that is.
    low_ms: int = 3 * DAY_MS
    #: What may be paid in a day over links whose senders are easily forged, without a
    #: code of a card.
    loose: int = 2_000
    #: A phone that was silent for so long is one of which it is not certain; 0: never.
    dormant_ms: int = 90 * DAY_MS
    #: What the network's own words are answered with: word, language, text.
    info: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    #: How many advertisements, and for how long.
    market: Rules = field(default_factory=Rules)
    #: What a member may pay from one local Monday to the next; None: as the days allow.
    week: int | None = None
    #: How long a request to pay waits for its answer.
    request_ms: int = 3 * DAY_MS
    #: How long a request to give a payment back does.
    reversal_ms: int = 7 * DAY_MS
    #: How old a payment may be that is given back by text.
    refund_ms: int = 30 * DAY_MS
    #: How long a first payment waits for a NO; 0: it does not wait.
    cool_off_ms: int = 0
    #: Up to this much it does not wait either.
    cool_off_above: int = 0

    def day_start_ms(self, now_ms: int) -> int:
        """Return the last local midnight."""
        local = from_ms(now_ms).astimezone(self.timezone)
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        return round(midnight.timestamp() * 1000)

    def week_start_ms(self, now_ms: int) -> int:
        """Return the last local Monday's beginning."""
        day = from_ms(self.day_start_ms(now_ms)).astimezone(self.timezone)
        monday = day.replace(tzinfo=None) - timedelta(days=day.weekday())
        return to_ms(monday.replace(tzinfo=self.timezone))


class PinWanted(SmsgateError):
    """The handler asks for this PIN to be checked; hash it and begin again."""

    def __init__(self, pin: Secret) -> None:
        """Carry the PIN to the check."""
        super().__init__("check the PIN and begin again")
        self.pin = pin


class ChangeWanted(SmsgateError):
    """The handler asks for this change of PIN to be prepared; then begin again."""

    def __init__(self, change: ChangePin) -> None:
        """Carry the change to the hashing."""
        super().__init__("prepare the change of PIN and begin again")
        self.change = change


class WouldWrite(SmsgateError):
    """A rehearsal came to its first write and needs no PIN."""


class Rehearsal:
    """A reader that looks like a transaction and stops at the first write."""

    def __init__(self, reader: Query, clock: Clock, now_ms: int) -> None:
        """Read from `reader`."""
        self._reader = reader
        self.clock = clock
        self.now_ms = now_ms

    def one(
        self, sql: str, values: Mapping[str, object] | Sequence[object] = ()
    ) -> Row | None:
        """Return the first row."""
        return self._reader.one(sql, values)

    def all(
        self, sql: str, values: Mapping[str, object] | Sequence[object] = ()
    ) -> list[Row]:
        """Return all rows."""
        return self._reader.all(sql, values)

    def run(
        self, sql: str, values: Mapping[str, object] | Sequence[object] = ()
    ) -> NoReturn:
        """Stop here."""
        raise WouldWrite(sql[:20])

    insert = run


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One text of a member that is being answered."""

    tx: Tx
    policy: Policy
    sender: Member
    #: The link it came over, and whether its numbers can be trusted.
    link: str
    trusted: bool
    #: When the network took the text, or now where the link does not say.
    sent_ms: int
    timing: Timing
    #: What was found out about the PIN, once the handler has asked for it.
    evidence: pins.Checked | pins.PreparedChange | None = None
    #: The first word as it was written, where it may be repeated.
    word: str = ""
    #: The phone it came from, E.164.
    phone: str = ""
    #: What it could answer a MENU screen with.
    bare: Bare | None = None
    #: What the same text did a moment ago over another link.
    earlier: Transfer | None = None
    #: What makes numbers on paper checkable.
    paper: PaperKeys | None = None

    def voucher_mac(self, number: str) -> bytes:
        """Return the fingerprint by which a voucher's number is known."""
        return self._paper().voucher(number)

    def is_code(self, card: int, position: int, code: Secret) -> bool:
        """Whether this is the code at a position of a card."""
        return hmac.compare_digest(self._paper().code(card, position), code.reveal())

    def _paper(self) -> PaperKeys:
        if self.paper is None:
            raise AssertionError("paper is checked without its keys")
        return self.paper

    def low_until_ms(self) -> int | None:
        """Return until when this sender pays little; None: they pay as ever."""
        sender, now_ms = self.sender, self.tx.now_ms
        since = [ms for ms in (sender.low_from_ms, sender.next_pin_ms) if ms <= now_ms]
        until_ms = max(since, default=0) + self.policy.low_ms
        return until_ms if until_ms > now_ms else None

    def limits(self, *, by_card: bool = False) -> Policy:
        """Return the rules for this sender, who may have to pay little for a while.

        Over a link whose senders are easily forged everybody pays little; `by_card`:
        but what a code of a card confirms.
        """
        if self.low_until_ms() is None:
            return self.policy if self.trusted or by_card else self._loosely()
        low = self.policy.low
        return replace(
            self.policy,
            one_step=min(low, self.policy.one_step),
            two_step=min(low, self.policy.two_step),
            day=min(low, self.policy.day),
            card_step=min(low, self.policy.card_step),
        )

    def _loosely(self) -> Policy:
        loose = self.policy.loose
        return replace(
            self.policy,
            one_step=min(loose, self.policy.one_step),
            two_step=min(loose, self.policy.two_step),
            day=min(loose, self.policy.day),
        )

    def refused(self, pin: Secret, *, money: bool) -> Reply | None:
        """Count the check of this PIN; return the refusal, or None when it is right.

        Raises:
            PinWanted: it was not checked yet.
            Stale: the member's PIN or its tries have changed since.
        """
        if not isinstance(self.evidence, pins.Checked):
            raise PinWanted(pin)
        settled = pins.settle(self.tx, self.evidence)
        until = settled.locked_until_ms
        match settled.verdict:
            case pins.Verdict.right:
                return None
            case pins.Verdict.absent:
                return NoPinYet(money=money)
            case pins.Verdict.wrong if settled.tries_left > 0:
                return PinBad(tries_left=settled.tries_left, money=money)
            case pins.Verdict.wrong | pins.Verdict.locked:
                return PinLocked(
                    until=None if until is None else from_ms(until), money=money
                )

    def asked(
        self, keyword: Keyword, *, money: bool = False, visible: bool = False
    ) -> Reply:
        """Ask for the PIN that a command came without, where the sender has one."""
        if pins.look(self.tx, self.sender.account).scheme is None:
            return NoPinYet(money=money)
        return PinAsked(keyword=keyword, money=money, visible=visible)

    def prepared(self, change: ChangePin) -> pins.PreparedChange:
        """Return the prepared change.

        Raises:
            ChangeWanted: it was not prepared yet.
        """
        if not isinstance(self.evidence, pins.PreparedChange):
            raise ChangeWanted(change)
        return self.evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A reply owed to a member; `to` None: to the sender."""

    reply: Reply
    to: Member | None = None
    cls: Class = Class.receipt
    #: E.164 of the phone it is for, where that is not the one of `to`, or is nobody's.
    phone: str = ""
    #: How long a notice waits before it may be sent.
    wait_ms: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a text came to."""

    told: tuple[Told, ...]
    #: The transfer it made.
    transfer: int | None = None
    #: The question it answered.
    question: int | None = None

    @property
    def outcome(self) -> str:
        """The first reply's name, for the inbox and the logs."""
        return name_of(type(self.told[0].reply)) if self.told else "silent"


def say(reply: Reply) -> Result:
    """Answer the sender and do nothing else."""
    return Result(told=(Told(reply=reply),))

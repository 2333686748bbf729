"""What the house says back: frozen values, one for each reply.

Made by `smsgate.handlers`; turned into one segment of the member's language by
`commands.replies.render`. Amounts are minor units, times aware UTC datetimes, names and
references as the ledger has them; rendering cuts and folds them. Every class here has a
template in each catalogue (a test holds that) and fits one segment at worst case.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from commands.command import Keyword


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """How a network speaks: what every template may use."""

    #: "es" or "en".
    language: str = "es"
    #: At most 12 characters.
    network: str = "Red"
    #: At most 4 characters.
    unit: str = "PT"
    decimals: int = 2
    #: At most 9 characters, as members dial it.
    help_phone: str = ""
    #: IANA name of the zone in which times are told.
    timezone: str = "America/El_Salvador"


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A member as another member sees them; `phone` is E.164 or masked, or empty."""

    name: str
    code: str
    phone: str = ""


class Reply:
    """Marks a value as a reply; every reply is a frozen dataclass below."""

    __slots__ = ()


# ---- payments


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidPayer(Reply):
    """Receipt of the payer."""

    amount: int
    payee: Party
    ref: str
    fee: int
    balance: int
    available: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidPayee(Reply):
    """Receipt of the payee; `word` opens it: the network's name or their PALABRA."""

    word: str
    amount: int
    payer: Party
    ref: str
    balance: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirm(Reply):
    """Second step: who, how much, and how to say yes or no."""

    amount: int
    payee: Party
    fee: int
    token: int
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoFunds(Reply):
    """Balance and limit do not reach."""

    amount: int
    payee: Party
    available: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OverLimit(Reply):
    """Over the limit a payment or a day."""

    payment_limit: int
    day_limit: int
    day_used: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OverCount(Reply):
    """Too many payments today."""

    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PayeeUnknown(Reply):
    """Nobody has that phone, code or alias; an alias may be repeated and hinted at.

    `alias` is empty for a phone or a code, which are never repeated.
    """

    alias: str = ""
    #: At most two members (alias, code) whose alias is one edit away.
    near: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PayeeCannotReceive(Reply):
    """The payee is frozen, closed or over their ceiling; says neither which nor why."""

    payee: Party


@dataclass(frozen=True, slots=True, kw_only=True)
class PayeeWarned(Reply):
    """To the payee: a payment was refused because of their own ceiling."""

    amount: int
    payer: Party


@dataclass(frozen=True, slots=True, kw_only=True)
class PaySelf(Reply):
    """Payer and payee are the same member."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen(Reply):
    """The sender's own account is frozen; `money` when a payment was asked for."""

    money: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NoPinYet(Reply):
    """The sender has no PIN and asked for something that needs one."""

    money: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MaybeDouble(Reply):
    """`dup.ask`: the same payment was made minutes ago; not repeated unless confirmed."""

    amount: int
    payee: Party
    ref: str
    at: datetime
    token: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AlreadyDone(Reply):
    """`dup.replay`: that question was answered already; what came of it."""

    amount: int
    payee: Party
    ref: str
    at: datetime
    balance: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Late(Reply):
    """The text came too late; nothing was paid unless confirmed."""

    sent_at: datetime
    amount: int
    payee: Party
    token: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LateAnswer(Reply):
    """A late or misordered SI: nothing was paid, the question is told anew."""

    amount: int
    payee: Party
    token: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NotPaid(Reply):
    """NO: what was not paid. `more` further questions were closed with it."""

    amount: int
    payee: Party
    more: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NothingOpen(Reply):
    """SI, NO or a token to which no question is open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionOver(Reply):
    """The question expired or was closed; nothing was paid."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WhichQuestion(Reply):
    """Several questions are open: answer with token and PIN; at most three tokens."""

    tokens: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PinNeeded(Reply):
    """SI without a PIN where one is needed; `token` names the open question."""

    token: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StrayPin(Reply):
    """A bare PIN with no open question: nothing was paid; do not send it alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed(Reply):
    """Our own fault: it could not be done; `money`: nothing was paid."""

    money: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NotNow(Reply):
    """The house is in review after a restore; nothing was paid, try later."""


# ---- PINs


@dataclass(frozen=True, slots=True, kw_only=True)
class PinBad(Reply):
    """Wrong PIN, and how many tries are left; `money`: "NO se pago" comes first."""

    tries_left: int
    money: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PinLocked(Reply):
    """Locked until a time; None: until seen in person."""

    until: datetime | None
    money: bool


class WeakPin(StrEnum):
    """Why a new PIN is refused."""

    #: All digits equal, or pairs repeated (1212).
    repeats = "repeats"
    #: Digits rise or fall by a constant step.
    steps = "steps"
    #: A year from 1930 to 2029, or a day and month.
    date = "date"
    #: A piece of the member's own phone or code.
    own_number = "own_number"
    #: Among the most used.
    common = "common"
    #: Used before.
    reused = "reused"
    #: Not as many digits as the network's PINs have.
    length = "length"


@dataclass(frozen=True, slots=True, kw_only=True)
class PinWeak(Reply):
    """The new PIN is too easy; nothing was changed."""

    why: WeakPin
    digits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PinUnequal(Reply):
    """The new PIN was not written the same twice; nothing was changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PinChanged(Reply):
    """The new PIN holds; delete the message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PinDelayed(Reply):
    """The new PIN holds from `at`; until then the old one does."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PinReset(Reply):
    """Security notice: somebody asked for a new PIN; how to stop it."""

    token: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PinResetStopped(Reply):
    """The asked-for PIN is void; staff were told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeBad(Reply):
    """Wrong, expired or used-up one-time code; `tries_left` 0: ask for a new one."""

    tries_left: int


# ---- the member's own affairs


@dataclass(frozen=True, slots=True, kw_only=True)
class LastMove:
    """The newest posting of a statement; `amount` is negative for a debit."""

    amount: int
    name: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance(Reply):
    """SALDO."""

    balance: int
    available: int
    limit: int
    last: LastMove | None


@dataclass(frozen=True, slots=True, kw_only=True)
class History(Reply):
    """MOVS: at most three postings, newest first; `next_page` None at the end."""

    moves: tuple[LastMove, ...]
    next_page: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PinAsked(Reply):
    """SALDO or MOVS without the PIN it needs: how to write it."""

    keyword: Keyword


@dataclass(frozen=True, slots=True, kw_only=True)
class Genuine(Reply):
    """VER: the receipt is real and not reversed; phones are not told."""

    amount: int
    payer: str
    payee: str
    at: datetime
    ref: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReversedReceipt(Reply):
    """VER: the receipt was real and has been reversed since."""

    ref: str
    reversed_at: datetime
    amount: int
    payer: str
    payee: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FalseReceipt(Reply):
    """VER: no such receipt; `mistyped` when the check digit is wrong."""

    ref: str
    mistyped: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocked(Reply):
    """ROBO from the member's own phone: the account is frozen at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageSet(Reply):
    """IDIOMA was done; said in the new language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageUnknown(Reply):
    """IDIOMA with another word than ES or EN."""


# ---- understanding


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpText(Reply):
    """AYUDA, in general or about one built command."""

    topic: Keyword | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotBuilt(Reply):
    """The command is known and cannot be done yet; `money`: nothing was paid."""

    keyword: Keyword
    money: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NotUnderstood(Reply):
    """A text without an accepted reading; see `commands.command.Misread`.

    `word` is the first word where it is safe to repeat (letters only), else empty.
    """

    why: str
    keyword: Keyword | None = None
    suggestions: tuple[Keyword, ...] = ()
    money: bool = False
    word: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TooLong(Reply):
    """More parts than are read: nothing was done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incomplete(Reply):
    """Parts of the text are missing: it came incomplete and nothing was paid."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotMember(Reply):
    """The sender's number is not a member's; how to join, nothing was paid."""

"""What the ledger speaks of: accounts, transfers, moves, holds, outcomes, errors.

Refusals are values (`Declined`, with its `Outcome`); errors are for what nobody should
have asked. Amounts are minor units, times ms UTC. Made by the modules beside this one.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from smsgate.errors import SmsgateError


class Outcome(StrEnum):
    """What a transfer came to. Where several apply, the first listed is told.

    Each but `self_payment` and `posted` is the name of a rule in the schema.
    """

    #: Both sides are the same account.
    self_payment = "self_payment"
    #: The payer is stopped, frozen or closed.
    payer_not_active = "payer_not_active"
    #: The payee is frozen or closed.
    payee_not_active = "payee_not_active"
    #: Balance, less what is held, and credit line do not reach.
    insufficient = "insufficient"
    #: The payee may not have so much.
    over_ceiling = "over_ceiling"
    posted = "posted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """A transfer that took place, and where it left both sides."""

    id: int
    #: Ten digits, the last a check digit; what members call it by.
    ref: str
    at_ms: int
    debit_balance: int
    #: What the payer can still spend: balance, less holds, plus credit line.
    debit_available: int
    credit_balance: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Declined:
    """A transfer that a rule refused; nothing moved."""

    outcome: Outcome
    #: What the payer can spend.
    available: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Someone's units as they stand."""

    id: int
    #: `member`, or the system's `opening` and `treasury`.
    kind: str
    balance: int
    #: Reserved by open holds, still in the balance.
    held: int
    #: How far below zero the balance may go.
    credit_limit: int
    #: The most the balance may be; None: no end.
    ceiling: int | None
    #: `active`, `stopped` (pays nothing, is paid), `frozen` or `closed`.
    state: str

    @property
    def available(self) -> int:
        """What can be spent now."""
        return self.balance - self.held + self.credit_limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """A movement of units, for ever."""

    id: int
    ref: str
    #: `pay`, `fee`, `opening`, `reverse` or `adjust`.
    kind: str
    debit: int
    credit: int
    amount: int
    memo: str
    at_ms: int
    #: How much of it was given back since, and when last.
    reversed_minor: int
    reversed_ms: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A line of an account's statement."""

    ref: str
    #: Signed: below zero when it went out.
    amount: int
    #: After it.
    balance: int
    at_ms: int
    kind: str
    #: The account on the other side.
    other: int
    memo: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Units set aside for a payee until posted, voided or expired."""

    id: int
    debit: int
    #: None: whoever brings its voucher.
    credit: int | None
    amount: int
    #: What becomes of it when its time is up: `void` or `post`.
    at_expiry: str
    expires_ms: int
    #: `open`, `posted`, `voided` or `expired`.
    state: str
    #: Of the transfer that posts it.
    memo: str = ""


class LedgerError(SmsgateError):
    """The ledger was asked for something that is not there or makes no sense."""


class AccountUnknown(LedgerError):
    """There is no account of this number."""

    def __init__(self, account: int) -> None:
        """Name the account."""
        super().__init__(f"there is no account {account}: look it up again")
        self.account = account


class AccountClosed(LedgerError):
    """The account is closed for good."""


class LimitRefused(LedgerError):
    """The balance is beyond the new limit or ceiling."""


class TransferUnknown(LedgerError):
    """There is no transfer of this reference."""


class NotReversible(LedgerError):
    """The transfer cannot be given back, or not as much of it."""


class HoldUnknown(LedgerError):
    """There is no hold of this number."""


class HoldClosed(LedgerError):
    """The hold was posted, voided or expired before."""


class OpeningRefused(LedgerError):
    """The opening balances do not sum to zero or break a limit."""


class BrokenBooks(SmsgateError):
    """The books contradict themselves: stop, and run `smsgate ledger check`."""

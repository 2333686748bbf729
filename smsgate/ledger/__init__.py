"""The ledger: accounts, transfers, holds and their chain. The only writer of money.

Rooms above call these functions inside a transaction of `smsgate.store`; they are plain
and synchronous. `pay` is the heart: `transfers` inserts one row, the schema's triggers
do the rest and refuse by name. `checking` is the audit, which trusts none of it.
"""

from smsgate.ledger.accounts import (
    account,
    freeze,
    open_account,
    opening,
    set_ceiling,
    set_limit,
    stop,
    system_account,
    unfreeze,
)
from smsgate.ledger.chain import head, record
from smsgate.ledger.checking import BadWitness, check, compare, read_witness
from smsgate.ledger.holds import Expired, expire_due, hold_of, post, reserve, void
from smsgate.ledger.replay import Finding
from smsgate.ledger.statements import has_paid, moves, paid_since, same_since
from smsgate.ledger.transfers import by_id, by_ref, left_of, pay, reverse
from smsgate.ledger.values import (
    Account,
    AccountClosed,
    AccountUnknown,
    BrokenBooks,
    Declined,
    Hold,
    HoldClosed,
    HoldUnknown,
    LedgerError,
    LimitRefused,
    Move,
    NotReversible,
    OpeningRefused,
    Outcome,
    Posted,
    Transfer,
    TransferUnknown,
)

__all__ = [
    "Account",
    "AccountClosed",
    "AccountUnknown",
    "BadWitness",
    "BrokenBooks",
    "Declined",
    "Expired",
    "Finding",
    "Hold",
    "HoldClosed",
    "HoldUnknown",
    "LedgerError",
    "LimitRefused",
    "Move",
    "NotReversible",
    "OpeningRefused",
    "Outcome",
    "Posted",
    "Transfer",
    "TransferUnknown",
    "account",
    "by_id",
    "by_ref",
    "check",
    "compare",
    "expire_due",
    "freeze",
    "has_paid",
    "head",
    "hold_of",
    "left_of",
    "moves",
    "open_account",
    "opening",
    "paid_since",
    "pay",
    "post",
    "read_witness",
    "record",
    "reserve",
    "reverse",
    "same_since",
    "set_ceiling",
    "set_limit",
    "stop",
    "system_account",
    "unfreeze",
    "void",
]

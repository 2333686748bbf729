"""PINs: how they are checked, locked, chosen and changed, and never kept.

What comes in: the digits of a text as a `Secret`. What goes out: what the member is
told. A check is made in three steps: `look` at the row, compare at the `PinDesk` in a
thread, `settle` in the transaction that answers; `Stale` says that the row moved in
between and all three are done again. A change goes `look`, `prepare`, `apply_change`.
The ladder of locks is in `tries`, the refused PINs are in `weakness`.
"""

from smsgate.members.pins.changing import (
    Changed,
    ChangeOutcome,
    CodeWrong,
    Delayed,
    Locked,
    NoPin,
    OldWrong,
    PinExists,
    Unequal,
    Weak,
    apply_change,
    cancel_reset,
    confirm_reset,
    held_since,
    hold_reset,
    set_first,
)
from smsgate.members.pins.checking import (
    Settled,
    Stale,
    judged,
    settle,
    settle_due,
)
from smsgate.members.pins.codes import PinState, Standing, issue_code, state_of
from smsgate.members.pins.hashing import (
    BadScheme,
    Checked,
    NewVerifier,
    PinDesk,
    PreparedChange,
    Verdict,
)
from smsgate.members.pins.policy import CODE_DIGITS, PinPolicy
from smsgate.members.pins.rows import PinRow, look
from smsgate.members.pins.tries import IN_PERSON

__all__ = [
    "CODE_DIGITS",
    "IN_PERSON",
    "BadScheme",
    "ChangeOutcome",
    "Changed",
    "Checked",
    "CodeWrong",
    "Delayed",
    "Locked",
    "NewVerifier",
    "NoPin",
    "OldWrong",
    "PinDesk",
    "PinExists",
    "PinPolicy",
    "PinRow",
    "PinState",
    "PreparedChange",
    "Settled",
    "Stale",
    "Standing",
    "Unequal",
    "Verdict",
    "Weak",
    "apply_change",
    "cancel_reset",
    "confirm_reset",
    "held_since",
    "hold_reset",
    "issue_code",
    "judged",
    "look",
    "set_first",
    "settle",
    "settle_due",
    "state_of",
]

"""Which exit code goes with which error: 1 refused, 2 bad config, 3 not reached.

What comes in: whatever an operation or its opening raised. What goes out: the code, or
None for what is no error of ours, and so a fault of the program. Used by the socket for
its answers and by `smsgate.cli` at the very end.
"""

from __future__ import annotations

from smsgate.config import BadConfig, BadSecret
from smsgate.errors import SmsgateError
from smsgate.operations.desk import NotReached
from smsgate.store import (
    LedgerForeign,
    LedgerLocked,
    LedgerMissing,
    LedgerNewer,
    LedgerOlder,
    StorageFailed,
)

REFUSED = 1
USAGE = 2
NOT_REACHED = 3


def exit_code(error: BaseException) -> int | None:
    """Return the exit code of one of our errors, None for any other."""
    match error:
        case BadConfig() | BadSecret():
            return USAGE
        case NotReached() | LedgerLocked() | LedgerMissing() | StorageFailed():
            return NOT_REACHED
        case LedgerForeign() | LedgerOlder() | LedgerNewer():
            # There may be nothing wrong with it, but it is not one to be used.
            return NOT_REACHED
        case SmsgateError():
            return REFUSED
        case _:
            return None

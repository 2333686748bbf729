"""The database: one writer, many readers, schema and migrations.

The only room that knows the engine. `Store` is the open ledger; a handler sees a `Tx`
to write and a `Query` to read. Start with `smsgate.store.store`, then follow a write
through `writer` (queue and thread), `batch` (transaction and commit) and `transaction`
(one statement). `opening` says what is checked before a ledger is used.
"""

from smsgate.store.errors import (
    LedgerDamaged,
    LedgerExists,
    LedgerForeign,
    LedgerLocked,
    LedgerMissing,
    LedgerNewer,
    LedgerOlder,
    Refused,
    StorageFailed,
    StorageUnsure,
    StoreClosed,
    StoreError,
)
from smsgate.store.lock import Lock
from smsgate.store.migrations import migrate
from smsgate.store.opening import create_ledger, open_for_check
from smsgate.store.review import (
    begin_review,
    end_review,
    in_review,
    instance_of,
    is_copy,
    resumed_ms,
)
from smsgate.store.runs import begin_run
from smsgate.store.schema import VERSION, differences
from smsgate.store.store import CLOCK_BACK_MAX_MS, Store, accept_clock
from smsgate.store.values import Query, Row, Tx, Values

__all__ = [
    "CLOCK_BACK_MAX_MS",
    "VERSION",
    "LedgerDamaged",
    "LedgerExists",
    "LedgerForeign",
    "LedgerLocked",
    "LedgerMissing",
    "LedgerNewer",
    "LedgerOlder",
    "Lock",
    "Query",
    "Refused",
    "Row",
    "StorageFailed",
    "StorageUnsure",
    "Store",
    "StoreClosed",
    "StoreError",
    "Tx",
    "Values",
    "accept_clock",
    "begin_review",
    "begin_run",
    "create_ledger",
    "differences",
    "end_review",
    "in_review",
    "instance_of",
    "is_copy",
    "migrate",
    "open_for_check",
    "resumed_ms",
]

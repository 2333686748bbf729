"""What can be wrong with the ledger's file, and the one refusal that is no fault.

    SmsgateError
     |- Refused              a rule of the schema said no; the command may go on
     '- StoreError
         |- StoreClosed
         |- StorageFailed    disk full, I/O error, locked: nothing took effect
         |   '- StorageUnsure    the same, but whether it took effect is not known
         '- LedgerMissing, LedgerExists, LedgerLocked, LedgerForeign, LedgerOlder,
            LedgerNewer, LedgerDamaged

Raised by `smsgate.store`; the driver's own errors stay in the cause.
"""

from __future__ import annotations

from smsgate.errors import SmsgateError


class Refused(SmsgateError):
    """A CHECK, a UNIQUE or a trigger of the schema refused one statement.

    Only that statement is undone. `name` is the CHECK's name, the trigger's message,
    or `table.column` of a UNIQUE: `insufficient`, `immutable`, `transfer.ref`.
    """

    def __init__(self, name: str) -> None:
        """Keep the rule's name."""
        super().__init__(f"the ledger's rule {name!r} forbids this")
        self.name = name


class StoreError(SmsgateError):
    """The ledger's file cannot be used as it is."""


class StoreClosed(StoreError):
    """The store is closed; open it again before you write."""


class StorageFailed(StoreError):
    """The disk or a lock stood in the way; nothing of this write took effect."""


class StorageUnsure(StorageFailed):
    """The disk failed and the store was closed before it could be read again.

    The write may have taken effect: look before it is made once more.
    """


class LedgerMissing(StoreError):
    """There is no ledger at this path."""


class LedgerExists(StoreError):
    """There is a file at this path, and it is never overwritten."""


class LedgerLocked(StoreError):
    """Another program writes this ledger."""


class LedgerForeign(StoreError):
    """The file at this path is no ledger of smsgate."""


class LedgerOlder(StoreError):
    """The ledger was written by an older smsgate and must be migrated first."""


class LedgerNewer(StoreError):
    """The ledger was written by a newer smsgate than this one."""


class LedgerDamaged(StoreError):
    """The ledger contradicts itself or its rules are not all there."""

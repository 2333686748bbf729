"""What staff and the shell can do, one file a noun.

What comes in: a `Desk` and typed arguments (`smsgate.operations.requests`). What goes
out: a document ready for JSON. An operation runs inside the daemon, asked over its
socket (`smsgate.operations.door.socket`), or, with no daemon, in the shell's own
process, which then holds the ledger's lock (`smsgate.operations.door.alone`): the same
checks. `smsgate.operations.table` names them all, room by room; `smsgate.cli` asks for
them.
"""

from smsgate.operations.desk import (
    Answer,
    Desk,
    Document,
    Live,
    NotReached,
    OperationRefused,
    Progress,
)

__all__ = [
    "Answer",
    "Desk",
    "Document",
    "Live",
    "NotReached",
    "OperationRefused",
    "Progress",
]

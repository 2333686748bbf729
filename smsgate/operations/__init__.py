"""What staff and the shell can do, one file a noun.

What comes in: a `Desk` and typed arguments (`smsgate.operations.requests`). What goes
out: a document ready for JSON. An operation runs inside the daemon, asked over its
socket (`smsgate.operations.socket`), or, with no daemon, in the shell's own process,
which then holds the ledger's lock (`smsgate.operations.alone`): the same checks.
`smsgate.operations.table` names them all; `smsgate.cli` is where they are asked from.
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

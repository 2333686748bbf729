"""Review: the state of a house whose ledger is a copy that was put back.

What comes in: an open transaction. What goes out: whether the house is in review, its
beginning when the daemon first runs on the copy, and its end when somebody has looked
at what is missing. While it lasts no money moves (`smsgate.gateway.timekeeping`). The
mark of a copy is set in `smsgate.store.snapshot`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from smsgate.store.values import Query, Tx

_COPY, _PUT_BACK = 1, 2


def in_review(q: Query) -> bool:
    """Return whether this is a copy, or a house that stands on one."""
    row = q.one("SELECT review FROM house")
    return row is not None and row["review"] != 0


def instance_of(q: Query) -> str:
    """Return what tells this house from the one whose copy it stands on."""
    row = q.one("SELECT instance FROM house")
    return "" if row is None else str(row["instance"])


def is_copy(q: Query) -> bool:
    """Say whether this is a copy that nobody has taken note of."""
    row = q.one("SELECT 1 FROM house WHERE review = :then", {"then": _COPY})
    return row is not None


def begin_review(tx: Tx) -> bool:
    """Take note that a copy is in use now; False where that is known, or it is none."""
    return (
        tx.run(
            # A copy may be put back more than once: each time it is another house.
            "UPDATE house SET review = :now, instance = lower(hex(randomblob(8)))"
            " WHERE review = :then",
            {"now": _PUT_BACK, "then": _COPY},
        )
        > 0
    )


def end_review(tx: Tx) -> bool:
    """Let the house go on; False where it is in no review."""
    return (
        tx.run(
            "UPDATE house SET review = 0, resumed_ms = :now WHERE review <> 0",
            {"now": tx.now_ms},
        )
        > 0
    )


def resumed_ms(q: Query) -> int:
    """Return when the last review ended; 0: there was none."""
    row = q.one("SELECT resumed_ms FROM house")
    return 0 if row is None else int(row["resumed_ms"])

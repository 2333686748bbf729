"""The chain: every transfer and event carries the hash of the one before it.

What comes in: the fields of a row to be. What goes out: its number and hash, and the
row of an event. The head is read in the transaction that writes, so that a command
that is undone takes it back, too. The bytes are described in
`docs/reference/chain.md`; `smsgate.ledger.checking` computes them on its own.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smsgate.store import Query, Tx


class Link(NamedTuple):
    """A place in the chain: the number of the next row and its hash."""

    seq: int
    hash: bytes


def head(q: Query) -> tuple[int, str]:
    """Return the number and the hash (hex) of the last row; 0 and zeros at first."""
    row = q.one("SELECT seq, hash FROM chain")
    return (row["seq"], row["hash"].hex()) if row is not None else (0, "")


def link_transfer(
    tx: Tx,
    *,
    ref: str,
    kind: str,
    debit: int,
    credit: int,
    amount: int,
    of: int | None,
    reverses: int | None,
    hold: int | None,
    memo: str,
) -> Link:
    """Return the place of a transfer about to be written."""
    fields = (
        f"{ref}\n{kind}\n{debit}\n{credit}\n{amount}\n{of or ''}\n{reverses or ''}\n"
        f"{hold or ''}\n{tx.now_ms}\n{memo}"
    )
    return _link(tx, "transfer", fields)


def record(
    tx: Tx, *, kind: str, account: int | None, actor: str, detail: Mapping[str, object]
) -> int:
    """Write down what was done beside the money; return the event's number.

    Args:
        tx: the transaction that does it.
        kind: what was done, `limit_set`.
        account: whom it concerns; None: the house.
        actor: who did it, `uid:1000`, `member`, `daemon`; no line breaks.
        detail: what else to know, never a secret.
    """
    text = json.dumps(detail, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    # A line break would let one field pose as two.
    kind, actor = " ".join(kind.split()), " ".join(actor.split())
    fields = f"{kind}\n{account or ''}\n{actor}\n{tx.now_ms}\n{text}"
    link = _link(tx, "event", fields)
    return tx.insert(
        """
        INSERT INTO event (id, kind, account, actor, detail, at_ms, hash)
        VALUES (:id, :kind, :account, :actor, :detail, :at, :hash)
        """,
        {
            "id": link.seq,
            "kind": kind,
            "account": account,
            "actor": actor,
            "detail": text,
            "at": tx.now_ms,
            "hash": link.hash,
        },
    )


def _link(tx: Tx, table: str, fields: str) -> Link:
    row = tx.one("SELECT seq + 1 AS next, hash FROM chain")
    seq, before = (row["next"], row["hash"]) if row is not None else (1, bytes(32))
    text = f"{table}\n{seq}\n{fields}".encode()
    return Link(seq, hashlib.sha256(before + text).digest())

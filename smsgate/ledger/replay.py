"""Replay the chain from its first row: hashes, order, times, limits as they were then.

What comes in: a ledger opened read-only. What goes out: the findings, in the order of
the chain. It keeps every account's balance, limits and state in memory as the rows
tell them, so that a payment which broke a limit of its day is found, and a limit that
was changed without a record. It computes the bytes of `docs/reference/chain.md` by
itself. Called by `smsgate.ledger.checking`.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smsgate.store import Query, Row

#: Rows read at a time, so that memory does not grow with the ledger.
_PAGE = 5_000

_TRANSFERS = """
    SELECT id, ref, kind, debit, credit, amount, of, reverses, hold, memo, at_ms, hash
    FROM transfer WHERE id > :after ORDER BY id LIMIT :page
"""
_EVENTS = """
    SELECT id, kind, account, actor, detail, at_ms, hash
    FROM event WHERE id > :after ORDER BY id LIMIT :page
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something wrong in the ledger."""

    #: The row: `transfer 17`, `account 3`, or `schema`, `file`, `chain`.
    where: str
    what: str


@dataclass(slots=True, kw_only=True)
class _Known:
    """An account as the rows so far tell it."""

    kind: str
    limit: int
    ceiling: int | None
    state: str = "active"
    balance: int = 0


def replay(q: Query, named_max: int) -> list[Finding]:
    """Return what is wrong along the chain; stop once `named_max` are found."""
    walk = _Walk(q)
    for table, row in _rows(q):
        walk.step(table, row)
        if len(walk.found) >= named_max:
            # After the first wrong row every later one may look wrong.
            return walk.found
    return walk.found + walk.end()


class _Walk:
    """One pass along the chain."""

    def __init__(self, q: Query) -> None:
        """Begin before the first row."""
        self._q = q
        self._seq = 0
        self._hash = bytes(32)
        self._at_ms = 0
        self._accounts: dict[int, _Known] = {}
        self.found: list[Finding] = []

    def step(self, table: str, row: Row) -> None:
        """Look at the next row."""
        where = f"{table} {row['id']}"
        if row["id"] != self._seq + 1:
            self._tell(where, f"it follows {self._seq}: rows between are missing")
        text = _transfer_text(row) if table == "transfer" else _event_text(row)
        digest = hashlib.sha256(self._hash + text.encode()).digest()
        if digest != row["hash"]:
            self._tell(where, "its hash is not that of its content and the row before")
        # Go on from what it claims, or every row after it would be named.
        self._seq, self._hash = row["id"], row["hash"]
        accepted = table == "event" and row["kind"] == "clock_accepted"
        if row["at_ms"] < self._at_ms and not accepted:
            self._tell(where, "its time is before that of the row before")
        # From a clock that somebody declared right, times begin again.
        self._at_ms = 0 if accepted else row["at_ms"]
        if table == "transfer":
            self._transfer(where, row)
        else:
            self._event(where, row)

    def end(self) -> list[Finding]:
        """Compare what the chain tells with the accounts and the head."""
        found = []
        head = self._q.one("SELECT seq, hash FROM chain")
        if head is None or (head["seq"], head["hash"]) != (self._seq, self._hash):
            found.append(
                Finding(
                    where="chain", what=f"its head is not its last row, {self._seq}"
                )
            )
        rows = self._q.all(
            "SELECT id, kind, balance, credit_limit, ceiling, state FROM account"
        )
        for row in rows:
            known = self._accounts.pop(row["id"], None)
            now = (row["kind"], row["credit_limit"], row["ceiling"], row["state"])
            if known is None:
                what = "it was never opened: no event tells of it"
            elif now != (known.kind, known.limit, known.ceiling, known.state):
                what = "its limit, ceiling or state was changed without a record"
            elif row["balance"] != known.balance:
                what = f"its transfers come to {known.balance}, not {row['balance']}"
            else:
                continue
            found.append(Finding(where=f"account {row['id']}", what=what))
        found += [
            Finding(where=f"account {number}", what="it was opened and is not there")
            for number in self._accounts
        ]
        return found

    def _transfer(self, where: str, row: Row) -> None:
        payer = self._accounts.get(row["debit"])
        payee = self._accounts.get(row["credit"])
        if payer is None or payee is None:
            self._tell(where, "one of its accounts was not open then")
            return
        payer.balance -= row["amount"]
        payee.balance += row["amount"]
        if payer.kind != "opening" and payer.balance < -payer.limit:
            self._tell(where, f"it took account {row['debit']} below its limit")
        if payee.ceiling is not None and payee.balance > payee.ceiling:
            self._tell(where, f"it took account {row['credit']} over its ceiling")
        if row["kind"] in ("pay", "fee"):
            stopped = payer.state != "active" and row["hold"] is None
            if stopped or payee.state != "active":
                self._tell(where, "one of its accounts was stopped then")

    def _event(self, where: str, row: Row) -> None:
        try:
            self._remember(where, row, json.loads(row["detail"]))
        except (KeyError, TypeError, ValueError):
            self._tell(where, "its detail cannot be read")

    def _remember(self, where: str, row: Row, detail: dict[str, Any]) -> None:
        if row["kind"] == "account_opened":
            self._accounts[row["account"]] = _Known(
                kind=detail["kind"], limit=detail["limit"], ceiling=detail["ceiling"]
            )
            return
        known = self._accounts.get(row["account"])
        match row["kind"]:
            case "limit_set" | "ceiling_set" | "frozen" | "unfrozen" if known is None:
                self._tell(where, "its account was not open then")
            case "limit_set" if known is not None:
                known.limit = detail["to"]
            case "ceiling_set" if known is not None:
                known.ceiling = detail["to"]
            case "frozen" if known is not None:
                known.state = "frozen"
            case "unfrozen" if known is not None:
                known.state = "active"
            case _:
                pass  # of another room; it counts in the chain only

    def _tell(self, where: str, what: str) -> None:
        self.found.append(Finding(where=where, what=what))


def _rows(q: Query) -> Iterator[tuple[str, Row]]:
    """Yield transfers and events in the order of their numbers."""
    transfers, events = _paged(q, _TRANSFERS), _paged(q, _EVENTS)
    event = next(events, None)
    for transfer in transfers:
        while event is not None and event["id"] < transfer["id"]:
            yield "event", event
            event = next(events, None)
        yield "transfer", transfer
    while event is not None:
        yield "event", event
        event = next(events, None)


def _paged(q: Query, sql: str) -> Iterator[Row]:
    after = -(2**62)
    while rows := q.all(sql, {"after": after, "page": _PAGE}):
        yield from rows
        after = rows[-1]["id"]


def _transfer_text(row: Row) -> str:
    fields = [row[name] for name in ("ref", "kind", "debit", "credit", "amount")]
    fields += [row[name] for name in ("of", "reverses", "hold", "at_ms", "memo")]
    return _text("transfer", row["id"], fields)


def _event_text(row: Row) -> str:
    names = ("kind", "account", "actor", "at_ms", "detail")
    return _text("event", row["id"], [row[name] for name in names])


def _text(table: str, number: int, fields: list[object]) -> str:
    return "\n".join(
        [table, str(number), *("" if field is None else str(field) for field in fields)]
    )

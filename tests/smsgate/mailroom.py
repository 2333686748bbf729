"""A fresh ledger in memory, a clock that a test moves, and texts to put into it.

The tables, triggers and transaction are the real ones; only the file is missing, so
that a test takes milliseconds.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Self

from modem.link import ReportStatus
from smsgate.clock import DAY_MS, Clock
from smsgate.messages import inbox, outbox
from smsgate.messages.outbox import Class, State
from smsgate.store.schema import schema_text
from smsgate.store.transaction import Transaction

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smsgate.store import Row

#: An ordinary day: 2026-03-02 15:00 UTC.
START_MS = 1_772_463_600_000
LINK = "sim1"
ROSA = "+50371234567"
JUAN = "+50372345678"


class StoppedClock(Clock):
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.ms = START_MS

    def now_ms(self) -> int:
        """Return where it stands."""
        return self.ms

    def monotonic(self) -> float:
        """Return the same in seconds."""
        return self.ms / 1000


class Mailroom:
    """One ledger with one transaction that never ends; also a context manager."""

    def __init__(self) -> None:
        self.clock = StoppedClock()
        self._connection = sqlite3.connect(":memory:", isolation_level=None)
        self._connection.row_factory = sqlite3.Row
        self._connection.executescript(schema_text())
        self._connection.execute("PRAGMA foreign_keys = 1")
        self._connection.execute("PRAGMA recursive_triggers = 1")
        self.tx = Transaction(self._connection, self.clock, START_MS)
        #: The daemon's start number.
        self.run = 1

    def __enter__(self) -> Self:
        """Return the room."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Forget everything."""
        self._connection.close()

    def wait(self, ms: int) -> None:
        """Let time pass."""
        self.clock.ms += ms
        self.tx.now_ms = self.clock.ms

    def member(self, code: str = "12340") -> int:
        """Add a member; return the account."""
        account = self.tx.insert(
            "INSERT INTO account (kind, created_ms) VALUES ('member', 0)"
        )
        self.tx.run(
            "INSERT INTO member (account, code, name, kind, language, created_ms)"
            " VALUES (?, ?, 'Rosa', 'business', 'es', 0)",
            (account, code),
        )
        return account

    def text(
        self,
        key: bytes = b"k" * 16,
        *,
        mac: bytes = b"m",
        link: str = LINK,
        sender: str = ROSA,
        sent_ms: int | None = START_MS,
        outcome: str = "paid_payer",
        body: str = "PAGAR 12340 5.00 ****",
    ) -> int:
        """Keep a text; return its row's id."""
        return inbox.keep(
            self.tx,
            key=key,
            text_mac=mac,
            link=link,
            sender=sender,
            account=None,
            sent_ms=sent_ms,
            command="pagar",
            outcome=outcome,
            state="answered",
            body=body,
            transfer=None,
        )

    def owe(
        self,
        cls: Class = Class.receipt,
        *,
        recipient: str = ROSA,
        link: str = LINK,
        inbox_id: int | None = None,
        lives_ms: int = DAY_MS,
        due_ms: int | None = None,
        sending: bool = False,
    ) -> int:
        """Owe a text; return its row's id."""
        return outbox.owe(
            self.tx,
            inbox=inbox_id,
            cls=cls,
            name="paid_payer",
            recipient=recipient,
            body="Pagado 5.00",
            link=link,
            expires_ms=self.tx.now_ms + lives_ms,
            due_ms=due_ms,
            sending_run=self.run if sending else None,
        ).id

    def claim(self, limit: int = 10, *, link: str = LINK) -> list[int]:
        """Claim for a link, the only one; return the ids."""
        outbox.assign(self.tx, lambda _: link)
        return [owed.id for owed in outbox.claim(self.tx, link, limit, self.run)]

    def sent(self, *references: str, recipient: str = ROSA) -> int:
        """Owe a receipt, claim it and have it taken under these references."""
        row_id = self.owe(recipient=recipient, sending=True)
        assert outbox.sent(self.tx, [(row_id, references)])
        return row_id

    def unsure(self, cls: Class = Class.receipt, *, recipient: str = ROSA) -> int:
        """Owe a text, send it and get no answer."""
        row_id = self.owe(cls, recipient=recipient, sending=True)
        assert outbox.unsure(self.tx, row_id, "no answer to CMGS")
        return row_id

    def report(
        self,
        reference: str,
        status: str = "delivered",
        *,
        to: str = ROSA,
        link: str = LINK,
        code: str = "",
    ) -> bool:
        """Take a report, as the gateway does."""
        return outbox.report(
            self.tx,
            link=link,
            reference=reference,
            recipient=to,
            status=ReportStatus(status),
            code=code,
            at_ms=self.tx.now_ms,
        )

    def row(self, row_id: int) -> Row:
        """Return a row of the outbox."""
        row = self.tx.one("SELECT * FROM outbox WHERE id = ?", (row_id,))
        assert row is not None
        return row

    def state(self, row_id: int) -> State:
        """Return the state of a row of the outbox."""
        return State(self.row(row_id)["state"])

    def states(self, row_ids: Sequence[int]) -> list[str]:
        """Return the states of rows of the outbox."""
        return [str(self.state(row_id)) for row_id in row_ids]

    def count(self, table: str) -> int:
        """Return how many rows a table has."""
        rows = self.tx.all(f"SELECT 1 FROM {table}")
        return len(rows)

    def plan(self, sql: str, values: dict[str, object]) -> list[str]:
        """Return how the engine means to find the rows of a statement."""
        rows = self.tx.all(f"EXPLAIN QUERY PLAN {sql}", values)
        return [str(row["detail"]) for row in rows]

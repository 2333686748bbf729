"""Payments over a pipe: what was sent, acknowledged, shown, and what is in the ledger.

What comes in: a house without a modem. What goes out: `Teller`, one life of the daemon
of `tests.crash.pipe` and what it said; `Payments`, every payment that was ever sent and
what became of it over all lives. No two payments have the same amount.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from smsgate.clock import Clock
from tests.crash.house import PATIENCE_S, ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from tests.crash.house import House, Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """One text that pays."""

    number: int
    who: Person
    to: Person
    amount: int
    sent_ms: int

    @property
    def line(self) -> bytes:
        """As it goes into the pipe; always the same."""
        units, cents = divmod(self.amount, 100)
        text = {
            "number": self.number,
            "sender": self.who.phone,
            "words": f"PAGAR {self.to.code} {units}.{cents:02d} {self.who.pin}",
            "sent_ms": self.sent_ms,
        }
        return json.dumps(text).encode() + b"\n"


class Teller:
    """One life of the daemon; used once."""

    def __init__(
        self,
        house: House,
        *,
        careless: bool = False,
        environment: Mapping[str, str] | None = None,
        before: Callable[[], None] | None = None,
    ) -> None:
        """Start it; `before` is called in the child before anything else."""
        self._house = house
        self._log = house.log.open("ab")
        self._from = self._log.tell()
        how = ["careless"] if careless else []
        self._child = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.pipe", str(house.config), *how],
            cwd=ROOT,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            preexec_fn=before,  # noqa: PLW1509 - a limit, set while one thread runs
        )
        self._heard: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self._ear = threading.Thread(target=self._listen, name="pipe")
        self._ear.start()

    def _listen(self) -> None:
        assert self._child.stdout is not None
        for line in self._child.stdout:
            self._heard.put(json.loads(line))
        self._heard.put({"event": "over"})

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._child.pid

    @property
    def log(self) -> str:
        """What it logged in this life."""
        content = self._house.log.read_bytes()[self._from :]
        return content.decode("utf-8", "replace")

    def send(self, payment: Payment) -> None:
        """Have the network deliver a text."""
        assert self._child.stdin is not None
        self._child.stdin.write(payment.line)
        self._child.stdin.flush()

    def hear(self, timeout_s: float = PATIENCE_S) -> dict[str, Any]:
        """Return the next thing it says; `over` when it is dead.

        Raises:
            queue.Empty: it said nothing in time.
        """
        return self._heard.get(timeout=timeout_s)

    def kill(self) -> list[dict[str, Any]]:
        """Kill it; return what it had still said."""
        self._child.kill()
        self._child.wait(PATIENCE_S)
        self._ear.join(PATIENCE_S)
        for end in (self._child.stdin, self._child.stdout, self._log):
            assert end is not None
            with contextlib.suppress(BrokenPipeError):
                end.close()
        rest = []
        while not self._heard.empty():
            rest.append(self._heard.get())
        return rest


@dataclass(slots=True, kw_only=True)
class Payments:
    """Everything that was sent, and what was heard of it."""

    house: House
    sent: list[Payment] = field(default_factory=list)
    kept: set[int] = field(default_factory=set)
    told: Counter[tuple[str, str]] = field(default_factory=Counter)
    refusals: list[str] = field(default_factory=list)

    def more(self, count: int) -> list[Payment]:
        """Think of new payments, from everybody to the next."""
        people, made = self.house.people, []
        for _ in range(count):
            number = len(self.sent)
            place = number % len(people)
            payment = Payment(
                number=number,
                who=people[place],
                to=people[(place + 1) % len(people)],
                amount=100 + number,
                sent_ms=Clock().now_ms() // 1000 * 1000,
            )
            self.sent.append(payment)
            made.append(payment)
        return made

    def heard(self, said: Mapping[str, Any]) -> None:
        """Take note of what a daemon said."""
        match said["event"]:
            case "kept":
                self.kept.add(said["number"])
            case "told":
                self.told[said["to"], said["text"]] += 1
            case "refused":
                self.refusals.append(said["why"])
            case _:
                pass

    def all_kept(self, teller: Teller, payments: Iterable[Payment]) -> None:
        """Send these, again whenever they are refused, until all are kept."""
        waiting = {payment.number: payment for payment in payments}
        for payment in waiting.values():
            teller.send(payment)
        pause = threading.Event()
        while waiting:
            said = teller.hear()
            assert said["event"] != "over", teller.log
            self.heard(said)
            if said["event"] == "kept":
                waiting.pop(said["number"], None)
            elif said["event"] == "refused" and said["number"] in waiting:
                pause.wait(0.05)
                teller.send(waiting[said["number"]])

    def all_told(self, teller: Teller) -> None:
        """Wait until both sides of every payment have heard of it."""
        while self.told.total() < 2 * len(self.sent):
            said = teller.hear()
            assert said["event"] != "over", teller.log
            self.heard(said)

    def lost(self) -> list[str]:
        """Name what was acknowledged, or shown on a phone, and is not in the ledger."""
        made = Counter(
            (row["debit"], row["credit"], row["amount"])
            for row in self.house.rows("SELECT debit, credit, amount FROM transfer")
        )
        lost = [
            f"acknowledged: {payment}"
            for payment in self.sent
            if payment.number in self.kept and not made[_row_of(payment)]
        ]
        owed = {
            (row["recipient"], row["body"])
            for row in self.house.rows("SELECT recipient, body FROM outbox")
        }
        return lost + [f"told: {text}" for text in self.told if text not in owed]

    def right(self) -> None:
        """Hold the ledger to every payment exactly once.

        Raises:
            AssertionError: one is missing, doubled, or the books are wrong.
        """
        assert self.house.findings() == []
        made = Counter(
            (row["debit"], row["credit"], row["amount"])
            for row in self.house.rows("SELECT debit, credit, amount FROM transfer")
        )
        assert made == Counter(_row_of(payment) for payment in self.sent)
        rows = self.house.rows("SELECT state, outcome FROM inbox")
        assert len(rows) == len(self.sent)
        assert {tuple(row) for row in rows} <= {("answered", "paid_payer")}
        for (_, text), count in self.told.items():
            assert "NO se pago" not in text
            assert count <= 2, text


def _row_of(payment: Payment) -> tuple[int, int, int]:
    return payment.who.account, payment.to.account, payment.amount

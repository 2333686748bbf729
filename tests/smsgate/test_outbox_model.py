"""The outbox against a network that loses, delays and repeats, and a daemon that dies.

Hypothesis owes texts, sends them, answers or stays silent, delivers reports early, late
and twice, stops the daemon between any two steps and starts it again. What was really
written to the wire is counted beside the machine, and the promises of sending are held
against that count after every step.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
)

from smsgate.clock import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS
from smsgate.messages import outbox
from smsgate.messages.outbox import Class, State
from tests.smsgate.mailroom import JUAN, LINK, ROSA, Mailroom

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

#: Where a text rests; `unsure` is listed for an operator.
ENDS = {State.sent, State.delivered, State.failed, State.expired, State.unsure}
#: More sends than one example makes, so that each reference is the network's own.
REFERENCES = 10_000

recipients: SearchStrategy[str] = st.sampled_from([ROSA, JUAN])
classes = st.sampled_from(list(Class))


class OutboxMachine(RuleBasedStateMachine):
    """One link, one outbox, and the truth beside it."""

    #: Rows that this run of the daemon has in hand, before their first byte.
    taken = Bundle("taken")
    #: Rows that were written, with the network's reference; the answer is due.
    written = Bundle("written")
    #: What the network knows: row, reference, number. Reports may come at any time.
    known = Bundle("known")

    @initialize()
    def begin(self) -> None:
        """Start with an empty ledger."""
        self.room = Mailroom()
        self.classes: dict[int, Class] = {}
        #: How often each text was written to the wire.
        self.writes: Counter[int] = Counter()
        #: Texts of which a write was left without an answer, or may have been made.
        self.doubted: set[int] = set()
        self.delivered: set[int] = set()
        #: Texts that really arrived, as the network said at some time.
        self.arrived: set[int] = set()
        self.reference = 0
        #: When each reference was given.
        self.given_ms: dict[str, int] = {}

    def teardown(self) -> None:
        """See that everything comes to an end when the modem comes back."""
        if not hasattr(self, "room"):
            return
        try:
            self._settle_down()
        finally:
            self.room.close()

    # ---- what is owed, and claimed

    @rule(cls=classes, to=recipients, lives_ms=st.sampled_from([HOUR_MS, DAY_MS]))
    def owe(self, cls: Class, to: str, lives_ms: int) -> None:
        """Owe a text."""
        self.classes[self.room.owe(cls, recipient=to, lives_ms=lives_ms)] = cls

    @rule(target=taken, to=recipients)
    def answer(self, to: str) -> tuple[int, int]:
        """Owe an answer that is born sending."""
        row = self.room.owe(recipient=to, sending=True)
        self.classes[row] = Class.receipt
        return row, self.room.run

    @rule(target=taken, limit=st.integers(1, 3))
    def claim(self, limit: int) -> object:
        """Take what is due."""
        return multiple(*((row, self.room.run) for row in self.room.claim(limit)))

    # ---- the wire

    @rule(target=written, hand=consumes(taken))
    def write(self, hand: tuple[int, int]) -> object:
        """Write a text to the wire, unless its daemon died before."""
        row, run = hand
        if run != self.room.run:
            return multiple()
        self.writes[row] += 1
        self.reference += 1
        assert self.reference < REFERENCES
        self.given_ms[str(self.reference)] = self.room.tx.now_ms
        return row, run, str(self.reference)

    @rule(hand=consumes(taken))
    def link_down(self, hand: tuple[int, int]) -> None:
        """The link is down before the first byte."""
        row, run = hand
        if run == self.room.run:
            assert outbox.retry(self.room.tx, row, "modem off")

    @rule(target=known, sent=consumes(written))
    def taken_by_network(self, sent: tuple[int, int, str]) -> object:
        """The network took it, and says so if the daemon is still there."""
        row, run, reference = sent
        if run == self.room.run:
            assert outbox.sent(self.room.tx, [(row, [reference])])
        return row, reference

    @rule(sent=consumes(written))
    def refused(self, sent: tuple[int, int, str]) -> None:
        """The network will never take it."""
        row, run, _ = sent
        # A network does not refuse what it has reported on.
        if run == self.room.run and row not in self.arrived:
            assert outbox.failed(self.room.tx, row, "no such number")

    @rule(target=known, sent=consumes(written), took=st.booleans())
    def silent(self, sent: tuple[int, int, str], took: bool) -> object:
        """No answer comes; the network may have taken it all the same."""
        row, run, reference = sent
        if run == self.room.run:
            self.doubted.add(row)
            assert outbox.unsure(self.room.tx, row, "no answer")
        return multiple((row, reference)) if took else multiple()

    @rule(minutes=st.integers(0, 3))
    def hang(self, minutes: int) -> None:
        """The modem takes everything, answers nothing, and is waited for."""
        for row in self.room.claim(3):
            self.writes[row] += 1
            self.doubted.add(row)
            assert outbox.unsure(self.room.tx, row, "no answer")
        self.wait(minutes * MINUTE_MS)

    # ---- reports

    @rule(known=known, status=st.sampled_from(["delivered", "trying", "failed"]))
    def report(self, known: tuple[int, str], status: str) -> None:
        """The network reports, whenever and as often as it likes."""
        self._report(*known, status)

    @rule(sent=written, status=st.sampled_from(["delivered", "failed"]))
    def report_early(self, sent: tuple[int, int, str], status: str) -> None:
        """A report overtakes the answer to its send."""
        self._report(sent[0], sent[2], status)

    @rule(to=recipients, reference=st.integers(REFERENCES, REFERENCES + 3))
    def report_of_another(self, to: str, reference: int) -> None:
        """A report of a text that somebody else sent, to a number not ours."""
        self.room.report(str(reference), to="+503799999" + to[-2:])

    def _report(self, row: int, reference: str, status: str) -> None:
        if self.room.tx.now_ms - self.given_ms[reference] > DAY_MS:
            return  # the network has given up long ago, and said so
        if status == "delivered":
            self.arrived.add(row)
        self.room.report(reference, status, to=str(self.room.row(row)["recipient"]))

    # ---- time and trouble

    @rule(ms=st.sampled_from([SECOND_MS, 30 * SECOND_MS, MINUTE_MS, HOUR_MS]))
    def wait(self, ms: int) -> None:
        """Let time pass, and the housekeeping run."""
        self.room.wait(ms)
        outbox.unsure_due(self.room.tx)
        outbox.expire_due(self.room.tx)

    @rule()
    def crash(self) -> None:
        """Pull the plug and start again."""
        self._note_cut_off()
        self.room.run += 1
        outbox.sweep(self.room.tx, self.room.run)

    def _note_cut_off(self) -> None:
        rows = self.room.tx.all("SELECT id FROM outbox WHERE state = 'sending'")
        self.doubted.update(row["id"] for row in rows)

    # ---- the promises

    @invariant()
    def nothing_is_sent_too_often(self) -> None:
        """A campaign text or notice once; a receipt twice, and only after doubt."""
        for row, count in self.writes.items():
            receipt = self.classes[row] is Class.receipt
            assert count <= (2 if receipt and row in self.doubted else 1)

    @invariant()
    def delivered_never_goes_back(self) -> None:
        """What was delivered once is delivered, and nothing is that did not arrive."""
        rows = self.room.tx.all("SELECT id FROM outbox WHERE state = 'delivered'")
        now = {int(row["id"]) for row in rows}
        assert self.delivered <= now
        assert now <= self.arrived
        self.delivered = now

    @invariant()
    def nothing_is_lost(self) -> None:
        """Every text that was ever owed is there; what never went out says so."""
        rows = self.room.tx.all("SELECT id, state FROM outbox")
        assert {int(row["id"]) for row in rows} == set(self.classes)
        for row in rows:
            if State(row["state"]) in (State.sent, State.delivered):
                assert self.writes[row["id"]] > 0

    def _settle_down(self) -> None:
        """Bring the modem back: everything goes out, or its time is over."""
        self.crash()
        for _ in range(200):
            outbox.unsure_due(self.room.tx)
            for row in self.room.claim(50):
                self.writes[row] += 1
                assert outbox.sent(self.room.tx, [(row, [])])
            due_ms = outbox.next_due_ms(self.room.tx, LINK)
            if due_ms is None and not self._receipt_waits():
                break
            self.room.wait(MINUTE_MS)
        self.nothing_is_sent_too_often()
        self.nothing_is_lost()
        assert {self.room.state(row) for row in self.classes} <= ENDS
        for row, cls in self.classes.items():
            # An unsure receipt has had its second go, or its day was over.
            kept = self.room.row(row)
            if cls is Class.receipt and kept["state"] == State.unsure:
                assert kept["again"] or kept["expires_ms"] <= self.room.tx.now_ms

    def _receipt_waits(self) -> bool:
        row = self.room.tx.one(
            "SELECT 1 FROM outbox WHERE state = 'unsure' AND class = 0 AND again = 0"
            " AND expires_ms > :now",
            {"now": self.room.tx.now_ms},
        )
        return row is not None


TestOutbox = OutboxMachine.TestCase
TestOutbox.settings = settings(max_examples=80, stateful_step_count=40, deadline=None)

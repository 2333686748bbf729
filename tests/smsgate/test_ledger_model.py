"""The ledger against a dictionary: any difference is a fault in one of them.

Hypothesis pays, reverses, holds, posts, frees, freezes and sets limits at random; the
model predicts every outcome and every balance. After each step the sum is zero, and at
the end the audit finds nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
)

from smsgate import ledger
from smsgate.ledger import Declined, Hold, Outcome, Posted
from tests.smsgate.books import ACTOR, Books

AMOUNTS = st.integers(1, 400)
MEMBERS = st.integers(1, 4)


@dataclass
class Known:
    """An account as the model has it."""

    limit: int
    ceiling: int | None
    balance: int = 0
    held: int = 0
    active: bool = True

    @property
    def available(self) -> int:
        """What can be spent."""
        return self.balance - self.held + self.limit

    def takes(self, amount: int) -> bool:
        """Say whether so much more may be on it."""
        return self.ceiling is None or self.balance + amount <= self.ceiling


class LedgerModel(RuleBasedStateMachine):
    """Both machines side by side."""

    payments: Bundle[tuple[str, int, int, int]] = Bundle("payments")
    holds: Bundle[int] = Bundle("holds")

    def __init__(self) -> None:
        super().__init__()
        self.books = Books()
        self.known: dict[int, Known] = {}
        self.open: dict[int, tuple[int, int, int, int, str]] = {}
        self.left: dict[str, int] = {}

    def teardown(self) -> None:
        """Audit, then close."""
        assert ledger.check(self.books.tx) == []
        self.books.connection.close()

    @initialize(
        lines=st.lists(
            st.tuples(st.integers(0, 500), st.none() | st.integers(0, 500)),
            min_size=4,
            max_size=4,
        )
    )
    def members(self, lines: list[tuple[int, int | None]]) -> None:
        """Open four accounts."""
        for limit, ceiling in lines:
            number = self.books.open(limit, ceiling)
            self.known[number] = Known(limit, ceiling)

    def expected(
        self, debit: int, credit: int, amount: int, *, kept: int = 0, free: bool = False
    ) -> Outcome:
        """Predict a transfer; `kept` was set aside for it, `free` of all freezes."""
        payer, payee = self.known[debit], self.known[credit]
        if debit == credit:
            return Outcome.self_payment
        if not (payer.active or kept or free):
            return Outcome.payer_not_active
        if not (payee.active or free):
            return Outcome.payee_not_active
        if amount > payer.available + kept:
            return Outcome.insufficient
        return Outcome.posted if payee.takes(amount) else Outcome.over_ceiling

    def move(
        self, done: Posted | Declined, wanted: Outcome, debit: int, credit: int, n: int
    ) -> bool:
        """Compare an outcome with its prediction and follow it."""
        made = isinstance(done, Posted)
        assert (Outcome.posted if isinstance(done, Posted) else done.outcome) == wanted
        if made:
            self.known[debit].balance -= n
            self.known[credit].balance += n
        return made

    @rule(target=payments, debit=MEMBERS, credit=MEMBERS, amount=AMOUNTS)
    def pay(self, debit: int, credit: int, amount: int) -> tuple[str, int, int, int]:
        """Pay."""
        wanted = self.expected(debit, credit, amount)
        done = ledger.pay(self.books.tx, debit=debit, credit=credit, amount=amount)
        self.move(done, wanted, debit, credit, amount)
        ref = done.ref if isinstance(done, Posted) else "none"
        if isinstance(done, Posted):
            assert done.debit_available == self.known[debit].available
            assert done.credit_balance == self.known[credit].balance
            self.left[ref] = amount
        return ref, debit, credit, amount

    @rule(payment=payments, part=st.none() | AMOUNTS)
    def reverse(self, payment: tuple[str, int, int, int], part: int | None) -> None:
        """Give back all that is left, or a part."""
        ref, debit, credit, _ = payment
        if ref == "none":
            return
        amount = self.left[ref] if part is None else part
        if not 0 < amount <= self.left[ref]:
            try:
                ledger.reverse(self.books.tx, ref, part, ACTOR)
            except ledger.NotReversible:
                return
            raise AssertionError("more was given back than was paid")
        wanted = self.expected(credit, debit, amount, free=True)
        done = ledger.reverse(self.books.tx, ref, part, ACTOR)
        if self.move(done, wanted, credit, debit, amount):
            self.left[ref] -= amount

    @rule(
        target=holds,
        debit=MEMBERS,
        credit=MEMBERS,
        amount=AMOUNTS,
        lives=st.integers(0, 50),
        at_expiry=st.sampled_from(["void", "post"]),
    )
    def reserve(
        self, debit: int, credit: int, amount: int, lives: int, at_expiry: str
    ) -> int:
        """Set units aside."""
        wanted = self.expected(debit, credit, amount)
        if wanted is Outcome.over_ceiling:
            wanted = Outcome.posted  # a ceiling is met when the units arrive
        until = self.books.tx.now_ms + lives
        done = ledger.reserve(
            self.books.tx,
            debit=debit,
            credit=credit,
            amount=amount,
            expires_ms=until,
            at_expiry="post" if at_expiry == "post" else "void",
        )
        if isinstance(done, Hold):
            assert wanted is Outcome.posted
            self.known[debit].held += amount
            self.open[done.id] = (debit, credit, amount, until, at_expiry)
            return done.id
        assert done.outcome == wanted
        return 0

    @rule(hold=holds, part=st.integers(1, 400))
    def post(self, hold: int, part: int) -> None:
        """Move what was set aside, or less."""
        if self.closed(hold):
            return
        debit, credit, amount, _, _ = self.open[hold]
        moved = min(part, amount)
        self.settle(hold, ledger.post(self.books.tx, hold, moved), debit, credit, moved)

    def settle(
        self, hold: int, done: Posted | Declined | None, debit: int, credit: int, n: int
    ) -> None:
        """Follow a hold that was to be posted; a refusal leaves it open."""
        amount = self.open[hold][2]
        assert done is not None
        wanted = self.expected(debit, credit, n, kept=amount)
        if self.move(done, wanted, debit, credit, n):
            self.known[debit].held -= amount
            del self.open[hold]

    @rule(hold=holds)
    def void(self, hold: int) -> None:
        """Free what was set aside."""
        if self.closed(hold):
            return
        ledger.void(self.books.tx, hold)
        debit, _, amount, _, _ = self.open.pop(hold)
        self.known[debit].held -= amount

    def closed(self, hold: int) -> bool:
        """Say whether a hold is closed; if so, it stays as it is."""
        if hold in self.open:
            return False
        if hold:
            for again in (ledger.post, ledger.void):
                try:
                    again(self.books.tx, hold)
                except ledger.HoldClosed:
                    continue
                raise AssertionError("a hold was closed twice")
        return True

    @rule(ms=st.integers(1, 40))
    def wait(self, ms: int) -> None:
        """Let time pass and settle what is due."""
        self.books.wait(ms)
        now = self.books.tx.now_ms
        due = sorted((v[3], k) for k, v in self.open.items() if v[3] <= now)
        settled = ledger.expire_due(self.books.tx)
        assert [one.hold.id for one in settled] == [number for _, number in due]
        for one in settled:
            debit, credit, amount, _, at_expiry = self.open[one.hold.id]
            if at_expiry == "post" and not self.known[debit].active:
                # Nobody asks for it again: who was frozen meanwhile pays nothing.
                assert isinstance(one.done, Declined)
                assert one.done.outcome is Outcome.payer_not_active
            elif at_expiry == "post":
                self.settle(one.hold.id, one.done, debit, credit, amount)
            if one.hold.id in self.open:
                assert one.hold.state == "expired"
                self.known[debit].held -= amount
                del self.open[one.hold.id]

    @rule(member=MEMBERS, stop=st.booleans())
    def freeze(self, member: int, stop: bool) -> None:
        """Stop an account, or let it go on."""
        if stop:
            ledger.freeze(self.books.tx, member, ACTOR, "")
        else:
            ledger.unfreeze(self.books.tx, member, ACTOR)
        self.known[member].active = not stop

    @rule(member=MEMBERS, limit=st.integers(0, 500))
    def set_limit(self, member: int, limit: int) -> None:
        """Change a credit limit."""
        known = self.known[member]
        try:
            ledger.set_limit(self.books.tx, member, limit, ACTOR)
        except ledger.LimitRefused:
            assert known.balance - known.held < -limit
        else:
            assert known.balance - known.held >= -limit
            known.limit = limit

    @rule(member=MEMBERS, ceiling=st.none() | st.integers(0, 500))
    def set_ceiling(self, member: int, ceiling: int | None) -> None:
        """Change a ceiling."""
        known = self.known[member]
        try:
            ledger.set_ceiling(self.books.tx, member, ceiling, ACTOR)
        except ledger.LimitRefused:
            assert ceiling is not None
            assert known.balance > ceiling
        else:
            known.ceiling = ceiling
            assert known.takes(0)

    @invariant()
    def they_agree(self) -> None:
        """Balances, holds and available are the model's, and sum to zero."""
        for number, known in self.known.items():
            account = ledger.account(self.books.tx, number)
            assert (account.balance, account.held) == (known.balance, known.held)
            assert account.available == known.available >= 0
        assert sum(self.books.balances().values()) == 0


TestLedgerModel = LedgerModel.TestCase
TestLedgerModel.settings = settings(
    max_examples=60, stateful_step_count=40, deadline=None
)

"""What becomes of a payment, a hold, a limit: one row a case, ending in its outcome."""

from __future__ import annotations

import random  # noqa: TID251 -- a die that is no chance at all
from typing import TYPE_CHECKING, ClassVar

import pytest

from smsgate import ledger
from smsgate.clock import DAY_MS, MINUTE_MS, Clock
from smsgate.ledger import Declined, Outcome, Posted
from smsgate.store import Refused
from tests.smsgate.books import ACTOR, Books
from tests.smsgate.mailroom import START_MS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: Accounts of the table below.
ANA, BETO, FULL, ICE = 1, 2, 3, 4


class Loaded(random.Random):
    """A die that shows the faces it was given."""

    faces: ClassVar[list[int]] = []

    def randrange(self, *_: object) -> int:
        """Return the next face."""
        return self.faces.pop(0)


class LoadedClock(Clock):
    """A clock with such a die."""

    def __init__(self, faces: list[int]) -> None:
        Loaded.faces = faces

    random = Loaded()


@pytest.fixture
def books() -> Iterator[Books]:
    """Return a ledger with four members.

    Ana may go 10.00 below zero; Beto has nothing; Full may have 5.00 at most; Ice is
    frozen and may go 10.00 below zero.
    """
    with Books() as books:
        assert books.open(limit=1000) == ANA
        assert books.open() == BETO
        assert books.open(ceiling=500) == FULL
        assert books.open(limit=1000) == ICE
        ledger.freeze(books.tx, ICE, ACTOR, "lost phone")
        yield books


@pytest.mark.parametrize(
    ("debit", "credit", "amount", "outcome"),
    [
        (ANA, BETO, 1, "posted"),
        (ANA, BETO, 1000, "posted"),
        (ANA, BETO, 1001, "insufficient"),
        (BETO, ANA, 1, "insufficient"),
        (ANA, FULL, 500, "posted"),
        (ANA, FULL, 501, "over_ceiling"),
        (ANA, ICE, 1, "payee_not_active"),
        (ICE, ANA, 1, "payer_not_active"),
        # Where several apply, the first of Outcome wins.
        (ICE, ICE, 1, "self_payment"),
        (ICE, FULL, 5000, "payer_not_active"),
        (BETO, ICE, 5000, "payee_not_active"),
        (BETO, FULL, 501, "insufficient"),
        (ANA, FULL, 1001, "insufficient"),
    ],
)
def test_a_payment_has_one_outcome(
    books: Books, debit: int, credit: int, amount: int, outcome: str
) -> None:
    """A payment is made, or refused by the first rule that forbids it, and then
    nothing at all has moved."""
    before = books.balances()
    assert books.pay(debit, credit, amount) == outcome
    if outcome == "posted":
        before[debit] -= amount
        before[credit] += amount
    assert books.balances() == before
    assert ledger.check(books.tx) == []


def test_the_order_of_outcomes_is_fixed() -> None:
    """What is told first when several things stand in the way never changes."""
    assert list(Outcome) == [
        "self_payment",
        "payer_not_active",
        "payee_not_active",
        "insufficient",
        "over_ceiling",
        "posted",
    ]


def test_a_payment_tells_where_it_left_both_sides(books: Books) -> None:
    """The receipt's figures are those after the payment."""
    done = ledger.pay(books.tx, debit=ANA, credit=BETO, amount=250, memo="pan")
    assert isinstance(done, Posted)
    assert (done.debit_balance, done.debit_available) == (-250, 750)
    assert (done.credit_balance, done.at_ms) == (250, START_MS)
    assert len(done.ref) == 10
    found = ledger.by_ref(books.tx, done.ref)
    assert found is not None
    assert (found.id, found.memo, found.amount) == (done.id, "pan", 250)
    assert ledger.by_ref(books.tx, "0000000000") is None
    assert ledger.by_id(books.tx, done.id) == found
    assert ledger.by_id(books.tx, 99) is None


def test_a_refusal_tells_what_can_be_spent(books: Books) -> None:
    """Who cannot pay learns how much would have been possible, holds counted."""
    ledger.reserve(books.tx, debit=ANA, credit=BETO, amount=300, expires_ms=0)
    done = ledger.pay(books.tx, debit=ANA, credit=BETO, amount=701)
    assert done == Declined(outcome=Outcome.insufficient, available=700)


@pytest.mark.parametrize("amount", [0, -1, 1_000_000_000_001])
def test_an_amount_is_above_zero_and_within_reason(books: Books, amount: int) -> None:
    """No transfer of nothing, of less, or of more than the column takes."""
    with pytest.raises(Refused, match="amount BETWEEN 1 AND"):
        books.pay(ANA, BETO, amount)


@pytest.mark.parametrize(("debit", "credit"), [(ANA, 99), (99, ANA), (99, 99)])
def test_an_account_that_is_not_there_is_an_error(
    books: Books, debit: int, credit: int
) -> None:
    """Nobody pays or is paid without an account."""
    with pytest.raises(ledger.AccountUnknown, match="no account 99"):
        books.pay(debit, credit, 1)
    with pytest.raises(ledger.AccountUnknown):
        ledger.reserve(books.tx, debit=debit, credit=credit, amount=1, expires_ms=0)


def test_a_reference_that_exists_is_drawn_again(books: Books) -> None:
    """Two payments never have the same reference, even if chance would have it so."""
    books.tx.clock = LoadedClock([7, 7, 8])
    made = [ledger.pay(books.tx, debit=ANA, credit=BETO, amount=1) for _ in range(2)]
    refs = [done.ref for done in made if isinstance(done, Posted)]
    assert [ref[:9] for ref in refs] == ["000000007", "000000008"]


def test_references_that_are_all_taken_are_an_error(books: Books) -> None:
    """If chance never yields a free reference, nothing is paid for ever and ever."""
    books.tx.clock = LoadedClock([7] * 21)
    books.pay(ANA, BETO, 1)
    with pytest.raises(ledger.BrokenBooks, match="no free reference"):
        books.pay(ANA, BETO, 1)


class TestReversing:
    """A payment is given back by another transfer, never taken out of the books."""

    def test_in_parts_and_never_beyond_the_amount(self, books: Books) -> None:
        """Parts of a payment can be given back until nothing is left of it."""
        paid = ledger.pay(books.tx, debit=ANA, credit=BETO, amount=100)
        assert isinstance(paid, Posted)
        books.wait(MINUTE_MS)
        assert isinstance(ledger.reverse(books.tx, paid.ref, 30, ACTOR), Posted)
        with pytest.raises(
            ledger.NotReversible, match=r"0\.70 can still be given back"
        ):
            ledger.reverse(books.tx, paid.ref, 71, ACTOR)
        assert isinstance(ledger.reverse(books.tx, paid.ref, None, ACTOR), Posted)
        found = ledger.by_ref(books.tx, paid.ref)
        assert found is not None
        assert (found.reversed_minor, found.reversed_ms) == (100, START_MS + MINUTE_MS)
        with pytest.raises(ledger.NotReversible, match=r"0\.00 can still"):
            ledger.reverse(books.tx, paid.ref, None, ACTOR)
        assert books.balances()[BETO] == 0
        assert ledger.check(books.tx) == []

    def test_what_was_spent_cannot_be_taken_back(self, books: Books) -> None:
        """A payee without funds is not pushed below the limit by a reversal."""
        paid = ledger.pay(books.tx, debit=ANA, credit=BETO, amount=100)
        assert isinstance(paid, Posted)
        assert books.pay(BETO, ANA, 60) == "posted"
        done = ledger.reverse(books.tx, paid.ref, None, ACTOR)
        assert done == Declined(outcome=Outcome.insufficient, available=40)

    def test_it_needs_no_active_account(self, books: Books) -> None:
        """Staff can put right what a frozen member paid or got."""
        paid = ledger.pay(books.tx, debit=ANA, credit=BETO, amount=100)
        assert isinstance(paid, Posted)
        for account in (ANA, BETO):
            ledger.freeze(books.tx, account, ACTOR, "")
        assert isinstance(ledger.reverse(books.tx, paid.ref, None, ACTOR), Posted)
        assert ledger.check(books.tx) == []

    def test_only_payments(self, books: Books) -> None:
        """A reversal is not reversed, and an unknown reference is said to be so."""
        paid = ledger.pay(books.tx, debit=ANA, credit=BETO, amount=100)
        assert isinstance(paid, Posted)
        back = ledger.reverse(books.tx, paid.ref, None, ACTOR)
        assert isinstance(back, Posted)
        with pytest.raises(ledger.NotReversible, match="is no payment"):
            ledger.reverse(books.tx, back.ref, None, ACTOR)
        with pytest.raises(ledger.TransferUnknown):
            ledger.reverse(books.tx, "0000000000", None, ACTOR)


class TestHolds:
    """Units set aside count as spent until they are moved or freed, once."""

    def hold(self, books: Books, amount: int = 300, **more: object) -> int:
        """Set some of Ana's units aside for Beto."""
        wanted = {"expires_ms": START_MS + 1000, **more}
        hold = ledger.reserve(books.tx, debit=ANA, credit=BETO, amount=amount, **wanted)  # type: ignore[arg-type]
        assert isinstance(hold, ledger.Hold)
        return hold.id

    @pytest.mark.parametrize(
        ("debit", "credit", "amount", "outcome"),
        [
            (ANA, BETO, 1000, None),
            (ANA, BETO, 1001, "insufficient"),
            (ANA, ANA, 1, "self_payment"),
            (ICE, ICE, 1, "self_payment"),
            (ICE, BETO, 1, "payer_not_active"),
            (ANA, ICE, 1, "payee_not_active"),
        ],
    )
    def test_reserving(
        self, books: Books, debit: int, credit: int, amount: int, outcome: str | None
    ) -> None:
        """A hold is refused for the reasons that a payment is."""
        done = ledger.reserve(
            books.tx, debit=debit, credit=credit, amount=amount, expires_ms=0
        )
        assert (done.outcome if isinstance(done, Declined) else None) == outcome
        held = ledger.account(books.tx, debit).held
        assert held == (amount if outcome is None else 0)

    def test_a_hold_of_nothing_is_an_error(self, books: Books) -> None:
        """A caller that asks for less than one unit has a fault of its own."""
        with pytest.raises(Refused, match="amount BETWEEN"):
            self.hold(books, amount=0)

    def test_posting_moves_it_and_frees_the_rest(self, books: Books) -> None:
        """Part of a hold can be moved; the rest can be spent again."""
        number = self.hold(books)
        assert ledger.account(books.tx, ANA).available == 700
        assert isinstance(ledger.post(books.tx, number, 100), Posted)
        ana = ledger.account(books.tx, ANA)
        assert (ana.balance, ana.held, ana.available) == (-100, 0, 900)
        assert ledger.check(books.tx) == []

    def test_no_more_than_was_set_aside(self, books: Books) -> None:
        """A hold cannot be posted beyond its amount."""
        number = self.hold(books)
        with pytest.raises(Refused, match="bad_post"):
            ledger.post(books.tx, number, 301)

    @pytest.mark.parametrize("first", [ledger.post, ledger.void])
    @pytest.mark.parametrize("then", [ledger.post, ledger.void])
    def test_it_is_closed_once(
        self,
        books: Books,
        first: Callable[..., object],
        then: Callable[..., object],
    ) -> None:
        """Neither posted twice, nor posted after it was freed."""
        number = self.hold(books)
        first(books.tx, number)
        before = books.balances()
        with pytest.raises(ledger.HoldClosed, match="nothing was done"):
            then(books.tx, number)
        assert books.balances() == before

    def test_a_frozen_payer_keeps_a_promise_made_before(self, books: Books) -> None:
        """What was reserved before the freeze can still be posted."""
        number = self.hold(books)
        ledger.freeze(books.tx, ANA, ACTOR, "")
        assert isinstance(ledger.post(books.tx, number), Posted)
        assert ledger.check(books.tx) == []

    def test_expiry(self, books: Books) -> None:
        """At its time a hold is freed, or posted if made so; once, however late."""
        freed = self.hold(books)
        posted = self.hold(books, at_expiry="post")
        later = self.hold(books, expires_ms=START_MS + DAY_MS)
        assert ledger.expire_due(books.tx) == []
        books.wait(DAY_MS - 1)
        settled = ledger.expire_due(books.tx)
        assert [(one.hold.id, one.hold.state) for one in settled] == [
            (freed, "expired"),
            (posted, "posted"),
        ]
        assert ledger.expire_due(books.tx) == []
        assert ledger.hold_of(books.tx, later).state == "open"
        assert books.balances()[BETO] == 300
        assert ledger.check(books.tx) == []

    def test_what_cannot_be_posted_at_its_time_is_freed(self, books: Books) -> None:
        """A payee frozen meanwhile does not keep the payer's units locked for ever."""
        number = self.hold(books, at_expiry="post")
        ledger.freeze(books.tx, BETO, ACTOR, "")
        books.wait(DAY_MS)
        (settled,) = ledger.expire_due(books.tx)
        assert settled.hold.state == "expired"
        assert isinstance(settled.done, Declined)
        assert settled.done.outcome is Outcome.payee_not_active
        assert ledger.account(books.tx, ANA).held == 0
        with pytest.raises(ledger.HoldUnknown):
            ledger.void(books.tx, number + 1)


class TestLimits:
    """A limit is changed by somebody, and the chain says by whom."""

    def test_each_change_is_in_the_chain(self, books: Books) -> None:
        """Whoever reads the events sees who set which limit, from what to what."""
        ledger.set_limit(books.tx, ANA, 2000, "uid:7")
        ledger.set_ceiling(books.tx, ANA, 900, "uid:8")
        rows = books.tx.all(
            "SELECT kind, actor, detail FROM event WHERE account = 1 ORDER BY id"
        )
        assert [tuple(row) for row in rows[1:]] == [
            ("limit_set", "uid:7", '{"from":1000,"to":2000}'),
            ("ceiling_set", "uid:8", '{"from":null,"to":900}'),
        ]
        assert ledger.check(books.tx) == []

    def test_a_limit_below_what_is_owed_is_refused(self, books: Books) -> None:
        """Nobody is pushed beyond a limit by lowering it, holds counted."""
        assert books.pay(ANA, BETO, 300) == "posted"
        ledger.reserve(books.tx, debit=ANA, credit=BETO, amount=100, expires_ms=0)
        with pytest.raises(ledger.LimitRefused, match=r"stands 4\.00 below zero"):
            ledger.set_limit(books.tx, ANA, 399, ACTOR)
        ledger.set_limit(books.tx, ANA, 400, ACTOR)
        with pytest.raises(ledger.LimitRefused, match=r"3\.00 is on the account"):
            ledger.set_ceiling(books.tx, BETO, 299, ACTOR)
        ledger.set_ceiling(books.tx, BETO, 300, ACTOR)
        ledger.set_ceiling(books.tx, BETO, None, ACTOR)
        assert ledger.account(books.tx, BETO).ceiling is None

    @pytest.mark.parametrize("limit", [-1, 1_000_000_000_001])
    def test_a_limit_is_not_below_zero(self, books: Books, limit: int) -> None:
        """A limit is a number of units to owe."""
        with pytest.raises(ledger.LimitRefused):
            ledger.set_limit(books.tx, ANA, limit, ACTOR)

    def test_freezing_is_done_and_undone_once(self, books: Books) -> None:
        """To freeze what is frozen changes nothing and writes nothing."""
        ledger.freeze(books.tx, ANA, ACTOR, "asked by phone")
        before = ledger.head(books.tx)
        ledger.freeze(books.tx, ANA, ACTOR, "again")
        assert ledger.head(books.tx) == before
        ledger.unfreeze(books.tx, ANA, ACTOR)
        assert ledger.account(books.tx, ANA).state == "active"
        assert ledger.check(books.tx) == []

    def test_a_closed_account_stays_closed(self, books: Books) -> None:
        """A closed account is neither frozen nor thawed."""
        books.tx.run("UPDATE account SET state = 'closed' WHERE id = 2")
        with pytest.raises(ledger.AccountClosed):
            ledger.unfreeze(books.tx, BETO, ACTOR)
        with pytest.raises(ledger.AccountUnknown):
            ledger.freeze(books.tx, 99, ACTOR, "")


class TestOpening:
    """A network that moves in brings its balances along."""

    def test_they_must_sum_to_zero(self, books: Books) -> None:
        """A list that does not balance is refused with the difference."""
        with pytest.raises(ledger.OpeningRefused, match=r"sum to 0\.50"):
            ledger.opening(
                books.tx, {ANA: -50, BETO: 100}, against="opening", actor="x"
            )

    def test_one_transfer_an_account(self, books: Books) -> None:
        """Each balance becomes a transfer; the account `opening` ends at zero."""
        balances = {ANA: -900, BETO: 500, FULL: 400, ICE: 0}
        count = ledger.opening(books.tx, balances, against="opening", actor=ACTOR)
        assert count == 3
        assert books.balances() == {**balances, 5: 0}
        assert ledger.check(books.tx) == []

    def test_they_keep_their_limits(self, books: Books) -> None:
        """A balance beyond its account's limit names the account."""
        for balances in ({ANA: -1001, BETO: 1001}, {ANA: -600, FULL: 600}):
            with pytest.raises(ledger.OpeningRefused, match="is refused"):
                ledger.opening(books.tx, balances, against="opening", actor=ACTOR)

    def test_the_treasury_can_owe_the_rest(self, books: Books) -> None:
        """Where the treasury gives, its credit line is exactly what it then owes."""
        balances = {ANA: -100, BETO: 600}
        ledger.opening(books.tx, balances, against="treasury", actor=ACTOR)
        treasury = ledger.account(books.tx, 5)
        assert (treasury.kind, treasury.balance) == ("treasury", -500)
        assert (treasury.credit_limit, treasury.available) == (500, 0)
        assert ledger.opening(books.tx, {ANA: -5}, against="treasury", actor="x") == 1
        assert ledger.account(books.tx, 5).credit_limit == 500
        assert ledger.check(books.tx) == []


class TestStatements:
    """What was paid, to whom, and the lines of an account."""

    def test_moves_are_newest_first(self, books: Books) -> None:
        """A statement shows each move with the balance after it and the other side."""
        for amount in (10, 20, 30):
            books.pay(ANA, BETO, amount)
        books.pay(BETO, FULL, 5)
        lines = ledger.moves(books.tx, BETO, limit=2)
        assert [(line.amount, line.balance, line.other) for line in lines] == [
            (-5, 55, FULL),
            (30, 60, ANA),
        ]
        lines = ledger.moves(books.tx, BETO, limit=2, skip=2)
        assert [line.amount for line in lines] == [20, 10]

    def test_paid_since(self, books: Books) -> None:
        """The day's sum counts payments made, those given back too, and no others."""
        books.pay(ANA, BETO, 1)
        books.wait(1000)
        paid = ledger.pay(books.tx, debit=ANA, credit=BETO, amount=20)
        assert isinstance(paid, Posted)
        books.pay(ANA, FULL, 30)
        books.pay(BETO, ANA, 5)
        ledger.reverse(books.tx, paid.ref, None, ACTOR)
        assert ledger.paid_since(books.tx, ANA, START_MS + 1000) == (50, 2)
        assert ledger.paid_since(books.tx, ANA, START_MS + 1001) == (0, 0)

    def test_same_since(self, books: Books) -> None:
        """The repeat of a payment is known by both sides, amount and time."""
        books.pay(ANA, BETO, 20)
        books.wait(1000)
        newest = ledger.pay(books.tx, debit=ANA, credit=BETO, amount=20)
        assert isinstance(newest, Posted)
        found = ledger.same_since(books.tx, ANA, BETO, 20, START_MS)
        assert found is not None
        assert found.ref == newest.ref
        assert ledger.same_since(books.tx, ANA, BETO, 20, START_MS + 1001) is None
        assert ledger.same_since(books.tx, ANA, BETO, 21, START_MS) is None
        assert ledger.same_since(books.tx, ANA, FULL, 20, START_MS) is None

    def test_has_paid(self, books: Books) -> None:
        """Who was paid before is known, one way only."""
        books.pay(ANA, BETO, 20)
        assert ledger.has_paid(books.tx, ANA, BETO)
        assert not ledger.has_paid(books.tx, BETO, ANA)


def test_books_that_do_not_move_are_noticed_at_once(books: Books) -> None:
    """A file whose triggers were taken off pays nobody: the payment is an error."""
    books.tx.run("DROP TRIGGER transfer_apply")
    with pytest.raises(ledger.BrokenBooks, match="moved nothing"):
        books.pay(ANA, BETO, 1)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("UPDATE account SET balance = balance - 2, seq = seq + 1", "another amount"),
        (
            "UPDATE account SET balance = balance - 1, seq = seq + 1, credit_limit = 0",
            "below its limit",
        ),
        (
            "UPDATE account SET balance = balance - 1, seq = seq + 1, held = 2000",
            "below its limit",
        ),
        (
            "UPDATE account SET ceiling = 0 WHERE id = NEW.credit;"
            "UPDATE account SET balance = balance - 1, seq = seq + 1",
            "over its ceiling",
        ),
    ],
)
def test_each_payment_is_looked_at_afterwards(
    books: Books, change: str, says: str
) -> None:
    """Wrong triggers in the file do not get past the payment that they spoil."""
    books.connection.executescript(
        f"""
        PRAGMA ignore_check_constraints = 1;
        DROP TRIGGER transfer_apply; DROP TRIGGER account_moves;
        DROP TRIGGER account_holds; DROP TRIGGER entry_guard;
        CREATE TRIGGER transfer_apply AFTER INSERT ON transfer BEGIN
          {change} WHERE id = NEW.debit;
          UPDATE account SET balance = balance + NEW.amount, seq = seq + 1
            WHERE id = NEW.credit;
          INSERT INTO entry SELECT id, seq, NEW.id, balance, balance FROM account
            WHERE id = NEW.debit;
          INSERT INTO entry SELECT id, seq, NEW.id, NEW.amount, balance FROM account
            WHERE id = NEW.credit;
          UPDATE chain SET seq = NEW.id, hash = NEW.hash WHERE one = 1;
        END;
        """
    )
    with pytest.raises(ledger.BrokenBooks, match=says):
        books.pay(ANA, BETO, 1)

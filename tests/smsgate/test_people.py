"""What is kept of staff, matters, guardians, stops and consent, rule by rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from smsgate import ledger, members
from smsgate.clock import DAY_MS, HOUR_MS
from smsgate.members import (
    aliases,
    approvals,
    guardians,
    invites,
    matters,
    retention,
    staff,
    stops,
)
from smsgate.members.approvals import Kind
from smsgate.members.matters import Queue, Topic
from tests.smsgate.books import Books

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smsgate.members import Member

ONE, TWO, THREE = "+50376543210", "+50376543211", "+50376543212"


@pytest.fixture
def books() -> Iterator[Books]:
    """Return a ledger in memory."""
    with Books() as opened:
        yield opened


def member(books: Books, phone: str = "+50371234567", name: str = "Rosa") -> Member:
    """Make somebody a member."""
    new = members.NewMember(phone=phone, name=name)
    return members.add(books.tx, new, actor="uid:1")


def state(books: Books, account: int) -> str:
    """Return the state of an account."""
    return ledger.account(books.tx, account).state


class TestStops:
    """ROBO from phones that are not the member's own."""

    def test_one_phone_once_a_day(self, books: Books) -> None:
        """A phone that stopped somebody stops nobody else until tomorrow."""
        rosa, juan = member(books), member(books, "+50372345678", "Juan")
        assert not stops.put(books.tx, rosa.account, ONE)
        assert not stops.may_stop(books.tx, juan.account, ONE, books.tx.now_ms)
        assert stops.may_stop(books.tx, juan.account, TWO, books.tx.now_ms)
        books.wait(DAY_MS + 1)
        assert stops.may_stop(books.tx, juan.account, ONE, books.tx.now_ms)

    def test_a_member_twice_a_day(self, books: Books) -> None:
        """A third phone changes nothing, even after the account was opened again."""
        account = member(books).account
        assert not stops.put(books.tx, account, ONE)
        assert stops.put(books.tx, account, TWO)
        assert state(books, account) == "frozen"
        stops.lift(books.tx, account, "uid:1")
        assert not stops.may_stop(books.tx, account, THREE, books.tx.now_ms)

    def test_the_answer_rests_four_hours(self, books: Books) -> None:
        """Not a millisecond earlier; then payments go on by themselves."""
        account = member(books).account
        stops.put(books.tx, account, ONE)
        assert stops.lift_later(books.tx, account) == books.tx.now_ms + 4 * HOUR_MS
        books.wait(4 * HOUR_MS - 1)
        assert stops.lift_due(books.tx) == []
        assert not stops.is_due(books.tx, account, books.tx.now_ms)
        books.wait(1)
        assert stops.is_due(books.tx, account, books.tx.now_ms)
        assert stops.lift_due(books.tx) == [account]
        assert state(books, account) == "active"

    def test_a_freeze_forgets_the_answer(self, books: Books) -> None:
        """What a second phone or staff froze is not lifted by what was said before."""
        account = member(books).account
        stops.put(books.tx, account, ONE)
        stops.lift_later(books.tx, account)
        stops.put(books.tx, account, TWO)
        books.wait(5 * HOUR_MS)
        assert stops.lift_due(books.tx) == []
        assert stops.open_stop(books.tx, account) is not None
        stops.freeze(books.tx, account, "uid:1", "")
        assert stops.open_stop(books.tx, account) is None
        assert state(books, account) == "frozen"

    def test_a_stopped_account_is_paid_and_pays_nothing(self, books: Books) -> None:
        """The schema itself holds it, whatever a handler forgot; the audit agrees."""
        rosa, juan = books.open(1000), books.open(1000)
        ledger.stop(books.tx, juan, "me", "")
        assert books.pay(juan, rosa, 5) is ledger.Outcome.payer_not_active
        assert books.pay(rosa, juan, 5) is ledger.Outcome.posted
        assert ledger.check(books.tx) == []


class TestStaff:
    """Who may agree to what."""

    def test_nobody_twice(self, books: Books) -> None:
        """One who is asked about, or there already, is not added again."""
        rosa = member(books)
        words = {"name": "Rosa", "role": "clerk", "actor": "uid:1"}
        staff.enlist(books.tx, rosa, active=False, **words)
        assert staff.colleagues(books.tx) == []
        with pytest.raises(staff.StaffAlready, match="on the staff already"):
            staff.enlist(books.tx, rosa, active=True, **words)
        staff.settle(books.tx, rosa.account, staff.State.refused, "staff:1")
        staff.enlist(books.tx, rosa, active=True, **words)
        assert [one.name for one in staff.colleagues(books.tx)] == ["Rosa"]

    @pytest.mark.parametrize("role", ["", "a" * 13, "x\ny1", "=cmd"])
    def test_a_role_is_a_word(self, books: Books, role: str) -> None:
        """What cannot be told in a text is no role."""
        with pytest.raises(staff.RoleBad, match="cannot be a role"):
            staff.enlist(
                books.tx, member(books), name="R", role=role, active=True, actor="me"
            )

    def test_an_approval_lapses_after_three_days(self, books: Books) -> None:
        """And each step of it stands in the chain."""
        rosa = member(books)
        asked = approvals.put(
            books.tx,
            kind=Kind.limit,
            account=rosa.account,
            detail={"limit": 5},
            asked_by="uid:1",
        )
        books.wait(approvals.LIVES_MS - 1)
        assert approvals.expire_due(books.tx) == []
        books.wait(1)
        assert [one.id for one in approvals.expire_due(books.tx)] == [asked.id]
        found = approvals.find(books.tx, asked.id)
        assert found is not None
        assert found.state is approvals.State.expired
        kinds = [row["kind"] for row in books.tx.all("SELECT kind FROM event")]
        assert "approval_asked" in kinds
        assert ledger.check(books.tx) == []


class TestMatters:
    """What waits for staff."""

    def test_one_a_phone_and_topic(self, books: Books) -> None:
        """Words are added, not repeated, and never grow without end."""
        for words in ("one", "two", "one", "x" * 900):
            matters.put(books.tx, Queue.callback, phone=ONE, words=words)
        (only,) = matters.waiting(books.tx, Queue.callback)
        assert only.words.startswith("one / two / xxx")
        assert len(only.words) == matters.WORDS_MAX
        matters.put(books.tx, Queue.callback, phone=ONE, topic=Topic.alarm)
        assert len(matters.waiting(books.tx, Queue.callback)) == 2

    def test_a_flood_fills_no_disk(
        self, books: Books, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Beyond its size a queue takes nobody new, and known ones still."""
        monkeypatch.setattr(matters, "OPEN_MAX", 2)
        for phone in (ONE, TWO):
            assert matters.put(books.tx, Queue.newcomer, phone=phone, words="a")
        assert matters.put(books.tx, Queue.newcomer, phone=THREE) is None
        assert matters.put(books.tx, Queue.newcomer, phone=ONE, words="b")

    def test_closed_words_are_forgotten(self, books: Books) -> None:
        """After 90 days: a stranger's row is gone, a member's words are."""
        rosa = member(books)
        for phone, account in ((ONE, None), (rosa.phone, rosa.account)):
            one = matters.put(
                books.tx, Queue.callback, phone=phone, account=account, words="w"
            )
            assert one is not None
            matters.close(books.tx, one, done=True, actor="me", note="n")
        invites.note_invite(books.tx, TWO, rosa.account)
        assert retention.forget_due(books.tx) == 0
        books.wait(retention.KEPT_MS)
        assert retention.forget_due(books.tx) == 3
        (left,) = matters.waiting(books.tx, Queue.callback, closed=True)
        assert (left.phone, left.words, left.note) == (rosa.phone, "", "")
        assert retention.forget_due(books.tx) == 0


class TestConsent:
    """Who may be written to, and by which name somebody is paid."""

    def test_a_phone_is_invited_once_in_thirty_days(self, books: Books) -> None:
        """Whoever asks; and one member invites five a day at most."""
        rosa, juan = member(books), member(books, "+50372345678", "Juan")
        now = books.tx.now_ms
        invites.note_invite(books.tx, ONE, rosa.account)
        assert not invites.may_invite(books.tx, ONE, juan.account, now)
        for last in range(1, 5):
            invites.note_invite(books.tx, f"{ONE[:-1]}{last}", rosa.account)
        assert not invites.may_invite(books.tx, "+50370000000", rosa.account, now)
        assert invites.may_invite(books.tx, "+50370000000", juan.account, now)
        books.wait(invites.INVITED_MS)
        assert invites.may_invite(books.tx, ONE, juan.account, books.tx.now_ms)

    def test_an_alias_rests_ninety_days(self, books: Books) -> None:
        """To the day; one's own look-alike is no obstacle, another's is."""
        rosa, juan = member(books), member(books, "+50372345678", "Juan")
        assert aliases.set_alias(books.tx, rosa.account, "panluz") == "PANLUZ"
        with pytest.raises(members.AliasTaken):
            aliases.check_alias(books.tx, juan.account, "PAN1UZ", books.tx.now_ms)
        books.wait(aliases.KEPT_MS - 1)
        with pytest.raises(aliases.AliasTooEarly):
            aliases.set_alias(books.tx, rosa.account, "PAN1UZ")
        books.wait(1)
        assert aliases.set_alias(books.tx, rosa.account, "PAN1UZ") == "PAN1UZ"

    def test_naming_a_guardian_twice_is_one_event(self, books: Books) -> None:
        """And dropping one who is none is no event at all."""
        rosa, juan = member(books), member(books, "+50372345678", "Juan")
        for _ in range(2):
            guardians.add(books.tx, rosa.account, juan)
        assert [one.name for one in guardians.of(books.tx, rosa.account)] == ["Juan"]
        assert not guardians.guards(books.tx, rosa.account, juan.account)
        for _ in range(2):
            guardians.drop(books.tx, rosa.account, juan)
        kinds = [row["kind"] for row in books.tx.all("SELECT kind FROM event")]
        assert kinds.count("guardian_added") == kinds.count("guardian_dropped") == 1

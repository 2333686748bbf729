"""Nobody rewrites the books unseen: the audit, the chain, and the witness."""

from __future__ import annotations

import hashlib
import re
import subprocess
from pathlib import Path

import pytest

from smsgate import ledger
from smsgate.ledger import Finding, Posted
from smsgate.store import Store, Tx, accept_clock, create_ledger, open_for_check
from tests.smsgate.books import ACTOR, Books, spoil
from tests.smsgate.mailroom import START_MS, StoppedClock

PAGE = Path(__file__).parents[2] / "docs/reference/chain.md"


@pytest.fixture
async def path(tmp_path: Path) -> Path:
    """Return a closed ledger with a day's work in it.

    Rows 1 and 2 open Ana (limit 10.00) and Beto, 3 to 5 are payments of 1.00, 2.00 and
    3.00 from Ana to Beto, 6 gives 0.50 of the first back and 7 says who did, 8 raises
    Ana's limit to 20.00, 9 posts a hold of 0.40.
    """
    path = tmp_path / "ledger.sqlite"
    create_ledger(path)
    clock = StoppedClock()
    async with await Store.open(path, clock) as store:
        await store.write(_day)
    assert checked(path) == []
    return path


def _day(tx: Tx) -> None:
    ana = ledger.open_account(tx, limit=1000, actor=ACTOR)
    beto = ledger.open_account(tx, actor=ACTOR)
    paid = [
        ledger.pay(tx, debit=ana, credit=beto, amount=amount, memo=f"pan {amount}")
        for amount in (100, 200, 300)
    ]
    assert isinstance(paid[0], Posted)
    ledger.reverse(tx, paid[0].ref, 50, ACTOR)
    ledger.set_limit(tx, ana, 2000, ACTOR)
    hold = ledger.reserve(tx, debit=ana, credit=beto, amount=60, expires_ms=START_MS)
    assert isinstance(hold, ledger.Hold)
    ledger.post(tx, hold.id, 40)
    ledger.reserve(tx, debit=ana, credit=beto, amount=10, expires_ms=START_MS)


def checked(path: Path) -> list[Finding]:
    """Audit a closed ledger."""
    with open_for_check(path) as q:
        return ledger.check(q)


def head(path: Path) -> tuple[int, str]:
    """Return the head of a closed ledger."""
    with open_for_check(path) as q:
        return ledger.head(q)


@pytest.mark.parametrize(
    ("script", "where"),
    [
        # What a hand with write access may do; the first thing named; any of them is.
        ("UPDATE transfer SET amount = 90 WHERE id = 3", "transfer 3"),
        ("UPDATE transfer SET memo = 'x' WHERE id = 4", "transfer 4"),
        ("UPDATE transfer SET at_ms = at_ms + 1 WHERE id = 5", "transfer 5"),
        ("UPDATE transfer SET debit = 2, credit = 1 WHERE id = 4", "transfer 4"),
        ("UPDATE transfer SET ref = '0000000000' WHERE id = 3", "transfer 3"),
        ("UPDATE transfer SET amount = 61 WHERE id = 9", "transfer 9"),
        ("UPDATE transfer SET amount = 101 WHERE id = 6", "transfer 6"),
        ("UPDATE transfer SET kind = 'fee', of = 6 WHERE id = 4", "transfer 4"),
        ("DELETE FROM transfer WHERE id = 4", "transfer 5"),
        ("UPDATE event SET actor = 'nobody' WHERE id = 8", "event 8"),
        ("UPDATE event SET detail = '{}' WHERE id = 8", "event 8"),
        ("UPDATE event SET detail = 'no' WHERE id = 1", "event 1"),
        ("DELETE FROM event WHERE id = 7", "event 8"),
        ("UPDATE account SET balance = balance + 1 WHERE id = 1", "account all"),
        (
            "UPDATE account SET balance = balance + iif(id = 1, 1, -1)",
            "account 1",
        ),
        ("UPDATE account SET credit_limit = 5000 WHERE id = 1", "account 1"),
        ("UPDATE account SET credit_limit = 0 WHERE id = 1", "account 1"),
        ("UPDATE account SET ceiling = 9 WHERE id = 2", "account 2"),
        ("UPDATE account SET state = 'frozen' WHERE id = 2", "account 2"),
        ("UPDATE account SET held = 0 WHERE id = 1", "account 1"),
        ("INSERT INTO account (kind, created_ms) VALUES ('member', 0)", "account 3"),
        ("DELETE FROM account WHERE id = 2", "account 2"),
        ("DELETE FROM entry WHERE account = 2 AND seq = 2", "account 2"),
        ("DELETE FROM entry WHERE account = 2 AND seq = 5", "account 2"),
        ("UPDATE entry SET balance = 1 WHERE account = 1 AND seq = 2", "entry 1/2"),
        ("UPDATE entry SET transfer = 99 WHERE account = 1 AND seq = 2", "entry 1/2"),
        (
            "UPDATE entry SET transfer = iif(transfer = 3, 4, 3)"
            " WHERE transfer IN (3, 4) AND account = 1",
            "transfer 3",
        ),
        ("UPDATE hold SET state = 'voided' WHERE id = 1", "hold 1"),
        ("UPDATE hold SET state = 'posted' WHERE id = 2", "hold 2"),
        ("UPDATE hold SET amount = 11 WHERE id = 2", "account 1"),
        ("DELETE FROM hold WHERE id = 1", "transfer 9"),
        ("UPDATE chain SET hash = zeroblob(32)", "chain"),
        ("UPDATE chain SET seq = 10", "chain"),
        ("DELETE FROM chain", "chain"),
        ("DROP TABLE quarantine", "schema"),
        ("DROP INDEX transfer_debit", "schema"),
        ("CREATE TABLE stray (x)", "schema"),
    ],
)
def test_a_changed_row_is_named(path: Path, script: str, where: str) -> None:
    """Whatever is changed behind the rules' back, the audit finds and names it."""
    spoil(path, script)
    found = checked(path)
    assert where in [finding.where for finding in found], found


def test_the_first_wrong_row_comes_first(path: Path) -> None:
    """Along the chain the first row that does not fit is named before later ones."""
    spoil(path, "UPDATE transfer SET memo = 'x' WHERE id IN (4, 9)")
    assert [finding.where for finding in checked(path)] == ["transfer 4", "transfer 9"]


def test_a_payment_beyond_the_limit_of_its_day_is_named(path: Path) -> None:
    """A limit raised later does not excuse an earlier payment, the chain intact."""
    script = "UPDATE event SET detail = replace(detail, '1000', '10') WHERE id = 1"
    spoil(path, script, forge=True)
    found = checked(path)
    assert (
        Finding(where="transfer 3", what="it took account 1 below its limit") in found
    )


def test_a_payment_to_the_frozen_is_named(path: Path) -> None:
    """A freeze that was overridden shows, even with hashes that fit."""
    spoil(
        path,
        "UPDATE event SET kind = 'frozen', account = 2, detail = '{}' WHERE id = 7;"
        "UPDATE account SET state = 'frozen' WHERE id = 2",
        forge=True,
    )
    assert [found.where for found in checked(path)] == ["transfer 9"]


@pytest.mark.parametrize(
    ("script", "where"),
    [
        ("UPDATE event SET account = 7 WHERE id = 8", "event 8"),
        ("UPDATE transfer SET at_ms = at_ms - 1 WHERE id = 5", "transfer 5"),
        ("UPDATE event SET kind = 'x' WHERE id = 2", "transfer 3"),
        (
            "UPDATE event SET detail = replace(detail, 'null', '0') WHERE id = 2",
            "transfer 3",
        ),
    ],
)
def test_a_forged_past_contradicts_the_present(
    path: Path, script: str, where: str
) -> None:
    """Hashes that fit do not make a past possible in which nobody could have paid."""
    spoil(path, script, forge=True)
    assert where in [found.where for found in checked(path)]


def test_a_damaged_page_is_a_finding(path: Path) -> None:
    """A file that cannot be read to its end is reported, not a crash."""
    content = bytearray(path.read_bytes())
    for offset in range(4096 * 3, len(content), 4096):
        content[offset : offset + 64] = b"\xff" * 64
    path.write_bytes(content)
    assert "file" in {finding.where for finding in checked(path)}


class TestWitness:
    """What the ledger itself cannot show, a head noted elsewhere does."""

    def test_an_honest_ledger_agrees(self, path: Path) -> None:
        """Heads of any age agree with a ledger that only grew."""
        notes = (
            f"# noted by the board\n\n0 {'0' * 64}\n{head(path)[0]} {head(path)[1]}\n"
        )
        with open_for_check(path) as q:
            assert ledger.compare(q, ledger.read_witness(notes)) == []

    def test_a_recomputed_chain_is_caught(self, path: Path) -> None:
        """Who changes a row and computes every hash anew leaves no contradiction, and
        is caught by the head that was noted."""
        noted = head(path)
        spoil(path, "UPDATE transfer SET memo = 'no' WHERE id = 3", forge=True)
        assert checked(path) == []
        with open_for_check(path) as q:
            (found,) = ledger.compare(q, [noted])
        assert found.where == f"chain {noted[0]}"
        assert "rewritten" in found.what

    def test_a_tail_cut_off_is_caught(self, path: Path) -> None:
        """Who removes the last payment with all its traces leaves no contradiction,
        and is caught by the head that was noted."""
        noted = head(path)
        spoil(
            path,
            """
            DELETE FROM transfer WHERE id = 9; DELETE FROM entry WHERE transfer = 9;
            DELETE FROM hold WHERE id = 1;
            UPDATE account SET seq = seq - 1, balance = balance + iif(id = 1, 40, -40);
            UPDATE chain SET seq = 8, hash = (SELECT hash FROM event WHERE id = 8);
            """,
        )
        assert checked(path) == []
        with open_for_check(path) as q:
            (found,) = ledger.compare(q, [noted])
        assert found == Finding(
            where="chain 9", what="it was noted and is not there: the end was cut off"
        )

    @pytest.mark.parametrize("line", ["9", "nine " + "0" * 64, "9 " + "0" * 63, "x"])
    def test_a_line_that_is_no_head_is_an_error(self, line: str) -> None:
        """A witness that cannot be read is never taken for agreement."""
        with pytest.raises(ledger.BadWitness, match="line 2"):
            ledger.read_witness(f"# heads\n{line}\n")


def test_the_page_tells_the_bytes() -> None:
    """The example of the page, run in a shell, prints what the ledger computes."""
    page = PAGE.read_text("utf-8")
    match = re.search(r"((?: {4}.*\n)+)\nprints `([0-9a-f]{64})`", page)
    assert match is not None
    done = subprocess.run(
        ["bash", "-c", match[1]], capture_output=True, text=True, check=True
    )
    assert done.stdout.split()[0] == match[2]
    with Books() as books:
        books.open(limit=5000)
        assert ledger.head(books.tx) == (1, match[2])


def test_the_page_lists_the_fields_of_a_transfer(path: Path) -> None:
    """The table of fields, in its order, gives the hash of a real transfer."""
    page = PAGE.read_text("utf-8").split("A transfer:")[1].split("An event:")[0]
    names = re.findall(r"^\| \d+ \| `(\w+)`", page, re.MULTILINE)
    assert names.pop(0) == "transfer"
    with open_for_check(path) as q:
        before = q.one("SELECT hash FROM event WHERE id = 8")
        row = q.one("SELECT * FROM transfer WHERE id = 9")
    assert before is not None
    assert row is not None
    lines = ["transfer"] + ["" if row[n] is None else str(row[n]) for n in names]
    text = "\n".join(lines).encode()
    assert hashlib.sha256(before["hash"] + text).digest() == row["hash"]


async def test_times_go_back_where_somebody_said_so(path: Path) -> None:
    """After a clock was declared right, earlier rows do not make later ones wrong."""
    clock = StoppedClock()
    clock.ms -= 3_600_000

    def accept(tx: Tx) -> None:
        ledger.record(tx, kind="clock_accepted", account=None, actor=ACTOR, detail={})
        accept_clock(tx)

    async with await Store.open(path, clock) as store:
        await store.write(accept)
        paid = await store.write(lambda tx: ledger.pay(tx, debit=1, credit=2, amount=1))
    assert isinstance(paid, Posted)
    assert paid.at_ms == clock.ms
    assert checked(path) == []


def test_a_line_break_cannot_pose_as_a_field() -> None:
    """An actor's name is one line in the chain, whatever it was."""
    with Books() as books:
        ledger.record(books.tx, kind="a\nb", account=None, actor="c\n9", detail={})
        row = books.tx.one("SELECT kind, actor FROM event")
        assert row is not None
        assert tuple(row) == ("a b", "c 9")
        assert ledger.check(books.tx) == []

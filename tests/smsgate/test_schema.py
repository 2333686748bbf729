"""The rules of money stand in the file, and each of them is missed when it is gone.

`ATTEMPTS` is a table: a statement that someone with any SQLite tool might run on the
ledger, and the rule that stops it. Then every rule is taken out of the schema, one at a
time, and at least one attempt must come to another end. Last, the schema must be the
sum of its migrations.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from smsgate import ledger
from smsgate.operations.house.setup import lead_up
from smsgate.store import (
    VERSION,
    LedgerDamaged,
    LedgerExists,
    LedgerLocked,
    LedgerMissing,
    LedgerNewer,
    Lock,
    StorageFailed,
    Store,
    create_ledger,
    migrate,
    open_for_check,
)
from smsgate.store.migrations import Step, run_step, statements, steps
from smsgate.store.schema import OBJECTS, differences, expected_objects, schema_text
from smsgate.store.trouble import rule_of
from tests.smsgate.books import in_memory
from tests.smsgate.mailroom import StoppedClock

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
LEDGERS = Path(__file__).parent / "ledgers"

#: Five accounts, a payment (1), a hold of 100 (1) that is open, one that is voided (2),
#: one that is posted (3) by transfer 2, and an event (3).
SETUP = """
    INSERT INTO account (kind, credit_limit, created_ms) VALUES ('member', 1000, 1);
    INSERT INTO account (kind, ceiling, created_ms) VALUES ('member', 5000, 1);
    INSERT INTO account (kind, state, created_ms) VALUES ('member', 'frozen', 1);
    INSERT INTO account (kind, created_ms) VALUES ('opening', 1);
    INSERT INTO account (kind, created_ms) VALUES ('treasury', 1);
    INSERT INTO transfer (id, ref, kind, debit, credit, amount, at_ms, hash)
      VALUES (1, '0000000001', 'pay', 1, 2, 500, 1, zeroblob(32));
    INSERT INTO hold (debit, credit, amount, expires_ms) VALUES (1, 2, 100, 9);
    INSERT INTO hold (debit, credit, amount, expires_ms) VALUES (1, 2, 50, 9);
    UPDATE hold SET state = 'voided' WHERE id = 2;
    INSERT INTO hold (debit, credit, amount, expires_ms) VALUES (1, 2, 60, 9);
    INSERT INTO transfer (id, ref, kind, debit, credit, amount, hold, at_ms, hash)
      VALUES (2, '0000000002', 'pay', 1, 2, 60, 3, 1, zeroblob(32));
    INSERT INTO event (id, kind, account, actor, detail, at_ms, hash)
      VALUES (3, 'limit_set', 1, 'me', '{}', 1, zeroblob(32));
"""


def transfer(**fields: object) -> str:
    """Return an INSERT of the next transfer, from account 1 to 2 unless told."""
    usual = {"id": 4, "ref": "0000000004", "kind": "pay", "debit": 1, "credit": 2}
    row = {**usual, "amount": 1, "at_ms": 1, **fields}
    verb = row.pop("verb", "INSERT")
    names = ", ".join([*row, "hash"])
    digest = row.pop("hash", "zeroblob(32)")
    values = ", ".join(
        "NULL" if v is None else f"'{v}'" if isinstance(v, str) else str(v)
        for v in row.values()
    )
    names = ", ".join([*row, "hash"])
    return f"{verb} INTO transfer ({names}) VALUES ({values}, {digest})"


def account(**fields: object) -> str:
    """Return an INSERT of an account."""
    row = {"kind": "'member'", "created_ms": 1, **fields}
    verb = row.pop("verb", "INSERT")
    values = ", ".join(str(value) for value in row.values())
    return f"{verb} INTO account ({', '.join(row)}) VALUES ({values})"


def hold(**fields: object) -> str:
    """Return an INSERT of a hold, from account 1 to 2 unless told."""
    row = {"debit": 1, "credit": 2, "amount": 1, "expires_ms": 9, **fields}
    verb = row.pop("verb", "INSERT")
    values = ", ".join(str(value) for value in row.values())
    return f"{verb} INTO hold ({', '.join(row)}) VALUES ({values})"


def event(**fields: object) -> str:
    """Return an INSERT of the next event."""
    row = {"id": 4, "kind": "'x'", "actor": "'me'", "detail": "'{}'", "at_ms": 1}
    row |= {"hash": "zeroblob(32)", **fields}
    verb = row.pop("verb", "INSERT")
    values = ", ".join(str(value) for value in row.values())
    return f"{verb} INTO event ({', '.join(row)}) VALUES ({values})"


DONE = "done"
SET = "UPDATE account SET"

#: (what is tried, the rule that stops it or what is true afterwards)
ATTEMPTS: list[tuple[str, str]] = [
    # -- transfers that are made, and those that are not
    (transfer(), DONE),
    (transfer(amount=340), DONE),
    (transfer(amount=341), "insufficient"),
    (transfer(debit=4, amount=4440), DONE),
    (transfer(debit=4, amount=4441), "over_ceiling"),
    (transfer(debit=2, credit=1, amount=560), DONE),
    (transfer(debit=2, credit=1, amount=561), "insufficient"),
    (transfer(debit=5, credit=1), "insufficient"),
    (transfer(debit=1, credit=3), "payee_not_active"),
    (transfer(debit=3, credit=1), "payer_not_active"),
    (transfer(debit=3, credit=1, kind="adjust"), "insufficient"),
    (transfer(debit=1, credit=3, kind="adjust"), DONE),
    (transfer(debit=1, credit=1), "no_account"),
    (transfer(debit=1, credit=99), "no_account"),
    (transfer(debit=99, credit=1), "no_account"),
    (transfer(amount=0), "amount BETWEEN 1 AND 1000000000000"),
    (
        transfer(debit=4, amount=10**12 + 1, credit=5),
        "amount BETWEEN 1 AND 1000000000000",
    ),
    (transfer(kind="gift"), "kind IN ('pay', 'fee', 'opening', 'reverse', 'adjust')"),
    (transfer(ref="1"), "length(ref) = 10 AND ref NOT GLOB '*[^0-9]*'"),
    (transfer(ref="000000000a"), "length(ref) = 10 AND ref NOT GLOB '*[^0-9]*'"),
    (transfer(memo="x" * 160), DONE),
    (transfer(memo="x" * 161), "length(memo) <= 160"),
    (transfer(hash="zeroblob(31)"), "length(hash) = 32"),
    (transfer(ref="0000000001"), "duplicate_ref"),
    (transfer(id=5), "out_of_sequence"),
    (transfer(id=3), "out_of_sequence"),
    (transfer(id=1), "out_of_sequence"),
    (transfer(id=None), "out_of_sequence"),
    # -- fees
    (transfer(kind="fee", of=1), DONE),
    (transfer(kind="fee", of=1, credit=3), "payee_not_active"),
    (transfer(kind="fee"), "bad_fee"),
    (transfer(kind="fee", of=99), "bad_fee"),
    (transfer(of=1), "(kind = 'fee') = (of IS NOT NULL)"),
    # -- reversals
    (transfer(kind="reverse", debit=2, credit=1, amount=500, reverses=1), DONE),
    (
        transfer(kind="reverse", debit=2, credit=1, amount=501, reverses=1),
        "bad_reversal",
    ),
    (transfer(kind="reverse", debit=1, credit=2, reverses=1), "bad_reversal"),
    (transfer(kind="reverse", debit=2, credit=1, reverses=99), "bad_reversal"),
    (transfer(kind="reverse", debit=2, credit=1), "bad_reversal"),
    (
        transfer(kind="reverse", debit=2, credit=1, amount=300, reverses=1)
        + ";"
        + transfer(
            kind="reverse",
            debit=2,
            credit=1,
            amount=201,
            reverses=1,
            id=5,
            ref="5" * 10,
        ),
        "bad_reversal",
    ),
    (transfer(reverses=1), "(kind = 'reverse') = (reverses IS NOT NULL)"),
    # -- holds
    (transfer(hold=1, amount=100), DONE),
    (transfer(hold=1, amount=101), "bad_post"),
    (transfer(hold=1, debit=2, credit=1), "bad_post"),
    (transfer(hold=2, amount=50), "bad_post"),
    (transfer(hold=3, amount=60), "bad_post"),
    (transfer(hold=99), "bad_post"),
    (f"{SET} state = 'frozen' WHERE id = 1;" + transfer(hold=1), DONE),
    (hold(amount=340), DONE),
    (hold(amount=341), "insufficient"),
    (hold(amount=0), "amount BETWEEN 1 AND 1000000000000"),
    (hold(debit=4, amount=10**12 + 1), "amount BETWEEN 1 AND 1000000000000"),
    (hold(memo="'" + "x" * 160 + "'"), DONE),
    (hold(memo="'" + "x" * 161 + "'"), "length(memo) <= 160"),
    (hold(credit=1), "debit <> credit"),
    (hold(at_expiry="'keep'"), "at_expiry IN ('void', 'post')"),
    (hold(state="'voided'"), "immutable"),
    (hold(debit=3), "payer_not_active"),
    (hold(verb="INSERT OR REPLACE", id=1), "immutable"),
    ("UPDATE hold SET state = 'voided' WHERE id = 1", DONE),
    ("UPDATE hold SET state = 'expired' WHERE id = 1", DONE),
    ("UPDATE hold SET state = 'posted' WHERE id = 1", "immutable"),
    (
        "UPDATE hold SET state = 'gone' WHERE id = 1",
        "state IN ('open', 'posted', 'voided', 'expired')",
    ),
    ("UPDATE hold SET state = 'open' WHERE id = 2", "immutable"),
    ("UPDATE hold SET state = 'voided' WHERE id = 3", "immutable"),
    ("UPDATE hold SET amount = 1, state = 'voided' WHERE id = 1", "immutable"),
    ("UPDATE hold SET expires_ms = 99 WHERE id = 1", "immutable"),
    ("UPDATE hold SET memo = 'x' WHERE id = 1", "immutable"),
    ("DELETE FROM hold WHERE id = 2", "immutable"),
    # -- accounts
    (account(), DONE),
    (account(balance=1), "account_starts_empty"),
    (account(held=1), "account_starts_empty"),
    (account(seq=1), "account_starts_empty"),
    (account(verb="INSERT OR REPLACE", id=1), "account_starts_empty"),
    (account(verb="INSERT OR REPLACE", kind="'opening'"), "account_starts_empty"),
    (account(kind="'bank'"), "kind IN ('member', 'opening', 'treasury')"),
    (account(credit_limit=-1), "credit_limit BETWEEN 0 AND 1000000000000"),
    (account(credit_limit=10**12 + 1), "credit_limit BETWEEN 0 AND 1000000000000"),
    (account(ceiling=-1), "ceiling BETWEEN 0 AND 1000000000000"),
    (account(state="'asleep'"), "state IN ('active', 'stopped', 'frozen', 'closed')"),
    (f"{SET} credit_limit = 660 WHERE id = 1", DONE),
    (f"{SET} credit_limit = 659 WHERE id = 1", "insufficient"),
    (f"{SET} ceiling = 560 WHERE id = 2", DONE),
    (f"{SET} ceiling = 559 WHERE id = 2", "over_ceiling"),
    (f"{SET} state = 'closed' WHERE id = 2", "closed_not_zero"),
    (f"{SET} state = 'closed' WHERE id = 3", DONE),
    (f"{SET} id = 9 WHERE id = 3", "immutable"),
    (f"{SET} kind = 'opening' WHERE id = 3", "immutable"),
    (f"{SET} kind = 'member' WHERE id = 4", "immutable"),
    (f"{SET} created_ms = 0 WHERE id = 3", "immutable"),
    (f"{SET} balance = balance + 1 WHERE id = 1", "only_by_transfer"),
    (f"{SET} balance = balance + 1, seq = seq + 1 WHERE id = 1", "only_by_transfer"),
    (f"{SET} seq = seq + 1 WHERE id = 1", "only_by_transfer"),
    (f"{SET} held = 0 WHERE id = 1", "only_by_hold"),
    (f"{SET} held = -1 WHERE id = 3", "only_by_hold"),
    ("DELETE FROM account WHERE id = 3", "immutable"),
    # -- what is written stays
    ("UPDATE transfer SET memo = 'x' WHERE id = 1", "immutable"),
    ("DELETE FROM transfer WHERE id = 1", "immutable"),
    (transfer(verb="REPLACE", id=1, ref="9999999999"), "out_of_sequence"),
    (transfer(verb="REPLACE", ref="0000000001"), "duplicate_ref"),
    ("UPDATE entry SET balance = 1", "immutable"),
    ("DELETE FROM entry", "immutable"),
    ("REPLACE INTO entry VALUES (1, 1, 1, -500, -500)", "immutable"),
    ("INSERT INTO entry VALUES (1, 9, 1, 1, 1)", "immutable"),
    ("INSERT INTO entry VALUES (1, 9, 4, 1, 1)", "immutable"),
    (event(), DONE),
    (event(id=5), "out_of_sequence"),
    (event(id=3, verb="REPLACE"), "out_of_sequence"),
    (event(hash="zeroblob(31)"), "length(hash) = 32"),
    ("UPDATE event SET actor = 'x'", "immutable"),
    ("DELETE FROM event", "immutable"),
    ("UPDATE chain SET seq = 0", "out_of_sequence"),
    ("UPDATE chain SET seq = 4", "out_of_sequence"),
    ("UPDATE chain SET hash = randomblob(32)", "out_of_sequence"),
    ("UPDATE chain SET hash = zeroblob(31)", "out_of_sequence"),
    ("UPDATE chain SET one = 2", "out_of_sequence"),
    ("REPLACE INTO chain VALUES (1, 0, zeroblob(32))", "immutable"),
    ("DELETE FROM chain", "immutable"),
    ("INSERT INTO house (one, instance) VALUES (2, 'x')", "one = 1"),
    ("UPDATE house SET review = 3", "review IN (0, 1, 2)"),
    # -- no numbers but whole ones
    (transfer(amount=1.5), "cannot store REAL value in INTEGER column transfer.amount"),
    (
        f"{SET} credit_limit = 'x' WHERE id = 1",
        "cannot store TEXT value in INTEGER column account.credit_limit",
    ),
]

#: What holds after an attempt that is done.
SOUND = """
    SELECT (SELECT sum(balance) FROM account),
      (SELECT count(*) FROM entry) - 2 * (SELECT count(*) FROM transfer),
      (SELECT count(*) FROM account AS a WHERE balance <> coalesce(
         (SELECT sum(amount) FROM entry WHERE account = a.id), 0) OR held <> coalesce(
         (SELECT sum(amount) FROM hold WHERE debit = a.id AND state = 'open'), 0)
         OR seq <> (SELECT count(*) FROM entry WHERE account = a.id)),
      (SELECT seq FROM chain) - (SELECT max(id) FROM (
         SELECT id FROM transfer UNION ALL SELECT id FROM event)),
      (SELECT count(*) FROM hold AS h WHERE (state = 'posted') <> (
         SELECT count(*) FROM transfer WHERE hold = h.id))
"""


def outcome(connection: sqlite3.Connection, attempt: str) -> str:
    """Try it, look, and take it back."""
    connection.execute("SAVEPOINT attempt")
    try:
        for statement in attempt.split(";"):
            connection.execute(statement)
        sound = [value == 0 for value in connection.execute(SOUND).fetchone()]
    except sqlite3.IntegrityError as error:
        return rule_of(error)
    else:
        return DONE if all(sound) else f"unsound: {sound}"
    finally:
        connection.execute("ROLLBACK TO attempt")
        connection.execute("RELEASE attempt")


def outcomes(schema: str) -> list[str]:
    """Return what becomes of every attempt under a schema."""
    with closing(in_memory(schema)) as connection:
        # As some tool would open it: no pragma set.
        connection.execute("PRAGMA foreign_keys = 0")
        connection.execute("PRAGMA recursive_triggers = 0")
        try:
            connection.executescript(SETUP)
        except sqlite3.IntegrityError as error:
            return [rule_of(error)]
        return [outcome(connection, attempt) for attempt, _ in ATTEMPTS]


def test_every_attempt_meets_its_rule() -> None:
    """Any tool that opens the ledger is bound by the rules, whatever its pragmas."""
    told = outcomes(schema_text())
    assert [
        (attempt, end, wanted)
        for (attempt, wanted), end in zip(ATTEMPTS, told, strict=True)
        if end != wanted
    ] == []


def _balanced(text: str, start: int) -> int:
    depth = 0
    for place in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[place], 0)
        if depth == 0:
            return place + 1
    raise AssertionError("unbalanced")


def mutants() -> Iterator[tuple[str, str]]:
    """Yield schemas that lack one rule of money each, and that rule's name."""
    whole = re.sub(r"--[^\n]*", "", schema_text())
    money = whole.index("CREATE TABLE member")
    for match in re.finditer(r"CHECK (?=\()", whole[:money]):
        end = _balanced(whole, match.end())
        rule = whole[match.start() : end]
        yield rule, whole[: match.start()] + "CHECK (1)" + whole[end:]
    for match in re.finditer(r"RAISE\(ABORT, '\w+'\)", whole[:money]):
        trigger = re.findall(r"TRIGGER (\w+)", whole[: match.start()])[-1]
        yield (
            f"{match[0]} in {trigger}",
            whole[: match.start()] + "1" + whole[match.end() :],
        )
    for match in re.finditer(r"CREATE TRIGGER (\w+)", whole[:money]):
        end = whole.index("END;", match.start()) + 4
        yield f"trigger {match[1]}", whole[: match.start()] + whole[end:]


#: Rules behind which another one stands, so that no attempt can tell: each is named
#: here with the rule that acts first.
SECOND_LINES = {
    # transfer_guard answers `no_account`: an account cannot be both of two.
    "CHECK (debit <> credit)",
    # account_holds refuses any other sum than that of the open holds, none below 0.
    "CHECK (held >= 0)",
    # transfer_apply writes the only entries, of amounts above 0.
    "CHECK (amount <> 0)",
    # chain_moves takes only hashes of rows, whose own CHECK counts the bytes.
    "CHECK (length(hash) = 32)",
    # chain_single and chain_moves let no second row in.
    "CHECK (one = 1)",
    # event_apply moves the chain, and chain_moves lets it take one step only.
    "RAISE(ABORT, 'out_of_sequence') in event_guard",
    "trigger event_guard",
}


@pytest.mark.parametrize(
    ("rule", "schema"), [pytest.param(*mutant, id=mutant[0]) for mutant in mutants()]
)
def test_every_rule_is_missed(rule: str, schema: str) -> None:
    """Take one rule out of the schema, and something that was forbidden is possible,
    or another rule's name is told."""
    told = outcomes(schema)
    wanted = [end for _, end in ATTEMPTS]
    assert told != wanted or rule in SECOND_LINES


@pytest.mark.parametrize("what", sorted(expected_objects()))
async def test_a_ledger_without_one_of_its_rules_is_not_used(
    what: str, tmp_path: Path
) -> None:
    """A file that lacks a trigger, an index or a table is refused at the start, and
    the audit says which."""
    path = tmp_path / "ledger.sqlite"
    create_ledger(path)
    kind, name = what.split()
    with closing(sqlite3.connect(path)) as file:
        file.execute(f"DROP {kind} {name}")
    with pytest.raises(LedgerDamaged, match="does not hold all the rules"):
        await Store.open(path, StoppedClock())
    with open_for_check(path) as q:
        assert f"{what} is missing" in [finding.what for finding in ledger.check(q)]


def test_a_check_taken_out_of_a_table_is_noticed(tmp_path: Path) -> None:
    """A table whose CHECK was edited away in the file's own schema is named."""
    path = tmp_path / "ledger.sqlite"
    create_ledger(path)
    with closing(sqlite3.connect(path)) as file:
        file.execute("PRAGMA writable_schema = 1")
        file.execute(
            "UPDATE sqlite_schema SET sql = replace(sql, 'balance <= ceiling', '1')"
        )
        file.commit()
    with open_for_check(path) as q:
        (found,) = ledger.check(q)
    assert (found.where, found.what) == (
        "schema",
        "table account is not as the schema has it",
    )


def test_layout_and_comments_are_no_difference() -> None:
    """A ledger made from the schema laid out otherwise has the same rules."""
    compact = re.sub(r"\s+", " ", re.sub(r"--[^\n]*", "", schema_text()))
    with closing(in_memory(compact)) as connection:
        assert differences(_objects(connection)) == []


class TestMigrations:
    """An older ledger is led up to the schema, or left as it was."""

    def test_the_schema_is_the_sum_of_its_steps(self) -> None:
        """The first version and every step since make what the schema makes.

        Before the first release: copy the schema over `ledgers/1.sql`. After it:
        add a step, and raise VERSION and the schema's `user_version`.
        """
        with closing(in_memory((LEDGERS / "1.sql").read_text("utf-8"))) as connection:
            for step in steps():
                run_step(connection, step)
            assert differences(_objects(connection)) == []
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            assert version == VERSION

    def test_the_steps_are_numbered_without_a_gap(self) -> None:
        """From any version there is one way up."""
        assert [step.version for step in steps()] == list(range(2, VERSION + 1))

    def test_steps_are_files_in_order(self, tmp_path: Path) -> None:
        """A step is named by the version it leads to; other files are none."""
        for name in ("0003_loans.sql", "0002_fees.sql", "notes.md", "0004.sql"):
            (tmp_path / name).write_text(f"-- {name}")
        assert [(step.version, step.sql) for step in steps(tmp_path)] == [
            (2, "-- 0002_fees.sql"),
            (3, "-- 0003_loans.sql"),
        ]

    def older(self, path: Path) -> Path:
        """Make a ledger of version 0, which lacked an index."""
        create_ledger(path)
        with closing(sqlite3.connect(path)) as file:
            file.executescript("DROP INDEX hold_due; PRAGMA user_version = 0")
        return path

    STEP = Step(
        version=1,
        sql="-- the next to expire; found at once\n"
        "CREATE INDEX hold_due ON hold (expires_ms)\n  WHERE state = 'open';\n",
    )

    async def test_an_older_ledger_is_led_up(self, tmp_path: Path) -> None:
        """It has the new schema, opens, and its backup is as it was."""
        path = self.older(tmp_path / "old.sqlite")
        backup = tmp_path / "backup.sqlite"
        past = Step(version=0, sql="DROP TABLE house;")
        assert migrate(path, backup, [past, self.STEP]) == 0
        async with await Store.open(path, StoppedClock()):
            pass
        with closing(sqlite3.connect(backup)) as file:
            assert file.execute("PRAGMA user_version").fetchone()[0] == 0
        assert migrate(path, backup, [self.STEP]) == VERSION

    def test_what_it_was_is_kept_beside_it(self, tmp_path: Path) -> None:
        """Under a name with the moment; where nothing is to be done nothing is kept."""
        path = self.older(tmp_path / "ledger.sqlite")
        told = lead_up(path, StoppedClock(), [self.STEP])
        kept = tmp_path / "ledger.sqlite.before-20260302-150000"
        assert told == {
            "ledger": str(path),
            "was": 0,
            "version": VERSION,
            "kept": str(kept),
        }
        assert kept.exists()
        again = lead_up(path, StoppedClock(), [self.STEP])
        assert (again["was"], again["kept"]) == (VERSION, None)

    @pytest.mark.parametrize(
        ("sql", "error", "says"),
        [
            (
                "CREATE INDEX other ON hold (state);",
                LedgerDamaged,
                "hold_due is missing",
            ),
            (
                STEP.sql + "INSERT INTO phone VALUES ('+5031', 9, 'own', 0);",
                LedgerDamaged,
                "not there",
            ),
            (STEP.sql + "DROP TABLE ghost;", LedgerDamaged, "no such table"),
        ],
    )
    def test_a_step_that_fails_changes_nothing(
        self, tmp_path: Path, sql: str, error: type[Exception], says: str
    ) -> None:
        """All of it is undone and the ledger is of its old version."""
        path = self.older(tmp_path / "old.sqlite")
        with pytest.raises(error, match=says):
            migrate(path, tmp_path / "backup", [Step(version=1, sql=sql)])
        with closing(sqlite3.connect(path)) as file:
            assert file.execute("PRAGMA user_version").fetchone()[0] == 0
            (left,) = differences(file.execute(OBJECTS).fetchall())
            assert left == "index hold_due is missing"

    def test_it_never_goes_down(self, tmp_path: Path) -> None:
        """A ledger of a newer smsgate is refused."""
        path = tmp_path / "ledger.sqlite"
        create_ledger(path)
        with closing(sqlite3.connect(path)) as file:
            file.execute(f"PRAGMA user_version = {VERSION + 1}")
        with pytest.raises(LedgerNewer, match="install the newer"):
            migrate(path, tmp_path / "backup")

    def test_it_overwrites_no_backup_and_waits_for_nobody(self, tmp_path: Path) -> None:
        """The backup is a new file; a ledger in use, or none, is an error."""
        path = self.older(tmp_path / "old.sqlite")
        (tmp_path / "taken").touch()
        with pytest.raises(LedgerExists):
            migrate(path, tmp_path / "taken", [self.STEP])
        lock = Lock(path)
        lock.take()
        with pytest.raises(LedgerLocked):
            migrate(path, tmp_path / "backup", [self.STEP])
        lock.drop()
        with pytest.raises(LedgerMissing):
            migrate(tmp_path / "none", tmp_path / "backup")

    def test_a_ledger_in_a_shells_hands_is_left_alone(self, tmp_path: Path) -> None:
        """A transaction that some other tool holds open is waited for, then told."""
        path = self.older(tmp_path / "old.sqlite")
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StorageFailed, match="locked by another program"):
                migrate(path, tmp_path / "backup", [self.STEP])

    def test_a_script_is_cut_between_statements(self) -> None:
        """A trigger's body, a semicolon in a text or a comment cut nothing in two."""
        script = schema_text()
        with closing(sqlite3.connect(":memory:")) as connection:
            for statement in statements(script):
                connection.execute(statement)
            assert differences(connection.execute(OBJECTS).fetchall()) == []
        assert list(statements("SELECT ';'; -- a; b\nSELECT 1")) == [
            "SELECT ';'; -- a; b\n",
            "SELECT 1",
        ]


def test_the_package_reads_the_file_at_the_root() -> None:
    """There is one schema; the package has a link to it."""
    link = ROOT / "smsgate/store/ledger.sqlite.schema"
    assert link.is_symlink()
    assert link.resolve() == ROOT / "ledger.sqlite.schema"
    assert schema_text() == (ROOT / "ledger.sqlite.schema").read_text("utf-8")


def _objects(connection: sqlite3.Connection) -> list[tuple[str, str, str]]:
    return [tuple(row) for row in connection.execute(OBJECTS)]

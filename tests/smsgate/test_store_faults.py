"""A disk that fails: nobody is told what is not so, and the writer goes on."""

from __future__ import annotations

import asyncio
import itertools
import json
import resource
import sqlite3
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from smsgate import ledger
from smsgate.ledger import Posted
from smsgate.store import (
    VERSION,
    LedgerDamaged,
    LedgerForeign,
    LedgerMissing,
    LedgerNewer,
    LedgerOlder,
    StorageFailed,
    StorageUnsure,
    Store,
    StoreError,
    Tx,
    create_ledger,
    open_for_check,
)
from smsgate.store.trouble import sentence
from tests.faults.shim import Power, build
from tests.smsgate.books import ACTOR, spoil
from tests.smsgate.faulty import Disk, Fault, broken
from tests.smsgate.mailroom import StoppedClock
from tests.smsgate.test_store import COUNT, Gate, _caught, add, batches, count, settle

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

FULL = broken(sqlite3.SQLITE_FULL, "database or disk is full")
BUSY = broken(sqlite3.SQLITE_BUSY, "database is locked")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a new ledger."""
    path = tmp_path / "ledger.sqlite"
    create_ledger(path)
    return path


@pytest.fixture
def clock() -> StoppedClock:
    """Return a clock that a test moves."""
    return StoppedClock()


@pytest.fixture(scope="module")
def power(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the library that fails syncs and cuts the power."""
    return build(tmp_path_factory.mktemp("power"))


@pytest.fixture
def disk() -> Disk:
    """Return a disk that is sound so far."""
    return Disk()


@pytest.fixture
async def store(path: Path, clock: StoppedClock, disk: Disk) -> AsyncIterator[Store]:
    """Return a store on that disk."""
    async with await Store.open(path, clock, connect=disk.connect) as store:
        yield store


class TestCommitThatRaises:
    """It is neither yes nor no: the file tells, and then the caller is told."""

    async def test_it_did_not_take_effect(self, store: Store, disk: Disk) -> None:
        """All of the batch is told that nothing was done, and nothing was."""
        disk.faults = [Fault("COMMIT")]
        told = await asyncio.gather(*(_caught(store.write(add)) for _ in range(5)))
        assert [type(one) for one in told] == [StorageFailed] * 5
        assert count(store) == 0
        assert await store.write(add) == 1

    async def test_it_took_effect(self, store: Store, disk: Disk) -> None:
        """All of the batch gets its results, after one more commit proved them."""
        before = batches(store)
        disk.faults = [Fault("COMMIT", effect=True)]
        told = await asyncio.gather(*(store.write(add) for _ in range(5)))
        assert told == [1, 2, 3, 4, 5]
        assert (count(store), disk.faults) == (5, [])
        assert batches(store) == before + 2
        assert await store.write(add) == 6

    @pytest.mark.parametrize(
        "effects", list(itertools.product([False, True], repeat=3))
    )
    async def test_the_proof_may_raise_too(
        self, store: Store, disk: Disk, effects: tuple[bool, ...]
    ) -> None:
        """However often a commit raises, with or without effect, the answer is that of
        the first: what the caller is told is what the ledger holds."""
        await store.write(add)
        disk.faults = [Fault("COMMIT", effect=effect) for effect in effects]
        told = await _caught(store.write(add))
        assert disk.faults == []
        if effects[0]:
            assert (told, count(store)) == (2, 2)
        else:
            assert isinstance(told, StorageFailed)
            assert count(store) == 1
        assert await store.write(add) == (3 if effects[0] else 2)

    async def test_a_disk_that_is_full_is_told_at_once(
        self, store: Store, disk: Disk
    ) -> None:
        """Where the log could not be written there is nothing to find out: the caller
        is told though the disk stays full."""
        disk.faults = [Fault("COMMIT", error=FULL)] * 3
        for left in (2, 1):
            assert isinstance(await _caught(store.write(add)), StorageFailed)
            assert len(disk.faults) == left
        disk.faults = []
        assert count(store) == 0

    async def test_a_batch_that_is_lost_never_comes_to_life(
        self, path: Path, clock: StoppedClock, disk: Disk
    ) -> None:
        """Frames of a commit that was told to have failed are overwritten before it is
        told: a copy of the files as they lie there does not hold them."""
        async with await Store.open(path, clock, connect=disk.connect) as store:
            await store.write(add)
            disk.faults = [Fault("COMMIT")]
            assert isinstance(await _caught(store.write(add)), StorageFailed)
            crashed = path.with_name("crashed.sqlite")
            for end in ("", "-wal"):
                source = path.with_name(path.name + end)
                crashed.with_name(crashed.name + end).write_bytes(source.read_bytes())
        async with await Store.open(crashed, clock) as store:
            assert count(store) == 1

    async def test_closing_before_it_is_known(
        self, path: Path, clock: StoppedClock, disk: Disk
    ) -> None:
        """If the disk stays away until the end, the caller is told that it is not
        known, and not that nothing was done."""
        store = await Store.open(path, clock, connect=disk.connect)
        disk.faults = [Fault("COMMIT", effect=True)]
        gate = Gate()
        async with asyncio.TaskGroup() as group:
            group.create_task(_caught(store.write(gate)))
            told = group.create_task(_caught(store.write(add)))
            await gate.until_entered()
            disk.shut = broken()
            gate.opened.set()
            await store.close()
        assert isinstance(told.result(), StorageUnsure)


class TestBatchThatIsLost:
    """An error of the disk in the middle undoes the batch, whatever the driver did."""

    @pytest.mark.parametrize("rolls_back", [False, True])
    @pytest.mark.parametrize("error", [broken(), FULL, BUSY, MemoryError()])
    @pytest.mark.parametrize(
        "start", ["INSERT", "SAVEPOINT", "RELEASE", "UPDATE house"]
    )
    async def test_everybody_is_told(
        self,
        store: Store,
        disk: Disk,
        start: str,
        error: Exception,
        rolls_back: bool,
    ) -> None:
        """Commands before and after the one that met the error have failed with it;
        the next batch is as usual."""
        await store.write(add)
        gate = Gate()
        async with asyncio.TaskGroup() as group:
            group.create_task(store.write(gate))
            await gate.until_entered()
            tasks = [
                group.create_task(_caught(store.write(command)))
                for command in (lambda tx: tx.all(COUNT), lambda _: arm(), add, add)
            ]

            def arm() -> None:
                disk.faults = [Fault(start, error=error, rolls_back=rolls_back)]

            if start == "UPDATE house":
                # The first statement of the next batch.
                await settle()
                arm()
            await settle()
            gate.opened.set()
        assert [type(task.result()) for task in tasks] == [StorageFailed] * 4
        assert disk.faults == []
        assert count(store) == 1
        assert await store.write(add) == 2

    @pytest.mark.parametrize(
        ("ask", "start"),
        [
            (add, "INSERT"),
            (lambda tx: tx.one(COUNT), "SELECT"),
            (lambda tx: tx.all(COUNT), "SELECT"),
            (lambda tx: tx.run("DELETE FROM report"), "DELETE"),
        ],
    )
    async def test_an_error_that_is_swallowed_is_not(
        self, store: Store, disk: Disk, ask: Callable[[Tx], object], start: str
    ) -> None:
        """A command that catches everything and goes on cannot write outside the
        transaction that the driver gave up."""

        def careless(tx: Tx) -> str:
            add(tx)
            disk.faults = [Fault(start, rolls_back=True)]
            for attempt in (ask, add, add):
                try:
                    attempt(tx)
                except Exception:  # noqa: BLE001, S112 -- the carelessness under test
                    continue
            return "all is well"

        assert isinstance(await _caught(store.write(careless)), StorageFailed)
        assert disk.faults == []
        assert count(store) == 0

    async def test_a_transaction_that_ended_inside(self, store: Store) -> None:
        """A command cannot end the transaction and be told that all is well."""

        def rogue(tx: Tx) -> None:
            add(tx)
            tx.run("ROLLBACK")

        assert isinstance(await _caught(store.write(rogue)), StorageFailed)
        assert count(store) == 0
        assert await store.write(add) == 1

    async def test_what_nobody_waits_for_is_tried_again(
        self, store: Store, disk: Disk
    ) -> None:
        """A later() survives the failure of the batch it was in."""
        disk.faults = [Fault("COMMIT")]
        store.later(add)
        assert isinstance(await _caught(store.write(lambda _: None)), StorageFailed)
        await settle()
        await store.write(lambda _: None)
        assert count(store) == 1

    async def test_the_end_waits_for_no_disk(
        self, path: Path, clock: StoppedClock, disk: Disk
    ) -> None:
        """Closing on a disk that fails ends, and what nobody waited for is lost, as it
        would be in a crash; a checkpoint that fails is made up for at the start."""
        store = await Store.open(path, clock, connect=disk.connect)
        await store.write(add)
        store.later(add)
        disk.faults = [Fault("BEGIN")]
        await store.close()
        store = await Store.open(path, clock, connect=disk.connect)
        disk.faults = [Fault("PRAGMA wal_checkpoint")]
        await store.write(add)
        await store.close()
        async with await Store.open(path, clock) as store:
            assert count(store) == 2


class TestGoingOn:
    """The writer opens the file again, not too often, and says what to do."""

    @pytest.mark.parametrize(
        ("error", "says"),
        [
            (FULL, "is full: free some space"),
            (BUSY, "is locked by another program: close it"),
            (broken(), "look at the system's log"),
            (
                broken(sqlite3.SQLITE_READONLY, "x"),
                "give the user of smsgate the right",
            ),
            (broken(sqlite3.SQLITE_CORRUPT, "x"), "restore a backup"),
            (broken(sqlite3.SQLITE_NOMEM, "x"), "no memory left"),
        ],
    )
    async def test_it_says_what_to_do(
        self, store: Store, disk: Disk, error: Exception, says: str
    ) -> None:
        """Each kind of trouble has its sentence."""
        disk.faults = [Fault("BEGIN", error=error)]
        told = await _caught(store.write(add))
        assert isinstance(told, StorageFailed)
        assert says in str(told)
        assert await store.write(add) == 1

    async def test_a_disk_that_stays_away_is_left_alone(
        self, store: Store, disk: Disk, clock: StoppedClock
    ) -> None:
        """It is asked again after waits that double up to 5 s; whoever writes meanwhile
        is told at once."""
        disk.faults = [Fault("BEGIN")]
        disk.shut = broken(sqlite3.SQLITE_CANTOPEN, "unable to open database file")
        assert isinstance(await _caught(store.write(add)), StorageFailed)
        asked = []
        for _ in range(30_000 // 50):
            before = disk.opened
            for _ in range(3):
                told = await _caught(store.write(add))
                assert isinstance(told, StorageFailed)
            asked.append(disk.opened - before)
            clock.ms += 50
        assert max(asked) == 1
        assert 10 <= sum(asked) <= 14
        disk.shut = None
        clock.ms += 5_000
        assert await store.write(add) == 1
        disk.faults = [Fault("BEGIN")]
        assert isinstance(await _caught(store.write(add)), StorageFailed)
        assert await store.write(add) == 2

    async def test_locked_by_another_process(self, store: Store) -> None:
        """A shell that holds the ledger makes writes fail and loses none; when it lets
        go, the next one is done."""
        script = (
            "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); "
            "c.execute('BEGIN IMMEDIATE'); print('held', flush=True); sys.stdin.read()"
        )
        other = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            script,
            str(store.path),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert other.stdout is not None
        assert await other.stdout.readline() == b"held\n"
        told = await _caught(store.write(add))
        assert isinstance(told, StorageFailed)
        assert "locked by another program" in str(told)
        assert count(store) == 0
        await other.communicate(b"")
        assert await store.write(add) == 1

    async def test_a_ledger_that_vanished_is_not_made_anew(
        self, store: Store, disk: Disk
    ) -> None:
        """A file that is gone is an error with its name, never an empty ledger."""
        disk.faults = [Fault("BEGIN")]
        await _caught(store.write(add))
        path, away = store.path, store.path.with_name("away.sqlite")
        path.rename(away)
        told = await _caught(store.write(add))
        assert isinstance(told, StorageFailed)
        assert "there is no ledger" in str(told)
        away.rename(path)


# A child that fills its disk: RLIMIT_FSIZE stops files at 400 KiB, as root and without.
_FILLING = """
import asyncio, json, pathlib, resource, sys
from smsgate import ledger
from smsgate.clock import Clock
from smsgate.store import StorageFailed, Store

def fill(tx):
    for _ in range(20):
        ledger.record(tx, kind="x", account=None, actor="x", detail={"x": "x" * 900})

async def main(path):
    done = 0
    async with await Store.open(path, Clock()) as store:
        hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
        resource.setrlimit(resource.RLIMIT_FSIZE, (400 * 1024, hard))
        try:
            while True:
                await store.write(fill)
                done += 1
        except StorageFailed as error:
            told = str(error)
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
        await store.write(fill)
        done += 1
        print(json.dumps([done, told]))

asyncio.run(main(pathlib.Path(sys.argv[1])))
"""


async def test_a_full_disk_loses_nothing(path: Path, clock: StoppedClock) -> None:
    """What was acknowledged before the disk was full is there, what was refused is
    not, and once there is room again writing goes on."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _FILLING, str(path), stdout=subprocess.PIPE
    )
    output, _ = await child.communicate()
    done, told = json.loads(output.splitlines()[-1])
    assert done > 1
    assert "disk" in told
    async with await Store.open(path, clock) as store:
        row = store.peek.one("SELECT count(*) AS n FROM event")
        assert row is not None
        assert row["n"] == 20 * done
    with open_for_check(path) as q:
        assert ledger.check(q) == []


# A child that writes until a sync of its disk fails, says what it was told, and dies.
_SYNCING = """
import asyncio, os, pathlib, sys
from smsgate import ledger
from smsgate.clock import Clock
from smsgate.store import StorageFailed, Store

def note(tx):
    return ledger.record(tx, kind="x", account=None, actor="x", detail={})

async def main(path):
    async with await Store.open(path, Clock()) as store:
        for _ in range(30):
            told = await asyncio.gather(
                *(store.write(note) for _ in range(3)), return_exceptions=True)
            print(*(one if isinstance(one, int) else "failed" for one in told))
            if any(isinstance(one, StorageFailed) for one in told):
                break
        sys.stdout.flush()
        os._exit(0)

asyncio.run(main(pathlib.Path(sys.argv[1])))
"""


@pytest.mark.parametrize("after", [0, 5, 20])
async def test_a_sync_that_fails_is_told_as_it_is(
    tmp_path: Path, power: Path, after: int
) -> None:
    """What a caller was told after a failed sync is what the ledger holds: when the
    process was killed right then, and when the power went, too."""
    live = tmp_path / "live"
    live.mkdir()
    path = live / "ledger.sqlite"
    create_ledger(path)
    disk = Power(library=power, live=live, twin=tmp_path / "twin")
    disk.begin()
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        _SYNCING,
        str(path),
        stdout=subprocess.PIPE,
        env=disk.environment(fail_after=after, fail_count=1),
    )
    output, _ = await child.communicate()
    told = output.decode().splitlines()[-1].split()
    assert told == ["failed"] * 3
    kept = [int(word) for word in output.split() if word.isdigit()]

    def holds_what_was_told() -> None:
        with open_for_check(path) as q:
            rows = q.all("SELECT id FROM event ORDER BY id")
            assert [row["id"] for row in rows] == kept
            assert ledger.check(q) == []

    holds_what_was_told()
    disk.cut()
    holds_what_was_told()


async def test_a_command_that_fails_takes_its_payment_back(store: Store) -> None:
    """A payment whose command fails afterwards leaves no trace in balances or chain,
    and the next one in the same batch fits on the chain where it left off."""
    ana, beto = [
        await store.write(lambda tx: ledger.open_account(tx, limit=100, actor=ACTOR))
        for _ in range(2)
    ]

    def pay(tx: Tx) -> object:
        return ledger.pay(tx, debit=ana, credit=beto, amount=60)

    def pay_and_fail(tx: Tx) -> None:
        assert isinstance(pay(tx), Posted)
        tx.run("INSERT INTO outbox (id) VALUES (1)")

    gate = Gate()
    async with asyncio.TaskGroup() as group:
        group.create_task(store.write(gate))
        await gate.until_entered()
        failing = group.create_task(_caught(store.write(pay_and_fail)))
        paying = group.create_task(store.write(pay))
        await settle()
        gate.opened.set()
    assert "outbox" in str(failing.result())
    done = paying.result()
    assert isinstance(done, Posted)
    assert (done.id, done.debit_balance, done.credit_balance) == (3, -60, 60)
    assert ledger.check(store.peek) == []


@pytest.mark.parametrize(
    ("change", "error", "says"),
    [
        (lambda path: path.unlink(), LedgerMissing, "smsgate init"),
        (lambda path: path.write_text("not a ledger" * 99), LedgerForeign, "no ledger"),
        (lambda path: path.write_bytes(b""), LedgerForeign, "no ledger"),
        ("PRAGMA application_id = 1", LedgerForeign, "no ledger"),
        (f"PRAGMA user_version = {VERSION + 1}", LedgerNewer, "install the newer"),
        (f"PRAGMA user_version = {VERSION - 1}", LedgerOlder, "smsgate migrate"),
        ("DROP TRIGGER entry_kept", LedgerDamaged, "trigger entry_kept is missing"),
        (
            "PRAGMA ignore_check_constraints = 1; DROP TRIGGER account_moves;"
            "INSERT INTO account (kind, created_ms) VALUES ('member', 1);"
            "UPDATE account SET balance = 5;"
            "CREATE TRIGGER account_moves BEFORE DELETE ON chain BEGIN SELECT 1; END",
            LedgerDamaged,
            "account_moves is not as the schema has it",
        ),
        ("DELETE FROM house", LedgerDamaged, "contradict themselves"),
        (
            lambda path: path.write_bytes(path.read_bytes()[:9000]),
            LedgerDamaged,
            "is damaged",
        ),
    ],
)
async def test_a_ledger_that_cannot_be_used_says_why(
    path: Path,
    clock: StoppedClock,
    change: str | Callable[[Path], object],
    error: type[StoreError],
    says: str,
) -> None:
    """A wrong file is refused at the start with what to do, and its lock is free."""
    if isinstance(change, str):
        with closing(sqlite3.connect(path)) as file:
            file.executescript(change)
    else:
        change(path)
    for _ in range(2):
        with pytest.raises(error, match=says):
            await Store.open(path, clock)


async def test_a_ledger_that_cannot_be_read_is_let_go(
    path: Path, clock: StoppedClock, disk: Disk
) -> None:
    """If the second connection fails, the first is closed and the lock is free."""
    disk.opens_max = 1
    with pytest.raises(StorageFailed, match="no descriptors left"):
        await Store.open(path, clock, connect=disk.connect)
    async with await Store.open(path, clock) as store:
        assert await store.write(add) == 1


async def test_a_lock_that_cannot_be_made_is_told(
    path: Path, clock: StoppedClock
) -> None:
    """Without a lock nothing is opened, unless the caller says that he holds it."""
    path.with_name(path.name + ".lock").mkdir()
    with pytest.raises(StorageFailed, match="lock cannot be opened"):
        await Store.open(path, clock)
    async with await Store.open(path, clock, lock=False):
        pass
    path.write_text("x" * 5000)  # noqa: ASYNC240 -- a test has the time
    with pytest.raises(LedgerForeign):
        await Store.open(path, clock, lock=False)


def test_an_audit_needs_a_ledger(path: Path) -> None:
    """What is no ledger is not audited, and what is not there is said to be missing."""
    path.write_text("x" * 5000)
    with pytest.raises(LedgerForeign), open_for_check(path):
        pass
    with pytest.raises(LedgerMissing), open_for_check(path.with_name("none")):
        pass


async def test_no_half_file_is_left(tmp_path: Path, clock: StoppedClock) -> None:
    """A new ledger or a copy that the disk has no room for is taken away again."""
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    resource.setrlimit(resource.RLIMIT_FSIZE, (8192, hard))
    try:
        with pytest.raises(StorageFailed, match="disk"):
            create_ledger(tmp_path / "new.sqlite")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    create_ledger(tmp_path / "ledger.sqlite")
    async with await Store.open(tmp_path / "ledger.sqlite", clock) as store:
        resource.setrlimit(resource.RLIMIT_FSIZE, (8192, hard))
        try:
            with pytest.raises(StorageFailed, match="disk"):
                await store.snapshot(tmp_path / "copy.sqlite")
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    left = sorted(file.name for file in tmp_path.iterdir())  # noqa: ASYNC240
    assert left == ["ledger.sqlite", "ledger.sqlite.lock"]


def test_every_trouble_has_a_sentence(path: Path) -> None:
    """Whatever else the driver raises is told with the file's name."""
    assert sentence(broken(sqlite3.SQLITE_TOOBIG, "big"), path) == (
        f"{path} cannot be used (OperationalError: big): see the log"
    )


async def test_a_chain_that_ends_elsewhere_is_not_used(
    path: Path, clock: StoppedClock
) -> None:
    """A head that is not the last row's, and balances that do not sum to zero, are
    noticed before anybody is answered."""
    async with await Store.open(path, clock) as store:
        await store.write(lambda tx: ledger.open_account(tx, actor=ACTOR))
    spoil(path, "UPDATE chain SET hash = zeroblob(32)")
    with pytest.raises(LedgerDamaged, match="ledger check"):
        await Store.open(path, clock)


async def test_a_file_system_without_a_log_is_refused(
    path: Path, clock: StoppedClock
) -> None:
    """Where the driver does not take a pragma, nothing is written at all."""

    class Stubborn(sqlite3.Connection):
        """A connection that keeps another journal."""

        def execute(self, sql: str, *values: object) -> sqlite3.Cursor:
            """Answer as a network disk would."""
            return super().execute(sql.replace("journal_mode = wal", "user_version"))

    with pytest.raises(StoreError, match="use a local disk"):
        await Store.open(
            path,
            clock,
            connect=lambda *args, **more: _delete_mode(*args, factory=Stubborn, **more),
        )


def _delete_mode(*args: object, **options: object) -> sqlite3.Connection:
    connection = sqlite3.connect(*args, **options)  # type: ignore[call-overload]
    sqlite3.Connection.execute(connection, "PRAGMA journal_mode = delete")
    return connection  # type: ignore[no-any-return]

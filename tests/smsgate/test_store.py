"""The open ledger: what a write promises, and what readers see."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import stat
import subprocess
import sys
import threading
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from smsgate.store import (
    LedgerExists,
    LedgerLocked,
    Lock,
    Refused,
    StorageFailed,
    Store,
    StoreClosed,
    Tx,
    accept_clock,
    begin_run,
    create_ledger,
)
from smsgate.store.writer import BATCH_MAX, QUEUE_MAX
from tests.smsgate.mailroom import START_MS, StoppedClock

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from pathlib import Path

INSERT = "INSERT INTO account (kind, created_ms) VALUES ('member', :now)"
COUNT = "SELECT count(*) AS n FROM account"


def add(tx: Tx) -> int:
    """Open an account; return its number."""
    return tx.insert(INSERT, {"now": tx.now_ms})


def count(store: Store) -> int:
    """Return how many accounts there are, as of the last commit."""
    row = store.peek.one(COUNT)
    assert row is not None
    return int(row["n"])


def batches(store: Store) -> int:
    """Return how many transactions the ledger has seen."""
    row = store.peek.one("SELECT batch FROM house")
    assert row is not None
    return int(row["batch"])


class Gate:
    """A write that keeps the writer busy until it is opened."""

    def __init__(self) -> None:
        self.entered = threading.Event()
        self.opened = threading.Event()

    def __call__(self, _tx: Tx) -> None:
        """Wait inside the transaction."""
        self.entered.set()
        assert self.opened.wait(20)

    async def until_entered(self) -> None:
        """Wait until the writer is inside, alone in its batch."""
        await asyncio.to_thread(self.entered.wait, 20)


async def settle() -> None:
    """Let every task run up to where it waits for the writer."""
    for _ in range(5):
        await asyncio.sleep(0)


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


@pytest.fixture
async def store(path: Path, clock: StoppedClock) -> AsyncIterator[Store]:
    """Return an open store."""
    async with await Store.open(path, clock) as store:
        yield store


class TestWriting:
    """A write is done, or not at all, and its caller is told which."""

    async def test_a_result_is_told_when_it_is_kept(self, store: Store) -> None:
        """What was returned is there for every reader, at once."""
        assert await store.write(add) == 1
        assert count(store) == 1
        assert [row["n"] for row in await store.read(COUNT)] == [1]

    async def test_a_crowd_shares_its_commits(self, store: Store) -> None:
        """Whatever waits is committed at once, in order, each with its own result."""
        gate = Gate()
        async with asyncio.TaskGroup() as group:
            group.create_task(store.write(gate))
            await gate.until_entered()
            before = batches(store)
            crowd = [group.create_task(store.write(add)) for _ in range(600)]
            await settle()
            gate.opened.set()
        assert [task.result() for task in crowd] == list(range(1, 601))
        # Its own, then 512 and 88.
        assert batches(store) - before == 3
        assert BATCH_MAX == 512

    async def test_an_exception_undoes_its_own_command_only(self, store: Store) -> None:
        """A command that fails halfway leaves nothing; its neighbours are kept."""

        def fail(tx: Tx) -> None:
            add(tx)
            raise ZeroDivisionError

        gate = Gate()
        async with asyncio.TaskGroup() as group:
            group.create_task(store.write(gate))
            await gate.until_entered()
            first = group.create_task(store.write(add))
            failing = group.create_task(_caught(store.write(fail)))
            last = group.create_task(store.write(add))
            await settle()
            gate.opened.set()
        assert isinstance(failing.result(), ZeroDivisionError)
        assert (first.result(), last.result(), count(store)) == (1, 2, 2)

    @pytest.mark.parametrize("error", [StopIteration, SystemExit, KeyboardInterrupt])
    async def test_odd_exceptions_do_not_stop_the_writer(
        self, store: Store, error: type[BaseException]
    ) -> None:
        """Nothing that a command raises ends the thread or hangs its caller."""

        def fail(_tx: Tx) -> None:
            raise error

        assert await _caught(store.write(fail)) is not None
        assert await store.write(add) == 1

    @pytest.mark.parametrize(
        ("sql", "name"),
        [
            ("UPDATE account SET credit_limit = -1", "credit_limit BETWEEN"),
            (
                "UPDATE account SET ceiling = 0, state = 'closed', held = 1",
                "only_by_hold",
            ),
            ("DELETE FROM account", "immutable"),
            ("INSERT INTO pin (account) VALUES (9)", "foreign_key"),
            ("INSERT INTO report (link) VALUES (NULL)", "report.link"),
            (
                "INSERT INTO phone VALUES ('+1', 9, 'own', 0), ('+1', 9, 'own', 0)",
                "phone.msisdn",
            ),
            ("UPDATE account SET state = 1.5", "state IN"),
            ("UPDATE account SET credit_limit = 'x'", "cannot store TEXT"),
        ],
    )
    async def test_a_rule_refuses_by_its_name(
        self, store: Store, sql: str, name: str
    ) -> None:
        """A broken rule is told by name and undoes one statement, not the command."""

        def command(tx: Tx) -> str:
            add(tx)
            with pytest.raises(Refused) as caught:
                tx.run(sql)
            add(tx)
            return caught.value.name

        assert (await store.write(command)).startswith(name)
        assert count(store) == 2

    async def test_a_command_reads_what_it_wrote(self, store: Store) -> None:
        """Statements see those before them, and tell rows, counts and ids."""

        def command(tx: Tx) -> tuple[int, int, object, object]:
            number = add(tx)
            touched = tx.run("UPDATE account SET ceiling = 5 WHERE id = ?", (number,))
            one = tx.one("SELECT ceiling FROM account WHERE id = :id", {"id": number})
            none = tx.one("SELECT 1 FROM account WHERE id = 9")
            assert one is not None
            return number, touched, one["ceiling"], none

        assert await store.write(command) == (1, 1, 5, None)

    async def test_starts_are_counted(self, store: Store) -> None:
        """Each start of the daemon has a number of its own."""
        assert [await store.write(begin_run) for _ in range(2)] == [1, 2]

    async def test_a_bug_in_the_sql_is_the_commands_own(self, store: Store) -> None:
        """A statement that makes no sense harms nobody else."""

        def command(tx: Tx) -> None:
            add(tx)
            tx.run("UPDATE nothing_of_the_kind SET x = 1")

        with pytest.raises(sqlite3.OperationalError):
            await store.write(command)
        assert await store.write(add) == 1

    async def test_the_pragmas_are_those_of_a_ledger(self, store: Store) -> None:
        """Every commit is synced, references and triggers hold."""

        def pragmas(tx: Tx) -> list[object]:
            names = ("journal_mode", "synchronous", "foreign_keys", "trusted_schema")
            rows = [tx.one(f"PRAGMA {name}") for name in names]
            return [row[0] for row in rows if row is not None]

        assert await store.write(pragmas) == ["wal", 2, 1, 0]

    async def test_what_was_peeked_is_known_to_be_old(self, store: Store) -> None:
        """A table's number changes with each commit that wrote to it, and only then."""
        before = store.changed("house")
        await store.write(lambda tx: tx.all(COUNT))
        assert store.changed("house") == before
        await store.write(lambda tx: tx.run("UPDATE house SET run = run"))
        changed = store.changed("house")
        assert changed > before
        with pytest.raises(ZeroDivisionError):
            await store.write(lambda _tx: 1 // 0)
        assert store.changed("house") == changed

    async def test_told_hears_the_result_of_a_caller_that_gave_up(
        self, store: Store
    ) -> None:
        """Once for each write, with its result or None, whoever still waits for it."""
        heard: list[int | None] = []
        await store.write(add, heard.append)
        task = asyncio.ensure_future(store.write(add, heard.append))  # noqa: TID251
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(ZeroDivisionError):
            await store.write(lambda _tx: 1 // 0, heard.append)
        assert heard == [1, 2, None]
        await store.close()
        with pytest.raises(StoreClosed):
            await store.write(add, heard.append)
        assert heard == [1, 2, None, None]

    async def test_a_cancelled_caller_changes_nothing(self, store: Store) -> None:
        """Wherever its caller is cancelled, a write is whole or was never begun; and
        once it was queued, it is done."""
        for steps in range(6):
            before = count(store)
            gate = Gate()
            async with asyncio.TaskGroup() as group:
                group.create_task(store.write(gate))
                await gate.until_entered()
                task = group.create_task(store.write(lambda tx: (add(tx), add(tx))))
                for _ in range(steps):
                    await asyncio.sleep(0)
                task.cancel()
                await settle()
                gate.opened.set()
            await store.write(lambda _tx: None)
            assert task.cancelled()
            assert count(store) - before == (0 if steps == 0 else 2)


class TestLater:
    """A write that nobody waits for, and that costs no sync of its own."""

    async def test_it_shares_the_next_commit(self, store: Store) -> None:
        """It comes before every write asked for after it."""
        before = batches(store)
        store.later(add)
        assert await store.write(lambda tx: tx.all(COUNT)[0]["n"]) == 1
        assert batches(store) == before + 1

    async def test_it_is_alone_a_moment_later(self, store: Store) -> None:
        """With no other write it is committed all the same, within 50 ms."""
        before = batches(store)
        for _ in range(3):
            store.later(add)
        async with asyncio.timeout(5):
            while count(store) == 0:  # noqa: ASYNC110 -- the file is what is waited for
                await asyncio.sleep(0.005)
        assert (count(store), batches(store)) == (3, before + 1)

    async def test_closing_does_it(self, path: Path, clock: StoppedClock) -> None:
        """What was asked for before the end is kept."""
        async with await Store.open(path, clock) as store:
            for _ in range(BATCH_MAX + 1):
                store.later(add)
        async with await Store.open(path, clock) as store:
            assert count(store) == BATCH_MAX + 1

    async def test_its_exception_is_nobodys(self, store: Store) -> None:
        """One that fails is undone and does not disturb the others."""

        def fail(tx: Tx) -> None:
            add(tx)
            raise ZeroDivisionError

        store.later(fail)
        store.later(add)
        assert await store.write(add) == 2
        assert count(store) == 2


class TestFull:
    """A full queue says so and loses nothing."""

    async def test_it_is_busy_until_there_is_room(self, store: Store) -> None:
        """Callers beyond the queue's end wait for a place; all are served."""
        gate = Gate()
        async with asyncio.TaskGroup() as group:
            group.create_task(store.write(gate))
            await gate.until_entered()
            busy = [store.busy]
            for _ in range(QUEUE_MAX + 99):
                group.create_task(store.write(add))
            await settle()
            busy.append(store.busy)
            gate.opened.set()
        assert [*busy, store.busy] == [False, True, False]
        assert count(store) == QUEUE_MAX + 99

    async def test_who_waits_for_a_place_at_the_end_is_told(
        self, path: Path, clock: StoppedClock
    ) -> None:
        """Closing does what was queued and turns away what was not."""
        store = await Store.open(path, clock)
        gate = Gate()
        async with asyncio.TaskGroup() as group:
            group.create_task(store.write(gate))
            await gate.until_entered()
            crowd = [
                group.create_task(_caught(store.write(add)))
                for _ in range(QUEUE_MAX + 9)
            ]
            await settle()
            group.create_task(store.close())
            await settle()
            gate.opened.set()
        turned = [task for task in crowd if isinstance(task.result(), StoreClosed)]
        assert len(turned) == 10
        async with await Store.open(path, clock) as store:
            assert count(store) == QUEUE_MAX - 1


class TestClosing:
    """After the end there is nothing."""

    async def test_a_closed_store_refuses(
        self, path: Path, clock: StoppedClock
    ) -> None:
        """Nothing is written or read once it is closed, and closing twice is one."""
        store = await Store.open(path, clock)
        await store.read(COUNT)
        await store.close()
        await store.close()
        for attempt in (store.write(add), store.read(COUNT)):
            with pytest.raises(StoreClosed):
                await attempt
        with pytest.raises(StoreClosed):
            store.later(add)

    async def test_it_leaves_one_file(self, path: Path, clock: StoppedClock) -> None:
        """The log is in the ledger when the house is down; only the lock file stays."""
        async with await Store.open(path, clock) as store:
            await store.write(add)
            assert store.wal_bytes > 0
        assert sorted(file.name for file in path.parent.iterdir()) == [
            "ledger.sqlite",
            "ledger.sqlite.lock",
        ]
        assert store.wal_bytes == 0

    async def test_an_idle_writer_tidies_up(self, store: Store) -> None:
        """After a while without work the log is copied into the ledger, so that a
        start after a power cut has nothing to recover."""
        store._writer.idle_s = 0.001
        before = _in_the_file(store.path)
        for _ in range(2):
            await store.write(add)
        async with asyncio.timeout(5):
            while _in_the_file(store.path) == before:  # noqa: ASYNC110 -- it tells nobody
                await asyncio.sleep(0.005)

    def test_a_loop_that_is_gone_stops_no_commit(
        self, path: Path, clock: StoppedClock
    ) -> None:
        """What was queued is kept even if nobody is left to be told."""
        loop = asyncio.new_event_loop()
        store = loop.run_until_complete(Store.open(path, clock))
        gate = Gate()

        async def queue() -> None:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(store.write(one)) for one in (gate, add)]
                await gate.until_entered()
                for task in tasks:
                    task.cancel()

        loop.run_until_complete(queue())
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()
        gate.opened.set()
        store._writer._queue.put(None)
        store._writer._thread.join()
        store._peeking.close()
        with closing(sqlite3.connect(path)) as file:
            assert file.execute(COUNT).fetchone() == (1,)


class TestTime:
    """Row times never go back, unless somebody says so in the chain."""

    async def test_a_step_back_is_waited_out(
        self, store: Store, clock: StoppedClock
    ) -> None:
        """Rows keep the newest time while the clock is behind it, and say how far."""

        async def now() -> int:
            return await store.write(lambda tx: tx.now_ms)

        assert (await now(), store.newest_ms) == (START_MS, START_MS)
        clock.ms -= 4_000
        assert (await now(), store.clock_behind_ms) == (START_MS, 4_000)
        clock.ms += 4_001
        assert (await now(), store.clock_behind_ms) == (START_MS + 1, 0)

    async def test_it_holds_after_a_restart(
        self, path: Path, clock: StoppedClock
    ) -> None:
        """The newest time stands in the file."""
        async with await Store.open(path, clock) as store:
            await store.write(add)
        clock.ms -= 86_400_000
        async with await Store.open(path, clock) as store:
            assert (store.newest_ms, store.clock_behind_ms) == (START_MS, 86_400_000)

    async def test_a_clock_that_is_accepted_counts_from_then_on(
        self, store: Store, clock: StoppedClock
    ) -> None:
        """Rows start again from the clock, at once and in later commands; if the
        command is undone, they do not."""
        await store.write(add)
        clock.ms -= 60_000

        def undone(tx: Tx) -> None:
            accept_clock(tx)
            raise ZeroDivisionError

        def accepted(tx: Tx) -> int:
            accept_clock(tx)
            return tx.now_ms

        assert isinstance(await _caught(store.write(undone)), ZeroDivisionError)
        assert await store.write(lambda tx: tx.now_ms) == START_MS
        assert await store.write(accepted) == START_MS - 60_000
        assert store.clock_behind_ms == 0
        assert await store.write(lambda tx: tx.now_ms) == START_MS - 60_000


class TestReading:
    """Readers see what is committed and cannot write."""

    async def test_readers_never_wait_for_the_writer(self, store: Store) -> None:
        """A long command holds up no question, and shows nothing before its end."""
        gate = Gate()

        def command(tx: Tx) -> None:
            add(tx)
            gate(tx)

        async with asyncio.TaskGroup() as group:
            group.create_task(store.write(command))
            await gate.until_entered()
            rows = await asyncio.gather(*(store.read(COUNT) for _ in range(5)))
            assert [row[0]["n"] for row in rows] == [0] * 5
            assert count(store) == 0
            gate.opened.set()
        assert count(store) == 1

    async def test_a_reader_cannot_write(self, store: Store) -> None:
        """Neither door lets a change through."""
        with pytest.raises(StorageFailed, match="cannot be opened for this"):
            store.peek.all(INSERT, {"now": 1})
        with pytest.raises(StorageFailed):
            await store.read(INSERT, {"now": 1})
        assert count(store) == 0

    async def test_a_question_cancelled_as_it_begins_leaves_no_thread(
        self, path: Path, clock: StoppedClock
    ) -> None:
        """However early a question is cancelled, the process can end afterwards."""
        before = set(threading.enumerate())
        for turns in [*range(12)] * 3:
            async with await Store.open(path, clock) as store:
                task = asyncio.ensure_future(store.read("SELECT 1"))  # noqa: TID251
                for _ in range(turns):
                    # The reader's thread answers between two turns of the loop.
                    await asyncio.to_thread(store.path.exists)
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
        for thread in set(threading.enumerate()) - before:
            if "connection_worker" in thread.name:
                thread.join(timeout=5)
                assert not thread.is_alive()

    async def test_a_cancelled_question_leaves_the_door_open(
        self, store: Store
    ) -> None:
        """Readers are there for the next one, however often one is cancelled."""
        for _ in range(10):
            async with asyncio.TaskGroup() as group:
                task = group.create_task(store.read(COUNT))
                await asyncio.sleep(0)
                task.cancel()
        assert (await store.read(COUNT))[0]["n"] == 0

    async def test_a_bad_question_is_an_error(self, store: Store) -> None:
        """A question that makes no sense is raised to who asked."""
        with pytest.raises(sqlite3.OperationalError):
            await store.read("SELECT nothing")
        with pytest.raises(sqlite3.OperationalError):
            store.peek.one("SELECT nothing")


class TestSnapshot:
    """A copy is a ledger of its own."""

    async def test_it_is_whole_while_writing_goes_on(
        self, store: Store, clock: StoppedClock, tmp_path: Path
    ) -> None:
        """The copy opens, holds what was committed before it, and only its owner may
        read it."""
        await asyncio.gather(*(store.write(add) for _ in range(50)))
        target = tmp_path / "copy.sqlite"
        async with asyncio.TaskGroup() as group:
            group.create_task(store.snapshot(target))
            for _ in range(50):
                group.create_task(store.write(add))
        assert stat.S_IMODE(target.stat().st_mode) == 0o600
        async with await Store.open(target, clock) as copy:
            assert 50 <= count(copy) <= 100

    async def test_it_overwrites_nothing(self, store: Store, tmp_path: Path) -> None:
        """A file at the target stays as it was; a folder that is not there is told."""
        target = tmp_path / "copy.sqlite"
        target.write_text("mine")
        with pytest.raises(LedgerExists, match="name a new file"):
            await store.snapshot(target)
        assert target.read_text() == "mine"
        with pytest.raises(StorageFailed, match="cannot be made"):
            await store.snapshot(tmp_path / "none" / "copy.sqlite")


class TestOneWriter:
    """Two processes never write one ledger."""

    async def test_a_second_one_is_refused_by_name(
        self, store: Store, path: Path, clock: StoppedClock
    ) -> None:
        """Who comes second learns which process holds the ledger."""
        assert await store.write(add) == 1
        with pytest.raises(LedgerLocked, match=f"process {os.getpid()}"):
            await Store.open(path, clock)
        assert await store.write(add) == 2

    async def test_the_lock_of_the_dead_is_free(
        self, path: Path, clock: StoppedClock
    ) -> None:
        """A killed daemon does not keep its successor out."""
        script = (
            "import sys, pathlib, time; from smsgate.store import Lock;"
            "Lock(pathlib.Path(sys.argv[1])).take(); print('held', flush=True);"
            "time.sleep(60)"
        )
        holder = await asyncio.create_subprocess_exec(
            sys.executable, "-c", script, str(path), stdout=subprocess.PIPE
        )
        assert holder.stdout is not None
        assert await holder.stdout.readline() == b"held\n"
        with pytest.raises(LedgerLocked, match=f"process {holder.pid}"):
            await Store.open(path, clock)
        holder.kill()
        await holder.wait()
        async with await Store.open(path, clock) as store:
            assert await store.write(add) == 1

    async def test_who_holds_the_lock_may_open_without(
        self, path: Path, clock: StoppedClock
    ) -> None:
        """A caller that took the lock itself keeps it when the store closes."""
        lock = Lock(path)
        lock.take()
        async with await Store.open(path, clock, lock=False):
            pass
        with pytest.raises(LedgerLocked):
            await Store.open(path, clock)
        lock.drop()
        lock.drop()


@pytest.mark.parametrize("make", [create_ledger, lambda path: path.write_text("x")])
def test_a_new_ledger_overwrites_nothing(
    tmp_path: Path, make: Callable[[Path], object]
) -> None:
    """Whatever stands at the path is left alone."""
    path = tmp_path / "ledger.sqlite"
    make(path)
    before = path.read_bytes()
    with pytest.raises(LedgerExists, match="never overwritten"):
        create_ledger(path)
    assert path.read_bytes() == before


def test_a_new_ledger_is_its_owners(tmp_path: Path) -> None:
    """Nobody else reads phones and balances; a folder must be there."""
    path = tmp_path / "ledger.sqlite"
    create_ledger(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(StorageFailed, match="cannot be made"):
        create_ledger(tmp_path / "none" / "ledger.sqlite")


def _in_the_file(path: Path) -> int:
    return path.read_bytes().count(b"member")


async def _caught(write: Awaitable[object]) -> object:
    try:
        return await write
    except BaseException as error:  # noqa: BLE001 -- the test looks at what it was
        return error

"""Promises of the daemon's socket: who may, who it was, what happens at its edges."""

from __future__ import annotations

import asyncio
import grp
import json
import os
import socket as sockets
import stat
import threading
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from modem.link import LinkState, LinkStatus
from smsgate.operations import NotReached, OperationRefused, requests
from smsgate.operations.door import socket, wire
from smsgate.operations.door.asking import Nobody, Unfinished, ask
from smsgate.operations.table import OPERATIONS, read_request
from smsgate.store import Lock
from tests.smsgate.shell import Live, Net

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from pathlib import Path

    from smsgate.operations import Desk


def quiet(_what: str, _done: int, _total: int) -> None:
    """Say nothing."""


def talk(path: Path, *lines: bytes) -> list[dict[str, Any]]:
    """Speak to the socket in bytes; return every line it says."""
    with closing(sockets.socket(sockets.AF_UNIX)) as connection:
        connection.settimeout(10)
        with wire.short_name(path) as name:
            connection.connect(name)
        for line in lines:
            connection.sendall(line)
        connection.shutdown(sockets.SHUT_WR)
        with connection.makefile("rb") as heard:
            return [json.loads(line) for line in heard]


# ---- through a running daemon


def test_commands_go_through_the_socket(net: Net) -> None:
    """While the daemon holds the lock, shell commands are done by it, reading too."""
    with net.answering():
        added = net.told("member", "add", "71234567", "Juan", "--limit", "5")
        assert net.told("member", "show", added["code"])["available"] == "5.00"
        assert len(net.told("member", "list")["members"]) == 1
        assert net.told("ledger", "check")["ok"]
    assert len(net.told("member", "list")["members"]) == 1


def test_a_real_process_is_answered(net: Net) -> None:
    """Another process gets the same documents, sentences and exit codes."""
    with net.answering():
        code = json.loads(
            net.process("member", "add", "71234567", "Juan", "--json").out
        )["code"]
        refused = net.process("member", "show", "nobody")
    assert json.loads(net.process("member", "show", code, "--json").out)["name"] == (
        "Juan"
    )
    assert (refused.code, refused.out) == (1, "")
    assert refused.err == (
        "smsgate: nobody has the phone, code or alias 'nobody': see `smsgate member "
        "list`\n"
    )


def test_the_kernel_says_who_it_was(net: Net) -> None:
    """The audit log has the user id of the peer, and the name given with --as."""
    with net.answering() as store:
        net.told("--as", "marta", "member", "add", "71234567", "Juan")
        rows = store.peek.all("SELECT DISTINCT actor FROM event")
    assert [row["actor"] for row in rows] == [f"uid:{os.getuid()} as marta"]


def test_links_are_those_of_the_running_daemon(net: Net) -> None:
    """`link list` asks the daemon; with none, every link is stopped."""
    net.file.write_text(
        net.file.read_text() + '\n[[link]]\nname = "a"\ndriver = "simulator"\n'
    )
    state = LinkState(status=LinkStatus.degraded, reason="no SIM: put one in")
    with net.answering(Live({"a": state})):
        assert net.told("link", "list")["links"][0]["status"] == "degraded"
        assert "no SIM: put one in" in net("link", "list").out
    assert net.told("link", "list")["links"][0]["status"] == "stopped"


def test_an_import_and_its_codes_go_through_the_socket(
    net: Net, tmp_path: Path
) -> None:
    """Rows go one way, codes come back, mistakes are told with their lines."""
    file, out = tmp_path / "m.csv", tmp_path / "codes.csv"
    rows = "".join(f"7{place:07d},N{place} ,,\n" for place in range(200, 330))
    file.write_text("phone,name,limit,alias\n" + rows)
    with net.answering():
        told = net.told("member", "import", str(file), "--codes", str(out))
        assert (told["added"], told["codes"]) == (130, 130)
        file.write_text("phone,name\n1,Ana\n2,Eva\n")
        refusal = net.refused("member", "import", str(file))
    assert len(out.read_text().splitlines()) == 131
    assert [line[:8] for line in refusal.splitlines()[1:]] == ["  line 2", "  line 3"]


def test_many_shells_at_once(net: Net) -> None:
    """Each of many is answered, and every change is made."""
    with net.answering():
        done: list[int] = []

        def add(place: int) -> None:
            request = requests.MemberAdd(phone=f"7123450{place}", name=f"N{place}")
            ask(net.config.socket_path, request, as_name="", progress=quiet)
            done.append(place)

        threads = [threading.Thread(target=add, args=(place,)) for place in range(10)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(net.told("member", "list")["members"]) == len(done) == 10


def test_a_backup_is_written_by_the_daemon(net: Net, tmp_path: Path) -> None:
    """A relative name is that of the shell's folder, wherever the daemon runs."""
    with net.answering():
        told = net.told("backup", str(tmp_path / "copy.sqlite"))
        assert told["ok"]
        said = net("backup", "/nowhere/copy.sqlite")
    assert said.code == 3
    assert said.err.startswith("smsgate: /nowhere/copy.sqlite cannot be made:")


# ---- access


def test_the_socket_is_closed_to_others(net: Net) -> None:
    """Mode 0660 with the group where it exists and may be given, else 0600."""
    with net.answering():
        found = net.config.socket_path.stat()
    try:
        group = grp.getgrnam(socket.GROUP).gr_gid
    except KeyError:
        assert stat.S_IMODE(found.st_mode) == 0o600
    else:
        assert (stat.S_IMODE(found.st_mode), found.st_gid) == (0o660, group)


def test_the_group_gets_the_socket(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the group exists, its members may use the socket."""
    monkeypatch.setattr(socket, "GROUP", grp.getgrgid(os.getgid()).gr_name)
    door = socket.listen(tmp_path / "s")
    try:
        assert door.shared
        assert stat.S_IMODE((tmp_path / "s").stat().st_mode) == 0o660
    finally:
        door.close()


def test_a_deep_folder_is_no_obstacle(tmp_path: Path) -> None:
    """A path longer than the kernel takes for a socket works all the same."""
    deep = tmp_path.joinpath(*["a-long-name-of-a-folder"] * 6)
    deep.mkdir(parents=True)
    door = socket.listen(deep / "smsgate.sock")
    try:
        with (
            closing(sockets.socket(sockets.AF_UNIX)) as connection,
            wire.short_name(door.path) as name,
        ):
            connection.connect(name)
    finally:
        door.close()
    assert not door.path.exists()


def test_closing_leaves_anothers_socket_alone(tmp_path: Path) -> None:
    """A daemon that ends late does not take away the name of the next one."""
    path = tmp_path / "s"
    first = socket.listen(path)
    second = socket.listen(path)
    first.close()
    assert path.exists()
    second.close()
    assert not path.exists()


# ---- nobody, or somebody who hangs


@pytest.fixture
def mute(net: Net) -> Iterator[Path]:
    """Listen where the daemon would, and never say a word."""
    path = net.config.socket_path
    door = socket.listen(path)
    yield path
    door.close()


def test_a_socket_left_behind_counts_as_no_daemon(net: Net) -> None:
    """After a crash the socket's file is there, nobody behind it: the lock decides."""
    with closing(sockets.socket(sockets.AF_UNIX)) as gone:
        gone.bind(str(net.config.socket_path))

    assert net.told("member", "list") == {"members": []}


def test_a_process_that_does_not_greet_counts_as_nobody(mute: Path) -> None:
    """Nothing is asked before the greeting, so nothing can have been done."""
    with pytest.raises(Nobody):
        ask(
            mute,
            requests.MemberList(),
            as_name="",
            progress=quiet,
            greeting_s=0.05,
        )


def test_a_lock_held_by_one_that_does_not_answer_is_exit_3(
    net: Net, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sentence names the process and where nobody answers."""
    monkeypatch.setattr("smsgate.cli.doing.PATIENCE_S", 0.0)
    lock = Lock(net.config.ledger_path)
    lock.take()
    try:
        said = net("member", "list")
    finally:
        lock.drop()

    assert (said.code, said.out) == (3, "")
    assert f"is in use by process {os.getpid()}" in said.err
    assert f"nobody answers at {net.config.socket_path}" in said.err
    assert len(said.err.splitlines()) == 1


def test_a_lock_that_is_soon_free_is_waited_for(net: Net) -> None:
    """Two shells without a daemon take turns; neither is refused."""
    lock = Lock(net.config.ledger_path)
    lock.take()
    freed = threading.Timer(0.3, lock.drop)
    freed.start()
    try:
        assert net.told("member", "list") == {"members": []}
    finally:
        freed.join()


def test_the_books_can_be_checked_whoever_holds_the_lock(net: Net) -> None:
    """`ledger check` only reads, so that a hanging daemon does not stop an auditor."""
    lock = Lock(net.config.ledger_path)
    lock.take()
    try:
        assert net.told("ledger", "check")["ok"]
    finally:
        lock.drop()


def answer_once(path: Path, *lines: bytes) -> threading.Thread:
    """Say these lines to the first who calls, then hang up."""
    door = sockets.socket(sockets.AF_UNIX)
    door.bind(str(path))
    door.listen(1)

    def attend() -> None:
        with closing(door), closing(door.accept()[0]) as connection:
            connection.sendall(b"".join(lines))
            connection.shutdown(sockets.SHUT_WR)
            while connection.recv(4096):
                pass

    thread = threading.Thread(target=attend)
    thread.start()
    return thread


GREETING = wire.encode({"smsgate": "9", "protocol": wire.PROTOCOL})


@pytest.mark.parametrize(
    ("lines", "error", "sentence"),
    [
        ((b"hello\n",), Nobody, "does not greet"),
        ((b'{"smsgate": "9", "protocol": 2}\n',), NotReached, "is smsgate 9 and"),
        ((GREETING,), Unfinished, "whether it was done is not known"),
        ((GREETING, b'{"progress": []}\n', b"{"), Unfinished, "is not known"),
        (
            (GREETING, b'{"refused": "no", "lines": ["a"], "exit": 1}\n'),
            OperationRefused,
            "^no$",
        ),
        ((GREETING, b'{"refused": "full", "exit": 3}\n'), NotReached, "^full$"),
    ],
)
def test_what_a_shell_makes_of_strange_answers(
    tmp_path: Path,
    lines: tuple[bytes, ...],
    error: type[Exception],
    sentence: str,
) -> None:
    """A daemon that stops in the middle is told from one that refuses."""
    thread = answer_once(tmp_path / "s", *lines)
    try:
        with pytest.raises(error, match=sentence):
            ask(tmp_path / "s", requests.MemberList(), as_name="", progress=quiet)
    finally:
        thread.join()


def test_progress_is_passed_on(tmp_path: Path) -> None:
    """What long work tells on its way reaches the shell."""
    heard: list[tuple[str, int, int]] = []
    thread = answer_once(
        tmp_path / "s",
        GREETING,
        wire.encode({"progress": ["checking members", 100, 300]}),
        wire.encode({"progress": []}),
        wire.encode({"answer": {"ok": True}, "exit": 1}),
    )
    try:
        answer = ask(
            tmp_path / "s",
            requests.MemberList(),
            as_name="",
            progress=lambda *told: heard.append(told),
        )
    finally:
        thread.join()
    assert heard == [("checking members", 100, 300)]
    assert (answer.document, answer.exit_code) == ({"ok": True}, 1)


# ---- what the daemon makes of strange requests


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (b"hello\n", "a request is one JSON line"),
        (b"[]\n", "a request is one JSON line"),
        (b'{"operation": "member.list"}\n', "a request is one JSON line"),
        (b'{"operation": "rm", "arguments": {}}\n', "does not know this operation"),
        (
            b'{"operation": "member.list", "arguments": {"force": true}}\n',
            "the daemon does not know force: restart it after the upgrade",
        ),
        (
            b'{"operation": "member.pin", "arguments": {"who": 4821, "pin": 4821}}\n',
            "who: Input should be a valid string",
        ),
        (
            b'{"operation": "member.list", "arguments": {}, "as": "a\\nb"}\n',
            "a name after --as is",
        ),
    ],
)
def test_a_bad_request_is_refused_and_not_quoted(
    net: Net, line: bytes, sentence: str
) -> None:
    """A line that is no request gets a sentence that repeats nothing of it."""
    with net.answering():
        greeting, said = talk(net.config.socket_path, line)

    assert greeting["protocol"] == wire.PROTOCOL
    assert sentence in said["refused"]
    assert said["exit"] == 1
    assert "4821" not in str(said)


def test_a_request_that_is_too_long_is_refused(
    net: Net, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line has a limit, and whoever passes it is told so."""
    monkeypatch.setattr(wire, "LINE_MAX", 1000)
    with net.answering():
        said = talk(net.config.socket_path, b"x" * 3000 + b"\n")

    assert said[1]["refused"] == (
        "a request is at most 1000 bytes: send less at a time"
    )


def test_who_says_nothing_is_sent_away(
    net: Net, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A connection that asks nothing in time is closed, and others are served."""
    monkeypatch.setattr(wire, "REQUEST_S", 0.05)
    with net.answering(), closing(sockets.socket(sockets.AF_UNIX)) as idle:
        idle.settimeout(10)
        idle.connect(str(net.config.socket_path))
        with idle.makefile("rb") as heard:
            assert len(heard.readlines()) == 1
        monkeypatch.undo()
        assert net.told("member", "list") == {"members": []}


def test_a_file_in_the_way_is_left_alone(tmp_path: Path) -> None:
    """Only a socket is replaced; a file of that name stays, and its name is told."""
    (tmp_path / "s").write_text("precious")

    with pytest.raises(NotReached, match=r"name another in \[daemon\] socket"):
        socket.listen(tmp_path / "s")
    assert (tmp_path / "s").read_text() == "precious"


# ---- long work, faults, and the end


def replaced(
    monkeypatch: pytest.MonkeyPatch, work: Callable[[Any, Any], Awaitable[Any]]
) -> None:
    """Have `member list` do something else."""
    operation = replace(OPERATIONS["member.list"], run=work)
    monkeypatch.setitem(OPERATIONS, "member.list", operation)


def test_a_fault_in_an_operation_stops_nobody(
    net: Net, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A shell is told which kind of fault it was, never what it says; others go on."""

    async def fault(_desk: object, _request: object) -> None:
        raise KeyError("4821")

    replaced(monkeypatch, fault)
    with net.answering():
        refusal = net.refused("member", "list")
        assert net.told("link", "list")["links"] == []
    assert "a fault of the program (KeyError)" in refusal
    assert "4821" not in refusal


def test_long_work_says_that_it_is_still_at_it(
    net: Net, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A shell gives up on silence, not on long work."""

    async def long(desk: Desk, _request: object) -> dict[str, Any]:
        desk.progress("working", 1, 2)
        await asyncio.sleep(0.4)
        return {"done": True}

    replaced(monkeypatch, long)
    monkeypatch.setattr(wire, "BEAT_S", 0.02)
    told: list[tuple[str, int, int]] = []
    with net.answering():
        answer = ask(
            net.config.socket_path,
            requests.MemberList(),
            as_name="",
            progress=lambda *heard: told.append(heard),
            silence_s=0.3,
        )
    assert answer.document == {"done": True}
    assert told == [("working", 1, 2)]


def test_work_that_takes_too_long_is_given_up(
    net: Net, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An operation has a limit, and whoever asked is told that it was passed."""

    async def endless(_desk: object, _request: object) -> None:
        await asyncio.Event().wait()

    replaced(monkeypatch, endless)
    monkeypatch.setattr(wire, "OPERATION_S", 0.05)
    with net.answering():
        assert "took longer than 0 s" in net.refused("member", "list")


def test_what_is_under_way_is_answered_before_the_end(
    net: Net, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A daemon that is told to stop finishes what shells have asked for."""
    begun, ended = threading.Event(), threading.Event()

    async def slow(_desk: object, _request: object) -> dict[str, Any]:
        begun.set()
        await asyncio.to_thread(ended.wait, 10)
        return {"done": True}

    replaced(monkeypatch, slow)
    answers: list[Any] = []
    with net.answering():
        path = net.config.socket_path

        def asked() -> None:
            answers.append(ask(path, requests.MemberList(), as_name="", progress=quiet))

        asking = threading.Thread(target=asked)
        asking.start()
        assert begun.wait(10)
        threading.Timer(0.2, ended.set).start()
    asking.join()
    assert [answer.document for answer in answers] == [{"done": True}]


def test_arguments_arrive_as_they_were_given() -> None:
    """Every request survives the way over the wire."""
    row = (2, {"phone": "71234567"})
    request = requests.MemberImport(rows=(row,), dry_run=True)
    line = json.dumps(
        {
            "operation": "member.import",
            "arguments": {"rows": [[2, {"phone": "71234567"}]], "dry_run": True},
            "as": "marta",
        }
    )

    assert read_request(line.encode()) == ("member.import", request, "marta")

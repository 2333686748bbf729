"""The daemon's side of its socket: attend to shells, a few at a time.

What comes in: connections from people of this machine, whose user id the kernel vouches
for. What goes out: what the operation returned, in lines as
`smsgate.operations.door.wire` lays down. Access is the socket's mode: 0660 for group
`smsgate-admin` where it exists and may be given, else 0600. What is asked, by whom and
how it ended is logged; the arguments are not, for they may hold a PIN.
"""

from __future__ import annotations

import asyncio
import grp
import os
import socket
import struct
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import structlog

from smsgate import __version__
from smsgate.operations.desk import NotReached, OperationRefused, actor_of
from smsgate.operations.door import wire
from smsgate.operations.exits import exit_code
from smsgate.operations.table import OPERATIONS, perform, read_request

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from smsgate.operations.desk import Desk

log = structlog.get_logger(__name__)

#: Whoever is in this group may use the socket.
GROUP = "smsgate-admin"
#: How long what is under way may go on when the daemon stops, seconds.
DRAIN_S = 5.0
#: Progress is told no more often than this, seconds.
_TELL_S = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """An open socket, not yet attended to."""

    path: Path
    socket: socket.socket = field(repr=False)
    #: Whether the group may use it; if not, only the daemon's user and root.
    shared: bool
    #: Tells whether the file at `path` is still ours.
    inode: int

    def close(self) -> None:
        """Close it and take its name away, unless another has taken that over."""
        self.socket.close()
        try:
            if self.path.stat().st_ino == self.inode:
                self.path.unlink()
        except FileNotFoundError:
            pass


def listen(path: Path) -> Listening:
    """Open the socket, in place of one that was left behind.

    To be called by the holder of the ledger's lock only: nobody else is there, then.

    Raises:
        NotReached: the folder is missing or closed to us, or a file is in the way.
    """
    try:
        return _listen(path)
    except OSError as error:
        raise NotReached(
            f"the socket {path} cannot be opened ({error.strerror}): name another in "
            "[daemon] socket"
        ) from error


def _listen(path: Path) -> Listening:
    if path.is_socket():
        path.unlink()
    door = socket.socket(socket.AF_UNIX)
    try:
        door.settimeout(0)
        with wire.short_name(path) as name:
            door.bind(name)
        # Until it listens nobody can connect, so the mode is right from the first.
        path.chmod(0o600)
        shared = _share(path)
        door.listen(wire.AT_ONCE)
    except OSError:
        door.close()
        raise
    return Listening(path=path, socket=door, shared=shared, inode=path.stat().st_ino)


def _share(path: Path) -> bool:
    try:
        os.chown(path, -1, grp.getgrnam(GROUP).gr_gid)
    except (KeyError, OSError):
        return False
    path.chmod(0o660)
    return True


async def serve(
    desk_factory: Callable[[str], Desk], path: Path, listening: Listening | None = None
) -> None:
    """Attend to shells until cancelled; what is under way then may still finish.

    `desk_factory` is given the actor for the audit log. Pass `listening` where the
    socket was opened beforehand (so that a wrong path stops the start).
    """
    door = listening
    if door is None or door.socket.fileno() < 0:
        door = listen(path)
    if not door.shared:
        log.warning(
            "only the user of the service can use the socket: create the group, put "
            "the service into it and restart",
            action="socket_not_shared",
            group=GROUP,
        )
    try:
        await _attend_all(desk_factory, door)
    finally:
        door.close()


async def _attend_all(desk_factory: Callable[[str], Desk], door: Listening) -> None:
    loop = asyncio.get_running_loop()
    places = asyncio.Semaphore(wire.AT_ONCE)
    under_way: set[asyncio.Task[None]] = set()

    def ended(task: asyncio.Task[None]) -> None:
        under_way.discard(task)
        places.release()

    async with asyncio.TaskGroup() as group:
        try:
            while True:
                await places.acquire()
                try:
                    connection, _ = await loop.sock_accept(door.socket)
                except OSError:
                    # Out of file descriptors, or the caller left: not our end.
                    places.release()
                    await asyncio.sleep(_TELL_S)
                    continue
                task = group.create_task(_attend(desk_factory, connection))
                under_way.add(task)
                task.add_done_callback(ended)
        except asyncio.CancelledError:
            if under_way:
                await asyncio.wait(set(under_way), timeout=DRAIN_S)
            raise


async def _attend(
    desk_factory: Callable[[str], Desk], connection: socket.socket
) -> None:
    uid = peer_uid(connection)
    try:
        reader, writer = await asyncio.open_unix_connection(
            sock=connection, limit=wire.LINE_MAX
        )
    except OSError:
        connection.close()
        return
    try:
        writer.write(wire.encode({"smsgate": __version__, "protocol": wire.PROTOCOL}))
        async with asyncio.timeout(wire.REQUEST_S):
            line = await reader.readline()
        if line.endswith(b"\n"):
            said = await _answer(desk_factory, uid, line, writer)
            # A long list takes a while to write out: not on the loop.
            writer.write(await asyncio.to_thread(wire.encode, said))
            await writer.drain()
    except ValueError:
        too_long = f"a request is at most {wire.LINE_MAX} bytes: send less at a time"
        writer.write(wire.encode({"refused": too_long, "lines": [], "exit": 1}))
    except (OSError, TimeoutError):
        log.info("a shell went away", action="socket_left", uid=uid)
    finally:
        writer.close()


def peer_uid(connection: socket.socket) -> int:
    """Return the user id at the other end, as the kernel knows it (Linux)."""
    size = struct.calcsize("3i")
    raw = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size)
    _, uid, _ = struct.unpack("3i", raw)
    return int(uid)


async def _answer(
    desk_factory: Callable[[str], Desk],
    uid: int,
    line: bytes,
    writer: asyncio.StreamWriter,
) -> dict[str, Any]:
    name = "unread"
    actor = f"uid:{uid}"
    try:
        name, request, as_name = await asyncio.to_thread(read_request, line)
        actor = actor_of(uid, as_name)
        desk = replace(desk_factory(actor), progress=_Teller(writer))
        answer = await _with_beats(perform(desk, request), writer)
        said = {"answer": answer.document, "exit": answer.exit_code}
    except Exception as error:  # noqa: BLE001 - a shell must not stop the daemon
        said = _refusal(error)
    log.info(
        "a shell asked",
        action="operation",
        operation=name,
        writes=name in OPERATIONS and OPERATIONS[name].writes,
        actor=actor,
        exit=said["exit"],
    )
    return said


def _refusal(error: Exception) -> dict[str, Any]:
    code = exit_code(error)
    if code is not None:
        lines = error.lines if isinstance(error, OperationRefused) else ()
        return {"refused": str(error), "lines": list(lines), "exit": code}
    if isinstance(error, TimeoutError):
        long = f"this took longer than {wire.OPERATION_S:.0f} s and was given up"
        return {"refused": long, "lines": [], "exit": 1}
    # The text of a foreign error may quote what was asked, so only its kind is said.
    kind = type(error).__name__
    log.error("an operation failed", action="operation_failed", error=kind)
    fault = (
        f"a fault of the program ({kind}) stopped this: report it, with what "
        "`journalctl -u smsgate` says"
    )
    return {"refused": fault, "lines": [], "exit": 1}


async def _with_beats(work: Any, writer: asyncio.StreamWriter) -> Any:
    """Await the work, and say now and then that we are still at it."""
    outcome: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

    async def settle() -> None:
        try:
            outcome.set_result(await work)
        except Exception as error:  # noqa: BLE001 - raised again by the caller below
            outcome.set_exception(error)

    async with asyncio.timeout(wire.OPERATION_S), asyncio.TaskGroup() as group:
        group.create_task(settle())
        while not outcome.done():
            await asyncio.wait({outcome}, timeout=wire.BEAT_S)
            if not outcome.done() and not writer.is_closing():
                writer.write(wire.encode({"progress": []}))
    return outcome.result()


class _Teller:
    """Tells a shell how far the work is, not too often."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        self._loop = asyncio.get_running_loop()
        self._next = 0.0

    def __call__(self, what: str, done: int, total: int) -> None:
        """Write a line, from whatever thread."""
        self._loop.call_soon_threadsafe(self._tell, what, done, total)

    def _tell(self, what: str, done: int, total: int) -> None:
        if self._loop.time() < self._next or self._writer.is_closing():
            return
        self._next = self._loop.time() + _TELL_S
        self._writer.write(wire.encode({"progress": [what, done, total]}))

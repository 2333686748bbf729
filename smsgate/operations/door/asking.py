"""The shell's side of the daemon's socket: ask one operation, wait for its answer.

What comes in: a request and where the socket is. What goes out: the answer, or one of
three: `Nobody` (no daemon: the caller tries the lock), `NotReached`, or the refusal as
the operation raised it. Nothing is written before the daemon has greeted, so `Nobody`
means that nothing was done. The other side is `smsgate.operations.door.socket`.
"""

from __future__ import annotations

import json
import socket
from contextlib import closing, suppress
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, cast

from smsgate.operations.desk import Answer, NotReached, OperationRefused
from smsgate.operations.door import wire

if TYPE_CHECKING:
    from pathlib import Path

    from _typeshed import DataclassInstance

    from smsgate.operations.desk import Progress
    from smsgate.operations.requests import Request


class Nobody(Exception):
    """Nobody answers this socket."""


class Unfinished(NotReached):
    """The daemon went silent after it was asked."""


def ask(
    path: Path,
    request: Request,
    *,
    as_name: str,
    progress: Progress,
    greeting_s: float = wire.GREETING_S,
    silence_s: float = wire.SILENCE_S,
) -> Answer:
    """Ask the daemon behind this socket.

    Raises:
        Nobody: there is no daemon, or it does not greet in `greeting_s`.
        NotReached: it may not be spoken to, or went silent.
        OperationRefused: it was not done.
    """
    with closing(socket.socket(socket.AF_UNIX)) as connection:
        connection.settimeout(greeting_s)
        _connect(connection, path)
        with connection.makefile("rb") as lines:
            _greeted(_heard(lines, Nobody("it does not greet")))
            connection.settimeout(silence_s)
            words = {
                "operation": request.NAME,
                "arguments": asdict(cast("DataclassInstance", request)),
                "as": as_name,
            }
            # It may have refused already and hung up; its answer says why.
            with suppress(OSError):
                connection.sendall(wire.encode(words))
            return _answered(lines, progress)


def _connect(connection: socket.socket, path: Path) -> None:
    try:
        with wire.short_name(path) as name:
            connection.connect(name)
    except PermissionError as error:
        raise NotReached(
            f"the daemon's socket {path} is closed to you: join the group "
            "smsgate-admin, or run this as the user of the service"
        ) from error
    except OSError as error:
        raise Nobody(str(error)) from error


def _heard(lines: Any, silent: Exception) -> dict[str, Any]:
    try:
        line: bytes = lines.readline(wire.LINE_MAX)
    except OSError:
        line = b""
    if not line.endswith(b"\n"):
        raise silent
    try:
        return dict(json.loads(line))
    except ValueError as error:
        raise silent from error


def _greeted(greeting: dict[str, Any]) -> None:
    if greeting.get("protocol") != wire.PROTOCOL:
        raise NotReached(
            f"the daemon is smsgate {greeting.get('smsgate', 'of another kind')} and "
            "speaks otherwise: restart it after the upgrade"
        )


def _answered(lines: Any, progress: Progress) -> Answer:
    silent = Unfinished(
        "the daemon stopped answering, and whether it was done is not known: look at "
        "`journalctl -u smsgate`, then at the member or message, before trying again"
    )
    while True:
        heard = _heard(lines, silent)
        if "answer" in heard:
            return Answer(document=heard["answer"], exit_code=int(heard["exit"]))
        if "refused" in heard:
            sentence = str(heard["refused"])
            if heard.get("exit") == NOT_REACHED:
                raise NotReached(sentence)
            raise OperationRefused(sentence, heard.get("lines", ()))
        if heard.get("progress"):
            what, done, total = heard["progress"]
            progress(str(what), int(done), int(total))


#: The exit code of what could not be reached.
NOT_REACHED = 3

"""`smsgate demo`: the page, until Ctrl-C.

What comes in: the configuration of a new network, and a port. What goes out: a page on
this machine only, whose address is printed, and 0 when it was stopped. The port is
taken first, so that nothing is started in vain. The page's routes are in
`smsgate.demo.routes`.
"""

from __future__ import annotations

import asyncio
import errno
import signal
import socket
import sys
from functools import partial
from typing import TYPE_CHECKING

from aiohttp import web
from rich.console import Console

from smsgate.demo.board import Board
from smsgate.demo.exchange import connected
from smsgate.demo.routes import application
from smsgate.demo.stage import DemoError, raised

if TYPE_CHECKING:
    from pathlib import Path

HOST = "127.0.0.1"
#: So many ports are tried, beginning with the one that was asked for.
_PORTS = 20
#: A text takes a moment on the air, as one that is really sent.
_RADIO_S = 0.4
#: How long readers may take to leave, seconds.
_PATIENCE_S = 2.0

_WORDS = {
    "en": (
        "Open {url} in a browser.",
        "Look behind, in another terminal:\n  {smsgate} ledger check",
        "Stop with Ctrl-C{kept}.",
        "; the folder is kept",
        "; all of it is removed then",
        "Stopped.",
    ),
    "es": (
        "Abra {url} en un navegador.",
        "Mire por dentro, en otra terminal:\n  {smsgate} ledger check",
        "Termine con Ctrl-C{kept}.",
        "; la carpeta se queda",
        "; entonces se borra todo",
        "Terminado.",
    ),
}


async def run(config_path: Path, *, port: int, language: str, kept: bool) -> int:
    """Show the page until SIGINT or SIGTERM.

    Raises:
        DemoError: no port is free.
        SmsgateError: the house cannot be started.
    """
    out = Console(highlight=False, markup=False)
    shell = f"{sys.executable} -m smsgate -c {config_path}"
    say = partial(out.print, soft_wrap=True)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    with listening(port) as door:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stop.set)
        url = f"http://{HOST}:{door.getsockname()[1]}/"
        opened, behind, end, keeps, removes, stopped = _WORDS[language]
        async with (
            raised(config_path) as stage,
            connected(stage.running) as exchange,
        ):
            stage.modem.set_speed(radio_s=_RADIO_S)
            board = Board(stage, exchange, language)
            async with asyncio.TaskGroup() as group:
                watching = group.create_task(board.watch())
                runner = await _serve(board, door)
                say(opened.format(url=url))
                say(behind.format(smsgate=shell))
                say(end.format(kept=keeps if kept else removes))
                await stop.wait()
                board.close()
                await runner.cleanup()
                watching.cancel()
    say(stopped)
    return 0


def listening(port: int) -> socket.socket:
    """Open a socket on this port of this machine, or on the next free one.

    Raises:
        DemoError: none can be had.
    """
    for candidate in range(port, min(port + _PORTS, 65_536)) if port else (0,):
        door = socket.socket()
        try:
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            door.bind((HOST, candidate))
            door.listen()
        except OSError as error:
            door.close()
            if error.errno != errno.EADDRINUSE:
                raise DemoError(
                    f"port {candidate} cannot be used ({error.strerror}): "
                    "name another with --port"
                ) from error
        else:
            return door
    raise DemoError(
        f"ports {port} to {port + _PORTS - 1} are all busy: name another with --port"
    )


async def _serve(board: Board, door: socket.socket) -> web.AppRunner:
    app = application(board, door.getsockname()[1])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=_PATIENCE_S)
    await runner.setup()
    await web.SockSite(runner, door).start()
    return runner

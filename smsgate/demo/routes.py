"""The page's routes: its three files, its events, and what can be done on it.

What comes in: requests of a browser on this machine. What goes out: files, a stream of
server-sent events, and short JSON. A request must name this machine as its host, so
that no other page can reach the demo through a name of its own. What is shown is in
`smsgate.demo.board`.
"""

from __future__ import annotations

import asyncio
import json
from importlib import resources
from typing import TYPE_CHECKING, Any

from aiohttp import web

from smsgate.demo.stage import DemoError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from smsgate.demo.board import Board
    from smsgate.operations import Document

    Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

#: How often a silent stream is told that it is alive, seconds.
_BEAT_S = 15.0
_BODY_MAX = 16_384
_FILES = {
    "/": ("index.html", "text/html"),
    "/style.css": ("style.css", "text/css"),
    "/script.js": ("script.js", "text/javascript"),
}
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; "
        "connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def application(board: Board, port: int) -> web.Application:
    """Return the page as an application that is served on this port."""
    hosts = {f"{host}:{port}" for host in ("127.0.0.1", "localhost")}

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        origin = request.headers.get("Origin")
        if request.host not in hosts or (
            origin is not None and origin.removeprefix("http://") not in hosts
        ):
            raise web.HTTPForbidden(text=f"open http://127.0.0.1:{port}/ instead")
        try:
            return await handler(request)
        except DemoError as error:
            raise web.HTTPConflict(text=str(error)) from error

    app = web.Application(middlewares=[guard], client_max_size=_BODY_MAX)
    desk = _Desk(board)
    for path in _FILES:
        app.router.add_get(path, _file)
    app.router.add_get("/events", desk.events)
    app.router.add_post("/send", desk.send)
    app.router.add_post("/redeliver", desk.redeliver)
    app.router.add_post("/dial", desk.dial)
    app.router.add_post("/answer", desk.answer)
    app.router.add_post("/hang-up", desk.hang_up)
    app.router.add_post("/modem", desk.modem)
    return app


async def _file(request: web.Request) -> web.Response:
    name, kind = _FILES[request.path]
    text = (resources.files("smsgate.demo") / "page" / name).read_text("utf-8")
    return web.Response(text=text, content_type=kind, charset="utf-8", headers=_HEADERS)


class _Desk:
    """What the page asks for."""

    def __init__(self, board: Board) -> None:
        self._board = board

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Everything as it is, then every change."""
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        await response.prepare(request)
        with self._board.reader() as queue:
            await response.write(_event("snapshot", await self._board.snapshot()))
            while True:
                try:
                    async with asyncio.timeout(_BEAT_S):
                        event = await queue.get()
                except TimeoutError:
                    await response.write(b": alive\n\n")
                    continue
                if event is None:
                    return response
                await response.write(_event(*event))

    async def send(self, request: web.Request) -> web.Response:
        """A text from a phone."""
        asked = await _asked(request, phone=str, text=str)
        self._board.send(asked["phone"], asked["text"])
        return _done()

    async def redeliver(self, request: web.Request) -> web.Response:
        """A phone's last text once more."""
        asked = await _asked(request, phone=str)
        self._board.redeliver(asked["phone"])
        return _done()

    async def dial(self, request: web.Request) -> web.Response:
        """A service code from a phone."""
        asked = await _asked(request, phone=str, code=str)
        await self._board.dial(asked["phone"], asked["code"])
        return _done()

    async def answer(self, request: web.Request) -> web.Response:
        """An answer to the screen of a session."""
        asked = await _asked(request, phone=str, text=str)
        await self._board.answer(asked["phone"], asked["text"])
        return _done()

    async def hang_up(self, request: web.Request) -> web.Response:
        """The end of a session, by its phone."""
        asked = await _asked(request, phone=str)
        await self._board.hang_up(asked["phone"])
        return _done()

    async def modem(self, request: web.Request) -> web.Response:
        """Pull the modem out or put it in."""
        asked = await _asked(request, plugged=bool)
        await self._board.plug(plugged=asked["plugged"])
        return _done()


def _event(name: str, document: Document) -> bytes:
    return f"event: {name}\ndata: {json.dumps(document)}\n\n".encode()


async def _asked(request: web.Request, **kinds: type) -> Document:
    """Read a JSON body that has exactly these keys."""
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType(text="send application/json")
    try:
        body: Any = await request.json()
    except ValueError:
        body = None
    if not isinstance(body, dict) or {k: type(v) for k, v in body.items()} != kinds:
        raise web.HTTPBadRequest(text=f"send {', '.join(kinds)} as JSON")
    return body


def _done() -> web.Response:
    return web.Response(status=204)

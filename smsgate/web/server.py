"""Listening: one task, which never gives up and never takes the house down.

What comes in: a `Site`. What goes out: connections served until it is cancelled. A port
that is taken, or a certificate that cannot be read, is told as an alarm and tried again
every few seconds; modems go on meanwhile. A renewed certificate is taken over. There
are only so many connections, and none may take long over its headers.
"""

from __future__ import annotations

import asyncio
import logging
import os
import resource
import ssl
from typing import TYPE_CHECKING

import structlog
from aiohttp import web

from smsgate.web.routes import application

if TYPE_CHECKING:
    from pathlib import Path

    from aiohttp.typedefs import Handler, Middleware

    from smsgate.web.site import Site

log = structlog.get_logger(__name__)

#: How long to wait before listening is tried again, seconds.
_AGAIN_S = 5.0
#: A connection's headers, and its next request, must come within this; seconds.
_HEADERS_S = 10.0
#: How often slow connections and the certificate are looked at, seconds.
_LOOK_S = 1.0
#: What is still being answered when the house stops has this long, seconds.
_LAST_S = 1.0
#: More connections are sent away; a share of the files that may be open bounds them.
_CONNECTIONS_MAX = 1000
_BACKLOG = 1024
_BUSY = (
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\n"
    b"Content-Length: 0\r\nConnection: close\r\n\r\n"
)


def _silent() -> logging.Logger:
    """Return a logger that says nothing: the library's own would quote requests."""
    quiet = logging.getLogger("smsgate.web.wire")
    quiet.disabled = True
    return quiet


async def serve(site: Site) -> None:
    """Listen until cancelled, whatever happens."""
    while True:
        try:
            await _serve(site)
        except Exception:
            # Our own fault, and no reason why modems should stop.
            log.exception("web.failed")
            await asyncio.sleep(_AGAIN_S)


async def _serve(site: Site) -> None:
    async with asyncio.TaskGroup() as group:
        app = application(site, group)
        patience = _Patience()
        app.middlewares.append(patience.watching())
        runner = web.AppRunner(
            app,
            access_log=None,
            logger=_silent(),
            handle_signals=False,
            shutdown_timeout=_LAST_S,
            keepalive_timeout=_HEADERS_S,
            # Signatures are of the bytes as they came.
            auto_decompress=False,
            # What is too long is not read on.
            lingering_time=0,
        )
        await runner.setup()
        try:
            while True:
                try:
                    await _listen(site, runner, patience)
                except OSError as error:
                    # A certificate that cannot be read is one too.
                    _alarm(site, error)
                    await asyncio.sleep(_AGAIN_S)
        finally:
            await runner.cleanup()


def _alarm(site: Site, error: OSError) -> None:
    why = os.strerror(error.errno) if error.errno else str(error)
    log.error(
        "web.unlistened",
        listen=f"{site.listen.host}:{site.listen.port}",
        why=f"webhooks are not heard ({why}): correct [http] in the configuration, "
        "or end whatever holds the port",
    )


async def _listen(site: Site, runner: web.AppRunner, patience: _Patience) -> None:
    """Serve at the site's address; raises OSError when that cannot be."""
    server = runner.server
    if server is None:
        raise AssertionError("the runner was not set up")
    most = min(_CONNECTIONS_MAX, resource.getrlimit(resource.RLIMIT_NOFILE)[0] // 2)

    def answering() -> asyncio.Protocol:
        return server() if len(server.connections) < most else _Full()

    certificate = None if site.tls is None else _Certificate(*site.tls)
    listener = await asyncio.get_running_loop().create_server(
        answering,
        site.listen.host,
        site.listen.port,
        ssl=None if certificate is None else certificate.context,
        backlog=_BACKLOG,
    )
    log.info("web.listening", listen=f"{site.listen.host}:{site.listen.port}")
    try:
        while True:
            await asyncio.sleep(_LOOK_S)
            patience.lose(server.connections)
            if certificate is not None:
                certificate.renew()
    finally:
        listener.close()


class _Full(asyncio.Protocol):
    """Sends a connection away that there is no room for."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Say so and hang up."""
        if isinstance(transport, asyncio.WriteTransport):
            transport.write(_BUSY)
        transport.close()


class _Patience:
    """How long each connection has kept us waiting for a request."""

    def __init__(self) -> None:
        """Begin with no connection."""
        self._now_s = asyncio.get_running_loop().time
        #: Since when each waits; infinity while a request of it is being answered.
        self._since: dict[object, float] = {}

    def watching(self) -> Middleware:
        """Return what every request goes through."""

        @web.middleware
        async def watch(request: web.Request, handler: Handler) -> web.StreamResponse:
            self._since[request.protocol] = float("inf")
            try:
                return await handler(request)
            finally:
                self._since[request.protocol] = self._now_s()

        return watch

    def lose(self, connections: list[web.RequestHandler]) -> None:
        """Hang up on those that have kept us waiting too long."""
        now_s = self._now_s()
        there = set(connections)
        self._since = {one: at for one, at in self._since.items() if one in there}
        for connection in connections:
            if now_s - self._since.setdefault(connection, now_s) > _HEADERS_S:
                connection.force_close()


class _Certificate:
    """The certificate and its key, read anew when they change."""

    def __init__(self, chain: Path, key: Path) -> None:
        """Read them; raises OSError (ssl.SSLError is one)."""
        self._paths = chain, key
        self._read_at = self._changed_at()
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(chain, key)

    def _changed_at(self) -> tuple[int, ...]:
        return tuple(path.stat().st_mtime_ns for path in self._paths)

    def renew(self) -> None:
        """Take over a renewed certificate; the old one stays where that fails."""
        try:
            changed_at = self._changed_at()
            if changed_at == self._read_at:
                return
            self._read_at = changed_at
            self.context.load_cert_chain(*self._paths)
        except OSError as error:
            log.warning("web.certificate", why=str(error))
        else:
            log.info("web.certificate", why="it was renewed")

"""One request and its answer, or which of three things went wrong.

What comes in: an `HttpRequest`. What goes out: an `HttpAnswer`; `LinkDown` when not a
byte of it can have been read by the far side; `Unsure` when it was written and no whole
answer came. Nothing is followed, tried again or logged here: an address may hold a key,
a body a text. Which answer means what is the aggregator's to say (`modem.http.link`).
"""

from __future__ import annotations

import asyncio
import logging
import ssl
from contextlib import AsyncExitStack
from types import SimpleNamespace
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

import aiohttp
from yarl import URL

from modem.aggregators.wire import HttpAnswer
from modem.errors import LinkDown, Unsure

if TYPE_CHECKING:
    from modem.aggregators.wire import HttpRequest

# At lower levels it writes what goes over the wire.
logging.getLogger("aiohttp").setLevel(logging.WARNING)

#: No vendor says more in an answer; what follows is not read.
_ANSWER_MAX_BYTES = 256 * 1024
#: How long a connection may take, seconds.
_CONNECT_S = 5.0
#: How long an idle connection is kept: shorter than any far side keeps it, because a
#: request that meets its closing is unsure.
_IDLE_S = 10.0
_PORTS = {"http": 80, "https": 443}


class Talker:
    """The connections to one far side, while its `async with` block runs."""

    def __init__(self) -> None:
        """Begin without any."""
        self._session: aiohttp.ClientSession | None = None
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Open the session."""
        trace = aiohttp.TraceConfig()
        trace.on_request_headers_sent.append(_written)
        self._session = await self._stack.enter_async_context(
            aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=_IDLE_S),
                cookie_jar=aiohttp.DummyCookieJar(),
                trace_configs=[trace],
                headers={"User-Agent": "smsgate"},
            )
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close every connection."""
        self._session = None
        await self._stack.aclose()

    async def call(self, request: HttpRequest, timeout_s: float) -> HttpAnswer:
        """Make a request; return whatever was answered.

        Raises:
            LinkDown: it was not written.
            Unsure: it was, and no answer came in time.
        """
        if self._session is None:
            raise LinkDown("the link is stopped")
        seen = SimpleNamespace(written=False)
        try:
            async with self._session.request(
                request.method,
                URL(request.url, encoded=True),
                headers=list(request.headers),
                data=request.body or None,
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=timeout_s, sock_connect=_CONNECT_S),
                trace_request_ctx=seen,
            ) as response:
                return HttpAnswer(
                    status=response.status,
                    headers={
                        name.lower(): value for name, value in response.headers.items()
                    },
                    body=await _read(response.content),
                )
        except _Again:
            raise Unsure("the connection broke after it was written") from None
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
            # The error's own words may quote the address, and a key in it.
            if seen.written:
                why = f"it was written and no answer came ({type(error).__name__})"
                raise Unsure(why) from None
            raise LinkDown(_why_not(error)) from None

    async def reach(self, url: str) -> None:
        """Open a connection to where this address is, and close it again.

        Raises:
            LinkDown: that cannot be done now.
        """
        try:
            parts = urlsplit(url)
            async with asyncio.timeout(_CONNECT_S):
                _, writer = await asyncio.open_connection(
                    parts.hostname,
                    parts.port or _PORTS[parts.scheme],
                    ssl=parts.scheme == "https",
                )
                writer.close()
                await writer.wait_closed()
        except (OSError, TimeoutError, ValueError) as error:
            # ValueError: a host or port that cannot be one shows only when it is used.
            raise LinkDown(_why_not(error)) from None


class _Again(Exception):
    """The client begins a request anew by itself."""


async def _written(
    _session: aiohttp.ClientSession,
    context: SimpleNamespace,
    _what: aiohttp.TraceRequestHeadersSentParams,
) -> None:
    """Note that a request goes out; stop its second going.

    Where a connection breaks, the client makes requests of methods that only look
    (GET) a second time. At a vendor that takes texts by GET that would be a second
    text.
    """
    if context.trace_request_ctx.written:
        raise _Again
    context.trace_request_ctx.written = True


async def _read(content: aiohttp.StreamReader) -> bytes:
    body = bytearray()
    async for chunk in content.iter_any():
        body += chunk
        if len(body) >= _ANSWER_MAX_BYTES:
            break
    return bytes(body[:_ANSWER_MAX_BYTES])


def _why_not(error: Exception) -> str:
    """Say in our own words why the far side was not reached."""
    match error:
        case aiohttp.ClientConnectorCertificateError() | ssl.SSLCertVerificationError():
            return "its certificate is not trusted: check the address and the clock"
        case aiohttp.ClientConnectorDNSError():
            return "its name is not found: check the address and the connection"
        case aiohttp.ClientSSLError() | ssl.SSLError():
            return "it speaks no TLS that we do: check the address"
        case TimeoutError():
            return "it does not answer: check the address and the connection"
        case aiohttp.InvalidURL() | ValueError():
            return "its address is none: correct it in the configuration"
        case aiohttp.ClientConnectorError() | OSError():
            return "it takes no connection: check the address and whether it runs"
        case _:
            return f"it was not reached ({type(error).__name__})"

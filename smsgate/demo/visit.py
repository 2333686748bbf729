"""A visit to a demo that runs in another process: its phones, and what they receive.

What comes in: the address of its page. What goes out: the events that the page itself
lives on, one after the other, and what any phone does: texts to send, codes to dial.
The other side is `smsgate.demo.routes`; `smsgate.demo.phone` makes a conversation of
it.
"""

from __future__ import annotations

import json
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING

import aiohttp

from smsgate.demo.stage import DemoError
from smsgate.operations import NotReached

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator

    from smsgate.operations import Document

#: How long the demo may take to answer a request, seconds.
_PATIENCE_S = 5.0
#: A beat comes every fifteen seconds; without it the demo is gone.
_SILENCE_S = 40.0
_EVENT, _DATA = b"event: ", b"data: "
#: The longest line of the stream: a snapshot of full screens.
_LINE_MAX = 4 * 1024 * 1024


class NoDemo(NotReached):
    """No demo runs where it was looked for."""


class Visit:
    """One look at a running demo."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        """Use `session` to reach the page at `url`, which ends with a slash."""
        self._session = session
        self._url = url

    async def events(self) -> AsyncGenerator[tuple[str, Document], None]:
        """Yield the snapshot, then every change, until the demo ends.

        Raises:
            NoDemo: there is none.
        """
        timeout = aiohttp.ClientTimeout(sock_connect=_PATIENCE_S, sock_read=_SILENCE_S)
        name = ""
        try:
            async with self._session.get(
                f"{self._url}events", timeout=timeout
            ) as response:
                response.raise_for_status()
                async for line in response.content:
                    if line.startswith(_EVENT):
                        name = line[len(_EVENT) :].decode().strip()
                    elif line.startswith(_DATA):
                        yield name, json.loads(line[len(_DATA) :])
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            if name:
                # It was there, and has ended.
                return
            raise _missing(self._url) from error

    async def send(self, phone: str, text: str) -> None:
        """Have a phone send a text.

        Raises:
            DemoError: no phone can send that.
            NoDemo: the demo has ended.
        """
        await self._post("send", phone=phone, text=text)

    async def dial(self, phone: str, code: str) -> None:
        """Have a phone dial a service code; its screen is an event.

        Raises:
            DemoError: nobody has that code.
            NoDemo: the demo has ended.
        """
        await self._post("dial", phone=phone, code=code)

    async def answer(self, phone: str, text: str) -> None:
        """Have a phone answer the screen it shows; the next one is an event.

        Raises:
            DemoError: no phone can send that.
            NoDemo: the demo has ended.
        """
        await self._post("answer", phone=phone, text=text)

    async def hang_up(self, phone: str) -> None:
        """Have a phone leave its session.

        Raises:
            DemoError: there is no such phone.
            NoDemo: the demo has ended.
        """
        await self._post("hang-up", phone=phone)

    async def _post(self, path: str, **asked: str) -> None:
        try:
            async with self._session.post(f"{self._url}{path}", json=asked) as response:
                if response.status == HTTPStatus.CONFLICT:
                    raise DemoError(await response.text())
                response.raise_for_status()
        except (aiohttp.ClientError, TimeoutError) as error:
            raise _missing(self._url) from error


def _missing(url: str) -> NoDemo:
    return NoDemo(
        f"no demo answers at {url}: start `smsgate demo` in another terminal, "
        "and name its port with --port"
    )


@asynccontextmanager
async def visiting(port: int) -> AsyncIterator[Visit]:
    """Look at the demo whose page is at this port of this machine."""
    timeout = aiohttp.ClientTimeout(total=_PATIENCE_S)
    async with aiohttp.ClientSession(
        timeout=timeout, read_bufsize=_LINE_MAX
    ) as session:
        yield Visit(session, f"http://127.0.0.1:{port}/")

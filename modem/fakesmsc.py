"""Kannel's test wire: texts as lines over a loopback connection.

What comes in: lines `FROM TO text BODY`, as Kannel's `fakesmsc` and a load generator
write them. What goes out: an `Incoming` for each line, under a key of its own, and a
line `OURS TO text BODY` for each `Outgoing`. It is there for load and for training: a
line carries no time and no way to acknowledge it, so nothing here is exactly once.
The house is `modem.link.House`; `modem.drivers` builds the link.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import logging
import os
from collections import OrderedDict, deque
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from modem.errors import LinkDown, NotKept
from modem.link import Able, Capabilities, Incoming, LinkState, LinkStatus, Sent

if TYPE_CHECKING:
    from collections.abc import Callable

    from modem.link import House, Outgoing

log = logging.getLogger(__name__)

#: A longer line is a mistake; its client is hung up on.
_LINE_MAX_BYTES = 8_192
_SENDER_MAX = 32
#: How often a text is offered to the house, and the pauses between (seconds).
_PAUSES_S = (0.1, 0.2, 0.4, 0.8, 1.6)
#: How long to wait before listening is tried again.
_LISTEN_AGAIN_S = 2.0
#: How long a client may leave its lines unread.
_WRITABLE_S = 10.0
#: Senders whose client is remembered.
_ROUTES_MAX = 100_000
#: Clients may write a number with or without its country; this much tells it apart.
_TELLING_DIGITS = 8


class FakesmscLink:
    """A link whose phones are programs on this machine."""

    def __init__(
        self,
        *,
        name: str,
        listen: str = "127.0.0.1:10000",
        number: str = "smsgate",
        window: int = 256,
        trusted: bool = True,
        pauses_s: tuple[float, ...] = _PAUSES_S,
    ) -> None:
        """Build it; `number` is OURS for clients that have not written yet.

        Raises:
            ValueError: `listen` is no address with a port, or not a loopback address.
        """
        self._name = name
        self._host, self._port = _loopback(listen)
        self._number = number
        self._capabilities = Capabilities(window=window, trusted=trusted)
        self._pauses_s = pauses_s
        self._state = LinkState(status=LinkStatus.starting)
        self._house: House | None = None
        self._group: asyncio.TaskGroup | None = None
        self._clients: dict[_Client, None] = {}
        self._routes: OrderedDict[str, tuple[_Client, str]] = OrderedDict()
        self._backlog: deque[tuple[_Client, bytes]] = deque()
        self._in_flight = 0
        self._hearing = True
        # A key must not repeat, not even after a restart.
        self._run_id = os.urandom(8)
        self._taken = 0
        #: Lines that were no message.
        self.malformed = 0
        #: Texts the house would not keep, however often they were offered.
        self.dropped = 0

    @property
    def name(self) -> str:
        """The name under which the configuration knows this link."""
        return self._name

    @property
    def capabilities(self) -> Capabilities:
        """What this link can do."""
        return self._capabilities

    @property
    def state(self) -> LinkState:
        """How this link is right now."""
        return self._state

    @property
    def address(self) -> tuple[str, int]:
        """Where it listens; the real port once it does, if 0 was asked for."""
        return self._host, self._port

    async def run(self, house: House) -> None:
        """Listen and receive until cancelled."""
        self._house = house
        try:
            async with asyncio.TaskGroup() as group:
                self._group = group
                await self._listen()
        finally:
            self._group = None
            self._backlog.clear()
            self._change(LinkStatus.down, "The link was stopped.")

    async def send(self, outgoing: Outgoing) -> Sent:
        """Write one line to the client that last wrote from this number, or to any.

        Raises:
            LinkDown: no client is connected, or the one there is does not read.
        """
        client, ours = self._route(outgoing.to)
        while not client.writable.is_set():
            await self._wait_for(client)
            client, ours = self._route(outgoing.to)
        body = outgoing.text.replace("\r\n", " ").replace("\n", " ").replace("\r", " ")
        line = f"{ours} {outgoing.to} text {body}\n"
        client.write(line.encode("utf-8", "replace"))
        return Sent()

    async def _wait_for(self, client: _Client) -> None:
        try:
            async with asyncio.timeout(_WRITABLE_S):
                await client.writable.wait()
        except TimeoutError as error:
            raise LinkDown("the client does not read what it is sent") from error

    async def _listen(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                server = await loop.create_server(
                    lambda: _Client(self), self._host, self._port
                )
            except OSError as error:
                why = os.strerror(error.errno) if error.errno else str(error)
                reason = f"Cannot listen at port {self._port}: {why}."
                self._change(LinkStatus.down, reason)
                await asyncio.sleep(_LISTEN_AGAIN_S)
                continue
            try:
                self._port = server.sockets[0].getsockname()[1]
                self._tell_clients()
                await asyncio.Event().wait()
            finally:
                server.close()
                for client in list(self._clients):
                    client.hang_up()

    def joined(self, client: _Client) -> None:
        """Take note of a client."""
        self._clients[client] = None
        client.listen(self._hearing)
        self._tell_clients()

    def left(self, client: _Client) -> None:
        """Forget a client; what it wrote is still handled."""
        self._clients.pop(client, None)
        if self._group is not None:
            self._tell_clients()

    def heard(self, client: _Client, lines: list[bytes]) -> None:
        """Take whole lines; reading stops while too many are under way."""
        self._backlog.extend((client, line) for line in lines)
        self._pump()

    def _pump(self) -> None:
        window = self._capabilities.window
        while self._backlog and self._in_flight < window and self._group is not None:
            client, line = self._backlog.popleft()
            incoming = self._read(client, line)
            if incoming is not None:
                self._in_flight += 1
                self._group.create_task(self._offer(incoming))
        if self._hearing is bool(self._backlog):
            self._hearing = not self._backlog
            for client in self._clients:
                client.listen(self._hearing)

    def _read(self, client: _Client, line: bytes) -> Incoming | None:
        """Turn a line into a text; a line that is none is counted."""
        found = _fields(line)
        if found is None:
            if line.strip():
                self.malformed += 1
                log.warning("link %s: a line is no message", self._name)
            return None
        sender, receiver, text = found
        self._routes[_tail(sender)] = client, receiver
        self._routes.move_to_end(_tail(sender))
        if len(self._routes) > _ROUTES_MAX:
            self._routes.popitem(last=False)
        self._taken += 1
        return Incoming(
            link=self._name,
            key=self._run_id + self._taken.to_bytes(8, "big"),
            sender=sender,
            text=text,
            sent_at=None,
        )

    async def _offer(self, incoming: Incoming) -> None:
        """Offer a text until the house keeps it or the tries are used up."""
        try:
            for pause_s in self._pauses_s:
                if await self._kept(incoming):
                    return
                await asyncio.sleep(pause_s)
            if not await self._kept(incoming):
                self.dropped += 1
                log.error("link %s: a text could not be kept; dropped", self._name)
        finally:
            self._in_flight -= 1
            self._pump()

    async def _kept(self, incoming: Incoming) -> bool:
        if self._house is None:
            return False
        try:
            await self._house.receive(incoming)
        except NotKept:
            return False
        return True

    def _route(self, to: str) -> tuple[_Client, str]:
        client, ours = self._routes.get(_tail(to), (None, self._number))
        if client is not None and client in self._clients:
            return client, ours
        for other in self._clients:
            return other, self._number
        raise LinkDown(f"no client is connected at {self._host}:{self._port}")

    def _tell_clients(self) -> None:
        if self._clients:
            self._change(LinkStatus.up, "")
        else:
            reason = f"No client is connected at {self._host}:{self._port}."
            self._change(LinkStatus.degraded, reason)

    def _change(self, status: LinkStatus, reason: str) -> None:
        # Without a client nothing can go out.
        state = LinkState(status=status, reason=reason, able=Able.no)
        if state != self._state:
            self._state = state
            if self._house is not None:
                self._house.state_changed(self._name, state)


class _Client(asyncio.Protocol):
    """One connection; lines in, lines out."""

    def __init__(self, link: FakesmscLink) -> None:
        self._link = link
        self._transport: asyncio.Transport | None = None
        self._rest = b""
        self._out: list[bytes] = []
        self._listening = True
        self.writable = asyncio.Event()
        self.writable.set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # asyncio switches Nagle's algorithm off by itself.
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - narrows a type
        self._transport = transport
        self._link.joined(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._link.left(self)
        # Whoever waits to write finds another client, or none.
        self.writable.set()

    def pause_writing(self) -> None:
        self.writable.clear()

    def resume_writing(self) -> None:
        self.writable.set()

    def data_received(self, data: bytes) -> None:
        *lines, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) > _LINE_MAX_BYTES:
            self._rest = b""
            self.hang_up()
        self._link.heard(self, lines)

    def write(self, line: bytes) -> None:
        """Write soon: lines of one turn of the loop go out together."""
        if not self._out:
            asyncio.get_running_loop().call_soon(self._flush)
        self._out.append(line)

    def listen(self, on: bool) -> None:  # noqa: FBT001 - it is a switch
        """Stop or go on reading."""
        if on is not self._listening and self._transport is not None:
            self._listening = on
            if on:
                self._transport.resume_reading()
            else:
                self._transport.pause_reading()

    def hang_up(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def _flush(self) -> None:
        lines, self._out = self._out, []
        if self._transport is not None:
            self._transport.write(b"".join(lines))


def _loopback(listen: str) -> tuple[str, int]:
    host, _, port = listen.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not host or not port.isdecimal() or int(port) > 65_535:
        raise ValueError(f"{listen!r} is not an address with a port: 127.0.0.1:10000")
    host = "127.0.0.1" if host == "localhost" else host
    local = False
    with contextlib.suppress(ValueError):
        local = ipaddress.ip_address(host).is_loopback
    if not local:
        raise ValueError(
            f"{host} is not a loopback address; this wire knows no password, so it "
            "listens on 127.0.0.1 or ::1 only"
        )
    return host, int(port)


def _fields(line: bytes) -> tuple[str, str, str] | None:
    """Sender, receiver and text of a line; None when it is no message."""
    parts = line.removesuffix(b"\r").decode("utf-8", "replace").split(" ", 3)
    if len(parts) < 4 or not 0 < len(parts[0]) <= _SENDER_MAX:
        return None
    sender, receiver, kind, rest = parts
    reader = _READERS.get(kind)
    text = reader(rest) if reader else None
    return None if text is None else (sender, receiver, text)


def _plain(rest: str) -> str | None:
    return rest


def _coded(encoding: str) -> Callable[[str], str | None]:
    def read(rest: str) -> str | None:
        try:
            return unquote_to_bytes(rest.replace("+", " ")).decode(encoding)
        except UnicodeDecodeError:
            return None

    return read


def _after_word(rest: str) -> str | None:
    """Skip the route, or the mask of reports, that stands before the text."""
    _, space, text = rest.partition(" ")
    return text if space else None


#: Types of lines that hold a readable text, as Kannel names them.
_READERS: dict[str, Callable[[str], str | None]] = {
    "text": _plain,
    "data": _coded("utf-8"),
    "ucs2": _coded("utf-16-be"),
    "route": _after_word,
    "dlr-mask": _after_word,
}


def _tail(number: str) -> str:
    """What tells a number apart, however its country is written."""
    digits = "".join(filter(str.isdecimal, number))
    return digits[-_TELLING_DIGITS:] or number

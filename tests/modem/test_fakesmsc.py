"""Promises of the test wire, with Kannel's own program at its other end."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import socket
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from modem import fakesmsc
from modem.errors import LinkDown, NotKept
from modem.fakesmsc import FakesmscLink
from modem.link import (
    Incoming,
    IncomingPart,
    KeptPart,
    LinkState,
    LinkStatus,
    LostText,
    Noise,
    Outgoing,
    Report,
    Sent,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

PROGRAM = shutil.which("fakesmsc", path="/usr/lib/kannel/test:/usr/bin")
NO_PAUSES = (0.0, 0.0, 0.0)


@dataclass
class RecordingHouse:
    """The house as the link sees it: it keeps texts, or refuses them."""

    refusals: int = 0
    gate: asyncio.Event | None = None
    offered: list[Incoming] = field(default_factory=list)
    kept: list[Incoming] = field(default_factory=list)
    states: list[LinkState] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    async def receive(self, incoming: Incoming) -> None:
        """Keep it, or refuse it as often as asked."""
        self.offered.append(incoming)
        self.news.set()
        if self.gate is not None:
            await self.gate.wait()
        if self.refusals:
            self.refusals -= 1
            raise NotKept
        self.kept.append(incoming)
        self.news.set()

    async def part(self, part: IncomingPart) -> KeptPart:
        """Fail: this wire knows no parts."""
        raise AssertionError(part.reference)

    async def lost(self, link: str) -> tuple[LostText, ...]:
        """Nothing was lost."""
        return ()

    async def report(self, report: Report) -> None:
        """Fail: this wire knows no reports."""
        raise AssertionError(report)

    async def quarantine(self, noise: Noise) -> None:
        """Fail: this wire knows no noise."""
        raise AssertionError(noise)

    def state_changed(self, link: str, state: LinkState) -> None:
        """Write the state down."""
        assert link == "load"
        self.states.append(state)
        self.news.set()

    async def until(self, reached: Callable[[], bool]) -> None:
        """Wait for news until this is so."""
        async with asyncio.timeout(10):
            while not reached():
                self.news.clear()
                await self.news.wait()


@contextlib.asynccontextmanager
async def running(link: FakesmscLink, house: RecordingHouse) -> AsyncIterator[None]:
    """Run the link until the block ends."""
    async with asyncio.TaskGroup() as group:
        task = group.create_task(link.run(house))
        await house.until(lambda: link.state.status is not LinkStatus.starting)
        yield
        task.cancel()


@contextlib.asynccontextmanager
async def client_of(
    link: FakesmscLink, house: RecordingHouse
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """Connect a client, and see it gone afterwards."""
    reader, writer = await asyncio.open_connection(*link.address)
    await house.until(lambda: link.state.status is LinkStatus.up)
    yield reader, writer
    writer.close()
    await writer.wait_closed()


def a_link(*, window: int = 256) -> FakesmscLink:
    """Build a link on a free port that does not pause."""
    return FakesmscLink(
        name="load", listen="127.0.0.1:0", window=window, pauses_s=NO_PAUSES
    )


def a_text(to: str, text: str) -> Outgoing:
    """Build a text to a phone."""
    return Outgoing(id=1, to=to, text=text)


@pytest.mark.parametrize(
    ("line", "sender", "text"),
    [
        (b"123 345 text nop", "123", "nop"),
        (b"+50370001234 345 text PAY 5 70005678", "+50370001234", "PAY 5 70005678"),
        (b"123 345 text  two  spaces ", "123", " two  spaces "),
        (b"123 345 text \xc3\xb1and\xc3\xba\r", "123", "ñandú"),
        (b"123 345 text broken \xff byte", "123", "broken \ufffd byte"),
        (b"123 345 text ", "123", ""),
        (b"123 345 data message+data%21%0Ahere", "123", "message data!\nhere"),
        (b"123 345 ucs2 %00h%00o%26%15", "123", "ho☕"),
        (b"123 345 route smsbox1 BAL 1234", "123", "BAL 1234"),
        (b"123 345 dlr-mask 31 BAL 1234", "123", "BAL 1234"),
    ],
)
async def test_a_line_becomes_a_text(line: bytes, sender: str, text: str) -> None:
    """Every kind of line that holds a text is heard as Kannel hears it."""
    house, link = RecordingHouse(), a_link()

    async with running(link, house), client_of(link, house) as (_, writer):
        writer.write(line + b"\n")
        await house.until(lambda: bool(house.kept))

    [incoming] = house.kept
    assert (incoming.sender, incoming.text) == (sender, text)
    assert (incoming.link, incoming.sent_at) == ("load", None)
    assert link.malformed == 0


@pytest.mark.parametrize(
    "line",
    [
        b"hello",
        b"123 345 text",
        b"123 345 fax BAL",
        b"123 345 udh %04udh%3f message",
        b"123 345 data %ff",
        b"123 345 route smsbox1",
        b" 345 text BAL",
        b"1" * 33 + b" 345 text BAL",
    ],
)
async def test_a_line_that_is_no_message_is_counted(line: bytes) -> None:
    """Nonsense on the wire is counted, and the next line is heard."""
    house, link = RecordingHouse(), a_link()

    async with running(link, house), client_of(link, house) as (_, writer):
        writer.write(line + b"\n\n123 345 text BAL\n")
        await house.until(lambda: bool(house.kept))

    assert [incoming.text for incoming in house.kept] == ["BAL"]
    assert link.malformed == 1


async def test_an_endless_line_ends_the_connection() -> None:
    """A client that never ends its line is hung up on, not stored."""
    house, link = RecordingHouse(), a_link()

    async with running(link, house):
        reader, writer = await asyncio.open_connection(*link.address)
        writer.write(b"x" * 100_000)
        # How the hang-up shows depends on what was read of the line by then.
        with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
            await reader.readexactly(1)
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()

    assert house.kept == []


async def test_every_line_is_a_text_of_its_own() -> None:
    """The same line twice, or after a restart, is two texts and never a repetition."""
    house = RecordingHouse()

    for link in (a_link(), a_link()):
        before = len(house.kept)
        async with running(link, house), client_of(link, house) as (_, writer):
            writer.write(b"123 345 text BAL\n" * 2)
            await house.until(lambda: len(house.kept) - before == 2)  # noqa: B023 - at once

    assert len({incoming.key for incoming in house.kept}) == 4


async def test_an_answer_goes_where_the_text_came_from() -> None:
    """Of several clients, the one that last wrote from a number hears the answer."""
    house, link = RecordingHouse(), a_link()

    async with (
        running(link, house),
        client_of(link, house) as (first, to_first),
        client_of(link, house) as (second, to_second),
    ):
        to_first.write(b"70001111 345 text BAL\n")
        to_second.write(b"+50370002222 678 text BAL\n")
        await house.until(lambda: len(house.kept) == 2)
        await link.send(a_text("+50370002222", "two"))
        sent = await link.send(a_text("+50370001111", "one\r\nline\nonly"))
        await link.send(a_text("+50370003333", "nobody wrote"))

        assert sent == Sent(references=())
        assert await second.readline() == b"678 +50370002222 text two\n"
        assert await first.readline() == b"345 +50370001111 text one line only\n"
        assert await first.readline() == b"smsgate +50370003333 text nobody wrote\n"


async def test_without_a_client_nothing_is_sent() -> None:
    """A send fails at once, as not sent, while no client is connected."""
    house, link = RecordingHouse(), a_link()

    async with running(link, house):
        with pytest.raises(LinkDown, match="no client is connected"):
            await link.send(a_text("+50370001111", "hello"))


async def test_a_refused_text_is_offered_again() -> None:
    """What the house could not keep at first is kept once, under the same key."""
    house, link = RecordingHouse(refusals=2), a_link()

    async with running(link, house), client_of(link, house) as (_, writer):
        writer.write(b"123 345 text BAL\n")
        await house.until(lambda: bool(house.kept))

    assert len(house.offered) == 3
    assert len({incoming.key for incoming in house.offered}) == 1
    assert (len(house.kept), link.dropped) == (1, 0)


async def test_a_text_refused_for_long_is_dropped_and_counted() -> None:
    """A text that is never kept ends as a count, and does not block the wire."""
    house, link = RecordingHouse(refusals=len(NO_PAUSES) + 1), a_link(window=1)

    async with running(link, house), client_of(link, house) as (_, writer):
        writer.write(b"123 345 text first\n123 345 text second\n")
        await house.until(lambda: bool(house.kept))

    assert [incoming.text for incoming in house.kept] == ["second"]
    assert link.dropped == 1


async def test_no_more_texts_are_under_way_than_the_window() -> None:
    """However much a client writes, the house is offered a window's worth at a time."""
    house, link = RecordingHouse(gate=asyncio.Event()), a_link(window=3)

    async with running(link, house), client_of(link, house) as (_, writer):
        writer.write(b"123 345 text BAL\n" * 10)
        await house.until(lambda: len(house.offered) == 3)
        writer.write(b"123 345 text BAL\n" * 5_000)
        await link.send(a_text("+50370001111", "still writing"))

        assert len(house.offered) == 3
        assert house.gate is not None
        house.gate.set()
        await house.until(lambda: len(house.kept) == 5_010)


async def test_the_state_follows_the_clients() -> None:
    """The link is up while a client is there, and says what is missing when not."""
    house, link = RecordingHouse(), a_link()

    async with running(link, house):
        async with client_of(link, house):
            pass
        await house.until(lambda: len(house.states) == 3)

    assert [state.status for state in house.states] == [
        LinkStatus.degraded,
        LinkStatus.up,
        LinkStatus.degraded,
        LinkStatus.down,
    ]
    assert house.states[0].reason.startswith("No client is connected at 127.0.0.1:")


async def test_a_taken_port_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where another program has the port, the link says so and gets it later."""
    monkeypatch.setattr(fakesmsc, "_LISTEN_AGAIN_S", 0.01)
    house = RecordingHouse()
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        link = FakesmscLink(name="load", listen=f"127.0.0.1:{port}")
        async with running(link, house):
            assert link.state.status is LinkStatus.down
            assert "Address already in use" in link.state.reason
            other.close()
            await house.until(lambda: link.state.status is LinkStatus.degraded)


@pytest.mark.parametrize(
    ("listen", "sentence"),
    [
        ("0.0.0.0:10000", "not a loopback address"),
        ("192.0.2.1:10000", "not a loopback address"),
        ("example.org:10000", "not a loopback address"),
        ("[::]:10000", "not a loopback address"),
        ("127.0.0.1", "not an address with a port"),
        ("127.0.0.1:http", "not an address with a port"),
        ("127.0.0.1:70000", "not an address with a port"),
        ("", "not an address with a port"),
    ],
)
def test_it_listens_on_this_machine_only(listen: str, sentence: str) -> None:
    """An address that others could reach is refused before anything is opened."""
    with pytest.raises(ValueError, match=sentence):
        FakesmscLink(name="load", listen=listen)


@pytest.mark.parametrize(
    ("listen", "address"),
    [
        ("127.0.0.1:10000", ("127.0.0.1", 10_000)),
        ("localhost:10000", ("127.0.0.1", 10_000)),
        ("127.9.9.9:1", ("127.9.9.9", 1)),
        ("[::1]:10000", ("::1", 10_000)),
    ],
)
def test_loopback_addresses_are_taken(listen: str, address: tuple[str, int]) -> None:
    """Every way to name this machine works."""
    assert FakesmscLink(name="load", listen=listen).address == address


async def test_kannels_own_program_drives_it() -> None:
    """Debian's fakesmsc connects, its texts are heard and it gets its answers."""
    assert PROGRAM is not None, "install kannel-extras"
    house, link = RecordingHouse(), a_link()

    async with running(link, house):
        host, port = link.address
        options = ("-H", host, "-r", str(port), "-i", "0.001", "-m", "20")
        program = await asyncio.create_subprocess_exec(
            PROGRAM,
            *options,
            "70001234 345 text PAY 5 70005678",
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        await house.until(lambda: len(house.kept) == 20)
        await link.send(a_text("+50370001234", "Pagaste $5.00"))
        assert program.stdout is not None
        said = b""
        async with asyncio.timeout(20):
            while b"Pagaste" not in said:
                line = await program.stdout.readline()
                assert line, "fakesmsc ended too early"
                said += line
        program.terminate()
        await program.communicate()

    assert {incoming.text for incoming in house.kept} == {"PAY 5 70005678"}
    assert len({incoming.key for incoming in house.kept}) == 20
    assert b"345 +50370001234 text Pagaste $5.00" in said

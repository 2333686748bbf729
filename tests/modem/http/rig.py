"""What the tests of the link over HTTP share: a vendor of ten lines, its wire, a house.

The vendor is an `Aggregator` whose webhooks are JSON; the wire is a socket that answers
what a test tells it to, cuts, or says nothing; the house records what it is handed.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from modem.aggregators.wire import (
    Accepted,
    Heard,
    HeardReport,
    HeardText,
    HttpRequest,
    NotNow,
    Part,
    Perhaps,
    Refused,
    Traits,
)
from modem.errors import NotKept
from modem.hooks import Forged, Hook, HookKind, Unreadable
from modem.http import HttpLink, HttpPace
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
    ReportStatus,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from modem.aggregators.wire import HttpAnswer, Outcome

NOON = datetime(2026, 5, 1, 12, 0, 0, tzinfo=UTC)
MARIA = "+50370001234"
PATIENCE_S = 10.0
TEXT = Outgoing(id=7, to=MARIA, text="PAGO OK")


class StoppedClock:
    """A clock that moves only when it is told to."""

    def __init__(self) -> None:
        """Stand at noon."""
        self.at, self.seconds = NOON, 1_000.0

    def now(self) -> datetime:
        """The time."""
        return self.at

    def monotonic(self) -> float:
        """Seconds that never go back."""
        return self.seconds

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.at += timedelta(seconds=seconds)
        self.seconds += seconds


@dataclass(frozen=True, kw_only=True)
class PlainVendor:
    """A vendor whose webhooks are JSON lists, signed with one word."""

    url: str = "http://127.0.0.1:1/send"
    method: str = "POST"
    traits: Traits = field(default_factory=lambda: Traits(timeout_s=5.0))

    def request(self, outgoing: Outgoing) -> HttpRequest:
        """Write the text."""
        body = json.dumps({"id": outgoing.id, "to": outgoing.to}).encode()
        if self.method == "GET":
            return HttpRequest(method="GET", url=f"{self.url}?id={outgoing.id}")
        return HttpRequest(method=self.method, url=self.url, body=body)

    def outcome(self, answer: HttpAnswer) -> Outcome:
        """Read the status."""
        match answer.status:
            case 200 | 409:
                return Accepted(references=(answer.body.decode(),))
            case 400:
                return Refused(reason="no such number", code="21")
            case 410:
                return Refused(reason="error 99: it left", code="99", opted_out=True)
            case 429 | 500:
                after = answer.headers.get("retry-after")
                return NotNow(reason="busy", after_s=None if not after else int(after))
            case _:
                return Perhaps(reason="nobody knows")

    def verify(self, hook: Hook) -> str:
        """Check the word; the nonce is a header."""
        if hook.headers.get("x-word") != "sesame":
            raise Forged("the word is wrong")
        return hook.headers.get("x-nonce", "")

    def hear(self, hook: Hook) -> tuple[Heard, ...]:
        """Read a list of texts and reports."""
        try:
            return tuple(_heard(item) for item in json.loads(hook.body))
        except (ValueError, KeyError) as error:
            raise Unreadable("it is no list of texts") from error


def _heard(item: dict[str, Any]) -> Heard:
    if "status" in item:
        return HeardReport(
            reference=item["ref"],
            to="",
            status=ReportStatus(item["status"]),
            opted_out=item.get("left", False),
        )
    part = item.get("part")
    return HeardText(
        sender=item.get("sender", item["from"]),
        text=item["text"],
        id=item.get("id", ""),
        sent_at=NOON + timedelta(seconds=item["at"]) if "at" in item else None,
        part=None
        if part is None
        else Part(reference="9", number=part[0], total=part[1]),
    )


def text(said: str, **more: object) -> dict[str, object]:
    """Return a text as the vendor brings it."""
    return {"from": MARIA, "text": said, **more}


def hook(*items: object, body: bytes | None = None, **headers: str) -> Hook:
    """Return a webhook that brings these."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Hook(
        kind=HookKind.incoming,
        method="POST",
        url="https://pay.example.org/hook/web/secret/in",
        headers={"x-word": "sesame", **named},
        body=json.dumps(items).encode() if body is None else body,
        at=NOON,
    )


class RecordingHouse:
    """A house that keeps what it is given, unless it is told not to."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.kept: list[Incoming] = []
        self.parts: list[IncomingPart] = []
        self.reports: list[Report] = []
        self.states: list[LinkState] = []
        #: Parts whose text was answered.
        self.over: set[bytes] = set()
        self.lost_texts: tuple[LostText, ...] = ()
        #: How many of them it names at a time.
        self.lost_at_once = 500
        #: Whether texts are refused, though parts are noted.
        self.full = False
        #: How many of the next things are refused.
        self.refusals = 0
        #: Words that it does not keep for now.
        self.holds: frozenset[str] = frozenset()
        #: Words over which it stumbles, by a fault of its own.
        self.stumbles_at: frozenset[str] = frozenset()
        self._changed = asyncio.Event()

    def _keep(self) -> None:
        self._changed.set()
        if self.refusals:
            self.refusals -= 1
            raise NotKept

    async def receive(self, incoming: Incoming) -> None:
        """Keep a text."""
        self._keep()
        if self.full or incoming.text in self.holds:
            raise NotKept
        if incoming.text in self.stumbles_at:
            raise RuntimeError(incoming.text)
        self.kept.append(incoming)
        noted = dict(enumerate(self.parts))
        self.over |= {noted[n].key for n in incoming.parts if n in noted}

    async def part(self, part: IncomingPart) -> KeptPart:
        """Note a part."""
        self._keep()
        keys = [one.key for one in self.parts]
        if part.key not in keys:
            self.parts.append(part)
            keys.append(part.key)
        return KeptPart(id=keys.index(part.key), over=part.key in self.over)

    async def lost(self, link: str) -> tuple[LostText, ...]:
        """Return what an earlier run lost and nobody was told since."""
        self._keep()
        told = {part for kept in self.kept for part in kept.parts}
        left = [one for one in self.lost_texts if not told.issuperset(one.parts)]
        return tuple(left[: self.lost_at_once])

    async def report(self, report: Report) -> None:
        """Keep a report."""
        self._keep()
        self.reports.append(report)

    async def quarantine(self, noise: Noise) -> None:
        """Fail: nothing from a webhook is noise."""
        raise AssertionError(noise.reason)

    def state_changed(self, link: str, state: LinkState) -> None:
        """Take note of a state."""
        assert link == "web"
        self.states.append(state)
        self._changed.set()

    async def until(self, reached: Callable[[], bool]) -> None:
        """Wait until this is so."""
        async with asyncio.timeout(PATIENCE_S):
            while not reached():
                self._changed.clear()
                await self._changed.wait()


class Wire:
    """The far side's socket: whole requests in, what a test says out."""

    def __init__(self) -> None:
        """Answer everything with OK."""
        #: Request lines, in order.
        self.asked: list[str] = []
        #: The next answers; None: hang up without one. Then 200 for ever.
        self.says: list[bytes | None] = []
        #: While set to False, nothing is answered.
        self.awake = asyncio.Event()
        self.awake.set()
        #: Set by every connection.
        self.met = asyncio.Event()
        self.port = 0

    @property
    def url(self) -> str:
        """Where to send."""
        return f"http://127.0.0.1:{self.port}/send"

    async def meet(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Serve one connection."""
        self.met.set()
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                lines = head.decode().lower().split("\r\n")
                for line in lines:
                    if line.startswith("content-length:"):
                        await reader.readexactly(int(line.split(":")[1]))
                self.asked.append(head.decode().split("\r\n")[0])
                await self.awake.wait()
                said = self.says.pop(0) if self.says else answer(200, b"ref-1")
                if said is None:
                    break
                writer.write(said)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


def answer(status: int, body: bytes = b"", **headers: str) -> bytes:
    """Return the bytes of an answer."""
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


@asynccontextmanager
async def wire() -> AsyncIterator[Wire]:
    """Listen on loopback while the block runs."""
    far = Wire()
    server = await asyncio.start_server(far.meet, "127.0.0.1", 0)
    far.port = server.sockets[0].getsockname()[1]
    try:
        yield far
    finally:
        far.awake.set()
        server.close()


@asynccontextmanager
async def running(
    vendor: PlainVendor,
    house: RecordingHouse,
    *,
    clock: StoppedClock | None = None,
    until: LinkStatus = LinkStatus.up,
    probe_up_s: float = 60.0,
    **more: Any,
) -> AsyncIterator[HttpLink]:
    """Run a link to this vendor, in the state that is waited for."""
    link = HttpLink(
        name="web",
        aggregator=vendor,
        path_secret="open-sesame",
        clock=clock or StoppedClock(),
        pace=HttpPace(
            probe_up_s=probe_up_s,
            probe_down_s=0.02,
            parts_s=0.02,
            again_s=(0.0, 0.01),
        ),
        **more,
    )
    async with asyncio.TaskGroup() as group:
        task = group.create_task(link.run(house))
        try:
            await house.until(lambda: link.state.status is until)
            yield link
        finally:
            task.cancel()

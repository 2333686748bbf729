"""A phone that dials a service code, and the aggregator between it and the house.

The aggregator is a real HTTP client that posts the form its vendor documents: all input
of the session joined by stars. The house's side of the port is one route that hands
each request to the desk, as the web server does; everything behind it is real.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from modem.hooks import Forged, Hook, HookAnswer, HookKind
from modem.link import Capabilities
from modem.text import septets
from smsgate.clock import from_ms
from smsgate.ussd import Desk
from tests.smsgate.gatehouse import LOOSE, SIM1, HandLink, at_hand, gatehouse

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path
    from typing import Any

    from tests.smsgate.gatehouse import Gatehouse

AGGREGATOR = "at"
CODE = "*384#"
SECRET = "believe-me"
#: What every network shows, with the word that opens it.
SCREEN_MAX = 160


@dataclass
class UssdLink(HandLink):
    """A link that brings sessions and believes who knows its secret."""

    path_secret: str = SECRET

    def believe(self, hook: Hook) -> None:
        """Check the secret, which stands in for a signature."""
        if hook.headers.get("x-secret") != SECRET:
            raise Forged("the secret is wrong")

    async def take(self, hook: Hook) -> HookAnswer:
        """Take no texts."""
        return HookAnswer(status=400)


@dataclass
class Phone:
    """One phone in one session."""

    booth: Booth
    number: str
    session: str
    typed: list[str] = field(default_factory=list)
    code: str = CODE

    async def dials(self, *parts: str) -> str:
        """Dial the service code, with more behind it or not."""
        self.typed = list(parts)
        return await self.repeats()

    async def types(self, answer: str) -> str:
        """Answer the screen."""
        self.typed.append(answer)
        return await self.repeats()

    async def repeats(self) -> str:
        """Have the aggregator send the step (again)."""
        status, body = await self.booth.posts(
            sessionId=self.session,
            phoneNumber=self.number,
            serviceCode=self.code,
            networkCode="70601",
            text="*".join(self.typed),
        )
        assert status == 200, body
        assert septets(body) <= SCREEN_MAX, body
        return body

    async def ends(self, status: str) -> None:
        """Have the aggregator tell how the session ended."""
        told = await self.booth.posts(
            date="2026-03-02 09:00:00",
            sessionId=self.session,
            serviceCode=self.code,
            networkCode="70601",
            phoneNumber=self.number,
            status=status,
            cost="0.01",
            durationInMillis="8000",
            hopsCount=str(len(self.typed)),
            input="*".join(self.typed),
            lastAppResponse="END",
        )
        assert told == (200, "")


@dataclass
class Booth:
    """The aggregator and the house."""

    house: Gatehouse
    client: TestClient[Any, Any]
    sessions: int = 0

    def phone(self, number: str, session: str = "") -> Phone:
        """Begin a session."""
        self.sessions += 1
        return Phone(self, number, session or f"ATUid_{self.sessions}")

    async def posts(self, *, secret: str = SECRET, **form: str) -> tuple[int, str]:
        """Post a form as the aggregator."""
        headers = {"x-secret": secret}
        async with self.client.post("/ussd", data=form, headers=headers) as told:
            return told.status, await told.text()

    def owed(self, number: str) -> list[tuple[str, str]]:
        """Return what a phone is owed by SMS, and whether it is still."""
        rows = self.house.rows(
            "SELECT name, state FROM outbox WHERE recipient = ? ORDER BY id", number
        )
        return [(row["name"], row["state"]) for row in rows]

    async def sends(self) -> list[tuple[str, str]]:
        """Let the links send what is due; return to whom and how it begins."""
        link = self.house.links[SIM1]
        before = len(link.sent)
        async with self.house.sending():
            for sender in self.house.senders.values():
                sender.wake()
            await self.house.settled()
        return [(one.to, one.text.split(":")[0]) for one in link.sent[before:]]


@asynccontextmanager
async def booth(
    folder: Path, *, trusted: bool = True, **facts: Any
) -> AsyncIterator[Booth]:
    """Open the house with one SIM, one loose way, and one aggregator for sessions."""
    only = {"receive": False, "send": False, "ussd": True}
    link = UssdLink(name=AGGREGATOR, capabilities=Capabilities(trusted=trusted, **only))
    links = [*at_hand(**{SIM1: Capabilities(window=8)}), link]
    async with gatehouse(folder, links=links, **facts) as house:
        desk = Desk(house.gateway)

        async def ussd(request: web.Request) -> web.Response:
            told = await desk.take(
                link,
                Hook(
                    kind=HookKind.ussd,
                    method=request.method,
                    url=str(request.url),
                    headers={key.lower(): one for key, one in request.headers.items()},
                    body=await request.read(),
                    at=from_ms(house.clock.now_ms()),
                ),
            )
            return web.Response(
                status=told.status,
                body=told.body,
                headers={"content-type": told.content_type},
            )

        app = web.Application()
        app.router.add_route("*", "/ussd", ussd)
        async with TestClient(TestServer(app)) as client:
            yield Booth(house, client)


__all__ = ["AGGREGATOR", "CODE", "LOOSE", "Booth", "Phone", "booth"]

"""A vendor on loopback: it takes texts, sends webhooks, and misbehaves when told to.

    async with fake("twilio") as vendor:      # or "sms-gate", "generic", …: SPEAKERS
    vendor.url                                # "http://127.0.0.1:PORT"
    vendor.options                            # keys of a `[[link]]` that reach it
    vendor.preset                             # what its `preset` says; '' for generic

What it took:
    vendor.requests                           # every request that was read, in order
    vendor.taken                              # texts it accepted: id, to, text
    vendor.phone                              # (to, text) as phones got them: a text
                                              # sent twice under one id rings once
    await vendor.took(3)                      # wait until three were accepted

How it answers; each mood is used up by one request, then it is well again:
    vendor.moods.append(Mood(status=500))
    vendor.moods.append(Mood(status=429, headers={"Retry-After": "7"}))
    vendor.moods.append(Mood(cut=True))       # takes the text, hangs up unanswered
    vendor.moods.append(Mood(cut=True, takes=False))
    vendor.moods.append(Mood(gate=event))     # takes it, answers once `event` is set
    vendor.moods.append(Mood(twice=True))     # the phone gets it twice
    vendor.moods.append(Mood(body=b"…"))      # these bytes instead of its own

What it says; times are given, because tests have clocks of their own:
    post = vendor.incoming(url, sender="+50370001234", text="SALDO", at=now)
    post = vendor.report(url, reference=vendor.taken[0].id, to="+50370001234",
                         status="delivered", at=now)
    status = await vendor.post(post)          # again: a duplicate; later: a replay;
                                              # in any order: reordered
    await vendor.post(forged(post))           # its signature spoilt
    await vendor.post(post, at_origin="http://127.0.0.1:8080")
                                              # `url` is public, the server is here

A text in parts is one `incoming` a part, with `part=("reference", number, total)`; only
Vonage writes them. `url` is the public address without its last part,
`https://…/hook/LINK/SECRET`; `in` or `report` is added. What each vendor writes is in
`speakers` and `telecoms`, with code that shares nothing with the house's own.
"""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from aiohttp import ClientSession, web

from tests.modem.aggregators.speakers import SPEAKERS
from tests.modem.aggregators.spoken import Mistaken, Post, Taken
from tests.modem.aggregators.telecoms import Vonage

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from datetime import datetime

    from tests.modem.aggregators.spoken import Speaker


@dataclass(frozen=True, kw_only=True)
class Mood:
    """How the next request is treated."""

    #: Answer with this, having taken nothing; 0: as usual.
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    #: Answer with these bytes.
    body: bytes | None = None
    #: Read the request, then hang up without a word.
    cut: bool = False
    #: Whether a text is taken before the vendor hangs up.
    takes: bool = True
    #: The phone gets the text twice.
    twice: bool = False
    #: Do what is to be done, and answer once this is set.
    gate: asyncio.Event | None = None


@dataclass(kw_only=True)
class FakeVendor:
    """One vendor, its account, and the phones behind it."""

    speaker: Speaker
    url: str = ""
    moods: deque[Mood] = field(default_factory=deque)
    requests: list[web.BaseRequest] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)
    phone: list[tuple[str, str]] = field(default_factory=list)
    _client: ClientSession | None = None
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)

    @property
    def options(self) -> dict[str, str]:
        """The keys of a `[[link]]` section that make a link use this vendor."""
        return self.speaker.options(self.url)

    @property
    def preset(self) -> str:
        """The name under which a configuration knows this vendor."""
        return self.speaker.PRESET

    async def took(self, count: int) -> None:
        """Wait until so many texts were accepted."""
        async with self._news:
            await self._news.wait_for(lambda: len(self.taken) >= count)

    def incoming(
        self,
        url: str,
        *,
        sender: str,
        text: str,
        at: datetime,
        event: str = "",
        part: tuple[str, int, int] | None = None,
    ) -> Post:
        """Write the webhook of a text from a phone; its id is `event`, or made up."""
        if part is not None:
            assert isinstance(self.speaker, Vonage), "only Vonage writes parts"
            return self.speaker.incoming(f"{url}/in", sender, text, at, event, part)
        return self.speaker.incoming(f"{url}/in", sender, text, at, event)

    def report(
        self, url: str, *, reference: str, to: str, status: str, at: datetime
    ) -> Post:
        """Write a report: `status` is delivered, trying or failed."""
        return self.speaker.report(f"{url}/report", reference, to, status, at)

    async def post(self, post: Post, *, at_origin: str = "") -> int:
        """Send a webhook and return the status it is answered with."""
        status, _ = await self.say(post, at_origin=at_origin)
        return status

    async def say(self, post: Post, *, at_origin: str = "") -> tuple[int, bytes]:
        """Send a webhook and return status and body of the answer."""
        assert self._client is not None, "use `async with fake(…)`"
        url = at_origin + _path(post.url) if at_origin else post.url
        async with self._client.request(
            post.method, url, headers=post.headers, data=post.body
        ) as answer:
            return answer.status, await answer.read()

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        body = await request.read()
        self.requests.append(request)
        mood = self.moods.popleft() if self.moods else Mood()
        if mood.status:
            return _answer(mood.status, mood.headers, mood.body or b"")
        try:
            taken = self.speaker.read(request, body)
        except Mistaken as mistake:
            return _answer(mistake.status, {}, mistake.body)
        known = taken.ours and any(one.id == taken.id for one in self.taken)
        if mood.takes and not known:
            self.taken.append(taken)
            self.phone += [(taken.to, taken.text)] * (2 if mood.twice else 1)
            async with self._news:
                self._news.notify_all()
        if mood.cut:
            assert request.transport is not None
            request.transport.abort()
        if mood.gate is not None:
            await mood.gate.wait()
        status, headers, said = self.speaker.answer(taken, known=known)
        return _answer(
            status,
            {**headers, **mood.headers},
            said if mood.body is None else mood.body,
        )


def _answer(status: int, headers: Mapping[str, str], body: bytes) -> web.Response:
    json = body.startswith((b"{", b"["))
    kind = {"Content-Type": "application/json"} if json else {}
    return web.Response(status=status, body=body, headers={**kind, **headers})


def _path(url: str) -> str:
    return "/" + url.split("/", 3)[3]


def forged(post: Post) -> Post:
    """Return the webhook with one character of its signature changed."""
    first, rest = post.signature[0], post.signature[1:]
    wrong = ("B" if first == "A" else "A" if first.isupper() else "0") + rest
    if wrong == post.signature:
        wrong = "1" + rest
    return replace(
        post,
        url=post.url.replace(post.signature, wrong),
        headers={
            name: value.replace(post.signature, wrong)
            for name, value in post.headers.items()
        },
        body=post.body.replace(post.signature.encode(), wrong.encode()),
    )


@asynccontextmanager
async def fake(kind: str, port: int = 0) -> AsyncIterator[FakeVendor]:
    """Run a vendor while the block lasts; `port` 0: whichever is free."""
    vendor = FakeVendor(speaker=SPEAKERS[kind]())
    runner = web.ServerRunner(web.Server(vendor._serve), shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port)
    await site.start()
    host, port = runner.addresses[0][:2]
    vendor.url = f"http://{host}:{port}"
    try:
        async with ClientSession() as vendor._client:
            yield vendor
    finally:
        await runner.cleanup()


__all__ = ["FakeVendor", "Mood", "Post", "Taken", "fake", "forged"]

"""Webhooks: payments at an offered rate, and five thousand at once.

What comes in: a folder. What goes out: how long it takes from a webhook to the reply
that is handed to the vendor, and what becomes of far more webhooks than the house has
room for. The daemon is a process of its own; the vendor, which posts and is posted to,
is this one.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import random  # noqa: TID251 - arrivals of a seeded load
import resource
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import resources
from typing import TYPE_CHECKING

import aiohttp
from aiohttp import web

from bench import whole
from modem.aggregators import presets

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

SECRET, KEY, PASSWORD = "a-path-that-nobody-guesses", "signing-key", "password"
#: How many texts the vendor takes at once.
_WINDOW = 64
#: How soon the vendor posts again what was not taken, seconds; a real one waits more.
_AGAIN_S = 1.0
#: And how often.
_TRIES = 30
_LINK = """
[[link]]
name = "web"
driver = "http"
dialect = "vendor.toml"
trusted = true
url = "http://127.0.0.1:{port}"
user = "sms"
hook_secret = "file:hook.secret"
password = "file:password.secret"
signing_key = "file:signing.secret"
"""


@dataclass(slots=True, kw_only=True)
class Vendor:
    """A phone's app as the daemon sees it."""

    url: str
    client: aiohttp.ClientSession
    #: When each phone's payment was due; taken out by its receipt.
    due: dict[str, float] = field(default_factory=dict)
    waits: list[float] = field(default_factory=list)
    came: asyncio.Condition = field(default_factory=asyncio.Condition)
    texts: int = 0

    async def take(self, request: web.BaseRequest) -> web.StreamResponse:
        """Take a text for a phone, as POST /messages."""
        asked = json.loads(await request.read())
        phone, text = asked["phoneNumbers"][0], asked["textMessage"]["text"]
        if text.startswith("PAGO OK") and phone in self.due:
            self.waits.append(time.perf_counter() - self.due.pop(phone))
            async with self.came:
                self.came.notify_all()
        said = {"id": asked["id"], "state": "Pending", "recipients": []}
        return web.json_response(said, status=202)

    async def post(self, phone: str, words: str) -> int:
        """Post the webhook of a text once; return its status, 0 where it was cut."""
        self.texts += 1
        return await self.send(self.written(phone, words, f"event-{self.texts}"))

    def written(self, phone: str, words: str, event: str) -> bytes:
        """Return the body of a webhook."""
        payload = {
            "messageId": event,
            "message": words,
            "sender": phone,
            "receivedAt": datetime.now(UTC).isoformat(),  # noqa: TID251 - the vendor's
        }
        told = {"id": event, "event": "sms:received", "payload": payload}
        return json.dumps(told).encode()

    async def send(self, body: bytes) -> int:
        """Send a body, signed now."""
        stamp = str(int(time.time()))  # noqa: TID251 - the vendor's
        made = hmac.new(KEY.encode(), body + stamp.encode(), "sha256").hexdigest()
        headers = {"X-Timestamp": stamp, "X-Signature": made}
        try:
            async with self.client.post(self.url, data=body, headers=headers) as answer:
                return answer.status
        except aiohttp.ClientError:
            return 0


def add_link(house: whole.House, vendor_port: int) -> str:
    """Give a house a web server and the link; return where its webhooks go."""
    port = whole.free_port()
    kept = {"hook": SECRET, "password": PASSWORD, "signing": KEY}
    for name, value in kept.items():
        path = house.folder / f"{name}.secret"
        path.write_text(value)
        path.chmod(0o600)
    # The phone's own way of talking, with room for more than a phone sends at once.
    dialect = resources.files(presets).joinpath("sms-gate-server.toml").read_text()
    wide = dialect.replace("[send]\n", f"[send]\nwindow = {_WINDOW}\n", 1)
    (house.folder / "vendor.toml").write_text(wide)
    text = house.config.read_text()
    text = text.replace('listen = ""', f'listen = "127.0.0.1:{port}"', 1)
    house.config.write_text(text + _LINK.format(port=vendor_port))
    return f"http://127.0.0.1:{port}/hook/web/{SECRET}/in"


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[tuple[whole.House, Vendor]]:
    """Run a daemon with a vendor."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    house = await whole.build(folder)
    port = whole.free_port()
    url = add_link(house, port)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as client:
        vendor = Vendor(url=url, client=client)
        runner = web.ServerRunner(web.Server(vendor.take))
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        try:
            async with whole.running(house):
                yield house, vendor
        finally:
            await runner.cleanup()


async def payments(
    house: whole.House, vendor: Vendor, per_s: float, seconds: float, *, seed: int = 7
) -> tuple[int, int, float, float]:
    """Offer payments with PINs at a rate; offered, done, p50 and p99 in ms.

    Waits are counted from the moment a webhook was due to the moment the vendor has
    the payer's receipt.
    """
    draw = random.Random(seed)
    arrivals, at = [], 0.0
    while (at := at + draw.expovariate(per_s)) < seconds:
        arrivals.append(at)
    free = list(enumerate(house.phones))
    draw.shuffle(free)
    begun = time.perf_counter()

    async def one(number: int, after: float) -> None:
        place, phone = free[number % len(free)]
        payee = house.codes[(place + 1) % len(house.codes)]
        async with vendor.came:
            await vendor.came.wait_for(lambda: phone not in vendor.due)
        vendor.due[phone] = begun + after
        words = f"PAGAR {payee} {seed}.{number % 100:02} {whole.PIN}"
        body = vendor.written(phone, words, f"{seed}-{number}")
        for pause_s in (_AGAIN_S,) * _TRIES:
            if await vendor.send(body) == 200:
                return
            await asyncio.sleep(pause_s)

    async with asyncio.timeout(seconds + 60), asyncio.TaskGroup() as group:
        for number, after in enumerate(arrivals):
            await asyncio.sleep(max(0.0, begun + after - time.perf_counter()))
            group.create_task(one(number, after))
    async with asyncio.timeout(30), vendor.came:
        await vendor.came.wait_for(lambda: not vendor.due)
    waits = sorted(vendor.waits)
    return (
        len(arrivals),
        len(waits),
        1000 * waits[len(waits) // 2],
        1000 * waits[int(len(waits) * 0.99)],
    )


async def flood(
    house: whole.House, vendor: Vendor, count: int
) -> tuple[int, float, float]:
    """Post so many texts at once, each until it is taken.

    Returns how many answers were not 200, how long the first round took, and all.
    """
    bodies = [
        vendor.written(house.phones[number % len(house.phones)], "AYUDA", f"f{number}")
        for number in range(count)
    ]
    begun = time.perf_counter()
    first_s, refused = 0.0, 0
    while bodies:
        took = await asyncio.gather(*(vendor.send(body) for body in bodies))
        bodies = [
            body for body, status in zip(bodies, took, strict=True) if status != 200
        ]
        refused += len(bodies)
        first_s = first_s or time.perf_counter() - begun
        if bodies:
            await asyncio.sleep(_AGAIN_S)
    return refused, first_s, time.perf_counter() - begun

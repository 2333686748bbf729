"""Killed around the commit of a webhook's text, the house pays it once.

The vendor lives in the test and outlives each daemon: what was not answered 200 is
posted again, as a vendor does, until it is.
"""

from __future__ import annotations

import asyncio
import random  # noqa: TID251 - seeded
from typing import TYPE_CHECKING

import aiohttp
import pytest

from smsgate.clock import Clock
from tests.crash.house import Process, build
from tests.modem.aggregators.fakes import fake
from tests.web.house import free_port

if TYPE_CHECKING:
    from pathlib import Path

    from tests.crash.house import House
    from tests.modem.aggregators.fakes import FakeVendor
    from tests.modem.aggregators.spoken import Post

SECRET = "only-the-vendor-knows-this-path"
_ROUNDS = 6
_AT_ONCE = 8


def link_to(vendor: FakeVendor, folder: Path) -> str:
    """Write the link's table and its secrets."""
    kept = {
        "hook_secret": SECRET,
        "password": vendor.options["password"],
        "signing_key": vendor.options["signing_key"],
    }
    for name, value in kept.items():
        path = folder / f"{name}.secret"
        path.write_text(value)
        path.chmod(0o600)
    head = ["[[link]]", 'name = "web"', 'driver = "http"', "trusted = true"]
    head += ['preset = "sms-gate-server"', f'url = "{vendor.url}"', 'user = "sms"']
    secrets = [f'{name} = "file:{name}.secret"' for name in kept]
    return "\n".join(["", *head, *secrets, ""])


async def _deliver(vendor: FakeVendor, post: Post) -> None:
    """Post until it is acknowledged."""
    for _ in range(3_000):
        try:
            if await vendor.post(post) == 200:
                return
        except (aiohttp.ClientError, OSError):
            pass
        await asyncio.sleep(0.01)
    raise AssertionError("the vendor gave up")


async def _shoot(house: House, draw: random.Random, alive: asyncio.Event) -> None:
    """Kill the daemon shortly after it hears, start it anew, over and over."""
    for _ in range(_ROUNDS):
        process = Process(house)
        try:
            await asyncio.to_thread(process.until_said, "web.listening")
            alive.set()
            await asyncio.sleep(draw.uniform(0.0, 0.06))
        finally:
            process.kill()


@pytest.mark.timeout(120)
async def test_killed_around_the_commit_each_payment_is_made_once(
    tmp_path: Path,
) -> None:
    """Every webhook is acknowledged in the end, and each payment stands there once."""
    port, draw, alive = free_port(), random.Random(7), asyncio.Event()
    settings = {"http": {"listen": f"127.0.0.1:{port}"}}
    # It runs a loop of its own.
    house = await asyncio.to_thread(build, tmp_path, ("Ana", "Beto"), settings=settings)
    ana, beto = house.people
    async with fake("sms-gate") as vendor:
        text = house.config.read_text() + link_to(vendor, house.folder)
        house.config.write_text(text)
        url = f"http://127.0.0.1:{port}/hook/web/{SECRET}"
        posts = [
            vendor.incoming(
                url,
                sender=ana.phone,
                text=f"PAGAR {beto.code} 1.{number:02} {ana.pin}",
                at=Clock().now(),
            )
            for number in range(_ROUNDS * _AT_ONCE)
        ]
        async with asyncio.TaskGroup() as group:
            shooting = group.create_task(_shoot(house, draw, alive))
            await alive.wait()
            delivering = [group.create_task(_deliver(vendor, post)) for post in posts]
            await shooting
            survivor = Process(house)
            await asyncio.gather(*delivering)
            # Told again, as after an answer that was lost.
            again = [await vendor.post(post) for post in posts]
        assert again == [200] * len(posts)
        assert await asyncio.to_thread(survivor.stop) == 0
    paid = house.rows("SELECT amount FROM transfer ORDER BY amount")
    assert [row["amount"] for row in paid] == [100 + n for n in range(len(posts))]
    assert house.findings() == []

"""A vendor's sender in a process of its own: all webhooks at once, each until its 200.

What comes in, on standard input: a JSON list of webhooks. What goes out, on standard
output: JSON, how often each status was answered, and how long it took. A process of its
own, because the house's loop must not be slowed by whoever rushes at it. Run by
`tests.flows.test_vendor_rush`.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import sys
import time
from collections import Counter
from dataclasses import dataclass

import aiohttp

#: The first wait before a webhook is offered again, and the longest; doubled each time.
_FIRST_S, _MOST_S = 0.5, 4.0
_SPREAD = 97


@dataclass(frozen=True, kw_only=True)
class Webhook:
    """One webhook, as `tests.modem.aggregators.spoken.Post` has it."""

    url: str
    headers: dict[str, str]
    body: str


async def rush(webhooks: list[Webhook]) -> Counter[str]:
    """Post all side by side, each until it is answered 200; count what was answered."""
    heard: Counter[str] = Counter()

    async def deliver(
        session: aiohttp.ClientSession, webhook: Webhook, place: int
    ) -> None:
        # Spread, so that what was refused in one moment does not return in one.
        spread = 0.5 + place % _SPREAD / _SPREAD
        for again in itertools.count():
            try:
                async with session.post(
                    webhook.url, data=webhook.body, headers=webhook.headers
                ) as answer:
                    heard[str(answer.status)] += 1
                    if answer.status == 200:
                        return
            except aiohttp.ClientConnectionError:
                # Sent away before the request was read: that is no 200 either.
                heard["sent away"] += 1
            await asyncio.sleep(min(_FIRST_S * 2**again, _MOST_S) * spread)

    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0),
        timeout=aiohttp.ClientTimeout(total=None),
    ) as session:
        await asyncio.gather(
            *(deliver(session, one, place) for place, one in enumerate(webhooks))
        )
    return heard


def main() -> None:
    """Read, rush, tell."""
    webhooks = [Webhook(**one) for one in json.load(sys.stdin)]
    begun_s = time.monotonic()
    heard = asyncio.run(rush(webhooks))
    json.dump({"heard": heard, "seconds": time.monotonic() - begun_s}, sys.stdout)


if __name__ == "__main__":
    main()

"""Is the house alive, and can it take commands?

What comes in: a look from a watchdog, a proxy or an operator. What goes out: 200 or
503 and one word or sentence. Alive means that the loop turns and the ledger can be
written; ready means besides that a text from a phone can arrive.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from aiohttp import web

from smsgate.store import StoreError

if TYPE_CHECKING:
    from smsgate.web.site import Site

#: How long the ledger may take, seconds.
_WRITE_S = 2.0
#: The ledger is tried no more often than this, whoever asks; seconds.
_FRESH_S = 1.0


class Health:
    """The routes of health."""

    def __init__(self, site: Site) -> None:
        """Look after this site."""
        self._site = site
        self._looked_s = float("-inf")
        self._wrong = ""
        self._looking = asyncio.Lock()

    async def alive(self, _request: web.Request) -> web.Response:
        """Answer GET /healthz."""
        return _answer(await self._ledger())

    async def ready(self, _request: web.Request) -> web.Response:
        """Answer GET /readyz."""
        return _answer(await self._ledger() or self._links())

    async def _ledger(self) -> str:
        """Say what is wrong with the ledger; empty: nothing."""
        async with self._looking:
            now_s = self._site.clock.monotonic()
            if now_s - self._looked_s < _FRESH_S:
                return self._wrong
            try:
                async with asyncio.timeout(_WRITE_S):
                    await self._site.store.write(lambda _: None)
            except StoreError:
                self._wrong = "the ledger cannot be written"
            except TimeoutError:
                self._wrong = "the ledger is too slow"
            else:
                self._wrong = ""
            self._looked_s = now_s
            return self._wrong

    def _links(self) -> str:
        """Say what is wrong with receiving; empty: nothing."""
        up = any(
            link.capabilities.receive and link.state.works for link in self._site.links
        )
        return "" if up else "no link can receive"


def _answer(wrong: str) -> web.Response:
    return web.Response(status=503 if wrong else 200, text=f"{wrong or 'ok'}\n")

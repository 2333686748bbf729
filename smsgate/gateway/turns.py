"""Turns: the texts of one account are handled one at a time, in the order they came.

What comes in: a key, an account or a stranger's number. What goes out: the turn, held
from the look at the PIN's lock to the commit, so that twenty wrong PINs sent at once
are three tries and not twenty. Texts of different accounts do not wait for each other.
A turn ends early where a link gives up waiting; the PIN's own guard (`Stale`) remains.
"""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Hashable


class Turns:
    """Who is being served, and who waits behind them."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self._waiting: dict[Hashable, deque[asyncio.Future[None]]] = {}

    @asynccontextmanager
    async def of(self, key: Hashable) -> AsyncIterator[None]:
        """Wait for the turn of `key`, and hold it."""
        queue = self._waiting.get(key)
        if queue is None:
            self._waiting[key] = deque()
        else:
            await self._queue(key, queue)
        try:
            yield
        finally:
            self._next(key)

    async def _queue(self, key: Hashable, queue: deque[asyncio.Future[None]]) -> None:
        turn = asyncio.get_running_loop().create_future()
        queue.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                # The turn had come; whoever is next must have it.
                self._next(key)
            raise

    def _next(self, key: Hashable) -> None:
        queue = self._waiting[key]
        while queue:
            turn = queue.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        del self._waiting[key]

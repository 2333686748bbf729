"""Turns: the texts of one account are handled one at a time, in the order they came.

What comes in: a key, an account or a stranger's number. What goes out: the turn, held
from the look at the PIN's lock to the commit, so that twenty wrong PINs sent at once
are three tries and not twenty. Texts of different accounts do not wait for each other.
A turn ends early where a link gives up waiting; the PIN's own guard (`Stale`) remains.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable


class Turns:
    """Who is being served, and who waits behind them."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self._waiting: dict[Hashable, deque[asyncio.Future[None]]] = {}

    def of(self, key: Hashable) -> _Turn:
        """Wait for the turn of `key`, and hold it: `async with turns.of(key)`."""
        return _Turn(self, key)

    async def take(self, key: Hashable) -> None:
        """Wait for the turn of `key`; `give` ends it."""
        queue = self._waiting.get(key)
        if queue is None:
            self._waiting[key] = deque()
        else:
            await self._queue(key, queue)

    async def _queue(self, key: Hashable, queue: deque[asyncio.Future[None]]) -> None:
        turn = asyncio.get_running_loop().create_future()
        queue.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                # The turn had come; whoever is next must have it.
                self.give(key)
            raise

    def give(self, key: Hashable) -> None:
        """End the turn of `key`: whoever is next has it."""
        queue = self._waiting[key]
        while queue:
            turn = queue.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        del self._waiting[key]


class _Turn:
    """One turn, held from `async with` to its end."""

    __slots__ = ("_key", "_turns")

    def __init__(self, turns: Turns, key: Hashable) -> None:
        self._turns = turns
        self._key = key

    async def __aenter__(self) -> None:
        await self._turns.take(self._key)

    async def __aexit__(self, *_: object) -> None:
        self._turns.give(self._key)

"""Turns: one at a time for each key, in order, and nobody is forgotten."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from smsgate.gateway.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Hashable


class Counter:
    """Where turns are held; notes who was served and how many at once."""

    def __init__(self) -> None:
        self.turns = Turns()
        self.served: list[object] = []
        self.at_once: dict[Hashable, int] = {}
        self.most = 0
        self.leave = asyncio.Event()

    async def serve(self, key: Hashable, who: object) -> None:
        """Hold a turn until all may leave."""
        async with self.turns.of(key):
            self.served.append(who)
            self.at_once[key] = self.at_once.get(key, 0) + 1
            self.most = max(self.most, self.at_once[key])
            await self.leave.wait()
            await asyncio.sleep(0)
            self.at_once[key] -= 1


async def begin() -> None:
    """Let what was just created come to its first wait."""
    for _ in range(3):
        await asyncio.sleep(0)


async def test_one_at_a_time_in_the_order_they_came() -> None:
    """Twenty texts of one account are served singly, first come first."""
    counter = Counter()
    async with asyncio.TaskGroup() as group:
        for who in range(20):
            group.create_task(counter.serve("juan", who))
        await begin()
        assert counter.served == [0]
        counter.leave.set()
    assert counter.served == list(range(20))
    assert counter.most == 1


async def test_others_do_not_wait() -> None:
    """A slow account holds up nobody else."""
    counter = Counter()
    async with asyncio.TaskGroup() as group:
        group.create_task(counter.serve("juan", "juan"))
        group.create_task(counter.serve("rosa", "rosa"))
        await begin()
        assert counter.served == ["juan", "rosa"]
        counter.leave.set()


async def test_a_fault_passes_the_turn_on() -> None:
    """Whoever is next is served although the one before failed."""
    turns = Turns()
    with pytest.raises(ValueError, match="a fault"):
        async with turns.of("juan"):
            raise ValueError("a fault")
    async with turns.of("juan"):
        pass


@pytest.mark.parametrize("gone", [0, 1, 2, 3])
async def test_whoever_gives_up_is_passed_over(gone: int) -> None:
    """Served or waiting, in front, in the middle or last: all others come in order."""
    counter = Counter()
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(counter.serve("juan", who)) for who in range(4)]
        await begin()
        tasks[gone].cancel()
        await begin()
        counter.leave.set()
    served = [who for who in range(4) if who != gone or gone == 0]
    assert counter.served == served


async def test_a_turn_that_came_to_one_who_gave_up_is_passed_on() -> None:
    """Given up in the very moment in which the turn came."""
    turns = Turns()
    served = []

    async def serve(who: int) -> None:
        async with turns.of("juan"):
            served.append(who)

    async with asyncio.TaskGroup() as group:
        async with turns.of("juan"):
            second = group.create_task(serve(2))
            group.create_task(serve(3))
            await begin()
        # The turn is the second's from here on, who has not heard of it yet.
        second.cancel()
    assert served == [3]
    # Nobody is left who was served or waits.
    async with asyncio.timeout(1), turns.of("juan"):
        pass

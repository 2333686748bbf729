"""From the modem's thread to the house: in order for each sender, at once for all.

What comes in: offers, as the owner thread hands them to the event loop. What goes out:
calls of the `House`, and for each offer whether it was kept. The house may take its
time: sending goes on meanwhile, in the other thread. When it does not keep a text, the
later ones of that sender are not offered either; they are still on the SIM and come
again in order. Started by `modem.gsm.link`.
"""

from __future__ import annotations

import logging
from collections import deque
from typing import TYPE_CHECKING, assert_never

from modem.errors import NotKept
from modem.link import Incoming, Noise, Report

if TYPE_CHECKING:
    from asyncio import TaskGroup
    from collections.abc import Callable, Iterable

    from modem.gsm.offers import Offer
    from modem.link import House

log = logging.getLogger(__name__)


class Lanes:
    """One queue for each sender whose texts are being handled."""

    def __init__(
        self, house: House, group: TaskGroup, done: Callable[[Offer, bool], None]
    ) -> None:
        """Begin with no lane; `done` is told whether an offer was kept."""
        self._house = house
        self._group = group
        self._done = done
        self._lanes: dict[str, deque[Offer]] = {}

    def take(self, offers: Iterable[Offer]) -> None:
        """Take offers, in the event loop."""
        for offer in offers:
            lane = self._lanes.get(offer.lane)
            if lane is None:
                lane = self._lanes[offer.lane] = deque()
                drive = self._drive(offer.lane, lane)
                try:
                    self._group.create_task(drive)
                except RuntimeError:
                    # The link is being stopped; what is on the SIM stays there.
                    drive.close()
                    return
            lane.append(offer)

    async def _drive(self, name: str, lane: deque[Offer]) -> None:
        while lane:
            kept = await self._kept(lane[0])
            if not kept:
                for offer in lane:
                    self._done(offer, False)  # noqa: FBT003 - told apart by its place
                break
            self._done(lane.popleft(), True)  # noqa: FBT003 - as above
        del self._lanes[name]

    async def _kept(self, offer: Offer) -> bool:
        try:
            match offer.what:
                case Incoming() as incoming:
                    await self._house.receive(incoming)
                case Report() as report:
                    await self._house.report(report)
                case Noise() as noise:
                    await self._house.quarantine(noise)
                case _:
                    assert_never(offer.what)
        except NotKept:
            return False
        except Exception as error:  # noqa: BLE001 - it stays on the SIM, whatever it is
            # Its words may hold the text.
            log.error("link: the house failed at a text: %s", type(error).__name__)  # noqa: TRY400
            return False
        return True

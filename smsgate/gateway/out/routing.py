"""Routing at work: how each link is now, and texts moved to where they can go out.

What comes in: the links with their rules, what became of each send, and changes of
state. What goes out: a `Board` for whoever owes or claims a text; within seconds of a
link's end, the texts that waited for it on another link; the words of a text for the
link that carries it; and what was spent. One link alone needs nothing of this, and pays
nothing for it. The rules of choice stand in `smsgate.messages.routes`.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC
from functools import partial
from typing import TYPE_CHECKING

import structlog

from commands.elsewhere import asks, from_elsewhere, opened
from modem.link import Able, LinkStatus
from modem.text import segments
from smsgate.messages import budget as budgets
from smsgate.messages import outbox
from smsgate.messages.budget import Budget, Spent
from smsgate.messages.health import GRACE_S, Health, Told
from smsgate.messages.outbox import Class, State
from smsgate.messages.outbox.outcomes import recent
from smsgate.messages.routes import Board, Route, Way
from smsgate.phone import country_of
from smsgate.store import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from modem.link import Link
    from smsgate.clock import Clock
    from smsgate.messages.outbox import Owed, Waiting
    from smsgate.store import Store, Tx

    #: Keeps what a send cost, in the transaction that settles it.
    Pay = Callable[[Tx], None]

log = structlog.get_logger(__name__)

#: How often it is looked whether texts must move, unless something happens before.
_EVERY_S = 1.0
#: How long a link may take to come up the first time.
_START_S = 20.0
#: How long a board may serve while nothing happens: what failed is forgotten by time
#: alone.
_BOARD_S = 0.25
#: How many batches of one queue are looked through at a time.
_BATCHES = 5
#: How far back a start looks for how the links did.
_REMEMBERED_MS = 600_000
_REMEMBERED = {
    State.sent: Told.sent,
    State.delivered: Told.sent,
    State.queued: Told.down,
    State.unsure: Told.unsure,
    State.failed: Told.refused,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What the configuration says of the ways out."""

    #: By link; of one that is not named here only its capabilities are known.
    routes: Mapping[str, Route]
    budget: Budget
    #: Opens texts from a number that is not the network's own.
    network: str = ""
    #: ISO countries that are written to; none: every one.
    countries: frozenset[str] = frozenset()


def usable(link: Link) -> bool:
    """Say whether a link can take a text now."""
    return link.capabilities.send and link.state.sends


class Routing:
    """Every way out, and how each is."""

    def __init__(
        self,
        links: Mapping[str, Link],
        store: Store,
        clock: Clock,
        plan: Plan | None = None,
    ) -> None:
        """Route texts over those of these links that can send."""
        self.plan = plan or Plan(routes={}, budget=Budget(timezone=UTC))
        #: Every link, also those that only receive.
        self.all_links = links
        self._links = {n: link for n, link in links.items() if link.capabilities.send}
        self._store = store
        self._clock = clock
        self.routes = {
            name: self.plan.routes.get(name) or _bare(link)
            for name, link in self._links.items()
        }
        now_s = self._started_s = clock.monotonic()
        self.health = {name: Health(now_s) for name in links}
        self._wakes: dict[str, Callable[[], None]] = {}
        #: Whether anything costs, so that it must be added up.
        self._costs = any(route.cost for route in self.routes.values())
        #: What was spent today and this month, as far as budgets ask.
        self.spent = Spent(today="", day=0, month=0)
        self._stopped: frozenset[Class] = frozenset()
        #: How far each queue of a link that is not well was looked through.
        self._places: dict[tuple[str, Class], tuple[int, int]] = {}
        #: Whether queues are still to be looked through that an earlier run filled.
        self._first = True
        self._changed = asyncio.Event()
        #: The last board, until something happens or its time is over.
        self._board: Board | None = None
        self._board_ends_s = now_s
        self._remember()

    def join(self, name: str, wake: Callable[[], None]) -> None:
        """Have a link's sender woken whenever texts were moved to it."""
        self._wakes[name] = wake

    def wake(self, *names: str) -> None:
        """Tell senders that texts wait for them."""
        for name in set(names):
            if name in self._wakes:
                self._wakes[name]()

    # ---- how the links are

    def board(self) -> Board:
        """Return every way out as it is now.

        Each text asks; so one board serves until a link changes, a send fails, a rest
        ends or money stops a class, and for a quarter of a second at the most.
        """
        now_s = self._clock.monotonic()
        if self._board is not None and now_s < self._board_ends_s:
            return self._board
        if len(self._links) > 1:
            self._see(now_s)
        self._board = Board([self._way(name, now_s) for name in self._links])
        turns = (self.health[name].turns_s(now_s) for name in self._links)
        self._board_ends_s = min((now_s + _BOARD_S, *turns))
        return self._board

    def _way(self, name: str, now_s: float) -> Way:
        route, health = self.routes[name], self.health[name]
        # A modem that is only being connected is waited for, not replaced.
        starting = (
            self._links[name].state.status is LinkStatus.starting
            and now_s < self._started_s + _START_S
        )
        return Way(
            route=route,
            well=(starting or self._up(name, now_s)) and not health.rests(now_s),
            grade=health.grade(now_s),
            stopped=self._stopped if route.cost else frozenset(),
        )

    def _see(self, now_s: float) -> None:
        for name in self.all_links:
            self.health[name].seen(usable=self._up(name, now_s), now_s=now_s)

    def _up(self, name: str, now_s: float) -> bool:
        state = self.all_links[name].state
        if state.status is LinkStatus.degraded and state.able is Able.perhaps:
            # It learns only from another send whether what failed works again.
            return self.health[name].may_try(now_s)
        return state.works

    def down_for_s(self, name: str) -> float:
        """Return for how long a link has not been well; 0.0: it is."""
        now_s = self._clock.monotonic()
        self._see(now_s)
        return self.health[name].down_for_s(now_s)

    def changed(self) -> None:
        """Take note that a link's state changed."""
        self._board = None
        self._see(self._clock.monotonic())
        self._changed.set()

    def told(
        self,
        name: str,
        what: Told,
        *,
        took_s: float | None = None,
        hold_s: float | None = None,
    ) -> None:
        """Take note of what a send over a link came to.

        `hold_s`: the far side asks for no more texts for so long.
        """
        health = self.health.get(name)
        if health is None:
            return
        if what is not Told.sent or hold_s is not None:
            # What goes well changes little, and a board ends soon by itself.
            self._board = None
        now_s = self._clock.monotonic()
        health.told(what, now_s, took_s=took_s)
        if hold_s is not None:
            health.hold(now_s, hold_s)

    def unsent(self, name: str) -> None:
        """Take note that a text is back in the queue of a link."""
        health = self.health.get(name)
        if health is not None and health.rests(self._clock.monotonic()):
            self._changed.set()

    def _remember(self) -> None:
        """Begin with what an earlier run found out about the links."""
        now_ms, now_s = self._clock.now_ms(), self._clock.monotonic()
        for name in self.health:
            self.health[name] = Health(now_s - _REMEMBERED_MS / 1000)
        for name, state, at_ms in recent(self._store.peek, now_ms - _REMEMBERED_MS):
            told = _REMEMBERED.get(state)
            if told is not None and name in self.health:
                at_s = now_s - max(0, now_ms - at_ms) / 1000
                self.health[name].told(told, at_s)
        self.reckon()

    # ---- which link

    def classes(self, name: str, *, paced: bool) -> tuple[Class, ...]:
        """Return the classes that a link may send now; `paced`: receipts only."""
        held = self._stopped if self.routes[name].cost else frozenset()
        return tuple(
            cls for cls in (Class if not paced else (Class.receipt,)) if cls not in held
        )

    def assign(self, tx: Tx, board: Board) -> list[str]:
        """Give a link to each text that is due and has none; return the links."""
        return outbox.assign(tx, lambda waiting: self._choose(board, waiting))

    async def run(self) -> None:
        """Move texts away from links that are not well, until cancelled."""
        while True:
            await self.look()
            self._changed.clear()
            try:
                async with asyncio.timeout(_EVERY_S):
                    await self._changed.wait()
            except TimeoutError:
                continue

    async def look(self) -> None:
        """Move what waits for a link that is not well to one that is."""
        try:
            self.reckon()
            if len(self._links) > 1:
                await self._look()
        except StoreError as error:
            log.warning("routing.postponed", why=str(error))

    async def _look(self) -> None:
        self._board = None
        board, now_s = self.board(), self._clock.monotonic()
        for way in board.ways:
            name = way.route.name
            blip = 0 < self.health[name].down_for_s(now_s) < GRACE_S
            for cls in Class:
                if blip or (way.fit(cls) and not self._first):
                    self._places.pop((name, cls), None)
                else:
                    await self._relocate(board, name, cls)
        self._first = False

    async def _relocate(self, board: Board, name: str, cls: Class) -> None:
        """Look through one queue, from where the last look ended."""
        place, moved = self._places.get((name, cls), (-1, -1)), 0
        for _ in range(_BATCHES):
            rows = outbox.behind(self._store.peek, name, cls, place)
            moves = [(row, to) for row in rows if (to := self._better(board, row))]
            if moves:
                took = await self._store.write(partial(outbox.move, moves=moves))
                moved += len(took)
                self.wake(*took)
            place = rows[-1].place if len(rows) == outbox.BATCH else (-1, -1)
            if place == (-1, -1):
                break
        self._places[name, cls] = place
        if moved:
            log.warning("texts.moved", link=name, count=moved, cls=cls.name)

    def _better(self, board: Board, row: Waiting) -> str | None:
        """Return the link that a row should move to, None where it stays."""
        if row.free_ms is None or row.free_ms > self._clock.now_ms():
            return None
        here = board.way(row.link)
        if here and here.fit(row.cls) and here.route.carries(row.recipient, row.cls):
            return None
        to = self._choose(board, row)
        way = None if to is None or to == row.link else board.way(to)
        return to if way is not None and way.fit(row.cls) else None

    def _choose(self, board: Board, waiting: Waiting) -> str | None:
        return board.choose(
            waiting.recipient,
            waiting.cls,
            asks=asks(waiting.name),
            # Where it goes on while that works; over another link it begins anew.
            answers=waiting.began,
            near=waiting.link,
            guarded=bool(waiting.heard) and not self._trusts(waiting.heard),
        )

    def _trusts(self, name: str) -> bool:
        """Whether the numbers that this link names can be relied on."""
        link = self.all_links.get(name)
        return link is not None and link.capabilities.trusted

    # ---- words and money

    def words(self, name: str, row: Owed) -> str:
        """Return the words of a text for this link."""
        route = self.routes.get(name)
        network = self.plan.network
        if route is not None and not route.answerable:
            return from_elsewhere(row.body, row.name, network)
        if route is not None and not route.own_number:
            return opened(row.body, row.name, network)
        return row.body

    def abroad(self, number: str) -> str | None:
        """Say why this number is not written to, or None."""
        countries = self.plan.countries
        if not countries or country_of(number) in countries:
            return None
        return (
            f"country {country_of(number) or 'unknown'} is not written to: "
            "add it to countries in [sms]"
        )

    def pays(
        self, name: str, row: Owed, text: str, *, part: bool = False
    ) -> Pay | None:
        """Count what a text costs, or a `part` of it; return what keeps it, if any."""
        route = self.routes.get(name)
        if route is None or not route.cost:
            return None
        count = 1 if part else segments(text).segments
        cost, today = count * route.cost, self.plan.budget.today(self._clock.now_ms())
        if today != self.spent.today:
            # Yesterday's sum is none of today's.
            self.reckon()
        self.spent = self.spent.plus(cost)
        self._stop()
        return lambda tx: budgets.note(
            tx, day=today, link=name, cls=row.cls, segments=count, cost=cost
        )

    def reckon(self) -> None:
        """Add up anew what was spent: another day may have begun."""
        if self._costs:
            today = self.plan.budget.today(self._clock.now_ms())
            # What was just sent is counted, and may not be kept yet.
            kept = budgets.spent(self._store.peek, today)
            self.spent = kept.no_less_than(self.spent)
            before = self._stopped
            self._stop()
            if before - self._stopped:
                self.wake(*self._links)

    def _stop(self) -> None:
        """Hold back what the money that was spent does not leave."""
        stopped = budgets.stopped(self.plan.budget, self.spent)
        if stopped != self._stopped:
            self._stopped, self._board = stopped, None


def _bare(link: Link) -> Route:
    """Return the route of a link of which nothing is said."""
    able = link.capabilities
    return Route(
        name=link.name,
        answerable=able.receive,
        own_number=able.keeps_sender,
        trusted=able.trusted,
    )

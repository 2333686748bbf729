"""Routes: which link a text takes, from what each link can do and how each is now.

What comes in: a `Board`, every link that can send, with its rules from the
configuration (`Route`) and how it is at this moment (`Way`); a number, a class, and the
link the text came in on, if it is an answer. What goes out: a link's name. Rules that
say what a link carries are kept whatever happens; among those that may carry the text
the one that works goes first, then the way the text came in, then order, health, cost
and share, in this order. Pure: boards are made in `smsgate.gateway.out.routing`, and
used when a text is owed, claimed, or moved away from a link that is down.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

from smsgate.messages.outbox.rows import Class

if TYPE_CHECKING:
    from collections.abc import Sequence

_ALL = frozenset(Class)
_DRAWN_MAX = 2**32 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """What is said of a link that can send, for as long as the daemon runs."""

    name: str
    #: It hears what a phone answers.
    answerable: bool = True
    #: The phone sees the network's own number.
    own_number: bool = True
    #: It is our own, such as a SIM: nobody on the way reads what is sent.
    trusted: bool = True
    #: The same text sent twice reaches the phone once.
    idempotent: bool = False
    #: It carries only numbers that begin with one of these; none: every number.
    prefixes: tuple[str, ...] = ()
    #: Numbers that begin with one of these take it first.
    prefers: tuple[str, ...] = ()
    classes: frozenset[Class] = _ALL
    #: A smaller one goes first.
    order: int = 1
    #: How much of what links of one order carry is for this one.
    share: int = 1
    #: What a segment costs, in ten-thousandths of the currency.
    cost: int = 0

    def carries(self, to: str, cls: Class) -> bool:
        """Say whether it may ever carry a text of this class to this number."""
        return cls in self.classes and (
            not self.prefixes or to.startswith(self.prefixes)
        )

    def nearness(self, to: str) -> int:
        """Return how closely this number is one that prefers the link."""
        fitting = (*self.prefers, *self.prefixes)
        return max((len(one) for one in fitting if to.startswith(one)), default=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A route, and how it is at this moment."""

    route: Route
    #: It works, and has worked for long enough.
    well: bool = True
    #: How badly it has done lately: 0 well, 1 so so, 2 badly.
    grade: int = 0
    #: Classes that the budget holds back from it.
    stopped: frozenset[Class] = frozenset()

    def fit(self, cls: Class) -> bool:
        """Say whether a text of this class would go out over it now."""
        return self.well and cls not in self.stopped


class Board:
    """Every way out at one moment; it does not change, so a transaction may use it."""

    __slots__ = ("_by_name", "ways")

    def __init__(self, ways: Sequence[Way]) -> None:
        """Choose among these."""
        self.ways = tuple(ways)
        self._by_name = {way.route.name: way for way in self.ways}

    def way(self, name: str) -> Way | None:
        """Return the way over a link, None where it cannot send."""
        return self._by_name.get(name)

    def choose(
        self,
        to: str,
        cls: Class,
        *,
        asks: bool = False,
        answers: str = "",
        near: str = "",
        guarded: bool = False,
    ) -> str | None:
        """Return the link for a text to this number, None where none ever carries it.

        Args:
            to: E.164.
            cls: its class.
            asks: it is worth nothing where it cannot be answered.
            answers: the link over which the phone wrote what this answers.
            near: the link that is as good as any, among equals.
            guarded: links of our own first, on which nobody else reads it.
        """
        ways = [way for way in self.ways if way.route.carries(to, cls)]
        if len(ways) < 2:
            return ways[0].route.name if ways else None
        if asks:
            ways = [way for way in ways if way.route.answerable] or ways
        if cls is Class.campaign:
            # A campaign waits for the cheap link; it does not flee to a dear one.
            cheapest = min(way.route.cost for way in ways)
            ways = [way for way in ways if way.route.cost == cheapest]

        def rank(way: Way) -> tuple[float, ...]:
            route = way.route
            return (
                not way.fit(cls),
                guarded and not route.trusted,
                route.name != answers,
                -route.nearness(to),
                route.order,
                way.grade,
                not route.answerable,
                not route.own_number,
                route.cost,
                route.name != near,
                -_draw(route, to),
            )

        return min(ways, key=rank).route.name


def _draw(route: Route, to: str) -> float:
    """Draw by chance, the same for a number each time, in proportion to the share.

    Highest random weight: a member always hears from the same of two equal links.
    """
    drawn = blake2b(f"{route.name} {to}".encode(), digest_size=4).digest()
    chance = (int.from_bytes(drawn) + 1) / (_DRAWN_MAX + 2)
    return -route.share / math.log(chance)

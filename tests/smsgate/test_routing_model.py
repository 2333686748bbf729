"""Several links against everything at once: no text in two hands, none sent again.

Hypothesis owes texts, lets links fail, fall silent, go down and come back, moves what
waits, lets the daemon die and time pass, in any order. What was really written to each
wire is counted beside the machine, and the promises are held after each step.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from commands.elsewhere import asks
from smsgate.clock import HOUR_MS, MINUTE_MS, SECOND_MS
from smsgate.messages import outbox
from smsgate.messages.health import Health, Told
from smsgate.messages.outbox import Class, State
from smsgate.messages.routes import Board, Route, Way
from tests.smsgate.mailroom import JUAN, ROSA, Mailroom

if TYPE_CHECKING:
    from smsgate.messages.outbox import Waiting

#: A SIM; a second one for some numbers; an aggregator that knows texts by their id.
ROUTES = {
    "sim": Route(name="sim"),
    "spare": Route(name="spare", order=2, prefers=(ROSA[:6],)),
    "agent": Route(name="agent", order=3, cost=500, answerable=False, idempotent=True),
}
OVER = {State.sent, State.delivered, State.failed, State.expired}
links = st.sampled_from(sorted(ROUTES))


class RoutingMachine(RuleBasedStateMachine):
    """Three links, one outbox, and the truth beside it."""

    @initialize()
    def begin(self) -> None:
        """Start with an empty ledger and three links that work."""
        self.room = Mailroom()
        self.classes: dict[int, Class] = {}
        self.up = dict.fromkeys(ROUTES, True)
        self.health = {name: Health(self.now_s) for name in ROUTES}
        #: Row by link that has it in its hands.
        self.hands: dict[str, set[int]] = {name: set() for name in ROUTES}
        #: How often each text was written to a wire; by the same id counts once.
        self.writes: Counter[tuple[int, str]] = Counter()
        self.doubted: set[int] = set()
        #: Texts of which it is known that they went out.
        self.over: set[int] = set()

    def teardown(self) -> None:
        """Close the ledger."""
        if hasattr(self, "room"):
            self.room.close()

    @property
    def now_s(self) -> float:
        """The time of the health's clock."""
        return self.room.tx.now_ms / 1000

    def board(self) -> Board:
        """Return the ways as they are."""
        return Board(
            [
                Way(
                    route=route,
                    well=self.up[name] and not self.health[name].rests(self.now_s),
                    grade=self.health[name].grade(self.now_s),
                )
                for name, route in ROUTES.items()
            ]
        )

    # ---- texts

    @rule(
        cls=st.sampled_from(list(Class)),
        to=st.sampled_from([ROSA, JUAN]),
        link=st.sampled_from(["", *sorted(ROUTES)]),
    )
    def owe(self, cls: Class, to: str, link: str) -> None:
        """Owe a text, for one link or for the best."""
        self.classes[self.room.owe(cls, recipient=to, link=link)] = cls

    @rule(link=links, limit=st.integers(1, 3))
    def claim(self, link: str, limit: int) -> None:
        """A link that is up takes what is due for it."""
        if not self.up[link]:
            return
        board = self.board()
        outbox.assign(self.room.tx, lambda row: self._choose(board, row))
        for owed in outbox.claim(self.room.tx, link, limit, self.room.run):
            self.hands[link].add(owed.id)

    @rule()
    def move(self) -> None:
        """What waits for a link that is not well goes to one that is."""
        board = self.board()
        for name in ROUTES:
            way = board.way(name)
            assert way is not None
            for cls in Class:
                if not way.fit(cls):
                    rows = outbox.behind(self.room.tx, name, cls)
                    moves = [
                        (row, to)
                        for row in rows
                        if (to := self._choose(board, row)) not in (None, name)
                    ]
                    outbox.move(self.room.tx, moves)

    @staticmethod
    def _choose(board: Board, row: Waiting) -> str | None:
        return board.choose(row.recipient, row.cls, asks=asks(row.name), near=row.link)

    # ---- wires

    @rule(link=links, said=st.sampled_from(["sent", "down", "refused", "unsure"]))
    def answer(self, link: str, said: str) -> None:
        """A wire answers about the oldest text in its hands."""
        if not self.hands[link]:
            return
        row = min(self.hands[link])
        self.hands[link].remove(row)
        tx, health = self.room.tx, self.health[link]
        if said != "down":
            self.writes[row, link] += 1
        match said:
            case "sent":
                health.told(Told.sent, self.now_s)
                assert outbox.sent(tx, [(row, [])])
                self.over.add(row)
            case "down":
                health.told(Told.down, self.now_s)
                assert outbox.retry(tx, row, "off")
            case "refused":
                health.told(Told.refused, self.now_s)
                assert outbox.failed(tx, row, "no such number")
                self.over.add(row)
            case _:
                health.told(Told.unsure, self.now_s)
                self.doubted.add(row)
                known = ROUTES[link].idempotent
                settle = outbox.repeat if known else outbox.unsure
                assert settle(tx, row, "no answer")

    @rule(link=links, up=st.booleans())
    def change(self, link: str, up: bool) -> None:
        """A link goes down or comes back."""
        self.up[link] = up
        self.health[link].seen(usable=up, now_s=self.now_s)

    @rule(ms=st.sampled_from([SECOND_MS, 10 * SECOND_MS, MINUTE_MS, HOUR_MS]))
    def wait(self, ms: int) -> None:
        """Let time pass, and the housekeeping run."""
        self.room.wait(ms)
        outbox.unsure_due(self.room.tx)
        outbox.expire_due(self.room.tx)

    @rule()
    def crash(self) -> None:
        """Pull the plug: what was in a hand may have been written."""
        for link, rows in self.hands.items():
            for row in rows:
                self.writes[row, link] += 1
                self.doubted.add(row)
            rows.clear()
        self.room.run += 1
        outbox.sweep(self.room.tx, self.room.run, {"agent"})

    # ---- promises

    @invariant()
    def no_text_is_in_two_hands(self) -> None:
        """What a link has is on its way over that link, and over no other."""
        held = [row for rows in self.hands.values() for row in rows]
        assert len(held) == len(set(held))
        for link, rows in self.hands.items():
            for row in rows:
                kept = self.room.row(row)
                assert (kept["state"], kept["via"]) == ("sending", link)

    @invariant()
    def nothing_goes_again_that_went(self) -> None:
        """A text that is over stays over, whatever its links do."""
        for row in self.over:
            assert State(self.room.row(row)["state"]) in OVER

    @invariant()
    def nothing_reaches_a_phone_too_often(self) -> None:
        """Once; a receipt twice at most, and only after doubt.

        Over the aggregator the same id is the same text, however often it is written.
        """
        reached: Counter[int] = Counter()
        for (row, link), count in self.writes.items():
            reached[row] += 1 if ROUTES[link].idempotent else count
        for row, count in reached.items():
            doubt = row in self.doubted and self.classes[row] is Class.receipt
            assert count <= (2 if doubt else 1), row


TestRouting = RoutingMachine.TestCase
TestRouting.settings = settings(max_examples=80, stateful_step_count=50, deadline=None)

"""A market in memory: members who write texts, and what they are answered and told.

Handlers, market and schema are the real ones. Texts are read by the real parser and
carried out at once; `tells` does what the housekeeping does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from commands.parse import Grammar, parse
from smsgate import handlers, members
from smsgate.handlers import Case, Policy, Timing
from smsgate.handlers.market_notices import market_notices_due
from smsgate.market import Rules
from tests.smsgate.books import Books

if TYPE_CHECKING:
    from commands.reply import Reply
    from smsgate.members import Member

POLICY = Policy(
    timezone=ZoneInfo("America/El_Salvador"),
    one_step=10_000,
    two_step=50_000,
    day=100_000,
    day_count=50,
    late_ms=1_800_000,
    repeat_ms=600_000,
    question_ms=3_600_000,
    pin_length=4,
    balance_needs_pin=True,
    network="Red",
    market=Rules(most=3),
)


class Fair(Books):
    """Books with members who trade."""

    def __init__(self) -> None:
        super().__init__()
        self.people: dict[str, Member] = {}

    def joins(self, *names: str) -> None:
        """Make people members."""
        for name in names:
            phone = f"+5037000{len(self.people):04}"
            new = members.NewMember(phone=phone, name=name)
            self.people[name] = members.add(self.tx, new, actor="uid:1")

    def says(self, name: str, text: str) -> Reply:
        """Carry a text out; return the answer."""
        member = members.by_account(self.tx, self.people[name].account)
        assert member is not None
        case = Case(
            tx=self.tx,
            policy=POLICY,
            sender=member,
            link="gsm",
            trusted=True,
            sent_ms=self.tx.now_ms,
            timing=Timing.fresh,
        )
        (told,) = handlers.handle(case, parse(text, Grammar()).said).told
        assert told.to is None
        return told.reply

    def tells(self) -> list[tuple[str, Reply]]:
        """Do what is due; return who is told what, in order."""
        return [
            (told.to.name, told.reply)
            for told in market_notices_due(self.tx)
            if told.to is not None
        ]

    def count(self, table: str) -> int:
        """Return how many rows a table has."""
        return len(self.tx.all(f"SELECT 1 FROM {table}"))

"""A counter: members say texts, and what the handlers make of them is looked at.

Store, PINs and handlers are the real ones; there is no link, so a test says when a text
was sent and over what. Replies come back as values, by whom they are for.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from commands.parse import Grammar, parse
from commands.secret import Secret
from smsgate import handlers, ledger
from smsgate.clock import MINUTE_MS
from smsgate.handlers import Case, PinWanted, Policy, Timing, cooling
from smsgate.handlers.expiry import expired
from smsgate.members import pins
from smsgate.messages import questions
from tests.smsgate.club import GOOD, club

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from commands.reply import Reply
    from smsgate.handlers import Told
    from smsgate.members import Member
    from smsgate.store import Tx
    from tests.smsgate.club import Club

POLICY = Policy(
    timezone=ZoneInfo("America/El_Salvador"),
    one_step=10_000,
    two_step=50_000,
    day=100_000,
    day_count=50,
    late_ms=30 * MINUTE_MS,
    repeat_ms=10 * MINUTE_MS,
    question_ms=60 * MINUTE_MS,
    pin_length=4,
    balance_needs_pin=True,
    network="Red",
)


@dataclass(kw_only=True)
class Counter:
    """A house without links, and its members by name."""

    club: Club
    policy: Policy = POLICY
    people: dict[str, Member] = field(default_factory=dict)

    async def joins(self, name: str, phone: str, *, limit: int = 0) -> Member:
        """Make somebody a member, with the PIN 4827."""
        member = await self.club.join(name=name, phone=phone, limit=limit)
        made = await self.club.desk.verifier(member.account, Secret(GOOD))
        await self.club.store.write(
            lambda tx: pins.set_first(tx, member.account, made, "uid:1")
        )
        self.people[name] = member
        return member

    async def says(
        self,
        name: str,
        text: str,
        *,
        sent_ms: int | None = None,
        timing: Timing = Timing.fresh,
    ) -> list[tuple[str, Reply]]:
        """Have somebody send a text; who is told what, the sender first."""
        self.club.clock.ms += 1000
        sender, said = self.people[name], parse(text, Grammar()).said
        reading = parse(text, Grammar())
        evidence: pins.Checked | None = None

        def handle(tx: Tx) -> handlers.Result:
            case = Case(
                tx=tx,
                policy=self.policy,
                sender=replace(sender, state=ledger.account(tx, sender.account).state),
                link="gsm",
                trusted=True,
                sent_ms=tx.now_ms if sent_ms is None else sent_ms,
                timing=timing,
                evidence=evidence,
                word=reading.word,
            )
            return handlers.handle(case, said)

        while True:
            try:
                result = await self.club.store.write(handle)
            except PinWanted as wanted:
                evidence = await self.club.desk.check(
                    self.club.row(sender),
                    wanted.pin,
                    loose=False,
                    now_ms=self.club.clock.now_ms(),
                )
            else:
                return self._told(result.told, name)

    async def falls_due(self) -> list[tuple[str, Reply]]:
        """Do what housekeeping does with money and questions."""

        def due(tx: Tx) -> list[Told]:
            told: list[Told] = []
            for question in questions.expire_due(tx):
                told += expired(tx, question)
            for hold in ledger.expire_due(tx):
                told += cooling.settled(tx, self.policy, hold)
            return told

        return self._told(await self.club.store.write(due), "")

    def balance(self, name: str) -> int:
        """Return what somebody has."""
        return self._account(name).balance

    def available(self, name: str) -> int:
        """Return what somebody can spend."""
        return self._account(name).available

    def _account(self, name: str) -> ledger.Account:
        return ledger.account(self.club.store.peek, self.people[name].account)

    def _told(
        self, told: tuple[Told, ...] | list[Told], sender: str
    ) -> list[tuple[str, Reply]]:
        names = {member.account: name for name, member in self.people.items()}
        return [
            (names[one.to.account] if one.to else sender, one.reply) for one in told
        ]


@asynccontextmanager
async def counter(folder: Path, **rules: int) -> AsyncIterator[Counter]:
    """Open a house with Rosa, and with Juan and Luis who may owe 100.00."""
    async with club(folder) as one:
        house = Counter(club=one, policy=replace(POLICY, **rules))  # type: ignore[arg-type]
        await house.joins("Rosa", "+50371234567")
        await house.joins("Juan", "+50372345678", limit=10_000)
        await house.joins("Luis", "+50373456789", limit=10_000)
        yield house

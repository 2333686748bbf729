"""A whole gateway over a ledger on a disk, with links that are only held in hand.

Everything of the house is real; the far side of the port `modem.link.Link` is a list of
what was sent and what the wire is to say next. The clock stands until a test moves it.
Senders run only inside `Gatehouse.sending`; without them every answer waits in the
outbox, where a test reads it.
"""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from commands.parse import Grammar
from commands.reply import Voice
from commands.secret import Secret
from modem.link import Capabilities, Incoming, LinkState, LinkStatus, Sent, Wholeness
from smsgate import ledger, members
from smsgate.clock import MINUTE_MS, from_ms
from smsgate.gateway import Gateway, LinkRules, Setting
from smsgate.gateway.answering import House as Rules
from smsgate.gateway.out.routing import Plan, Routing
from smsgate.gateway.out.sending import Sender
from smsgate.gateway.unasked.alerting import Alerting, Alerts
from smsgate.gateway.unasked.housekeeping import Housekeeping
from smsgate.handlers import Policy
from smsgate.members import pins
from smsgate.members.paper import PaperKeys
from smsgate.messages.keys import MessageKeys
from smsgate.messages.pacing import Pacing
from smsgate.store import Store, create_ledger
from smsgate.store.runs import begin_run
from tests.smsgate.mailroom import JUAN, ROSA, StoppedClock

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence
    from pathlib import Path

    from modem.link import House, Outgoing
    from smsgate.members import Member
    from smsgate.store import Row

PEPPER, KEY = b"p" * 32, b"k" * 32
PAPER = PaperKeys(MessageKeys(KEY), KEY)
PIN, WRONG = "4827", "9163"
CODES = {"Juan": "13076", "Rosa": "20417"}
SIM1, SIM2, LOOSE = "sim1", "sim2", "web"
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
    loose=10_000,
)


@dataclass
class HandLink:
    """A link whose other side is the test."""

    name: str = SIM1
    capabilities: Capabilities = field(default_factory=Capabilities)
    state: LinkState = field(default_factory=lambda: LinkState(status=LinkStatus.up))
    #: What the wire took, in order.
    sent: list[Outgoing] = field(default_factory=list)
    #: What the wire says to the next sends; a `Sent` without references after that.
    says: list[Exception | Sent] = field(default_factory=list)
    #: While cleared, nothing that was written is answered.
    answering: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        """Let the wire answer."""
        self.answering.set()

    async def run(self, house: House) -> None:
        """Receive nothing by itself."""

    async def send(self, outgoing: Outgoing) -> Sent:
        """Take a text."""
        self.sent.append(outgoing)
        await self.answering.wait()
        said = self.says.pop(0) if self.says else Sent()
        if isinstance(said, Exception):
            raise said
        return said


@dataclass(frozen=True, kw_only=True)
class Heard:
    """What came of one text."""

    outcome: str
    state: str
    #: Replies by name, and to whom.
    told: list[tuple[str, str]]
    bodies: list[str]


@dataclass(kw_only=True)
class Gatehouse:
    """A gateway and all that it stands on."""

    store: Store
    clock: StoppedClock
    desk: pins.PinDesk
    links: dict[str, HandLink]
    senders: dict[str, Sender]
    routing: Routing
    setting: Setting
    gateway: Gateway
    housekeeping: Housekeeping
    keys: int = 0

    # ---- people

    async def join(
        self, name: str, phone: str, *, pin: str | None = PIN, **facts: Any
    ) -> Member:
        """Make somebody a member, with a PIN unless told otherwise."""
        new = members.NewMember(phone=phone, name=name, **facts)
        member = await self.store.write(lambda tx: members.add(tx, new, actor="uid:1"))
        if name in CODES:
            # A drawn one may hold the digits of a PIN, one time in some thousands.
            member = replace(member, code=CODES[name])
            await self.store.write(
                lambda tx: tx.run(
                    "UPDATE member SET code = ? WHERE account = ?",
                    (member.code, member.account),
                )
            )
        if pin is not None:
            made = await self.desk.verifier(member.account, Secret(pin))
            await self.store.write(
                lambda tx: pins.set_first(tx, member.account, made, "uid:1")
            )
        return member

    async def couple(self, **juan: Any) -> tuple[Member, Member]:
        """Make Juan, who may owe 1,000.00, and Rosa, who has a shop."""
        return (
            await self.join("Juan", JUAN, **{"limit": 100_000, **juan}),
            await self.join("Rosa", ROSA, alias="PANADERIALUZ"),
        )

    async def pays(self, payer: Member, payee: Member, amount: int) -> None:
        """Pay past every handler."""
        await self.store.write(
            lambda tx: ledger.pay(
                tx, debit=payer.account, credit=payee.account, amount=amount
            )
        )

    def balance(self, member: Member) -> int:
        """Look a balance up."""
        return ledger.account(self.store.peek, member.account).balance

    def fails(self, member: Member) -> tuple[int, int]:
        """Return wrong PINs in a row, over trusted links and over others."""
        row = pins.look(self.store.peek, member.account)
        return row.fails, row.loose_fails

    # ---- texts

    def incoming(
        self,
        sender: str,
        text: str,
        *,
        link: str = SIM1,
        ago_ms: int | None = 0,
        key: bytes | None = None,
        whole: Wholeness = Wholeness.whole,
    ) -> Incoming:
        """Write a text; `ago_ms` None: nobody says when it was sent."""
        self.keys += 1
        sent_at = None
        if ago_ms is not None:
            sent_at = from_ms(self.clock.now_ms()) - timedelta(milliseconds=ago_ms)
        return Incoming(
            link=link,
            key=key or self.keys.to_bytes(8, "big"),
            sender=sender,
            text=text,
            sent_at=sent_at,
            wholeness=whole,
        )

    async def hears(self, sender: str, text: str, **facts: Any) -> Heard:
        """Receive a text; return what came of it."""
        await self.gateway.receive(self.incoming(sender, text, **facts))
        return self.last()

    def last(self) -> Heard:
        """Return what came of the last text that was kept."""
        row = self.rows("SELECT * FROM inbox ORDER BY id DESC LIMIT 1")[0]
        owed = self.rows("SELECT * FROM outbox WHERE inbox = ? ORDER BY id", row["id"])
        return Heard(
            outcome=row["outcome"],
            state=row["state"],
            told=[(one["name"], one["recipient"]) for one in owed],
            bodies=[one["body"] for one in owed],
        )

    def rows(self, sql: str, *values: object) -> list[Row]:
        """Ask the ledger."""
        return self.store.peek.all(sql, values)

    def states(self) -> list[str]:
        """Return the states of all that is or was owed, in order."""
        return [
            row["state"] for row in self.rows("SELECT state FROM outbox ORDER BY id")
        ]

    def token(self) -> int:
        """Return the token of the newest question."""
        rows = self.rows("SELECT token FROM question ORDER BY id DESC LIMIT 1")
        return int(rows[0]["token"])

    # ---- out

    @asynccontextmanager
    async def sending(self) -> AsyncIterator[None]:
        """Let the senders run meanwhile, and be idle at the start."""
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one.run()) for one in self.senders.values()]
            await self.settled()
            yield
            for task in tasks:
                task.cancel()

    async def settled(self) -> None:
        """Wait until no sender has anything under way."""
        while True:
            for _ in range(5):
                # What was woken begins, and claims.
                await asyncio.sleep(0)
            for sender in self.senders.values():
                await sender.idle.wait()
            await self.store.write(lambda _: None)
            if all(one.idle.is_set() for one in self.senders.values()):
                return


def at_hand(**links: Capabilities) -> list[HandLink]:
    """Return links of these names."""
    return [HandLink(name=name, capabilities=one) for name, one in links.items()]


def _usual() -> list[HandLink]:
    return at_hand(
        **{SIM1: Capabilities(), SIM2: Capabilities()},
        **{LOOSE: Capabilities(trusted=False)},
    )


@asynccontextmanager
async def gatehouse(
    folder: Path,
    *,
    links: Sequence[HandLink] | None = None,
    policy: Policy = POLICY,
    rules: dict[str, LinkRules] | None = None,
    clock: StoppedClock | None = None,
    pacing: Callable[[], Pacing] = Pacing,
    plan: Plan | None = None,
    alerts: Alerts | None = None,
    connect: Callable[..., sqlite3.Connection] = sqlite3.connect,
    **setting: Any,
) -> AsyncIterator[Gatehouse]:
    """Open the house in this folder, a new one where there is none."""
    clock, path = clock or StoppedClock(), folder / "ledger.sqlite"
    if not path.exists():
        create_ledger(path)
    desk = pins.PinDesk(PEPPER, pins.PinPolicy(), clock=clock)
    try:
        async with await Store.open(path, clock, connect=connect) as store:
            newest_ms = store.newest_ms
            run = await store.write(begin_run)
            at_hands = {link.name: link for link in links or _usual()}
            routing = Routing(at_hands, store, clock, plan)
            sender = partial(Sender, store=store, clock=clock, run=run, routing=routing)
            senders = {n: sender(one, pacing=pacing()) for n, one in at_hands.items()}
            made = Setting(
                store=store,
                clock=clock,
                keys=MessageKeys(KEY),
                pins=desk,
                house=Rules(policy=policy, voice=Voice(), run=run, paper=PAPER),
                grammar=Grammar(),
                country="SV",
                rules=rules or {},
                in_flight_max=100,
                newest_ms=newest_ms,
            )
            made = replace(made, **setting)
            gateway = Gateway(made, senders, routing)
            told = alerts or Alerts()
            alerting = Alerting(routing, made.house.voice, told, gateway.time)
            yield Gatehouse(
                store=store,
                clock=clock,
                desk=desk,
                links=at_hands,
                senders=senders,
                routing=routing,
                setting=made,
                gateway=gateway,
                housekeeping=Housekeeping(
                    *(store, clock, senders),
                    time=gateway.time,
                    house=made.house,
                    more=alerting.works,
                ),
            )
    finally:
        desk.close()

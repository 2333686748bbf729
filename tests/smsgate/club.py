"""A ledger on a disk with a member in it, and a desk that checks PINs.

Everything is real but the clock, which stands until a test moves it. Texts go the way
of the house: look at the row, hash in a thread, settle in a transaction, and begin
again when the row moved in between.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from commands.command import ChangePin
from commands.secret import Secret
from smsgate import members
from smsgate.members import pins
from smsgate.store import Store, create_ledger
from tests.smsgate.mailroom import StoppedClock

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from smsgate.members import Member

PEPPER = b"pepper" * 5 + b"!!"
GOOD, NEW, CODE = "4827", "7194", "60253817"


@dataclass(kw_only=True)
class Club:
    """An open ledger."""

    store: Store
    clock: StoppedClock
    desk: pins.PinDesk

    async def join(self, **facts: Any) -> Member:
        """Make somebody a member."""
        new = members.NewMember(
            **{"phone": "+50371234567", "name": "Rosa Pérez", **facts}
        )
        return await self.store.write(lambda tx: members.add(tx, new, actor="uid:1"))

    async def with_pin(self, pin: str = GOOD) -> Member:
        """Make somebody a member with a PIN."""
        member = await self.join()
        made = await self.desk.verifier(member.account, Secret(pin))
        await self.store.write(
            lambda tx: pins.set_first(tx, member.account, made, "uid:1")
        )
        return member

    async def with_code(self, member: Member, code: str = CODE) -> None:
        """Issue this one-time code."""
        made = await self.desk.verifier(member.account, Secret(code))
        await self.store.write(
            lambda tx: pins.issue_code(tx, member.account, made, "uid:1")
        )

    async def says(
        self, member: Member, pin: str, *, loose: bool = False
    ) -> pins.Settled:
        """Send a text with this PIN."""
        checked = await self.desk.check(
            self.row(member), Secret(pin), loose=loose, now_ms=self.clock.now_ms()
        )
        try:
            return await self.store.write(lambda tx: pins.settle(tx, checked))
        except pins.Stale:
            return await self.says(member, pin, loose=loose)

    async def changes(
        self,
        member: Member,
        old: str,
        new: str = NEW,
        again: str | None = None,
        *,
        loose: bool = False,
    ) -> pins.ChangeOutcome:
        """Send `PIN old new again`."""
        prepared = await self.prepares(member, old, new, again, loose=loose)
        return await self.store.write(lambda tx: pins.apply_change(tx, prepared))

    async def prepares(
        self,
        member: Member,
        old: str,
        new: str = NEW,
        again: str | None = None,
        *,
        loose: bool = False,
    ) -> pins.PreparedChange:
        """Do the hashing of a change, and nothing else."""
        change = ChangePin(old=Secret(old), new=Secret(new), again=Secret(again or new))
        return await self.desk.prepare(
            self.row(member), change, member, loose=loose, now_ms=self.clock.now_ms()
        )

    def row(self, member: Member) -> pins.PinRow:
        """Return what is kept."""
        return pins.look(self.store.peek, member.account)

    def standing(self, member: Member) -> pins.Standing:
        """Return what staff see."""
        return pins.state_of(self.store.peek, member.account, self.clock.now_ms())

    async def events(self) -> list[str]:
        """Return the kinds of all that was recorded about PINs, in order."""
        rows = await self.store.read(
            "SELECT kind FROM event WHERE kind LIKE 'pin%' ORDER BY id"
        )
        return [row["kind"] for row in rows]


@asynccontextmanager
async def club(
    folder: Path,
    clock: StoppedClock | None = None,
    policy: pins.PinPolicy | None = None,
) -> AsyncIterator[Club]:
    """Open the ledger of this folder, a new one where there is none."""
    clock, path = clock or StoppedClock(), folder / "ledger.sqlite"
    if not path.exists():
        create_ledger(path)
    desk = pins.PinDesk(PEPPER, policy or pins.PinPolicy(), clock=clock)
    try:
        async with await Store.open(path, clock) as store:
            yield Club(store=store, clock=clock, desk=desk)
    finally:
        desk.close()

"""Start reading here: the whole way of a message.

    phone ─► Link ─► receive ─► parse ─► PIN (thread) ─► one transaction ─► acknowledge
                                                          seen-key, effects,
             phone ◄─ Link ◄─ Sender ◄─ outbox ◄────────  redacted row, answers

What comes in: texts, reports and noise, from links that wait for the commit before
they acknowledge anything to the network. What goes out: texts, through one `Sender` a
link. What a text means is read by `commands.parse`; what it does stands in
`smsgate.handlers`; that both happen in one transaction, in `smsgate.gateway.answering`.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import structlog

from commands.parse import parse
from commands.replies import name_of
from commands.reply import Blocked, PinResetStopped
from modem.errors import NotKept
from modem.link import LinkStatus, Wholeness
from smsgate import handlers, members
from smsgate.clock import to_ms
from smsgate.gateway.answering import (
    FUTURE_MS,
    Answered,
    House,
    Text,
    answer,
    bury,
    case_of,
)
from smsgate.gateway.sending import Sender
from smsgate.gateway.timekeeping import Timekeeper
from smsgate.gateway.turns import Turns
from smsgate.handlers import ChangeWanted, PinWanted, Rehearsal, WouldWrite
from smsgate.members import pins
from smsgate.members.pins import Stale
from smsgate.messages import outbox, quarantine
from smsgate.phone import e164, masked
from smsgate.store import StoreError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from commands.parse import Grammar
    from modem.link import Incoming, LinkState, Noise, Report
    from smsgate.clock import Clock
    from smsgate.members.pins import Checked, PinDesk, PreparedChange
    from smsgate.messages.keys import MessageKeys
    from smsgate.store import Store

log = structlog.get_logger(__name__)

#: How often a text may find the PIN changed under it before it is put back.
_TRIES = 5
#: One answer and one receipt: what may go straight to a free link.
_PLACES = 2
#: Outcomes of which somebody of the staff should know.
_STAFF_WANTED = frozenset({name_of(Blocked), name_of(PinResetStopped)})


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRules:
    """What the configuration says of a link beside how to reach it."""

    #: How old a text may be that carries no send time; None: nobody knows.
    max_delay_ms: int | None = None
    #: What the driver adds to the network's time stamps.
    time_offset_ms: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Everything the gateway works with; wired in `smsgate.daemon`."""

    store: Store
    clock: Clock
    keys: MessageKeys
    pins: PinDesk
    house: House
    grammar: Grammar
    #: ISO country whose dialling rules numbers without a plus follow.
    country: str
    rules: Mapping[str, LinkRules]
    #: How many texts may be answered at once; what comes on top is refused.
    in_flight_max: int
    #: Time of the newest row before this start of the daemon; 0: there was none.
    newest_ms: int


class Gateway:
    """The house as links see it: `modem.link.House`."""

    def __init__(self, setting: Setting, senders: Mapping[str, Sender]) -> None:
        """Serve the links that `senders` knows by name."""
        self._setting = setting
        self._store = setting.store
        self._senders = senders
        self._turns = Turns()
        self._under_way = 0
        self._stopping = False
        #: Set while no text is being answered.
        self.idle = asyncio.Event()
        self.idle.set()
        self.time = Timekeeper(setting.store, setting.clock, setting.newest_ms)
        #: What each link last said of itself.
        self.states: dict[str, LinkState] = {}

    # ---- in

    async def receive(self, incoming: Incoming) -> None:
        """Keep a text and do what it says; return when it may be acknowledged.

        Raises:
            NotKept: nothing was done; offer it again.
        """
        if self._stopping:
            raise NotKept("the daemon is stopping")
        if self._under_way >= self._setting.in_flight_max or self._store.busy:
            raise NotKept("too many texts at once: offer it again in a moment")
        self._under_way += 1
        self.idle.clear()
        try:
            await self._receive(incoming)
        except StoreError as error:
            # Not our fault: it stays where it is until the disk is well again.
            log.warning("sms.unkept", link=incoming.link, why=str(error))
            raise NotKept(str(error)) from error
        finally:
            self._under_way -= 1
            if not self._under_way:
                self.idle.set()

    def stop_receiving(self) -> None:
        """Take no further text; what is being answered is finished."""
        self._stopping = True

    async def _receive(self, incoming: Incoming) -> None:
        if incoming.sent_at is not None:
            self.time.heard(incoming.link, to_ms(incoming.sent_at))
        text = self._read(incoming)
        if handlers.moves_money(text.reading.said):
            reason = self.time.holds_money()
            if reason is not None:
                raise NotKept(reason)
        async with self._turns.of(self._whose(text)):
            answered = await self._answer(text)
        log.info(
            "sms.kept" if answered.fresh else "sms.seen_again",
            link=incoming.link,
            sender=masked(text.phone or ""),
            command=text.reading.keyword,
            outcome=answered.outcome,
        )
        if answered.fresh and answered.outcome in _STAFF_WANTED:
            log.error(
                "staff.wanted",
                account=answered.account,
                outcome=answered.outcome,
                why="a member fears theft: call them",
            )

    def _read(self, incoming: Incoming) -> Text:
        setting = self._setting
        phone = e164(incoming.sender, setting.country)
        words = incoming.text if incoming.wholeness is Wholeness.whole else ""
        reading = parse(words, setting.grammar)
        told_ms = None if incoming.sent_at is None else to_ms(incoming.sent_at)
        rules = setting.rules.get(incoming.link, LinkRules())
        # The key takes the network's own time: it must move neither with our clock nor
        # with a setting, or a text delivered again would be a new one.
        stamp_ms = None if told_ms is None else told_ms - rules.time_offset_ms
        future = told_ms is not None and told_ms > setting.clock.now_ms() + FUTURE_MS
        sent_ms = None if future else told_ms
        sender = phone or incoming.sender
        return Text(
            incoming=replace(incoming, text=""),
            reading=reading,
            key=setting.keys.seen(incoming.key, incoming.link, sender, stamp_ms),
            mac=setting.keys.text(sender, reading.normal),
            phone=phone,
            trusted=self._trusted(incoming.link),
            sent_ms=sent_ms,
            max_delay_ms=rules.max_delay_ms,
            way_out=self._way_out(incoming.link),
        )

    def _whose(self, text: Text) -> object:
        """Whose turn a text must wait for: an account's, or a stranger's."""
        if text.phone is None:
            return text.incoming.sender
        member = members.by_phone(self._store.peek, text.phone)
        return text.phone if member is None else member.account

    async def _answer(self, text: Text) -> Answered:
        try:
            return await self._attempt(text)
        except (StoreError, NotKept):
            raise
        except Exception as error:
            # Our own fault: it must not come back for ever, and the member is told.
            log.exception("sms.failed", link=text.incoming.link)
            return await self._bury(text, error)

    async def _attempt(self, text: Text) -> Answered:
        """Answer in one transaction, the PIN that it asks for checked before it."""
        for _ in range(_TRIES):
            evidence = await self._evidence(text)
            try:
                # A link may give up waiting; what was committed is sent all the same.
                # The writer's queue keeps hold of it until then.
                return await asyncio.shield(self._commit(text, evidence))
            except (PinWanted, ChangeWanted, Stale):
                continue
        raise NotKept("the member's PIN kept changing while this text was read")

    async def _commit(
        self, text: Text, evidence: Checked | PreparedChange | None
    ) -> Answered:
        """Answer in one transaction; what was born `sending` goes to the link."""
        house, sender = self._setting.house, self._senders[text.way_out]
        left = places = sender.reserve(_PLACES)
        try:
            answered = await self._store.write(
                lambda tx: answer(tx, house, text, evidence, places)
            )
            left = places - len(answered.handed)
        finally:
            sender.release(left)
        sender.hand(answered.handed)
        if answered.queued:
            sender.wake()
        return answered

    async def _evidence(self, text: Text) -> Checked | PreparedChange | None:
        """Rehearse the answer; check the PIN that it asks for."""
        if not text.reading.has_secret or text.phone is None:
            return None
        peek, clock = self._store.peek, self._setting.clock
        sender = members.by_phone(peek, text.phone)
        if sender is None:
            return None
        now_ms = max(clock.now_ms(), self._store.newest_ms)
        rehearsal = Rehearsal(peek, clock, now_ms)
        case = case_of(rehearsal, self._setting.house, text, sender)
        desk, loose = self._setting.pins, not text.trusted
        try:
            handlers.handle(case, text.reading.said)
        except WouldWrite:
            return None
        except PinWanted as wanted:
            row = pins.look(peek, sender.account)
            return await desk.check(row, wanted.pin, loose=loose, now_ms=now_ms)
        except ChangeWanted as wanted:
            row = pins.look(peek, sender.account)
            return await desk.prepare(
                row, wanted.change, sender, loose=loose, now_ms=now_ms
            )
        return None

    async def _bury(self, text: Text, error: Exception) -> Answered:
        house = self._setting.house
        # The type only: an error's own words might repeat the text.
        fault = type(error).__name__
        answered = await self._store.write(lambda tx: bury(tx, house, text, fault))
        self._senders[text.way_out].wake()
        return answered

    def _trusted(self, link: str) -> bool:
        sender = self._senders.get(link)
        return sender is not None and sender.link.capabilities.trusted

    def _way_out(self, link: str) -> str:
        """Return the link that answers take: the same, or one that can send."""
        sender = self._senders.get(link)
        if sender is not None and sender.link.capabilities.send:
            return link
        for name, other in self._senders.items():
            if other.link.capabilities.send:
                return name
        raise NotKept("no link can send: add one to the configuration")

    # ---- reports and noise

    async def report(self, report: Report) -> None:
        """Keep a delivery report durably; raises NotKept as `receive` does."""
        number = e164(report.to, self._setting.country) or report.to
        try:
            await self._store.write(
                lambda tx: outbox.report(
                    tx,
                    link=report.link,
                    reference=report.reference,
                    recipient=number,
                    status=report.status,
                    code=report.code,
                    at_ms=tx.now_ms if report.at is None else to_ms(report.at),
                )
            )
        except StoreError as error:
            raise NotKept(str(error)) from error

    async def quarantine(self, noise: Noise) -> None:
        """Keep noise, sealed; raises NotKept as `receive` does."""
        log.warning("sms.quarantined", link=noise.link, why=noise.reason)
        keys = self._setting.keys
        try:
            await self._store.write(lambda tx: quarantine.keep(tx, keys, noise))
        except StoreError as error:
            raise NotKept(str(error)) from error

    def state_changed(self, link: str, state: LinkState) -> None:
        """Take note that a link came up, went down or is degraded."""
        before = self.states.get(link)
        self.states[link] = state
        if state.airtime_low and not (before is not None and before.airtime_low):
            log.error("link.airtime_low", link=link, why=state.reason)
        said = log.info if state.status is LinkStatus.up else log.warning
        said("link.changed", link=link, status=state.status, why=state.reason)
        sender = self._senders.get(link)
        if sender is not None:
            sender.wake()

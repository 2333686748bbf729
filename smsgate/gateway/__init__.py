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
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import structlog

from commands.command import Misread, Reading, Why
from commands.parse import parse
from commands.replies import name_of
from commands.reply import Blocked, PinResetStopped
from modem.errors import NotKept
from modem.link import LinkStatus, ReportStatus, Wholeness
from smsgate import handlers
from smsgate.clock import to_ms
from smsgate.gateway.answering import (
    FUTURE_MS,
    Answered,
    Text,
    answer,
    bury,
)
from smsgate.gateway.out.sending import Sender
from smsgate.gateway.owners import Owners
from smsgate.gateway.proving import evidence
from smsgate.gateway.setting import LinkRules, Setting
from smsgate.gateway.timekeeping import IN_REVIEW, Timekeeper
from smsgate.gateway.turns import Turns
from smsgate.gateway.unasked.putback import tell_waiting
from smsgate.handlers import ChangeWanted, PinWanted
from smsgate.members import consent
from smsgate.members.pins import Stale
from smsgate.messages import inbox, outbox, parts, quarantine
from smsgate.messages.health import Told
from smsgate.messages.outbox import Class
from smsgate.phone import e164, masked
from smsgate.store import StoreError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from modem.link import (
        Incoming,
        IncomingPart,
        KeptPart,
        LinkState,
        LostText,
        Noise,
        Report,
    )
    from smsgate.gateway.out.routing import Routing
    from smsgate.members.pins import Checked, PreparedChange
    from smsgate.messages.routes import Board
    from smsgate.store import Tx

__all__ = ["Gateway", "LinkRules", "Setting"]

log = structlog.get_logger(__name__)

#: How often a text may find the PIN changed under it before it is put back.
_TRIES = 5
#: One answer and one receipt: what may go straight to a free link.
_PLACES = 2
#: Outcomes of which somebody of the staff should know.
_STAFF_WANTED = frozenset({name_of(Blocked), name_of(PinResetStopped)})


class Gateway:
    """The house as links see it: `modem.link.House`."""

    def __init__(
        self, setting: Setting, senders: Mapping[str, Sender], routing: Routing
    ) -> None:
        """Serve the links that `senders` knows by name."""
        self._routing = routing
        self._setting = setting
        self._store = setting.store
        self._senders = senders
        #: One text or step at a time per account, whatever it comes over.
        self.turns = Turns()
        self._under_way = 0
        self._stopping = False
        #: Set while no text is being answered.
        self.idle = asyncio.Event()
        self.idle.set()
        self.time = Timekeeper(setting.store, setting.clock, setting.newest_ms)
        self._owners = Owners(setting.store)
        #: What each link last said of itself.
        self.states: dict[str, LinkState] = {}

    # ---- in

    async def receive(self, incoming: Incoming) -> None:
        """Keep a text and do what it says; return when it may be acknowledged.

        Raises:
            NotKept: nothing was done; offer it again.
        """
        with self.admitted():
            try:
                await self._receive(incoming)
            except StoreError as error:
                # Not our fault: it stays where it is until the disk is well again.
                log.warning("sms.unkept", link=incoming.link, why=str(error))
                raise NotKept(str(error)) from error

    @contextmanager
    def admitted(self) -> Iterator[None]:
        """Count one text, or one step of a session, among those that are answered.

        Raises:
            NotKept: there are too many, or the daemon is stopping.
        """
        if self._stopping:
            raise NotKept("the daemon is stopping")
        if self._under_way >= self._setting.in_flight_max or self._store.busy:
            raise NotKept("too many texts at once: offer it again in a moment")
        self._under_way += 1
        self.idle.clear()
        try:
            yield
        finally:
            self._under_way -= 1
            if not self._under_way:
                self.idle.set()

    @property
    def setting(self) -> Setting:
        """What the gateway works with."""
        return self._setting

    def trusts(self, link: str) -> bool:
        """Whether the numbers that this link names can be relied on."""
        sender = self._senders.get(link)
        return sender is not None and sender.link.capabilities.trusted

    def wake(self, links: Collection[str] = ("",)) -> None:
        """Let the senders of these links look at what is owed; '': all of them."""
        for name, sender in self._senders.items():
            if name in links or "" in links:
                sender.wake()

    @property
    def crowded(self) -> bool:
        """Whether a text that came now would be refused, for want of room or time."""
        most = self._setting.in_flight_max
        return self._stopping or self._under_way >= most or self._store.busy

    @property
    def in_flight_max(self) -> int:
        """How many texts may be answered at once."""
        return self._setting.in_flight_max

    def stop_receiving(self) -> None:
        """Take no further text; what is being answered is finished."""
        self._stopping = True

    async def _receive(self, incoming: Incoming) -> None:
        told_ms = None if incoming.sent_at is None else to_ms(incoming.sent_at)
        if told_ms is not None:
            self.time.offered(told_ms)
        text = self._read(incoming)
        if handlers.moves_money(text.reading.said):
            reason = self.time.holds_money()
            if reason is not None:
                await self._tell_waiting(text, reason)
                raise NotKept(reason)
        if inbox.seen(self._store.peek, text.key) is not None:
            # Nothing is done: it waits for nobody, and its PIN is not checked again.
            answered = await self._commit(text, None)
        else:
            async with self.turns.of(self._whose(text)):
                if text.fault is None:
                    answered = await self._answer(text)
                else:
                    answered = await self._bury(text, text.fault)
        if answered.fresh and told_ms is not None:
            self.time.heard(incoming.link, told_ms)
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

    async def _tell_waiting(self, text: Text, reason: str) -> None:
        """Tell a member once that the house is in review; clocks are mended soon."""
        store, voice = self._store, self._setting.house.voice
        if reason == IN_REVIEW and await tell_waiting(store, voice, text.phone):
            self.wake()

    def _read(self, incoming: Incoming) -> Text:
        setting = self._setting
        rules = setting.rules.get(incoming.link, LinkRules())
        phone = e164(incoming.sender, rules.country or setting.country)
        words = incoming.text if incoming.wholeness is Wholeness.whole else ""
        fault = None
        try:
            reading = parse(words, setting.grammar)
        except Exception as error:
            # It must not come back for ever; what it said, nobody knows.
            log.exception("sms.unread", link=incoming.link)
            said = Misread(why=Why.unknown_word, money=True)
            reading = Reading(said=said, redacted="****", normal=words)
            fault = error
        told_ms = None if incoming.sent_at is None else to_ms(incoming.sent_at)
        # The key takes the network's own time: it must move neither with our clock nor
        # with a setting, or a text delivered again would be a new one.
        stamp_ms = None
        if told_ms is not None and not incoming.named:
            stamp_ms = told_ms - rules.time_offset_ms
        future = told_ms is not None and told_ms > setting.clock.now_ms() + FUTURE_MS
        sent_ms = None if future else told_ms
        sender = phone or incoming.sender
        board = self._routing.board()
        return Text(
            incoming=replace(incoming, text=""),
            reading=reading,
            key=setting.keys.seen(incoming.key, incoming.link, sender, stamp_ms),
            mac=setting.keys.text(sender, reading.normal),
            phone=phone,
            trusted=self.trusts(incoming.link),
            sent_ms=sent_ms,
            max_delay_ms=rules.max_delay_ms,
            way_out=self._way_out(incoming.link, phone or "", board),
            board=board,
            fault=fault,
        )

    def _whose(self, text: Text) -> object:
        """Whose turn a text must wait for: an account's, or a stranger's."""
        return (
            text.incoming.sender if text.phone is None else self._owners.of(text.phone)
        )

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
            known = await evidence(self._setting, text)
            try:
                return await self._commit(text, known)
            except (PinWanted, ChangeWanted, Stale):
                continue
        raise NotKept("the member's PIN kept changing while this text was read")

    async def _commit(
        self, text: Text, evidence: Checked | PreparedChange | None
    ) -> Answered:
        """Answer in one transaction; what was born `sending` goes to the link.

        A link may give up waiting; what was committed is sent all the same.
        """
        house, sender = self._setting.house, self._senders[text.way_out]
        places = sender.reserve(_PLACES)
        return await self._store.write(
            lambda tx: answer(tx, house, text, evidence, places),
            partial(self._send, sender, places),
        )

    def _send(self, sender: Sender, places: int, answered: Answered | None) -> None:
        """Hand what was born `sending` to the link, once it is durable."""
        handed = () if answered is None else answered.handed
        sender.release(places - len(handed))
        sender.hand(handed)
        if answered is not None:
            self.wake(answered.queued)

    async def _bury(self, text: Text, error: Exception) -> Answered:
        house = self._setting.house
        # The type only: an error's own words might repeat the text.
        fault = type(error).__name__
        answered = await self._store.write(lambda tx: bury(tx, house, text, fault))
        self.wake(answered.queued)
        return answered

    def _way_out(self, link: str, phone: str, board: Board) -> str:
        """Return the link that the answer takes: the same, or the best one.

        A text that anybody may have sent is answered over a link of our own, unless
        all are down: its token then reaches the member's phone and nobody on the way.
        """
        forgeable = not self.trusts(link)
        found = board.choose(phone, Class.receipt, answers=link, guarded=forgeable)
        if not board.ways:
            raise NotKept("no link can send: add one to the configuration")
        # Where no rule lets it out, the outbox says so.
        return found or board.ways[0].route.name

    # ---- parts of texts, reports and noise

    async def part(self, part: IncomingPart) -> KeptPart:
        """Note a part durably; raises NotKept as `receive` does."""
        if self._stopping:
            raise NotKept("the daemon is stopping")
        setting = self._setting
        rules = setting.rules.get(part.link, LinkRules())
        sender = e164(part.sender, rules.country or setting.country) or part.sender
        key = setting.keys.part(part.key, part.link, sender)
        try:
            return await self._store.write(
                lambda tx: parts.note(tx, part, key, sender, setting.house.run)
            )
        except StoreError as error:
            raise NotKept(str(error)) from error

    async def lost(self, link: str) -> tuple[LostText, ...]:
        """Return what an earlier run noted parts of and never answered."""
        try:
            return parts.lost(self._store.peek, link, self._setting.house.run)
        except StoreError as error:
            raise NotKept(str(error)) from error

    async def report(self, report: Report) -> None:
        """Keep a delivery report durably; raises NotKept as `receive` does."""
        rules = self._setting.rules.get(report.link, LinkRules())
        country = rules.country or self._setting.country
        number = e164(report.to, country) or report.to

        def keep(tx: Tx) -> None:
            outbox.report(
                tx,
                link=report.link,
                reference=report.reference,
                recipient=number,
                status=report.status,
                code=report.code,
                at_ms=tx.now_ms if report.at is None else to_ms(report.at),
            )
            if not report.opted_out:
                return
            whose = number or outbox.recipient_of(tx, report.link, report.reference)
            if whose.startswith("+"):
                consent.stop_promos(tx, whose, "provider")

        try:
            await self._store.write(keep)
        except StoreError as error:
            raise NotKept(str(error)) from error
        if report.status is ReportStatus.failed:
            self._routing.told(report.link, Told.refused)

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
        self._routing.changed()
        sender = self._senders.get(link)
        if sender is not None:
            sender.link_changed()

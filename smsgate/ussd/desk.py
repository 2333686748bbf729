"""The desk where sessions arrive: a webhook in, `CON` or `END` out.

What comes in: a `Hook` and the link that it claims to come from. What goes out: the
next screen, once everything that it says is kept durably; 401 where the link does not
believe it, 400 where it cannot be read, 503 where there is too much to do. The PIN in
it is checked in a thread and lives no longer than its request. The step itself is
decided in `smsgate.ussd.stepping`, one transaction a step, one at a time per account.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import structlog

from commands.parse import parse
from commands.reply import Failed, NotNow, Page
from commands.secret import Secret
from modem.errors import NotKept
from modem.hooks import Forged, HookAnswer, Unreadable
from modem.ussd import Dialled, Ended, read_ussd, screen_answer
from smsgate import members
from smsgate.handlers import PinWanted, Rehearsal, WouldWrite
from smsgate.members import pins
from smsgate.members.pins import Stale
from smsgate.messages import sessions
from smsgate.phone import e164, masked
from smsgate.store import StoreError
from smsgate.ussd.proving import draft_of
from smsgate.ussd.step import PINS, Dial, Entry
from smsgate.ussd.stepping import break_off, take_step

if TYPE_CHECKING:
    from commands.reply import Reply
    from modem.hooks import Hook, Hooked
    from smsgate.gateway import Gateway
    from smsgate.members import Member
    from smsgate.messages.sessions import Session
    from smsgate.store import Tx
    from smsgate.ussd.step import Evidence, Screen

log = structlog.get_logger(__name__)

#: How often a step may find the PIN changed under it before it is given up.
_TRIES = 5
_CHOICE = re.compile(r"[0-9]{1,2}")
_CODE = re.compile(f"[0-9]{{{pins.CODE_DIGITS}}}")
#: When a busy house may be asked again, seconds.
_RETRY_S = 1


class Desk:
    """Answers the sessions of every link that brings any."""

    def __init__(self, gateway: Gateway) -> None:
        """Work beside this gateway: the same store, PINs and turns."""
        self._gateway = gateway
        self._setting = gateway.setting
        self._store = self._setting.store
        digits = self._setting.house.policy.pin_length
        self._pin = re.compile(f"[0-9]{{{digits}}}")

    async def take(self, link: Hooked, hook: Hook) -> HookAnswer:
        """Answer one webhook; never raises for what stands in it."""
        if hook.method != "POST":
            # What a GET asks for stands in every log on the way.
            return HookAnswer(status=405)
        try:
            link.believe(hook)
            told = read_ussd(hook)
        except Forged as error:
            log.warning("ussd.forged", link=link.name, why=str(error))
            return HookAnswer(status=401)
        except Unreadable as error:
            log.warning("ussd.unreadable", link=link.name, why=str(error))
            return HookAnswer(status=400, body=str(error).encode())
        try:
            with self._gateway.admitted():
                return await self._take(link.name, told)
        except (NotKept, StoreError) as error:
            log.warning("ussd.unkept", link=link.name, why=str(error))
            return HookAnswer(status=503, retry_after_s=_RETRY_S)

    async def _take(self, link: str, told: Dialled | Ended) -> HookAnswer:
        if isinstance(told, Ended):
            await self._end(link, told)
            return HookAnswer(status=200)
        shown = await self.answer(link, told)
        return screen_answer(shown.text, ends=shown.ends)

    async def answer(self, link: str, dialled: Dialled) -> Screen:
        """Answer one step of a session, durably.

        Raises:
            NotKept, StoreError: nothing was done.
        """
        dial = self._read(link, dialled)
        async with self._gateway.turns.of(self._whose(dial)):
            try:
                shown = await self._attempt(dial)
            except (NotKept, StoreError):
                raise
            except Exception as error:
                # Our own fault: said on the screen, for nobody sends a step again.
                log.exception("ussd.failed", link=link)
                shown = await self._bury(dial, type(error).__name__)
        self._gateway.wake()
        log.info(
            "ussd.step" if shown.fresh else "ussd.seen_again",
            link=link,
            sender=masked(dial.phone or ""),
            outcome=shown.outcome,
            ends=shown.ends,
        )
        return shown

    async def _end(self, link: str, ended: Ended) -> None:
        """Take note that a session is over, and of what its phone has shown."""
        await self._store.write(partial(_over, link=link, ended=ended))
        log.info("ussd.over", link=link, shown=ended.shown)

    # ---- reading

    def _read(self, link: str, dialled: Dialled) -> Dial:
        setting = self._setting
        grammar = setting.grammar
        return Dial(
            link=link,
            session=dialled.session,
            code=dialled.code,
            phone=e164(dialled.phone, setting.country),
            trusted=self._gateway.trusts(link),
            key=setting.keys.step(link, dialled.session, dialled.text),
            entry=self._entry(dialled.last),
            parts=dialled.parts,
            read=self._entry,
            decimal="," if grammar.decimal_comma else ".",
            decimals=grammar.decimals,
        )

    def _entry(self, text: str) -> Entry:
        text = text.strip()
        return Entry(
            choice=text if _CHOICE.fullmatch(text) else "",
            bare=parse(text, self._setting.grammar).bare,
            pin=Secret(text) if self._pin.fullmatch(text) else None,
            code=Secret(text) if _CODE.fullmatch(text) else None,
        )

    def _whose(self, dial: Dial) -> object:
        member = self._member(dial)
        return (dial.phone or dial.session) if member is None else member.account

    def _member(self, dial: Dial) -> Member | None:
        if dial.phone is None:
            return None
        return members.by_phone(self._store.peek, dial.phone)

    # ---- doing

    async def _attempt(self, dial: Dial) -> Screen:
        """Take the step in one transaction, the PIN in it checked before."""
        house = self._setting.house
        for _ in range(_TRIES):
            at = sessions.find(self._store.peek, dial.link, dial.session)
            pin = None if at is None else dial.entry.secret(at.page)
            if at is None or pin is None or at.page not in PINS:
                evidence = None
            elif self._gateway.time.holds_money() and at.page == Page.pay_pin:
                return await self._close(dial, NotNow())
            else:
                evidence = await self._evidence(dial, at, pin)
            step = partial(take_step, house=house, dial=dial, evidence=evidence)
            try:
                # The aggregator may hang up; what was begun is finished all the same.
                return await asyncio.shield(self._store.write(step))
            except (PinWanted, Stale):
                continue
        raise NotKept("the member's PIN kept changing while this step was read")

    async def _evidence(self, dial: Dial, at: Session, pin: Secret) -> Evidence | None:
        """Find out in a thread what the screen needs to know of the PIN."""
        member = self._member(dial)
        if member is None:
            return None
        peek, desk = self._store.peek, self._setting.pins
        now_ms = max(self._setting.clock.now_ms(), self._store.newest_ms)
        row = pins.look(peek, member.account)
        if at.page == Page.new_pin:
            return await desk.draft(row, pin, member, now_ms=now_ms)
        loose = not dial.trusted
        if at.page == Page.code:
            return await desk.check_code(row, pin, loose=loose, now_ms=now_ms)
        if at.page == Page.again_pin:
            draft = draft_of(at.detail)
            return await desk.settle_draft(
                row,
                pin,
                draft,
                member,
                by_code="code" in at.detail,
                loose=loose,
                now_ms=now_ms,
            )
        rehearsal = Rehearsal(peek, self._setting.clock, now_ms)
        try:
            take_step(rehearsal, self._setting.house, dial)
        except WouldWrite:
            return None
        except PinWanted as wanted:
            return await desk.check(row, wanted.pin, loose=loose, now_ms=now_ms)
        return None

    async def _bury(self, dial: Dial, fault: str) -> Screen:
        """Keep that our own fault kept a step from being done, and say so."""
        at = sessions.find(self._store.peek, dial.link, dial.session)
        money = at is not None and at.page == Page.pay_pin
        return await self._close(dial, Failed(money=money), fault)

    async def _close(self, dial: Dial, reply: Reply, fault: str = "") -> Screen:
        """End a session without having done what the step asked for."""
        house = self._setting.house
        return await self._store.write(
            lambda tx: break_off(tx, house, dial, reply, fault)
        )


def _over(tx: Tx, link: str, ended: Ended) -> None:
    found = sessions.find(tx, link, ended.session)
    if found is None or not ended.shown:
        return
    sessions.keep(tx, replace(found, over=True))
    shown = sessions.receipts(tx, link, ended.session)
    sessions.withdraw(tx, link, ended.session, shown)

"""What a webhook brings: believed or not, read or not, kept or not.

What comes in: a `Hook`. What goes out: a `HookAnswer`, 200 only once everything in it
is kept by the house: texts, parts of texts and delivery reports, each under a key that
is the same when the vendor brings it again. One that cannot be kept keeps no other
back; the vendor is told to come again and meets the keys. Nothing of a webhook is ever
logged but that there was one. The vendor's part is an `Aggregator`; the house answers
in `smsgate.gateway`.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, assert_never

from modem.aggregators.wire import HeardReport, HeardText
from modem.errors import NotKept
from modem.hooks import Forged, HookAnswer, Unreadable
from modem.http.once import Once
from modem.http.parts import Parts, Piece
from modem.link import Incoming, IncomingPart, Report, Wholeness

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from modem.aggregators.wire import Aggregator, Heard
    from modem.hooks import Hook
    from modem.http.link import Clock
    from modem.http.parts import PieceSet
    from modem.link import House, LostText

log = logging.getLogger(__name__)

#: After so many seconds what was not kept may be sent again.
RETRY_AFTER_S = 5
#: One line of the log in so many seconds for those that are not believed, and one for
#: those that cannot be read, however many there are.
_LOG_S = 60.0

FORGED = HookAnswer(status=401)
UNREADABLE = HookAnswer(status=400)
NOT_NOW = HookAnswer(status=503, retry_after_s=RETRY_AFTER_S)


class Hearing:
    """The receiving half of a link over HTTP."""

    def __init__(
        self, name: str, aggregator: Aggregator, clock: Clock, offset: timedelta
    ) -> None:
        """Read what `aggregator` understands; `offset` corrects its times."""
        self._name = name
        self._aggregator = aggregator
        self._clock = clock
        self._offset = offset
        self._once = Once()
        self._parts = Parts()
        # Some vendors look for a word of theirs in the answer.
        self._ok = HookAnswer(status=200, body=aggregator.traits.hook_ok_body)
        #: Where texts go; None while the link does not run.
        self.house: House | None = None
        #: Webhooks that were refused.
        self.forged = 0
        self.unreadable = 0
        #: Until when no other of its kind is told.
        self._quiet_until_s: dict[type[Exception], float] = {}

    def believe(self, hook: Hook) -> None:
        """Check a webhook's signature, time and nonce.

        Raises:
            Forged: something is wrong with one of them.
        """
        nonce = self._aggregator.verify(hook)
        if not nonce:
            return
        about = b"\0".join((hook.method.encode(), hook.url.encode(), hook.body))
        if self._once.used_otherwise(nonce, about, self._clock.monotonic()):
            raise Forged("its signature was used for another request before")

    async def take(self, hook: Hook) -> HookAnswer:
        """Verify, read and keep what a webhook brings."""
        try:
            self.believe(hook)
        except Forged as error:
            self.forged += 1
            self._complain(error)
            return FORGED
        try:
            heard = self._aggregator.hear(hook)
        except Unreadable as error:
            self.unreadable += 1
            self._complain(error)
            return UNREADABLE
        except Exception:
            # A fault of ours: what it trips over is not what the vendor documents.
            self.unreadable += 1
            log.exception("link %s: a webhook could not be read", self._name)
            return UNREADABLE
        kept = [await self._kept(item, hook) for item in heard]
        return self._ok if all(kept) else NOT_NOW

    def _complain(self, why: Forged | Unreadable) -> None:
        now_s = self._clock.monotonic()
        if now_s < self._quiet_until_s.get(type(why), now_s):
            return
        self._quiet_until_s[type(why)] = now_s + _LOG_S
        log.warning(
            "link %s: a webhook is refused: %s (%d not believed, %d not readable "
            "since the start)",
            self._name,
            why,
            self.forged,
            self.unreadable,
        )

    async def _kept(self, item: Heard, hook: Hook) -> bool:
        """Hand one thing to the house; say whether it is kept."""
        house = self.house
        if house is None:
            return False
        match item:
            case HeardText(part=None):
                return await self._offered(house.receive(self._incoming(item)))
            case HeardText():
                return await self._offered(self._take_part(house, item))
            case HeardReport():
                return await self._offered(house.report(self._report(item)))
            case _:
                assert_never(item)

    async def _offered(self, offer: Awaitable[None]) -> bool:
        """Wait for the house; say whether it kept what it was offered.

        Where it fails by a fault of its own, that too is no more than one thing that is
        not kept: others, and the link, go on.
        """
        try:
            await offer
        except NotKept:
            return False
        except Exception as error:  # noqa: BLE001 - it is offered again, whatever it is
            # Its words may hold the text.
            kind = type(error).__name__
            log.error("link %s: the house failed at a text: %s", self._name, kind)  # noqa: TRY400
            return False
        return True

    def _incoming(self, heard: HeardText) -> Incoming:
        key, named = self._key(heard)
        return Incoming(
            link=self._name,
            key=key,
            sender=heard.sender,
            text=heard.text,
            sent_at=None if heard.sent_at is None else heard.sent_at + self._offset,
            named=named,
        )

    def _key(self, heard: HeardText) -> tuple[bytes, bool]:
        """Return what tells a text apart, and whether that is the vendor's id."""
        if heard.id:
            return b"id\0" + heard.id.encode(), True
        words: tuple[bytes, ...] = (
            heard.sender.encode(),
            heard.text.encode("utf-8", "surrogatepass"),
        )
        if heard.part is not None:
            place = f"{heard.part.reference}/{heard.part.number}/{heard.part.total}"
            words = (*words, place.encode())
        if heard.sent_at is None:
            now_s = self._clock.monotonic()
            return b"alike\0" + self._once.alike(*words, now_s=now_s), False
        told = (*words, heard.sent_at.isoformat().encode())
        return b"".join(len(one).to_bytes(4, "big") + one for one in told), False

    def _report(self, heard: HeardReport) -> Report:
        return Report(
            link=self._name,
            reference=heard.reference,
            to=heard.to,
            status=heard.status,
            at=heard.at,
            code=heard.code,
            opted_out=heard.opted_out,
        )

    # ---- parts of long texts

    async def _take_part(self, house: House, heard: HeardText) -> None:
        """Note a part; hand the text over once it is whole."""
        part, incoming = heard.part, self._incoming(heard)
        if part is None:
            raise AssertionError("a whole text was taken for a part")
        noted = await house.part(
            IncomingPart(
                link=self._name,
                key=incoming.key,
                sender=heard.sender,
                reference=part.reference,
                number=part.number,
                total=part.total,
                sent_at=incoming.sent_at,
            )
        )
        if noted.over:
            return
        piece = Piece(
            id=noted.id,
            key=incoming.key,
            number=part.number,
            text=heard.text,
            sent_at=incoming.sent_at,
        )
        found = self._parts.add(heard, piece, self._clock.monotonic())
        if found.too_long:
            await self._hand_over(house, found, Wholeness.too_long)
        elif found.whole:
            await self._hand_over(house, found, Wholeness.whole)

    async def _hand_over(self, house: House, found: PieceSet, how: Wholeness) -> None:
        await house.receive(
            Incoming(
                link=self._name,
                key=b"parts\0" + found.key,
                sender=found.sender,
                text=found.text if how is Wholeness.whole else "",
                sent_at=found.sent_at,
                wholeness=how,
                named=True,
                parts=found.ids,
            )
        )
        self._parts.done(found)

    async def give_up_overdue(self) -> None:
        """Have sets answered as incomplete whose other parts never came."""
        if self.house is None:
            return
        for found in self._parts.overdue(self._clock.monotonic()):
            how = Wholeness.whole if found.whole else Wholeness.incomplete
            # One that must wait, as payments may, keeps no other back.
            await self._offered(self._hand_over(self.house, found, how))

    async def answer_lost(self) -> bool:
        """Have what an earlier run lost answered as incomplete; say whether all was."""
        house = self.house
        if house is None:
            return False
        offered: set[bytes] = set()
        all_kept = True
        while True:
            try:
                named = await house.lost(self._name)
            except NotKept:
                return False
            # The house names so many at a time.
            lost = [one for one in named if one.key not in offered]
            if not lost:
                return all_kept
            for one in lost:
                offered.add(one.key)
                kept = await self._offered(house.receive(self._lost(one)))
                all_kept = all_kept and kept

    def _lost(self, lost: LostText) -> Incoming:
        return Incoming(
            link=self._name,
            key=b"lost\0" + lost.key,
            sender=lost.sender,
            text="",
            sent_at=lost.sent_at,
            wholeness=Wholeness.incomplete,
            named=True,
            parts=lost.parts,
        )

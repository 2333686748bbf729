"""What lies in the memories of a modem, and what of it the house is offered when.

What comes in: listings, and what the house said to an offer. What goes out: `Offer`s
in the order the network took the texts, and the slots that may be emptied. Nothing is
offered while it is being handled; what is not kept stays, and holds back later texts
of its sender, so that nobody's `SI` overtakes the payment it belongs to. One shelf
lives as long as one connection, because a slot means nothing on another. Used by
`modem.gsm.session`; offers are handed on in `modem.gsm.lanes`.
"""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from modem.gsm.offers import Offer, noise, report, text, text_of_parts
from modem.gsm.parts import Part, PartSet, Slot, crowding, gather, wholeness
from modem.gsm.past import Past
from modem.link import Wholeness
from modem.pdu import BadPdu, Deliver, StatusReport, content_key, decode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from modem.gsm.at import Listed
    from modem.gsm.settings import Clock, GsmSettings

#: The memory of messages that came without being stored.
DIRECT = ""
#: How often a slot may be listed without its message before that is what it holds.
_UNSHOWN_MAX = 3
_HELD_MAX_S = 30.0


@dataclass(slots=True, kw_only=True, eq=False)
class _Entry:
    """One message in one slot."""

    slot: Slot
    pdu: bytes = field(repr=False)
    message: Deliver | StatusReport | BadPdu = field(repr=False)
    #: Set for one part of several.
    part: Part | None
    #: Listed whole, or twice alike.
    sound: bool
    #: Offered, or to be deleted.
    taken: bool = False
    doomed: bool = False
    since_s: float = field(default_factory=time.monotonic)


class Shelf:
    """The messages in all memories of one connection."""

    def __init__(
        self,
        link: str,
        settings: GsmSettings,
        clock: Clock,
        *,
        past: Past,
        under_way: set[bytes],
    ) -> None:
        """Begin empty.

        `under_way` are keys the house is handling, for this connection or an earlier
        one; they are taken out by the owner.
        """
        self._link = link
        self._settings = settings
        self._clock = clock
        self._under_way = under_way
        self._entries: dict[Slot, _Entry] = {}
        self._totals: dict[str, int] = {}
        self._unshown: dict[Slot, int] = {}
        self._held: dict[str, tuple[float, float]] = {}
        self._past = past
        self._count = 0
        self._doomed: deque[_Entry] = deque()
        #: What lay in slots that were to be emptied since their memory was listed.
        self._emptied: dict[Slot, _Entry] = {}

    def listed(self, memory: str, total: int, entries: Iterable[Listed]) -> int:
        """Take a listing of one memory; tell how many slots were used a poll ago."""
        before = {slot: e for slot, e in self._entries.items() if slot[0] == memory}
        now = {}
        for listed in entries:
            entry = self._listed((memory, listed.index), listed, before)
            if entry is not None:
                now[entry.slot] = entry
        for slot in before.keys() - now.keys():
            del self._entries[slot]
        self._entries |= now
        for slot in [s for s in self._emptied if s[0] == memory and s not in now]:
            del self._emptied[slot]
        self._totals[memory] = total
        old_s = time.monotonic() - self._settings.poll_s
        return sum(entry.since_s <= old_s for entry in now.values())

    def _listed(
        self, slot: Slot, listed: Listed, before: dict[Slot, _Entry]
    ) -> _Entry | None:
        pdu, sound, known = listed.pdu, listed.sound, before.get(slot)
        if pdu is None:
            # A bad cable, most likely; what was known of it stays known.
            self._unshown[slot] = self._unshown.get(slot, 0) + 1
            if known is not None or self._unshown[slot] < _UNSHOWN_MAX:
                return known
            pdu, sound = b"", True
        if known is not None and known.pdu == pdu:
            known.sound = True
            return known
        self._unshown.pop(slot, None)
        entry = self._entry(slot, pdu, sound=sound)
        emptied = self._emptied.pop(slot, None)
        if emptied is not None and emptied.pdu == pdu:
            # Its deletion did nothing: it has been here all the time.
            entry.since_s = emptied.since_s
        return entry

    def direct(self, pdu: bytes) -> None:
        """Take a message that came without being stored."""
        self._count += 1
        slot = (DIRECT, self._count)
        self._entries[slot] = self._entry(slot, pdu, sound=True)

    def unstored(self) -> list[bytes]:
        """Messages that are nowhere but here; for the shelf of the next connection."""
        return [e.pdu for slot, e in self._entries.items() if slot[0] == DIRECT]

    def _entry(self, slot: Slot, pdu: bytes, *, sound: bool) -> _Entry:
        message = _read(pdu)
        part = None
        if isinstance(message, Deliver) and message.concat:
            concat = message.concat
            if concat.total > 1:
                part = Part(
                    slot=slot,
                    deliver=message,
                    group=(
                        message.sender,
                        message.sender_type,
                        concat.reference,
                        concat.bits,
                        concat.total,
                    ),
                    number=concat.number,
                    mark=self._past.mark(content_key(message)),
                    seen_s=self._clock.monotonic(),
                )
        return _Entry(slot=slot, pdu=pdu, message=message, part=part, sound=sound)

    def offers(self) -> list[Offer]:
        """Everything the house can be offered now, oldest first."""
        free = [e for e in self._entries.values() if e.sound and not e.taken]
        found = [*self._single(free), *self._sets(free)]
        found.sort(key=lambda offer: (offer.at, offer.slots[0]))
        now_s = time.monotonic()
        ready = []
        held = {lane for lane, (until, _) in self._held.items() if until > now_s}
        for offer in found:
            if offer.lane in held or offer.key in self._under_way:
                # Later texts of the same sender wait too.
                held.add(offer.lane)
                continue
            self._take(offer)
            ready.append(offer)
        return ready

    def _take(self, offer: Offer) -> None:
        self._under_way.add(offer.key)
        for slot in offer.slots:
            self._entries[slot].taken = True
        offer.pdus = tuple(self._entries[slot].pdu for slot in offer.slots)
        if offer.parts is not None:
            self._past.offered(offer.parts)

    def _single(self, free: list[_Entry]) -> Iterator[Offer]:
        offset = timedelta(minutes=self._settings.time_offset_minutes)
        for entry in free:
            match entry.message:
                case Deliver() as message if entry.part is None:
                    yield text(self._link, entry.slot, message, offset)
                case StatusReport() as message:
                    yield report(self._link, entry.slot, entry.pdu, message, offset)
                case BadPdu() as message:
                    yield noise(self._link, entry.slot, entry.pdu, message)
                case _:
                    pass

    def _sets(self, free: list[_Entry]) -> Iterator[Offer]:
        offset = timedelta(minutes=self._settings.time_offset_minutes)
        fresh = []
        for entry in free:
            if entry.part is None:
                continue
            match self._past.known(entry.part):
                case None:
                    fresh.append(entry.part)
                case True:
                    # The text it belongs to is kept; nobody is told twice.
                    self._doom(entry)
                case False:
                    pass
        for found, whole in self._judged(gather(fresh, self._settings)):
            yield text_of_parts(self._link, found, whole, offset)

    def _judged(self, sets: list[PartSet]) -> Iterator[tuple[PartSet, Wholeness]]:
        now, now_s = self._clock.now(), self._clock.monotonic()
        waiting = []
        for found in sets:
            whole = wholeness(found, now, now_s, self._settings)
            if whole is None:
                waiting.append(found)
            else:
                yield found, whole
        grace_s = self._settings.parts_grace_s
        for found in crowding(waiting, self._totals, now_s, grace_s):
            yield found, Wholeness.incomplete

    def settle(self, offer: Offer, *, kept: bool) -> None:
        """Take note of what the house said to an offer of this connection."""
        for slot, pdu in zip(offer.slots, offer.pdus, strict=True):
            entry = self._entries.get(slot)
            # What lies there now may be another message.
            if entry is None or entry.pdu != pdu:
                continue
            if kept:
                self._doom(entry)
            else:
                entry.taken = False
        if kept:
            self._held.pop(offer.lane, None)
        else:
            self._hold(offer.lane)

    def _hold(self, lane: str) -> None:
        """Offer nothing of this sender for a while, each time for longer."""
        until, last_s = self._held.get(lane, (0.0, self._settings.offer_again_s / 2))
        now_s = time.monotonic()
        if until <= now_s:
            last_s = min(last_s * 2, _HELD_MAX_S)
            self._held[lane] = now_s + last_s, last_s

    def _doom(self, entry: _Entry) -> None:
        entry.taken = True
        if entry.slot[0] == DIRECT:
            self._entries.pop(entry.slot, None)
        elif not entry.doomed:
            entry.doomed = True
            self._doomed.append(entry)

    def next_deletion(self, memory: str) -> Slot | None:
        """Take out a slot to be emptied, one of this memory if there is any.

        It is forgotten at once and never handed out twice: whether it is empty, and
        what lies in it then, only the next listing can tell.
        """
        while self._doomed:
            if self._doomed[0].slot[0] != memory:
                # Slots of one memory come together; another has to be chosen first.
                self._doomed = deque(
                    sorted(self._doomed, key=lambda entry: entry.slot[0] != memory)
                )
            entry = self._doomed[0]
            if self._entries.get(entry.slot) is not entry:
                self._doomed.popleft()
                continue
            return entry.slot
        return None

    def forget(self, slot: Slot) -> None:
        """Forget a slot that is being emptied."""
        entry = self._entries.pop(slot, None)
        if entry is not None:
            self._emptied[slot] = entry

    def due_s(self) -> float:
        """Seconds until a held text may be offered again; infinite without one."""
        now_s = time.monotonic()
        for lane in [n for n, (until, s) in self._held.items() if until + s < now_s]:
            del self._held[lane]
        times = [until - now_s for until, _ in self._held.values() if until > now_s]
        return min(times, default=float("inf"))


def _read(pdu: bytes) -> Deliver | StatusReport | BadPdu:
    try:
        return decode(pdu)
    except BadPdu as error:
        return error
    except Exception as error:  # noqa: BLE001 - whatever it is, the rest is read
        bad = BadPdu(f"the codec fails at these bytes ({type(error).__name__})")
        bad.body = pdu
        return bad

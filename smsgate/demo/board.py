"""What the page shows, and who looks at it: phones, modem and books, kept up to date.

What comes in: what people do on the page, texts that phones receive, screens of their
sessions, and whatever changes in the books. What goes out: a snapshot for each new
reader, then one event for each change. All of it lives in memory and in the event loop;
nothing here is stored.
The readers come through `smsgate.demo.routes`; the page itself is in `page/`.
"""

from __future__ import annotations

import asyncio
import itertools
from collections import deque
from contextlib import contextmanager
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from modem.text import is_gsm, septets
from smsgate.demo.books import books, mark
from smsgate.demo.exchange import TYPED_MAX
from smsgate.demo.stage import DIALLED, NUMBER, DemoError
from smsgate.phone import e164

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from modem.simulator import Text
    from smsgate.demo.exchange import Exchange, Shown
    from smsgate.demo.stage import Stage
    from smsgate.operations import Document

#: How many texts a phone remembers.
_SCREEN = 60
#: How many phones there can be: the members', and others that `smsgate phone` takes.
_PHONES_MAX = 50
#: A text longer than three segments is refused by the gateway anyway.
TEXT_MAX = 480
#: How often it is looked whether the books or the modem have changed, seconds.
_BEAT_S = 0.2
#: A reader that is this far behind is let go; the page then connects again.
_EVENTS_MAX = 500
#: The GSM alphabet ends below this.
_CODES = range(0x20, 0x2100)

#: One event, or None: there will be no more.
Event = tuple[str, "Document"] | None


class Board:
    """Everything on the page."""

    def __init__(self, stage: Stage, exchange: Exchange, language: str) -> None:
        """Show this stage; `language` is the page's first one."""
        self._stage = stage
        self._exchange = exchange
        self._language = language
        self._zone = ZoneInfo(stage.running.config.network.timezone)
        self._ids = itertools.count(1)
        self._bubbles: dict[str, deque[Document]] = {
            player.phone: deque(maxlen=_SCREEN) for player in stage.players
        }
        #: What each phone shows of a session until somebody takes note of its end.
        self._screens: dict[str, Document] = {}
        self._last: dict[str, tuple[str, datetime]] = {}
        self._plugged = True
        self._readers: set[asyncio.Queue[Event]] = set()
        self._closed = False
        stage.listeners.append(self._hear)

    # ---- what people do

    def send(self, phone: str, text: str) -> None:
        """Have a phone send a text.

        Raises:
            DemoError: there is no such phone, or no phone can send that.
        """
        phone = self._known(phone)
        if not text.strip() or len(text) > TEXT_MAX:
            raise DemoError(f"write 1 to {TEXT_MAX} characters")
        self._deliver(phone, text, self._stage.say(phone, text), again=False)

    def _known(self, number: str) -> str:
        """Return a phone that has a screen, given one where it has none yet."""
        config = self._stage.running.config
        phone = e164(number, config.network.country)
        if phone is None or (
            phone not in self._bubbles and len(self._bubbles) >= _PHONES_MAX
        ):
            raise DemoError("there is no such phone: load the page again")
        self._bubbles.setdefault(phone, deque(maxlen=_SCREEN))
        return phone

    def redeliver(self, phone: str) -> None:
        """Have the network deliver a phone's last text again.

        Raises:
            DemoError: that phone has not sent any.
        """
        if phone not in self._last:
            raise DemoError("this phone has not sent a text yet: write one first")
        text, at = self._last[phone]
        self._deliver(phone, text, self._stage.say(phone, text, at), again=True)

    async def dial(self, phone: str, code: str) -> None:
        """Have a phone dial a service code, with more behind it or not.

        Raises:
            DemoError: there is no such phone, or nobody has that code.
        """
        phone = self._known(phone)
        self._screen(phone, await self._exchange.dial(phone, code))

    async def answer(self, phone: str, text: str) -> None:
        """Have a phone answer the screen it shows.

        Raises:
            DemoError: it shows none, or no phone can send that.
        """
        phone = self._known(phone)
        self._screen(phone, await self._exchange.answer(phone, text))

    async def hang_up(self, phone: str) -> None:
        """Have a phone leave its session, or the last screen of one.

        Raises:
            DemoError: there is no such phone.
        """
        phone = self._known(phone)
        await self._exchange.hang_up(phone)
        self._screen(phone, None)

    async def plug(self, *, plugged: bool) -> None:
        """Put the modem in, or pull it out."""
        self._plugged = plugged
        await self._stage.plug(plugged=plugged)
        self._publish("modem", self._modem())

    # ---- what they see

    async def snapshot(self) -> Document:
        """Return everything as it is now."""
        return {
            "language": self._language,
            "text_max": TEXT_MAX,
            "alphabet": "".join(c for c in map(chr, _CODES) if is_gsm(c)),
            "pairs": "".join(
                c for c in map(chr, _CODES) if is_gsm(c) and septets(c) > 1
            ),
            "number": NUMBER,
            "dialled": DIALLED,
            "typed_max": TYPED_MAX,
            "members": [
                {
                    "who": player.role.who,
                    "name": player.role.name,
                    "trade": dict(player.role.trade),
                    "phone": player.phone,
                    "code": player.code,
                    "alias": player.role.alias,
                    "language": player.role.language,
                    "limit": player.role.limit,
                    "pin": player.role.pin,
                }
                for player in self._stage.players
            ],
            "bubbles": [
                bubble for bubbles in self._bubbles.values() for bubble in bubbles
            ],
            "screens": list(self._screens.values()),
            "modem": self._modem(),
            "books": await books(self._stage.running),
        }

    @contextmanager
    def reader(self) -> Iterator[asyncio.Queue[Event]]:
        """Take part in every event from now on."""
        queue: asyncio.Queue[Event] = asyncio.Queue(_EVENTS_MAX)
        if self._closed:
            queue.put_nowait(None)
        self._readers.add(queue)
        try:
            yield queue
        finally:
            self._readers.discard(queue)

    async def watch(self) -> None:
        """Look for changes until cancelled: also what a shell does shows."""
        marked, modem = -1, self._modem()
        shown: Document = {}
        while True:
            if (now := mark(self._stage.running)) != marked:
                marked, found = now, await books(self._stage.running)
                # Most commits are about texts only.
                if found != shown:
                    shown = found
                    self._publish("books", shown)
            if (current := self._modem()) != modem:
                modem = current
                self._publish("modem", modem)
            await asyncio.sleep(_BEAT_S)

    def close(self) -> None:
        """Send every reader home."""
        self._closed = True
        for queue in list(self._readers):
            self._part(queue)

    # ---- inside

    def _deliver(self, phone: str, text: str, at: datetime, *, again: bool) -> None:
        self._last[phone] = text, at
        self._show(phone, "out", text, at, again=again)

    def _hear(self, text: Text) -> None:
        if text.to in self._bubbles:
            self._show(text.to, "in", text.text, text.at, again=False)

    def _show(
        self, phone: str, side: str, text: str, at: datetime, *, again: bool
    ) -> None:
        bubble: Document = {
            "id": next(self._ids),
            "phone": phone,
            "side": side,
            "text": text,
            "at": f"{at.astimezone(self._zone):%H:%M}",
            "again": again,
        }
        self._bubbles[phone].append(bubble)
        self._publish("bubble", bubble)

    def _screen(self, phone: str, shown: Shown | None) -> None:
        """Show a screen of a session, or take it off."""
        screen: Document = {"phone": phone, "text": None, "ends": True}
        self._screens.pop(phone, None)
        if shown is not None:
            screen |= {"text": shown.text, "ends": shown.ends}
            self._screens[phone] = screen
        self._publish("screen", screen)

    def _modem(self) -> Document:
        state, modem = self._stage.link.state, self._stage.modem
        return {
            "plugged": self._plugged,
            "status": str(state.status),
            "reason": state.reason,
            "waiting": 0 if self._plugged else modem.waiting,
            "port": self._stage.terminal,
        }

    def _publish(self, name: str, document: Document) -> None:
        for queue in list(self._readers):
            try:
                queue.put_nowait((name, document))
            except asyncio.QueueFull:
                self._part(queue)

    def _part(self, queue: asyncio.Queue[Event]) -> None:
        self._readers.discard(queue)
        while not queue.empty():
            queue.get_nowait()
        queue.put_nowait(None)

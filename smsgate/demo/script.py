"""`smsgate demo --script`: a conversation that plays itself, and then the check.

What comes in: the configuration of a new network. What goes out: the conversation on
standard output, and 0 only if every answer came and `ledger check` finds the books
right. A conversation of minutes takes seconds: the clock begins a little behind and is
moved on between texts. What is said is in `smsgate.demo.scenes`.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from smsgate.clock import SECOND_MS, Clock
from smsgate.demo import scenes
from smsgate.demo.books import books
from smsgate.demo.captions import CAPTIONS
from smsgate.demo.exchange import Exchange, Shown, connected
from smsgate.demo.stage import DemoError, Stage, raised
from smsgate.demo.telling import GATEWAY, Teller
from smsgate.operations.requests import LedgerCheck
from smsgate.operations.table import perform

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from modem.simulator import Text
    from smsgate.demo.cast import Player

#: How long an answer may take before something is wrong.
PATIENCE_S = 20.0
#: What passes between two texts, and what all of them have together.
_STEP_MS = 9 * SECOND_MS
_BEHIND_MS = 300 * SECOND_MS


class PlayClock(Clock):
    """The real clock some minutes ago, moved forward; it never passes the real one."""

    def __init__(self) -> None:
        """Begin behind."""
        self._behind_ms = _BEHIND_MS

    def now_ms(self) -> int:
        """Return milliseconds since 1970, UTC, less what it is behind."""
        return super().now_ms() - self._behind_ms

    def forward(self) -> None:
        """Let the time between two texts pass."""
        self._behind_ms = max(0, self._behind_ms - _STEP_MS)


class Play:
    """What the scenes are played with."""

    def __init__(
        self,
        stage: Stage,
        exchange: Exchange,
        clock: PlayClock,
        teller: Teller,
        language: str,
    ) -> None:
        """Listen to every phone of the stage."""
        self._stage = stage
        self._exchange = exchange
        self._clock = clock
        self._teller = teller
        self._captions = CAPTIONS[language]
        self._heard: dict[str, asyncio.Queue[Text]] = {
            player.phone: asyncio.Queue() for player in stage.players
        }
        self._last: dict[str, tuple[str, datetime]] = {}
        stage.listeners.append(lambda text: self._heard[text.to].put_nowait(text))

    def player(self, who: str) -> Player:
        """Return a member by what everybody calls them."""
        return self._stage.player(who)

    def pin(self, who: str) -> str:
        """Return somebody's practice PIN."""
        return self.player(who).role.pin

    def words(self, payee: str, payer: str) -> dict[str, str]:
        """Return what a payment text needs: the code of one, the PIN of the other."""
        return {"code": self.player(payee).code, "pin": self.pin(payer)}

    def scene(self, caption: str) -> None:
        """Begin a scene."""
        self._teller.scene(self._captions[caption])

    def note(self, caption: str) -> None:
        """Say what cannot be seen."""
        self._teller.note(self._captions[caption])

    def says(self, who: str, text: str) -> None:
        """Have somebody send a text."""
        self._clock.forward()
        phone = self.player(who).phone
        at = self._stage.say(phone, text)
        self._last[who] = text, at
        self._teller.says(who, text, at)

    async def hears(self, who: str) -> str:
        """Wait for the next text to somebody's phone.

        Raises:
            DemoError: none came.
        """
        try:
            async with asyncio.timeout(PATIENCE_S):
                text = await self._heard[self.player(who).phone].get()
        except TimeoutError:
            raise self._stuck(who) from None
        self._teller.hears(who, text.text, text.at)
        return text.text

    async def asks(self, who: str, text: str) -> str:
        """Send a text and wait for the answer."""
        self.says(who, text)
        return await self.hears(who)

    async def dials(self, who: str, code: str, *answers: str) -> None:
        """Have somebody dial a service code and answer its screens to the last.

        Raises:
            DemoError: the last one did not end the session.
        """
        phone = self.player(who).phone
        self._tells(who, code)
        shown = await self._exchange.dial(phone, code)
        self._shows(who, shown)
        for typed in answers:
            self._tells(who, typed)
            shown = await self._exchange.answer(phone, typed)
            self._shows(who, shown)
        if not shown.ends:
            raise self._stuck(who)

    def _tells(self, who: str, typed: str) -> None:
        self._clock.forward()
        self._teller.says(who, typed, self._clock.now())

    def _shows(self, who: str, shown: Shown) -> None:
        self._teller.hears(who, shown.text, self._clock.now())

    async def redelivered(self, who: str) -> None:
        """Have the network deliver somebody's last text again, bit for bit."""
        text, at = self._last[who]
        self._stage.say(self.player(who).phone, text, at)
        self._teller.says(who, text, at)
        await self.quiet()

    def _stuck(self, who: str) -> DemoError:
        words = self._captions["stuck"]
        return DemoError(words.format(who=who, seconds=round(PATIENCE_S)))

    async def quiet(self) -> None:
        """Wait until the modem is read out, and hold that nothing came unexpected.

        Raises:
            DemoError: a text came that was not waited for, or the modem stands still.
        """
        try:
            await asyncio.to_thread(self._stage.modem.wait_empty, PATIENCE_S)
        except TimeoutError:
            raise self._stuck(GATEWAY) from None
        for player in self._stage.players:
            if not self._heard[player.phone].empty():
                words = self._captions["unexpected"]
                raise DemoError(words.format(who=player.role.who))


async def run(config_path: Path, language: str) -> int:
    """Play, check the books, and return the exit code.

    Raises:
        DemoError: an answer did not come.
        SmsgateError: the house cannot be started.
    """
    clock = PlayClock()
    fault: DemoError | None = None
    code = 1
    async with (
        raised(config_path, clock=clock) as stage,
        connected(stage.running) as exchange,
    ):
        zone = ZoneInfo(stage.running.config.network.timezone)
        pins = [player.role.pin for player in stage.players]
        teller = Teller(zone=zone, secrets=[*pins, scenes.WRONG_PIN])
        teller.opening(CAPTIONS[language]["opening"])
        play = Play(stage, exchange, clock, teller, language)
        try:
            await scenes.everything(play)
            await play.quiet()
            code = await conclude(stage, teller, language)
        except DemoError as error:
            # Told once the house is closed: its task group would wrap it up.
            fault = error
    if fault is not None:
        raise fault
    return code


async def conclude(stage: Stage, teller: Teller, language: str) -> int:
    """Print and check the books as `smsgate ledger check` does."""
    captions = CAPTIONS[language]
    shown = await books(stage.running)
    rows = [
        (account["name"], account["balance"], account["limit"])
        for account in shown["accounts"]
    ]
    heads = [captions["member"], captions["balance_head"], captions["limit_head"]]
    teller.books(captions["check"], heads, [*rows, (captions["sum"], shown["sum"], "")])
    answer = await perform(stage.running.desk("demo"), LedgerCheck())
    head = answer.document["head"]
    if answer.exit_code:
        first = answer.document["findings"][0]
        teller.verdict(captions["wrong"].format(**first), good=False)
        return answer.exit_code
    words = captions["right"].format(
        count=shown["count"],
        sum=shown["sum"],
        seq=head["seq"],
        hash=head["hash"][:16],
    )
    teller.verdict(words, good=True)
    return 0

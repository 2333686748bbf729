"""The link itself: sends, knows how it is, and takes webhooks.

What comes in: an `Aggregator` and the texts to send. What goes out: `Sent`, or one of
the three kinds of `modem.errors`. A vendor that asks to be left alone for a while
(Retry-After) is. A text of which nobody knows is told to a vendor once more only when
that vendor knows the same id again; else it is `Unsure`. How the link is comes from
what the vendor really answered, and from a look whether it is reached; after trouble
it is up again a minute later, after more in a row later, to be tried. Webhooks are
read in `modem.http.hearing`, requests made in `modem.http.talking`.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol, assert_never

from modem.aggregators.wire import Accepted, NotNow, Perhaps, Refused
from modem.errors import LinkDown, Rejected, Unsure
from modem.http.hearing import Hearing
from modem.http.talking import Talker
from modem.link import Capabilities, LinkState, LinkStatus, Outgoing, Sent

if TYPE_CHECKING:
    from datetime import datetime

    from modem.aggregators.wire import Aggregator, HttpAnswer, Outcome
    from modem.hooks import Hook, HookAnswer
    from modem.link import House

#: Whatever a vendor asks for, it is tried again after this, seconds.
_QUIET_MAX_S = 600.0
#: How long one trouble in a row makes it a poor way; doubled by each, up to the most.
_TROUBLE_FIRST_S, _TROUBLE_MOST_S = 60.0, 3600.0
#: A text to nobody: only where its request would go is looked at.
_NOBODY = Outgoing(id=0, to="+50370000000", text="")


class Clock(Protocol):
    """What the link needs of a clock; fulfilled by `smsgate.clock.Clock`."""

    def now(self) -> datetime:
        """The time, aware, UTC."""

    def monotonic(self) -> float:
        """Seconds that never go back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpPace:
    """How often things are looked at or tried; seconds."""

    #: Whether the vendor is reached, while it was.
    probe_up_s: float = 60.0
    #: And while it was not.
    probe_down_s: float = 1.0
    #: Whether parts have waited long enough.
    parts_s: float = 5.0
    #: Pauses before a text goes once more under the id that the vendor knows.
    again_s: tuple[float, ...] = (0.5, 2.0)


class HttpLink:
    """One aggregator, or one phone with an app: `modem.link.Link` and `Hooked`."""

    def __init__(
        self,
        *,
        name: str,
        aggregator: Aggregator,
        path_secret: str,
        clock: Clock,
        trusted: bool = False,
        ussd: bool = False,
        time_offset_minutes: int = 0,
        pace: HttpPace | None = None,
    ) -> None:
        """Build it, not yet running; `path_secret` is a part of its webhooks' paths."""
        traits = aggregator.traits
        self._name = name
        self._aggregator = aggregator
        self._path_secret = path_secret
        self._clock = clock
        self._pace = pace or HttpPace()
        self._capabilities = Capabilities(
            send=traits.send,
            # Without an address of its own nothing reaches it.
            receive=traits.receive and bool(path_secret),
            report=traits.report and bool(path_secret),
            sent_times=traits.sent_times,
            window=traits.window,
            trusted=trusted and traits.trusted,
            keeps_sender=traits.keeps_sender,
            idempotent=traits.idempotent,
            ussd=ussd and bool(path_secret),
        )
        self._state = LinkState(status=LinkStatus.starting)
        self._house: House | None = None
        self._talker: Talker | None = None
        self._quiet_until_s = float("-inf")
        #: Set when it is found to be worse than it was.
        self._worse = asyncio.Event()
        #: How many answers in a row were trouble, and until when that counts.
        self._troubles = 0
        self._trouble_until_s = float("-inf")
        self._hearing = Hearing(
            name, aggregator, clock, timedelta(minutes=time_offset_minutes)
        )

    @property
    def name(self) -> str:
        """The name under which the configuration knows this link."""
        return self._name

    @property
    def path_secret(self) -> str:
        """The third part of its webhooks' paths."""
        return self._path_secret

    @property
    def capabilities(self) -> Capabilities:
        """What this link can do."""
        return self._capabilities

    @property
    def state(self) -> LinkState:
        """How this link is right now."""
        return self._state

    # ---- running

    async def run(self, house: House) -> None:
        """Be there until cancelled: look after the far side, and after parts."""
        self._house = self._hearing.house = house
        try:
            async with Talker() as talker, asyncio.TaskGroup() as group:
                self._talker = talker
                group.create_task(self._look_after_parts())
                if self._capabilities.send:
                    group.create_task(self._probe(talker))
                else:
                    self._change(LinkStatus.up)
        finally:
            self._talker = None
            self._change(LinkStatus.down, "The link was stopped.")
            self._house = self._hearing.house = None

    async def _probe(self, talker: Talker) -> None:
        """Look whether the far side is reached: at once when it was not."""
        url = self._aggregator.request(_NOBODY).url
        while True:
            try:
                await talker.reach(url)
            except LinkDown as error:
                self._change(LinkStatus.down, _sentence(error))
            else:
                if self._clock.monotonic() >= self._trouble_until_s:
                    # Whoever has another way sends it nothing until it says this.
                    self._change(LinkStatus.up)
            self._worse.clear()
            try:
                async with asyncio.timeout(self._look_again_s()):
                    # A send may find out that it is gone, long before the next look.
                    await self._worse.wait()
            except TimeoutError:
                continue

    def _look_again_s(self) -> float:
        """How long the next look may wait: where it is not well, no longer than that.

        Nothing else finds out that it is well again while others carry its texts.
        """
        pace = self._pace
        if self._state.status is LinkStatus.down:
            return pace.probe_down_s
        trouble_s = self._trouble_until_s - self._clock.monotonic()
        if trouble_s <= 0:
            return pace.probe_up_s
        return min(pace.probe_up_s, max(trouble_s, pace.probe_down_s))

    async def _look_after_parts(self) -> None:
        lost = True
        while True:
            if lost:
                lost = not await self._hearing.answer_lost()
            await self._hearing.give_up_overdue()
            await asyncio.sleep(self._pace.parts_s)

    def _change(self, status: LinkStatus, reason: str = "") -> None:
        state = LinkState(status=status, reason=reason)
        if state != self._state:
            self._state = state
            if status is not LinkStatus.up:
                self._worse.set()
            if self._house is not None:
                self._house.state_changed(self._name, state)

    # ---- out

    async def send(self, outgoing: Outgoing) -> Sent:
        """Hand a text to the vendor.

        Raises:
            LinkDown: nothing was sent, try again later.
            Rejected: the vendor will never take it.
            Unsure: it was written, and no answer said yes or no.
        """
        talker = self._talker
        if talker is None:
            raise LinkDown("the link is stopped")
        wait_s = self._quiet_until_s - self._clock.monotonic()
        if wait_s > 0:
            raise LinkDown("the vendor asked to wait", retry_after_s=wait_s)
        pauses = self._pace.again_s if self._capabilities.idempotent else ()
        doubt: Unsure | None = None
        for pause_s in (0.0, *pauses):
            await asyncio.sleep(pause_s)
            try:
                return await self._try(talker, outgoing)
            except Unsure as error:
                doubt = error
            except LinkDown:
                # Refused now says nothing of the try before.
                if doubt is None:
                    raise
        if doubt is None:
            raise AssertionError("a try neither came back nor failed")
        raise doubt

    async def _try(self, talker: Talker, outgoing: Outgoing) -> Sent:
        request = self._aggregator.request(outgoing)
        try:
            answer = await talker.call(request, self._aggregator.traits.timeout_s)
        except LinkDown as error:
            self._change(LinkStatus.down, _sentence(error))
            raise
        except Unsure as error:
            self._in_trouble(_sentence(error))
            raise
        _refuse_redirect(answer)
        sent = self._settle(self._aggregator.outcome(answer))
        if not sent.references and request.reference:
            return Sent(references=(request.reference,))
        return sent

    def _settle(self, outcome: Outcome) -> Sent:
        match outcome:
            case Accepted(references=references):
                self._well()
                return Sent(references=references)
            case Refused(reason=reason, code=code, opted_out=opted_out):
                # It talks to us: what is wrong is wrong with this text.
                self._well()
                told = reason if _names(reason, code) else f"{reason} ({code})"
                raise Rejected(told, opted_out=opted_out)
            case NotNow(reason=reason, after_s=after_s):
                self._in_trouble(reason)
                if after_s is not None:
                    quiet_s = min(max(after_s, 0.0), _QUIET_MAX_S)
                    self._quiet_until_s = self._clock.monotonic() + quiet_s
                    self._trouble_until_s = max(
                        self._trouble_until_s, self._quiet_until_s
                    )
                raise LinkDown(reason, retry_after_s=after_s)
            case Perhaps(reason=reason):
                self._in_trouble(reason)
                raise Unsure(reason)
            case _:
                assert_never(outcome)

    def _well(self) -> None:
        self._troubles, self._trouble_until_s = 0, float("-inf")
        self._change(LinkStatus.up)

    def _in_trouble(self, reason: str) -> None:
        doubled = _TROUBLE_FIRST_S * 2 ** min(self._troubles, 6)
        self._troubles += 1
        self._trouble_until_s = self._clock.monotonic() + min(doubled, _TROUBLE_MOST_S)
        self._change(LinkStatus.degraded, reason)

    # ---- in

    def believe(self, hook: Hook) -> None:
        """Check signature, time window and nonce; raises Forged."""
        self._hearing.believe(hook)

    async def take(self, hook: Hook) -> HookAnswer:
        """Verify, read and keep what a webhook brings."""
        return await self._hearing.take(hook)


def _refuse_redirect(answer: HttpAnswer) -> None:
    """Follow nothing: the other place may be anybody's, and a text would go there.

    Raises:
        LinkDown: the vendor is elsewhere, and did nothing.
        Unsure: see elsewhere what was done (303, RFC 9110 section 15.4.4).
    """
    if answer.status == 303:
        raise Unsure("the vendor points elsewhere for its answer (HTTP 303)")
    if 300 <= answer.status < 400:
        raise LinkDown(
            f"the vendor is at another address (HTTP {answer.status}): "
            "correct the one in the configuration"
        )


def _names(reason: str, code: str) -> bool:
    """Say whether a reason has its code in it; it need not be told twice."""
    return re.search(rf"(?<!\w){re.escape(code)}(?!\w)", reason) is not None


def _sentence(error: Exception) -> str:
    """Make a state's reason of an error."""
    words = str(error)
    return f"{words[:1].upper()}{words[1:]}."

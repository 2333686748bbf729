"""The network's side of USSD: phones dial, an aggregator posts each step to the house.

What comes in: a service code that a phone dials, and what is typed on its screens. What
goes out: the screens, fetched from the house's own web server as any aggregator fetches
them, by a form whose `text` grows by a star with each answer; and the notice by which a
session ends. What was typed lives here until its session ends, and is never shown
again. What the screens are shown on is `smsgate.demo.board`.
"""

from __future__ import annotations

import re
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING

import aiohttp

from smsgate.demo.stage import DIALLED, USSD, DemoError
from smsgate.operations.texts import hooks

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from smsgate.clock import Clock
    from smsgate.daemon import Running

#: What a phone sends as a call and not as a text.
CALL = re.compile(r"\*[0-9*]{1,120}#")
#: What may be typed on a screen.
TYPED_MAX = 160
#: How long a network waits for a screen, seconds.
_PATIENCE_S = 10.0
_OPENINGS = {"CON ": False, "END ": True}
_NETWORK = "70601"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a phone shows of its session."""

    text: str
    #: Nothing can be answered any more.
    ends: bool


@asynccontextmanager
async def connected(running: Running) -> AsyncIterator[Exchange]:
    """Connect the phones with a running house while the `async with` block runs."""
    url = hooks.addresses(running.config, USSD, running.clock)[USSD]
    async with aiohttp.ClientSession() as client:
        yield Exchange(client, url, running.clock)


@dataclass(slots=True, kw_only=True)
class _Call:
    """One session; whoever prints it prints nothing that was typed."""

    id: str
    typed: list[str] = field(repr=False)


class Exchange:
    """Carries the sessions of every phone, one a phone at a time."""

    def __init__(self, client: aiohttp.ClientSession, url: str, clock: Clock) -> None:
        """Post to the address that the house has for sessions."""
        self._client = client
        self._url = url
        self._clock = clock
        self._calls: dict[str, _Call] = {}

    async def dial(self, phone: str, dialled: str) -> Shown:
        """Begin a session; one that was open is cut off.

        Raises:
            DemoError: nobody has that code.
        """
        code = DIALLED.removesuffix("#")
        head, rest = dialled[: len(code)], dialled[len(code) : -1]
        if not CALL.fullmatch(dialled) or head != code or rest[:1] not in ("", "*"):
            raise DemoError(f"no service has this code: dial {DIALLED}")
        await self.hang_up(phone)
        name = f"ATUid_{self._clock.token_bytes(8).hex()}"
        parts = rest[1:].split("*") if rest else []
        self._calls[phone] = _Call(id=name, typed=parts)
        return await self._step(phone)

    async def answer(self, phone: str, typed: str) -> Shown:
        """Answer the screen that the phone shows.

        Raises:
            DemoError: it shows none, or no phone can send that.
        """
        if phone not in self._calls:
            raise DemoError(f"this phone has no session: dial {DIALLED}")
        if len(typed) > TYPED_MAX:
            raise DemoError(f"write at most {TYPED_MAX} characters")
        self._calls[phone].typed.append(typed)
        return await self._step(phone)

    async def hang_up(self, phone: str) -> None:
        """Cut a phone's session off, where it has one."""
        call = self._calls.pop(phone, None)
        if call is not None:
            await self._end(phone, call, "Incomplete")

    async def _step(self, phone: str) -> Shown:
        call = self._calls[phone]
        told = await self._post(phone, call, text="*".join(call.typed))
        ends = _OPENINGS.get(told[:4])
        if ends is None:
            # As a network does: it drops the session, and says nothing of use.
            self._calls.pop(phone, None)
            return Shown(text="Connection problem or invalid MMI code.", ends=True)
        if ends:
            self._calls.pop(phone, None)
            await self._end(phone, call, "Success")
        return Shown(text=told[4:], ends=ends)

    async def _end(self, phone: str, call: _Call, status: str) -> None:
        """Tell the house how a session ended; it may do without."""
        facts = {"status": status, "hopsCount": str(len(call.typed))}
        await self._post(phone, call, durationInMillis="0", cost="0", **facts)

    async def _post(self, phone: str, call: _Call, **more: str) -> str:
        """Post a form; return what is answered, or "" where that is no screen."""
        form = {
            "sessionId": call.id,
            "phoneNumber": phone,
            "networkCode": _NETWORK,
            "serviceCode": DIALLED,
            **more,
        }
        patience = aiohttp.ClientTimeout(total=_PATIENCE_S)
        try:
            async with self._client.post(
                self._url, data=form, timeout=patience
            ) as answer:
                if answer.status == HTTPStatus.OK:
                    return await answer.text()
        except (aiohttp.ClientError, TimeoutError):
            pass
        return ""

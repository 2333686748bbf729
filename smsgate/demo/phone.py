"""`smsgate phone`: a phone in the terminal, on the emulated modem of a running demo.

What comes in: lines that somebody types, or that a pipe holds. What goes out: each as a
text from the phone in the hand, what that phone and the others receive, and what every
text costs. A service code such as *123# is dialled, and while its session lasts lines
answer its screens. A line that begins with / is for the terminal itself: take another
phone, see the history. From a pipe, each line waits for its answer before the next.
"""

from __future__ import annotations

import asyncio
import readline
import sys
import threading
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from smsgate.demo.exchange import CALL
from smsgate.demo.handset import Handset
from smsgate.demo.stage import COUNTRY, DIALLED, DemoError
from smsgate.demo.visit import NoDemo, Visit, visiting

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Iterable
    from decimal import Decimal

    from smsgate.operations import Document

#: How long a pipe waits for an answer before it goes on.
_ANSWER_S = 10.0
#: How long it listens after its last answer: receipts of others follow.
_QUIET_S = 1.0
_WIPE = "\r\033[K"
#: What stands behind the slash, in both languages.
_ORDERS = {
    "/phone": "take", "/telefono": "take",
    "/phones": "phones", "/telefonos": "phones",
    "/history": "history", "/historia": "history",
    "/costs": "costs", "/costos": "costs",
    "/cancel": "hang_up", "/cancelar": "hang_up",
    "/quit": "quit", "/salir": "quit",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What was asked for at the shell."""

    port: int
    #: Whose phone to take first: a name, code, alias or number; None: the first one.
    who: str | None
    #: Of one SMS.
    price: Decimal


def main(wanted: Wanted) -> int:
    """Talk until the input or the demo ends; return 0.

    Raises:
        NoDemo: none runs at that port.
        DemoError: there is no such phone.
    """
    return asyncio.run(_talk(wanted))


async def _talk(wanted: Wanted) -> int:
    async with visiting(wanted.port) as visit, aclosing(visit.events()) as events:
        _, snapshot = await anext(events)
        handset = Handset(
            country=COUNTRY,
            price=wanted.price,
            language=snapshot["language"],
            members=tuple(snapshot["members"]),
            texts=list(snapshot["bubbles"]),
            screens={
                one["phone"]: one for one in snapshot["screens"] if not one["ends"]
            },
        )
        phone = handset.find(wanted.who or snapshot["members"][0]["who"])
        if phone is None:
            raise DemoError(handset.words["no_phone"])
        terminal = _Terminal(visit, handset)
        await terminal.talk(phone, events)
    return 0


class _Terminal:
    """Somebody with a handset."""

    def __init__(self, visit: Visit, handset: Handset) -> None:
        self._visit = visit
        self._handset = handset
        self._typed = sys.stdin.isatty()
        self._lines: asyncio.Queue[str | None] = asyncio.Queue()
        self._ready = threading.Event()
        self._answered = asyncio.Event()

    async def talk(
        self, phone: str, events: AsyncIterator[tuple[str, Document]]
    ) -> None:
        """Take a phone, and go on until the input or the demo ends."""
        opening = self._handset.words["opening"].format(dialled=DIALLED)
        self._show([opening, self._handset.take(phone), *self._handset.screen()])
        loop = asyncio.get_running_loop()
        # A daemon: it may wait for a line for ever, and nobody waits for it.
        threading.Thread(target=self._read, args=(loop,), daemon=True).start()
        async with asyncio.TaskGroup() as group:
            listening = group.create_task(self._listen(events))
            try:
                await self._type()
            finally:
                listening.cancel()

    async def _listen(self, events: AsyncIterator[tuple[str, Document]]) -> None:
        async for name, document in events:
            if name == "bubble":
                self._show(self._handset.heard(document))
                answers = document["side"] == "in"
            elif name == "screen":
                self._show(self._handset.screened(document))
                answers = True
            else:
                continue
            if answers and document["phone"] == self._handset.phone:
                self._answered.set()
        self._show([self._handset.words["ended"]])
        self._lines.put_nowait(None)

    async def _type(self) -> None:
        while True:
            self._ready.set()
            line = await self._lines.get()
            if line is None:
                break
            if line.startswith("/"):
                if not await self._order(*line.split(maxsplit=1)):
                    return
            elif line.strip():
                await self._write(line.strip())
        if not self._typed:
            # Receipts of others follow; nothing says which is the last.
            await asyncio.sleep(_QUIET_S)

    async def _write(self, line: str) -> None:
        """Dial a line, answer a screen with it, or send it as a text."""
        handset, visit = self._handset, self._visit
        self._answered.clear()
        if not self._typed:
            self._show([f"{handset.name(handset.phone)} → {line}"])
        if CALL.fullmatch(line):
            await self._ask(visit.dial(handset.phone, line))
        elif handset.in_session:
            await self._ask(visit.answer(handset.phone, line))
        else:
            self._show([handset.sent(line)])
            await self._ask(visit.send(handset.phone, line))

    async def _ask(self, asked: Awaitable[None]) -> None:
        """Do what a phone does; from a pipe, wait until it is answered."""
        try:
            await asked
        except DemoError as error:
            self._show([str(error)])
            return
        except NoDemo:
            # Its events end too, and that is told once.
            return
        if not self._typed:
            try:
                async with asyncio.timeout(_ANSWER_S):
                    await self._answered.wait()
            except TimeoutError:
                self._show([self._handset.words["silence"]])

    async def _order(self, word: str, rest: str = "") -> bool:
        """Do what the terminal was told; False where that is to end."""
        handset = self._handset
        match _ORDERS.get(word.lower()):
            case "take":
                phone = handset.find(rest.strip())
                known = handset.words["no_phone"] if phone is None else ""
                self._show([known or handset.take(phone or ""), *handset.screen()])
            case "phones":
                self._show(handset.phones())
            case "history":
                self._show(handset.history())
            case "costs":
                self._show(handset.costs())
            case "hang_up":
                if handset.in_session:
                    await self._ask(self._visit.hang_up(handset.phone))
            case "quit":
                return False
            case _:
                self._show([handset.words["opening"].format(dialled=DIALLED)])
        return True

    # ---- the terminal itself

    def _prompt(self) -> str:
        handset = self._handset
        where = f" {DIALLED}" if handset.in_session else ""
        return f"{handset.name(handset.phone)}{where}> "

    def _show(self, lines: Iterable[str]) -> None:
        """Print lines above what is being typed."""
        told = list(lines)
        if not told:
            return
        if not self._typed:
            sys.stdout.write("\n".join(told) + "\n")
        else:
            typing = self._prompt() + readline.get_line_buffer()
            sys.stdout.write(_WIPE + "\n".join(told) + "\n")
            if not self._ready.is_set():
                sys.stdout.write(typing)
        sys.stdout.flush()

    def _read(self, loop: asyncio.AbstractEventLoop) -> None:
        """Hand over one line at a time, in a thread, until there are no more."""
        # From a pipe, a file of its own: at exit nobody may hold the lock of stdin.
        piped = None if self._typed else open(sys.stdin.fileno(), closefd=False)  # noqa: SIM115
        line: str | None = ""
        while line is not None:
            self._ready.wait()
            self._ready.clear()
            try:
                line = input(self._prompt()) if piped is None else next(piped, None)
            except (EOFError, KeyboardInterrupt):
                line = None
            told = None if line is None else line.rstrip("\n")
            try:
                loop.call_soon_threadsafe(self._lines.put_nowait, told)
            except RuntimeError:
                # The demo has ended, and the loop with it.
                return

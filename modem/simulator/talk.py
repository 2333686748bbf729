"""The conversation of an emulated modem: from bytes to commands to answers.

What comes in: whatever a driver writes, in any pieces. What goes out: echo, answers,
the `> ` prompt, and the faults that were asked for. One command is under way at a time
and the next waits in the buffer. Commands are looked up in `modem.simulator.general`
and `modem.simulator.sms`.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from modem.simulator.faults import Faults, Kind
from modem.simulator.request import Handler, Lines, Prompt, Refused, parse, split

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_SUBSTITUTE = 0x1A
#: A longer line is no command; it is thrown away.
_LINE_MAX_BYTES = 4_096


@dataclass(frozen=True, slots=True, kw_only=True)
class _Waiting:
    command: str
    prompt: Prompt


class Talk:
    """The line discipline, without any knowledge of what commands mean."""

    def __init__(
        self,
        handlers: Mapping[str, Handler],
        faults: Faults,
        write: Callable[[bytes], None],
        hang_up: Callable[[], None],
    ) -> None:
        """Begin with echo on, as after power-on."""
        self._handlers = handlers
        self._faults = faults
        self._write = write
        self._hang_up = hang_up
        self._heard = bytearray()
        self._waiting: _Waiting | None = None
        self._due: tuple[float, Callable[[], None]] | None = None
        self._afterwards: list[str] = []
        self.echo = True
        #: Seconds from a command to its answer.
        self.latency_s = 0.0
        #: Seconds the radio needs for a submitted message.
        self.radio_s = 0.0

    def reset(self) -> None:
        """Forget what is under way, as when power is cut."""
        self._heard.clear()
        self._waiting = None
        self._due = None
        self._afterwards.clear()
        self.echo = True

    def hear(self, data: bytes) -> None:
        """Take bytes from the driver."""
        if not self._faults.deaf:
            self._heard += data

    def tick(self) -> float | None:
        """Answer what can be answered; tell when the next answer is due."""
        while True:
            if self._due is not None:
                when, action = self._due
                if when > time.monotonic():
                    return when
                self._due = None
                action()
            elif not self._next():
                return None

    def say(self, *lines: str) -> None:
        """Write lines of an answer or an unsolicited result code."""
        if not self._faults.deaf:
            self._write("".join(f"\r\n{line}\r\n" for line in lines).encode())

    def say_afterwards(self, *lines: str) -> None:
        """Write lines once the answer to the present command is out."""
        self._afterwards += lines

    def _next(self) -> bool:
        """Begin with the next whole piece of what was heard, if there is one."""
        return self._next_line() if self._waiting is None else self._next_body()

    def _next_line(self) -> bool:
        end = self._heard.find(b"\r")
        if end < 0:
            if len(self._heard) > _LINE_MAX_BYTES:
                self._heard.clear()
            return False
        raw = bytes(self._heard[: end + 1])
        del self._heard[: end + 1]
        if self.echo:
            self._write(raw)
        # An escape ends whatever was typed before it.
        line = raw.rpartition(b"\x1b")[2].decode("latin-1").strip()
        if line[:2].upper() == "AT":
            self._later(line, self.latency_s, lambda: self._run(line))
        elif line:
            self.say("ERROR")
        return True

    def _next_body(self) -> bool:
        ends = [i for i in map(self._heard.find, (b"\x1a", b"\x1b")) if i >= 0]
        waiting = self._waiting
        if not ends or waiting is None:
            return False
        end = min(ends)
        body, mark = bytes(self._heard[:end]), self._heard[end]
        del self._heard[: end + 1]
        self._waiting = None
        if self.echo:
            self._write(body)
        if mark == _SUBSTITUTE:
            waiting.prompt.came(body)
            self._later(
                waiting.command, self.radio_s, lambda: self._finish(waiting, body)
            )
        else:
            self.say("OK")
        return True

    def _later(self, command: str, seconds: float, action: Callable[[], None]) -> None:
        seconds += self._faults.seconds_for(command)
        if seconds > 0:
            self._due = (time.monotonic() + seconds, action)
        else:
            action()

    def _run(self, line: str) -> None:
        if self._faults.used(Kind.unplug, line):
            self._hang_up()
            return
        prompting = line[2:7].upper() == "+CMGS"
        if not prompting and self._refused(line):
            return
        answer: Lines = []
        for command in split(line[2:]):
            try:
                part = self._handle(command)
            except Refused as refused:
                self._answer(line, answer, str(refused))
                return
            if isinstance(part, Prompt):
                self._ask(_Waiting(command=line, prompt=part))
                return
            answer += part
        self._answer(line, answer, "OK")

    def _handle(self, command: str) -> Lines | Prompt:
        request = parse(command)
        handler = self._handlers.get(request.name)
        if handler is None:
            raise Refused("ERROR")
        return handler(request)

    def _ask(self, waiting: _Waiting) -> None:
        self._waiting = waiting
        if not self._faults.used(Kind.no_prompt, waiting.command):
            self._write(b"\r\n> ")

    def _finish(self, waiting: _Waiting, body: bytes) -> None:
        if self._refused(waiting.command):
            return
        try:
            self._answer(waiting.command, waiting.prompt.finish(body), "OK")
        except Refused as refused:
            self._answer(waiting.command, [], str(refused))

    def _refused(self, command: str) -> bool:
        """Whether a fault keeps the command from being done at all."""
        if self._faults.used(Kind.ignore, command):
            return True
        error = self._faults.text_for(Kind.fail, command)
        if error:
            self._answer(command, [], error)
        return bool(error)

    def _answer(self, command: str, lines: Lines, final: str) -> None:
        if self._faults.used(Kind.lose, command):
            return
        foreign = self._faults.text_for(Kind.interject, command)
        if foreign:
            # The worst place: between the header of a message and its PDU.
            lines = "\r\n".join(lines).split("\r\n")
            lines = [*lines[:1], *foreign.splitlines(), *lines[1:]]
        self.say(*lines, final, *self._afterwards)
        self._afterwards.clear()

"""Faults an emulated modem shows on demand.

What comes in: what a test or a trainer asks for. What goes out: rules that
`modem.simulator.talk` looks up at each command. A rule names the beginning of a
command ("AT+CMGS") and how often it holds; rules of one kind are used up in the order
they were given. Every method may be called from any thread.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from threading import Lock


class Kind(StrEnum):
    """What goes wrong at a command."""

    fail = "fail"
    ignore = "ignore"
    lose = "lose"
    delay = "delay"
    interject = "interject"
    no_prompt = "no_prompt"
    unplug = "unplug"


@dataclass(slots=True, kw_only=True)
class _Rule:
    kind: Kind
    command: str
    times: int
    text: str = field(default="", repr=False)
    seconds: float = 0.0


class Faults:
    """What goes wrong, and how often still."""

    def __init__(self) -> None:
        """Begin without a fault."""
        self._lock = Lock()
        self._rules: list[_Rule] = []
        #: Hears everything and answers nothing.
        self.deaf = False

    def fail(
        self, command: str, answer: str = "+CMS ERROR: 500", times: int = 1
    ) -> None:
        """Answer this error and do nothing; CMGS fails after its PDU came."""
        self._add(Kind.fail, command, times, text=answer)

    def lose_answer(self, command: str, times: int = 1, *, taken: bool = True) -> None:
        """Say nothing after the command; `taken` tells whether it was done."""
        self._add(Kind.lose if taken else Kind.ignore, command, times)

    def delay(self, command: str, seconds: float, times: int = 1) -> None:
        """Answer this much later."""
        self._add(Kind.delay, command, times, seconds=seconds)

    def interject(self, command: str, lines: str, times: int = 1) -> None:
        """Write these lines in the middle of the answer."""
        self._add(Kind.interject, command, times, text=lines)

    def no_prompt(self, command: str = "AT+CMGS", times: int = 1) -> None:
        """Never show `> `, though the modem does wait for the PDU."""
        self._add(Kind.no_prompt, command, times)

    def unplug(self, command: str, times: int = 1) -> None:
        """Hang up instead of answering, as when the stick is pulled just then."""
        self._add(Kind.unplug, command, times)

    @property
    def any(self) -> bool:
        """Whether a rule is left that was not used up."""
        return bool(self._rules)

    def clear(self) -> None:
        """Go back to a modem without faults."""
        with self._lock:
            self._rules.clear()
        self.deaf = False

    def _add(
        self, kind: Kind, command: str, times: int, text: str = "", seconds: float = 0.0
    ) -> None:
        rule = _Rule(
            kind=kind, command=command.upper(), times=times, text=text, seconds=seconds
        )
        with self._lock:
            self._rules.append(rule)

    def _use(self, kind: Kind, command: str) -> _Rule | None:
        with self._lock:
            for rule in self._rules:
                if rule.kind is kind and command.upper().startswith(rule.command):
                    rule.times -= 1
                    if rule.times <= 0:
                        self._rules.remove(rule)
                    return rule
        return None

    def used(self, kind: Kind, command: str) -> bool:
        """Use up one rule of this kind for the command, if there is any."""
        return bool(self._rules) and self._use(kind, command) is not None

    def text_for(self, kind: Kind, command: str) -> str:
        """The text of the rule that holds, used up once; empty when none holds."""
        rule = self._use(kind, command) if self._rules else None
        return rule.text if rule else ""

    def seconds_for(self, command: str) -> float:
        """How much later the command is answered."""
        rule = self._use(Kind.delay, command) if self._rules else None
        return rule.seconds if rule else 0.0

"""One AT command, taken apart, and what a handler may answer.

What comes in: a command without its "AT", such as `+CPMS="ME","SM"`. What goes out: a
`Request` for the handlers in `modem.simulator.general` and `modem.simulator.sms`. They
answer with lines, with a `Prompt` or by raising `Refused`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

#: Lines before the final OK.
Lines = list[str]


class Refused(Exception):
    """The command fails; the message is the final line of its answer."""


class Form(StrEnum):
    """How an extended command is written."""

    run = ""
    read = "?"
    test = "=?"
    write = "="


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """The command waits for a body; `finish` takes it and answers."""

    finish: Callable[[bytes], Lines]
    #: Told as soon as the body is there, before the time that finishing takes.
    came: Callable[[bytes], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A command and its arguments."""

    #: In capitals, with its first sign: "+CMGS", "^CVOICE", or "" for a basic command.
    name: str
    form: Form
    #: Without quotation marks; may be a PIN.
    arguments: tuple[str, ...] = field(default=(), repr=False)

    def text(self, place: int, default: str = "") -> str:
        """The argument at this place, or the default when it is left out."""
        value = self.arguments[place] if place < len(self.arguments) else ""
        return value or default

    def number(self, place: int, default: int = -1) -> int:
        """The argument at this place as a number; the default when it is none."""
        value = self.text(place)
        return int(value) if re.fullmatch("[0-9]{1,9}", value) else default


Handler = Callable[[Request], Lines | Prompt]

_EXTENDED = re.compile(r"([+^$*#%&][A-Za-z0-9]+)(=\?|\?|=)?(.*)", re.DOTALL)
#: What follows a mark that stands outside quotation marks.
_OUTSIDE = r'(?=(?:[^"]*"[^"]*")*[^"]*$)'


def split(line: str) -> list[str]:
    """Take apart commands on one line that are divided by semicolons."""
    return [part.strip() for part in re.split(f";{_OUTSIDE}", line)]


def parse(command: str) -> Request:
    """Read one command; a basic one ("E0", "Z", "I") comes back under no name."""
    found = _EXTENDED.fullmatch(command)
    if not found or command.startswith("&"):
        return Request(name="", form=Form.run, arguments=(command.upper(),))
    name, mark, rest = found.groups()
    return Request(name=name.upper(), form=Form(mark or ""), arguments=_read(rest))


def _read(text: str) -> tuple[str, ...]:
    if not text:
        return ()
    return tuple(part.strip(' "') for part in re.split(f",{_OUTSIDE}", text))

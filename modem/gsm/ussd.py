"""One USSD code dialled, and what the network answers, however the modem shows it.

What comes in: a code such as `*567#`, and later a `+CUSD:` line. What goes out: the
question at the port, and every text the answer could be. Makes differ: some show the
answer as it is, some as hex of UCS-2, some as hex of packed septets, and what they say
of its coding (TS 27.007 §7.15) is not always true; so all readings are returned, the
likely one first, and whoever looks for something takes the first that has it. Used by
`modem.gsm.session`; the airtime in it is found by `modem.gsm.airtime`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gsmmodem.exceptions import CommandError

from modem.pdu.fields import unpack
from modem.text import from_septets

if TYPE_CHECKING:
    from modem.gsm.port import Port

_LINE = re.compile(
    r'\+CUSD: ?(?P<state>[0-5])(?:, ?"?(?P<text>.*?)"?(?:, ?(?P<dcs>\d{1,3}))?)?',
    re.DOTALL,
)
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})+")
_GSM_CODING = 15
#: The network waits for another answer: the session is to be closed.
_ASKS_ON = "1"
_WHY_NONE = {
    "2": "the network ended the session without an answer",
    "3": "another program answered for this modem",
    "4": "the network does not know the code",
    "5": "the network did not answer in time",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of a dialled code."""

    #: Every text it could be, the likely one first; none where there is no answer.
    readings: tuple[str, ...] = field(repr=False)
    #: The network waits for more; `hang_up` ends that.
    open: bool
    #: Why there is no text; empty where there is one.
    reason: str = ""


def dial(port: Port, code: str) -> str:
    """Dial a code; return its answer where the modem gives it at once, else ''.

    What stands in a UCS-2 character set, left behind by another program, is garbled or
    refused; so the set is chosen first, and where it cannot be, the code is written in
    it.

    Raises:
        CommandError: the modem cannot do it either way.
        TimeoutException: it says nothing; an answer may come all the same.
    """
    _choose(port, "GSM")
    try:
        return _told(port.ask(_command(code)))
    except CommandError:
        _choose(port, "UCS2")
        try:
            return _told(port.ask(_command(code.encode("utf-16-be").hex().upper())))
        finally:
            _choose(port, "GSM")


def hang_up(port: Port) -> None:
    """End a session in which the network waits for more."""
    try:
        port.ask("AT+CUSD=2")
    except CommandError:
        # It was over already.
        return


def _command(code: str) -> str:
    return f'AT+CUSD=1,"{code}",{_GSM_CODING}'


def _choose(port: Port, characters: str) -> None:
    try:
        port.ask(f'AT+CSCS="{characters}"')
    except CommandError:
        # A modem that has one set only need not let it be chosen.
        return


def _told(lines: list[str]) -> str:
    """The answer among the lines of the command's own; its text may hold several."""
    for place, line in enumerate(lines):
        if line.startswith("+CUSD:"):
            return "\n".join(lines[place:])
    return ""


def read(line: str) -> Answer:
    """Read what stands behind `+CUSD:`; what cannot be read has no text."""
    found = _LINE.fullmatch(line)
    if found is None:
        return Answer(readings=(), open=False, reason="the answer has an unknown form")
    text, dcs = found["text"] or "", int(found["dcs"] or _GSM_CODING)
    still_open = found["state"] == _ASKS_ON
    if not text:
        reason = _WHY_NONE.get(found["state"], "the answer is empty")
        return Answer(readings=(), open=still_open, reason=reason)
    return Answer(readings=tuple(_readings(text, dcs)), open=still_open)


def _readings(text: str, dcs: int) -> list[str]:
    if not _HEX.fullmatch(text):
        return [text]
    raw = bytes.fromhex(text)
    wide = raw.decode("utf-16-be", "replace") if len(raw) % 2 == 0 else ""
    packed = from_septets(unpack(raw, len(raw) * 8 // 7)).rstrip("@\r")
    # Digits alone are hex too: only what reads as words in it is taken for that.
    hidden = [shown for shown in (wide, packed) if shown and _plain(shown)]
    return [*hidden, text] if hidden or _is_wide(dcs) else [text, *hidden]


def _plain(text: str) -> bool:
    return all(" " <= c < "\u0250" or c in "\r\n€" for c in text)


def _is_wide(dcs: int) -> bool:
    """Whether the coding says UCS-2 (TS 23.038 §5)."""
    return dcs & 0xEC == 0x48 or dcs == 0x11

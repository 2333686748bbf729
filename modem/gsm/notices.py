"""What a modem says unasked: a text came, a report came, the network went away.

What comes in: every line that is no answer. What goes out: memories worth a look,
messages that were handed over without being stored, the registration, answers to USSD
codes. A notice is only ever a wake-up: what is in a memory is known from listing it.
Read by `modem.gsm.session`.
"""

from __future__ import annotations

import re
from collections import deque

from modem.gsm.at import is_final, pdu, registration, tpdu_length

_STORED = re.compile(r'\+C(?:MT|DS)I: ?"([A-Z]{2})"')
#: A header whose message follows on the next line.
_DIRECT = re.compile(r"\+(?:CMT|CDS): ?(?:.*,)?(\d{1,3})$")
_REGISTRATION = ("+CREG:", "+CGREG:", "+CEREG:")
#: Said unasked, and of no use here.
_CHATTER = re.compile(
    r"(?:\+(?:C?RING|CBM|CLIP|CIEV|CTZ\w|CSSU|WIND|ZUSIMR|ZDONR|CMTI?|CDSI?)"
    r"|\^[A-Z0-9]+|\*PSUTTZ|DST):.*|RING|NO CARRIER"
)
_DIRECT_MAX = 64
#: An answer to a USSD code may go over several lines, but not over many.
_USSD = "+CUSD:"
_USSD_LINES_MAX = 10
_USSD_MAX = 8


class Notices:
    """What was heard, until the session has acted on it."""

    def __init__(self) -> None:
        """Begin with nothing heard."""
        #: Memories that something was stored in.
        self.memories: set[str] = set()
        #: PDUs that came without being stored, oldest first.
        self.direct: deque[bytes] = deque(maxlen=_DIRECT_MAX)
        #: The last registration told, until it is taken.
        self.registration: int | None = None
        #: Answers to USSD codes, oldest first.
        self.ussd: deque[str] = deque(maxlen=_USSD_MAX)
        self._announced: int | None = None
        #: The beginning of an answer whose end is still to come.
        self._begun: list[str] = []

    @property
    def any(self) -> bool:
        """Whether there is something to act on."""
        stored = self.memories or self.direct or self.ussd
        return bool(stored) or self.registration is not None

    def heard(self, line: str, asked: str = "") -> bool:
        """Take a line that was said unasked; False when it is something else.

        `asked` is the name of the command under way, whose answers are no notices.
        """
        announced, self._announced = self._announced, None
        if announced is not None and (message := pdu(line)) is not None:
            # A listing may be under way, whose PDUs look the same.
            if tpdu_length(message) == announced:
                self.direct.append(message)
                return True
            return False
        if asked and line.startswith(f"{asked}:"):
            self._begun.clear()
            return False
        if self._begun:
            return self._goes_on(line)
        return self._noticed(line)

    def _goes_on(self, line: str) -> bool:
        """Take a further line of an answer, unless it is clearly something else."""
        if line.startswith(("+", "^")) or is_final(line):
            self._begun.clear()
            return self._noticed(line)
        self._begun.append(line)
        self._end_of_ussd()
        return True

    def _end_of_ussd(self) -> None:
        told = "\n".join(self._begun)
        if told.count('"') % 2 == 0 or len(self._begun) >= _USSD_LINES_MAX:
            self.ussd.append(told)
            self._begun.clear()

    def _noticed(self, line: str) -> bool:
        if stored := _STORED.match(line):
            self.memories.add(stored[1])
        elif direct := _DIRECT.fullmatch(line):
            self._announced = int(direct[1])
        elif line.startswith(_USSD):
            self._begun.append(line)
            self._end_of_ussd()
        elif line.startswith(_REGISTRATION):
            # Packet registration matters only where it is asked for.
            if line.startswith("+CREG:"):
                self.registration = registration(line)
        else:
            return _CHATTER.fullmatch(line) is not None
        return True

"""USSD codes at an emulated modem, answered in the ways that makes differ.

What comes in: a dialled code, in the character set that was chosen. What goes out: the
`+CUSD:` line that follows later. Among the codes is the one that tells the SIM's
credit, which every message makes less. A code that is not written in the chosen set is
refused, as by many sticks. Used by `modem.simulator.general`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from modem.pdu.fields import pack
from modem.simulator.request import Refused
from modem.text import fold, to_septets

if TYPE_CHECKING:
    from modem.simulator.network import Network

_WRONG_CHARACTERS = "+CME ERROR: 50"
#: The code that operators of Central America use for the credit, as an example.
AIRTIME_CODE = "*567#"


class Shown(StrEnum):
    """How a modem shows what the network answers."""

    plain = "plain"
    #: Hex of UCS-2, with the coding that says so.
    ucs2 = "ucs2"
    #: Hex of packed septets, under the coding of plain text.
    septets = "septets"


@dataclass(slots=True, kw_only=True)
class Codes:
    """What is answered to which code."""

    network: Network
    answers: dict[str, str] = field(default_factory=dict, repr=False)
    shown: Shown = Shown.plain
    #: The network waits for a choice after each answer.
    asks_on: bool = False
    #: Codes that were dialled, oldest first.
    dialled: list[str] = field(default_factory=list)
    #: How often a waiting session was ended.
    hung_up: int = 0

    def dial(self, written: str, characters: str) -> str:
        """Return the line that follows a dialled code.

        Raises:
            Refused: the code is not written in the chosen characters.
        """
        code = _read(written, characters)
        self.dialled.append(code)
        answer = self.answers.get(code)
        if answer is None and code == AIRTIME_CODE and self.network.airtime is not None:
            answer = f"Su saldo es $ {self.network.airtime:.2f}. Vence 31/12/2030."
        if answer is None:
            return "+CUSD: 4"
        shown = Shown.ucs2 if characters == "UCS2" else self.shown
        return f"+CUSD: {int(self.asks_on)},{_written(answer, shown)}"


def _read(written: str, characters: str) -> str:
    if characters != "UCS2":
        return written
    try:
        return bytes.fromhex(written).decode("utf-16-be")
    except ValueError:
        raise Refused(_WRONG_CHARACTERS) from None


def _written(answer: str, shown: Shown) -> str:
    match shown:
        case Shown.plain:
            return f'"{answer}",15'
        case Shown.ucs2:
            return f'"{answer.encode("utf-16-be").hex().upper()}",72'
        case Shown.septets:
            return f'"{pack(to_septets(fold(answer))).hex().upper()}",15'

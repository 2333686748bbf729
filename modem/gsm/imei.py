"""The number of a modem, by which it is known whatever its port is called.

What comes in: what `AT+CGSN` answers, and the IMEI of the configuration. What goes out:
the digits, whether they are the wanted ones, and the sentence where they are not. Used
wherever a modem is met, before its SIM is given a PIN that may be another's.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from modem.errors import LinkDown

if TYPE_CHECKING:
    from collections.abc import Iterable

_LINE = re.compile(r'(?:\+CGSN: ?)?"?(\d{14,17})"?')
#: The last digit is a check that some makes leave out (3GPP TS 23.003 §6.2.1).
_COMPARED = 14


def imei_of(lines: Iterable[str]) -> str:
    """The IMEI among the lines of an answer; empty where there is none."""
    found = (_LINE.fullmatch(line) for line in lines)
    return next((one[1] for one in found if one), "")


def same(imei: str, wanted: str) -> bool:
    """Whether two IMEIs name one modem."""
    return bool(imei) and imei[:_COMPARED] == wanted[:_COMPARED]


def refuse_another(imei: str, wanted: str) -> None:
    """Refuse a modem that is not the wanted one; any will do where none is wanted.

    Raises:
        LinkDown: it is another, or does not tell.
    """
    if wanted and not same(imei, wanted):
        it = f"has the IMEI {imei}" if imei else "does not tell its IMEI"
        raise LinkDown(
            f"the modem at this port {it}, and imei says {wanted}; plug the right one "
            "in, or correct imei"
        )

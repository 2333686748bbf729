"""From what the library and the port raise to the three kinds the house knows.

What comes in: an exception of gsmmodem, pyserial or the system. What goes out: a
`LinkDown`, `Rejected` or `Unsure` whose sentence says what to do. Numbers of errors are
those of TS 27.005 §3.2.5, TS 24.011 annex E and TS 23.040 §9.2.3.22. A number that
nobody has met counts as passing: a text tried again costs little, one given up is lost.
Used by `modem.gsm.owner` and `modem.gsm.sending`.
"""

from __future__ import annotations

import errno
from typing import Final

from gsmmodem import exceptions as library

from modem.errors import LinkDown, LinkError, Rejected, Unsure

#: The number, the text or the way it is written will never do.
_REJECTED: Final = frozenset(
    {1, 30, 69, 95, 96, 97, 98, 99, 111}
    | {*range(128, 192), 195, 196, 198, 199}
    | {304, 305}
)
#: The network got it and did not say so in time, or says that it has it already.
_UNSURE: Final = frozenset({197, 332})
_SENTENCES: Final = {
    8: "the operator has barred this SIM from sending; ask the operator",
    10: "sending is barred for this SIM; ask the operator",
    21: "the network refuses the text; see whether the SIM has credit",
    28: "the network does not know this SIM; ask the operator",
    38: "the network is out of order; it is tried again",
    42: "the network is busy; it is tried again",
    50: "this SIM may not send texts; ask the operator",
    208: "the memory of the SIM is full; it is being emptied",
    310: "there is no SIM in the modem; put one in",
    311: "the SIM asks for its PIN; set sim_pin",
    313: "the SIM fails; take it out, clean it, or replace it",
    316: "the SIM asks for its PUK; unlock it in a phone",
    322: "the memory of the modem is full; it is being emptied",
    330: "the SIM has no number of a service centre; set it in a phone",
    331: "the modem is not registered; see to the antenna and the SIM",
}
#: Errors of the modem (CME) that mean the same as one of a message (CMS).
_SAME: Final = {10: 310, 13: 313, 15: 313}
#: These say that the SIM is not, or no longer, ready: begin anew.
SIM_LOST: Final = frozenset({10, 11, 12, 13, 15, *range(310, 319)})

_DOWN: Final = {
    library.GsmModemException: "the modem cannot do what it was asked",
    library.TimeoutException: "the modem does not answer; pull it out and plug it in",
    library.InvalidStateException: "the modem is in no state to be used",
    library.InterruptedException: "the modem was interrupted",
    library.CommandError: "the modem refuses a command",
    library.CmeError: "the modem refuses a command",
    library.SecurityException: "the SIM refuses to be used",
    library.PinRequiredError: "the SIM asks for its PIN; set sim_pin",
    library.IncorrectPinError: "the SIM PIN is wrong; correct sim_pin and restart",
    library.PukRequiredError: "the SIM asks for its PUK; unlock it in a phone",
    library.CmsError: "the modem refuses a message",
    library.SmscNumberUnknownError: _SENTENCES[330],
}
#: Every error the library has, by the kind it is for the house.
KINDS: Final[dict[type[Exception], type[LinkError]]] = {
    **dict.fromkeys(_DOWN, LinkDown),
    library.EncodingError: Rejected,
}


def translate(error: Exception) -> LinkError:
    """Return our error for one of the library's, the port's or the system's."""
    code = getattr(error, "code", None)
    if isinstance(error, library.CmsError) and code is not None:
        return _by_number(int(code))
    kind = next((k for k in type(error).__mro__ if k in KINDS), None)
    if kind is None:
        return LinkDown(_at_port(error))
    if KINDS[kind] is Rejected:
        return Rejected("the modem's library cannot write this text")
    if kind is not library.CmeError:
        return LinkDown(_DOWN[kind])
    sentence = _SENTENCES.get(_SAME.get(int(code or 0), 0), _DOWN[kind])
    return LinkDown(f"{sentence} (CME error {code})")


def _by_number(code: int) -> LinkError:
    sentence = _SENTENCES.get(code, "the network or the modem did not take the text")
    reason = f"{sentence} (CMS error {code})"
    if code in _REJECTED:
        return Rejected(f"the network will never take this text (CMS error {code})")
    if code in _UNSURE:
        return Unsure(f"the network did not say whether it took it (CMS error {code})")
    return LinkDown(reason)


def _at_port(error: Exception) -> str:
    """Say what is wrong with the port; pyserial keeps the number of the system."""
    number = getattr(error, "errno", None)
    if number in {errno.ENOENT, errno.ENXIO, errno.ENODEV}:
        return "there is no modem at this port; plug it in, or correct port"
    if number in {errno.EACCES, errno.EPERM}:
        return "the port may not be opened; add the daemon's user to group dialout"
    if number in {errno.EAGAIN, errno.EBUSY}:
        return "another program uses the port; stop it (ModemManager?)"
    if isinstance(error, OSError):
        return "the modem was unplugged or has hung up; plug it in"
    return f"the modem answered what nobody understands ({type(error).__name__})"

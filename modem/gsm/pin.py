"""The SIM PIN and whether it may be tried: a wrong one is never tried twice.

What comes in: the PIN from the configuration and what the SIM made of it. What goes
out: a refusal to try again. Three wrong tries lock a SIM for good, and a loop that
reconnects would use them up in seconds; a new PIN needs a restart, which is a person's
decision. Lives as long as the link, used by `modem.gsm.port` and `modem.gsm.owner`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gsmmodem.exceptions import IncorrectPinError, PinRequiredError

from modem.gsm.at import BUSY

if TYPE_CHECKING:
    from gsmmodem.exceptions import CommandError

#: With fewer tries left a person decides.
_TRIES_MIN = 2
_WRONG = "the SIM PIN is wrong; correct sim_pin and restart"
_LAST = (
    "the SIM has one try left for its PIN; unlock it in a phone, correct sim_pin and "
    "restart"
)
_UNANSWERED = "the SIM did not say whether its PIN is right; check sim_pin and restart"


class PinLatch:
    """Lets a PIN be tried until it has failed once."""

    def __init__(self, pin: str) -> None:
        """Take the PIN; empty when the SIM should ask for none."""
        self.pin = pin
        #: Why no try is made any more; empty while one may be made.
        self.reason = ""
        #: The SIM took this PIN before, so an answer that gets lost proves nothing.
        self._proven = False
        self._unanswered = False
        self._left: int | None = None

    def tried(self, tries_left: int | None) -> None:
        """Take note that the PIN is about to be given; refuse where it must not be.

        Raises:
            PinRequiredError: there is none.
            IncorrectPinError: it failed before, or the SIM has one try left.
        """
        if not self.pin:
            raise PinRequiredError("AT+CPIN")
        if self._unanswered and tries_left is not None and tries_left == self._left:
            # The lost try cost none, so the SIM did not refuse it.
            self.reason = ""
        if not self.reason and tries_left is not None and tries_left < _TRIES_MIN:
            self.reason = _LAST
        if self.reason:
            raise IncorrectPinError("AT+CPIN")
        self._left = tries_left
        if not self._proven:
            # Until it is answered: if the answer is lost, the try may be lost too.
            self._unanswered, self.reason = True, _UNANSWERED

    def accepted(self) -> None:
        """Take note that the SIM is unlocked."""
        self.reason, self._unanswered, self._proven = "", False, True

    def failed(self, error: CommandError) -> None:
        """Take note that the SIM refused; one that was merely busy lost no try."""
        self._unanswered = False
        self.reason = "" if error.code in BUSY else _WRONG

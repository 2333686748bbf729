"""The SIM card of an emulated modem: its PIN, its PUK and the tries left.

What comes in: the codes given to `AT+CPIN`. What goes out: the state the modem names
to its driver. A wrong PIN costs a try and the third locks the card, so that a driver
which repeats a wrong PIN is found out here and not on a paid SIM. Used by
`modem.simulator.general`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

_PIN_TRIES = 3


class Lock(StrEnum):
    """What the card asks for, in the words of `+CPIN:`."""

    ready = "READY"
    pin = "SIM PIN"
    puk = "SIM PUK"


@dataclass(slots=True, kw_only=True)
class SimCard:
    """A SIM; `pin` None means that it asks for none."""

    pin: str | None = field(default=None, repr=False)
    puk: str = field(default="12345678", repr=False)
    tries_left: int = _PIN_TRIES
    unlocked: bool = False

    @property
    def lock(self) -> Lock:
        """What the card asks for now."""
        if self.pin is None or self.unlocked:
            return Lock.ready
        return Lock.pin if self.tries_left else Lock.puk

    def enter(self, pin: str) -> bool:
        """Try a PIN; False when it is wrong, which costs a try."""
        self.unlocked = pin == self.pin
        self.tries_left = _PIN_TRIES if self.unlocked else self.tries_left - 1
        return self.unlocked

    def reset(self, puk: str, pin: str) -> bool:
        """Set a new PIN with the PUK; False when the PUK is wrong."""
        if puk != self.puk:
            return False
        self.pin, self.tries_left, self.unlocked = pin, _PIN_TRIES, True
        return True

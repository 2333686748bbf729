"""How long a PIN is and how many wrong ones are borne: the network's own choice.

What comes in: `[security]` of the configuration. What goes out: a frozen `PinPolicy`
that the desk, and with it every check, carries along.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from smsgate.clock import HOUR_MS, MINUTE_MS

if TYPE_CHECKING:
    from smsgate.config import Security

#: A one-time code: its digits, how long it is good, and how often it may be mistyped.
CODE_DIGITS = 8
CODE_LIVES_MS = 72 * HOUR_MS
CODE_TRIES = 3
#: How long a new PIN waits where the old one was not shown: its owner may object.
RESET_DELAY_MS = 24 * HOUR_MS
#: So many PINs, the one in use among them, are not taken again.
REUSE_LAST = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class PinPolicy:
    """Length of PINs, and the ladder of locks: each rung is wrong PINs in a row."""

    pin_length: int = 4
    tries: int = 3
    lock_ms: int = 30 * MINUTE_MS
    tries_second: int = 6
    second_lock_ms: int = 24 * HOUR_MS
    #: From here on only staff can help, with the member before them.
    tries_last: int = 10

    @classmethod
    def of(cls, security: Security) -> PinPolicy:
        """Return what the configuration says."""
        return cls(
            pin_length=security.pin_length,
            tries=security.tries,
            lock_ms=security.lock_minutes * MINUTE_MS,
            tries_second=security.tries_second,
            second_lock_ms=security.second_lock_hours * HOUR_MS,
            tries_last=security.tries_last,
        )

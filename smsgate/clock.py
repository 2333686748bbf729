"""Time and chance: the only module that reads the clock or draws a random number.

Everything else is handed a `Clock`, so that a test can stop the time and a seed can be
replayed. Milliseconds since 1970 (UTC) are the ledger's times; `monotonic` measures
waiting. Row times, which never go back, are made of this in `smsgate.store`.
"""

from __future__ import annotations

import random  # noqa: TID251 -- this is the one place
import secrets
import time
from datetime import UTC, datetime


class Clock:
    """The system's clock and its cryptographic generator."""

    def now_ms(self) -> int:
        """Return milliseconds since 1970, UTC."""
        return time.time_ns() // 1_000_000  # noqa: TID251 -- this is the one place

    def now(self) -> datetime:
        """Return the time as an aware datetime, UTC."""
        return from_ms(self.now_ms())

    def monotonic(self) -> float:
        """Return seconds that never go back."""
        return time.monotonic()

    @property
    def random(self) -> random.Random:
        """The generator; the system's own, so that codes cannot be foretold."""
        return _SYSTEM

    def token_bytes(self, count: int) -> bytes:
        """Return random bytes."""
        return secrets.token_bytes(count)


_SYSTEM = random.SystemRandom()


def from_ms(ms: int) -> datetime:
    """Turn milliseconds since 1970 into an aware datetime, UTC."""
    return datetime.fromtimestamp(ms / 1000, tz=UTC)


def to_ms(at: datetime) -> int:
    """Turn an aware datetime into milliseconds since 1970."""
    return round(at.timestamp() * 1000)


SECOND_MS = 1_000
MINUTE_MS = 60 * SECOND_MS
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS

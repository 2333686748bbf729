"""A link that works again: its receipts that were put off go before anything else.

What comes in: sends that came to nothing, a send that went well, and a link that came
up. What goes out: whether the next claim makes put-off receipts due at once. Each wait
was for the link; were it kept, promotions would go out over the link that is back
while receipts wait for up to ten minutes. Not oftener than every few seconds: a text
that its link never takes must not be tried before each of the others. Asked by
`smsgate.gateway.out.sending`; the rows are in `smsgate.messages.outbox.owed`.
"""

from __future__ import annotations

#: How long a link is left to work before what was put off is hurried once more.
_AGAIN_S = 5.0


class Comeback:
    """What one link's sender remembers of failures."""

    def __init__(self) -> None:
        """Begin with nothing put off."""
        self._failed = False
        self._works = False
        self._last_s: float | None = None

    def failed(self) -> None:
        """Take note that a text was put off, for its link did not work."""
        self._failed, self._works = True, False

    def worked(self) -> bool:
        """Take note that the link works; say whether something was put off."""
        self._works = self._works or self._failed
        return self._works

    def wanted(self, now_s: float) -> bool:
        """Say whether receipts that were put off are to be due at once."""
        rested = self._last_s is None or now_s - self._last_s >= _AGAIN_S
        return self._works and rested

    def done(self, now_s: float) -> None:
        """Take note that they are due."""
        self._failed = self._works = False
        self._last_s = now_s

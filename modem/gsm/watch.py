"""When a modem that answers is of no use all the same, and is to be restarted.

What comes in: how long it has had no network, and sends that it did not answer. What
goes out: whether to restart it now (`AT+CFUN=1,1`), each time after twice as long, so
that a mast that is down for a night does not have it restarted all night. A modem that
answers nothing is connected anew without this. Lives as long as the link; asked by
`modem.gsm.session` and `modem.gsm.owner`.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from modem.gsm.settings import GsmSettings

RESTART = "AT+CFUN=1,1"


class Watch:
    """What is known of a modem's health, over all its connections."""

    def __init__(self, settings: GsmSettings) -> None:
        """Begin with a healthy modem."""
        self._settings = settings
        self._wait_s = settings.restart_s
        self._lost_s: float | None = None
        self._unanswered = 0

    def network(self, *, there: bool) -> None:
        """Take note whether the modem has a network."""
        if there:
            self._lost_s, self._wait_s = None, self._settings.restart_s
        elif self._lost_s is None:
            self._lost_s = time.monotonic()

    def answered(self) -> None:
        """Take note that a send was answered, in whichever way."""
        self._unanswered = 0

    def unanswered(self) -> None:
        """Take note that the modem did not answer a send."""
        self._unanswered += 1

    @property
    def wants_restart(self) -> str:
        """Why the modem is to be restarted now; empty when it is not."""
        if self._unanswered >= self._settings.unanswered_max:
            return f"it did not answer {self._unanswered} texts in a row"
        lost_s = 0.0 if self._lost_s is None else time.monotonic() - self._lost_s
        if lost_s >= self._wait_s:
            return f"it has had no network for {lost_s:.0f} s"
        return ""

    def restarted(self) -> None:
        """Take note that it was restarted."""
        self._unanswered = 0
        if self._lost_s is not None:
            self._lost_s = time.monotonic()
            self._wait_s = min(self._wait_s * 2, self._settings.restart_max_s)

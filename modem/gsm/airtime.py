"""The credit of a prepaid SIM, read now and then by the operator's own code.

What comes in: the code, a pattern and a floor from the configuration, answers from the
network, and the time. What goes out: when to ask next, what was read last, and whether
it is below the floor. A SIM without credit sends nothing and says so to nobody, so it
is asked before that; below the floor it is asked each hour, to see when it is topped
up. Lives as long as the link; asked over the wire by `modem.gsm.session`.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from modem.gsm import ussd

if TYPE_CHECKING:
    from collections.abc import Callable

    from modem.gsm.settings import GsmSettings

log = logging.getLogger(__name__)

#: What the pattern's group is called that holds the amount.
GROUP = "amount"
#: A code as it is dialled.
CODE = re.compile(r"[*#][0-9*#]{1,30}", re.ASCII)
FLOOR = re.compile(r"[0-9]{1,6}(?:[.][0-9]{1,2})?", re.ASCII)
#: The network may take so long.
_ANSWER_S = 60.0
#: After a start, and after an answer that cannot be used.
_FIRST_S = 5.0
_AGAIN_S = 900.0
_LOW_AGAIN_S = 3_600.0


def bad_pattern(pattern: str) -> str:
    """Why this pattern will not do; empty when it will."""
    try:
        groups = re.compile(pattern).groupindex
    except re.error as error:
        return f"it is no regular expression ({error})"
    if GROUP not in groups:
        return f"it needs a group (?P<{GROUP}>...) around the amount"
    return ""


def amount_in(text: str, pattern: re.Pattern[str]) -> Decimal | None:
    """The amount that the pattern finds; a comma may stand for the point."""
    found = pattern.search(text)
    if found is None or found[GROUP] is None:
        return None
    # A pattern is easily too greedy for the full stop behind the amount.
    digits = found[GROUP].replace(" ", "").rstrip(".,")
    if "." not in digits and digits.count(",") == 1 and digits[-3:-2] == ",":
        digits = digits.replace(",", ".")
    try:
        amount = Decimal(digits.replace(",", ""))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What an operator said of airtime."""

    code: str
    pattern: re.Pattern[str]
    #: Below this the alarm is raised; None: never.
    floor: Decimal | None
    every_s: float


def rule_of(settings: GsmSettings) -> Rule | None:
    """Return what the settings say; None where airtime is not read."""
    if not settings.airtime_code:
        return None
    return Rule(
        code=settings.airtime_code,
        pattern=re.compile(settings.airtime_pattern),
        floor=Decimal(settings.airtime_floor) if settings.airtime_floor else None,
        every_s=settings.airtime_every_hours * 3_600,
    )


class Airtime:
    """What is known of one SIM's credit."""

    def __init__(self, settings: GsmSettings, now: Callable[[], float]) -> None:
        """Know nothing yet; `now` gives seconds that never go back."""
        self._rule = rule_of(settings)
        self._now = now
        self._due_s = now() + _FIRST_S
        self._asked = False
        #: What was read last; None before that.
        self.amount: Decimal | None = None

    @property
    def low(self) -> bool:
        """Whether the SIM is to be topped up."""
        floor = self._rule.floor if self._rule else None
        return floor is not None and self.amount is not None and self.amount < floor

    @property
    def told_amount(self) -> str:
        """What was read last, as it is shown; empty before that."""
        return "" if self.amount is None else str(self.amount)

    @property
    def warning(self) -> str:
        """What to do about it; empty when all is well."""
        if not self.low or self._rule is None:
            return ""
        return (
            f"The airtime of the SIM is {self.amount}, below {self._rule.floor}; top "
            "it up."
        )

    @property
    def due(self) -> bool:
        """Whether to ask now, or whether the answer is overdue."""
        return self._rule is not None and self._now() >= self._due_s

    def ask(self) -> str:
        """Return the code to dial; '' when one that was dialled had no answer."""
        if self._rule is None:
            return ""
        if self._asked:
            self.unread("the network did not answer in time")
            return ""
        self._asked, self._due_s = True, self._now() + _ANSWER_S
        return self._rule.code

    def told(self, answer: ussd.Answer) -> None:
        """Take what the network said."""
        if self._rule is None or not self._asked:
            # A greeting of the network's, which nobody asked for.
            return
        found = [amount_in(text, self._rule.pattern) for text in answer.readings]
        amount = next((one for one in found if one is not None), None)
        if amount is None:
            self.unread(answer.reason or "airtime_pattern does not fit the answer")
            return
        self.amount, self._asked = amount, False
        wait_s = self._rule.every_s
        self._due_s = self._now() + (min(wait_s, _LOW_AGAIN_S) if self.low else wait_s)

    def unread(self, reason: str) -> None:
        """Take note that it could not be read, and ask again before long."""
        self._asked = False
        every_s = self._rule.every_s if self._rule else _AGAIN_S
        self._due_s = self._now() + min(_AGAIN_S, every_s)
        log.warning("gsm: the airtime could not be read: %s", reason)

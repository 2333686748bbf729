"""What a vendor's answer to a request means.

What comes in: an `HttpAnswer`, whatever its bytes. What goes out: an outcome. The rules
are looked at in one order (already there, opted out, refused, not now, taken), and an
answer that none of them knows may mean that the text was sent: `Perhaps`. An unknown
error is never taken for a refusal, nor a 200 for success where more is required.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from modem.aggregators.dialect.picking import (
    NOWHERE,
    Condition,
    Pick,
    Source,
    of_answer,
)
from modem.aggregators.wire import Accepted, NotNow, Perhaps, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from modem.aggregators.wire import HttpAnswer, Outcome

#: In this order.
RULES: Final = ("duplicate", "opted_out", "refused", "retry", "ok")
_REASON_CHARS = 120
_AFTER_MAX_S = 86_400.0
_SECONDS = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?", re.ASCII)
#: Four digits could be a PIN or a code that the vendor repeats.
_DIGITS = re.compile(r"[0-9]{4,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What must be so, all of it."""

    #: Statuses; those below 10 are whole classes, 5 is 5xx. Empty: any.
    status: frozenset[int] = frozenset()
    when: tuple[Condition, ...] = ()

    def holds(self, status: int, source: Source) -> bool:
        """Whether an answer is of this kind."""
        if self.status and not {status, status // 100} & self.status:
            return False
        return all(condition.holds(source) for condition in self.when)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answering:
    """How answers are read."""

    #: By the names in `RULES`.
    rules: Mapping[str, tuple[Rule, ...]] = field(default_factory=dict)
    id: Pick = NOWHERE
    code: Pick = NOWHERE
    reason: Pick = NOWHERE

    def outcome(self, answer: HttpAnswer) -> Outcome:
        """Return what became of the text."""
        source = of_answer(answer)
        code = (self.code.find(source) or "")[:_REASON_CHARS]
        match self.kind(answer.status, source):
            case "duplicate" | "ok":
                reference = self.id.find(source)
                return Accepted(references=(reference,) if reference else ())
            case "opted_out":
                reason = self._reason(answer.status, source, code)
                return Refused(reason=reason, code=code, opted_out=True)
            case "refused":
                return Refused(
                    reason=self._reason(answer.status, source, code), code=code
                )
            case "retry":
                return NotNow(
                    reason=self._reason(answer.status, source, code),
                    after_s=retry_after_s(answer),
                )
            case _:
                return Perhaps(reason=self._reason(answer.status, source, code))

    def kind(self, status: int, source: Source) -> str:
        """Return the name of the first rule that holds; '' where none does."""
        for name in RULES:
            if any(rule.holds(status, source) for rule in self.rules.get(name, ())):
                return name
        return ""

    def _reason(self, status: int, source: Source, code: str) -> str:
        """Return one line for the operator; digits in a row are no business of his."""
        told = self.reason.find(source) or ""
        words = "".join(c if c.isprintable() else " " for c in told)[:_REASON_CHARS]
        said = _DIGITS.sub("****", " ".join(words.split()))
        found = f"HTTP {status}"
        if code:
            found += f", code {code}" if code.isprintable() else ""
        return f"{found}: {said}" if said else found


def retry_after_s(answer: HttpAnswer) -> float | None:
    """Return what Retry-After asks for, seconds; a date is left to our own pace."""
    text = answer.headers.get("retry-after", "").strip()
    if _SECONDS.fullmatch(text) is None:
        return None
    seconds = float(text)
    return min(seconds, _AFTER_MAX_S) if math.isfinite(seconds) else None

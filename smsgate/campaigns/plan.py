"""A plan: everything about a campaign that an approval covers.

What comes in: what staff wrote, or the JSON of a `campaign` row. What goes out: a
frozen `Plan`, or every mistake in it, one sentence each. A plan does not change;
an edit makes another one and voids the approval. Filled in `smsgate.campaigns.wording`,
sent in `smsgate.campaigns.feeding`.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from smsgate.errors import SmsgateError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PERCENT = 100
#: What texts cost is counted in ten-thousandths of a currency: a segment may be 0.0075.
COST_DECIMALS = 4
#: A text of more segments than this is refused: it is a letter, and it is paid for.
SEGMENTS_MAX = 3


class PlanBad(SmsgateError):
    """A plan that cannot be carried out; `lines` are its mistakes."""

    def __init__(self, lines: Sequence[str]) -> None:
        """Name the mistakes."""
        super().__init__(
            lines[0] if len(lines) == 1 else f"the plan has {len(lines)} mistakes"
        )
        self.lines = tuple(lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """One text in each language; `en` empty: everybody gets `es`."""

    es: str
    en: str = ""

    def of(self, language: str) -> str:
        """Return the text for somebody who reads this language."""
        return self.en if language == "en" and self.en else self.es


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be sent, to whom, and how it is judged."""

    #: Templates with fields like {nombre}.
    text: Wording
    #: The other text of an A/B test; None: there is none.
    other: Wording | None = None
    #: What a field says where nothing is known, by field.
    fallbacks: Mapping[str, str] = field(default_factory=dict)
    #: Whether each text ends with how to opt out.
    footer: bool = True
    #: A saved audience, or '' where `rule` chooses.
    audience: str = ""
    #: A rule of `smsgate.campaigns.audience`; '': the saved audience alone.
    rule: str = ""
    #: Nobody who is in these campaigns.
    not_in: tuple[str, ...] = ()
    #: Nobody whom any campaign wrote to within so many days; 0: whoever.
    not_written_days: int = 0
    #: So many of a hundred are written down and not written to, to compare with.
    hold_out: int = 0
    #: So many of a hundred get the other text.
    split: int = 0
    #: A purchase counts for so many days after the text.
    redeem_days: int = 14
    #: What a reply with the campaign's word is answered with; None: no word.
    answer: Wording | None = None
    #: What it may cost, ten-thousandths of a currency; None: no limit of its own.
    budget: int | None = None
    #: Texts of a hundred by link; empty: whichever link can send.
    shares: Mapping[str, int] = field(default_factory=dict)


def dump(plan: Plan) -> str:
    """Write a plan as JSON with sorted keys, so that equal plans are equal texts."""
    return json.dumps(asdict(plan), sort_keys=True, ensure_ascii=False)


def load(text: str) -> Plan:
    """Read what `dump` wrote."""
    values = json.loads(text)
    for name in ("text", "other", "answer"):
        if values[name] is not None:
            values[name] = Wording(**values[name])
    return Plan(**(values | {"not_in": tuple(values["not_in"])}))

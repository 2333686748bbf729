"""The preview: what a campaign would do, before anybody agrees to it.

What comes in: a plan, the people it chooses, the links. What goes out: how many people
and segments, what it costs, when it ends, some texts as they would arrive, and what
speaks against it. Every text is filled and counted, because one long name can make a
second segment; batch by batch, so that a hundred thousand of them keep nobody waiting.
Nothing is written. Shown by `smsgate.operations.campaigning.campaigns`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from modem.text import is_gsm
from smsgate.campaigns.freezing import variant_of
from smsgate.campaigns.plan import SEGMENTS_MAX, Plan
from smsgate.campaigns.queueing import filled_for
from smsgate.campaigns.rows import Variant
from smsgate.campaigns.wording import Remark, cheaper, remarks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from smsgate.campaigns.audience.people import Person
    from smsgate.campaigns.queueing import Terms

#: Texts that are shown as they would arrive.
SAMPLES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A text as one recipient would get it."""

    msisdn: str
    variant: Variant
    text: str
    segments: int


@dataclass
class Tally:
    """What was counted so far; batches are added to it."""

    plan: Plan
    terms: Terms
    #: The campaign's number; 0: it is not written down yet.
    campaign: int = 0
    people: int = 0
    members: int = 0
    held_out: int = 0
    segments: int = 0
    #: Segments if letters that make a text dearer are left out.
    cheaper_segments: int = 0
    fewest: int = 0
    most: int = 0
    samples: list[Sample] = field(default_factory=list)

    def add(self, people: Sequence[Person]) -> None:
        """Count these people."""
        for person in people:
            self.people += 1
            self.members += person.account is not None
            variant = variant_of(self.plan, self.campaign, person.msisdn)
            if variant is Variant.none:
                self.held_out += 1
                continue
            filled = filled_for(self.plan, variant, person, self.terms)
            self.segments += filled.segments
            self.cheaper_segments += (
                filled.segments
                if self._cheap is None
                else filled_for(self._cheap, variant, person, self.terms).segments
            )
            self.fewest = min(self.fewest or filled.segments, filled.segments)
            self.most = max(self.most, filled.segments)
            if len(self.samples) < SAMPLES:
                self.samples.append(
                    Sample(
                        msisdn=person.msisdn,
                        variant=variant,
                        text=filled.text,
                        segments=filled.segments,
                    )
                )

    @property
    def texts(self) -> int:
        """How many are written to."""
        return self.people - self.held_out

    @property
    def average(self) -> float:
        """Segments a text, on the average."""
        return self.segments / self.texts if self.texts else 0.0

    def cost(self) -> int:
        """Return what it costs, ten-thousandths of a currency, by shares of links."""
        shares = self.plan.shares
        if not shares:
            return self.segments * self.terms.cost("")
        rest = 100 - sum(shares.values())
        weighed = sum(share * self.terms.cost(link) for link, share in shares.items())
        return self.segments * (weighed + rest * self.terms.cost("")) // 100

    def __post_init__(self) -> None:
        """Work out the cheaper spelling once."""
        self._cheap = cheaper_plan(self.plan)


def cheaper_plan(plan: Plan) -> Plan | None:
    """Return the plan in letters that cost less; None where it is so already."""
    wordings = [one for one in (plan.text, plan.other) if one is not None]
    if all(is_gsm(one.es + one.en) for one in wordings):
        return None
    spelled = [replace(one, es=cheaper(one.es), en=cheaper(one.en)) for one in wordings]
    other = spelled[1] if plan.other is not None else None
    return replace(plan, text=spelled[0], other=other)


def verdict(tally: Tally, columns: frozenset[str]) -> Iterator[Remark]:
    """Yield what speaks against a campaign, the plan's own mistakes first."""
    plan = tally.plan
    yield from remarks(plan, columns)
    if not tally.people:
        yield Remark(
            sentence="nobody is in this audience: nobody fits, or nobody wants "
            "promotions",
            blocks=True,
        )
    if tally.most > SEGMENTS_MAX:
        yield Remark(
            sentence=f"a text takes {tally.most} segments, and {SEGMENTS_MAX} is the "
            "most: shorten it",
            blocks=True,
        )
    if plan.budget is not None and tally.cost() > plan.budget:
        yield Remark(
            sentence="it costs more than its budget, and stops when that is used up",
            blocks=False,
        )
    if plan.hold_out and tally.people and not tally.held_out:
        yield Remark(
            sentence=f"none of so few people is held out, though {plan.hold_out} of "
            "100 are to be: nothing will tell what it brought",
            blocks=False,
        )
    strangers = tally.people - tally.members
    if strangers:
        yield Remark(
            sentence=f"{strangers} of them are no members: write only to who agreed",
            blocks=False,
        )
    if tally.segments > tally.cheaper_segments:
        yield Remark(
            sentence=f"letters like á make it {tally.segments} segments instead of "
            f"{tally.cheaper_segments}: --cheaper writes a instead",
            blocks=False,
        )

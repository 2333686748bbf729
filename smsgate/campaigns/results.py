"""What came of a campaign: who has the text, who left, who bought.

What comes in: a campaign. What goes out: counts by variant, and the redeemed amount,
which is what the winner of an A/B test is chosen by. A purchase counts when a recipient
pays the promoted member, or writes the campaign's code behind POR, within the plan's
days after the text; what was given back does not count. Those held out are counted the
same way from the campaign's start, so that a report can say what would have been bought
anyway. Everything is worked out from the rows when it is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from smsgate.campaigns.rows import Stage, Variant
from smsgate.clock import DAY_MS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from smsgate.campaigns.rows import Campaign
    from smsgate.store import Query, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Redeemed:
    """Purchases that count for one variant."""

    #: Recipients who bought.
    people: int = 0
    purchases: int = 0
    #: Minor units, without what was given back.
    amount: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Half:
    """What came of one variant."""

    variant: Variant
    people: int
    stages: Mapping[Stage, int]
    segments: int
    #: Ten-thousandths of a currency.
    cost: int
    replied: int
    opted_out: int
    redeemed: Redeemed

    @property
    def per_head(self) -> float:
        """Redeemed amount a person, minor units."""
        return self.redeemed.amount / self.people if self.people else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What came of a campaign."""

    halves: tuple[Half, ...]
    #: Why recipients were skipped or failed, and how many.
    reasons: Mapping[str, int]
    #: The variant that redeemed more a person; None: no test, or no difference.
    winner: Variant | None

    def half(self, variant: Variant) -> Half | None:
        """Return one variant, where there is one."""
        return next((one for one in self.halves if one.variant is variant), None)


_COUNTS = (
    "SELECT variant, state, count(*) AS n, sum(segments) AS segments,"
    " sum(cost) AS cost, sum(replied_ms > 0) AS replied, sum(left_ms > 0) AS left_n"
    " FROM recipient WHERE campaign IN ({ids}) GROUP BY variant, state"
)
#: Texts that were, or may have been, paid for.
_WRITTEN = frozenset(
    {Stage.sending, Stage.sent, Stage.delivered, Stage.failed, Stage.unsure}
)
#: From the text, or for who got none from the start of the campaign, so many days on.
_PURCHASES = (
    "SELECT r.variant, r.msisdn, t.id, CASE WHEN r.state = 'held_out' THEN c.started_ms"
    "   ELSE r.written_ms END AS from_ms, t.amount - coalesce((SELECT sum(b.amount)"
    " FROM transfer b WHERE b.reverses = t.id), 0) AS amount"
    " FROM recipient r JOIN campaign c ON c.id = r.campaign"
    " JOIN transfer t ON t.debit = r.account AND t.kind = 'pay'"
    " AND t.at_ms > CASE WHEN r.state = 'held_out' THEN c.started_ms"
    "   ELSE r.written_ms END"
    " AND t.at_ms <= :lasts + CASE WHEN r.state = 'held_out' THEN c.started_ms"
    "   ELSE r.written_ms END"
    " WHERE r.campaign IN ({ids}) AND c.started_ms > 0"
    " AND (r.written_ms > 0 OR r.state = 'held_out')"
    " AND (t.credit = c.promoted"
    "   OR (c.code <> '' AND ' ' || replace(replace(replace(replace(upper(t.memo),"
    "     '.', ' '), ',', ' '), ':', ' '), ';', ' ') || ' '"
    "     LIKE '% ' || c.code || ' %'))"
    # Of several rounds the one that wrote last before it has the purchase.
    " ORDER BY from_ms"
)


def report(q: Query, campaign: Campaign) -> Report:
    """Count what came of a campaign; of a recurring one, of all its rounds."""
    ids = _ids(q, campaign)
    marks = ", ".join(str(one) for one in ids)
    counted: dict[Variant, dict[Stage, int]] = {}
    sums: dict[Variant, list[int]] = {}
    for row in q.all(_COUNTS.format(ids=marks)):
        variant, stage = Variant(row["variant"]), Stage(row["state"])
        counted.setdefault(variant, {})[stage] = int(row["n"])
        total = sums.setdefault(variant, [0, 0, 0, 0])
        written = stage in _WRITTEN
        total[0] += int(row["segments"]) if written else 0
        total[1] += int(row["cost"]) if written else 0
        total[2] += int(row["replied"])
        total[3] += int(row["left_n"])
    redeemed = _redeemed(q, campaign, marks)
    halves = tuple(
        Half(
            variant=variant,
            people=sum(counted[variant].values()),
            stages=counted[variant],
            segments=sums[variant][0],
            cost=sums[variant][1],
            replied=sums[variant][2],
            opted_out=sums[variant][3],
            redeemed=redeemed.get(variant, Redeemed()),
        )
        for variant in Variant
        if variant in counted
    )
    return Report(halves=halves, reasons=_reasons(q, marks), winner=_winner(halves))


def _ids(q: Query, campaign: Campaign) -> Sequence[int]:
    rows = q.all(
        "SELECT id FROM campaign WHERE id = :id OR series = :id ORDER BY id",
        {"id": campaign.id},
    )
    return [int(row["id"]) for row in rows]


def _redeemed(q: Query, campaign: Campaign, marks: str) -> dict[Variant, Redeemed]:
    rows = q.all(
        _PURCHASES.format(ids=marks),
        {"lasts": campaign.plan.redeem_days * DAY_MS},
    )
    buyers: dict[Variant, set[str]] = {}
    sums: dict[Variant, list[int]] = {}
    # Each purchase once, whatever the rounds and phones it could be counted for.
    for row in {int(row["id"]): row for row in rows}.values():
        amount = int(row["amount"])
        if amount <= 0:
            continue
        variant = Variant(row["variant"])
        buyers.setdefault(variant, set()).add(row["msisdn"])
        total = sums.setdefault(variant, [0, 0])
        total[0] += 1
        total[1] += amount
    return {
        variant: Redeemed(
            people=len(buyers[variant]), purchases=total[0], amount=total[1]
        )
        for variant, total in sums.items()
    }


def _reasons(q: Query, marks: str) -> dict[str, int]:
    rows = q.all(_WHY.format(ids=marks))
    return {str(row["why"]): int(row["n"]) for row in rows}


_WHY = (
    "SELECT why, count(*) AS n FROM recipient WHERE campaign IN ({ids}) AND why <> ''"
    " AND state IN ('skipped', 'failed', 'cancelled')"
    " GROUP BY why ORDER BY n DESC LIMIT 20"
)


def _winner(halves: Sequence[Half]) -> Variant | None:
    tested = [one for one in halves if one.variant is not Variant.none]
    if len(tested) != len({Variant.a, Variant.b}):
        return None
    first, second = sorted(tested, key=lambda one: one.per_head, reverse=True)
    return first.variant if first.per_head > second.per_head else None


_EXPORT = (
    "SELECT r.campaign, r.msisdn, m.code, m.name, r.variant, r.state, r.why,"
    " r.segments, r.written_ms, r.replied_ms, r.left_ms"
    " FROM recipient r LEFT JOIN member m ON m.account = r.account"
    " WHERE r.campaign = :campaign AND r.msisdn > :after"
    " AND :state IN ('', r.state) ORDER BY r.msisdn LIMIT :limit"
)


def rows(
    q: Query, campaign: int, after: str, limit: int, *, state: str = ""
) -> list[Row]:
    """Return recipients as they are exported, by phone, those behind `after`.

    `state` not empty: only those who stand there.
    """
    return q.all(
        _EXPORT,
        {"campaign": campaign, "after": after, "state": state, "limit": limit},
    )

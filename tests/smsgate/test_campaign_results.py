"""Results: who has it, who bought, beside those held out; an A/B test's winner."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from smsgate import ledger
from smsgate.campaigns import results, steps
from smsgate.campaigns.plan import Wording
from smsgate.campaigns.results import Half, Redeemed, Report
from smsgate.campaigns.rows import Stage, State, Variant
from smsgate.clock import DAY_MS, HOUR_MS, MINUTE_MS
from smsgate.ledger import Posted
from smsgate.messages import outbox
from tests.smsgate.promoter import STAFF, TERMS, Promoter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smsgate.campaigns.rows import Campaign
    from smsgate.members import Member


class Market(Promoter):
    """Readers with credit, and Rosa, whose offer is promoted."""

    def __init__(self) -> None:
        super().__init__()
        self.rosa = self.join("Rosa", kind="business", promos=False)
        self.pedro = self.join("Pedro", kind="business", promos=False)
        self.readers: list[Member] = []

    def reader(self, count: int = 1) -> list[Member]:
        """Make readers."""
        made = [self.join(f"R{n}", limit=1_000_000) for n in range(count)]
        self.readers += made
        return made

    def promote(self, **given: Any) -> Campaign:
        """Send a campaign for Rosa to everybody, all at once."""
        facts = {"promoted": self.rosa.account, "code": "PAN5"}
        campaign = self.started(**{"facts": facts, **given})
        self.feed_all()
        self.sends()
        self.feed_all()
        assert self.now(campaign).state is State.finished
        self.wait(MINUTE_MS)
        return self.now(campaign)

    def buys(
        self, who: Member, amount: int, at: Member | None = None, memo: str = ""
    ) -> Posted:
        """Have somebody pay."""
        done = ledger.pay(
            self.tx,
            debit=who.account,
            credit=(at or self.rosa).account,
            amount=amount,
            memo=memo,
        )
        assert isinstance(done, Posted)
        return done

    def report(self, campaign: Campaign) -> Report:
        """Count what came of it."""
        return results.report(self.tx, self.now(campaign))

    def redeemed(self, campaign: Campaign, variant: Variant = Variant.a) -> Redeemed:
        """Return one variant's purchases."""
        half = self.report(campaign).half(variant)
        assert half is not None
        return half.redeemed


@pytest.fixture
def market() -> Iterator[Market]:
    """Two readers."""
    with Market() as made:
        made.reader(2)
        yield made


def test_a_purchase_counts_within_the_days_after_the_text(market: Market) -> None:
    """At the promoted member's, from the text on, until the plan's days are over."""
    ana, beto = market.readers
    market.buys(ana, 100)
    market.wait(MINUTE_MS)
    campaign = market.promote(redeem_days=7)
    assert market.redeemed(campaign) == Redeemed()
    market.buys(ana, 500)
    market.buys(ana, 700)
    market.buys(beto, 900, at=market.pedro)
    market.wait(6 * DAY_MS)
    market.buys(beto, 1_100)
    market.wait(DAY_MS)
    market.buys(beto, 1_300)
    assert market.redeemed(campaign) == Redeemed(people=2, purchases=3, amount=2_300)


@pytest.mark.parametrize(
    ("memo", "counts"),
    [
        ("PAN5", True),
        ("pan5", True),
        ("pan dulce PAN5", True),
        ("PAN5, gracias", True),
        ("PAN55", False),
        ("XPAN5", False),
        ("PAN 5", False),
        ("", False),
        ("%", False),
    ],
)
def test_the_code_counts_wherever_it_is_paid(
    market: Market, memo: str, counts: bool
) -> None:
    """A payment to anybody that carries the campaign's code is a redeemed one."""
    campaign = market.promote()
    market.buys(market.readers[0], 800, at=market.pedro, memo=memo)
    assert market.redeemed(campaign).amount == 800 * counts


def test_what_was_given_back_does_not_count(market: Market) -> None:
    """A refund in part is taken off, and one in full takes the buyer off too."""
    ana, beto = market.readers
    campaign = market.promote()
    for who, back in ((ana, 200), (beto, 500)):
        bought = market.buys(who, 500)
        ledger.reverse(market.tx, bought.ref, back, "member", "x")
    assert market.redeemed(campaign) == Redeemed(people=1, purchases=1, amount=300)


def test_those_held_out_are_counted_from_the_start(market: Market) -> None:
    """What would have been bought anyway: from the start of the campaign on."""
    market.reader(40)
    campaign = market.promote(hold_out=50)
    held = [
        one
        for one in market.readers
        if market.recipient(campaign, one.phone)["state"] == "held_out"
    ]
    told = [one for one in market.readers if one not in held]
    assert len(held) > 8
    assert len(told) > 8
    market.buys(held[0], 400)
    for one in told[:3]:
        market.buys(one, 600)
    assert market.redeemed(campaign, Variant.none) == Redeemed(
        people=1, purchases=1, amount=400
    )
    assert market.redeemed(campaign) == Redeemed(people=3, purchases=3, amount=1_800)
    half = market.report(campaign).half(Variant.none)
    assert half is not None
    assert (half.people, half.per_head) == (len(held), 400 / len(held))
    # A comparison is no contender.
    assert market.report(campaign).winner is None


def test_the_winner_is_what_redeemed_more_a_head() -> None:
    """Not the text with more buyers, and not the larger half, wins."""
    with Market() as market:
        market.reader(60)
        campaign = market.promote(other=Wording(es="Torta"), split=20)
        by_variant: dict[str, list[Member]] = {"a": [], "b": []}
        for one in market.readers:
            by_variant[market.recipient(campaign, one.phone)["variant"]].append(one)
        a, b = by_variant["a"], by_variant["b"]
        assert len(a) > 2 * len(b) > 4
        assert market.report(campaign).winner is None
        for one in a[:4]:
            market.buys(one, 1_000)
        market.buys(b[0], 3_900)
        found = market.report(campaign)
        assert found.winner is Variant.b
        first, second = found.half(Variant.a), found.half(Variant.b)
        assert first is not None
        assert second is not None
        assert (first.redeemed.amount, second.redeemed.amount) == (4_000, 3_900)
        assert first.per_head < second.per_head


def test_every_stage_and_its_reason_is_told(market: Market) -> None:
    """Sent, failed and why, unsure, skipped, replied, opted out, and the cost."""
    market.reader(6)
    campaign = market.started(facts={"promoted": market.rosa.account})
    market.tx.run(
        "UPDATE member SET promos = 0 WHERE account = ?", (market.readers[0].account,)
    )
    market.feed_all()
    rows = market.takes(5)
    outbox.failed(market.tx, rows[0], "no such number")
    outbox.unsure(market.tx, rows[1], "no answer")
    for row in rows[2:]:
        outbox.sent(market.tx, [(row, [str(row)])])
    market.tx.run(
        "UPDATE recipient SET replied_ms = 5, left_ms = 6 WHERE msisdn = ?",
        (market.taken[2],),
    )
    steps.cancel(market.tx, market.now(campaign), actor=STAFF, why="enough")
    market.feed_all()
    found = market.report(campaign)
    (half,) = found.halves
    assert half == Half(
        variant=Variant.a,
        people=8,
        stages={
            Stage.cancelled: 2,
            Stage.failed: 1,
            Stage.sent: 3,
            Stage.skipped: 1,
            Stage.unsure: 1,
        },
        segments=5,
        cost=5 * TERMS.cost("sim1"),
        replied=1,
        opted_out=1,
        redeemed=Redeemed(),
    )
    assert found.reasons == {"enough": 2, "no such number": 1, "opted_out": 1}
    listed = results.rows(market.tx, campaign.id, "", 3)
    more = results.rows(market.tx, campaign.id, listed[-1]["msisdn"], 30)
    phones = [row["msisdn"] for row in [*listed, *more]]
    assert phones == sorted(one.phone for one in market.readers)


def test_a_series_counts_each_purchase_once(market: Market) -> None:
    """What was bought after several rounds is the last one's that wrote before it."""
    ana = market.readers[0]
    first = market.promote(name="first")
    market.wait(HOUR_MS)
    facts = {"promoted": market.rosa.account, "series": first.id}
    market.promote(name="second", facts=facts)
    market.buys(ana, 500)
    assert market.redeemed(first) == Redeemed(people=1, purchases=1, amount=500)
    half = market.report(first).half(Variant.a)
    assert half is not None
    assert half.people == 4

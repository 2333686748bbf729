"""Freezing: each phone once, shares that hold, and what was cut off is begun anew."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smsgate import members
from smsgate.campaigns import freezing, steps
from smsgate.campaigns.audience import saved
from smsgate.campaigns.audience.people import choose
from smsgate.campaigns.audience.saved import Listed
from smsgate.campaigns.freezing import variant_of
from smsgate.campaigns.plan import Wording
from smsgate.campaigns.queueing import link_of
from smsgate.campaigns.rows import State, Variant, by_name
from smsgate.campaigns.steps import CampaignRefused
from smsgate.store import Store, create_ledger
from tests.smsgate.mailroom import StoppedClock
from tests.smsgate.promoter import STAFF, ZONE, Promoter, plan

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from smsgate.campaigns.audience.people import Choice
    from smsgate.campaigns.rows import Campaign
    from smsgate.store import Tx

B = Wording(es="Torta hoy")
PHONES = [f"+5037{number:07}" for number in range(20_000)]


@given(
    campaign=st.integers(1, 10**6),
    hold_out=st.integers(0, 50),
    split=st.integers(1, 99),
    other=st.booleans(),
)
@settings(max_examples=15)
def test_variants_are_of_the_right_share_and_stable(
    campaign: int, hold_out: int, split: int, other: bool
) -> None:
    """Whom a text goes to is drawn once, and as many of a hundred as was asked for."""
    made = plan(hold_out=hold_out, split=split, other=B if other else None)
    drawn = [variant_of(made, campaign, phone) for phone in PHONES[:5_000]]
    assert drawn == [variant_of(made, campaign, phone) for phone in PHONES[:5_000]]
    count = Counter(drawn)
    held = count[Variant.none] / 5_000
    assert abs(held - hold_out / 100) < 0.035
    told = 5_000 - count[Variant.none]
    expected = split / 100 if other else 0.0
    assert abs(count[Variant.b] / told - expected) < 0.045


def test_another_campaign_draws_others() -> None:
    """Nobody is held out, or gets the second text, in every campaign."""
    made = plan(hold_out=50, split=50, other=B)
    first = [variant_of(made, 1, phone) for phone in PHONES]
    second = [variant_of(made, 2, phone) for phone in PHONES]
    same = sum(one == other for one, other in zip(first, second, strict=True))
    # By chance: half times half held out, a quarter and a quarter of the rest.
    assert abs(same / len(PHONES) - (0.25 + 0.0625 + 0.0625)) < 0.02


def test_links_get_their_shares() -> None:
    """So many of a hundred take each link, the others whichever can send."""
    made = plan(shares={"sim1": 60, "web": 30})
    count = Counter(link_of(made, 7, phone) for phone in PHONES)
    for link, share in (("sim1", 0.6), ("web", 0.3), ("", 0.1)):
        assert abs(count[link] / len(PHONES) - share) < 0.015
    assert {link_of(plan(), 7, phone) for phone in PHONES[:9]} == {""}


def test_each_phone_is_written_down_once_and_who_wants_none_is_not() -> None:
    """Opted out, closed and double rows of a list are left out; the rest is there."""
    with Promoter() as promoter:
        ana, beto = promoter.join("Ana"), promoter.join("Beto", promos=False)
        made = saved.save(promoter.tx, name="expo", rule="", actor="uid:1")
        rows = [ana.phone, ana.phone, beto.phone, "+50379990001", "+50379990001"]
        new = [
            saved.put_phones(
                promoter.tx, made.id, [Listed(msisdn=one, fields={"tienda": str(n)})]
            )
            for n, one in enumerate(rows)
        ]
        assert new == [1, 0, 1, 1, 0]
        ready = promoter.freeze(promoter.draft(rule="", audience="expo"))
        assert (ready.people, ready.state) == (2, State.review)
        # What the list says of them is frozen with them; the later row of a phone won.
        kept = promoter.recipient(ready, "+50379990001")
        assert (kept["account"], json.loads(kept["fields"])) == (None, {"tienda": "4"})
        assert promoter.recipient(ready, ana.phone)["account"] == ana.account
        # A list that is dropped afterwards takes nobody back.
        found = saved.by_name(promoter.tx, "expo")
        assert found is not None
        saved.drop(promoter.tx, found)
        assert promoter.now(ready).people == 2


def test_who_is_held_out_is_written_down_and_not_written_to() -> None:
    """They are counted beside the others and get no text."""
    with Promoter() as promoter:
        promoter.crowd(40)
        campaign = promoter.started(hold_out=50)
        told = promoter.feed_all()
        promoter.sends()
        promoter.feed()
        stages = promoter.stages(campaign)
    assert stages == {"sent": told, "held_out": 40 - told}
    assert 8 <= told <= 32


# ---- with a store, and cut off


@asynccontextmanager
async def opened(folder: Path, people: int = 950) -> AsyncIterator[Store]:
    """Open a ledger with people who want promotions."""
    path = folder / "ledger.sqlite"
    if not path.exists():
        create_ledger(path)

    def join(tx: Tx) -> None:
        for number in range(people):
            new = members.NewMember(phone=f"+5037{number:07}", name="Ana", promos=True)
            members.add(tx, new, actor="x")

    async with await Store.open(path, StoppedClock()) as store:
        if not store.peek.all("SELECT 1 FROM member LIMIT 1"):
            await store.write(join)
        yield store


async def draft(store: Store, **facts: Any) -> Campaign:
    """Write a campaign down."""
    made = plan(**facts)
    return await store.write(
        lambda tx: steps.new(tx, name="pan", plan=made, author=STAFF)
    )


def choice(store: Store, campaign: Campaign) -> Choice:
    """Return its people as a statement."""
    return choose(
        store.peek,
        campaign.plan,
        now_ms=store.newest_ms,
        decimals=2,
        zone=ZONE,
        language="es",
    )


def written_down(store: Store, campaign: Campaign) -> AsyncIterator[int]:
    """Begin to write its people down."""
    chosen = choice(store, campaign)
    return freezing.expand(store, StoppedClock(), campaign, chosen)


@pytest.mark.parametrize(
    ("took_s", "rests_s"),
    [(0.0, 0.002), (0.001, 0.002), (0.004, 0.004), (0.12, 0.12), (9.0, 0.25)],
)
def test_the_writer_is_left_to_others_as_long_as_a_batch_took_it(
    took_s: float, rests_s: float
) -> None:
    """So on a slow disk a payment finds it free half of the time, as on a fast one."""
    assert freezing.rest_s(took_s) == rests_s


async def test_the_audience_is_written_down_in_short_steps(tmp_path: Path) -> None:
    """Batches of some hundreds, counted as they go; then somebody must agree."""
    async with opened(tmp_path) as store:
        campaign = await freezing.begin(store, (await draft(store)).id)
        counts = [count async for count in written_down(store, campaign)]
        assert counts == [400, 800, 950]
        ready = await store.write(
            lambda tx: steps.frozen(tx, steps.required(tx, campaign.id))
        )
        assert (ready.people, ready.frozen_ms) == (950, store.newest_ms)


async def test_what_was_cut_off_is_begun_anew(tmp_path: Path) -> None:
    """Whoever was written down before and fits no more is not there the second time."""
    async with opened(tmp_path) as store:
        campaign = await freezing.begin(store, (await draft(store)).id)
        steps_of = written_down(store, campaign)
        assert await anext(steps_of) == 400
    async with opened(tmp_path) as store:
        # A second one must not disturb what may still be under way.
        with pytest.raises(CampaignRefused, match="is being written down"):
            await freezing.begin(store, campaign.id)
        await freezing.give_up(store, campaign.id)
        found = by_name(store.peek, "pan")
        assert found is not None
        assert (found.state, found.people) == (State.draft, 0)
        assert store.peek.all("SELECT 1 FROM recipient") == []
        await store.write(lambda tx: tx.run("UPDATE member SET promos = account > 9"))
        campaign = await freezing.begin(store, campaign.id)
        counts = [count async for count in written_down(store, campaign)]
        assert counts[-1] == 941


async def test_a_campaign_that_is_cancelled_meanwhile_is_written_down_no_further(
    tmp_path: Path,
) -> None:
    """Whoever writes it down is told, and it stays cancelled."""
    async with opened(tmp_path) as store:
        campaign = await freezing.begin(store, (await draft(store)).id)
        going = written_down(store, campaign)
        await anext(going)
        await store.write(
            lambda tx: steps.cancel(tx, campaign, actor=STAFF, why="no more")
        )
        with pytest.raises(CampaignRefused, match="was changed meanwhile"):
            await anext(going)
        with pytest.raises(CampaignRefused, match="is cancelled"):
            await freezing.give_up(store, campaign.id)

"""What the database itself holds, whoever writes to it: opt-outs, and never twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from smsgate.campaigns import replies
from smsgate.campaigns.plan import Wording
from smsgate.clock import DAY_MS, MINUTE_MS
from smsgate.members import consent
from smsgate.messages import outbox
from smsgate.messages.outbox import Class
from smsgate.store import Refused
from tests.smsgate.promoter import Promoter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smsgate.campaigns.rows import Campaign

STRANGER = "+50379990001"


@pytest.fixture
def promoter() -> Iterator[Promoter]:
    """Three people who want promotions."""
    with Promoter() as made:
        made.crowd(3)
        yield made


def owe(promoter: Promoter, to: str, cls: Class = Class.campaign) -> int:
    """Owe somebody a text past every function of the campaigns."""
    return outbox.owe(
        promoter.tx,
        inbox=None,
        cls=cls,
        name="x",
        recipient=to,
        body="x",
        link="",
        expires_ms=promoter.tx.now_ms + DAY_MS,
    ).id


def test_whoever_inserts_an_opt_out_holds(promoter: Promoter) -> None:
    """No promotion is owed to who wants none; receipts and notices are."""
    ana = promoter.join("Ana", promos=False)
    till = promoter.join("Till", promos=False)
    promoter.tx.run(
        "INSERT INTO phone (msisdn, account, role) VALUES ('+50379990009', ?, 'till')",
        (till.account,),
    )
    consent.stop_promos(promoter.tx, STRANGER, "text")
    for number in (ana.phone, STRANGER, "+50379990009"):
        with pytest.raises(Refused) as caught:
            owe(promoter, number)
        assert caught.value.name == "opted_out"
        owe(promoter, number, Class.notice)
        owe(promoter, number, Class.receipt)
    consent.start_promos(promoter.tx, STRANGER)
    assert owe(promoter, STRANGER)


@pytest.mark.parametrize("how", ["member", "phone"])
def test_an_opt_out_stops_what_waits(promoter: Promoter, how: str) -> None:
    """Whoever says BAJA while a text waits for them does not get it."""
    campaign = promoter.started()
    promoter.feed_all()
    (first, *_) = promoter.queued()
    to = first["recipient"]
    if how == "member":
        (row,) = promoter.tx.all("SELECT account FROM phone WHERE msisdn = ?", (to,))
        consent.set_promos(promoter.tx, row["account"], wanted=False, actor="member")
    else:
        consent.stop_promos(promoter.tx, to, "provider")
    assert promoter.whys(campaign) == {to: "opted_out"}
    assert promoter.stages(campaign) == {"skipped": 1, "queued": 2}
    assert promoter.now(campaign).spent == 2 * 300
    promoter.sends()
    assert to not in promoter.taken
    promoter.feed_all()
    assert promoter.stages(campaign) == {"skipped": 1, "sent": 2}


def test_an_opt_out_while_a_text_is_tried_stops_its_next_try(
    promoter: Promoter,
) -> None:
    """A text that a link had and did not send does not set out again."""
    campaign = promoter.started()
    promoter.feed_all()
    (row,) = promoter.takes(1)
    consent.stop_promos(promoter.tx, promoter.taken[0], "text")
    assert promoter.stages(campaign) == {"sending": 1, "queued": 2}
    outbox.retry(promoter.tx, row, "no signal")
    promoter.wait(MINUTE_MS)
    assert promoter.stages(campaign) == {"skipped": 1, "queued": 2}
    promoter.sends()
    assert promoter.taken.count(promoter.taken[0]) == 1


STAGES_WRITTEN = ["sent", "delivered", "failed", "unsure", "skipped", "cancelled"]


@pytest.mark.parametrize("stage", [*STAGES_WRITTEN, "held_out"])
def test_who_was_written_to_or_left_out_stays_so(
    promoter: Promoter, stage: str
) -> None:
    """No hand can put such a recipient back into the queue."""
    promoter.crowd(20)
    campaign = promoter.started(hold_out=50 if stage == "held_out" else 0)
    if stage != "held_out":
        promoter.tx.run("UPDATE recipient SET state = ?", (stage,))
    assert promoter.stages(campaign)[stage]
    for state in ("waiting", "queued", "sending"):
        with pytest.raises(Refused) as caught:
            promoter.tx.run(
                "UPDATE recipient SET state = ? WHERE state = ?", (state, stage)
            )
        assert caught.value.name == "written_already"


@pytest.mark.parametrize("change", ["msisdn = '+1'", "campaign = 99"])
def test_a_recipient_is_nobody_else(promoter: Promoter, change: str) -> None:
    """Neither the phone nor the campaign of a row can be changed."""
    promoter.started()
    with pytest.raises(Refused) as caught:
        promoter.tx.run(f"UPDATE recipient SET {change}")
    assert caught.value.name == "written_already"


@pytest.mark.parametrize("sql", ["DELETE FROM recipient", "REPLACE"])
def test_who_was_written_to_is_not_forgotten(promoter: Promoter, sql: str) -> None:
    """A row cannot be deleted, or replaced by a fresh one, to write once more."""
    campaign = promoter.started()
    promoter.feed_all()
    promoter.sends(1)
    if sql == "REPLACE":
        sql = (
            "INSERT OR REPLACE INTO recipient (campaign, msisdn, variant, state)"
            f" VALUES ({campaign.id}, '{promoter.taken[0]}', 'a', 'waiting')"
        )
    with pytest.raises(Refused) as caught:
        promoter.tx.run(sql)
    assert caught.value.name == "written_already"


@pytest.mark.parametrize("state", ["sent", "delivered", "failed", "unsure", "expired"])
def test_a_text_that_set_out_does_not_set_out_again(
    promoter: Promoter, state: str
) -> None:
    """Not by an operator's retry, not by hand: better never than twice."""
    promoter.started()
    promoter.feed_all()
    (row,) = promoter.takes(1)
    promoter.tx.run("UPDATE outbox SET state = ? WHERE id = ?", (state, row))
    for again in ("queued", "sending"):
        with pytest.raises(Refused) as caught:
            promoter.tx.run("UPDATE outbox SET state = ? WHERE id = ?", (again, row))
        assert caught.value.name == "written_already"
    assert not outbox.resend(promoter.tx, row)


def test_a_kill_leaves_them_unsure_and_never_written_to_again(
    promoter: Promoter,
) -> None:
    """Whoever was being written to is listed; the others get their text."""
    campaign = promoter.started()
    promoter.feed_all()
    promoter.takes(2)
    promoter.run += 1
    assert outbox.sweep(promoter.tx, promoter.run) == 2
    assert promoter.stages(campaign) == {"unsure": 2, "queued": 1}
    assert set(promoter.whys(campaign).values()) == {"cut off by a restart"}
    for _ in range(3):
        promoter.wait(MINUTE_MS)
        outbox.unsure_due(promoter.tx)
        promoter.feed_all()
        promoter.sends()
    assert promoter.stages(campaign) == {"unsure": 2, "sent": 1}
    assert len(promoter.taken) == 3


# ---- what they write back


def test_a_reply_is_counted_once_for_the_round_that_wrote_last(
    promoter: Promoter,
) -> None:
    """Of a series, the round that wrote last; of strangers to it, nobody."""
    first = promoter.started("first")
    promoter.feed_all()
    promoter.sends()
    to = promoter.taken[0]
    promoter.feed_all()
    second = promoter.started("second", facts={"series": first.id})
    assert replies.note_reply(promoter.tx, first.id, to)
    assert promoter.recipient(second, to)["replied_ms"] == 0
    promoter.wait(MINUTE_MS)
    promoter.feed_all()
    promoter.sends()
    assert replies.note_reply(promoter.tx, first.id, to)
    assert not replies.note_reply(promoter.tx, first.id, to)
    assert promoter.recipient(second, to)["replied_ms"] == promoter.tx.now_ms
    assert not replies.note_reply(promoter.tx, first.id, STRANGER)


def test_a_word_is_answered_from_the_approval_on(promoter: Promoter) -> None:
    """No draft answers; a campaign that has ended still does, for who reads late."""
    answer = Wording(es="A la una", en="At one")
    campaign = promoter.draft(answer=answer, facts={"word": "TORTA"})
    assert replies.answer_to(promoter.tx, "TORTA") is None
    promoter.freeze(campaign)
    assert replies.answer_to(promoter.tx, "TORTA") is None
    promoter.tx.run("UPDATE campaign SET approved_ms = 1, state = 'finished'")
    assert replies.answer_to(promoter.tx, "TORTA") == (campaign.id, answer)
    assert replies.answer_to(promoter.tx, "PAN") is None
    assert replies.answer_to(promoter.tx, "") is None


def test_an_opt_out_is_counted_for_the_campaign_that_wrote_last(
    promoter: Promoter,
) -> None:
    """Within a week of the text, once, and not for the campaigns before it."""
    campaigns: list[Campaign] = []
    for name in ("first", "second"):
        campaigns.append(promoter.started(name))
        promoter.wait(MINUTE_MS)
        promoter.feed_all()
        promoter.sends()
    to = promoter.taken[0]
    replies.note_left(promoter.tx, to)
    left = [promoter.recipient(one, to)["left_ms"] for one in campaigns]
    assert left == [0, promoter.tx.now_ms]
    other = promoter.taken[1]
    promoter.wait(8 * DAY_MS)
    replies.note_left(promoter.tx, other)
    replies.note_left(promoter.tx, STRANGER)
    assert [promoter.recipient(one, other)["left_ms"] for one in campaigns] == [0, 0]

"""A campaign's plan, as staff write it, read and checked.

What comes in: what was typed, and for an edit the plan as it was. What goes out: the
plan and the columns beside it, or every mistake at once. A word of the campaign's own
keeps the distance from every command that a network's own words keep, because a slip
must never become another command.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from commands.vocabulary import fold, mistakes
from modem.text import segments
from smsgate import members
from smsgate.campaigns.audience import saved
from smsgate.campaigns.plan import COST_DECIMALS, PERCENT, Plan, PlanBad, Wording
from smsgate.campaigns.preview import cheaper_plan
from smsgate.campaigns.rows import by_name
from smsgate.money import AMOUNT_MAX, parse_amount
from smsgate.operations.desk import OperationRefused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smsgate.campaigns.rows import Campaign
    from smsgate.operations.campaigning.requests import CampaignNew
    from smsgate.operations.desk import Desk
    from smsgate.store import Query

_REDEEM_DAYS_MAX = 365
_PER_HOUR_MAX = 1_000_000
_CODE_MAX = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What staff wrote, ready to be kept."""

    plan: Plan
    word: str
    code: str
    promoted: int | None
    per_hour: int | None


def read(desk: Desk, request: CampaignNew, before: Campaign | None) -> Written:
    """Read a plan; what an edit does not name stays as it was.

    Raises:
        OperationRefused: its lines name every mistake.
    """
    old = None if before is None else before.plan
    plan = _plan(desk, request, old)
    if request.cheaper:
        plan = cheaper_plan(plan) or plan
    written = Written(
        plan=plan,
        word=_folded(request.word, before.word if before else ""),
        code=_folded(request.code, before.code if before else ""),
        promoted=_promoted(desk, request, before),
        per_hour=request.per_hour or (before.per_hour if before else None),
    )
    wrong = list(_wrong(desk, written))
    if wrong:
        bad = PlanBad(wrong)
        raise OperationRefused(str(bad), wrong if len(wrong) > 1 else ()) from bad
    return written


def _plan(desk: Desk, request: CampaignNew, old: Plan | None) -> Plan:
    old = old or Plan(text=Wording(es=""))
    given = {
        name: value
        for name in (
            "fallbacks",
            "footer",
            "audience",
            "rule",
            "not_in",
            "not_written_days",
            "hold_out",
            "split",
            "redeem_days",
            "shares",
        )
        if (value := getattr(request, name)) is not None
    }
    if request.audience:
        given.setdefault("rule", "")
    if request.fallbacks is not None:
        merged = {**old.fallbacks, **request.fallbacks}
        given["fallbacks"] = {name: text for name, text in merged.items() if text}
    budget = old.budget if request.budget is None else _cost(request.budget)
    plan = replace(
        old,
        text=_wording(request.text_es, request.text_en, old.text) or old.text,
        other=_wording(request.other_es, request.other_en, old.other),
        answer=_wording(request.answer_es, request.answer_en, old.answer),
        budget=budget,
        **given,
    )
    if plan.other is not None and not plan.split:
        return replace(plan, split=PERCENT // 2)
    if plan.other is None and request.split is None:
        return replace(plan, split=0)
    return plan


def _wording(es: str | None, en: str | None, old: Wording | None) -> Wording | None:
    if es is None and en is None:
        return old
    spanish = (old.es if old else "") if es is None else es.strip()
    english = (old.en if old else "") if en is None else en.strip()
    if not spanish and not english:
        return None
    return Wording(es=spanish or english, en=english)


def _folded(new: str | None, old: str) -> str:
    if new is None:
        return old
    return fold(new) if new else ""


def _cost(text: str) -> int | None:
    return parse_amount(text, COST_DECIMALS) if text else None


def _promoted(desk: Desk, request: CampaignNew, before: Campaign | None) -> int | None:
    if request.promoted is None:
        return before.promoted if before else None
    if not request.promoted:
        return None
    country = desk.config.network.country
    return members.find(desk.store.peek, request.promoted, country).account


def _wrong(desk: Desk, written: Written) -> Iterator[str]:
    plan = written.plan
    if not plan.text.es:
        yield "there is no text: give it with --text"
    if not plan.audience and not plan.rule:
        yield (
            "it does not say who is written to: give --audience NAME or --where RULE, "
            "such as --where everybody"
        )
    if plan.audience and saved.by_name(desk.store.peek, plan.audience) is None:
        yield f"there is no audience {plan.audience}: look at `smsgate audience list`"
    yield from _wrong_numbers(written)
    yield from _wrong_word(desk, written)
    links = {link.name for link in desk.config.links}
    for link in sorted(set(plan.shares) - links):
        yield f"there is no link {link}: there are {', '.join(sorted(links))}"
    if sum(plan.shares.values()) > PERCENT:
        yield "the shares of the links come to more than 100"


def _wrong_numbers(written: Written) -> Iterator[str]:
    plan = written.plan
    for name, value, most in (
        ("hold-out", plan.hold_out, PERCENT // 2),
        ("split", plan.split, PERCENT - 1),
        ("not-written-days", plan.not_written_days, _REDEEM_DAYS_MAX),
        ("redeem-days", plan.redeem_days, _REDEEM_DAYS_MAX),
    ):
        if not 0 <= value <= most:
            yield f"{name} must be from 0 to {most}"
    if plan.split and plan.other is None:
        yield "a split needs the other text: give it with --other"
    if plan.budget is not None and not 0 < plan.budget <= AMOUNT_MAX:
        yield "a budget must be above zero"
    if written.per_hour is not None and not 1 <= written.per_hour <= _PER_HOUR_MAX:
        yield f"per-hour must be from 1 to {_PER_HOUR_MAX}"
    if len(written.code) > _CODE_MAX or not (
        written.code == "" or written.code.isalnum()
    ):
        yield f"a code is 1 to {_CODE_MAX} letters and digits"


def _wrong_word(desk: Desk, written: Written) -> Iterator[str]:
    plan, word = written.plan, written.word
    if bool(word) != (plan.answer is not None):
        yield "a word and its answer go together: give both --word and --answer"
    for text in () if plan.answer is None else (plan.answer.es, plan.answer.en):
        if segments(text).segments > 1:
            yield "the answer to a word must fit into one SMS"
    if not word:
        return
    info = [one.word for one in desk.config.info]
    known = list(desk.config.words.items())
    for whose, place, sentence in mistakes(dict(known), [*info, word]):
        if whose is None and place == len(info):
            yield sentence


def known(q: Query, name: str) -> Campaign:
    """Return the campaign.

    Raises:
        OperationRefused: there is none of this name.
    """
    campaign = by_name(q, name)
    if campaign is None:
        raise OperationRefused(
            f"there is no campaign {name}: look at `smsgate campaign list`"
        )
    return campaign

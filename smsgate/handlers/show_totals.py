"""CIERRE: what was received on a day, for the owner by till, for a till its own.

What comes in: a `ShowTotals` with a day, from the owner with the PIN where the network
asks for it, or from a till's phone, which has none and sees no more than the receipts
that it was sent. What goes out: one `Totals` or `TotalsOfTill`. Days are the network's
local ones; what was given back counts on the day on which it was.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from commands.command import Keyword, Why
from commands.reply import NotUnderstood, Totals, TotalsOfTill
from commands.reply.till import TillTotal
from smsgate import members
from smsgate.clock import from_ms, to_ms
from smsgate.handlers.case import say
from smsgate.handlers.payment import party
from smsgate.handlers.show_balance import unseen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commands.command import ShowTotals
    from smsgate.handlers.case import Case, Result
    from smsgate.members import Sales, Till

_PAGE = 2


def show_totals(case: Case, command: ShowTotals) -> Result:
    """Tell the owner one page of a day."""
    day = _day(case, command)
    if day is None:
        return say(NotUnderstood(why=Why.syntax, keyword=Keyword.cierre))
    refused = unseen(case, Keyword.cierre, command.pin)
    if refused is not None:
        return say(refused)
    sales = _sales(case, day)
    by_till = any(one.code for one in sales) or bool(
        members.tills_of(case.tx, case.sender.account)
    )
    lines = [_line(case, one) for one in sales] if by_till else []
    skip = _PAGE * (command.page - 1)
    return say(
        Totals(
            day=_start(case, day),
            count=sum(one.count for one in sales),
            amount=sum(one.amount for one in sales),
            returned=sum(one.returned for one in sales),
            lines=tuple(lines[skip : skip + _PAGE]),
            next_page=command.page + 1 if len(lines) > skip + _PAGE else None,
        )
    )


def show_till_totals(case: Case, till: Till, command: ShowTotals) -> Result:
    """Tell a till its own day."""
    day = _day(case, command)
    if day is None:
        return say(NotUnderstood(why=Why.syntax, keyword=Keyword.cierre))
    found = {one.code: one for one in _sales(case, day)}
    own, rest = found.get(till.code), found.get(None)
    return say(
        TotalsOfTill(
            day=_start(case, day),
            owner=party(case.sender),
            own=_total(till.name, own),
            rest=_total("", rest),
        )
    )


def _sales(case: Case, day: date) -> Sequence[Sales]:
    since, until = _start(case, day), _start(case, day + timedelta(days=1))
    return members.sales(case.tx, case.sender.account, to_ms(since), to_ms(until))


def _line(case: Case, sales: Sales) -> TillTotal:
    """What was paid to no till is told under the owner's name."""
    return _total(sales.name if sales.code else case.sender.name, sales)


def _total(name: str, sales: Sales | None) -> TillTotal:
    if sales is None:
        return TillTotal(name=name, count=0, amount=0)
    return TillTotal(
        name=name, count=sales.count, amount=sales.amount, returned=sales.returned
    )


def _day(case: Case, command: ShowTotals) -> date | None:
    """Return the day that is meant, never one to come; None: there is no such day."""
    today = from_ms(case.tx.now_ms).astimezone(case.policy.timezone).date()
    if command.date is None:
        return today - timedelta(days=command.ago)
    day, month = command.date
    for year in (today.year, today.year - 1):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found <= today:
            return found
    return None


def _start(case: Case, day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=case.policy.timezone)

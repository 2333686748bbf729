"""The end of a branch: its command is done, and what it says is shown.

What comes in: a `Visit` and the end of a branch, with what its command answered. What
goes out: the last screen of the session; of a list that is longer, one part after the
other, `98` on and `97` back. That the PIN was right holds for the pages of one list and
for nothing else.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from commands.command import (
    DropAd,
    FindOffers,
    Help,
    ShowBalance,
    ShowCredit,
    ShowHistory,
    ShowTotals,
    Verify,
    keyword_of,
)
from commands.reply import SessionAsks
from smsgate import handlers
from smsgate.handlers.menu.tree import End, command_of
from smsgate.ussd import ending
from smsgate.ussd.moving import close, move, show
from smsgate.ussd.showing import fits, goes_on, part, parts_of
from smsgate.ussd.step import SHOWN, Screen

if TYPE_CHECKING:
    from collections.abc import Mapping

    from commands.command import Command
    from commands.reply import Reply
    from smsgate.handlers import Case, Result
    from smsgate.ussd.step import Visit

#: They change nothing: without a PIN their answer is on the screen and nowhere else.
_LOOKS = (
    DropAd,
    FindOffers,
    Help,
    ShowBalance,
    ShowCredit,
    ShowHistory,
    ShowTotals,
    Verify,
)
_NEXT, _BEFORE, _BACK = "98", "97", "0"


def finish(
    visit: Visit,
    end: End,
    detail: Mapping[str, object],
    command: Command,
    result: Result,
    *,
    proved: bool = False,
) -> Screen:
    """Show what a command answered; `proved`: it asked for the PIN, which was right."""
    # The receipt is noted at the session, which may have only this step.
    move(visit, visit.session.page, visit.session.detail)
    first = result.told[0]
    receipt = proved or not _looks(command) or ending.asks_by_sms(first.reply)
    ending.keep(
        visit.case,
        visit.dial,
        visit.voice,
        result,
        str(keyword_of(command) or ""),
        receipt=receipt,
    )
    if ending.says_only_that(first.reply, trusted=visit.case.trusted):
        return close(visit, SessionAsks())
    if fits(first.reply, visit.voice):
        return close(visit, first.reply, "" if first.to is None else first.to.language)
    listed = {**detail, "end": end, "proved": proved, "page": 1}
    return _show_list(visit, listed, first.reply)


def turn_page(visit: Visit, choice: str) -> Screen:
    """Go on in a list, or back, or out of it."""
    detail = visit.session.detail
    parts, at = _parts(detail), int(str(detail["at"]))
    page = int(str(detail["page"]))
    if choice == _BACK:
        return show(visit, visit.home, {})
    if choice == _NEXT and at + 1 < len(parts):
        return _show_part(visit, {**detail, "at": at + 1})
    if choice == _NEXT and detail["more"]:
        return _other_page(visit, page + 1)
    if choice == _BEFORE and at > 0:
        return _show_part(visit, {**detail, "at": at - 1})
    if choice == _BEFORE and page > 1:
        return _other_page(visit, page - 1)
    return _show_part(visit, detail)


def _other_page(visit: Visit, page: int) -> Screen:
    """Ask for another page of the same list."""
    detail = visit.session.detail
    end = End(str(detail["end"]))
    case = visit.case
    if detail["proved"]:
        # The PIN was right a moment ago, in this session, for this list.
        case = _open(case)
    if end is End.words:
        command: Command = FindOffers(query=str(detail["query"]), page=page)
    else:
        command = command_of(end, {**detail, "page": page})
    if visit.till is not None:
        result = handlers.handle_at_till(case, visit.till, command)
    else:
        result = handlers.carry_out(case, command)
    return _show_list(visit, {**detail, "page": page}, result.told[0].reply)


def _show_list(visit: Visit, detail: Mapping[str, object], reply: Reply) -> Screen:
    more, parts = goes_on(reply), parts_of(reply, visit.voice)
    return _show_part(visit, {**detail, "parts": parts, "more": more, "at": 0})


def _show_part(visit: Visit, detail: Mapping[str, object]) -> Screen:
    parts, at = _parts(detail), int(str(detail["at"]))
    more = at + 1 < len(parts) or bool(detail["more"])
    before = at > 0 or int(str(detail["page"])) > 1
    move(visit, SHOWN, detail)
    return Screen(
        text=part(parts[at], visit.voice, more=more, before=before),
        ends=False,
        outcome=SHOWN,
        account=visit.case.sender.account,
    )


def _parts(detail: Mapping[str, object]) -> tuple[str, ...]:
    parts = detail["parts"]
    if not isinstance(parts, list | tuple):
        raise TypeError("a list that is shown has no parts")
    return tuple(map(str, parts))


def _open(case: Case) -> Case:
    return replace(
        case,
        policy=replace(case.policy, balance_needs_pin=False),
        sender=replace(case.sender, hidden=False),
    )


def _looks(command: Command) -> bool:
    if isinstance(command, ShowCredit):
        return not command.text
    return isinstance(command, _LOOKS)

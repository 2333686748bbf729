"""Where a session goes: to a screen, to the same one again, or to its end.

What comes in: a `Visit` and the screen it leads to. What goes out: the `Screen`, and
the session's row that says so.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from commands.replies import name_of
from commands.reply import SessionOver
from smsgate.handlers.menu.walking import screen_of
from smsgate.messages import sessions
from smsgate.ussd.showing import screen
from smsgate.ussd.step import Screen

if TYPE_CHECKING:
    from collections.abc import Mapping

    from commands.reply import MenuScreen, Page, Reply
    from smsgate.ussd.step import Visit

#: How often a screen is shown again to an answer that it cannot use.
_AGAIN_MAX = 3


def show(
    visit: Visit,
    page: Page,
    detail: Mapping[str, object],
    *,
    wrong: int = 0,
    reply: MenuScreen | None = None,
) -> Screen:
    """Show a screen of the tree; `reply` where it says more than that."""
    move(visit, page, detail, wrong=wrong)
    if reply is None:
        reply = screen_of(visit.case.tx, page, detail, wrong=wrong > 0)
    return Screen(
        text=screen(reply, visit.voice),
        ends=False,
        outcome=f"{name_of(type(reply))}.{page}",
        account=visit.case.sender.account,
    )


def move(
    visit: Visit, page: str, detail: Mapping[str, object], *, wrong: int = 0
) -> None:
    """Keep where the session stands."""
    now = replace(visit.session, page=page, detail=detail, wrong=wrong)
    sessions.keep(visit.case.tx, now)


def again(visit: Visit, page: Page, reply: MenuScreen | None = None) -> Screen:
    """Show the same screen again, or end when that has not helped."""
    wrong = visit.session.wrong
    if wrong >= _AGAIN_MAX:
        return close(visit, SessionOver())
    return show(visit, page, visit.session.detail, wrong=wrong + 1, reply=reply)


def close(visit: Visit, reply: Reply, language: str = "") -> Screen:
    """End the session with a reply."""
    sessions.keep(visit.case.tx, replace(visit.session, over=True))
    voice = replace(visit.voice, language=language or visit.voice.language)
    return Screen(
        text=screen(reply, voice),
        ends=True,
        outcome=name_of(type(reply)),
        account=visit.case.sender.account,
    )

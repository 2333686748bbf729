"""MENU: the commands as a tree of numbered screens, one question a text.

What comes in: MENU, or a text without a command word while a screen is open. What goes
out: the next screen, or what the command at the end of the branch answers. A command
word beats the screen, the screen beats a digit's own meaning and the correction of
slips, and an open question about money suspends it. A screen never asks for the PIN:
paying ends in the question of the second step, which is answered as ever, and whatever
else needs a PIN ends in the words to write. The screens stand in
`smsgate.handlers.menu.tree`; `smsgate.ussd` shows the same ones in a session.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands.command import Answer, Help, Keyword, Misread
from commands.reply import MenuClosed, Page
from smsgate.handlers.case import say
from smsgate.handlers.menu.tree import TREE, Choices
from smsgate.handlers.menu.walking import Ends, Goes, screen_of, walk
from smsgate.messages import questions, screens

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from commands.command import Bare, Command, OpenMenu
    from smsgate.handlers.case import Case, Result
    from smsgate.messages.screens import Screen

    CarryOut = Callable[[Case, Command], Result]

_BACK, _OUT = "0", "00"
#: How often a screen is shown again to an answer that it cannot use.
_AGAIN_MAX = 3


def open_menu(case: Case, _: OpenMenu) -> Result:
    """Show the root of the tree."""
    return _show(case, Page.root, {})


def answer_screen(
    case: Case, said: Command | Misread, carry_out: CarryOut
) -> Result | None:
    """Answer the open screen; None where there is none or the text is not for it."""
    bare = case.bare
    if bare is None:
        return None
    screen = screens.seen(
        case.tx,
        phone=case.phone,
        link=case.link,
        sent_ms=case.sent_ms,
        now_ms=case.tx.now_ms,
    )
    if screen is None or _suspended(case):
        return None
    page = Page(screen.name)
    if bare.choice == _OUT or bare.leaves:
        return _close(case)
    if bare.choice == _BACK:
        above = TREE[page].above
        return _close(case) if above is None else _show(case, above, {})
    match walk(case.tx, page, screen.detail, bare):
        case Goes(page=to, detail=detail):
            return _show(case, to, detail)
        case Ends(command=command):
            screens.close(case.tx, case.phone)
            # A PIN is changed in one text, which the help shows.
            return carry_out(case, command or Help(topic=Keyword.pin))
        case None:
            meant = _meant(page, bare, said)
            return _again(case, page, screen) if meant else None


def _suspended(case: Case) -> bool:
    open_now = questions.open_of(case.tx, case.sender.account, case.tx.now_ms)
    return any(question.money for question in open_now)


def _meant(page: Page, bare: Bare, said: Command | Misread) -> bool:
    """Whether a text that the screen cannot use was meant for it all the same."""
    match said:
        case Answer(pin=pin) if pin is not None:
            # On its own it may be an amount without its decimals; it is no PIN there.
            return page in (Page.pay_amount, Page.charge_amount) and bare.alone
        case Misread() | Answer():
            return bare.alone or not isinstance(TREE[page], Choices)
        case _:
            # A digit that this screen does not have, or a command with a slip in it.
            return bool(bare.choice)


def _again(case: Case, page: Page, screen: Screen) -> Result:
    if screen.wrong >= _AGAIN_MAX:
        return _close(case)
    return _show(case, page, screen.detail, wrong=screen.wrong + 1)


def _show(
    case: Case, page: Page, detail: Mapping[str, object], *, wrong: int = 0
) -> Result:
    screens.show(
        case.tx,
        phone=case.phone,
        name=page,
        link=case.link,
        sent_ms=case.sent_ms,
        wrong=wrong,
        detail=detail,
    )
    return say(screen_of(case.tx, page, detail, wrong=wrong > 0))


def _close(case: Case) -> Result:
    screens.close(case.tx, case.phone)
    return say(MenuClosed())

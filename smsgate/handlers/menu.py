"""MENU: the commands as a tree of numbered screens, one question a text.

What comes in: MENU, or a text without a command word while a screen is open. What goes
out: the next screen, or what the command at the end of the branch answers. A command
word beats the screen, the screen beats a digit's own meaning and the correction of
slips, and an open question about money suspends it. A screen never asks for the PIN:
paying ends in the question of the second step, which is answered as ever.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from commands.command import (
    Answer,
    Code,
    DropAd,
    FindOffers,
    Help,
    Keyword,
    Misread,
    Need,
    Offer,
    Pay,
    SetLanguage,
    ShowBalance,
    ShowHistory,
    Verify,
)
from commands.reply import MenuClosed, MenuScreen, Page
from smsgate import members
from smsgate.handlers.case import say
from smsgate.handlers.drop_ad import drop_ad
from smsgate.handlers.find_offers import find_offers
from smsgate.handlers.help import give_help
from smsgate.handlers.pay import pay, payee_of
from smsgate.handlers.payment import party
from smsgate.handlers.publish import publish_need, publish_offer
from smsgate.handlers.set_language import set_language
from smsgate.handlers.show_balance import show_balance
from smsgate.handlers.show_history import show_history
from smsgate.handlers.verify import verify
from smsgate.messages import questions, screens

if TYPE_CHECKING:
    from collections.abc import Mapping

    from commands.command import Bare, Command, OpenMenu, Recipient
    from smsgate.handlers.case import Case, Result
    from smsgate.messages.screens import Screen

#: The commands that a branch can end in, beside paying.
End = (
    ShowBalance
    | ShowHistory
    | SetLanguage
    | Help
    | DropAd
    | FindOffers
    | Offer
    | Need
    | Verify
)
#: The screens that offer choices: what each number leads to.
_CHOICES: Mapping[Page, Mapping[str, Page | End]] = {
    Page.root: {
        "1": Page.pay_who,
        "3": ShowBalance(),
        "4": ShowHistory(),
        "5": Page.market,
        "6": Page.verify,
        "7": Page.account,
        "8": Help(),
    },
    Page.market: {
        "1": Page.search,
        "2": Page.offer,
        "3": Page.need,
        "4": DropAd(),
    },
    Page.account: {
        "1": Help(topic=Keyword.pin),
        "2": Page.language,
        # Never at once: a digit is sent by mistake more easily than a word.
        "3": Help(topic=Keyword.robo),
    },
    Page.language: {"1": SetLanguage(language="es"), "2": SetLanguage(language="en")},
}
#: The screens that ask for what stands behind a command word.
_BEHIND = {
    Page.search: Keyword.buscar,
    Page.offer: Keyword.oferta,
    Page.need: Keyword.necesito,
    Page.verify: Keyword.ver,
}
#: Where 0 leads back to; out of the tree from its root.
_ABOVE = {
    Page.pay_who: Page.root,
    Page.pay_amount: Page.pay_who,
    Page.market: Page.root,
    Page.search: Page.market,
    Page.offer: Page.market,
    Page.need: Page.market,
    Page.verify: Page.root,
    Page.account: Page.root,
    Page.language: Page.account,
}
_BACK, _OUT = "0", "00"
#: How often a screen is shown again to an answer that it cannot use.
_AGAIN_MAX = 3


def open_menu(case: Case, _: OpenMenu) -> Result:
    """Show the root of the tree."""
    return _show(case, Page.root)


def answer_screen(case: Case, said: Command | Misread) -> Result | None:
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
        above = _ABOVE.get(page)
        return _close(case) if above is None else _show(case, above)
    used = _use(case, page, screen, bare)
    if used is not None:
        return used
    return _again(case, page, screen) if _meant(page, bare, said) else None


def _suspended(case: Case) -> bool:
    open_now = questions.open_of(case.tx, case.sender.account, case.tx.now_ms)
    return any(question.money for question in open_now)


def _use(case: Case, page: Page, screen: Screen, bare: Bare) -> Result | None:
    """Go where an answer leads; None where the screen cannot use it."""
    match page:
        case Page.root | Page.market | Page.account | Page.language:
            chosen = _CHOICES[page].get(bare.choice)
            if chosen is None:
                return None
            return (
                _show(case, chosen) if isinstance(chosen, Page) else _end(case, chosen)
            )
        case Page.pay_who:
            return None if bare.recipient is None else _payee(case, bare.recipient)
        case Page.pay_amount:
            payee = members.by_account(case.tx, int(str(screen.detail["payee"])))
            if bare.amount is None or payee is None:
                return None
            screens.close(case.tx, case.phone)
            code = str(screen.detail.get("till", payee.code))
            return pay(case, Pay(recipient=Code(code), amount=bare.amount))
        case Page.search | Page.offer | Page.need | Page.verify:
            behind = bare.behind(_BEHIND[page])
            if not isinstance(behind, (FindOffers, Offer, Need, Verify)):
                return None
            return _end(case, behind)
        case _:
            assert_never(page)


def _payee(case: Case, recipient: Recipient) -> Result | None:
    """Ask how much; None where nobody is named."""
    payee, till = payee_of(case.tx, recipient)
    if payee is None:
        return None
    paid = {} if till is None else {"till": till.code}
    return _show(case, Page.pay_amount, {"payee": payee.account, **paid})


def _end(case: Case, command: End) -> Result:
    """Do what a branch ends in."""
    screens.close(case.tx, case.phone)
    match command:
        case ShowBalance():
            return show_balance(case, command)
        case ShowHistory():
            return show_history(case, command)
        case SetLanguage():
            return set_language(case, command)
        case Help():
            return give_help(case, command)
        case DropAd():
            return drop_ad(case, command)
        case FindOffers():
            return find_offers(case, command)
        case Offer():
            return publish_offer(case, command)
        case Need():
            return publish_need(case, command)
        case Verify():
            return verify(case, command)
        case _:
            assert_never(command)


def _meant(page: Page, bare: Bare, said: Command | Misread) -> bool:
    """Whether a text that the screen cannot use was meant for it all the same."""
    match said:
        case Answer(pin=pin) if pin is not None:
            # On its own it may be an amount without its decimals; it is no PIN there.
            return page is Page.pay_amount and bare.alone
        case Misread() | Answer():
            return bare.alone or page not in _CHOICES
        case _:
            # A digit that this screen does not have, or a command with a slip in it.
            return bool(bare.choice)


def _again(case: Case, page: Page, screen: Screen) -> Result:
    if screen.wrong >= _AGAIN_MAX:
        return _close(case)
    return _show(case, page, screen.detail, wrong=screen.wrong + 1)


def _show(
    case: Case,
    page: Page,
    detail: Mapping[str, object] | None = None,
    *,
    wrong: int = 0,
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
    payee = None
    if detail:
        payee = members.by_account(case.tx, int(str(detail["payee"])))
    return say(
        MenuScreen(
            screen=page,
            wrong=wrong > 0,
            payee=None if payee is None else party(payee),
        )
    )


def _close(case: Case) -> Result:
    screens.close(case.tx, case.phone)
    return say(MenuClosed())

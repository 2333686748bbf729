"""The tree of numbered screens: what each asks, and where its answers lead.

What comes in: nothing; this is a table, and the functions that read it. What goes out:
for a screen, the numbers it offers or the thing it asks for, the screen above it, and
the command that a branch ends in. It knows neither database nor phone: what an answer
means is found out in `smsgate.handlers.menu.walking`, and shown by SMS in
`smsgate.handlers.menu`, in a USSD session by `smsgate.ussd`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, assert_never

from commands.command import (
    Block,
    ChangeAlias,
    Charge,
    Code,
    DropAd,
    Guard,
    Help,
    HideBalance,
    Keyword,
    OptOut,
    Pay,
    Promotions,
    SetLanguage,
    ShowBalance,
    ShowCredit,
    ShowHistory,
    ShowTotals,
)
from commands.reply import Page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from commands.command import Command
    from commands.secret import Secret


class End(StrEnum):
    """What a branch ends in: one command each."""

    pay = "pay"
    charge = "charge"
    balance = "balance"
    history = "history"
    #: The command that the words themselves are.
    words = "words"
    own_ads = "own_ads"
    pin = "pin"
    spanish = "spanish"
    english = "english"
    block = "block"
    alias = "alias"
    guardian = "guardian"
    credit = "credit"
    totals = "totals"
    all_news = "all_news"
    no_promos = "no_promos"
    no_news = "no_news"
    hide = "hide"
    show = "show"
    help = "help"


class Asked(StrEnum):
    """What a screen asks for that is no choice."""

    #: Whom to pay: a member, or one of their tills.
    payee = "payee"
    member = "member"
    amount = "amount"
    #: What could stand behind a command word.
    words = "words"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """A screen with numbers to choose from."""

    above: Page | None
    leads: Mapping[str, Page | End]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asks:
    """A screen that asks for one thing."""

    above: Page
    asked: Asked
    leads: Page | End
    #: The command word that is left out before the words.
    behind: Keyword | None = None


def _words(above: Page, behind: Keyword, leads: End = End.words) -> Asks:
    return Asks(above=above, asked=Asked.words, leads=leads, behind=behind)


#: Every screen that is the same by SMS and in a session. Those that ask for a PIN, and
#: those about the session itself, are no part of the tree: `smsgate.ussd` adds them.
TREE: Mapping[Page, Choices | Asks] = {
    Page.root: Choices(
        above=None,
        leads={
            "1": Page.pay_who,
            "2": Page.charge_who,
            "3": End.balance,
            "4": End.history,
            "5": Page.market,
            "6": Page.verify,
            "7": Page.account,
            "8": End.help,
        },
    ),
    Page.pay_who: Asks(above=Page.root, asked=Asked.payee, leads=Page.pay_amount),
    Page.pay_amount: Asks(above=Page.pay_who, asked=Asked.amount, leads=End.pay),
    Page.charge_who: Asks(
        above=Page.root, asked=Asked.member, leads=Page.charge_amount
    ),
    Page.charge_amount: Asks(
        above=Page.charge_who, asked=Asked.amount, leads=End.charge
    ),
    Page.market: Choices(
        above=Page.root,
        leads={
            "1": Page.search,
            "2": Page.offer,
            "3": Page.need,
            "4": End.own_ads,
        },
    ),
    Page.search: _words(Page.market, Keyword.buscar),
    Page.offer: _words(Page.market, Keyword.oferta),
    Page.need: _words(Page.market, Keyword.necesito),
    Page.verify: _words(Page.root, Keyword.ver),
    Page.account: Choices(
        above=Page.root,
        leads={
            "1": End.pin,
            "2": Page.language,
            # Never at once: a digit is sent by mistake more easily than a word.
            "3": Page.theft,
            "4": Page.alias,
            "5": Page.guardian,
            "6": Page.credit,
            "7": End.totals,
            "8": Page.promos,
            "9": Page.hidden,
        },
    ),
    Page.language: Choices(
        above=Page.account, leads={"1": End.spanish, "2": End.english}
    ),
    Page.theft: Choices(above=Page.account, leads={"1": End.block}),
    Page.alias: _words(Page.account, Keyword.alias, End.alias),
    Page.guardian: Asks(above=Page.account, asked=Asked.member, leads=End.guardian),
    Page.credit: Choices(
        above=Page.account, leads={"1": End.credit, "2": Page.more_credit}
    ),
    Page.more_credit: _words(Page.credit, Keyword.credito),
    Page.promos: Choices(
        above=Page.account,
        leads={"1": End.all_news, "2": End.no_promos, "3": End.no_news},
    ),
    Page.hidden: Choices(above=Page.account, leads={"1": End.hide, "2": End.show}),
    # The root for phones of tills, in a session only: by SMS they have their words.
    Page.till: Choices(above=None, leads={"1": End.totals, "2": Page.verify}),
}


def command_of(
    end: End, detail: Mapping[str, object], pin: Secret | None = None
) -> Command:
    """Return what a branch ends in, with the PIN where one was asked for.

    `detail` holds what was answered on the way: `code`, `amount`, `word`, `page`.

    Raises:
        ValueError: words are a command by themselves, and a PIN is not changed by one.
    """
    match end:
        case End.pay | End.charge:
            amount, who = int(str(detail["amount"])), Code(str(detail["code"]))
            if end is End.charge:
                return Charge(recipient=who, amount=amount)
            return Pay(recipient=who, amount=amount, pin=pin)
        case End.balance:
            return ShowBalance(pin=pin)
        case End.history:
            return ShowHistory(page=int(str(detail.get("page", 1))), pin=pin)
        case End.totals:
            return ShowTotals(page=int(str(detail.get("page", 1))), pin=pin)
        case End.own_ads:
            return DropAd()
        case End.help:
            return Help()
        case End.words | End.pin:
            raise ValueError("this branch ends in no command of its own")
        case _:
            return _of_account(end, detail, pin)


def _of_account(
    end: _Account, detail: Mapping[str, object], pin: Secret | None
) -> Command:
    match end:
        case End.spanish:
            return SetLanguage(language="es")
        case End.english:
            return SetLanguage(language="en")
        case End.block:
            return Block()
        case End.alias:
            return ChangeAlias(word=str(detail["word"]), pin=pin)
        case End.guardian:
            return Guard(recipient=Code(str(detail["code"])), pin=pin)
        case End.credit:
            return ShowCredit(pin=pin)
        case End.all_news | End.no_promos:
            return Promotions(wanted=end is End.all_news)
        case End.no_news:
            return OptOut(notices=True)
        case End.hide | End.show:
            return HideBalance(hidden=end is End.hide, pin=pin)
        case _:
            assert_never(end)


if TYPE_CHECKING:
    from typing import Literal

    _Account = Literal[
        End.spanish,
        End.english,
        End.block,
        End.alias,
        End.guardian,
        End.credit,
        End.all_news,
        End.no_promos,
        End.no_news,
        End.hide,
        End.show,
    ]

"""From one screen of the tree to the next: what an answer means on it.

What comes in: a `Case`, the screen, what was answered on the way to it, and what the
answer could be. What goes out: the next screen, the end of a branch, or None where the
screen cannot use the answer. Looks members up and writes nothing. Both ways to show
the tree walk by these functions: `smsgate.handlers.menu` and `smsgate.ussd`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

from commands.command import (
    ChangeAlias,
    FindOffers,
    Need,
    Offer,
    ShowCredit,
    Verify,
)
from commands.reply import MenuScreen, Page
from smsgate import members
from smsgate.handlers.menu.tree import TREE, Asked, Asks, Choices, End, command_of
from smsgate.handlers.pay import payee_of
from smsgate.handlers.payment import party

if TYPE_CHECKING:
    from collections.abc import Mapping

    from commands.command import Bare, Command
    from smsgate.store import Query


#: May hold a PIN: such words are never kept from one screen to the next.
_PIN_LIKE = re.compile(r"[0-9]{4}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Goes:
    """The next screen, and what was answered so far."""

    page: Page
    detail: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """The end of a branch."""

    end: End
    detail: Mapping[str, object]
    #: Without a PIN; None for a change of PIN, which is more than one command.
    command: Command | None


def walk(
    q: Query, page: Page, detail: Mapping[str, object], bare: Bare
) -> Goes | Ends | None:
    """Go where an answer leads; None where the screen cannot use it."""
    node = TREE[page]
    match node:
        case Choices(leads=leads):
            chosen = leads.get(bare.choice)
            return None if chosen is None else _lead(chosen, {})
        case Asks(asked=Asked.words):
            return _words(node, bare)
        case Asks(asked=Asked.amount, leads=leads):
            if bare.amount is None:
                return None
            return _lead(leads, {**detail, "amount": bare.amount})
        case Asks(leads=leads):
            named = _named(q, node, bare)
            return None if named is None else _lead(leads, named)


def _lead(to: Page | End, detail: Mapping[str, object]) -> Goes | Ends:
    match to:
        case Page():
            return Goes(page=to, detail=detail)
        case End.pin:
            return Ends(end=to, detail={}, command=None)
        case End():
            return Ends(end=to, detail=detail, command=command_of(to, detail))
        case _:
            assert_never(to)


def _named(q: Query, node: Asks, bare: Bare) -> dict[str, object] | None:
    """Return whom an answer names, by account and by the code that is to be paid."""
    if bare.recipient is None:
        return None
    if node.asked is Asked.payee:
        payee, till = payee_of(q, bare.recipient)
    else:
        payee, till = members.named(q, bare.recipient), None
    if payee is None:
        return None
    return {"payee": payee.account, "code": payee.code if till is None else till.code}


def _words(node: Asks, bare: Bare) -> Ends | None:
    """Read what would be a command behind its word."""
    said = None if node.behind is None else bare.behind(node.behind)
    match said:
        case ChangeAlias(word=word, pin=None):
            return Ends(end=End.alias, detail={"word": word}, command=said)
        case FindOffers(query=query) if not _PIN_LIKE.search(query):
            return Ends(end=End.words, detail={"query": query}, command=said)
        case ShowCredit(text=text) if text:
            return Ends(end=End.words, detail={}, command=said)
        case Offer() | Need() | Verify():
            return Ends(end=End.words, detail={}, command=said)
        case _:
            return None


def screen_of(
    q: Query, page: Page, detail: Mapping[str, object], *, wrong: bool
) -> MenuScreen:
    """Return a screen as it is shown; `wrong`: for it could not use the answer."""
    payee = None
    if "payee" in detail:
        payee = members.by_account(q, int(str(detail["payee"])))
    return MenuScreen(
        screen=page,
        wrong=wrong,
        payee=None if payee is None else party(payee),
        amount=int(str(detail["amount"])) if "amount" in detail else None,
    )

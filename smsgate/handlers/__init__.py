"""What each command does, one file a command, inside one transaction.

What comes in: a `Case` and what its text was read as. What goes out: a `Result`, the
replies it owes; whatever it wrote is committed together with them. Handlers are plain
functions: they neither wait nor send. Called by `smsgate.gateway`, which also checks
the PIN that a handler asks for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from commands.command import (
    Answer,
    Block,
    ChangePin,
    DropAd,
    FindOffers,
    Help,
    Misread,
    Need,
    NotYet,
    Offer,
    Pay,
    SetLanguage,
    ShowBalance,
    ShowHistory,
    Verify,
)
from commands.words import MONEY
from smsgate.handlers.answer import already_done, answer
from smsgate.handlers.block import block
from smsgate.handlers.case import (
    Case,
    ChangeWanted,
    PinWanted,
    Policy,
    Rehearsal,
    Result,
    Timing,
    Told,
    WouldWrite,
    say,
)
from smsgate.handlers.change_pin import change_pin
from smsgate.handlers.drop_ad import drop_ad
from smsgate.handlers.find_offers import find_offers
from smsgate.handlers.help import explain, give_help, not_yet
from smsgate.handlers.pay import pay
from smsgate.handlers.publish import publish_need, publish_offer
from smsgate.handlers.set_language import set_language
from smsgate.handlers.show_balance import show_balance
from smsgate.handlers.show_history import show_history
from smsgate.handlers.verify import verify

if TYPE_CHECKING:
    from collections.abc import Callable

    from commands.command import Command

__all__ = [
    "Case",
    "ChangeWanted",
    "PinWanted",
    "Policy",
    "Rehearsal",
    "Result",
    "Timing",
    "Told",
    "WouldWrite",
    "about_money",
    "already_done",
    "handle",
    "holds_secret",
    "moves_money",
    "say",
]

#: Each handler takes the case and its own kind of command.
_HANDLERS: dict[type, Callable[[Case, Any], Result]] = {
    Answer: answer,
    Block: block,
    ChangePin: change_pin,
    DropAd: drop_ad,
    FindOffers: find_offers,
    Help: give_help,
    Misread: explain,
    Need: publish_need,
    NotYet: not_yet,
    Offer: publish_offer,
    Pay: pay,
    SetLanguage: set_language,
    ShowBalance: show_balance,
    ShowHistory: show_history,
    Verify: verify,
}


def handle(case: Case, said: Command | Misread) -> Result:
    """Do what a text means.

    Raises:
        PinWanted: a PIN must be checked before it can be done.
        ChangeWanted: a change of PIN must be prepared before it can be done.
        Stale: the PIN or its tries have changed since the check; begin again.
    """
    return _HANDLERS[type(said)](case, said)


def holds_secret(said: Command | Misread) -> bool:
    """Whether a PIN or code stands in it that may have to be checked."""
    return isinstance(said, ChangePin) or getattr(said, "pin", None) is not None


def moves_money(said: Command | Misread) -> bool:
    """Whether units can move on this text, now."""
    return isinstance(said, Pay) or (isinstance(said, Answer) and said.pin is not None)


def about_money(said: Command | Misread) -> bool:
    """Whether its refusal must say that nothing was paid."""
    match said:
        case Misread(money=money):
            return money
        case NotYet(keyword=keyword):
            return keyword in MONEY
        case _:
            return moves_money(said)

"""What each command does, one file a command, inside one transaction.

What comes in: a `Case` and what its text was read as. What goes out: a `Result`, the
replies it owes; whatever it wrote is committed together with them. Handlers are plain
functions: they neither wait nor send. Called by `smsgate.gateway`, which also checks
the PIN that a handler asks for.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from commands.command import (
    Answer,
    AskCard,
    AskWho,
    Block,
    CallMe,
    Cancel,
    ChangeAlias,
    ChangePin,
    Charge,
    Dispute,
    DropAd,
    FindOffers,
    Guard,
    Help,
    HideBalance,
    Info,
    Join,
    ManageTill,
    Misread,
    Need,
    Offer,
    OpenMenu,
    OptOut,
    Pay,
    Promotions,
    Refund,
    SetLanguage,
    SetWord,
    ShowBalance,
    ShowCredit,
    ShowHistory,
    ShowReceipt,
    ShowTotals,
    UseVoucher,
    Verify,
)
from smsgate.handlers.answer import already_done, answer
from smsgate.handlers.ask_card import ask_card
from smsgate.handlers.ask_who import ask_who
from smsgate.handlers.at_till import handle_at_till
from smsgate.handlers.block import block
from smsgate.handlers.call_me import call_me
from smsgate.handlers.cancel import cancel
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
from smsgate.handlers.change_alias import change_alias
from smsgate.handlers.change_pin import change_pin
from smsgate.handlers.charge import charge
from smsgate.handlers.dispute import dispute
from smsgate.handlers.drop_ad import drop_ad
from smsgate.handlers.falling_due import fall_due
from smsgate.handlers.find_offers import find_offers
from smsgate.handlers.guard import guard
from smsgate.handlers.help import explain, give_help, inform
from smsgate.handlers.hide_balance import hide_balance
from smsgate.handlers.join import join
from smsgate.handlers.manage_till import manage_till
from smsgate.handlers.menu import answer_screen, open_menu
from smsgate.handlers.opt_out import opt_out, promotions
from smsgate.handlers.pay import pay
from smsgate.handlers.publish import publish_need, publish_offer
from smsgate.handlers.refund import refund
from smsgate.handlers.set_language import set_language
from smsgate.handlers.set_word import set_word
from smsgate.handlers.show_balance import show_balance
from smsgate.handlers.show_credit import show_credit
from smsgate.handlers.show_history import show_history
from smsgate.handlers.show_receipt import show_receipt
from smsgate.handlers.show_totals import show_totals
from smsgate.handlers.strangers import handle_stranger, stranger_had_enough
from smsgate.handlers.survey import answer_survey
from smsgate.handlers.use_voucher import use_voucher
from smsgate.handlers.verify import verify, verify_as_stranger
from smsgate.handlers.waking import woken
from smsgate.members import stops

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
    "carry_out",
    "fall_due",
    "handle",
    "handle_at_till",
    "handle_stranger",
    "lifted",
    "moves_money",
    "say",
    "stranger_had_enough",
    "verify_as_stranger",
    "woken",
]

#: Each handler takes the case and its own kind of command.
_HANDLERS: dict[type, Callable[[Case, Any], Result]] = {
    Answer: answer,
    AskCard: ask_card,
    Block: block,
    Cancel: cancel,
    AskWho: ask_who,
    CallMe: call_me,
    ChangeAlias: change_alias,
    ChangePin: change_pin,
    Dispute: dispute,
    Guard: guard,
    DropAd: drop_ad,
    FindOffers: find_offers,
    Charge: charge,
    Help: give_help,
    ManageTill: manage_till,
    HideBalance: hide_balance,
    Join: join,
    Misread: explain,
    Need: publish_need,
    OptOut: opt_out,
    Info: inform,
    OpenMenu: open_menu,
    Offer: publish_offer,
    Pay: pay,
    Refund: refund,
    Promotions: promotions,
    SetLanguage: set_language,
    SetWord: set_word,
    ShowBalance: show_balance,
    ShowCredit: show_credit,
    ShowHistory: show_history,
    ShowReceipt: show_receipt,
    ShowTotals: show_totals,
    UseVoucher: use_voucher,
    Verify: verify,
}


def handle(case: Case, said: Command | Misread) -> Result:
    """Do what a text means.

    Raises:
        PinWanted: a PIN must be checked before it can be done.
        ChangeWanted: a change of PIN must be prepared before it can be done.
        Stale: the PIN or its tries have changed since the check; begin again.
    """
    case, told = woken(lifted(case))
    result = answer_survey(case) or answer_screen(case, said, carry_out)
    if result is None:
        result = carry_out(case, said)
    return replace(result, told=(*result.told, *told)) if told else result


def carry_out(case: Case, said: Command | Misread) -> Result:
    """Do what a command means, whatever screen is open; raises as `handle` does."""
    return _HANDLERS[type(said)](case, said)


def lifted(case: Case) -> Case:
    """Let a sender pay again whose stop has rested, before anything is looked at."""
    sender, tx = case.sender, case.tx
    if sender.state != "stopped" or not stops.is_due(tx, sender.account, tx.now_ms):
        return case
    if not isinstance(tx, Rehearsal):
        stops.lift(tx, sender.account, "member")
    return replace(case, sender=replace(sender, state="active"))


def moves_money(said: Command | Misread) -> bool:
    """Whether units can move on this text, now."""
    if isinstance(said, Answer):
        return said.pin is not None or said.card is not None
    if isinstance(said, Refund):
        return said.pin is not None
    return isinstance(said, Pay | UseVoucher)


def about_money(said: Command | Misread) -> bool:
    """Whether its refusal must say that nothing was paid."""
    match said:
        case Misread(money=money):
            return money
        case Refund():
            return True
        case _:
            return moves_money(said)

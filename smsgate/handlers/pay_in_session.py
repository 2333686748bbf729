"""Paying in a USSD session: what is looked at before the PIN is asked for, and after.

What comes in: a `Pay` as the screens put it together, first without its PIN. What goes
out: why it is not paid, or None, and then the last screen shows payee and amount and
asks for the PIN; with the PIN, receipts or a refusal. That screen is the second step,
so no further one is needed. Where senders are easily forged, only as much can be paid
so as after a change of phone; above it the phone itself is asked, by SMS.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands.reply import NoPinYet, PayeeUnknown
from smsgate import ledger
from smsgate.handlers import card_step, payment
from smsgate.handlers.case import say
from smsgate.handlers.pay import pay, payee_of
from smsgate.handlers.payment import Payment
from smsgate.handlers.shut import shut
from smsgate.members import pins

if TYPE_CHECKING:
    from commands.command import Pay
    from smsgate.handlers.case import Case, Result


def before_pin(case: Case, command: Pay) -> Result | None:
    """Refuse what no PIN could pay, or ask by SMS; None: ask for the PIN."""
    if case.sender.state != "active":
        return say(shut(case, money=True))
    wanted = _wanted(case, command)
    if wanted is None:
        return say(PayeeUnknown())
    refused = payment.refusal(case, wanted)
    if refused is not None:
        return say(refused)
    if pins.look(case.tx, case.sender.account).scheme is None:
        return say(NoPinYet(money=True))
    if _needs_more(case, command.amount):
        return pay(case, command)
    # Where the balance needs the PIN, a screen without one must not tell it either.
    if case.policy.balance_needs_pin:
        return None
    short = payment.short_of_funds(case, wanted)
    return None if short is None else say(short)


def pay_in_session(case: Case, command: Pay) -> Result:
    """Pay what the last screen showed; raises as `smsgate.handlers.handle` does."""
    refused = before_pin(case, command)
    if refused is not None:
        return refused
    wanted = _wanted(case, command)
    if wanted is None or command.pin is None:
        raise AssertionError("a payment lost its payee or PIN in one transaction")
    bad_pin = case.refused(command.pin, money=True)
    if bad_pin is not None:
        return say(bad_pin)
    return payment.ask_repeat(case, wanted) or payment.transfer(case, wanted)


def _wanted(case: Case, command: Pay) -> Payment | None:
    payee, till = payee_of(case.tx, command.recipient)
    if payee is None:
        return None
    return Payment(payee=payee, amount=command.amount, memo=command.memo, till=till)


def _needs_more(case: Case, amount: int) -> bool:
    """Whether a PIN in this session is not enough."""
    if card_step.card_for(case, amount) is not None:
        return True
    if case.trusted:
        return False
    since = case.policy.day_start_ms(case.tx.now_ms)
    used, _ = ledger.paid_since(case.tx, case.sender.account, since)
    return used + amount > case.policy.low

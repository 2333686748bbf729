"""VALE: a voucher of paper becomes units on the account of whoever brings it.

What comes in: a `UseVoucher` with ten digits, from a member or at a till. What goes
out: receipts to whoever brought it and to the issuer, or why nothing was paid. It needs
no PIN, since nothing is taken from the sender. Guessing is bounded by phone and day; a
slip that the check digit shows is no guess. What a voucher is stands in
`smsgate.ledger.vouchers`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands.damm import damm_ok
from commands.replies import name_of
from commands.reply import (
    AlreadyDone,
    Failed,
    Frozen,
    PaidPayee,
    PaidTill,
    PayeeWarned,
    PaySelf,
    VoucherBad,
    VoucherLate,
    VoucherLocked,
    VoucherMistyped,
    VoucherOver,
    VoucherSpent,
    VoucherUsed,
)
from smsgate import ledger, members
from smsgate.clock import from_ms
from smsgate.handlers.case import Result, Timing, Told, say
from smsgate.handlers.payment import party, shown
from smsgate.ledger import Outcome
from smsgate.messages import inbox

if TYPE_CHECKING:
    from commands.command import UseVoucher
    from commands.reply import Reply
    from smsgate.handlers.case import Case
    from smsgate.ledger import Posted, Voucher
    from smsgate.members import Member, Till

#: How many numbers of no voucher a phone may send in a day.
WRONG_MAX = 5
_BAD = name_of(VoucherBad)


def use_voucher(case: Case, command: UseVoucher, till: Till | None = None) -> Result:
    """Put a voucher on the sender's account; at a till, on its owner's."""
    if case.sender.state not in members.CAN_RECEIVE:
        return say(Frozen(money=True))
    number = command.number.reveal()
    if not damm_ok(number):
        return say(VoucherMistyped())
    if case.timing is Timing.late:
        return say(VoucherLate())
    wrong = _wrong_today(case)
    if wrong >= WRONG_MAX:
        return say(VoucherLocked())
    voucher = ledger.voucher_by_mac(case.tx, case.voucher_mac(number))
    if voucher is None:
        return say(VoucherBad(tries_left=WRONG_MAX - wrong - 1))
    refused = _refusal(case, voucher, till)
    return _redeem(case, voucher, till) if refused is None else say(refused)


def _wrong_today(case: Case) -> int:
    since = case.policy.day_start_ms(case.tx.now_ms)
    phone = case.sender.phone
    return inbox.count_since(case.tx, phone, since, WRONG_MAX, outcome=_BAD)


def _refusal(case: Case, voucher: Voucher, till: Till | None) -> Reply | None:
    if voucher.transfer is not None and voucher.at_ms is not None:
        at = from_ms(voucher.at_ms)
        # What the account has is told to its owner only.
        if voucher.credit != case.sender.account or till is not None:
            return VoucherUsed(at=at)
        made = ledger.by_id(case.tx, voucher.transfer)
        return AlreadyDone(
            amount=voucher.amount,
            payee=party(case.sender),
            ref="" if made is None else made.ref,
            at=at,
            balance=shown(
                case.sender, ledger.account(case.tx, case.sender.account).balance
            ),
        )
    if voucher.state != "open" or voucher.expires_ms <= case.tx.now_ms:
        return VoucherOver()
    return PaySelf() if voucher.debit == case.sender.account else None


def _redeem(case: Case, voucher: Voucher, till: Till | None) -> Result:
    issuer = members.by_account(case.tx, voucher.debit)
    if issuer is None:
        raise AssertionError("a voucher was issued by nobody")
    done = ledger.redeem_voucher(case.tx, voucher, credit=case.sender.account)
    if isinstance(done, ledger.Declined):
        if done.outcome is Outcome.over_ceiling:
            warned = PayeeWarned(amount=voucher.amount, payer=party(issuer))
            return say(warned)
        # The handler looked before; whatever changed since is our own fault.
        return say(Failed(money=True))
    if till is not None:
        members.sold(case.tx, done.id, till)
    spent = VoucherSpent(
        amount=voucher.amount,
        payee=party(case.sender),
        ref=done.ref,
        balance=shown(issuer, done.debit_balance),
        available=shown(issuer, done.debit_available),
        at=from_ms(done.at_ms),
    )
    return Result(
        told=(
            *_receipts(case, issuer, voucher, done, till),
            Told(reply=spent, to=issuer),
        ),
        transfer=done.id,
    )


def _receipts(
    case: Case, issuer: Member, voucher: Voucher, done: Posted, till: Till | None
) -> tuple[Told, ...]:
    """Owe the receipt to the account's owner, and first to the till that asked."""
    word = case.sender.word or case.policy.network
    at = from_ms(done.at_ms)
    received = PaidPayee(
        word=word,
        amount=voucher.amount,
        payer=party(issuer),
        ref=done.ref,
        balance=shown(case.sender, done.credit_balance),
        at=at,
    )
    if till is None:
        return (Told(reply=received),)
    at_till = PaidTill(
        word=word,
        amount=voucher.amount,
        payer=party(issuer),
        ref=done.ref,
        at=at,
        till=till.name,
    )
    owner = members.by_account(case.tx, till.account)
    if owner is None:
        raise AssertionError("a till belongs to nobody")
    told = Told(reply=received, to=owner, phone=owner.phone)
    return (Told(reply=at_till), told)

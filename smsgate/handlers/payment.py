"""A payment in its steps, shared by PAGAR and by the answers to its questions.

What comes in: payer, payee and amount of a `Case`. What goes out: a refusal, a
question, or the two receipts of a transfer. The order in which refusals win stands in
`refusal`: what is told first is what the member can do least about. The transfer
itself is made by `smsgate.ledger`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from commands.reply import (
    CardEmpty,
    Confirm,
    ConfirmCard,
    Failed,
    Late,
    MaybeDouble,
    NoFunds,
    OverCount,
    OverLimit,
    PaidPayee,
    PaidPayer,
    PaidTill,
    Party,
    PayeeCannotReceive,
    PayeeWarned,
    PaySelf,
)
from commands.reply.safety import OverLow, OverWeek
from smsgate import ledger, members
from smsgate.clock import MINUTE_MS, from_ms
from smsgate.handlers import card_step
from smsgate.handlers.case import Result, Told, say
from smsgate.ledger import Outcome
from smsgate.members import CAN_RECEIVE
from smsgate.messages import questions
from smsgate.messages.questions import Kind

if TYPE_CHECKING:
    from commands.reply import Reply
    from smsgate.handlers.case import Case, Policy
    from smsgate.ledger import Declined, Posted
    from smsgate.members import Member, Till
    from smsgate.messages.questions import Question
    from smsgate.store import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """What a member wants to pay; the amount in minor units."""

    payee: Member
    amount: int
    memo: str = ""
    #: The question that the payee holds of it, where they asked for it (COBRAR).
    charge: int | None = None
    #: The till that is paid; the money is its owner's.
    till: Till | None = None

    def detail(self) -> dict[str, object]:
        """Return what a question keeps of it."""
        more = {
            "charge": self.charge,
            "till": None if self.till is None else self.till.code,
        }
        return {
            "payee": self.payee.account,
            "amount": self.amount,
            "memo": self.memo,
        } | {name: value for name, value in more.items() if value is not None}


def wanted(tx: Tx, question: Question) -> Payment:
    """Return the payment that a question is about."""
    detail = question.detail
    payee = members.by_account(tx, int(str(detail["payee"])))
    if payee is None:
        raise AssertionError("a question names a payee who is no member")
    asked, till = detail.get("charge"), detail.get("till")
    return Payment(
        payee=payee,
        amount=int(str(detail["amount"])),
        memo=str(detail["memo"]),
        charge=None if asked is None else int(str(asked)),
        # One that was closed since is paid all the same: the money is its owner's.
        till=None if till is None else members.till_by_code(tx, str(till)),
    )


def party(member: Member, *, phone: bool = False) -> Party:
    """Return a member as the other side of a payment sees them."""
    return Party(
        name=member.name, code=member.code, phone=member.phone if phone else ""
    )


def shown(member: Member, figure: int) -> int | None:
    """Return what a text may tell of a member's balance; None: they want it hidden."""
    return None if member.hidden else figure


def refusal(case: Case, payment: Payment) -> Reply | None:
    """Say why this cannot be paid now whatever the balance, or None."""
    by_card = not case.trusted and card_step.card_for(case, payment.amount) is not None
    policy, tx = case.limits(by_card=by_card), case.tx
    if payment.payee.account == case.sender.account:
        return PaySelf()
    if payment.payee.state not in CAN_RECEIVE:
        return PayeeCannotReceive(payee=party(payment.payee))
    since = policy.day_start_ms(tx.now_ms)
    used, count = ledger.paid_since(tx, case.sender.account, since)
    most = card_step.most(case, payment.amount)
    if payment.amount > most or used + payment.amount > policy.day:
        return _over(case, policy, most, used)
    if count >= policy.day_count:
        return OverCount(count=policy.day_count)
    return _over_week(case, payment)


def _over_week(case: Case, payment: Payment) -> Reply | None:
    most, tx = case.policy.week, case.tx
    if most is None:
        return None
    since = case.policy.week_start_ms(tx.now_ms)
    used, _ = ledger.paid_since(tx, case.sender.account, since)
    return OverWeek(limit=most, used=used) if used + payment.amount > most else None


def _over(case: Case, policy: Policy, most: int, used: int) -> Reply:
    until_ms = case.low_until_ms()
    if until_ms is None:
        return OverLimit(payment_limit=most, day_limit=policy.day, day_used=used)
    return OverLow(limit=policy.day, used=used, until=from_ms(until_ms))


def short_of_funds(case: Case, payment: Payment) -> Reply | None:
    """Refuse before a question is asked that could only be answered in vain."""
    available = ledger.account(case.tx, case.sender.account).available
    if payment.amount <= available:
        return None
    return NoFunds(
        amount=payment.amount,
        payee=party(payment.payee),
        available=shown(case.sender, available),
    )


def ask(case: Case, payment: Payment) -> Result:
    """Open the second step: who, how much, and how to say yes."""
    by_card = ask_card(case, payment)
    if by_card is not None:
        return by_card
    question = _question(case, payment, "pay")
    if question is None:
        return say(Failed(money=True))
    return say(
        Confirm(
            amount=payment.amount,
            payee=party(payment.payee),
            fee=0,
            token=question.token,
            minutes=case.policy.question_ms // MINUTE_MS,
        )
    )


def ask_card(case: Case, payment: Payment, *, again: bool = False) -> Result | None:
    """Open the step by card; None where the PIN is enough.

    `again`: the member has said already that the same is to be paid once more.
    """
    card = card_step.card_for(case, payment.amount)
    if card is None:
        return None
    position = card_step.position(case, card)
    if position is None:
        return say(CardEmpty())
    asked = {"card": card.id, "position": position, "again": again}
    question = _question(case, payment, "card", **asked)
    if question is None:
        return say(Failed(money=True))
    return say(
        ConfirmCard(
            amount=payment.amount,
            payee=party(payment.payee),
            fee=0,
            token=question.token,
            position=position,
            minutes=case.policy.question_ms // MINUTE_MS,
        )
    )


def ask_late(case: Case, payment: Payment) -> Result:
    """Offer a payment whose text came too late."""
    question = _question(case, payment, "late")
    if question is None:
        return say(Failed(money=True))
    return say(
        Late(
            sent_at=from_ms(case.sent_ms),
            amount=payment.amount,
            payee=party(payment.payee),
            token=question.token,
        )
    )


def ask_repeat(case: Case, payment: Payment) -> Result | None:
    """Ask before the same payment is made twice; None when it is the first."""
    since = case.tx.now_ms - case.policy.repeat_ms
    # The very same text has paid before, however long ago that was.
    made = case.earlier or ledger.same_since(
        case.tx, case.sender.account, payment.payee.account, payment.amount, since
    )
    if made is None:
        return None
    question = _question(case, payment, "repeat")
    if question is None:
        return say(Failed(money=True))
    return say(
        MaybeDouble(
            amount=payment.amount,
            payee=party(payment.payee),
            ref=made.ref,
            at=from_ms(made.at_ms),
            token=question.token,
        )
    )


def _question(
    case: Case, payment: Payment, kind: str, **more: object
) -> questions.Question | None:
    return questions.ask(
        case.tx,
        account=case.sender.account,
        kind=kind,
        money=True,
        own=True,
        link=case.link,
        sent_ms=case.sent_ms,
        lives_ms=case.policy.question_ms,
        detail=payment.detail() | more,
    )


def transfer(case: Case, payment: Payment, *, question: int | None = None) -> Result:
    """Move the units and owe both receipts, or owe the refusal."""
    done = ledger.pay(
        case.tx,
        debit=case.sender.account,
        credit=payment.payee.account,
        amount=payment.amount,
        memo=payment.memo,
    )
    if isinstance(done, ledger.Declined):
        told = declined(case.sender, payment, done)
        return Result(told=told, question=question)
    return Result(
        told=receipts(case.tx, case.policy, case.sender, payment, done),
        transfer=done.id,
        question=question,
    )


def receipts(
    tx: Tx, policy: Policy, payer: Member, payment: Payment, done: Posted
) -> tuple[Told, ...]:
    """Return the receipts of a payment; a request that it meets is closed with it."""
    _meet_request(tx, payer, payment, done)
    at = from_ms(done.at_ms)
    paid = PaidPayer(
        amount=payment.amount,
        payee=party(payment.payee),
        ref=done.ref,
        fee=0,
        balance=shown(payer, done.debit_balance),
        available=shown(payer, done.debit_available),
        at=at,
    )
    received = PaidPayee(
        word=payment.payee.word or policy.network,
        amount=payment.amount,
        payer=party(payer, phone=True),
        ref=done.ref,
        balance=shown(payment.payee, done.credit_balance),
        at=at,
    )
    if payment.till is not None:
        members.sold(tx, done.id, payment.till)
    return (
        Told(reply=paid),
        Told(reply=received, to=payment.payee),
        *told_to_tills(tx, policy, payer, payment, done),
    )


def told_to_tills(
    tx: Tx, policy: Policy, payer: Member, payment: Payment, done: Posted
) -> tuple[Told, ...]:
    """Owe the receipt to the till that was paid, or to every one where none was."""
    paid, payee = payment.till, payment.payee
    tills = members.tills_of(tx, payee.account) if paid is None else (paid,)
    receipt = PaidTill(
        word=payee.word or policy.network,
        amount=payment.amount,
        payer=party(payer),
        ref=done.ref,
        at=from_ms(done.at_ms),
        till="" if paid is None else paid.name,
    )
    return tuple(Told(reply=receipt, to=payee, phone=till.phone) for till in tills)


def _meet_request(tx: Tx, payer: Member, payment: Payment, done: Posted) -> None:
    """Close the request that was paid, so that no second SI pays it again.

    A payment that was written by hand meets a request of the same member and amount.
    """
    charge = payment.charge
    if charge is None:
        for asked in questions.open_of_kind(tx, payer.account, Kind.charge):
            meant = asked.detail["payee"], asked.detail["amount"]
            if meant == (payment.payee.account, payment.amount):
                questions.close(tx, asked.id, "done", transfer=done.id)
                charge = int(str(asked.detail["charge"]))
                break
    if charge is not None:
        questions.close(tx, charge, "done", transfer=done.id)


def declined(payer: Member, payment: Payment, declined: Declined) -> tuple[Told, ...]:
    """Return what a refusal by the ledger is told as."""
    match declined.outcome:
        case Outcome.insufficient:
            short = NoFunds(
                amount=payment.amount,
                payee=party(payment.payee),
                available=shown(payer, declined.available),
            )
            return (Told(reply=short),)
        case Outcome.over_ceiling:
            # The payer must not learn the payee's balance; the payee should know.
            cannot = PayeeCannotReceive(payee=party(payment.payee))
            warned = PayeeWarned(amount=payment.amount, payer=party(payer))
            return (Told(reply=cannot), Told(reply=warned, to=payment.payee))
        case (
            Outcome.self_payment
            | Outcome.payer_not_active
            | Outcome.payee_not_active
            | Outcome.posted
        ):
            # `refusal` looked for these in this very transaction.
            raise AssertionError(f"declined after it was allowed: {declined.outcome}")

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
    Confirm,
    Failed,
    Late,
    MaybeDouble,
    NoFunds,
    OverCount,
    OverLimit,
    PaidPayee,
    PaidPayer,
    Party,
    PayeeCannotReceive,
    PayeeWarned,
    PaySelf,
)
from smsgate import ledger
from smsgate.clock import MINUTE_MS, from_ms
from smsgate.handlers.case import Result, Told, say
from smsgate.ledger import Outcome
from smsgate.messages import questions

if TYPE_CHECKING:
    from commands.reply import Reply
    from smsgate.handlers.case import Case
    from smsgate.members import Member


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """What a member wants to pay; the amount in minor units."""

    payee: Member
    amount: int
    memo: str = ""

    def detail(self) -> dict[str, object]:
        """Return what a question keeps of it."""
        return {
            "payee": self.payee.account,
            "amount": self.amount,
            "memo": self.memo,
        }


def party(member: Member, *, phone: bool = False) -> Party:
    """Return a member as the other side of a payment sees them."""
    return Party(
        name=member.name, code=member.code, phone=member.phone if phone else ""
    )


def refusal(case: Case, payment: Payment) -> Reply | None:
    """Say why this cannot be paid now whatever the balance, or None."""
    policy, tx = case.policy, case.tx
    if payment.payee.account == case.sender.account:
        return PaySelf()
    if payment.payee.state != "active":
        return PayeeCannotReceive(payee=party(payment.payee))
    since = policy.day_start_ms(tx.now_ms)
    used, count = ledger.paid_since(tx, case.sender.account, since)
    if payment.amount > policy.two_step or used + payment.amount > policy.day:
        return OverLimit(
            payment_limit=policy.two_step, day_limit=policy.day, day_used=used
        )
    if count >= policy.day_count:
        return OverCount(count=policy.day_count)
    return None


def short_of_funds(case: Case, payment: Payment) -> Reply | None:
    """Refuse before a question is asked that could only be answered in vain."""
    available = ledger.account(case.tx, case.sender.account).available
    if payment.amount <= available:
        return None
    return NoFunds(
        amount=payment.amount, payee=party(payment.payee), available=available
    )


def ask(case: Case, payment: Payment) -> Result:
    """Open the second step: who, how much, and how to say yes."""
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
    made = ledger.same_since(
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


def _question(case: Case, payment: Payment, kind: str) -> questions.Question | None:
    return questions.ask(
        case.tx,
        account=case.sender.account,
        kind=kind,
        money=True,
        own=True,
        link=case.link,
        sent_ms=case.sent_ms,
        lives_ms=case.policy.question_ms,
        detail=payment.detail(),
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
        return Result(told=_declined(case, payment, done), question=question)
    at = from_ms(done.at_ms)
    payer = PaidPayer(
        amount=payment.amount,
        payee=party(payment.payee),
        ref=done.ref,
        fee=0,
        balance=done.debit_balance,
        available=done.debit_available,
        at=at,
    )
    payee = PaidPayee(
        word=payment.payee.word or case.policy.network,
        amount=payment.amount,
        payer=party(case.sender, phone=True),
        ref=done.ref,
        balance=done.credit_balance,
        at=at,
    )
    return Result(
        told=(Told(reply=payer), Told(reply=payee, to=payment.payee)),
        transfer=done.id,
        question=question,
    )


def _declined(
    case: Case, payment: Payment, declined: ledger.Declined
) -> tuple[Told, ...]:
    match declined.outcome:
        case Outcome.insufficient:
            short = NoFunds(
                amount=payment.amount,
                payee=party(payment.payee),
                available=declined.available,
            )
            return (Told(reply=short),)
        case Outcome.over_ceiling:
            # The payer must not learn the payee's balance; the payee should know.
            cannot = PayeeCannotReceive(payee=party(payment.payee))
            warned = PayeeWarned(amount=payment.amount, payer=party(case.sender))
            return (Told(reply=cannot), Told(reply=warned, to=payment.payee))
        case (
            Outcome.self_payment
            | Outcome.payer_not_active
            | Outcome.payee_not_active
            | Outcome.posted
        ):
            # `refusal` looked for these in this very transaction.
            raise AssertionError(f"declined after it was allowed: {declined.outcome}")

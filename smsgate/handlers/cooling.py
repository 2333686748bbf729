"""The short wait before a first payment, in which NO takes it back.

What comes in: a one-step payment to somebody who was never paid before and who was
named by phone or alias: a slip there has no check digit. What goes out: a hold that
posts by itself when its time is up, once, even if the house was down then, and a
question that only NO answers. NO counts if it was sent in time and the units are still
held. Off unless the network sets `cool_off`; the hold is posted by
`smsgate.gateway.unasked.housekeeping`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from commands.command import Code
from commands.reply import Cooling, Failed, Frozen, PayeeCannotReceive
from smsgate import ledger, members
from smsgate.clock import DAY_MS, SECOND_MS
from smsgate.handlers import payment
from smsgate.handlers.case import Result, Told, say
from smsgate.handlers.payment import Payment, party
from smsgate.ledger import Outcome
from smsgate.messages import questions
from smsgate.messages.questions import Kind

if TYPE_CHECKING:
    from commands.command import Pay
    from smsgate.handlers.case import Case, Policy
    from smsgate.ledger import Expired, Hold
    from smsgate.members import Member
    from smsgate.messages.questions import Question
    from smsgate.store import Query, Tx

#: As long as any question lives.
_QUESTION_LIVES_MS = 7 * DAY_MS


def applies(case: Case, command: Pay, payee: Member) -> bool:
    """Say whether a payment that may be made at once waits first."""
    policy = case.policy
    return (
        policy.cool_off_ms > 0
        and command.amount > policy.cool_off_above
        and not isinstance(command.recipient, Code)
        and not ledger.has_paid(case.tx, case.sender.account, payee.account)
    )


def wait(case: Case, wanted: Payment) -> Result:
    """Set the units aside and say how to take it back; the same again waits once."""
    tx, payer = case.tx, case.sender.account
    for open_one in questions.open_of_kind(tx, payer, Kind.cooling):
        if (open_one.detail["payee"], open_one.detail["amount"]) == (
            wanted.payee.account,
            wanted.amount,
        ):
            return say(_told(tx, wanted, open_one))
    held = ledger.reserve(
        tx,
        debit=payer,
        credit=wanted.payee.account,
        amount=wanted.amount,
        expires_ms=tx.now_ms + case.policy.cool_off_ms,
        at_expiry="post",
        memo=wanted.memo,
    )
    if isinstance(held, ledger.Declined):
        return Result(told=payment.declined(case.sender, wanted, held))
    question = questions.ask(
        tx,
        account=payer,
        kind=Kind.cooling,
        money=True,
        own=True,
        link=case.link,
        sent_ms=case.sent_ms,
        # It outlives the hold, which closes it: a NO that was sent in time may come
        # late, and the house may have been down.
        lives_ms=_QUESTION_LIVES_MS,
        detail={**wanted.detail(), "hold": held.id},
    )
    if question is None:
        ledger.void(tx, held.id)
        return say(Failed(money=True))
    return say(_told(tx, wanted, question))


def remind(case: Case, question: Question) -> Result:
    """Answer SI or a PIN: nothing is needed, and how to take it back."""
    return say(_told(case.tx, payment.wanted(case.tx, question), question))


def _told(tx: Tx, wanted: Payment, question: Question) -> Cooling:
    left_ms = hold_of(tx, question).expires_ms - tx.now_ms
    return Cooling(
        amount=wanted.amount,
        payee=party(wanted.payee),
        seconds=max(1, -(-left_ms // SECOND_MS)),
        token=question.token,
    )


def hold_of(q: Query, question: Question) -> Hold:
    """Return the hold behind a question."""
    return ledger.hold_of(q, int(str(question.detail["hold"])))


def too_late(case: Case, question: Question) -> bool:
    """Say whether a NO was sent after the wait was over."""
    return (
        question.kind is Kind.cooling
        and case.sent_ms > hold_of(case.tx, question).expires_ms
    )


def free(tx: Tx, question: Question) -> None:
    """Free the units behind a question that is being closed; nothing for others."""
    if question.kind is not Kind.cooling:
        return
    held = hold_of(tx, question)
    if held.state == "open":
        ledger.void(tx, held.id)


def finish(case: Case, question: Question) -> Result:
    """Pay now what was due: its NO came too late."""
    expired = ledger.expire(case.tx, hold_of(case.tx, question).id)
    made = expired.done
    return Result(
        told=settled(case.tx, case.policy, expired),
        transfer=made.id if isinstance(made, ledger.Posted) else None,
        question=question.id,
    )


def settled(tx: Tx, policy: Policy, expired: Expired) -> tuple[Told, ...]:
    """Close the question of a hold whose time was up; say what came of it."""
    held, done = expired.hold, expired.done
    if done is None or held.credit is None:
        return ()
    payer = members.by_account(tx, held.debit)
    payee = members.by_account(tx, held.credit)
    if payer is None or payee is None:
        return ()
    posted = isinstance(done, ledger.Posted)
    wanted = Payment(payee=payee, amount=held.amount, memo=held.memo)
    for question in questions.open_of_kind(tx, held.debit, Kind.cooling):
        if question.detail["hold"] == held.id:
            wanted = payment.wanted(tx, question)
            questions.close(
                tx,
                question.id,
                "done" if posted else "refused",
                transfer=done.id if isinstance(done, ledger.Posted) else None,
            )
    told: tuple[Told, ...]
    if isinstance(done, ledger.Posted):
        told = payment.receipts(tx, policy, payer, wanted, done)
    elif done.outcome is Outcome.payer_not_active:
        told = (Told(reply=Frozen(money=True)),)
    elif done.outcome is Outcome.payee_not_active:
        told = (Told(reply=PayeeCannotReceive(payee=party(payee))),)
    else:
        told = payment.declined(payer, wanted, done)
    return tuple(replace(one, to=one.to or payer) for one in told)

"""DEVOLVER: give a payment back; or, from who made it, ask the receiver to.

What comes in: a `Refund` with a reference and perhaps an amount. What goes out: two
receipts, one refusal, or a question to the receiver, who answers it with the PIN within
seven days; a NO, or silence, becomes a ticket for staff by itself. A refund is a
transfer of its own; the payment stays as it was, and no more than its amount ever goes
back. The question of a late text is the sender's own. ANULAR
with a reference asks through `ask_back` too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands.command import Keyword
from commands.reply import (
    Confirm,
    Failed,
    GotRefund,
    Late,
    MaybeDouble,
    NoRefund,
    PayeeCannotReceive,
    Refunded,
    RefundOver,
    RefundRefused,
    ReversalAsked,
    ReversalDenied,
    ReversalExpired,
    ReversalSent,
)
from smsgate import ledger, members
from smsgate.clock import MINUTE_MS, from_ms
from smsgate.handlers import payment
from smsgate.handlers.case import Result, Timing, Told, say
from smsgate.handlers.payment import Payment, party, shown
from smsgate.handlers.shut import shut
from smsgate.members import matters
from smsgate.members.matters import Queue, Topic
from smsgate.messages import questions
from smsgate.messages.questions import Kind

if TYPE_CHECKING:
    from commands.command import Refund
    from commands.reply import Reply
    from commands.secret import Secret
    from smsgate.handlers.case import Case
    from smsgate.ledger import Transfer
    from smsgate.members import Member
    from smsgate.messages.outbox import Class
    from smsgate.messages.questions import Question
    from smsgate.store import Tx


def refund(case: Case, command: Refund) -> Result:
    """Give back what the sender received, or ask for what the sender paid."""
    if case.sender.state != "active":
        return say(shut(case, money=True))
    made = own_payment(case, command.ref)
    if made is None:
        return say(RefundRefused(why=NoRefund.unknown, money=True))
    if made.debit == case.sender.account:
        return ask_back(case, made, command.amount, command.pin, money=True)
    refused = _why_not(case, made, command.amount, money=True)
    if refused is not None:
        return say(refused)
    if command.pin is None:
        return say(case.asked(Keyword.devolver, money=True))
    wanted = _wanted(case, made, command.amount)
    if case.timing is not Timing.fresh:
        return _ask_first(case, made, wanted)
    bad_pin = case.refused(command.pin, money=True)
    if bad_pin is not None:
        return say(bad_pin)
    return _ask_repeat(case, made, wanted) or _give(case, made, wanted)


def own_payment(case: Case, ref: str) -> Transfer | None:
    """Return the payment of this reference if the sender made or received it."""
    made = ledger.by_ref(case.tx, ref)
    if made is None or made.kind != "pay":
        return None
    return made if case.sender.account in (made.debit, made.credit) else None


def _why_not(
    case: Case, made: Transfer, amount: int | None, *, money: bool
) -> Reply | None:
    if case.tx.now_ms - made.at_ms > case.policy.refund_ms:
        return RefundRefused(why=NoRefund.old, money=money)
    left = made.amount - made.reversed_minor
    if not left:
        return RefundRefused(why=NoRefund.done, money=money)
    if amount is not None and amount > left:
        return RefundOver(left=left, money=money)
    return None


def _wanted(case: Case, made: Transfer, amount: int | None) -> Payment:
    left = made.amount - made.reversed_minor
    return Payment(
        payee=_member(case.tx, made.debit), amount=left if amount is None else amount
    )


def _member(tx: Tx, account: int) -> Member:
    member = members.by_account(tx, account)
    if member is None:
        raise AssertionError("a payment names somebody who is no member")
    return member


# ---- giving back


def _give(
    case: Case, made: Transfer, wanted: Payment, *, question: int | None = None
) -> Result:
    """Move the units back and owe both receipts, or owe the refusal."""
    tx, other = case.tx, wanted.payee
    if other.state == "closed":
        return say(PayeeCannotReceive(payee=party(other)))
    done = ledger.reverse(tx, made.ref, wanted.amount, actor="member")
    if isinstance(done, ledger.Declined):
        told = payment.declined(case.sender, wanted, done)
        return Result(told=told, question=question)
    for asked in questions.open_of_kind(tx, case.sender.account, Kind.reversal):
        if asked.detail["payment"] == made.id:
            questions.close(tx, asked.id, "done", transfer=done.id)
    at = from_ms(done.at_ms)
    gave = Refunded(
        amount=wanted.amount,
        payee=party(other),
        ref=made.ref,
        balance=shown(case.sender, done.debit_balance),
        available=shown(case.sender, done.debit_available),
        at=at,
    )
    got = GotRefund(
        word=other.word or case.policy.network,
        amount=wanted.amount,
        payer=party(case.sender, phone=True),
        ref=made.ref,
        balance=shown(other, done.credit_balance),
        at=at,
    )
    return Result(
        told=(Told(reply=gave), Told(reply=got, to=other)),
        transfer=done.id,
        question=question,
    )


def _own_question(
    case: Case, made: Transfer, wanted: Payment, *, again: bool = False
) -> Question | None:
    return questions.ask(
        case.tx,
        account=case.sender.account,
        kind=Kind.reversal,
        money=True,
        own=True,
        link=case.link,
        sent_ms=case.sent_ms,
        lives_ms=case.policy.question_ms,
        detail={**wanted.detail(), "payment": made.id, "again": again},
    )


def _ask_first(case: Case, made: Transfer, wanted: Payment) -> Result:
    """Ask before a text that came late, or of which nobody knows, moves anything."""
    question = _own_question(case, made, wanted)
    if question is None:
        return say(Failed(money=True))
    if case.timing is Timing.late:
        return say(
            Late(
                sent_at=from_ms(case.sent_ms),
                amount=wanted.amount,
                payee=party(wanted.payee),
                token=question.token,
            )
        )
    return say(
        Confirm(
            amount=wanted.amount,
            payee=party(wanted.payee),
            fee=0,
            token=question.token,
            minutes=case.policy.question_ms // MINUTE_MS,
        )
    )


def _ask_repeat(case: Case, made: Transfer, wanted: Payment) -> Result | None:
    """Ask before the same part is given back twice; None when it is the first time."""
    since_ms = case.tx.now_ms - case.policy.repeat_ms
    before = ledger.refunded_since(case.tx, made.id, wanted.amount, since_ms)
    if before is None:
        return None
    question = _own_question(case, made, wanted, again=True)
    if question is None:
        return say(Failed(money=True))
    return say(
        MaybeDouble(
            amount=wanted.amount,
            payee=party(wanted.payee),
            ref=made.ref,
            at=from_ms(before.at_ms),
            token=question.token,
        )
    )


# ---- asking for it


def ask_back(
    case: Case, made: Transfer, amount: int | None, pin: Secret | None, *, money: bool
) -> Result:
    """Ask the receiver to give a payment of the sender's back; a PIN is checked."""
    refused = _why_not(case, made, amount, money=money)
    if refused is not None:
        return say(refused)
    tx, receiver = case.tx, _member(case.tx, made.credit)
    wanted = _wanted(case, made, amount)
    for asked in _asked_before(case, made):
        if asked.state == "open" and asked.expires_ms > tx.now_ms:
            return say(_sent(receiver, made, asked))
        if asked.state in ("refused", "expired", "open"):
            return say(RefundRefused(why=NoRefund.asked_before, money=money))
    bad_pin = None if pin is None else case.refused(pin, money=money)
    if bad_pin is not None:
        return say(bad_pin)
    question = questions.ask(
        tx,
        account=receiver.account,
        kind=Kind.reversal,
        money=True,
        own=False,
        link=case.link,
        sent_ms=case.sent_ms,
        lives_ms=case.policy.reversal_ms,
        detail={**wanted.detail(), "payment": made.id},
    )
    if question is None:
        return say(Failed(money=money))
    request = ReversalAsked(
        amount=wanted.amount,
        payer=party(case.sender),
        ref=made.ref,
        token=question.token,
        until=from_ms(question.expires_ms),
    )
    return Result(
        told=(
            Told(reply=_sent(receiver, made, question)),
            Told(reply=request, to=receiver),
        )
    )


def _asked_before(case: Case, made: Transfer) -> list[Question]:
    since_ms = case.tx.now_ms - case.policy.refund_ms
    asked = questions.asked_since(case.tx, made.credit, Kind.reversal, since_ms)
    return [q for q in asked if q.detail["payment"] == made.id and not q.own]


def _sent(receiver: Member, made: Transfer, question: Question) -> ReversalSent:
    return ReversalSent(
        amount=int(str(question.detail["amount"])),
        payee=party(receiver),
        ref=made.ref,
        until=from_ms(question.expires_ms),
    )


# ---- the answer


def settle_refund(
    case: Case, question: Question, wanted: Payment, pin: Secret
) -> Result:
    """Give back what a question asks for, which was answered with a PIN."""
    made = payment_of(case.tx, question)
    refused = _why_not(case, made, wanted.amount, money=True)
    if refused is not None:
        questions.close(case.tx, question.id, "refused")
        return Result(told=(Told(reply=refused),), question=question.id)
    bad_pin = case.refused(pin, money=True)
    if bad_pin is not None:
        return say(bad_pin)
    repeat = None
    if question.own and not question.detail.get("again"):
        repeat = _ask_repeat(case, made, wanted)
    result = repeat or _give(case, made, wanted, question=question.id)
    if question.own and result.transfer is None:
        questions.close(case.tx, question.id, "refused")
    return result


def payment_of(tx: Tx, question: Question) -> Transfer:
    """Return the payment that a question wants given back."""
    made = ledger.by_id(tx, int(str(question.detail["payment"])))
    if made is None:
        raise AssertionError("a question names a payment that does not exist")
    return made


def refund_denied(tx: Tx, question: Question, wanted: Payment) -> tuple[Told, ...]:
    """Tell who asked that the receiver said no; staff find it among their tickets."""
    if question.own:
        return ()
    made = payment_of(tx, question)
    receiver = _member(tx, question.account)
    reply = ReversalDenied(
        amount=wanted.amount,
        payee=party(receiver),
        ref=made.ref,
        number=_ticket(tx, made, wanted.payee, "no acepto devolver"),
    )
    return (Told(reply=reply, to=wanted.payee),)


def refund_unanswered(tx: Tx, question: Question, cls: Class) -> tuple[Told, ...]:
    """Tell who asked that the receiver did not answer, and open the ticket, too."""
    wanted, made = payment.wanted(tx, question), payment_of(tx, question)
    reply = ReversalExpired(
        amount=wanted.amount,
        payee=party(_member(tx, question.account)),
        ref=made.ref,
        number=_ticket(tx, made, wanted.payee, "no respondio si devuelve"),
    )
    return (Told(reply=reply, to=wanted.payee, cls=cls),)


def _ticket(tx: Tx, made: Transfer, payer: Member, words: str) -> int | None:
    """Open a dispute as if the payer had; None where too many wait already."""
    ticket = matters.put(
        tx,
        Queue.ticket,
        phone=payer.phone,
        account=payer.account,
        topic=Topic.dispute,
        transfer=made.id,
        words=words,
    )
    return None if ticket is None else ticket.id

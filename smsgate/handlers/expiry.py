"""What is told when nobody answered in time.

What comes in: a question that has just expired. What goes out: texts to those who were
waiting: both sides of a request to pay, and who wanted a payment back. A question that
the member's own text opened is not told of: its text said how long it lives. Called by
`smsgate.gateway.unasked.housekeeping`, in the transaction that expires it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands.reply import ChargeExpired, ChargeLapsed
from smsgate import members
from smsgate.handlers import payment
from smsgate.handlers.case import Told
from smsgate.handlers.payment import party
from smsgate.handlers.refund import refund_unanswered
from smsgate.messages import questions
from smsgate.messages.outbox import Class
from smsgate.messages.questions import Kind

if TYPE_CHECKING:
    from commands.reply import Reply
    from smsgate.members import Member
    from smsgate.messages.questions import Question
    from smsgate.store import Tx


def expired(tx: Tx, question: Question) -> tuple[Told, ...]:
    """Say what those who waited for a question are told."""
    match question.kind:
        case Kind.charge:
            wanted = payment.wanted(tx, question)
            lapsed = ChargeLapsed(amount=wanted.amount, payee=party(wanted.payee))
            return _notice(lapsed, _member(tx, question.account))
        case Kind.charge_sent:
            payer = _member(tx, int(str(question.detail["payer"])))
            return _unpaid(tx, question, payer)
        case Kind.repeat | Kind.card:
            return _repeat(tx, question)
        case Kind.reversal if not question.own:
            return refund_unanswered(tx, question, Class.notice)
        case _:
            return ()


def unanswered(tx: Tx, question: Question) -> tuple[Told, ...]:
    """Say what is told when a question is void before anybody could answer it.

    A request to pay has another half, which is told of when its own time is up.
    """
    if question.kind is Kind.reversal and not question.own:
        return refund_unanswered(tx, question, Class.receipt)
    return ()


def _repeat(tx: Tx, question: Question) -> tuple[Told, ...]:
    """A request ends with what was asked of it: was it a repeat, and by which code?"""
    wanted = payment.wanted(tx, question)
    if wanted.charge is None or not questions.close(tx, wanted.charge, "expired"):
        return ()
    sent = questions.by_id(tx, wanted.charge)
    payer = _member(tx, question.account)
    return () if sent is None else _unpaid(tx, sent, payer)


def _unpaid(tx: Tx, sent: Question, payer: Member) -> tuple[Told, ...]:
    amount = int(str(sent.detail["amount"]))
    reply = ChargeExpired(amount=amount, payer=party(payer))
    return _notice(reply, _member(tx, sent.account))


def _notice(reply: Reply, to: Member) -> tuple[Told, ...]:
    return (Told(reply=reply, to=to, cls=Class.notice),)


def _member(tx: Tx, account: int) -> Member:
    member = members.by_account(tx, account)
    if member is None:
        raise AssertionError("a question names somebody who is no member")
    return member

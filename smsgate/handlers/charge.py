"""COBRAR: ask another member to pay, and what becomes of the request.

What comes in: a `Charge`. What goes out: two questions and a text for each side. The
payer's holds the token that pays or refuses, with the PIN, as in
`smsgate.handlers.answer`; the other belongs to who asked, and its token calls the
request off. The two are closed together: whichever of SI, NO and ANULAR commits first
decides. How many requests reach one member in a day is bounded, because each takes one
of the member's tokens.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands.reply import (
    ChargeAsked,
    ChargeDenied,
    ChargeGone,
    ChargeRefused,
    ChargeSent,
    ChargeStopped,
    ChargeWaiting,
    NoCharge,
)
from smsgate import members
from smsgate.clock import DAY_MS, from_ms
from smsgate.handlers import card_step
from smsgate.handlers.case import Result, Told, say
from smsgate.handlers.payment import Payment, party
from smsgate.handlers.shut import shut
from smsgate.messages import questions
from smsgate.messages.questions import Kind

if TYPE_CHECKING:
    from commands.command import Charge
    from smsgate.handlers.case import Case
    from smsgate.members import Member
    from smsgate.messages.questions import Question
    from smsgate.store import Tx

#: How often one member may ask the same other one in a day.
_PAIR_A_DAY = 10
#: How many requests may reach a member in a day: less than half of the tokens.
_PAYER_A_DAY = 40


def charge(case: Case, command: Charge) -> Result:
    """Ask, or say why not."""
    if case.sender.state != "active":
        return say(shut(case, money=False))
    payer = members.named(case.tx, command.recipient)
    why = _why_not(case, payer, command.amount)
    if why is not None or payer is None:
        return _refused(case, why or NoCharge.unknown)
    waiting = _waiting(case, payer, command.amount)
    if waiting is not None:
        return say(
            ChargeWaiting(
                amount=command.amount,
                payer=party(payer),
                token=waiting.token,
                until=from_ms(waiting.expires_ms),
            )
        )
    return _ask(case, payer, command)


def _why_not(case: Case, payer: Member | None, amount: int) -> NoCharge | None:
    if payer is None:
        return NoCharge.unknown
    if payer.account == case.sender.account:
        return NoCharge.own_account
    if payer.state != "active":
        return NoCharge.cannot_pay
    if amount > card_step.most_if_asked(case, payer.account):
        return NoCharge.limit
    return None


def _refused(case: Case, why: NoCharge) -> Result:
    return say(ChargeRefused(why=why, payment_limit=case.policy.two_step))


def _waiting(case: Case, payer: Member, amount: int) -> Question | None:
    """Return the same request where it is open: it is not sent twice."""
    for sent in own_charges(case):
        if sent.detail["payer"] == payer.account and sent.detail["amount"] == amount:
            return sent
    return None


def _ask(case: Case, payer: Member, command: Charge) -> Result:
    tx, sender = case.tx, case.sender
    asked_before = questions.asked_since(
        tx, payer.account, Kind.charge, tx.now_ms - DAY_MS
    )
    by_sender = [one for one in asked_before if one.detail["payee"] == sender.account]
    if len(asked_before) >= _PAYER_A_DAY or len(by_sender) >= _PAIR_A_DAY:
        return _refused(case, NoCharge.too_many)
    sent = questions.ask(
        tx,
        account=sender.account,
        kind=Kind.charge_sent,
        money=False,
        own=True,
        link=case.link,
        sent_ms=case.sent_ms,
        lives_ms=case.policy.request_ms,
        detail={"payer": payer.account, "amount": command.amount},
    )
    if sent is None:
        return _refused(case, NoCharge.too_many)
    wanted = Payment(
        payee=sender, amount=command.amount, memo=command.memo, charge=sent.id
    )
    asked = questions.ask(
        tx,
        account=payer.account,
        kind=Kind.charge,
        money=True,
        own=False,
        link=case.link,
        sent_ms=case.sent_ms,
        lives_ms=case.policy.request_ms,
        detail=wanted.detail(),
    )
    if asked is None:
        questions.close(tx, sent.id, "void")
        return _refused(case, NoCharge.too_many)
    until = from_ms(asked.expires_ms)
    told = ChargeSent(
        amount=wanted.amount, payer=party(payer), token=sent.token, until=until
    )
    request = ChargeAsked(
        amount=wanted.amount,
        payee=party(sender),
        token=asked.token,
        until=until,
        memo=wanted.memo,
    )
    return Result(told=(Told(reply=told), Told(reply=request, to=payer)))


def own_charges(case: Case) -> list[Question]:
    """Return the sender's requests that are open, oldest first."""
    tx = case.tx
    return [
        sent
        for sent in questions.open_of_kind(tx, case.sender.account, Kind.charge_sent)
        if sent.expires_ms > tx.now_ms
    ]


def withdraw(case: Case, sent: Question) -> Result:
    """Call a request of the sender's own off; tell who was to pay."""
    tx, amount = case.tx, int(str(sent.detail["amount"]))
    payer = members.by_account(tx, int(str(sent.detail["payer"])))
    if payer is None:
        raise AssertionError("a request names a payer who is no member")
    questions.close(tx, sent.id, "void")
    told = [Told(reply=ChargeStopped(amount=amount, payer=party(payer)))]
    for asked in questions.open_of(tx, payer.account, tx.now_ms):
        if asked.detail.get("charge") == sent.id:
            questions.close(tx, asked.id, "void")
            gone = ChargeGone(amount=amount, payee=party(case.sender))
            told.append(Told(reply=gone, to=payer))
    return Result(told=tuple(told), question=sent.id)


def charge_denied(tx: Tx, wanted: Payment, payer: Member) -> tuple[Told, ...]:
    """Close the other half of a request that was refused; tell who asked."""
    if wanted.charge is None or not questions.close(tx, wanted.charge, "refused"):
        return ()
    reply = ChargeDenied(amount=wanted.amount, payer=party(payer))
    return (Told(reply=reply, to=wanted.payee),)

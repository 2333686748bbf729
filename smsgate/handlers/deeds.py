"""What staff decide, done: by a shell alone, or once another of the staff has agreed.

What comes in: an open transaction and a decision. What goes out: who must be told of
it. The same function serves the shell, where nobody else needs to agree, and the answer
of the one who did.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands.reply import (
    GivenBack,
    LimitAgreed,
    LimitChanged,
    ReverseAgreed,
    StaffAdded,
    TakenBack,
)
from commands.reply.safety import StaffEnded
from smsgate import ledger, members
from smsgate.campaigns import rows as campaigns
from smsgate.campaigns import steps as campaign_steps
from smsgate.clock import from_ms
from smsgate.handlers import guardians_place
from smsgate.handlers.case import Told
from smsgate.handlers.payment import shown
from smsgate.ledger import Declined
from smsgate.members import matters, staff
from smsgate.members.approvals import Kind
from smsgate.members.matters import Queue, Topic
from smsgate.messages import questions
from smsgate.messages.questions import Kind as Asked

if TYPE_CHECKING:
    from smsgate.campaigns.rows import Campaign
    from smsgate.ledger import Transfer
    from smsgate.members import Member
    from smsgate.members.approvals import Approval
    from smsgate.members.staff import Colleague
    from smsgate.store import Tx


def carry_out(
    tx: Tx, approval: Approval, actor: str, by: str
) -> tuple[Told, ...] | None:
    """Do what was agreed to; None where it can no longer be done."""
    match approval.kind:
        case Kind.staff:
            known = staff.colleague(tx, approval.account)
            if known is None or known.state is not staff.State.asked:
                return None
            added = staff.settle(tx, approval.account, staff.State.active, actor)
            return added_to_staff(tx, added, by)
        case Kind.limit:
            return _agreed_limit(tx, approval, actor, by)
        case Kind.reverse:
            return _agreed_reversal(tx, approval, actor, by)
        case Kind.reset:
            return guardians_place.agreed_reset(tx, approval, actor, by)
        case Kind.lift:
            return guardians_place.agreed_lift(tx, approval, actor, by)
        case Kind.campaign:
            return _agreed_campaign(tx, approval, actor, by)


def drop(tx: Tx, approval: Approval, actor: str) -> None:
    """Clear away what was prepared for something that will not be done."""
    if approval.kind is Kind.staff:
        staff.settle(tx, approval.account, staff.State.refused, actor)
    elif approval.kind is Kind.campaign:
        asked = _asked_campaign(tx, approval)
        if asked is not None:
            campaign_steps.thaw(tx, asked)


def set_limit(
    tx: Tx, member: Member, limit: int, actor: str, *, tell: bool
) -> tuple[Told, ...]:
    """Set a credit limit; `tell`: the member hears of it even if they did not ask.

    Raises:
        LimitRefused: more than this is owed already.
    """
    ledger.set_limit(tx, member.account, limit, actor)
    request = matters.open_one(tx, Queue.ticket, phone=member.phone, topic=Topic.credit)
    if request is not None:
        matters.close(tx, request, done=True, actor=actor)
    elif not tell:
        return ()
    available = ledger.account(tx, member.account).available
    return (Told(reply=LimitChanged(limit=limit, available=available), to=member),)


def _agreed_limit(
    tx: Tx, approval: Approval, actor: str, by: str
) -> tuple[Told, ...] | None:
    member = members.by_account(tx, approval.account)
    limit = int(str(approval.detail["limit"]))
    # What was agreed to is one step, from the limit that was shown then.
    before = approval.detail["from"]
    now = ledger.account(tx, approval.account).credit_limit
    if member is None or now != before:
        return None
    told = set_limit(tx, member, limit, actor, tell=True)
    reply = LimitAgreed(name=member.name, code=member.code, limit=limit, by=by)
    return told + tuple(
        Told(reply=reply, to=one.member)
        for one in staff.colleagues(tx)
        if one.member.account != member.account
    )


def give_back(
    tx: Tx, made: Transfer, amount: int, actor: str, reason: str
) -> tuple[Told, ...] | Declined:
    """Give this much of a payment back, tell both sides, and settle its disputes.

    Raises:
        NotReversible: it was given back meanwhile, or not so much is left.
    """
    done = ledger.reverse(tx, made.ref, amount, actor, reason)
    if isinstance(done, Declined):
        return done
    for dispute in matters.open_about(tx, made.id):
        matters.close(tx, dispute, done=True, actor=actor, note=reason)
    payer = members.by_account(tx, made.debit)
    payee = members.by_account(tx, made.credit)
    at, told = from_ms(done.at_ms), []
    if payer is not None:
        given = GivenBack(
            amount=amount,
            name=payee.name if payee is not None else "",
            ref=made.ref,
            balance=shown(payer, done.credit_balance),
            at=at,
        )
        told.append(Told(reply=given, to=payer))
    if payee is not None:
        taken = TakenBack(
            amount=amount,
            name=payer.name if payer is not None else "",
            ref=made.ref,
            balance=shown(payee, done.debit_balance),
            at=at,
        )
        told.append(Told(reply=taken, to=payee))
    return tuple(told)


def _agreed_reversal(
    tx: Tx, approval: Approval, actor: str, by: str
) -> tuple[Told, ...] | None:
    detail = approval.detail
    made = ledger.by_ref(tx, str(detail["ref"]))
    # What was agreed to is one step, from what had been given back then.
    if made is None or made.reversed_minor != detail["back"]:
        return None
    amount, reason = int(str(detail["amount"])), str(detail["reason"])
    told = give_back(tx, made, amount, actor, reason)
    if isinstance(told, Declined):
        return None
    reply = ReverseAgreed(amount=amount, ref=made.ref, by=by)
    return told + tuple(
        Told(reply=reply, to=one.member)
        for one in staff.colleagues(tx)
        if one.member.account not in (made.debit, made.credit)
    )


def left_staff(tx: Tx, left: Colleague, by: str) -> tuple[Told, ...]:
    """Void what the one who left was asked; tell them and all staff."""
    account = left.member.account
    for question in questions.open_of_kind(tx, account, Asked.approve):
        questions.close(tx, question.id, "void")
    told = [left.member, *(one.member for one in staff.colleagues(tx))]
    return tuple(Told(reply=StaffEnded(name=left.name, by=by), to=one) for one in told)


def _agreed_campaign(
    tx: Tx, approval: Approval, actor: str, by: str
) -> tuple[Told, ...] | None:
    asked = _asked_campaign(tx, approval)
    if asked is None:
        return None
    campaign_steps.approve(tx, asked, by=by, actor=actor)
    return ()


def _asked_campaign(tx: Tx, approval: Approval) -> Campaign | None:
    """Return the campaign that was asked about; None where it is another one now."""
    found = campaigns.by_id(tx, int(str(approval.detail["campaign"])))
    if found is None or found.state is not campaigns.State.review:
        return None
    same = campaign_steps.mark_of(found) == approval.detail["mark"]
    return found if same and found.people == approval.detail["people"] else None


def added_to_staff(tx: Tx, added: Colleague, by: str) -> tuple[Told, ...]:
    """Tell all staff of somebody new; the new one hears it too."""
    reply = StaffAdded(name=added.name, role=added.role, by=by)
    return tuple(Told(reply=reply, to=one.member) for one in staff.colleagues(tx))

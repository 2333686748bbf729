"""Invite a phone that was to be paid and is no member's.

What comes in: the phone, from PAGAR; later SI with the token. What goes out: the offer
to write to it, and then one text a month at most, whoever asks for it. Nothing is paid
and nothing is reserved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands.command import Said
from commands.reply import Invitation, Invited, NotHere, NotInvited, QuestionOver
from smsgate import members
from smsgate.handlers.case import Result, Told, say
from smsgate.members import invites
from smsgate.messages import questions
from smsgate.messages.outbox import Class
from smsgate.phone import is_mobile

if TYPE_CHECKING:
    from commands.command import Answer
    from smsgate.handlers.case import Case
    from smsgate.messages.questions import Question


def offer(case: Case, phone: str) -> Result | None:
    """Offer to invite this phone; None where it cannot be."""
    allowed = invites.may_invite(
        case.tx, phone, case.sender.account, case.tx.now_ms
    ) and is_mobile(phone)
    if not allowed:
        return None
    question = questions.ask(
        case.tx,
        account=case.sender.account,
        kind="invite",
        money=False,
        own=True,
        link=case.link,
        sent_ms=case.sent_ms,
        lives_ms=case.policy.question_ms,
        detail={"phone": phone},
    )
    return None if question is None else say(NotHere(token=question.token))


def answer(case: Case, command: Answer, question: Question) -> Result:
    """Write to the phone, or leave it."""
    phone = str(question.detail["phone"])
    if command.said is Said.no:
        questions.close(case.tx, question.id, "refused")
        over = QuestionOver(other=True)
        return Result(told=(Told(reply=over),), question=question.id)
    allowed = not members.phone_taken(case.tx, phone) and invites.may_invite(
        case.tx, phone, case.sender.account, case.tx.now_ms
    )
    questions.close(case.tx, question.id, "done" if allowed else "refused")
    if not allowed:
        return Result(told=(Told(reply=NotInvited()),), question=question.id)
    invites.note_invite(case.tx, phone, case.sender.account)
    invitation = Invitation(name=case.sender.name)
    return Result(
        told=(
            Told(reply=Invited()),
            Told(reply=invitation, phone=phone, cls=Class.notice),
        ),
        question=question.id,
    )

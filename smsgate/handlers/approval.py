"""Approvals: ask another of the staff, and do it once one of them agrees.

What comes in: what somebody at a shell wants done. What goes out: a question to each of
the staff but those it concerns; the first `SI tk PIN` has it done in the same
transaction, the first NO ends it. Whoever asked under a name of the staff is not asked
themselves. What is to be done stands in `smsgate.members.approvals`, how it is done in
`smsgate.handlers.deeds`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from commands.command import Said
from commands.reply import (
    ApprovalGiven,
    ApprovalNeedsPin,
    ApprovalOver,
    ApprovalRefused,
    ApproveCampaign,
    ApproveLimit,
    ApproveReverse,
    ApproveStaff,
    Frozen,
)
from commands.reply.safety import ApproveLift, ApproveReset
from smsgate import ledger, members
from smsgate.clock import from_ms
from smsgate.errors import SmsgateError
from smsgate.handlers import deeds
from smsgate.handlers.case import Result, Told, say
from smsgate.members import approvals, staff
from smsgate.members.approvals import Kind, State
from smsgate.messages import questions

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from commands.command import Answer
    from commands.reply import Reply
    from smsgate.handlers.case import Case
    from smsgate.members.approvals import Approval
    from smsgate.messages.questions import Question
    from smsgate.store import Tx


class NobodyToAsk(SmsgateError):
    """This needs a second person, and there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was asked, and of whom."""

    approval: Approval
    #: Names of the staff who may agree.
    names: tuple[str, ...]
    told: tuple[Told, ...]


def ask(
    tx: Tx,
    *,
    kind: Kind,
    account: int,
    detail: Mapping[str, object],
    actor: str,
    as_name: str = "",
    concerned: frozenset[int] = frozenset(),
) -> Asked:
    """Ask the staff whether this may be done.

    `concerned` are accounts that gain or lose by it: their holders are not asked.

    Raises:
        NobodyToAsk: nobody else is on the staff.
    """
    several = [
        one
        for one in staff.colleagues(tx)
        if one.member.account not in concerned | {account}
        and one.name.casefold() != as_name.casefold()
        and one.member.state == "active"
    ]
    approval = approvals.put(
        tx, kind=kind, account=account, detail=detail, asked_by=actor
    )
    told: list[Told] = []
    names: list[str] = []
    for one in several:
        question = questions.ask(
            tx,
            account=one.member.account,
            kind="approve",
            money=False,
            own=False,
            link="",
            sent_ms=tx.now_ms,
            lives_ms=approvals.LIVES_MS,
            detail={"approval": approval.id},
        )
        if question is not None:
            reply = _question(tx, approval, question.token)
            told.append(Told(reply=reply, to=one.member))
            names.append(one.name)
    if not told:
        raise NobodyToAsk(
            "another of the staff must agree to this by text, and there is nobody "
            "else who can: add one with `smsgate staff add`"
        )
    return Asked(approval=approval, names=tuple(names), told=tuple(told))


def answer(case: Case, command: Answer, question: Question) -> Result:
    """Agree or refuse; the PIN is that of the one who answers."""
    approval = approvals.find(case.tx, int(str(question.detail["approval"])))
    by = staff.colleague(case.tx, case.sender.account)
    if (
        approval is None
        or approval.state is not State.open
        or by is None
        or by.state is not staff.State.active
    ):
        return _closed(case, question, ApprovalOver())
    actor = f"staff:{case.sender.code}"
    if command.said is Said.no:
        approvals.close(case.tx, approval, State.refused, case.sender.account, actor)
        deeds.drop(case.tx, approval, actor)
        return _closed(case, question, ApprovalRefused())
    if command.pin is None:
        return say(ApprovalNeedsPin(token=question.token))
    if case.sender.state != "active":
        # A phone that somebody said ROBO of agrees to nothing.
        return say(Frozen(money=False))
    bad_pin = case.refused(command.pin, money=False)
    if bad_pin is not None:
        return Result(told=(Told(reply=bad_pin),), question=question.id)
    done = deeds.carry_out(case.tx, approval, actor, by.name)
    state = State.failed if done is None else State.done
    approvals.close(case.tx, approval, state, case.sender.account, actor)
    if done is None:
        return _closed(case, question, ApprovalOver())
    result = _closed(case, question, ApprovalGiven(), "done")
    others = tuple(
        told
        for told in done
        if told.to is None or told.to.account != case.sender.account
    )
    return Result(told=result.told + others, question=question.id)


def _closed(
    case: Case, question: Question, reply: Reply, state: str = "refused"
) -> Result:
    questions.close(case.tx, question.id, state)
    return Result(told=(Told(reply=reply),), question=question.id)


def _question(tx: Tx, approval: Approval, token: int) -> Reply:
    until = from_ms(approval.expires_ms)
    match approval.kind:
        case Kind.staff:
            return ApproveStaff(
                name=str(approval.detail["name"]),
                role=str(approval.detail["role"]),
                token=token,
                until=until,
            )
        case Kind.limit:
            member = members.by_account(tx, approval.account)
            return ApproveLimit(
                name="" if member is None else member.name,
                code="" if member is None else member.code,
                limit=int(str(approval.detail["limit"])),
                token=token,
                until=until,
            )
        case Kind.reset | Kind.lift:
            return _in_guardians_place(tx, approval, token, until)
        case Kind.reverse:
            ref = str(approval.detail["ref"])
            made = ledger.by_ref(tx, ref)
            sides = () if made is None else (made.debit, made.credit)
            names = [
                one.name for side in sides if (one := members.by_account(tx, side))
            ]
            payer, payee = names if len(names) == len(sides) > 0 else ("", "")
            return ApproveReverse(
                amount=int(str(approval.detail["amount"])),
                payer=payer,
                payee=payee,
                ref=ref,
                token=token,
                until=until,
            )
        case Kind.campaign:
            return ApproveCampaign(
                name=str(approval.detail["name"]),
                people=int(str(approval.detail["people"])),
                token=token,
                until=until,
            )


def _in_guardians_place(
    tx: Tx, approval: Approval, token: int, until: datetime
) -> Reply:
    member = members.by_account(tx, approval.account)
    asked = ApproveReset if approval.kind is Kind.reset else ApproveLift
    return asked(
        name="" if member is None else member.name,
        code="" if member is None else member.code,
        token=token,
        until=until,
    )

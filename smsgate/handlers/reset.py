"""A new PIN of somebody who lost theirs: who is told, who must agree, who stops it.

What comes in: that a member with a one-time code chose a new PIN, which holds a day
later. What goes out: the registered phone is told how to stop it. A member with a
guardian waits for one of them as well: the first `SI tk PIN` lets it be, the first NO
voids it, and after seven days of silence it is void. ROBO voids it in any case.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands.command import Said
from commands.reply import (
    ApprovalNeedsPin,
    ApprovalOver,
    Frozen,
    GuardianAsked,
    NothingOpen,
    PinDelayed,
    PinHeld,
    PinReset,
    PinResetStopped,
    ResetAgreed,
    ResetConfirmed,
    ResetDenied,
    ResetVoided,
)
from smsgate import members
from smsgate.clock import DAY_MS, from_ms
from smsgate.handlers.case import Result, Told, say
from smsgate.members import guardians, matters, pins
from smsgate.members.matters import Queue, Topic
from smsgate.messages import questions

if TYPE_CHECKING:
    from commands.command import Answer
    from commands.reply import Reply
    from smsgate.handlers.case import Case
    from smsgate.members import Member
    from smsgate.messages.questions import Question
    from smsgate.store import Tx

#: How long a guardian may think; then the new PIN is void.
GUARDIAN_MS = 7 * DAY_MS


def told_of(case: Case, at_ms: int) -> Result:
    """Answer the text, tell the registered phone, and ask the guardians."""
    member, tx = case.sender, case.tx
    asked = _ask_guardians(tx, member, at_ms)
    at = from_ms(at_ms)
    answer: Reply = PinDelayed(at=at)
    if asked:
        pins.hold_reset(tx, member.account)
        first = guardians.of(tx, member.account)[0]
        answer = PinHeld(name=first.name, at=at)
    question = questions.ask(
        tx,
        account=member.account,
        kind="pin_reset",
        money=False,
        own=False,
        link=case.link,
        sent_ms=case.sent_ms,
        lives_ms=GUARDIAN_MS if asked else DAY_MS,
        detail={},
    )
    # Where no token is free, ROBO, which the notice names too, stops it all the same.
    token = None if question is None else question.token
    return Result(told=(Told(reply=answer), Told(reply=PinReset(token=token)), *asked))


def object_to(case: Case, command: Answer, question: Question) -> Result:
    """Void a new PIN that somebody else asked for; only NO means anything here."""
    if command.said is not Said.no:
        return say(NothingOpen())
    void(case.tx, case.sender, "member")
    questions.close(case.tx, question.id, "done")
    return Result(told=(Told(reply=PinResetStopped()),), question=question.id)


def answer_guardian(case: Case, command: Answer, question: Question) -> Result:
    """Agree to a new PIN with one's own, or void it."""
    tx, detail = case.tx, question.detail
    member = members.by_account(tx, int(str(detail["account"])))
    asked_ms = int(str(detail["at_ms"]))
    row = None if member is None else pins.look(tx, member.account)
    if member is None or row is None or row.next_ms != asked_ms or not row.next_held:
        return _closed(case, question, Told(reply=ApprovalOver()))
    guardian, actor = case.sender, f"guardian:{case.sender.code}"
    if command.said is Said.no:
        void(tx, member, actor)
        denied = Told(reply=ResetDenied(name=guardian.name), to=member)
        return _closed(
            case, question, Told(reply=ResetVoided(name=member.name)), denied
        )
    if command.pin is None:
        return say(ApprovalNeedsPin(token=question.token))
    if case.sender.state != "active":
        # A phone that somebody said ROBO of agrees to nothing.
        return say(Frozen(money=False))
    bad_pin = case.refused(command.pin, money=False)
    if bad_pin is not None:
        return Result(told=(Told(reply=bad_pin),), question=question.id)
    holds_ms = pins.confirm_reset(tx, member.account, asked_ms, actor)
    if holds_ms is None:
        return _closed(case, question, Told(reply=ApprovalOver()))
    at = from_ms(holds_ms)
    confirmed = Told(reply=ResetConfirmed(name=guardian.name, at=at), to=member)
    agreed = Told(reply=ResetAgreed(name=member.name, at=at))
    return _closed(case, question, agreed, confirmed, state="done")


def void(tx: Tx, member: Member, actor: str) -> None:
    """Void a new PIN that waits, and put the matter before staff."""
    if pins.cancel_reset(tx, member.account, actor):
        matters.put(
            tx,
            Queue.callback,
            phone=member.phone,
            account=member.account,
            topic=Topic.alarm,
            words=f"PIN nuevo anulado: {actor}",
        )


def _ask_guardians(tx: Tx, member: Member, at_ms: int) -> tuple[Told, ...]:
    told: list[Told] = []
    for guardian in guardians.of(tx, member.account):
        question = questions.ask(
            tx,
            account=guardian.account,
            kind="guardian",
            money=False,
            own=False,
            link="",
            sent_ms=tx.now_ms,
            lives_ms=GUARDIAN_MS,
            detail={"account": member.account, "at_ms": at_ms},
        )
        if question is not None:
            asked = GuardianAsked(
                name=member.name, code=member.code, token=question.token
            )
            told.append(Told(reply=asked, to=guardian))
    return tuple(told)


def _closed(
    case: Case, question: Question, *told: Told, state: str = "refused"
) -> Result:
    questions.close(case.tx, question.id, state)
    return Result(told=told, question=question.id)

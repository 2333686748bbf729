"""ROBO for somebody else: what it does, and who lifts it.

What comes in: a code, and the phone that said ROBO, a member's or a stranger's. What
goes out: from a guardian's phone a freeze at once; from any other the account pays
nothing and is still paid, its own phone is told, and so are its guardians. `SI tk PIN`
from the own phone lifts it four hours later, from a guardian's at once; a second phone
makes it a freeze. Whoever said it learns nothing about the account.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands.command import Said
from commands.reply import (
    ApprovalNeedsPin,
    ApprovalOver,
    BlockedBy,
    BlockedFor,
    Frozen,
    GuardianLift,
    Lifted,
    LiftedFor,
    LiftLater,
    StopHeard,
    Stopped,
    StoppedTwice,
)
from smsgate import members
from smsgate.clock import DAY_MS, from_ms
from smsgate.handlers import cooling, expiry, reset
from smsgate.handlers.case import Result, Told, say
from smsgate.members import guardians, matters, stops
from smsgate.members.matters import Queue, Topic
from smsgate.messages import questions
from smsgate.messages.questions import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from commands.command import Answer
    from smsgate.handlers.case import Case
    from smsgate.members import Member
    from smsgate.messages.questions import Question
    from smsgate.store import Tx

#: How long member and guardians may answer.
_LIVES_MS = 7 * DAY_MS
#: States in which there is still something to stop.
_UNFROZEN = ("active", "stopped")


def said_for(tx: Tx, phone: str, code: str, sender: Member | None = None) -> Result:
    """Do what ROBO with somebody else's code does."""
    member = members.by_code(tx, code)
    if member is None or member.state not in _UNFROZEN:
        return say(StopHeard())
    if sender is not None and guardians.guards(tx, sender.account, member.account):
        return _by_guardian(tx, sender, member)
    if not stops.may_stop(tx, member.account, phone, tx.now_ms):
        return say(StopHeard())
    told = _stop(tx, member, phone, "ROBO desde otro telefono")
    return Result(told=(Told(reply=StopHeard()), *told))


def said_loosely(tx: Tx, member: Member) -> Result:
    """Do what ROBO does from the member's number, where a number can be forged.

    A new PIN that waits is void all the same: its notice promises so.
    """
    reset.void(tx, member, "member")
    if member.state not in _UNFROZEN or not stops.may_stop(
        tx, member.account, member.phone, tx.now_ms
    ):
        return say(StopHeard())
    words = "ROBO desde su numero, por una via que se puede falsificar"
    return Result(told=tuple(_stop(tx, member, member.phone, words, own=True)))


def _stop(
    tx: Tx, member: Member, phone: str, words: str, *, own: bool = False
) -> list[Told]:
    """Stop an account, freeze it from the second phone on; tell its own people."""
    second = stops.put(tx, member.account, phone)
    _alarm(tx, member, words)
    for question in questions.open_of_kind(tx, member.account, Kind.stop):
        questions.close(tx, question.id, "void")
    if second:
        told = Told(reply=StoppedTwice(), to=member)
    else:
        token = _ask(tx, member, "stop", member.account)
        told = Told(reply=Stopped(token=token, own=own), to=member)
    return [told, *_ask_guardians(tx, member)]


def freeze_own(tx: Tx, member: Member) -> tuple[Told, ...]:
    """Freeze the account of whoever said ROBO from their own phone."""
    if member.state in _UNFROZEN:
        stops.freeze(tx, member.account, "member", "ROBO")
    return void_questions(tx, member, "member")


def void_questions(tx: Tx, member: Member, actor: str) -> tuple[Told, ...]:
    """Void every question to a member and a new PIN that waits; free what is held.

    Return what those are told who waited for an answer.
    """
    reset.void(tx, member, actor)
    told: list[Told] = []
    for question in questions.open_of(tx, member.account, tx.now_ms):
        cooling.free(tx, question)
        questions.close(tx, question.id, "void")
        told += expiry.unanswered(tx, question)
    return tuple(told)


def answer_own(case: Case, command: Answer, question: Question) -> Result:
    """Lift a stop four hours after the member's own PIN."""
    if case.sender.state != "stopped":
        return _closed(case, question, (Told(reply=ApprovalOver()),), "refused")
    if command.said is Said.no:
        # "No" to what? Nothing changes, and it is told again how it could.
        return say(Stopped(token=question.token))
    if command.pin is None:
        return say(ApprovalNeedsPin(token=question.token))
    bad_pin = case.refused(command.pin, money=False)
    if bad_pin is not None:
        return Result(told=(Told(reply=bad_pin),), question=question.id)
    at_ms = stops.lift_later(case.tx, case.sender.account)
    if at_ms is None:
        return _closed(case, question, (Told(reply=ApprovalOver()),), "refused")
    later = Told(reply=LiftLater(at=from_ms(at_ms)))
    return _closed(case, question, (later,), "done")


def answer_guardian(case: Case, command: Answer, question: Question) -> Result:
    """Lift a stop, or a freeze by two strangers, at once."""
    member = members.by_account(case.tx, int(str(question.detail["account"])))
    if (
        member is None
        or stops.open_stop(case.tx, member.account) is None
        or command.said is Said.no
    ):
        return _closed(case, question, (Told(reply=ApprovalOver()),), "refused")
    if command.pin is None:
        return say(ApprovalNeedsPin(token=question.token))
    if case.sender.state != "active":
        # A phone that somebody said ROBO of lifts nothing.
        return say(Frozen(money=False))
    bad_pin = case.refused(command.pin, money=False)
    if bad_pin is not None:
        return Result(told=(Told(reply=bad_pin),), question=question.id)
    stops.lift(case.tx, member.account, f"guardian:{case.sender.code}")
    told = (
        Told(reply=LiftedFor(name=member.name)),
        Told(reply=Lifted(), to=member),
    )
    return _closed(case, question, told, "done")


def lifted(tx: Tx, accounts: Iterable[int]) -> tuple[Told, ...]:
    """Tell members that their payments go on."""
    found = (members.by_account(tx, account) for account in accounts)
    return tuple(Told(reply=Lifted(), to=one) for one in found if one is not None)


def _by_guardian(tx: Tx, guardian: Member, member: Member) -> Result:
    actor = f"guardian:{guardian.code}"
    stops.freeze(tx, member.account, actor, "ROBO")
    waited = void_questions(tx, member, actor)
    _alarm(tx, member, f"ROBO de su guardian {guardian.code}")
    return Result(
        told=(
            Told(reply=BlockedFor(name=member.name, code=member.code)),
            Told(reply=BlockedBy(name=guardian.name), to=member),
            *waited,
        )
    )


def _ask_guardians(tx: Tx, member: Member) -> list[Told]:
    told = []
    for guardian in guardians.of(tx, member.account):
        token = _ask(tx, guardian, "lift", member.account)
        if token is not None:
            asked = GuardianLift(name=member.name, code=member.code, token=token)
            told.append(Told(reply=asked, to=guardian))
    return told


def _ask(tx: Tx, to: Member, kind: str, account: int) -> int | None:
    question = questions.ask(
        tx,
        account=to.account,
        kind=kind,
        money=False,
        own=False,
        link="",
        sent_ms=tx.now_ms,
        lives_ms=_LIVES_MS,
        detail={"account": account},
    )
    return None if question is None else question.token


def _alarm(tx: Tx, member: Member, words: str) -> None:
    matters.put(
        tx,
        Queue.callback,
        phone=member.phone,
        account=member.account,
        topic=Topic.alarm,
        words=words,
    )


def _closed(
    case: Case, question: Question, told: tuple[Told, ...], state: str
) -> Result:
    questions.close(case.tx, question.id, state)
    return Result(told=told, question=question.id)

"""SI, NO and the bare PIN: to which question, and what comes of it.

What comes in: an `Answer`, with a token or without. What goes out: the payment, the
refusal, or a sentence that says which answer is missing. A bare PIN answers only the
one question that the member's own text opened, over the same link and not before it;
where senders are easily forged the token must stand with it, for only the member's
phone was told it. NO alone closes every question about money; SI alone never pays, and
answers the one question without money that yes can answer.
Whichever of SI and NO commits first decides, and the other is told the outcome.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from commands.command import Said
from commands.reply import (
    AlreadyDone,
    LateAnswer,
    NothingOpen,
    NotPaid,
    PinNeeded,
    QuestionOver,
    StrayPin,
    WhichQuestion,
)
from commands.reply.bare import WhichYes
from smsgate import ledger, members
from smsgate.clock import MINUTE_MS, from_ms
from smsgate.handlers import (
    approval,
    card_step,
    cooling,
    invite,
    payment,
    reset,
    stop,
    survey,
)
from smsgate.handlers.case import Result, Timing, Told, say
from smsgate.handlers.charge import charge_denied, withdraw
from smsgate.handlers.payment import party, shown
from smsgate.handlers.refund import refund_denied, settle_refund
from smsgate.handlers.show_receipt import copy
from smsgate.handlers.shut import shut
from smsgate.messages import questions
from smsgate.messages.questions import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from commands.command import Answer
    from commands.reply import Reply
    from commands.secret import Secret
    from smsgate.handlers.case import Case
    from smsgate.handlers.payment import Payment
    from smsgate.ledger import Transfer
    from smsgate.messages.questions import Question

#: How far two clocks of the network may disagree about what was sent first.
_CLOCKS_MS = MINUTE_MS
#: How many tokens fit into one reply.
_TOKENS_TOLD = 3


def answer(case: Case, command: Answer) -> Result:
    """Answer one question, or say which answer is missing."""
    if case.earlier is not None:
        return say(already_done(case, case.earlier))
    if command.token is not None:
        return _with_token(case, command, command.token)
    every = questions.open_of(case.tx, case.sender.account, case.tx.now_ms)
    bare_yes = command.said is Said.yes and command.pin is None and command.card is None
    yes_to = [one for one in every if one.kind in _YES] if bare_yes else []
    if len(yes_to) > 1:
        return say(WhichYes(tokens=_tokens(yes_to)))
    if yes_to:
        return ANSWERS[yes_to[0].kind](case, command, yes_to[0])
    return _about_money(case, command, [one for one in every if one.money])


def _about_money(case: Case, command: Answer, asked: Sequence[Question]) -> Result:
    # What is paid by itself waits for no PIN: only NO answers it.
    waiting = [question for question in asked if question.kind is Kind.cooling]
    if command.said is not Said.no:
        asked = [question for question in asked if question not in waiting]
        if waiting and not asked:
            return cooling.remind(case, waiting[-1])
    if command.pin is not None or command.card is not None:
        return _bare_pin(case, asked, command)
    if not asked:
        return say(_lately(case) or NothingOpen())
    return _refuse_all(case, asked) if command.said is Said.no else _which(case, asked)


def _sent(case: Case, command: Answer, question: Question) -> Result:
    """Call a request of one's own off."""
    stops = command.said is Said.no
    return withdraw(case, question) if stops else say(NothingOpen())


def _with_token(case: Case, command: Answer, token: int) -> Result:
    question = questions.by_token(case.tx, case.sender.account, token)
    if question is None:
        return say(NothingOpen())
    if question.state != "open" or question.expires_ms <= case.tx.now_ms:
        return say(closed(case, question))
    other = ANSWERS.get(question.kind)
    if other is not None:
        return other(case, command, question)
    if question.kind is Kind.cooling and command.said is not Said.no:
        return cooling.remind(case, question)
    if command.said is Said.no:
        return _refuse_all(case, [question])
    return _with_secret(case, question, command)


def _with_secret(case: Case, question: Question, command: Answer) -> Result:
    secret = card_step.secret_for(question, command)
    if secret is None:
        return say(_needed(case, question))
    return _settle(case, question, secret)


def _needed(case: Case, question: Question) -> Reply:
    if question.kind is Kind.card:
        return card_step.needed(question)
    return PinNeeded(token=question.token, digits=case.policy.pin_length)


def _bare_pin(case: Case, asked: Sequence[Question], command: Answer) -> Result:
    own = [question for question in asked if question.own]
    if (
        case.trusted
        and len(own) == 1
        and own[0].link == case.link
        and own[0].sent_ms <= case.sent_ms
    ):
        return _with_secret(case, own[0], command)
    if asked:
        return _which(case, asked)
    return say(_lately(case) or StrayPin())


def _which(case: Case, asked: Sequence[Question]) -> Result:
    if len(asked) == 1:
        return say(_needed(case, asked[0]))
    return say(WhichQuestion(tokens=_tokens(asked)))


def _lately(case: Case) -> Reply | None:
    """Tell what became of the question that an answer without a token just missed."""
    now_ms = case.tx.now_ms
    since_ms = now_ms - case.policy.repeat_ms
    over = questions.newest_over(case.tx, case.sender.account, since_ms, now_ms)
    return None if over is None else closed(case, over)


def _tokens(asked: Sequence[Question]) -> tuple[int, ...]:
    """Name the newest questions; they come oldest first."""
    return tuple(question.token for question in reversed(asked[-_TOKENS_TOLD:]))


def _settle(case: Case, question: Question, pin: Secret) -> Result:
    """Carry out a question about money that was answered with a PIN."""
    wanted = payment.wanted(case.tx, question)
    cannot = _cannot(case, question, wanted)
    if cannot is not None:
        return say(cannot)
    if question.kind is Kind.reversal:
        return settle_refund(case, question, wanted, pin)
    repeat = None
    refused = payment.refusal(case, wanted)
    if refused is None:
        bad_pin = _unproven(case, question, pin)
        if bad_pin is not None:
            return say(bad_pin)
        again = question.kind is Kind.repeat or bool(question.detail.get("again"))
        if not again:
            repeat = payment.ask_repeat(case, wanted)
        if repeat is None and question.kind is not Kind.card:
            repeat = payment.ask_card(case, wanted, again=again)
        result = repeat or payment.transfer(case, wanted, question=question.id)
    elif not case.trusted:
        # No PIN was looked at: a forged number closes nobody's question.
        return say(refused)
    else:
        result = say(refused)
    if result.transfer is None and repeat is None and wanted.charge is not None:
        if question.kind is not Kind.card or refused is not None:
            # Somebody waits for it: it can be paid once the reason is gone.
            return result
        # The code of the card is used up, and nothing else is left to answer with.
        denied = charge_denied(case.tx, wanted, case.sender)
        result = replace(result, told=(*result.told, *denied))
    state = "refused" if result.transfer is None else "done"
    questions.close(case.tx, question.id, state, transfer=result.transfer)
    return result


def _cannot(case: Case, question: Question, wanted: Payment) -> Reply | None:
    """Say why an answer moves nothing, whatever it answers, or None."""
    if case.sender.state != "active":
        return shut(case, money=True)
    if case.timing is Timing.late or case.sent_ms < question.opened_ms - _CLOCKS_MS:
        return _too_late(question, wanted)
    return None


def _too_late(question: Question, wanted: Payment) -> Reply:
    if question.kind is Kind.card:
        return card_step.needed(question)
    return LateAnswer(
        amount=wanted.amount, payee=party(wanted.payee), token=question.token
    )


def _unproven(case: Case, question: Question, secret: Secret) -> Reply | None:
    if question.kind is Kind.card:
        return card_step.refused(case, question, secret)
    return case.refused(secret, money=True)


def _refuse_all(case: Case, asked: Sequence[Question]) -> Result:
    """Close what is asked, free what is held, and tell those who wait for it."""
    late = [question for question in asked if cooling.too_late(case, question)]
    asked = [question for question in asked if question not in late]
    if not asked:
        return cooling.finish(case, late[0])
    others: list[Told] = []
    for question in asked:
        cooling.free(case.tx, question)
        questions.close(case.tx, question.id, "refused")
        others += _denied(case, question)
    newest = asked[-1]
    wanted = payment.wanted(case.tx, newest)
    reply = NotPaid(
        amount=wanted.amount,
        payee=party(wanted.payee),
        more=len(asked) - 1,
        back=newest.kind is Kind.reversal,
    )
    return Result(told=(Told(reply=reply), *others), question=newest.id)


def _denied(case: Case, question: Question) -> tuple[Told, ...]:
    wanted = payment.wanted(case.tx, question)
    if question.kind is Kind.reversal:
        return refund_denied(case.tx, question, wanted)
    return charge_denied(case.tx, wanted, case.sender)


def closed(case: Case, question: Question) -> Reply:
    """Say what became of a question that is not open any more."""
    if question.transfer is None:
        return QuestionOver(other=not question.money)
    made = ledger.by_id(case.tx, question.transfer)
    if made is None:
        raise AssertionError("a question names a transfer that does not exist")
    if question.kind is Kind.charge_sent:
        return copy(case, made)
    return already_done(case, made)


def already_done(case: Case, made: Transfer) -> AlreadyDone:
    """Tell a payer what was paid before, and that it was not paid again."""
    payee = members.by_account(case.tx, made.credit)
    if payee is None:
        raise AssertionError("a payment names a payee who is no member")
    # A refund goes by the reference of its payment: that one VER knows.
    named = ledger.reversed_by(case.tx, made.id) or made
    return AlreadyDone(
        amount=made.amount,
        payee=party(payee),
        ref=named.ref,
        at=from_ms(made.at_ms),
        balance=shown(
            case.sender, ledger.account(case.tx, case.sender.account).balance
        ),
    )


#: What answers the questions that move no money of the sender's, by kind.
ANSWERS: dict[str, Callable[[Case, Answer, Question], Result]] = {
    "charge_sent": _sent,
    "approve": approval.answer,
    "invite": invite.answer,
    "pin_reset": reset.object_to,
    "guardian": reset.answer_guardian,
    "stop": stop.answer_own,
    "lift": stop.answer_guardian,
    "survey": survey.answer_by_token,
}
#: Of these SI alone answers the only one; all but an invitation ask for the PIN then.
_YES = frozenset({Kind.invite, Kind.approve, Kind.guardian, Kind.stop, Kind.lift})

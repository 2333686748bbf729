"""SI, NO and the bare PIN: to which question, and what comes of it.

What comes in: an `Answer`, with a token or without. What goes out: the payment, the
refusal, or a sentence that says which answer is missing. A bare PIN answers only the
one question that the member's own text opened, over the same link and not before it;
where senders are easily forged the token must stand with it, for only the member's
phone was told it. NO alone closes every question about money; SI alone never pays.
Whichever of SI and NO commits first decides, and the other is told the outcome.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands.command import Said
from commands.reply import (
    AlreadyDone,
    Frozen,
    LateAnswer,
    NothingOpen,
    NotPaid,
    PinNeeded,
    PinResetStopped,
    QuestionOver,
    StrayPin,
    WhichQuestion,
)
from smsgate import ledger, members
from smsgate.clock import MINUTE_MS, from_ms
from smsgate.handlers import payment
from smsgate.handlers.case import Result, Timing, Told, say
from smsgate.handlers.payment import Payment, party
from smsgate.members import pins
from smsgate.messages import questions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commands.command import Answer
    from commands.secret import Secret
    from smsgate.handlers.case import Case
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
    asked = [
        question
        for question in questions.open_of(case.tx, case.sender.account, case.tx.now_ms)
        if question.money
    ]
    if command.pin is not None:
        return _bare_pin(case, asked, command.pin)
    if not asked:
        return say(_lately(case) or NothingOpen())
    return _refuse_all(case, asked) if command.said is Said.no else _which(asked)


def _with_token(case: Case, command: Answer, token: int) -> Result:
    question = questions.by_token(case.tx, case.sender.account, token)
    if question is None:
        return say(NothingOpen())
    if question.state != "open" or question.expires_ms <= case.tx.now_ms:
        return say(_closed(case, question))
    if question.kind == "pin_reset":
        return _reset(case, command, question)
    if command.said is Said.no:
        return _refuse_all(case, [question])
    if command.pin is None:
        return say(PinNeeded(token=token))
    return _settle(case, question, command.pin)


def _bare_pin(case: Case, asked: Sequence[Question], pin: Secret) -> Result:
    own = [
        question
        for question in asked
        if question.own
        and question.link == case.link
        and question.sent_ms <= case.sent_ms
    ]
    if case.trusted and len(own) == 1 and len(asked) == 1:
        return _settle(case, own[0], pin)
    if asked:
        return _which(asked)
    return say(_lately(case) or StrayPin())


def _which(asked: Sequence[Question]) -> Result:
    if len(asked) == 1:
        return say(PinNeeded(token=asked[0].token))
    return say(WhichQuestion(tokens=_tokens(asked)))


def _lately(case: Case) -> AlreadyDone | QuestionOver | None:
    """Tell what became of the question that an answer without a token just missed."""
    now_ms = case.tx.now_ms
    since_ms = now_ms - case.policy.repeat_ms
    over = questions.newest_over(case.tx, case.sender.account, since_ms, now_ms)
    return None if over is None else _closed(case, over)


def _tokens(asked: Sequence[Question]) -> tuple[int, ...]:
    """Name the newest questions; they come oldest first."""
    return tuple(question.token for question in reversed(asked[-_TOKENS_TOLD:]))


def _settle(case: Case, question: Question, pin: Secret) -> Result:
    """Carry out a question about money that was answered with a PIN."""
    wanted = _payment(case, question)
    if case.sender.state != "active":
        return say(Frozen(money=True))
    before = case.sent_ms < question.opened_ms - _CLOCKS_MS
    if case.timing is Timing.late or before:
        return say(
            LateAnswer(
                amount=wanted.amount,
                payee=party(wanted.payee),
                token=question.token,
            )
        )
    refused = payment.refusal(case, wanted)
    if refused is None:
        bad_pin = case.refused(pin, money=True)
        if bad_pin is not None:
            return say(bad_pin)
        repeat = None
        if question.kind != "repeat":
            repeat = payment.ask_repeat(case, wanted)
        result = repeat or payment.transfer(case, wanted, question=question.id)
    else:
        result = say(refused)
    state = "refused" if result.transfer is None else "done"
    questions.close(case.tx, question.id, state, transfer=result.transfer)
    return result


def _payment(case: Case, question: Question) -> Payment:
    detail = question.detail
    payee = members.by_account(case.tx, int(str(detail["payee"])))
    if payee is None:
        raise AssertionError("a question names a payee who is no member")
    return Payment(
        payee=payee, amount=int(str(detail["amount"])), memo=str(detail["memo"])
    )


def _refuse_all(case: Case, asked: Sequence[Question]) -> Result:
    for question in asked:
        questions.close(case.tx, question.id, "refused")
    newest = asked[-1]
    wanted = _payment(case, newest)
    return Result(
        told=(
            Told(
                reply=NotPaid(
                    amount=wanted.amount,
                    payee=party(wanted.payee),
                    more=len(asked) - 1,
                )
            ),
        ),
        question=newest.id,
    )


def _reset(case: Case, command: Answer, question: Question) -> Result:
    """Stop a new PIN that somebody else asked for; only NO means anything here."""
    if command.said is not Said.no:
        return say(NothingOpen())
    pins.cancel_reset(case.tx, case.sender.account, "member")
    questions.close(case.tx, question.id, "done")
    return Result(told=(Told(reply=PinResetStopped()),), question=question.id)


def _closed(case: Case, question: Question) -> AlreadyDone | QuestionOver:
    if question.transfer is None:
        return QuestionOver()
    made = ledger.by_id(case.tx, question.transfer)
    if made is None:
        raise AssertionError("a question names a transfer that does not exist")
    return already_done(case, made)


def already_done(case: Case, made: Transfer) -> AlreadyDone:
    """Tell a payer what was paid before, and that it was not paid again."""
    payee = members.by_account(case.tx, made.credit)
    if payee is None:
        raise AssertionError("a payment names a payee who is no member")
    return AlreadyDone(
        amount=made.amount,
        payee=party(payee),
        ref=made.ref,
        at=from_ms(made.at_ms),
        balance=ledger.account(case.tx, case.sender.account).balance,
    )

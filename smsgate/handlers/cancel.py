"""ANULAR: call off what is open, or ask for a payment back.

What comes in: a `Cancel` with a token, a reference, or neither. What goes out: a
request of the sender's own is called off and the other side told; a question about the
sender's money is answered as NO would; a payment is asked back from its receiver, with
the PIN. CANCELAR as the whole text means this too while such a question is open, and
otherwise opts out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands.command import Answer, Keyword, Said
from commands.reply import (
    NoRefund,
    NothingToCancel,
    RefundRefused,
    WhichCharge,
)
from smsgate.handlers.answer import answer, closed
from smsgate.handlers.case import say
from smsgate.handlers.charge import own_charges, withdraw
from smsgate.handlers.refund import ask_back, own_payment
from smsgate.handlers.shut import shut
from smsgate.messages import questions
from smsgate.messages.questions import Kind

if TYPE_CHECKING:
    from commands.command import Cancel
    from commands.secret import Secret
    from smsgate.handlers.case import Case, Result

#: How many tokens fit into one reply.
_TOKENS_TOLD = 3


def cancel(case: Case, command: Cancel) -> Result:
    """Call off, or ask back."""
    if command.ref is not None:
        return _payment(case, command.ref, command.pin)
    if command.token is not None:
        return _with_token(case, command.token)
    return _open(case)


def _with_token(case: Case, token: int) -> Result:
    question = questions.by_token(case.tx, case.sender.account, token)
    if question is None:
        return say(NothingToCancel())
    if question.state != "open" or question.expires_ms <= case.tx.now_ms:
        if question.transfer is None:
            return say(NothingToCancel())
        return say(closed(case, question))
    if question.kind is Kind.charge_sent:
        return withdraw(case, question)
    return answer(case, Answer(said=Said.no, token=token))


def _open(case: Case) -> Result:
    """Call off what is open, where that is clear."""
    if _money_open(case):
        return answer(case, Answer(said=Said.no))
    sent = own_charges(case)
    if len(sent) == 1:
        return withdraw(case, sent[0])
    if not sent:
        return say(NothingToCancel())
    newest = sent[: -_TOKENS_TOLD - 1 : -1]
    return say(WhichCharge(tokens=tuple(one.token for one in newest)))


def _money_open(case: Case) -> bool:
    asked = questions.open_of(case.tx, case.sender.account, case.tx.now_ms)
    return any(question.money for question in asked)


def _payment(case: Case, ref: str, pin: Secret | None) -> Result:
    if case.sender.state != "active":
        return say(shut(case, money=False))
    made = own_payment(case, ref)
    if made is None:
        return say(RefundRefused(why=NoRefund.unknown, money=False))
    if made.credit == case.sender.account:
        return say(RefundRefused(why=NoRefund.received, money=False))
    if pin is None:
        return say(case.asked(Keyword.anular))
    return ask_back(case, made, None, pin, money=False)

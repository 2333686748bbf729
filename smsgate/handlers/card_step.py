"""The card step: which payments a code of the member's card must confirm.

What comes in: a `Case` and an amount, or the code that answers a question. What goes
out: a position to ask for, or the refusal. Members who have a card are asked above the
two-step limit, over links whose senders are easily forged, and while they pay little (a
new phone, a reset PIN, a long silence); those who have none go on without. The question
is opened in `smsgate.handlers.payment` and answered in `smsgate.handlers.answer`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands.reply import CardBad, CardNeeded, PinLocked, QuestionOver
from smsgate.clock import from_ms
from smsgate.members import cards, pins
from smsgate.messages import questions
from smsgate.messages.questions import Kind

if TYPE_CHECKING:
    from commands.command import Answer
    from commands.reply import Reply
    from commands.secret import Secret
    from smsgate.handlers.case import Case
    from smsgate.members.cards import Card
    from smsgate.messages.questions import Question


def card_for(case: Case, amount: int) -> Card | None:
    """Return the card that must confirm a payment of this amount; None: none must."""
    card = cards.active_card(case.tx, case.sender.account)
    if card is None:
        return None
    needed = (
        amount > case.limits().two_step
        or not case.trusted
        or case.low_until_ms() is not None
    )
    return card if needed else None


def most(case: Case, amount: int) -> int:
    """Return the most that this member can pay at once, by card where they have one."""
    highest = case.limits().two_step
    if amount > highest and card_for(case, amount) is not None:
        return max(highest, case.limits().card_step)
    return highest


def most_if_asked(case: Case, account: int) -> int:
    """Return the most that another member can be asked to pay."""
    highest = case.policy.two_step
    card = cards.active_card(case.tx, account)
    return highest if card is None else max(highest, case.policy.card_step)


def position(case: Case, card: Card) -> int | None:
    """Draw the position to ask for, none that another open question waits for."""
    asked = questions.open_of(case.tx, card.account, case.tx.now_ms)
    waiting = {int(str(one.detail["position"])) for one in asked if _is_by_card(one)}
    return cards.free_position(case.tx, card, waiting)


def needed(question: Question) -> CardNeeded:
    """Say which code a question waits for."""
    return CardNeeded(
        token=question.token, position=int(str(question.detail["position"]))
    )


def _is_by_card(question: Question) -> bool:
    return question.kind is Kind.card


def secret_for(question: Question, command: Answer) -> Secret | None:
    """Return the digits of an answer that this question asks for."""
    return command.card if _is_by_card(question) else command.pin


def refused(case: Case, question: Question, code: Secret) -> Reply | None:
    """Count the check of a code; return the refusal, or None when it is right.

    A right one is used up whatever becomes of the payment: it was sent in a text.
    """
    asked, number = question.detail, int(str(question.detail["position"]))
    card = cards.active_card(case.tx, case.sender.account)
    if card is None or card.id != asked["card"]:
        return QuestionOver()
    checked = pins.judged(
        case.tx,
        case.sender.account,
        right=case.is_code(card.id, number, code),
        loose=not case.trusted,
        policy=case.policy.pins,
    )
    settled = pins.settle(case.tx, checked)
    if settled.verdict is pins.Verdict.right:
        cards.use_position(case.tx, card.id, number)
        return None
    if settled.verdict is pins.Verdict.wrong and settled.tries_left > 0:
        return CardBad(tries_left=settled.tries_left, position=number)
    until = settled.locked_until_ms
    return PinLocked(until=None if until is None else from_ms(until), money=True)

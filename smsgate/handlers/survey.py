"""A digit that answers a survey's question, and nothing else ever does.

What comes in: a `Case` whose text is one digit alone. What goes out: thanks, with the
digit kept on the question, or which digits there are; None where no survey waits for
this text. Of a MENU screen and a survey the one that was opened later is meant; an open
question about money suspends both, so that no digit of a PIN is ever kept. Surveys are
asked with `smsgate.messages.questions`; how many answers there are stands in `count`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands.command import Said
from commands.reply.bare import SurveyLeft, SurveyNoted, SurveyRange
from smsgate.clock import MINUTE_MS
from smsgate.handlers.case import Result, Told, say
from smsgate.messages import questions, screens
from smsgate.messages.questions import Kind

if TYPE_CHECKING:
    from commands.command import Answer
    from smsgate.handlers.case import Case
    from smsgate.messages.questions import Question

#: How far the network's clock may be behind ours: who answers has read the question.
_CLOCKS_MS = MINUTE_MS


def answer_survey(case: Case) -> Result | None:
    """Keep the digit of a survey; None where the text is none."""
    digit = "" if case.bare is None else case.bare.choice
    if len(digit) != 1:
        return None
    question = _meant(case)
    if question is None:
        return None
    count = _count(question)
    if not 1 <= int(digit) <= count:
        return say(SurveyRange(count=count))
    questions.close(case.tx, question.id, "done", choice=int(digit))
    noted = Told(reply=SurveyNoted(choice=int(digit)))
    return Result(told=(noted,), question=question.id)


def answer_by_token(case: Case, command: Answer, question: Question) -> Result:
    """Leave a survey with NO; whatever else stands with its token is no answer."""
    if command.said is not Said.no:
        return say(SurveyRange(count=_count(question)))
    questions.close(case.tx, question.id, "refused")
    return Result(told=(Told(reply=SurveyLeft()),), question=question.id)


def leave(case: Case) -> None:
    """End every survey of a member who wants no promotions."""
    for question in questions.open_of_kind(case.tx, case.sender.account, Kind.survey):
        questions.close(case.tx, question.id, "refused")


def _meant(case: Case) -> Question | None:
    """Return the survey that a digit belongs to, or None."""
    tx, every = case.tx, questions.open_of(case.tx, case.sender.account, case.tx.now_ms)
    if any(one.money for one in every):
        return None
    asked = [
        one
        for one in every
        if one.kind is Kind.survey and one.opened_ms <= case.sent_ms + _CLOCKS_MS
    ]
    if not asked:
        return None
    screen = screens.seen(
        tx, phone=case.phone, link=case.link, sent_ms=case.sent_ms, now_ms=tx.now_ms
    )
    later = screen is not None and screen.opened_ms > asked[-1].opened_ms
    return None if later else asked[-1]


def _count(question: Question) -> int:
    return int(str(question.detail["count"]))

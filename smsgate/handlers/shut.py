"""What members read who want something while nothing can be paid from their account.

What comes in: a `Case` whose sender's account is not active. What goes out: the
refusal. Where another phone said ROBO and the member has not denied it yet, it repeats
how: the text that told it may be long gone. What the answer does is in
`smsgate.handlers.stop`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands.reply import Frozen
from smsgate.messages import questions
from smsgate.messages.questions import Kind

if TYPE_CHECKING:
    from smsgate.handlers.case import Case


def shut(case: Case, *, money: bool) -> Frozen:
    """Say that the account is shut, and what opens it; `money`: of a payment."""
    if case.sender.state != "stopped":
        return Frozen(money=money)
    asked = [
        question.token
        for question in questions.open_of_kind(case.tx, case.sender.account, Kind.stop)
        if question.expires_ms > case.tx.now_ms
    ]
    return Frozen(money=money, token=asked[-1] if asked else None)

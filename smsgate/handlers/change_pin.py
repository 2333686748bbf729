"""PIN: the first one by a one-time code, a new one by the old.

What comes in: a `ChangePin`, its hashes already made. What goes out: that the new PIN
holds, from when it holds, or why it was refused; a weak or unequal new PIN costs no
try. A reset holds a day later, and the registered phone is told how to stop it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from commands.reply import (
    CodeBad,
    Frozen,
    NoPinYet,
    PinBad,
    PinChanged,
    PinDelayed,
    PinLocked,
    PinReset,
    PinUnequal,
    PinWeak,
)
from smsgate.clock import DAY_MS, from_ms
from smsgate.handlers.case import Result, Told, say
from smsgate.members import pins
from smsgate.messages import questions

if TYPE_CHECKING:
    from commands.command import ChangePin
    from commands.reply import Reply
    from smsgate.handlers.case import Case


def change_pin(case: Case, command: ChangePin) -> Result:
    """Change the PIN, or say why not."""
    if case.sender.state != "active":
        return say(Frozen(money=False))
    outcome = pins.apply_change(case.tx, case.prepared(command))
    match outcome:
        case pins.Changed():
            return say(PinChanged())
        case pins.Delayed(at_ms=at_ms):
            return _delayed(case, at_ms)
        case pins.Weak(why=why):
            return say(PinWeak(why=why, digits=case.policy.pin_length))
        case pins.Unequal():
            return say(PinUnequal())
        case pins.OldWrong(settled=settled):
            return say(_wrong(settled))
        case pins.CodeWrong(tries_left=left):
            return say(CodeBad(tries_left=left))
        case pins.Locked(until_ms=until):
            at = None if until is None else from_ms(until)
            return say(PinLocked(until=at, money=False))
        case pins.NoPin():
            return say(NoPinYet(money=False))
        case _:
            assert_never(outcome)


def _wrong(settled: pins.Settled) -> Reply:
    if settled.tries_left > 0:
        return PinBad(tries_left=settled.tries_left, money=False)
    until = settled.locked_until_ms
    return PinLocked(until=None if until is None else from_ms(until), money=False)


def _delayed(case: Case, at_ms: int) -> Result:
    """Answer the text, and tell the registered phone how to stop it."""
    told = (Told(reply=PinDelayed(at=from_ms(at_ms))),)
    question = questions.ask(
        case.tx,
        account=case.sender.account,
        kind="pin_reset",
        money=False,
        own=False,
        link=case.link,
        sent_ms=case.sent_ms,
        lives_ms=DAY_MS,
        detail={},
    )
    # Where no token is free, ROBO, which the notice names too, stops it all the same.
    token = None if question is None else question.token
    return Result(told=(*told, Told(reply=PinReset(token=token))))

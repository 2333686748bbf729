"""PIN: the first one by a one-time code, a new one by the old.

What comes in: a `ChangePin`, its hashes already made. What goes out: that the new PIN
holds, from when it holds, or why it was refused; a weak or unequal new PIN costs no
try. A reset holds a day later: see `smsgate.handlers.reset`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from commands.reply import (
    CodeBad,
    Frozen,
    NoPinYet,
    PinBad,
    PinChanged,
    PinLocked,
    PinUnequal,
    PinWeak,
)
from smsgate.clock import from_ms
from smsgate.handlers import reset
from smsgate.handlers.case import say
from smsgate.members import pins

if TYPE_CHECKING:
    from commands.command import ChangePin
    from commands.reply import Reply
    from smsgate.handlers.case import Case, Result


def change_pin(case: Case, command: ChangePin) -> Result:
    """Change the PIN, or say why not."""
    if case.sender.state != "active":
        return say(Frozen(money=False))
    outcome = pins.apply_change(case.tx, case.prepared(command))
    match outcome:
        case pins.Changed():
            return say(PinChanged())
        case pins.Delayed(at_ms=at_ms):
            return reset.told_of(case, at_ms)
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

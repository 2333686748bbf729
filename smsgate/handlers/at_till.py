"""What a till's phone can say: what it sold, VER, VALE, ROBO, and that it leaves.

What comes in: a `Case` whose sender is the owner as far as the till may be (with the
till's phone), the `Till`, and what the text was read as. What goes out: a `Result`.
Whatever else is said is refused without looking at it: a PIN in it is not checked and
costs the owner no try.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from commands.command import (
    Answer,
    Block,
    Keyword,
    Misread,
    Said,
    ShowTotals,
    UseVoucher,
    Verify,
)
from commands.reply import TillCannot, TillClosed, TillDropped
from commands.words import MONEY
from smsgate import members
from smsgate.campaigns import replies
from smsgate.clock import HOUR_MS
from smsgate.handlers import stop
from smsgate.handlers.case import Result, Told, say
from smsgate.handlers.payment import party
from smsgate.handlers.show_totals import show_till_totals
from smsgate.handlers.use_voucher import use_voucher
from smsgate.handlers.verify import verify
from smsgate.members import consent

if TYPE_CHECKING:
    from commands.command import Command
    from smsgate.handlers.case import Case
    from smsgate.members import Till

#: For how long NO means that the phone's holder does not want to be a till; later only
#: BAJA does, so that a stray NO closes no till.
_MAY_REFUSE_MS = 72 * HOUR_MS


def handle_at_till(case: Case, till: Till, said: Command | Misread) -> Result:
    """Do what a till may do, or refuse."""
    match said:
        case ShowTotals():
            return show_till_totals(case, till, said)
        case Verify():
            return verify(case, said)
        case UseVoucher():
            return use_voucher(case, said, till)
        case Block(code=code) if code is not None:
            return _stop(case, code.digits)
        case _ if _leaves(case, till, said):
            return _leave(case, till)
        case _:
            money = _is_about_money(said)
            return say(TillCannot(owner=party(case.sender), money=money))


def _stop(case: Case, code: str) -> Result:
    """Say ROBO as any phone may: whoever sells beside the owner sees a theft first.

    What the owner is told goes to the owner's phone, not to the one that said it.
    """
    result = stop.said_for(case.tx, case.phone, code)
    told = (
        one if one.to is None else replace(one, phone=one.to.phone)
        for one in result.told
    )
    return replace(result, told=tuple(told))


def _leaves(case: Case, till: Till, said: Command | Misread) -> bool:
    if isinstance(said, Answer) and said.said is Said.no:
        return case.tx.now_ms - till.opened_ms < _MAY_REFUSE_MS
    return said.keyword is Keyword.baja


def _leave(case: Case, till: Till) -> Result:
    members.drop_till(case.tx, till, actor="till")
    # The same word ends promotions, and the phone may be on somebody's list.
    consent.stop_promos(case.tx, case.phone, "text")
    replies.note_left(case.tx, case.phone)
    owner = members.by_account(case.tx, till.account)
    if owner is None:
        raise AssertionError("a till belongs to nobody")
    left = TillDropped(till=till.name, left=True)
    return Result(
        told=(
            Told(reply=TillClosed(owner=party(owner))),
            Told(reply=left, to=owner, phone=owner.phone),
        )
    )


def _is_about_money(said: Command | Misread) -> bool:
    if isinstance(said, Misread):
        return said.money
    if isinstance(said, Answer):
        return said.said is not Said.no
    return said.keyword in MONEY

"""BAJA and PROMOS: what a member wants to be written to about.

What comes in: an `OptOut` or a `Promotions`. What goes out: that it holds, and how to
go back; receipts and security notices go on whatever is chosen. BAJA also ends every
survey that waits for a digit. CANCELAR and SALIR opt out only while no question is
open: CANCELAR then means the payments that wait.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands.command import Answer, Said
from commands.reply import OptedIn, OptedOut, OptOutHeld
from smsgate.campaigns import replies
from smsgate.handlers import survey
from smsgate.handlers.answer import answer
from smsgate.handlers.case import say
from smsgate.members import consent
from smsgate.messages import questions

if TYPE_CHECKING:
    from commands.command import OptOut, Promotions
    from smsgate.handlers.case import Case, Result


def opt_out(case: Case, command: OptOut) -> Result:
    """Send no promotions any more, and no notices either where that is meant."""
    account = case.sender.account
    if command.word:
        asked = questions.open_of(case.tx, account, case.tx.now_ms)
        if command.word == "CANCELAR" and any(one.money for one in asked):
            return answer(case, Answer(said=Said.no))
        if asked:
            return say(OptOutHeld(token=asked[-1].token))
    survey.leave(case)
    consent.set_promos(case.tx, account, wanted=False, actor="member")
    replies.note_left(case.tx, case.sender.phone)
    if command.notices:
        consent.set_notices(case.tx, account, wanted=False, actor="member")
    return _opted_out(case)


def promotions(case: Case, command: Promotions) -> Result:
    """Send promotions and notices again, or no promotions."""
    account = case.sender.account
    consent.set_promos(case.tx, account, wanted=command.wanted, actor="member")
    if command.wanted:
        # It may have been said before the number was a member's, or to a vendor.
        consent.start_promos(case.tx, case.sender.phone)
    if not command.wanted:
        replies.note_left(case.tx, case.sender.phone)
        return _opted_out(case)
    consent.set_notices(case.tx, account, wanted=True, actor="member")
    return say(OptedIn())


def _opted_out(case: Case) -> Result:
    """Tell what holds now: notices may have been stopped before."""
    agreed = consent.consent_of(case.tx, case.sender.account)
    return say(OptedOut(notices=not agreed.notices))

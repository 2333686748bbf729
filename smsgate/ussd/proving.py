"""The screens that ask for a PIN: the last one of a branch, and those that change it.

What comes in: a `Visit` whose screen asks for a PIN, and the digits that were typed,
already checked in a thread. What goes out: what the PIN was for, or the screen again
with how many tries are left. A PIN is changed, or a first one made with a one-time
code, over three screens, of which no two are one request: that the old one or the code
was right is kept as the version and the salt for which it was, the new one as the
verifier that it will have, which cannot be guessed without the key outside the
database. Nothing else of them outlives its request.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from commands.command import ChangePin, Pay
from commands.reply import (
    CodeBad,
    Frozen,
    MenuScreen,
    NoPinYet,
    Page,
    PinBad,
    PinChanged,
    PinRenewed,
    WeakPin,
)
from smsgate import handlers
from smsgate.handlers import Told, say
from smsgate.handlers.menu.tree import End, command_of
from smsgate.handlers.menu.walking import screen_of
from smsgate.handlers.pay_in_session import pay_in_session
from smsgate.members import pins
from smsgate.members.pins import NewVerifier, PreparedChange, Stale
from smsgate.ussd import ending
from smsgate.ussd.finishing import finish
from smsgate.ussd.moving import again, close, show

if TYPE_CHECKING:
    from collections.abc import Mapping

    from commands.command import Command
    from commands.secret import Secret
    from smsgate.handlers import Result
    from smsgate.ussd.step import Screen, Visit

#: The screen above each.
ABOVE: Mapping[Page, Page] = {
    Page.pay_pin: Page.pay_amount,
    Page.pin: Page.root,
    Page.code: Page.account,
    Page.old_pin: Page.account,
    Page.new_pin: Page.account,
    Page.again_pin: Page.account,
}


def has_pin(visit: Visit) -> bool:
    """Whether the member has a PIN that holds now."""
    tx = visit.case.tx
    return pins.look(tx, visit.case.sender.account).at(tx.now_ms).current is not None


def begin_change(visit: Visit) -> Screen:
    """Ask for the PIN that holds now, or for the code with which a first one is made.

    Whoever has neither is told where to get a code; where numbers are easily forged it
    is of no use, and is to be texted.
    """
    case = visit.case
    if case.sender.state != "active":
        return close(visit, Frozen(money=False))
    if has_pin(visit):
        return show(visit, Page.old_pin, {})
    if case.trusted and pins.look(case.tx, case.sender.account).has_code(
        case.tx.now_ms
    ):
        return show(visit, Page.code, {})
    return close(visit, NoPinYet(money=False))


def answer_pin(visit: Visit, page: Page, pin: Secret | None) -> Screen:
    """Use a PIN that was typed.

    Raises:
        PinWanted: it was not checked yet.
        Stale: what was found out about it is of another screen; begin again.
    """
    match page:
        case _ if pin is None:
            return again(visit, page, _facts(visit, page, digits=True))
        case Page.code:
            return _code(visit, pin)
        case Page.old_pin:
            return _old(visit, pin)
        case Page.new_pin:
            return _new(visit)
        case Page.again_pin:
            return _again(visit, pin)
        case _:
            return _use(visit, page, pin)


def draft_of(detail: Mapping[str, object]) -> NewVerifier:
    """Return what was made of a new PIN between its two screens."""
    return NewVerifier(
        scheme=str(detail["scheme"]),
        salt=bytes.fromhex(str(detail["salt"])),
        verifier=bytes.fromhex(str(detail["verifier"])),
    )


def _use(visit: Visit, page: Page, pin: Secret) -> Screen:
    """Do what the branch ends in, with its PIN."""
    detail = visit.session.detail
    end = End.pay if page is Page.pay_pin else End(str(detail["end"]))
    command = command_of(end, detail, pin)
    if isinstance(command, Pay):
        result = pay_in_session(visit.case, command)
    else:
        result = handlers.carry_out(visit.case, command)
    first = result.told[0].reply
    if isinstance(first, PinBad):
        return _wrong(visit, page, command, result, first.tries_left)
    return finish(visit, end, detail, command, result, proved=True)


def _code(visit: Visit, code: Secret) -> Screen:
    """Ask for the new PIN, or for the code again as often as it may be mistyped."""
    found = visit.evidence
    if not isinstance(found, PreparedChange) or not found.by_code:
        raise Stale("a code was typed on a screen that had moved on")
    tx, before = visit.case.tx, found.checked.row
    command = ChangePin(old=code, new=code, again=code)
    if visit.case.sender.state != "active":
        return finish(visit, End.pin, {}, command, say(Frozen(money=False)))
    outcome = pins.apply_change(tx, found)
    if not isinstance(outcome, pins.CodeWrong):
        # It is right, and no PIN was written with it that could change anything.
        salt = (before.code_salt or b"").hex()
        return show(visit, Page.new_pin, {"version": before.version, "code": salt})
    refused = CodeBad(tries_left=outcome.tries_left)
    if not outcome.tries_left:
        return finish(visit, End.pin, {}, command, say(refused))
    return _wrong(visit, Page.code, command, say(refused), outcome.tries_left)


def _old(visit: Visit, pin: Secret) -> Screen:
    case = visit.case
    command = ChangePin(old=pin, new=pin, again=pin)
    if case.sender.state != "active":
        return finish(visit, End.pin, {}, command, say(Frozen(money=False)))
    refused = case.refused(pin, money=False)
    if refused is None:
        version = pins.look(case.tx, case.sender.account).version
        return show(visit, Page.new_pin, {"version": version})
    if isinstance(refused, PinBad):
        return _wrong(visit, Page.old_pin, command, say(refused), refused.tries_left)
    return finish(visit, End.pin, {}, command, say(refused))


def _new(visit: Visit) -> Screen:
    made = visit.evidence
    if isinstance(made, WeakPin):
        return again(visit, Page.new_pin)
    if not isinstance(made, NewVerifier):
        raise Stale("a new PIN was typed on a screen that had moved on")
    kept = {
        **visit.session.detail,
        "scheme": made.scheme,
        "salt": made.salt.hex(),
        "verifier": made.verifier.hex(),
    }
    return show(visit, Page.again_pin, kept)


def _again(visit: Visit, pin: Secret) -> Screen:
    prepared = visit.evidence
    if not isinstance(prepared, PreparedChange):
        raise Stale("a new PIN was typed on a screen that had moved on")
    if prepared.unequal:
        return again(visit, Page.again_pin)
    if not _still_proved(visit, prepared):
        # It was changed on another way: the old one must be shown to be known again.
        return begin_change(visit)
    case = replace(visit.case, evidence=prepared)
    command = ChangePin(old=pin, new=pin, again=pin)
    result = handlers.carry_out(case, command)
    if isinstance(result.told[0].reply, PinChanged):
        result = replace(result, told=(Told(reply=PinRenewed()), *result.told[1:]))
    return finish(visit, End.pin, {}, command, result, proved=True)


def _still_proved(visit: Visit, prepared: PreparedChange) -> bool:
    """Whether what was right two screens ago still is."""
    detail, row = visit.session.detail, prepared.checked.row
    if row.version != detail["version"]:
        return False
    if not prepared.by_code:
        return True
    same = (row.code_salt or b"").hex() == detail["code"]
    return same and row.has_code(visit.case.tx.now_ms) and visit.case.trusted


def _wrong(
    visit: Visit, page: Page, command: Command, result: Result, left: int
) -> Screen:
    """Show the screen again; the try is kept like that of a text."""
    ending.keep(
        visit.case,
        visit.dial,
        visit.voice,
        result,
        str(command.keyword or ""),
        receipt=False,
    )
    return show(
        visit,
        page,
        visit.session.detail,
        reply=replace(_facts(visit, page), tries_left=left),
    )


def _facts(visit: Visit, page: Page, *, digits: bool = False) -> MenuScreen:
    """Return a screen of this session with its payee and amount."""
    shown = screen_of(visit.case.tx, page, visit.session.detail, wrong=False)
    length = visit.case.policy.pin_length
    if page is Page.code:
        length = pins.CODE_DIGITS
    return replace(shown, digits=length if digits else None)

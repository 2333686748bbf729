"""New PINs: the first by a one-time code, another by the old one, a reset a day later.

What comes in: an open transaction and a change whose hashes the desk has made. What
goes out: that the new PIN holds, from when it holds, or why not. A wrong code costs one
of its own tries and never one of the PIN's; whoever proved the old PIN or the code and
chose a weak new one has lost nothing. Whoever cannot show the old PIN waits a day, in
which the member can object (`cancel_reset`). Everything here is an event of the chain.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from smsgate import ledger
from smsgate.errors import SmsgateError
from smsgate.members.pins import rows
from smsgate.members.pins.checking import Settled, Stale, count, current
from smsgate.members.pins.hashing import Verdict
from smsgate.members.pins.policy import RESET_DELAY_MS

if TYPE_CHECKING:
    from commands.reply import WeakPin
    from smsgate.members.pins.hashing import NewVerifier, PreparedChange
    from smsgate.members.pins.rows import PinRow
    from smsgate.store import Query, Tx


class PinExists(SmsgateError):
    """The member has or had a PIN; staff can issue a code, but never set a PIN."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """The new PIN holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delayed:
    """The new PIN holds from a time on, until which the old one does."""

    at_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Weak:
    """The new PIN is too easy; nothing was changed and no try lost."""

    why: WeakPin


@dataclass(frozen=True, slots=True, kw_only=True)
class Unequal:
    """The new PIN was not written the same twice; nothing changed, no try lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OldWrong:
    """The old PIN is wrong, which cost a try."""

    settled: Settled


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeWrong:
    """The code is wrong, or there is none that can be used (`tries_left` 0)."""

    tries_left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Locked:
    """Too many PINs were wrong before; None: until staff have seen the member."""

    until_ms: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoPin:
    """There is no PIN that could be changed."""


ChangeOutcome = (
    Changed | Delayed | Weak | Unequal | OldWrong | CodeWrong | Locked | NoPin
)


def apply_change(tx: Tx, prepared: PreparedChange) -> ChangeOutcome:
    """Change a PIN, or say why not.

    Raises:
        Stale: something moved since the change was prepared.
    """
    before = prepared.checked.row
    row = current(tx, before.account)
    if row != before:
        raise Stale("the PIN changed while a new one was prepared: prepare it again")
    if prepared.by_code:
        outcome, after = _by_code(tx, row, prepared)
    else:
        outcome, after = _by_pin(tx, row, prepared)
    rows.keep(tx, row, after)
    return outcome


def set_first(tx: Tx, account: int, new: NewVerifier, actor: str) -> None:
    """Set a member's first PIN, for demonstrations and pilots.

    Raises:
        PinExists: there is or was one already.
        ValueError: this is the verifier of a one-time code.
    """
    if new.is_code:
        raise ValueError("a one-time code is no PIN")
    row = current(tx, account)
    if row.version or row.current or row.following:
        raise PinExists(
            "this member already has a PIN, which only they can change: "
            "issue a one-time code instead"
        )
    rows.keep(tx, row, row.with_pin(new).without_code())
    ledger.record(tx, kind="pin_set", account=account, actor=actor, detail={})


def cancel_reset(tx: Tx, account: int, actor: str) -> bool:
    """Void a new PIN that waits for its time; say whether there was one."""
    row = current(tx, account)
    if row.following is None:
        return False
    rows.keep(tx, row, row.without_next())
    ledger.record(tx, kind="pin_reset_stopped", account=account, actor=actor, detail={})
    return True


def hold_reset(tx: Tx, account: int) -> None:
    """Let a new PIN that waits for its time wait for a guardian, too."""
    row = current(tx, account)
    if row.following is not None:
        rows.keep(tx, row, replace(row, next_held=1))


def held_since(q: Query, before_ms: int) -> list[int]:
    """Return the accounts whose new PIN has waited for a guardian since then."""
    return rows.held(q, before_ms)


def confirm_reset(tx: Tx, account: int, asked_ms: int, actor: str) -> int | None:
    """Let the new PIN that was to hold from `asked_ms` on do so.

    Return from when it holds; None where it waits no more.
    """
    row = current(tx, account)
    if row.following is None or row.next_ms != asked_ms or not row.next_held:
        return None
    holds_ms = max(asked_ms, tx.now_ms)
    rows.keep(tx, row, replace(row, next_held=0, next_ms=holds_ms))
    ledger.record(
        tx, kind="pin_reset_confirmed", account=account, actor=actor, detail={}
    )
    return holds_ms


def _by_pin(
    tx: Tx, row: PinRow, prepared: PreparedChange
) -> tuple[ChangeOutcome, PinRow]:
    settled, counted = count(tx, row, prepared.checked)
    match settled.verdict:
        case Verdict.absent:
            return NoPin(), row
        case Verdict.locked:
            return Locked(until_ms=settled.locked_until_ms), row
        case Verdict.wrong:
            return OldWrong(settled=settled), counted
        case Verdict.right:
            flaw = _flaw(prepared)
            if flaw is not None or prepared.new is None:
                return flaw or Unequal(), counted
            after = counted.with_pin(prepared.new)
            _record(tx, "pin_changed", row.account)
            return Changed(), after


def _by_code(
    tx: Tx, row: PinRow, prepared: PreparedChange
) -> tuple[ChangeOutcome, PinRow]:
    match prepared.checked.verdict:
        case Verdict.absent | Verdict.locked:
            return CodeWrong(tries_left=0), row
        case Verdict.wrong:
            return _wrong_code(tx, row)
        case Verdict.right:
            flaw = _flaw(prepared)
            if flaw is not None or prepared.new is None:
                return flaw or Unequal(), row
            return _by_right_code(tx, row.without_code(), prepared.new)


def _wrong_code(tx: Tx, row: PinRow) -> tuple[CodeWrong, PinRow]:
    left = row.code_tries - 1
    _record(tx, "pin_code_wrong", row.account, tries_left=left)
    after = replace(row, code_tries=left) if left else row.without_code()
    return CodeWrong(tries_left=left), after


def _by_right_code(
    tx: Tx, row: PinRow, new: NewVerifier
) -> tuple[Changed | Delayed, PinRow]:
    """Take a first PIN at once, and another one a day from now."""
    if row.current is None:
        _record(tx, "pin_set", row.account)
        return Changed(), row.with_pin(new).unlocked()
    at_ms = tx.now_ms + RESET_DELAY_MS
    _record(tx, "pin_reset_asked", row.account, at_ms=at_ms)
    return Delayed(at_ms=at_ms), row.with_next(new, at_ms)


def _flaw(prepared: PreparedChange) -> Weak | Unequal | None:
    if prepared.weak is not None:
        return Weak(why=prepared.weak)
    return Unequal() if prepared.unequal else None


def _record(tx: Tx, kind: str, account: int, **detail: object) -> None:
    ledger.record(tx, kind=kind, account=account, actor="member", detail=detail)

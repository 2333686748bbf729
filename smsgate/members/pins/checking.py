"""What a check comes to: the counter moves in the transaction that answers.

What comes in: an open transaction and a `Checked` from the desk. What goes out: a
`Settled` that says what the member is told. Between the check and here other texts may
have moved the counter, or staff the PIN; then the check counts for nothing and is made
again (`Stale`), so that guessing at once buys no guesses. A lock is an event of the
chain.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from smsgate import ledger
from smsgate.errors import SmsgateError
from smsgate.members import phones
from smsgate.members.pins import rows
from smsgate.members.pins.hashing import Checked, Verdict
from smsgate.members.pins.tries import IN_PERSON, is_locked, lock_after, tries_left

if TYPE_CHECKING:
    from smsgate.members.pins.policy import PinPolicy
    from smsgate.members.pins.rows import PinRow
    from smsgate.store import Tx

#: Nobody did it: it follows from what was done before.
_ACTOR = "daemon"


class Stale(SmsgateError):
    """The PIN or its tries changed since they were looked at; look and check again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What a check came to."""

    verdict: Verdict
    #: Wrong PINs to the next lock; 0 when this one locked it.
    tries_left: int
    #: None also where only staff can lift the lock, when `verdict` says it is locked.
    locked_until_ms: int | None


def settle(tx: Tx, checked: Checked) -> Settled:
    """Count a check: a right PIN gives the tries back, a wrong one costs one.

    Raises:
        Stale: something moved since the check.
    """
    row = current(tx, checked.row.account)
    if row != checked.row:
        raise Stale("the PIN changed while it was checked: check it again")
    settled, after = count(tx, row, checked)
    rows.keep(tx, row, after)
    return settled


def judged(
    tx: Tx, account: int, *, right: bool, loose: bool, policy: PinPolicy
) -> Checked:
    """Return what is found about a code that stands in for the PIN (of a card).

    It climbs the PIN's own ladder, so that guessing one buys no guesses at the other.
    """
    row = current(tx, account)
    verdict = Verdict.right if right else Verdict.wrong
    if is_locked(row.loose_locked_ms if loose else row.locked_ms, tx.now_ms):
        verdict = Verdict.locked
    return Checked(
        row=row, loose=loose, verdict=verdict, at_ms=tx.now_ms, policy=policy
    )


def current(tx: Tx, account: int) -> PinRow:
    """Return what counts now; a waiting PIN whose time has come is put in force."""
    kept = rows.look(tx, account)
    row = kept.at(tx.now_ms)
    if row != kept:
        rows.keep(tx, kept, row)
        # Whoever had it reset may be a thief.
        phones.pay_little(tx, account, kept.next_ms)
        ledger.record(
            tx,
            kind="pin_activated",
            account=account,
            actor=_ACTOR,
            detail={"version": row.version},
        )
    return row


def settle_due(tx: Tx) -> int:
    """Put every waiting PIN in force whose time has come; return how many."""
    accounts = rows.due(tx)
    for account in accounts:
        current(tx, account)
    return len(accounts)


def count(tx: Tx, row: PinRow, checked: Checked) -> tuple[Settled, PinRow]:
    """Return what a check came to and the row after it; only events are written."""
    loose, policy = checked.loose, checked.policy
    fails = row.loose_fails if loose else row.fails
    locked_ms = row.loose_locked_ms if loose else row.locked_ms
    match checked.verdict:
        case Verdict.right:
            left = tries_left(0, policy)
            return _settled(Verdict.right, left, 0), _counted(row, 0, 0, loose=loose)
        case Verdict.absent:
            return _settled(Verdict.absent, 0, 0), row
        case Verdict.locked:
            return _settled(Verdict.locked, 0, locked_ms), row
        case Verdict.wrong:
            fails += 1
            locked_ms = lock_after(fails, policy, tx.now_ms)
            if locked_ms:
                _record_lock(tx, row.account, fails, locked_ms, loose=loose)
            left = tries_left(fails, policy)
            settled = _settled(Verdict.wrong, left, locked_ms)
            return settled, _counted(row, fails, locked_ms, loose=loose)


def _settled(verdict: Verdict, left: int, locked_ms: int) -> Settled:
    until = None if locked_ms in (0, IN_PERSON) else locked_ms
    return Settled(verdict=verdict, tries_left=left, locked_until_ms=until)


def _counted(row: PinRow, fails: int, locked_ms: int, *, loose: bool) -> PinRow:
    if loose:
        return replace(row, loose_fails=fails, loose_locked_ms=locked_ms)
    return replace(row, fails=fails, locked_ms=locked_ms)


def _record_lock(
    tx: Tx, account: int, fails: int, locked_ms: int, *, loose: bool
) -> None:
    detail = {"fails": fails, "loose": loose, "until_ms": locked_ms}
    ledger.record(tx, kind="pin_locked", account=account, actor=_ACTOR, detail=detail)

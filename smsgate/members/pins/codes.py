"""One-time codes: how a member comes to a first PIN, or to another one later.

What comes in: an open transaction and the verifier of a code that the desk drew. What
goes out: a code that can be used for 72 hours and be mistyped three times; the one
before it is void. Its digits are shown once, to whoever issues it, and kept nowhere. It
is used in `smsgate.members.pins.changing`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from smsgate import ledger
from smsgate.members.pins import rows
from smsgate.members.pins.checking import current
from smsgate.members.pins.policy import CODE_LIVES_MS, CODE_TRIES
from smsgate.members.pins.tries import is_locked

if TYPE_CHECKING:
    from smsgate.members.pins.hashing import NewVerifier
    from smsgate.store import Query, Tx


class PinState(StrEnum):
    """How far a member is on the way to a PIN."""

    none = "none"
    #: A code can be used, and there is no PIN yet.
    code = "code"
    set = "set"


class Standing(NamedTuple):
    """What staff are shown of a member's PIN."""

    state: PinState
    #: None: not locked. -1 (`IN_PERSON`): until staff have seen the member.
    locked_until_ms: int | None


def issue_code(tx: Tx, account: int, code: NewVerifier, actor: str) -> int:
    """Keep a new one-time code in place of any before; return until when it is good.

    Raises:
        ValueError: this is the verifier of a PIN.
    """
    if not code.is_code:
        raise ValueError("a PIN is no one-time code")
    row = current(tx, account)
    until_ms = tx.now_ms + CODE_LIVES_MS
    rows.keep(tx, row, row.with_code(code, until_ms, CODE_TRIES))
    ledger.record(
        tx,
        kind="pin_code_issued",
        account=account,
        actor=actor,
        detail={"until_ms": until_ms},
    )
    return until_ms


def state_of(q: Query, account: int, now_ms: int) -> Standing:
    """Return whether a member has a PIN, and until when trusted links are locked."""
    row = rows.look(q, account).at(now_ms)
    locked = row.locked_ms if is_locked(row.locked_ms, now_ms) else None
    if row.current is not None:
        return Standing(PinState.set, locked)
    return Standing(PinState.code if row.has_code(now_ms) else PinState.none, locked)

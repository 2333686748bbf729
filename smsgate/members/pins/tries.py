"""The ladder of locks: what a wrong PIN costs.

What comes in: how many were wrong in a row, and the network's policy. What goes out:
until when the PIN is locked and how many tries are left to the next rung. One ladder is
climbed by links whose senders can be trusted and another by those that are easily
forged, so that nobody is locked out of their own phone by a stranger. Pure functions;
the counters are moved in `smsgate.members.pins.checking`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from smsgate.members.pins.policy import PinPolicy

#: Locked until staff have seen the member.
IN_PERSON = -1


def lock_after(fails: int, policy: PinPolicy, now_ms: int) -> int:
    """Return until when the PIN is locked after so many wrong ones in a row.

    0: it is not. `IN_PERSON`: until staff have seen the member. A lock stands on its
    rung only: between two rungs each wrong PIN merely leads up.
    """
    if fails >= policy.tries_last:
        return IN_PERSON
    if fails == policy.tries_second:
        return now_ms + policy.second_lock_ms
    if fails == policy.tries:
        return now_ms + policy.lock_ms
    return 0


def tries_left(fails: int, policy: PinPolicy) -> int:
    """Return how many wrong PINs lead to the next lock; 0 on a rung itself."""
    rungs = (policy.tries, policy.tries_second, policy.tries_last)
    if fails in rungs:
        return 0
    return next((rung - fails for rung in rungs if rung > fails), 0)


def is_locked(locked_ms: int, now_ms: int) -> bool:
    """Say whether a lock holds now."""
    return locked_ms == IN_PERSON or now_ms < locked_ms

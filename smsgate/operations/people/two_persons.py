"""When one person is not enough: above a line, once there is a staff.

What comes in: an amount that somebody at a shell wants granted or given back. What goes
out: whether another of the staff must agree by text first. Until somebody is on the
staff the shell alone decides, or nobody could begin.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smsgate.members import staff
from smsgate.operations.desk import OperationRefused

if TYPE_CHECKING:
    from smsgate.operations.desk import Desk
    from smsgate.store import Query


def is_needed(desk: Desk, q: Query, amount: int) -> bool:
    """Say whether another of the staff must agree to this amount."""
    above = amount > desk.config.staff.approve_above
    return above and bool(staff.colleagues(q))


def require_grantable(desk: Desk, q: Query, limit: int) -> None:
    """Refuse a newcomer's credit limit that another must agree to first.

    Raises:
        OperationRefused: it is above the line.
    """
    if is_needed(desk, q, limit):
        line = desk.amount(desk.config.staff.approve_above)
        raise OperationRefused(
            f"a limit above {line} needs another of the staff: add the member with a "
            "lower one, then ask with `smsgate member limit`"
        )


def as_name(desk: Desk) -> str:
    """Return the name after `--as`; empty where there was none."""
    return desk.actor.partition(" as ")[2]

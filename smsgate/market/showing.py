"""How one member is shown to another who looks for something.

What comes in: an account. What goes out: name, code and phone; of the phone the middle
is hidden unless its owner chose to be reached by it. Who chose not to be shown is found
by nobody: see `smsgate.market.searching`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from smsgate import members
from smsgate.members import consent
from smsgate.phone import national

if TYPE_CHECKING:
    from smsgate.store import Query

#: What stays of a phone: enough to know it again, too little to dial it.
_HEAD, _TAIL = 4, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A member as others see them."""

    name: str
    code: str
    #: E.164, or `7123xx67`.
    phone: str


def shown(q: Query, account: int) -> Shown:
    """Return a member as others see them."""
    member = members.by_account(q, account)
    if member is None:
        raise AssertionError("an advertisement belongs to nobody")
    whole = consent.consent_of(q, account).listed is consent.Listed.phone
    return Shown(
        name=member.name,
        code=member.code,
        phone=member.phone if whole else half_hidden(member.phone),
    )


def half_hidden(number: str) -> str:
    """Return a phone as it is dialled at home, its middle hidden: `7123xx67`."""
    digits = national(number)
    hidden = max(len(digits) - _HEAD - _TAIL, 2)
    return f"{digits[:_HEAD]}{'x' * hidden}{digits[-_TAIL:]}"

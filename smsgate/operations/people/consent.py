"""What a member agrees to: notices, and being shown to others in the market.

What comes in: who is meant and what changes. What goes out: the member as the ledger
has it afterwards. Each change is an event of the chain, with its actor.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smsgate.members import consent
from smsgate.operations.desk import OperationRefused
from smsgate.operations.people.members import describe, find

if TYPE_CHECKING:
    from smsgate.operations.desk import Desk, Document
    from smsgate.operations.requests import MemberConsent
    from smsgate.store import Tx


async def change(desk: Desk, request: MemberConsent) -> Document:
    """Keep what a member agrees to.

    Raises:
        OperationRefused: nothing was to be changed, or to something unknown.
    """
    if request.notices is None and request.listed is None:
        raise OperationRefused("say what changes: --notices or --listed")
    if request.listed is not None and request.listed not in set(consent.Listed):
        raise OperationRefused("listed is phone, masked or no")

    def keep(tx: Tx) -> int:
        account = find(desk, tx, request.who).account
        if request.notices is not None:
            consent.set_notices(tx, account, wanted=request.notices, actor=desk.actor)
        if request.listed is not None:
            listed = consent.Listed(request.listed)
            consent.set_listed(tx, account, listed, actor=desk.actor)
        return account

    account = await desk.store.write(keep)
    return describe(desk, desk.store.peek, account)

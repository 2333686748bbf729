"""Vouchers at a shell: issue one, list them, call one back.

What comes in: a member, an amount and for how long; or a voucher's number in the list.
What goes out: the ten digits, this once, for the file that is printed; the issuer is
told by text that units were set aside. What is kept is a fingerprint only: see
`smsgate.ledger.vouchers`. Cashed by `smsgate.handlers.use_voucher`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands.reply import VoucherIssued
from smsgate import codes, ledger, members
from smsgate.clock import DAY_MS, from_ms
from smsgate.handlers import Told
from smsgate.handlers.payment import shown
from smsgate.operations.desk import OperationRefused
from smsgate.operations.people.members import find
from smsgate.operations.people.telling import owed, tell

if TYPE_CHECKING:
    from smsgate.ledger import Voucher
    from smsgate.operations.desk import Desk, Document
    from smsgate.operations.requests import VoucherIssue, VoucherList, VoucherVoid
    from smsgate.store import Query, Tx

DAYS_MAX = 366
#: Draws of a number before something else must be wrong.
_DRAWS = 20


async def issue(desk: Desk, request: VoucherIssue) -> Document:
    """Set units of a member's aside and return the number that is worth them.

    Raises:
        OperationRefused: they are not there, or the voucher would live too long.
    """
    amount = desk.minor(request.amount)
    if amount <= 0:
        raise OperationRefused("a voucher is worth more than nothing")
    if not 1 <= request.days <= DAYS_MAX:
        raise OperationRefused(f"a voucher lives 1 to {DAYS_MAX} days")

    def write(tx: Tx) -> tuple[str, Voucher]:
        issuer = find(desk, tx, request.who)
        number, mac = _draw(desk, tx)
        made = ledger.issue_voucher(
            tx,
            debit=issuer.account,
            amount=amount,
            mac=mac,
            expires_ms=tx.now_ms + request.days * DAY_MS,
            actor=desk.actor,
        )
        if isinstance(made, ledger.Declined):
            raise OperationRefused(
                f"{issuer.name} can spend {desk.amount(made.available)} and is "
                f"{issuer.state}: no voucher was made"
            )
        available = ledger.account(tx, issuer.account).available
        told = VoucherIssued(
            amount=amount,
            until=from_ms(made.expires_ms),
            available=shown(issuer, available),
        )
        tell(desk, tx, [Told(reply=told, to=issuer)])
        return number, made

    number, made = await desk.store.write(write)
    owed(desk)
    return _described(desk, desk.store.peek, made) | {"number": number}


def _draw(desk: Desk, tx: Tx) -> tuple[str, bytes]:
    for _ in range(_DRAWS):
        number = codes.draw_ref(desk.clock)
        mac = desk.keys.voucher(number)
        # A reference that is a voucher's number too would be told in receipts.
        taken = ledger.voucher_by_mac(tx, mac) or ledger.by_ref(tx, number)
        if taken is None:
            return number, mac
    raise OperationRefused("no free number was drawn: run `smsgate ledger check`")


async def list_rows(desk: Desk, request: VoucherList) -> Document:
    """Return the newest vouchers."""
    peek = desk.store.peek
    found = ledger.list_vouchers(peek, request.limit)
    return {"vouchers": [_described(desk, peek, one) for one in found]}


async def void(desk: Desk, request: VoucherVoid) -> Document:
    """Call a voucher back; what it set aside is free again."""
    voided = await desk.store.write(
        lambda tx: ledger.void_voucher(tx, request.id, actor=desk.actor)
    )
    return _described(desk, desk.store.peek, voided) | {"state": "voided"}


#: What an operator calls the states of a voucher's hold.
_STATES = {
    "open": "open",
    "posted": "cashed",
    "voided": "voided",
    "expired": "expired",
}


def _described(desk: Desk, query: Query, voucher: Voucher) -> Document:
    issuer = members.by_account(query, voucher.debit)
    payee = None
    if voucher.credit is not None:
        payee = members.by_account(query, voucher.credit)
    return {
        "id": voucher.id,
        "issuer": None if issuer is None else issuer.code,
        "name": None if issuer is None else issuer.name,
        "amount": desk.amount(voucher.amount),
        "state": _STATES[voucher.state],
        "issued": desk.time(voucher.issued_ms),
        "expires": desk.time(voucher.expires_ms),
        "cashed": desk.time_or_none(voucher.at_ms),
        "cashed_by": None if payee is None else payee.code,
    }

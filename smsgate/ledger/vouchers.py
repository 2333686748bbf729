"""Vouchers: paper that is worth a hold on its issuer's account, once.

What comes in: an issuer, an amount and the MAC of a number that is printed and nowhere
kept; later the MAC of what somebody wrote, and their account. What goes out: a
`Voucher`, then at most one transfer from the issuer to whoever brought it. Until then,
or until it expires, the issuer cannot spend those units. The MAC is made in
`smsgate.messages.keys`; holds expire in `smsgate.ledger.holds`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from smsgate.ledger.accounts import account
from smsgate.ledger.chain import record
from smsgate.ledger.transfers import post_transfer
from smsgate.ledger.values import Declined, HoldClosed, Outcome, Posted
from smsgate.store import Refused

if TYPE_CHECKING:
    from smsgate.store import Query, Row, Tx

_FIND = """
    SELECT v.hold AS id, h.debit, h.amount, h.state, h.expires_ms, v.issued_ms,
      t.id AS transfer, t.credit, t.at_ms
    FROM voucher AS v JOIN hold AS h ON h.id = v.hold
      LEFT JOIN transfer AS t ON t.hold = h.id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voucher:
    """One voucher; minor units and milliseconds."""

    #: Its hold's number, by which staff name it.
    id: int
    #: The issuer.
    debit: int
    amount: int
    #: Of its hold: "open", "posted", "voided" or "expired".
    state: str
    expires_ms: int
    issued_ms: int
    #: What it came to, whose account was credited, and when; None: not brought yet.
    transfer: int | None = None
    credit: int | None = None
    at_ms: int | None = None


def issue_voucher(
    tx: Tx, *, debit: int, amount: int, mac: bytes, expires_ms: int, actor: str
) -> Voucher | Declined:
    """Set units of `debit` aside for whoever brings the number of this MAC.

    Raises:
        AccountUnknown: nobody has this account.
        Refused: another voucher has this MAC (draw again).
    """
    issuer = account(tx, debit)
    if issuer.state != "active":
        return Declined(outcome=Outcome.payer_not_active, available=issuer.available)
    try:
        number = tx.insert(
            "INSERT INTO hold (debit, credit, amount, expires_ms)"
            " VALUES (:debit, NULL, :amount, :expires)",
            {"debit": debit, "amount": amount, "expires": expires_ms},
        )
    except Refused as refused:
        if refused.name != Outcome.insufficient:
            raise
        return Declined(outcome=Outcome.insufficient, available=issuer.available)
    tx.run(
        "INSERT INTO voucher (hold, mac, issued_ms) VALUES (:hold, :mac, :now)",
        {"hold": number, "mac": mac, "now": tx.now_ms},
    )
    _record(tx, "voucher_issued", debit, actor, hold=number, amount=amount)
    return Voucher(
        id=number,
        debit=debit,
        amount=amount,
        state="open",
        expires_ms=expires_ms,
        issued_ms=tx.now_ms,
    )


def voucher_by_mac(q: Query, mac: bytes) -> Voucher | None:
    """Return the voucher whose number has this MAC."""
    row = q.one(_FIND + "WHERE v.mac = :mac", {"mac": mac})
    return None if row is None else _voucher(row)


def list_vouchers(q: Query, limit: int) -> list[Voucher]:
    """Return the newest vouchers, newest first."""
    rows = q.all(_FIND + "ORDER BY v.hold DESC LIMIT :limit", {"limit": limit})
    return [_voucher(row) for row in rows]


def redeem_voucher(tx: Tx, voucher: Voucher, *, credit: int) -> Posted | Declined:
    """Move what a voucher is worth to whoever brought it.

    A frozen issuer's voucher is paid all the same: it was promised.

    Raises:
        Refused: `bad_post`, it is not open any more.
    """
    return post_transfer(
        tx,
        kind="pay",
        debit=voucher.debit,
        credit=credit,
        amount=voucher.amount,
        hold=voucher.id,
    )


def void_voucher(tx: Tx, number: int, *, actor: str) -> Voucher:
    """Free what a voucher set aside; it is worth nothing then.

    Raises:
        HoldClosed: there is no such voucher, or it is open no more.
    """
    row = tx.one(_FIND + "WHERE v.hold = :number", {"number": number})
    if row is None or row["state"] != "open":
        raise HoldClosed(
            f"there is no open voucher {number}: see `smsgate voucher list`"
        )
    tx.run("UPDATE hold SET state = 'voided' WHERE id = :number", {"number": number})
    voucher = _voucher(row)
    _record(tx, "voucher_voided", voucher.debit, actor, hold=number)
    return voucher


def _record(tx: Tx, kind: str, debit: int, actor: str, **detail: object) -> None:
    record(tx, kind=kind, account=debit, actor=actor, detail=detail)


def _voucher(row: Row) -> Voucher:
    return Voucher(**{name: row[name] for name in row.keys()})  # noqa: SIM118 -- a Row is no dict

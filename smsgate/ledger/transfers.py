"""Transfers: pay, give back, look up. The only place that inserts one.

What comes in: two accounts and an amount, inside a transaction. What goes out: a
`Posted` or a `Declined`. One INSERT does it: the schema's triggers move both balances,
write both entries and refuse by named rules; afterwards this module looks whether they
did. The chain's hash comes from `smsgate.ledger.chain`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smsgate.codes import draw_ref
from smsgate.ledger.chain import link_transfer, record
from smsgate.ledger.values import (
    AccountUnknown,
    BrokenBooks,
    Declined,
    NotReversible,
    Outcome,
    Posted,
    Transfer,
    TransferUnknown,
)
from smsgate.money import plain
from smsgate.store import Refused

if TYPE_CHECKING:
    from smsgate.store import Query, Row, Tx

#: Draws of a reference before something else must be wrong: with a million transfers
#: one draw in a thousand meets one that exists.
_DRAWS_MAX = 20

_INSERT = """
    INSERT INTO transfer
      (id, ref, kind, debit, credit, amount, of, reverses, hold, memo, at_ms, hash)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""

# Both sides with the entry that the triggers wrote: none, and nothing has moved.
_AFTER = """
    SELECT a.id, a.kind, a.balance, a.held, a.credit_limit, a.ceiling, e.amount
    FROM account AS a JOIN entry AS e
      ON e.account = a.id AND e.seq = a.seq AND e.balance = a.balance
    WHERE a.id IN (?, ?) AND e.transfer = ?
"""

_FIND = """
    SELECT t.id, t.ref, t.kind, t.debit, t.credit, t.amount, t.memo, t.at_ms,
      coalesce(sum(r.amount), 0) AS reversed_minor, max(r.at_ms) AS reversed_ms
    FROM transfer AS t LEFT JOIN transfer AS r ON r.reverses = t.id
"""
_BY_REF = _FIND + "WHERE t.ref = :ref GROUP BY t.id"
_BY_ID = _FIND + "WHERE t.id = :id GROUP BY t.id"


def pay(
    tx: Tx, *, debit: int, credit: int, amount: int, memo: str = ""
) -> Posted | Declined:
    """Move units from one member to another.

    Raises:
        AccountUnknown: one of them has no account.
        BrokenBooks: the rules of the schema did not act.
    """
    return post_transfer(
        tx, kind="pay", debit=debit, credit=credit, amount=amount, memo=memo
    )


def post_transfer(
    tx: Tx,
    *,
    kind: str,
    debit: int,
    credit: int,
    amount: int,
    memo: str = "",
    of: int | None = None,
    reverses: int | None = None,
    hold: int | None = None,
) -> Posted | Declined:
    """Insert a transfer of any kind; the ledger's own modules call this.

    Raises:
        AccountUnknown, BrokenBooks: as for `pay`.
        Refused: a rule that no caller should have met.
    """
    if debit == credit:
        return Declined(outcome=Outcome.self_payment, available=_available(tx, debit))
    for _ in range(_DRAWS_MAX):
        ref = draw_ref(tx.clock)
        link = link_transfer(
            tx,
            ref=ref,
            kind=kind,
            debit=debit,
            credit=credit,
            amount=amount,
            of=of,
            reverses=reverses,
            hold=hold,
            memo=memo,
        )
        try:
            tx.run(
                _INSERT,
                (
                    *(link.seq, ref, kind, debit, credit, amount, of, reverses, hold),
                    *(memo, tx.now_ms, link.hash),
                ),
            )
        except Refused as refused:
            if refused.name == "duplicate_ref":
                continue
            return _declined(tx, debit, credit, refused)
        return _posted(tx, link.seq, ref, debit, credit, amount)
    raise BrokenBooks("no free reference was drawn: run `smsgate ledger check`")


def reverse(
    tx: Tx,
    ref: str,
    amount: int | None = None,
    actor: str = "daemon",
    reason: str = "",
) -> Posted | Declined:
    """Give a payment back by another transfer, in full, or this much of it.

    Raises:
        TransferUnknown: there is no such reference.
        NotReversible: it was given back before, is less than this, or is no payment.
    """
    made = by_ref(tx, ref)
    if made is None:
        raise TransferUnknown(f"there is no payment {ref}: look at the reference again")
    wanted = left_of(made, amount)
    done = post_transfer(
        tx,
        kind="reverse",
        debit=made.credit,
        credit=made.debit,
        amount=wanted,
        reverses=made.id,
    )
    if isinstance(done, Posted):
        detail = {"ref": ref, "amount": wanted, "transfer": done.id}
        if reason:
            detail["reason"] = reason
        record(tx, kind="reversed", account=made.debit, actor=actor, detail=detail)
    return done


def left_of(made: Transfer, amount: int | None = None) -> int:
    """Return how much of a payment would be given back: this much, or all that is left.

    Raises:
        NotReversible: it was given back before, is less than this, or is no payment.
    """
    if made.kind not in ("pay", "fee"):
        raise NotReversible(
            f"{made.ref} is no payment ({made.kind}) and cannot be reversed"
        )
    left = made.amount - made.reversed_minor
    wanted = left if amount is None else amount
    if not 0 < wanted <= left:
        raise NotReversible(
            f"of {made.ref} {plain(left)} can still be given back, not {plain(wanted)}"
        )
    return wanted


def by_ref(q: Query, ref: str) -> Transfer | None:
    """Return the transfer of this reference, or None."""
    return _transfer(q.one(_BY_REF, {"ref": ref}))


def by_id(q: Query, number: int) -> Transfer | None:
    """Return the transfer with this place in the chain, or None."""
    return _transfer(q.one(_BY_ID, {"id": number}))


def _transfer(row: Row | None) -> Transfer | None:
    if row is None:
        return None
    return Transfer(**{name: row[name] for name in row.keys()})  # noqa: SIM118 -- a Row is no dict


def _available(tx: Tx, number: int) -> int:
    row = tx.one(
        "SELECT balance - held + credit_limit AS available FROM account WHERE id = ?",
        (number,),
    )
    if row is None:
        raise AccountUnknown(number)
    available: int = row["available"]
    return available


def _declined(tx: Tx, debit: int, credit: int, refused: Refused) -> Declined:
    available = _available(tx, debit)
    _available(tx, credit)  # raises where the schema said `no_account`
    try:
        outcome = Outcome(refused.name)
    except ValueError:
        raise refused from None
    return Declined(outcome=outcome, available=available)


def _posted(
    tx: Tx, number: int, ref: str, debit: int, credit: int, amount: int
) -> Posted:
    """Look whether the triggers did their work and no floor is broken."""
    sides = {row["id"]: row for row in tx.all(_AFTER, (debit, credit, number))}
    payer, payee = sides.get(debit), sides.get(credit)
    if payer is None or payee is None:
        raise BrokenBooks(f"transfer {number} moved nothing: the triggers are missing")
    available = payer["balance"] - payer["held"] + payer["credit_limit"]
    if payer["amount"] != -amount or payee["amount"] != amount:
        raise BrokenBooks(f"transfer {number} moved another amount than its own")
    if available < 0 and payer["kind"] != "opening":
        raise BrokenBooks(f"transfer {number} took account {debit} below its limit")
    if payee["ceiling"] is not None and payee["balance"] > payee["ceiling"]:
        raise BrokenBooks(f"transfer {number} took account {credit} over its ceiling")
    return Posted(
        id=number,
        ref=ref,
        at_ms=tx.now_ms,
        debit_balance=payer["balance"],
        debit_available=available,
        credit_balance=payee["balance"],
    )

"""VER: is this receipt genuine? Anybody may ask who holds one.

What comes in: a `Verify` with ten digits, from a member or a stranger. What goes out:
that it is real, how old it is, that it was reversed, is mistyped, or does not exist.
Names are told to the two whom the payment concerns; to everybody else they are masked,
and a member is told that it was not they who were paid. A phone that asks too often is
told so once and then not answered for a while: references cannot be fished for. What
a stranger asks counts among the few texts that a stranger gets in a day.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands.command import Verify
from commands.damm import damm_ok
from commands.replies import name_of
from commands.reply import FalseReceipt, Genuine, ReversedReceipt, VerifyOver
from smsgate import ledger, members
from smsgate.clock import DAY_MS, HOUR_MS, from_ms
from smsgate.handlers.case import Result, say
from smsgate.messages import inbox

if TYPE_CHECKING:
    from commands.command import Command, Misread
    from commands.reply import Reply
    from smsgate.handlers.case import Case, Policy
    from smsgate.ledger import Transfer
    from smsgate.store import Tx

#: How many receipts one phone may check in an hour.
PER_HOUR = 20
_CHECKED = frozenset(map(name_of, (Genuine, ReversedReceipt, FalseReceipt)))
_OVER = name_of(VerifyOver)
#: Shorter words of a name are no secret: DE, LA, Y.
_TELLING = 3


def verify(case: Case, command: Verify) -> Result:
    """Look the reference up for a member."""
    sender = case.sender
    return _looked_up(case.tx, case.policy, sender.phone, command, sender.account)


def verify_as_stranger(
    tx: Tx, policy: Policy, phone: str, said: Command | Misread
) -> Result | None:
    """Look the reference up for a number that is no member's; None: it is no VER."""
    if not isinstance(said, Verify):
        return None
    return _looked_up(tx, policy, phone, said, None)


def _looked_up(
    tx: Tx, policy: Policy, phone: str, command: Verify, account: int | None
) -> Result:
    if _asked(tx, phone, *_CHECKED) >= PER_HOUR:
        if _asked(tx, phone, _OVER):
            return Result(told=())
        return say(VerifyOver(count=PER_HOUR))
    if not damm_ok(command.ref):
        return say(FalseReceipt(ref=command.ref, mistyped=True))
    made = ledger.by_ref(tx, command.ref)
    if made is None or made.kind != "pay":
        return say(FalseReceipt(ref=command.ref, mistyped=False))
    return say(_real(tx, policy, made, account))


def _asked(tx: Tx, phone: str, *outcomes: str) -> int:
    since_ms = tx.now_ms - HOUR_MS
    return sum(
        inbox.count_since(tx, phone, since_ms, PER_HOUR, outcome=outcome)
        for outcome in outcomes
    )


def _real(tx: Tx, policy: Policy, made: Transfer, account: int | None) -> Reply:
    ours = account in (made.debit, made.credit)
    payer = _name(tx, policy, made.debit, shown=ours)
    payee = _name(tx, policy, made.credit, shown=ours)
    if made.reversed_ms is not None:
        whole = made.reversed_minor >= made.amount
        return ReversedReceipt(
            ref=made.ref,
            reversed_at=from_ms(made.reversed_ms),
            amount=made.amount,
            payer=payer,
            payee=payee,
            part=None if whole else made.reversed_minor,
        )
    return Genuine(
        amount=made.amount,
        payer=payer,
        payee=payee,
        at=from_ms(made.at_ms),
        ref=made.ref,
        days=(tx.now_ms - made.at_ms) // DAY_MS,
        other=account is not None and not ours,
    )


def _name(tx: Tx, policy: Policy, account: int, *, shown: bool) -> str:
    member = members.by_account(tx, account)
    if member is None:
        return policy.network
    if shown:
        return member.name
    return " ".join(map(_masked, member.name.split()))


def _masked(word: str) -> str:
    return word if len(word) < _TELLING else word[:2] + "xx"

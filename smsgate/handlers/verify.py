"""VER: is this receipt genuine?

What comes in: a `Verify` with ten digits. What goes out: that it is real, was reversed,
is mistyped, or does not exist. Names are told, phones are not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands.damm import damm_ok
from commands.reply import FalseReceipt, Genuine, ReversedReceipt
from smsgate import ledger, members
from smsgate.clock import from_ms
from smsgate.handlers.case import say

if TYPE_CHECKING:
    from commands.command import Verify
    from smsgate.handlers.case import Case, Result


def verify(case: Case, command: Verify) -> Result:
    """Look the reference up."""
    if not damm_ok(command.ref):
        return say(FalseReceipt(ref=command.ref, mistyped=True))
    made = ledger.by_ref(case.tx, command.ref)
    if made is None or made.kind != "pay":
        return say(FalseReceipt(ref=command.ref, mistyped=False))
    payer, payee = _name(case, made.debit), _name(case, made.credit)
    if made.reversed_ms is not None:
        return say(
            ReversedReceipt(
                ref=made.ref,
                reversed_at=from_ms(made.reversed_ms),
                amount=made.amount,
                payer=payer,
                payee=payee,
            )
        )
    return say(
        Genuine(
            amount=made.amount,
            payer=payer,
            payee=payee,
            at=from_ms(made.at_ms),
            ref=made.ref,
        )
    )


def _name(case: Case, account: int) -> str:
    member = members.by_account(case.tx, account)
    return case.policy.network if member is None else member.name

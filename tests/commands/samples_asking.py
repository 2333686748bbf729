"""Samples of the replies to COBRAR, ANULAR, DEVOLVER and ULTIMO, and of first payments.

What comes in: nothing. What goes out: `ASKING`, put together with the others in
`tests.commands.samples`.
"""

from __future__ import annotations

from datetime import UTC, datetime

from commands.command import Keyword
from commands.reply import (
    ChargeAsked,
    ChargeDenied,
    ChargeExpired,
    ChargeGone,
    ChargeLapsed,
    ChargeRefused,
    ChargeSent,
    ChargeStopped,
    ChargeWaiting,
    Cooling,
    CopyPaid,
    CopyReceived,
    GotRefund,
    NoCharge,
    NoCopy,
    NoReceipt,
    NoRefund,
    NothingToCancel,
    Party,
    PinAsked,
    Refunded,
    RefundOver,
    RefundRefused,
    Reply,
    ReversalAsked,
    ReversalDenied,
    ReversalExpired,
    ReversalSent,
    WhichCharge,
)

_AT = datetime(2025, 11, 25, 3, 55, tzinfo=UTC)
_REF = "4812057735"
_ROSA = Party(name="Rosa Martínez", code="20417", phone="+50361230000")
_JUAN = Party(name="Juan Pérez", code="13076", phone="+50361230000")

ASKING: dict[str, Reply] = {
    **{
        f"charge_refused, {why}": ChargeRefused(why=why, payment_limit=50000)
        for why in NoCharge
    },
    "charge_sent": ChargeSent(amount=1250, payer=_JUAN, token=47, until=_AT),
    "charge_waiting": ChargeWaiting(amount=1250, payer=_JUAN, token=47, until=_AT),
    "charge_asked": ChargeAsked(amount=1250, payee=_ROSA, token=47, until=_AT),
    "charge_asked, with a reason": ChargeAsked(
        amount=1250, payee=_ROSA, token=47, until=_AT, memo="almuerzo"
    ),
    "charge_denied": ChargeDenied(amount=1250, payer=_JUAN),
    "charge_expired": ChargeExpired(amount=1250, payer=_JUAN),
    "charge_lapsed": ChargeLapsed(amount=1250, payee=_ROSA),
    "charge_stopped": ChargeStopped(amount=1250, payer=_JUAN),
    "charge_gone": ChargeGone(amount=1250, payee=_ROSA),
    "nothing_to_cancel": NothingToCancel(),
    "which_charge": WhichCharge(tokens=(47, 52, 63)),
    "pin_asked, DEVOLVER, money": PinAsked(keyword=Keyword.devolver, money=True),
    "pin_asked, ANULAR": PinAsked(keyword=Keyword.anular),
    **{
        f"refund_refused, {why}{', money' if money else ''}": RefundRefused(
            why=why, money=money
        )
        for why in NoRefund
        for money in (False, True)
    },
    "refund_over": RefundOver(left=1550, money=False),
    "refund_over, money": RefundOver(left=1550, money=True),
    "refunded": Refunded(
        amount=2550, payee=_JUAN, ref=_REF, balance=-550, available=9450, at=_AT
    ),
    "got_refund": GotRefund(
        word="MANGO", amount=2550, payer=_ROSA, ref=_REF, balance=123450, at=_AT
    ),
    "reversal_sent": ReversalSent(amount=2550, payee=_ROSA, ref=_REF, until=_AT),
    "reversal_asked": ReversalAsked(
        amount=2550, payer=_JUAN, ref=_REF, token=47, until=_AT
    ),
    "reversal_denied": ReversalDenied(amount=2550, payee=_ROSA, ref=_REF),
    "reversal_denied, with a ticket": ReversalDenied(
        amount=2550, payee=_ROSA, ref=_REF, number=12
    ),
    "reversal_expired": ReversalExpired(amount=2550, payee=_ROSA, ref=_REF),
    "reversal_expired, with a ticket": ReversalExpired(
        amount=2550, payee=_ROSA, ref=_REF, number=12
    ),
    **{f"no_receipt, {why}": NoReceipt(why=why) for why in NoCopy},
    "copy_paid": CopyPaid(amount=2550, payee=_ROSA, ref=_REF, at=_AT),
    "copy_paid, given back": CopyPaid(
        amount=2550, payee=_ROSA, ref=_REF, at=_AT, returned=1000
    ),
    "copy_received": CopyReceived(
        word="MANGO", amount=2550, payer=_JUAN, ref=_REF, at=_AT
    ),
    "copy_received, given back": CopyReceived(
        word="MANGO", amount=2550, payer=_JUAN, ref=_REF, at=_AT, returned=1000
    ),
    "cooling": Cooling(amount=2550, payee=_ROSA, seconds=60, token=47),
}

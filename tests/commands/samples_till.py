"""Samples of the replies about receipts, tills, vouchers and code cards.

What comes in: nothing. What goes out: `TILL`, put together with the others in
`tests.commands.samples`, and the longest that their own fields may be.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from commands.reply import (
    CardAsked,
    CardBad,
    CardEmpty,
    CardIssued,
    CardNeeded,
    ConfirmCard,
    Genuine,
    PaidTill,
    Party,
    Reply,
    ReversedReceipt,
    TillAdded,
    TillCannot,
    TillClosed,
    TillDropped,
    TillNamed,
    TillOpened,
    Tills,
    TillsFull,
    TillTaken,
    TillUnknown,
    Totals,
    TotalsOfTill,
    VerifyOver,
    VoucherBad,
    VoucherIssued,
    VoucherLate,
    VoucherLocked,
    VoucherMistyped,
    VoucherOver,
    VoucherSpent,
    VoucherUsed,
    WordBad,
    WordSet,
)
from commands.reply.till import TillTotal

_AT = datetime(2025, 11, 25, 3, 55, tzinfo=UTC)
_REF = "4812057735"
_REAL = Genuine(amount=2550, payer="Juxx Péxx", payee="Roxx Maxx", at=_AT, ref=_REF)
_ROSA = Party(name="Rosa Martínez", code="20417")
_JUAN = Party(name="Juan Pérez", code="13076")
_ANA = TillTotal(name="Ana", count=3, amount=7550)
_BETO = TillTotal(name="Beto", count=1, amount=1000)
_PAID = PaidTill(word="MANGO", amount=2550, payer=_JUAN, ref=_REF, at=_AT)
_CONFIRM = ConfirmCard(
    amount=60000, payee=_ROSA, fee=0, token=47, position=7, minutes=60
)

TILL: dict[str, Reply] = {
    "word_set": WordSet(word="MANGO"),
    "word_bad": WordBad(),
    "verify_over": VerifyOver(count=20),
    "genuine, old": replace(_REAL, days=2),
    "genuine, other": replace(_REAL, other=True),
    "genuine, other and old": replace(_REAL, days=2, other=True),
    "reversed_receipt, part": ReversedReceipt(
        ref=_REF,
        reversed_at=_AT,
        amount=2550,
        payer="Juan Pérez",
        payee="Rosa Martínez",
        part=550,
    ),
    "till_added": TillAdded(till="Ana", code="30284"),
    "till_dropped": TillDropped(till="Ana"),
    "till_dropped, left": TillDropped(till="Ana", left=True),
    "till_opened": TillOpened(owner=_ROSA),
    "till_closed": TillClosed(owner=_ROSA),
    "till_taken": TillTaken(),
    "till_named": TillNamed(till="Ana"),
    "tills_full": TillsFull(count=5),
    "till_unknown": TillUnknown(),
    "tills": Tills(tills=(("Ana", "30284"), ("Beto", "30295"))),
    "tills, none": Tills(tills=()),
    "till_cannot": TillCannot(owner=_ROSA, money=False),
    "till_cannot, money": TillCannot(owner=_ROSA, money=True),
    "paid_till": _PAID,
    "paid_till, at a till": replace(_PAID, till="Ana"),
    "totals": Totals(
        day=_AT, count=4, amount=8550, returned=550, lines=(_ANA, _BETO), next_page=2
    ),
    "totals, no tills": Totals(day=_AT, count=3, amount=7550, returned=0),
    "totals_of_till": TotalsOfTill(
        day=_AT,
        owner=_ROSA,
        own=replace(_ANA, returned=550),
        rest=TillTotal(name="", count=2, amount=1000),
    ),
    "voucher_issued": VoucherIssued(amount=2500, until=_AT, available=7500),
    "voucher_spent": VoucherSpent(
        amount=2500, payee=_ROSA, ref=_REF, balance=-2500, available=7500, at=_AT
    ),
    "voucher_mistyped": VoucherMistyped(),
    "voucher_bad": VoucherBad(tries_left=4),
    "voucher_bad, last": VoucherBad(tries_left=0),
    "voucher_locked": VoucherLocked(),
    "voucher_used": VoucherUsed(at=_AT),
    "voucher_over": VoucherOver(),
    "voucher_late": VoucherLate(),
    "confirm_card": _CONFIRM,
    "confirm_card, with a fee": replace(_CONFIRM, fee=25),
    "card_needed": CardNeeded(token=47, position=7),
    "card_bad": CardBad(tries_left=2, position=7),
    "card_bad, last": CardBad(tries_left=1, position=7),
    "card_empty": CardEmpty(),
    "card_asked": CardAsked(),
    "card_asked, again": CardAsked(again=True),
    "card_asked, another": CardAsked(codes=12),
    "card_issued": CardIssued(),
}

#: The longest that fields may be which other replies do not have.
LONGEST: dict[str, object] = {
    "days": 9999,
    "position": 30,
    "codes": 30,
    "till": "W" * 12,
    "code": "30284",
    "owner": replace(_ROSA, name="W" * 20),
    "tills": (("W" * 12, "30284"),) * 5,
}


def lines(amount: int) -> dict[str, object]:
    """Return the lines of CIERRE with an amount as long as it may be."""
    longest = TillTotal(name="W" * 12, count=999, amount=amount, returned=amount)
    return {
        "lines": (longest, longest),
        "own": longest,
        "rest": longest,
        "returned": amount,
    }

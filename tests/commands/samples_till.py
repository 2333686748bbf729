"""Samples of the replies about receipts, tills, vouchers and code cards.

What comes in: nothing. What goes out: `TILL`, put together with the others in
`tests.commands.samples`, and the longest that their own fields may be.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from commands.reply import (
    Genuine,
    Reply,
    ReversedReceipt,
    VerifyOver,
    WordBad,
    WordSet,
)

_AT = datetime(2025, 11, 25, 3, 55, tzinfo=UTC)
_REF = "4812057735"
_REAL = Genuine(amount=2550, payer="Juxx Péxx", payee="Roxx Maxx", at=_AT, ref=_REF)

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
}

#: The longest that fields may be which other replies do not have.
LONGEST: dict[str, object] = {
    "days": 9999,
}

"""What makes numbers on paper checkable without keeping them: two keys, two digests.

What comes in: the number of a voucher as somebody wrote it; a code card and a position
on it. What goes out: the fingerprint under which a voucher is kept, and the code that
stands on the card. A stolen ledger gives away neither. Vouchers stand in
`smsgate.ledger.vouchers`, cards in `smsgate.members.cards`.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from smsgate.messages.keys import MessageKeys

#: Digits of a code on a card; as a whole number this many values.
CODE_DIGITS = 6
_LABEL = b"smsgate-card-v1"
_KEY_BYTES = 32


class PaperKeys:
    """The keys of a network's vouchers and code cards; its `repr` shows none."""

    __slots__ = ("_cards", "_messages")

    def __init__(self, messages: MessageKeys, cards: bytes) -> None:
        """Take the keys of `[keys] messages` and `[keys] cards`, the latter raw."""
        if len(cards) != _KEY_BYTES:
            raise ValueError(f"the key of code cards must have {_KEY_BYTES} bytes")
        self._messages = messages
        self._cards = cards

    def voucher(self, number: str) -> bytes:
        """Return the 16 bytes that are kept of a voucher's number."""
        return self._messages.voucher(number)

    def code(self, card: int, position: int) -> str:
        """Return the six digits at a position (from 1) of a card."""
        told = _LABEL + card.to_bytes(8, "big") + position.to_bytes(2, "big")
        digest = hmac.digest(self._cards, told, "sha256")
        # 64 bits over a million values: no code is likelier than another.
        number = int.from_bytes(digest[:8], "big") % 10**CODE_DIGITS
        return f"{number:0{CODE_DIGITS}d}"

    def __repr__(self) -> str:
        """Show asterisks."""
        return "PaperKeys(****)"

"""The values of the outbox: classes, states and a row that is owed.

What goes out: what the other modules of the outbox and the senders of the links speak
of. The states' transitions are drawn at the table in `ledger.sqlite.schema`; rows are
made and claimed in `smsgate.messages.outbox.owed`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from smsgate.store import Row

#: Links name a recipient in their own way; the last digits are what they agree on.
_TAIL_DIGITS = 8
#: Length of a send's key: vendors take 36 and more.
_KEY_CHARS = 32


class Class(IntEnum):
    """What kind of text it is; a smaller number always goes first."""

    #: Answers, receipts to both sides, requests, security notices.
    receipt = 0
    #: Matches and reminders.
    notice = 1
    #: Promotions and surveys.
    campaign = 2


class State(StrEnum):
    """Where a text that is owed stands."""

    queued = "queued"
    #: A link has it, or had it when the daemon stopped.
    sending = "sending"
    #: The far side took it.
    sent = "sent"
    #: A report says that the phone has it, whole.
    delivered = "delivered"
    #: It will never arrive.
    failed = "failed"
    #: Nobody could send it in time.
    expired = "expired"
    #: It was written to the wire and no answer came.
    unsure = "unsure"
    #: Its reader was told in a USSD session and needs no text.
    withdrawn = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """One text that is owed, as a sender needs it."""

    id: int
    cls: Class
    #: The reply's name.
    name: str
    #: E.164.
    recipient: str = field(repr=False)
    body: str = field(repr=False)
    #: When it was owed first, and how often anew on purpose since.
    at_ms: int = 0
    anew: int = 0


def owed_of(row: Row) -> Owed:
    """Return a row of the outbox as a value."""
    return Owed(
        id=int(row["id"]),
        cls=Class(row["class"]),
        name=str(row["name"]),
        recipient=str(row["recipient"]),
        body=str(row["body"]),
        at_ms=int(row["at_ms"]),
        anew=int(row["anew"]),
    )


def send_key(ledger: str, owed: Owed) -> str:
    """Name a send for vendors that send what has the same name once.

    It stays while a text is tried again, and is another one when it is owed anew, in
    another `ledger` (its instance), and for a row of this number in a file put back.
    """
    named = f"{ledger}|{owed.id}|{owed.at_ms}|{owed.anew}".encode()
    return hashlib.sha256(named).hexdigest()[:_KEY_CHARS]


def number_tail(number: str) -> str:
    """Return the digits by which a number is known on any link; '' where it has none.

    `+503 7012 3456`, `50370123456` and `70123456` are one phone.
    """
    digits = "".join(c for c in number if c in "0123456789")
    return digits[-_TAIL_DIGITS:]

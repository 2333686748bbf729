"""Messages: what arrived, what is owed, and what waits for an answer.

What comes in: open transactions (`Tx`) or readers (`Query`) of the store. What goes
out: rows of the inbox, the outbox, the reports, the questions and the quarantine; this
room alone writes them. Every function here is plain and runs inside its caller's
transaction, so that a text, what it did and what is owed for it are kept together or
not at all. `inbox` and `outbox` are the two halves; `keys` makes the keyed digests,
`pacing` counts what went out. The story goes on in `smsgate.gateway`.
"""

from smsgate.messages.keys import BadMessageKey, MessageKeys, SealBroken
from smsgate.messages.retention import forget_due

__all__ = ["BadMessageKey", "MessageKeys", "SealBroken", "forget_due"]

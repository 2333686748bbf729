"""The outbox: every text that is owed to a phone, and what became of it.

What comes in: texts owed by handlers, in their own transaction; claims by the sender of
each link; what the link said of a send; delivery reports. What goes out: rows in the
states drawn at the table in `ledger.sqlite.schema`. A row is durably `sending` before
its first byte is written, so a crash leaves it unsure and never forgotten.

`owed` writes and claims rows, `moving` gives them a link, `settling` says what became
of a send, `reports` meets delivery reports with sends, `rows` holds the values. Driven
by `smsgate.gateway.out.sending`.
"""

from smsgate.messages.outbox.moving import BATCH, Waiting, assign, behind, move, waiting
from smsgate.messages.outbox.owed import (
    claim,
    expire_due,
    hurry,
    next_due_ms,
    owe,
    owe_again,
    reroute,
    resend,
    take_back,
    told_to,
    unasked_since,
    withdraw,
    withhold,
)
from smsgate.messages.outbox.reports import REPORT_WINDOW_MS, recipient_of, report
from smsgate.messages.outbox.rows import Class, Owed, State, send_key
from smsgate.messages.outbox.settling import (
    RETRY_FIRST_MS,
    RETRY_MOST_MS,
    UNSURE_WAIT_MS,
    failed,
    plainly,
    repeat,
    retry,
    sent,
    sweep,
    unsure,
    unsure_due,
)

__all__ = [
    "BATCH",
    "REPORT_WINDOW_MS",
    "RETRY_FIRST_MS",
    "RETRY_MOST_MS",
    "UNSURE_WAIT_MS",
    "Class",
    "Owed",
    "State",
    "Waiting",
    "assign",
    "behind",
    "claim",
    "expire_due",
    "failed",
    "hurry",
    "move",
    "next_due_ms",
    "owe",
    "owe_again",
    "parts",
    "plainly",
    "recipient_of",
    "repeat",
    "report",
    "reroute",
    "resend",
    "retry",
    "send_key",
    "sent",
    "sweep",
    "take_back",
    "told_to",
    "unasked_since",
    "unsure",
    "unsure_due",
    "waiting",
    "withdraw",
    "withhold",
]

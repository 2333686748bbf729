"""Counting what goes out over a SIM, and saying when answers alone crowd it.

What comes in: each text as it is begun. What goes out: the pace kept in
`smsgate.messages.pacing`, and one line of the log when a SIM writes so many answers
that its operator may block it. Called by `smsgate.gateway.out.sending`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from smsgate.messages.outbox import Class

if TYPE_CHECKING:
    from smsgate.messages.pacing import Pacing

log = structlog.get_logger(__name__)


def count(pacing: Pacing, cls: Class, link: str, now_s: float) -> None:
    """Count one text of this class; receipts are counted, but never held back."""
    if cls is not Class.receipt:
        pacing.took(now_s)
        return
    before = pacing.alarmed(now_s)
    pacing.answered(now_s)
    if pacing.alarmed(now_s) and not before:
        log.error(
            "link.crowded",
            link=link,
            why="answers alone reach the hourly figure of this SIM: operators "
            "block SIMs that write so much; add a second one",
        )

"""What happens to texts inside an emulated modem, told at the moment it happens.

What comes in: listings, deletions and typed PDUs, as the message commands carry them
out. What goes out: a `Happening` each, to whoever asked for them with
`EmulatedModem.on_happening`. Tests that kill a daemon between two steps, and trainers
who want to see the steps, need to know more than what the network took in the end.
Told by `modem.simulator.sms`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class What(StrEnum):
    """The steps of a text in and out."""

    #: A stored message is about to be shown to the driver.
    listed = "listed"
    #: A stored message was deleted by the driver.
    deleted = "deleted"
    #: A PDU to be sent came in whole; the network takes it after the radio's time.
    typed = "typed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One step of one message."""

    what: What
    #: SMSC address first, as listings show it; typed ones as they were typed.
    pdu: bytes = field(repr=False)

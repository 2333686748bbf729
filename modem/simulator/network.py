"""The network an emulated modem is registered in.

What comes in: texts from phones (`arrive`) and TPDUs the driver submits (`take`). What
goes out: messages into the modem's memories, a `Submitted` for each TPDU, and status
reports where they were asked for. A message that finds no room waits here and comes
when a slot is freed, as in real networks. Used by `modem.simulator.sms`.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from modem.simulator.pdus import number_of, status_report, wants_report

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

#: References count in one octet.
_REFERENCES = 256
#: Network registration: home network.
HOME = 1
#: Network registration: roaming.
ROAMING = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """One TPDU the network took from the modem."""

    #: SMS-SUBMIT, without the SMSC address.
    tpdu: bytes = field(repr=False)
    reference: int
    #: Destination, with a plus when international.
    to: str
    #: When the network took it.
    at: datetime
    #: The sender asked for a status report.
    wants_report: bool


class Network:
    """What lies behind the radio."""

    def __init__(self, clock: Callable[[], datetime], status: int | None) -> None:
        """Begin registered; `status` is what reports say, None sends none by itself."""
        self.clock = clock
        self.registration = HOME
        self.operator = "Emulated"
        self.signal = 21
        self.report_status = status
        #: PDUs for the receive memory, oldest first.
        self.messages: deque[bytes] = deque()
        #: PDUs of status reports, oldest first.
        self.reports: deque[bytes] = deque()
        self.sent: list[Submitted] = []
        #: Credit of the SIM and what a message costs; None: it is never used up.
        self.airtime: Decimal | None = None
        self.price = Decimal(0)
        self._reference = -1

    @property
    def reachable(self) -> bool:
        """Whether the modem is registered."""
        return self.registration in {HOME, ROAMING}

    @property
    def broke(self) -> bool:
        """Whether the credit is used up."""
        return self.airtime is not None and self.airtime < self.price

    def take(self, tpdu: bytes) -> Submitted:
        """Take a submitted TPDU under the next reference, and its price."""
        if self.airtime is not None:
            self.airtime -= self.price
        self._reference = (self._reference + 1) % _REFERENCES
        submitted = Submitted(
            tpdu=tpdu,
            reference=self._reference,
            to=number_of(tpdu),
            at=self.clock(),
            wants_report=wants_report(tpdu),
        )
        self.sent.append(submitted)
        if submitted.wants_report and self.report_status is not None:
            self.report(submitted, self.report_status)
        return submitted

    def report(self, submitted: Submitted, status: int) -> None:
        """Send a status report on a TPDU back to the modem."""
        pdu = status_report(submitted.tpdu, submitted.reference, status, self.clock())
        self.reports.append(pdu)

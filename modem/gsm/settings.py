"""What an operator can set for a modem, and the clock the driver is handed.

What comes in: the keys of a `[[link]]` with `driver = "gsm"`, checked by
`modem.drivers`. What goes out: one frozen `GsmSettings` for all modules here. Times
that wait for the modem itself are the machine's; how old a part is, is judged by
`Clock`, so that a test can let half an hour pass. Used by `modem.gsm.link`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime


class Clock(Protocol):
    """What the driver needs of a clock; fulfilled by `smsgate.clock.Clock`."""

    def now(self) -> datetime:
        """The time, aware, UTC."""

    def monotonic(self) -> float:
        """Seconds that never go back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GsmSettings:
    """One modem; `port` or `imei` must be given."""

    #: A device, a pattern such as /dev/ttyUSB*, or nothing: wherever the `imei` is.
    port: str = ""
    baud: int = 115_200
    #: PIN of the SIM; empty when it asks for none. Tried once.
    sim_pin: str = field(default="", repr=False)
    #: Use only the modem with this IMEI; empty for any.
    imei: str = ""
    #: Seconds between two looks into every memory; notices only make it sooner.
    poll_s: float = 5.0
    #: Seconds between two looks at registration and signal.
    heartbeat_s: float = 30.0
    #: Minutes added to the network's time stamps, where its zone is wrong.
    time_offset_minutes: int = 0
    #: Whether senders' numbers can be trusted.
    trusted: bool = True
    #: Whether delivery reports are asked for.
    reports: bool = True
    #: Seconds an answer may take.
    answer_s: float = 5.0
    #: Seconds the prompt for a PDU may take.
    prompt_s: float = 5.0
    #: Seconds the network may take to accept a text (TS 24.011 allows some 40).
    submit_s: float = 60.0
    #: Seconds before a connection is tried again, doubled up to the maximum.
    reconnect_s: float = 0.5
    reconnect_max_s: float = 5.0
    #: Seconds before a SIM that asks for a code is looked at again.
    locked_s: float = 30.0
    #: Seconds before a text the house did not keep is offered again, doubled up to 30.
    offer_again_s: float = 0.5
    #: Seconds the parts of one text may take, from its first.
    parts_wait_s: float = 1_800.0
    #: Seconds a set of parts is watched before it is given up for any reason.
    parts_grace_s: float = 15.0
    #: More parts than this are refused.
    parts_max: int = 3
    #: Seconds without a network after which the modem is restarted; doubled each time.
    restart_s: float = 180.0
    restart_max_s: float = 3_600.0
    #: So many sends in a row that were not answered have the modem restarted.
    unanswered_max: int = 3
    #: The code by which the operator tells a prepaid SIM's credit; empty: not asked.
    airtime_code: str = ""
    #: A regular expression with a group `amount`.
    airtime_pattern: str = ""
    #: Below this an alarm is raised; empty: never.
    airtime_floor: str = ""
    airtime_every_hours: float = 24.0

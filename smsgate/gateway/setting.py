"""Everything the gateway works with, and what it knows of each link.

What comes in: the parts of the house that `smsgate.daemon` has opened. What goes out:
values that `smsgate.gateway` and `smsgate.ussd` are built on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from commands.parse import Grammar
    from smsgate.clock import Clock
    from smsgate.gateway.answering import House
    from smsgate.members.pins import PinDesk
    from smsgate.messages.keys import MessageKeys
    from smsgate.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRules:
    """What the configuration says of a link beside how to reach it."""

    #: How old a text may be that carries no send time; None: nobody knows.
    max_delay_ms: int | None = None
    #: What the driver adds to the network's time stamps.
    time_offset_ms: int = 0
    #: ISO country of numbers without a plus; empty: the network's.
    country: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Everything the gateway works with; wired in `smsgate.daemon`."""

    store: Store
    clock: Clock
    keys: MessageKeys
    pins: PinDesk
    house: House
    grammar: Grammar
    #: ISO country whose dialling rules numbers without a plus follow.
    country: str
    rules: Mapping[str, LinkRules]
    #: How many texts may be answered at once; what comes on top is refused.
    in_flight_max: int
    #: Time of the newest row before this start of the daemon; 0: there was none.
    newest_ms: int

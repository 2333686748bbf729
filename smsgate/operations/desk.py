"""Where an operation works: the ledger, the keys, and on whose behalf.

What comes in: the open store and what goes with it, from the daemon or from a shell
that holds the lock. What goes out: the same `Desk` either way, with the two forms that
every document uses, amounts as `"25.50"` and times as ISO 8601 in the network's zone.
The operations themselves are named in `smsgate.operations.table`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias
from zoneinfo import ZoneInfo

from smsgate.clock import from_ms
from smsgate.errors import SmsgateError
from smsgate.money import parse_amount, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from modem.link import Capabilities, LinkState, Noise, Reread
    from smsgate.clock import Clock
    from smsgate.config import Config
    from smsgate.members.pins import PinDesk
    from smsgate.messages.keys import MessageKeys
    from smsgate.store import Store

#: One JSON object: what an operation returns and `--json` prints.
Document: TypeAlias = dict[str, Any]

#: Told what long work is at: what, how much is done, how much there is (0: unknown).
Progress: TypeAlias = "Callable[[str, int, int], None]"


class OperationRefused(SmsgateError):
    """It was understood and not done; nothing of it took effect.

    `lines` are single mistakes, one sentence each, where there may be many.
    """

    def __init__(self, sentence: str, lines: Sequence[str] = ()) -> None:
        """Say what to do."""
        super().__init__(sentence)
        self.lines = tuple(lines)


class NotReached(SmsgateError):
    """What the operation needs (the daemon, the ledger, a file) cannot be reached."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of an operation, and the exit code that goes with it."""

    document: Document
    #: 0, or 1 where it found a problem.
    exit_code: int = 0


class Live(Protocol):
    """What operations may ask of a running daemon; fulfilled by `smsgate.daemon`."""

    def texts_owed(self) -> None:
        """Take note that texts are owed which no sender knows of yet."""

    def link_states(self) -> Mapping[str, LinkState]:
        """Return how each link is right now, by name."""

    def link_health(self) -> Mapping[str, float]:
        """Return how well each link has done lately, from 0.0 to 1.0, by name."""

    def capabilities(self) -> Mapping[str, Capabilities]:
        """Return what each link can do, by name."""

    def clock_accepted(self) -> None:
        """Take note that an operator declared today's clock right."""

    async def read_again(self, noises: Sequence[Noise]) -> Reread | None:
        """Read noise once more, and do what it says; None where its link cannot.

        Raises:
            NotKept: nothing was done; try again.
        """


_NAME = re.compile(r"[\w .@-]{1,40}")


def actor_of(uid: int, as_name: str) -> str:
    """Return how the audit log calls somebody: `uid:1000 as marta`.

    Raises:
        OperationRefused: the name given with `--as` is no name.
    """
    if not as_name:
        return f"uid:{uid}"
    if _NAME.fullmatch(as_name) is None:
        raise OperationRefused(
            "a name after --as is 1 to 40 letters, digits, spaces or any of . @ _ -"
        )
    return f"uid:{uid} as {as_name}"


def _nothing(_what: str, _done: int, _total: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What an operation is handed beside its arguments."""

    store: Store
    config: Config
    clock: Clock
    pins: PinDesk
    keys: MessageKeys
    #: For the audit log: `uid:1000`, or `uid:1000 as marta`.
    actor: str
    #: The running daemon; None in a shell that works alone.
    live: Live | None = None
    progress: Progress = field(default=_nothing, repr=False)

    def amount(self, minor: int) -> str:
        """Write minor units as documents do: `"25.50"`."""
        return plain(minor, self.config.network.decimals)

    def minor(self, text: str, *, signed: bool = False) -> int:
        """Read an amount that an operator wrote.

        Raises:
            BadAmount: it is no amount.
        """
        return parse_amount(text, self.config.network.decimals, signed=signed)

    def time(self, ms: int) -> str:
        """Write a time as ISO 8601 with the offset of the network's zone."""
        zone = ZoneInfo(self.config.network.timezone)
        return from_ms(ms).astimezone(zone).isoformat(timespec="seconds")

    def time_or_none(self, ms: int | None) -> str | None:
        """Write a time; None where there is none (None or 0)."""
        return self.time(ms) if ms else None

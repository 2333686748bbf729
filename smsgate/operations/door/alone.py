"""An operation with no daemon: in this process, which takes the ledger's lock.

What comes in: the configuration and a request. What goes out: the same answer that the
daemon would give. `ledger check` takes no lock: it reads only, and must work on a
ledger that cannot be opened for writing. The other way is
`smsgate.operations.door.asking`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn, TypeVar, cast

from smsgate.clock import Clock
from smsgate.config import BadSecret
from smsgate.members.pins import PinDesk, PinPolicy
from smsgate.messages.keys import MessageKeys
from smsgate.operations.desk import Desk
from smsgate.operations.house.ledger import examine
from smsgate.operations.requests import LedgerCheck
from smsgate.operations.table import perform
from smsgate.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable

    from smsgate.config import Config
    from smsgate.operations.desk import Answer, Progress
    from smsgate.operations.requests import Request

T = TypeVar("T")


async def perform_alone(
    config: Config, request: Request, *, actor: str, progress: Progress
) -> Answer:
    """Do what is asked in this process.

    Raises:
        LedgerLocked: another process writes the ledger.
        SmsgateError: it was not done; nothing of it took effect.
    """
    if isinstance(request, LedgerCheck):
        return examine(config.ledger_path, request.witnesses)
    clock = Clock()
    pins = _opened(PinDesk, lambda: _pin_desk(config))
    try:
        async with await Store.open(config.ledger_path, clock) as store:
            desk = Desk(
                store=store,
                config=config,
                clock=clock,
                pins=pins,
                keys=_opened(
                    MessageKeys, lambda: MessageKeys(config.keys.read_messages())
                ),
                actor=actor,
                progress=progress,
            )
            return await perform(desk, request)
    finally:
        if isinstance(pins, PinDesk):
            pins.close()


def _pin_desk(config: Config) -> PinDesk:
    return PinDesk(config.keys.read_pin(), PinPolicy.of(config.security))


def _opened(kind: type[T], opening: Callable[[], T]) -> T:
    """Open a key; one that cannot be read stops only what needs it."""
    try:
        return opening()
    except BadSecret as error:
        return cast("T", _Unopened(error))


class _Unopened:
    """Stands for what needs a key that cannot be read."""

    def __init__(self, error: BadSecret) -> None:
        self._error = error

    def __getattr__(self, _name: str) -> NoReturn:
        raise self._error

"""Tell members by text what was decided at a shell.

What comes in: replies and whom they are for, inside the transaction that decided. What
goes out: rows of the outbox in each one's language. `voice_of` is how the whole house
speaks; the daemon uses it too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands.reply import Voice
from smsgate.gateway.unasked.noticing import owe_notices
from smsgate.phone import calling_code

if TYPE_CHECKING:
    from collections.abc import Iterable

    from smsgate.config import Config
    from smsgate.handlers import Told
    from smsgate.operations.desk import Desk
    from smsgate.store import Tx


def voice_of(config: Config) -> Voice:
    """Return how a network speaks."""
    network = config.network
    return Voice(
        language=network.language,
        network=network.name,
        unit=network.unit,
        decimals=network.decimals,
        help_phone=network.help_phone,
        timezone=network.timezone,
        country_code=calling_code(network.country),
        shown=tuple(
            (language, keyword, word)
            for language, named in config.shown.items()
            for keyword, word in named.items()
        ),
    )


def tell(desk: Desk, tx: Tx, told: Iterable[Told]) -> None:
    """Owe these texts."""
    owe_notices(tx, voice_of(desk.config), told)


def owed(desk: Desk) -> None:
    """Have the running daemon send what was owed, once it is durable."""
    if desk.live is not None:
        desk.live.texts_owed()

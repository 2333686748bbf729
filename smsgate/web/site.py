"""What the routes work with.

What comes in: the parts of the running house, from `smsgate.daemon`. What goes out:
one value that `smsgate.web.server` puts before every route.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog

from modem.hooks import Hook, HookAnswer, Hooked
from smsgate.ussd import Desk

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from modem.link import Link
    from smsgate.clock import Clock
    from smsgate.config import Address, Config
    from smsgate.gateway import Gateway
    from smsgate.store import Store

log = structlog.get_logger(__name__)

#: Answers a step of a USSD session.
Ussd = Callable[[Hooked, Hook], Awaitable[HookAnswer]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Everything behind the web server."""

    listen: Address
    #: The address under which others reach it, without a slash at its end.
    public_url: str
    gateway: Gateway
    store: Store
    clock: Clock
    links: Sequence[Link]
    #: Links that are fed by webhooks, by name.
    hooked: Mapping[str, Hooked]
    #: Answers steps of USSD sessions.
    ussd: Ussd
    #: Certificate chain and key; None: plain HTTP, for a proxy that does TLS.
    tls: tuple[Path, Path] | None = None

    @classmethod
    def of(
        cls,
        config: Config,
        gateway: Gateway,
        store: Store,
        clock: Clock,
        links: Sequence[Link],
    ) -> Site | None:
        """Return the site of a house; None where the configuration wants no server."""
        hooked = {link.name: link for link in links if isinstance(link, Hooked)}
        if config.http.listen is None:
            for name in hooked:
                log.warning(
                    "web.off",
                    link=name,
                    why="its webhooks are not heard: write [http] listen",
                )
            return None
        return cls(
            listen=config.http.listen,
            public_url=config.http.address,
            gateway=gateway,
            store=store,
            clock=clock,
            links=links,
            hooked=hooked,
            tls=config.http.tls,
            ussd=Desk(gateway).take,
        )

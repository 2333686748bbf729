"""What the routes work with.

What comes in: the parts of the running house, from `smsgate.daemon`. What goes out:
one value that `smsgate.web.server` puts before every route.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from modem.hooks import Hook, HookAnswer, Hooked

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from modem.link import Link
    from smsgate.clock import Clock
    from smsgate.config import Address
    from smsgate.gateway import Gateway
    from smsgate.store import Store

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
    #: None: no session menus here.
    ussd: Ussd | None = None
    #: Certificate chain and key; None: plain HTTP, for a proxy that does TLS.
    tls: tuple[Path, Path] | None = None

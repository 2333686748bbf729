"""What an aggregator's webhook is to a link.

What comes in: a `Hook`, one HTTP request to `/hook/{link}/{secret}/…`, read whole and
not yet believed. What goes out: a `HookAnswer`, with the status the sender is to get:
200 once everything in it is kept durably, 401 where the signature is wrong, 400 where
it cannot be read, 503 where it should be sent again. The web server (`smsgate.web`)
knows only this port; `modem.http` fulfils it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from modem.errors import LinkError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from modem.link import Capabilities


class Forged(LinkError):
    """A webhook whose signature, time or secret is wrong; the text says which."""


class Unreadable(LinkError):
    """A webhook that cannot be read; the text says what is missing, quoting nothing."""


class HookKind(StrEnum):
    """What the last part of a webhook's path announces."""

    incoming = "in"
    report = "report"
    #: A step of a USSD session; verified by the link, answered by `smsgate.ussd`.
    ussd = "ussd"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """One request to a webhook, as it came; whoever prints it prints no secret."""

    kind: HookKind
    method: str
    #: The address as the sender called it: the public one, with its query.
    url: str = field(repr=False)
    #: Decoded, in order, keys may repeat.
    query: tuple[tuple[str, str], ...] = field(repr=False, default=())
    #: Names in lower case.
    headers: Mapping[str, str] = field(repr=False)
    #: Raw bytes; a signature covers these and nothing that was made of them.
    body: bytes = field(repr=False)
    #: When it arrived, UTC.
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HookAnswer:
    """What the sender of a webhook is told."""

    status: int
    body: bytes = b""
    #: Without a charset: it is UTF-8.
    content_type: str = "text/plain"
    #: Seconds after which it may be sent again; with 503 only.
    retry_after_s: int | None = None


@runtime_checkable
class Hooked(Protocol):
    """A link that is fed by webhooks."""

    @property
    def name(self) -> str:
        """The name of the link, the second part of the webhook's path."""

    @property
    def capabilities(self) -> Capabilities:
        """What this link can do; `ussd` where sessions come over it."""

    @property
    def path_secret(self) -> str:
        """The third part of the path; compare it in constant time."""

    def believe(self, hook: Hook) -> None:
        """Check signature, time window and nonce; raises Forged."""

    async def take(self, hook: Hook) -> HookAnswer:
        """Verify, read and keep a text or report; never raises for bad input."""

"""What every faked vendor is made of: what it took, what it posts, how it is asked.

What comes in: nothing. What goes out: the protocol `Speaker` and its values, and the
few ways of writing that vendors share. `speakers` and `telecoms` are the vendors.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from datetime import UTC, timedelta, timezone
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from aiohttp import web

Answer = tuple[int, dict[str, str], bytes]

HERE = timezone(timedelta(hours=-6))
JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A text that the vendor accepted."""

    #: As the vendor reports on it.
    id: str
    to: str
    text: str
    #: We chose the id, and the vendor sends one text an id.
    ours: bool = False
    #: All that was asked, for tests that look closer.
    asked: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Post:
    """One request to a webhook."""

    url: str
    method: str = "POST"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    #: The signature, wherever in it that stands.
    signature: str


class Mistaken(Exception):
    """A request that the vendor does not take."""

    def __init__(self, status: int, body: object = None) -> None:
        """Say how it is answered."""
        super().__init__(status)
        self.status = status
        self.body = b"" if body is None else packed(body)


class Speaker(Protocol):
    """One vendor's ways."""

    #: What `[[link]] preset` says; '' where nothing is shipped for it.
    PRESET: ClassVar[str]

    def options(self, url: str) -> dict[str, str]:
        """The keys that make a link use this vendor at this address."""

    def read(self, request: web.BaseRequest, body: bytes) -> Taken:
        """Read a request; raises Mistaken."""

    def answer(self, taken: Taken, *, known: bool) -> Answer:
        """Write the answer; `known`: this id was taken before."""

    def incoming(
        self, url: str, sender: str, text: str, at: datetime, event: str
    ) -> Post:
        """Write the webhook of a text."""

    def report(
        self, url: str, reference: str, to: str, status: str, at: datetime
    ) -> Post:
        """Write the webhook of a report: delivered, trying or failed."""


def packed(value: object) -> bytes:
    """Write JSON as most vendors do."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def basic(user: str, password: str) -> str:
    """Write an Authorization header."""
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def iso(at: datetime) -> str:
    """Write a time in UTC to the millisecond."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def allowed(request: web.BaseRequest, wanted: str) -> None:
    """Demand an Authorization; raises Mistaken."""
    if request.headers.get("Authorization") != wanted:
        raise Mistaken(401, {"message": "Unauthorized"})


def from_json(body: bytes) -> Any:
    """Read JSON; raises Mistaken."""
    try:
        return json.loads(body)
    except ValueError as error:
        raise Mistaken(400, {"message": "no JSON"}) from error

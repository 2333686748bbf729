"""Webhooks as the house's server hands them on, made from their pieces.

What comes in: an address, headers and a body, or a `Post` of a faked vendor. What goes
out: a `Hook`. The query is read from the address, as a server does.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from modem.hooks import Hook, HookKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.modem.aggregators.spoken import Post

AT = datetime(2026, 11, 25, 15, 0, tzinfo=UTC)
FORM = "application/x-www-form-urlencoded"
URL = "https://pay.example/hook/vendor/s3cret"


def hooked(
    body: bytes = b"",
    *,
    kind: HookKind = HookKind.incoming,
    url: str = f"{URL}/in",
    method: str = "POST",
    headers: Mapping[str, str] | None = None,
    at: datetime = AT,
) -> Hook:
    """Return a webhook; header names may be written in any case."""
    try:
        query = tuple(parse_qsl(urlsplit(url).query, keep_blank_values=True))
    except ValueError:
        query = ()
    return Hook(
        kind=kind,
        method=method,
        url=url,
        query=query,
        headers={name.lower(): value for name, value in (headers or {}).items()},
        body=body,
        at=at,
    )


def hook_of(post: Post, *, at: datetime = AT) -> Hook:
    """Return what arrives when a vendor posts this."""
    report = urlsplit(post.url).path.endswith("/report")
    return hooked(
        post.body,
        kind=HookKind.report if report else HookKind.incoming,
        url=post.url,
        method=post.method,
        headers=post.headers,
        at=at,
    )

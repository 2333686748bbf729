"""Every address there is, in one table.

What comes in: a site. What goes out: an application whose addresses are those of
`ROUTES` and no others; whatever else is asked for is answered shortly and alike. GET
stands beside POST for vendors that send texts and reports so (Vonage, Kannel); a USSD
step holds the PIN and is never taken from an address, which others log.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

import structlog
from aiohttp import web

from modem.hooks import HookKind
from smsgate.web.health import Health
from smsgate.web.hooks import BODY_MAX_BYTES, Hooks

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Awaitable, Callable

    from smsgate.web.site import Site

    Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

log = structlog.get_logger(__name__)


def table(site: Site, group: asyncio.TaskGroup) -> list[tuple[str, str, Handler]]:
    """Return every route: method, address, handler."""
    hooks, health = Hooks(site, group), Health(site)
    heard, told = hooks.route(HookKind.incoming), hooks.route(HookKind.report)
    return [
        ("POST", "/hook/{link}/{secret}/in", heard),
        ("GET", "/hook/{link}/{secret}/in", heard),
        ("POST", "/hook/{link}/{secret}/report", told),
        ("GET", "/hook/{link}/{secret}/report", told),
        ("POST", "/hook/{link}/{secret}/ussd", hooks.route(HookKind.ussd)),
        ("GET", "/healthz", health.alive),
        ("GET", "/readyz", health.ready),
    ]


def application(site: Site, group: asyncio.TaskGroup) -> web.Application:
    """Return the application of a site."""
    app = web.Application(middlewares=[_plainly], client_max_size=BODY_MAX_BYTES)
    for method, path, handler in table(site, group):
        app.router.add_route(method, path, handler)
    app.on_response_prepare.append(_unsigned)
    return app


@web.middleware
async def _plainly(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer every refusal in its own few words, and our faults without any."""
    try:
        return await handler(request)
    except web.HTTPException as refusal:
        return _plain(refusal.status, refusal.headers.get("Allow"))
    except Exception:
        log.exception("web.failed", method=request.method)
        return _plain(HTTPStatus.INTERNAL_SERVER_ERROR)


def _plain(status: int, allow: str | None = None) -> web.Response:
    headers = {} if allow is None else {"Allow": allow}
    words = HTTPStatus(status).phrase.lower()
    return web.Response(status=status, text=f"{words}\n", headers=headers)


async def _unsigned(_request: web.Request, response: web.StreamResponse) -> None:
    """Say nothing of what we are made of."""
    response.headers["Server"] = "smsgate"

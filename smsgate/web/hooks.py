"""Webhooks: called rightly, admitted, read once, taken, answered in time.

What comes in: a request to `/hook/LINK/SECRET/…`. What goes out: what the link made of
it (`modem.hooks.Hooked.take`), or a refusal before it saw any of it: 404 for a wrong
secret as for any address that is not there, 503 at once while too many are under way,
413 for a body that is too long. What takes longer than vendors wait is answered 503
and finished all the same: their next try meets its key.
"""

from __future__ import annotations

import asyncio
import hmac
from typing import TYPE_CHECKING

import structlog
from aiohttp import web

from modem.hooks import Hook, HookAnswer, HookKind

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from modem.hooks import Hooked
    from smsgate.web.site import Site

log = structlog.get_logger(__name__)

#: A webhook's body; the longest that any vendor sends is a tenth of it.
BODY_MAX_BYTES = 64 * 1024
#: How long a body may take to arrive, seconds.
BODY_S = 5.0
#: After this the vendor is told to come again; the quickest waits two seconds.
ANSWER_S = 0.9
#: A USSD step has no next try: networks wait some five seconds for it.
USSD_S = 4.0
#: After so many seconds a webhook that was not taken may come again.
RETRY_AFTER_S = 5

_NOT_NOW = HookAnswer(status=503, retry_after_s=RETRY_AFTER_S)


class Hooks:
    """The routes of webhooks."""

    def __init__(self, site: Site, group: asyncio.TaskGroup) -> None:
        """Take webhooks for this site; `group` finishes what is answered too late."""
        self._site = site
        self._group = group
        self._under_way = 0
        # Compared with where there is no such link, so that it takes as long.
        self._nobody = site.clock.token_bytes(16).hex()

    def route(self, kind: HookKind) -> Callable[[web.Request], Awaitable[web.Response]]:
        """Return the handler of one kind of webhook."""

        async def handler(request: web.Request) -> web.Response:
            link = self._called(request)
            if kind is HookKind.ussd and not link.capabilities.ussd:
                raise web.HTTPNotFound
            return _response(await self._admit(link, kind, request))

        return handler

    def _called(self, request: web.Request) -> Hooked:
        """Return the link that is called by its name and secret."""
        link = self._site.hooked.get(request.match_info["link"])
        secret = self._nobody if link is None else link.path_secret
        given = request.match_info["secret"].encode(errors="replace")
        if not hmac.compare_digest(given, secret.encode()) or link is None:
            raise web.HTTPNotFound
        return link

    async def _admit(
        self, link: Hooked, kind: HookKind, request: web.Request
    ) -> HookAnswer:
        """Take a webhook unless too many are under way."""
        gateway = self._site.gateway
        if gateway.crowded or self._under_way >= gateway.in_flight_max:
            return _NOT_NOW
        self._under_way += 1
        taking: asyncio.Task[HookAnswer] | None = None
        try:
            hook = await self._read(kind, request)
            taking = self._group.create_task(self._take(link, hook))
        finally:
            if taking is None:
                self._under_way -= 1
        limit_s = USSD_S if kind is HookKind.ussd else ANSWER_S
        # Never cancelled with the request: what it began is finished.
        done, _ = await asyncio.wait({taking}, timeout=limit_s)
        return taking.result() if done else _NOT_NOW

    async def _take(self, link: Hooked, hook: Hook) -> HookAnswer:
        try:
            if hook.kind is HookKind.ussd:
                return await self._site.ussd(link, hook)
            return await link.take(hook)
        except Exception:
            # Our own fault: the vendor keeps it and comes again.
            log.exception("hook.failed", link=link.name)
            return _NOT_NOW
        finally:
            self._under_way -= 1

    async def _read(self, kind: HookKind, request: web.Request) -> Hook:
        body = await read_body(request)
        return Hook(
            kind=kind,
            method=request.method,
            url=self._site.public_url + request.raw_path,
            query=tuple(request.query.items()),
            headers={
                name.lower(): ", ".join(request.headers.getall(name))
                for name in request.headers
            },
            body=body,
            at=self._site.clock.now(),
        )


async def read_body(request: web.Request) -> bytes:
    """Read a body once, and no more of it than a webhook may have.

    Raises:
        web.HTTPException: it is too long, or too slow.
    """
    if (request.content_length or 0) > BODY_MAX_BYTES:
        raise web.HTTPRequestEntityTooLarge(BODY_MAX_BYTES)
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_S):
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > BODY_MAX_BYTES:
                    raise web.HTTPRequestEntityTooLarge(BODY_MAX_BYTES)
    except TimeoutError:
        raise web.HTTPRequestTimeout from None
    return bytes(body)


def _response(answer: HookAnswer) -> web.Response:
    headers = {}
    if answer.retry_after_s is not None:
        headers["Retry-After"] = str(answer.retry_after_s)
    return web.Response(
        status=answer.status,
        body=answer.body,
        content_type=answer.content_type,
        charset="utf-8",
        headers=headers,
    )

"""A text as a vendor's request.

What comes in: an `Outgoing`, a dialect's templates and what the link sets for its keys.
What goes out: an `HttpRequest` as bytes. What is sent is decided here alone; when, and
what the answer means, is told in `modem.aggregators.dialect.answering`.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from modem.aggregators.dialect.template import (
    EMPTY,
    LEFT_OUT,
    MESSAGE,
    Template,
    Tree,
    Values,
    fill_tree,
    in_url,
)
from modem.aggregators.wire import HttpRequest
from modem.text import is_gsm

if TYPE_CHECKING:
    from collections.abc import Mapping

    from modem.link import Outgoing

_KEY_CHARS = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Auth:
    """Who we are; the header is made anew for each request and kept nowhere."""

    scheme: str = "none"
    user: Template = EMPTY
    password: Template = EMPTY
    token: Template = EMPTY
    header: str = "Authorization"

    def headers(self, values: Values) -> dict[str, str]:
        """Return the header that says so, if there is one."""
        token = self.token.fill(values) or ""
        match self.scheme:
            case "basic":
                user = self.user.fill(values) or ""
                password = self.password.fill(values) or ""
                pair = base64.b64encode(f"{user}:{password}".encode()).decode()
                return {"Authorization": f"Basic {pair}"}
            case "bearer":
                return {"Authorization": f"Bearer {token}"}
            case "header":
                return {self.header: token}
            case _:
                return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """How a text is sent."""

    method: str
    url: Template
    auth: Auth = field(default_factory=Auth)
    headers: Mapping[str, Template] = field(default_factory=dict)
    query: Mapping[str, Template] = field(default_factory=dict)
    form: Mapping[str, Template] | None = None
    json: dict[str, Tree] | None = None
    #: Entries of the body, or else of the query, for texts that are no GSM.
    unicode: Mapping[str, Template] = field(default_factory=dict)
    timeout_s: float = 15.0
    window: int = 4
    reply: int = 0
    campaign: int = 0
    reference: Template | None = None

    @property
    def needed(self) -> frozenset[str]:
        """The link's keys without which there is no request."""
        auth = self.auth
        names = self.url.names.union(
            auth.user.names, auth.password.names, auth.token.names
        )
        return names - MESSAGE

    def request(self, outgoing: Outgoing, values: Values, secret: bytes) -> HttpRequest:
        """Write the request; `values` are the link's own keys."""
        filled = {**values, **self.message(outgoing, secret)}
        plain = is_gsm(outgoing.text)
        # Headers of the same name in another case are the same header.
        headers = dict(self.auth.headers(filled))
        body = b""
        if self.json is not None:
            headers["Content-Type"] = "application/json"
            body = _json_of(self.json, {} if plain else self.unicode, filled)
        elif self.form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            changed = {} if plain else self.unicode
            body = _parameters(self.form, changed, filled).encode("ascii")
        bodiless = self.json is None and self.form is None
        query = _parameters(
            self.query, self.unicode if bodiless and not plain else {}, filled
        )
        for name, template in self.headers.items():
            text = template.fill(filled)
            if text is not None:
                headers[name] = text
        reference = None if self.reference is None else self.reference.fill(filled)
        return HttpRequest(
            method=self.method,
            url=_with_query(self.address(filled), query),
            headers=tuple(headers.items()),
            body=body,
            reference=reference or "",
        )

    def message(self, outgoing: Outgoing, secret: bytes) -> dict[str, str]:
        """Return what the message brings to the templates."""
        return {
            "to": outgoing.to,
            "to_no_plus": outgoing.to.removeprefix("+"),
            "text": outgoing.text,
            "id": str(outgoing.id),
            "key": outgoing.key or _key(outgoing, secret),
            "ttl": str(outgoing.validity_s),
            "priority": str(self.campaign if outgoing.bulk else self.reply),
        }

    def address(self, values: Values) -> str:
        """Return the url without its query."""
        match self.url.pieces:
            # A link's own url opens it as it is; whatever comes later is escaped.
            case (first, *rest) if not isinstance(first, str):
                start = first.fill(values) or ""
                return start.rstrip("/") + (
                    Template(tuple(rest)).fill(values, in_url) or ""
                )
            case _:
                return self.url.fill(values, in_url) or ""


def _key(outgoing: Outgoing, secret: bytes) -> str:
    """Name a text for a vendor that sends the same name once.

    Keyed, because two networks on one phone both have a text number 1.
    """
    named = f"{outgoing.id}|{outgoing.to}".encode()
    return hmac.new(secret, named, hashlib.sha256).hexdigest()[:_KEY_CHARS]


def _json_of(
    tree: dict[str, Tree], changed: Mapping[str, Template], values: Values
) -> bytes:
    filled = fill_tree({**tree, **changed}, values)
    if isinstance(filled, dict):
        filled = {
            name: one
            for name, one in filled.items()
            if not (name in changed and one in ("", LEFT_OUT))
        }
    # A lone half of a surrogate pair is no UTF-8: escaped, it is still JSON.
    text = json.dumps(filled, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "backslashreplace")


def _parameters(
    entries: Mapping[str, Template], changed: Mapping[str, Template], values: Values
) -> str:
    pairs = []
    for name, template in {**entries, **changed}.items():
        text = template.fill(values)
        if text is not None and not (name in changed and text == ""):
            pairs.append((name, text))
    return urlencode(pairs, errors="replace")


def _with_query(url: str, query: str) -> str:
    if not query:
        return url
    return f"{url}{'&' if '?' in url else '?'}{query}"

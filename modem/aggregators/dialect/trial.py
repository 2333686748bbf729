"""Whether a dialect's requests are sound, tried before anybody's text depends on it.

What comes in: a dialect with a link's values. What goes out: nothing, or `BadDialect`.
Requests are written for texts full of what could break out of its place (quotation
marks, line ends, braces, emoji) and read back the way a vendor would: the text must
come out as it went in, and no header may have grown.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from modem.aggregators.dialect.template import one_line, slots_of
from modem.aggregators.keys import BadDialect
from modem.link import Outgoing

if TYPE_CHECKING:
    from modem.aggregators.dialect.sending import Sending
    from modem.aggregators.dialect.template import Values
    from modem.aggregators.wire import HttpRequest

_TO = "+50370001234"
_TEXTS = (
    'Recibio 5.00 de "Ana" \\ {to} {{x}} %0d%0a&to=1#',
    'a\r\nX-Other: 1\r\n\r\n{"to":"+1"}',
    "é 😀 “” \u2028 </text>",
)


def try_out(sending: Sending, values: Values, secret: bytes) -> None:
    """Write requests and read them back.

    Raises:
        BadDialect: a text would not arrive as it is, or the recipient is not named.
    """
    _names(sending, secret)
    for text in _TEXTS:
        request = sending.request(Outgoing(id=7, to=_TO, text=text), values, secret)
        for name, value in request.headers:
            if not one_line(value) or not value.isascii():
                raise BadDialect(
                    f"send.headers.{name}", "a header holds one line of plain letters"
                )
        found = set(_texts(request))
        if not {text, text.encode("utf-16-be").hex()} & found:
            raise BadDialect(
                "send", "nothing says what is sent: write {text} somewhere"
            )
        if not {_TO, _TO[1:]} & found and _TO[1:] not in request.url:
            raise BadDialect("send", "nothing says to whom: write {to} somewhere")


def _names(sending: Sending, secret: bytes) -> None:
    """A name that must stay apart from other networks' needs something of our own."""
    used = slots_of(sending.json or {}).union(
        *(one.names for one in (sending.form or {}).values()),
        *(one.names for one in sending.query.values()),
        *(one.names for one in sending.headers.values()),
        sending.reference.names if sending.reference else (),
    )
    if "key" in used and not secret:
        raise BadDialect("send", "{key} is made with a secret: mark one key as secret")


def _texts(request: HttpRequest) -> Iterator[str]:
    """Yield every text of a request as a vendor reads it."""
    for _, value in parse_qsl(urlsplit(request.url).query, keep_blank_values=True):
        yield value
    kind = dict(request.headers).get("Content-Type", "")
    if kind == "application/json":
        yield from _leaves(json.loads(request.body))
    elif request.body:
        for _, value in parse_qsl(request.body.decode(), keep_blank_values=True):
            yield value


def _leaves(tree: object) -> Iterator[str]:
    match tree:
        case str():
            yield tree
        case Mapping():
            for one in tree.values():
                yield from _leaves(one)
        case list():
            for one in tree:
                yield from _leaves(one)
        case _:
            pass

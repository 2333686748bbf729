"""A message from a file, as an operator or a test kept it.

What comes in: the bytes of a file: a whole HTTP message (a request or status line,
headers, an empty line, a body), or a body alone, or, behind a question mark, the query
of a GET. What goes out: the `Hook` or the `HttpAnswer` it would be. One line end at the
very end is the editor's and does not count.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from modem.aggregators.wire import HttpAnswer
from modem.hooks import Hook, HookKind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

_REQUEST = re.compile(r"([A-Z]+) (\S+) HTTP/1\.[01]", re.ASCII)
_STATUS = re.compile(r"HTTP/1\.[01] ([0-9]{3})(?: .*)?", re.ASCII)
_JSON = {"content-type": "application/json"}
_HEAD_END = re.compile(rb"\r?\n\r?\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A message, read from a file."""

    method: str = "POST"
    #: Path and query, or a whole url.
    target: str = field(repr=False, default="/")
    #: None where the file is no answer, or a body alone.
    status: int | None = None
    #: Names in lower case.
    headers: Mapping[str, str] = field(repr=False, default_factory=dict)
    body: bytes = field(repr=False, default=b"")

    def hook(self, kind: HookKind, at: datetime) -> Hook:
        """Return the webhook that this is."""
        host = self.headers.get("host", "localhost")
        url = self.target if "://" in self.target else f"https://{host}{self.target}"
        return Hook(
            kind=kind,
            method=self.method,
            url=url,
            query=tuple(parse_qsl(urlsplit(url).query, keep_blank_values=True)),
            headers=self.headers,
            body=self.body,
            at=at,
        )

    def answer(self, status: int = 200) -> HttpAnswer:
        """Return the answer that this is; `status` where the file does not say."""
        return HttpAnswer(
            status=self.status or status, headers=self.headers, body=self.body
        )


def read_sample(data: bytes) -> Sample:
    """Read a file."""
    if data.endswith(b"\n"):
        data = data[:-1].removesuffix(b"\r")
    end = _HEAD_END.search(data)
    head = data[: end.start()] if end else data
    first, *lines = head.decode("latin-1").splitlines() or [""]
    request, status = _REQUEST.fullmatch(first), _STATUS.fullmatch(first)
    if request is None and status is None:
        if data.startswith(b"?"):
            return Sample(method="GET", target=f"/{data.decode('latin-1').strip()}")
        json = data.lstrip().startswith((b"{", b"["))
        return Sample(body=data, headers=_JSON if json else {})
    headers = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    body = data[end.end() :] if end else b""
    if request is None:
        return Sample(
            status=int(status[1]) if status else None, headers=headers, body=body
        )
    return Sample(method=request[1], target=request[2], headers=headers, body=body)

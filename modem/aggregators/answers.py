"""What an answer means where the vendor's own words say nothing more.

What comes in: an `HttpAnswer`, whatever its bytes. What goes out: an outcome by the
HTTP status alone, and pieces for those vendors that say more. Reasons name the vendor
and a code, never a text. A 500 may come after the work was done, so it is `Perhaps`;
only an answer that means "not yet" is `NotNow`.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import TYPE_CHECKING, Any

from modem.aggregators import bodies
from modem.aggregators.wire import NotNow, Perhaps, Refused
from modem.hooks import Unreadable

if TYPE_CHECKING:
    from modem.aggregators.wire import HttpAnswer, Outcome
    from modem.link import Outgoing

_AFTER_MAX_S = 86_400.0
_SECONDS = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,3})?", re.ASCII)
_CODE = re.compile(r"[A-Za-z0-9_.-]{1,40}", re.ASCII)
#: The account's own trouble; another text, or another link, has nothing of it.
_ACCOUNT = {
    401: "does not accept the account's keys",
    402: "says that the account has no credit",
    403: "does not allow the account to do this",
    404: "knows no such address: check account and url",
    405: "knows no such address: check the url",
}
#: Too Early, Request Timeout: it was not read as a whole.
_NOT_READ = frozenset({408, 425})
_THROTTLED, _UNAVAILABLE = 429, 503
_OK, _ELSEWHERE, _WRONG, _FAILED = 200, 300, 400, 500


def read(answer: HttpAnswer) -> dict[str, Any]:
    """Return the answer's JSON object; empty where it is none."""
    try:
        return bodies.json_object(answer.body)
    except Unreadable:
        return {}


def is_success(answer: HttpAnswer) -> bool:
    """Say whether the status is one of success."""
    return _OK <= answer.status < _ELSEWHERE


def by_status(vendor: str, answer: HttpAnswer, code: str = "") -> Outcome:
    """Return what the HTTP status alone means."""
    status = answer.status
    said = f"{vendor} answers HTTP {status}" + (f", code {code}" if code else "")
    if status in (_THROTTLED, _UNAVAILABLE) or status in _NOT_READ:
        return NotNow(reason=f"{said}: not now", after_s=retry_after_s(answer))
    if status in _ACCOUNT:
        return NotNow(reason=f"{vendor} {_ACCOUNT[status]} (HTTP {status})")
    if _ELSEWHERE <= status < _WRONG:
        return NotNow(reason=f"{said}: check the url, it points elsewhere")
    if _WRONG <= status < _FAILED:
        return Refused(reason=f"{said}: it will not take this text", code=code)
    return Perhaps(reason=f"{said}, and not whether it took the text")


def retry_after_s(answer: HttpAnswer) -> float | None:
    """Return what Retry-After asks for, seconds; None for a date, or nothing."""
    text = answer.headers.get("retry-after", "").strip()
    return min(float(text), _AFTER_MAX_S) if _SECONDS.fullmatch(text) else None


def plain_code(value: str) -> str:
    """Return a vendor's code if it looks like one; '' else, for it may quote a text."""
    return value if _CODE.fullmatch(value) else ""


def own_id(outgoing: Outgoing, secret: str) -> str:
    """Name a text for a vendor that sends the same name once.

    Keyed, because two networks on one account both have a text number 1.
    """
    if outgoing.key:
        return outgoing.key
    named = f"{outgoing.id}|{outgoing.to}".encode()
    return hmac.new(secret.encode(), named, hashlib.sha256).hexdigest()[:32]

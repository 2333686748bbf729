"""What a webhook shows of itself, and how it is compared.

What comes in: a `Hook` and what should stand there. What goes out: values, or `Forged`
with a reason that quotes nothing of the request. Every comparison takes the same time
whatever differs. The schemes beside this module put them together.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re
from typing import TYPE_CHECKING

from modem.aggregators import bodies
from modem.hooks import Forged, Unreadable

if TYPE_CHECKING:
    from modem.aggregators.bodies import Pairs
    from modem.hooks import Hook

#: Seconds until the year 2286, or milliseconds.
_TIME = re.compile(r"([0-9]{1,10})([0-9]{3})?", re.ASCII)
_MS_DIGITS = 13
#: A nonce is kept to be known again: short, and of plain characters.
_NONCE = re.compile(r"[!-~]{1,200}", re.ASCII)


def header(hook: Hook, name: str, what: str) -> str:
    """Return a header; raises Forged where it is missing or empty."""
    value = hook.headers.get(name.lower(), "").strip()
    if not value:
        raise Forged(f"the {what} is missing")
    return value


def raw(text: str) -> bytes:
    """Return a text's bytes, whatever characters came in."""
    return text.encode("utf-8", "backslashreplace")


def same(given: str | bytes, wanted: bytes) -> bool:
    """Compare in constant time."""
    return hmac.compare_digest(raw(given) if isinstance(given, str) else given, wanted)


def matches(given: str | bytes, wanted: bytes, what: str = "signature") -> None:
    """Compare in constant time; raises Forged."""
    if not same(given, wanted):
        raise Forged(f"the {what} is wrong")


def mac(hash_name: str, key: str, message: bytes) -> bytes:
    """Return an HMAC."""
    return hmac.digest(raw(key), message, hash_name)


def decoded(text: str, *, url_safe: bool = False) -> bytes:
    """Read strict base64, url-safe without its padding; raises Forged."""
    try:
        if url_safe:
            if "=" in text or "+" in text or "/" in text:
                raise Forged("the signature is malformed")
            padded = text + "=" * (-len(text) % 4)
            return base64.b64decode(padded, altchars=b"-_", validate=True)
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Forged("the signature is malformed") from error


def timely(hook: Hook, text: str, window_s: int) -> None:
    """Compare a time of seconds, or milliseconds, with when the webhook arrived.

    Raises:
        Forged: it is no time, or further from now than the window.
    """
    if not _TIME.fullmatch(text):
        raise Forged("the time is malformed")
    at_s = int(text) / 1000 if len(text) >= _MS_DIGITS else float(text)
    if abs(hook.at.timestamp() - at_s) > window_s:
        raise Forged("the time is outside of the window")


def nonce(text: str) -> str:
    """Return a nonce that can be kept; raises Forged."""
    if not _NONCE.fullmatch(text):
        raise Forged("the nonce is malformed")
    return text


def fields(hook: Hook) -> Pairs:
    """Return what `bodies.pairs` does; raises Forged where it cannot be read."""
    try:
        return bodies.pairs(hook)
    except Unreadable as error:
        raise Forged("the signed fields cannot be read") from error


def form(hook: Hook) -> Pairs:
    """Return the fields of a form in the body, whatever is announced; raises Forged."""
    try:
        return bodies.form_pairs(hook.body)
    except Unreadable as error:
        raise Forged("the signed fields cannot be read") from error

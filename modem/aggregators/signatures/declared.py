"""Checks that need nothing but a comparison: passwords, tokens, a declared HMAC.

What comes in: a scheme and a webhook. What goes out: the nonce to be seen once, or '';
`Forged` where something is missing or wrong. Called by `check`.
"""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING

from modem.aggregators.signatures import evidence
from modem.hooks import Forged

if TYPE_CHECKING:
    from modem.aggregators.bodies import Pairs
    from modem.aggregators.signatures.schemes import (
        BasicAuth,
        BearerToken,
        DeclaredHmac,
        HeaderToken,
    )
    from modem.hooks import Hook


def check_basic(scheme: BasicAuth, hook: Hook) -> str:
    """Compare user and password."""
    given = credentials(hook, "basic")
    try:
        pair = base64.b64decode(given, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Forged("the password is malformed") from error
    evidence.matches(pair, evidence.raw(f"{scheme.user}:{scheme.password}"), "password")
    return ""


def check_bearer(scheme: BearerToken, hook: Hook) -> str:
    """Compare a token."""
    given = credentials(hook, "bearer")
    evidence.matches(given, evidence.raw(scheme.token), "token")
    return ""


def check_token(scheme: HeaderToken, hook: Hook) -> str:
    """Compare a token in a header of its own."""
    given = evidence.header(hook, scheme.header, "token")
    evidence.matches(given, evidence.raw(scheme.token), "token")
    return ""


def check_hmac(scheme: DeclaredHmac, hook: Hook, window_s: int) -> str:
    """Work the signature out from its declared parts."""
    given = evidence.header(hook, scheme.header, "signature")
    if not given.startswith(scheme.prefix):
        raise Forged("the signature is malformed")
    message = b"".join(_part(part, hook) for part in scheme.parts)
    digest = evidence.mac(scheme.hash, scheme.key, message)
    evidence.matches(
        _normal(given.removeprefix(scheme.prefix), scheme.encoding),
        _written(digest, scheme.encoding),
    )
    if scheme.time_header:
        time = evidence.header(hook, scheme.time_header, "time")
        evidence.timely(hook, time, window_s)
    if scheme.nonce_header:
        return evidence.nonce(evidence.header(hook, scheme.nonce_header, "nonce"))
    return ""


def credentials(hook: Hook, kind: str) -> str:
    """Return what follows the kind in `Authorization`; raises Forged."""
    value = evidence.header(hook, "authorization", "authorization")
    given, _, rest = value.partition(" ")
    if given.lower() != kind or not rest:
        raise Forged("the authorization is of another kind")
    return rest.strip()


def sorted_fields(found: Pairs) -> bytes:
    """Join fields by sorted key, each key with its value; a key's values are a set."""
    return b"".join(evidence.raw(key + value) for key, value in sorted(set(found)))


def _part(part: str, hook: Hook) -> bytes:
    if part == "body":
        return hook.body
    if part == "url":
        return evidence.raw(hook.url)
    if part == "params":
        return sorted_fields(evidence.fields(hook))
    if part.startswith("header:"):
        name = part.removeprefix("header:")
        return evidence.raw(evidence.header(hook, name, "signed header"))
    return evidence.raw(part[1:-1])


def _written(digest: bytes, encoding: str) -> bytes:
    if encoding == "hex":
        return digest.hex().encode()
    if encoding == "base64url":
        return base64.urlsafe_b64encode(digest).rstrip(b"=")
    return base64.b64encode(digest)


def _normal(given: str, encoding: str) -> str:
    """Undo what different writers of one encoding may do."""
    if encoding == "hex":
        return given.lower()
    return given.rstrip("=") if encoding == "base64url" else given

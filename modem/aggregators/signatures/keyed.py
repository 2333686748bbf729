"""Signatures with a format of their own: JSON Web Tokens and Ed25519.

What comes in: a scheme and a webhook. What goes out: the token's id, to be seen once,
or ''; `Forged`. A token is checked by the few rules that are needed and no library: one
algorithm, every claim of the type it must have (RFC 7519, RFC 8725). Called by `check`.
"""

from __future__ import annotations

import base64
import json
import math
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from modem.aggregators.signatures import evidence
from modem.aggregators.signatures.declared import credentials
from modem.hooks import Forged

if TYPE_CHECKING:
    from modem.aggregators.signatures.schemes import Ed25519, JwtHs256
    from modem.hooks import Hook

_JWT_PARTS = 3
_JWT_MAX = 4_096
#: How far the vendor's clock may be off for `exp` and `nbf`, seconds.
_LEEWAY_S = 60
_SIGNATURE_BYTES = 64


def check_ed25519(scheme: Ed25519, hook: Hook, window_s: int) -> str:
    """Verify the signature of `time|body`."""
    given = evidence.header(hook, scheme.signature_header, "signature")
    time = evidence.header(hook, scheme.time_header, "time")
    signature = evidence.decoded(given)
    if len(signature) != _SIGNATURE_BYTES:
        raise Forged("the signature is malformed")
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(scheme.public_key))
    try:
        key.verify(signature, evidence.raw(time) + b"|" + hook.body)
    except InvalidSignature as error:
        raise Forged("the signature is wrong") from error
    evidence.timely(hook, time, window_s)
    return ""


def check_jwt(scheme: JwtHs256, hook: Hook, window_s: int) -> str:
    """Verify a token and its claims; the algorithm is pinned."""
    token = credentials(hook, "bearer")
    parts = token.split(".")
    if len(parts) != _JWT_PARTS or len(token) > _JWT_MAX:
        raise Forged("the token is malformed")
    head = _object(parts[0])
    if head.get("alg") != "HS256" or "crit" in head:
        raise Forged("the token is signed in another way")
    signed = evidence.raw(f"{parts[0]}.{parts[1]}")
    digest = evidence.mac("sha256", scheme.key, signed)
    evidence.matches(evidence.decoded(parts[2], url_safe=True), digest)
    claims = _object(parts[1])
    _in_time(claims, hook.at.timestamp(), window_s)
    _for_us(claims, scheme.audience or hook.url, scheme.issuer)
    given = claims.get("jti", "")
    if not isinstance(given, str):
        raise Forged("the token is malformed")
    return evidence.nonce(given) if given else ""


def _in_time(claims: dict[str, Any], now_s: float, window_s: int) -> None:
    """Demand an end, and a beginning within the window where there is one."""
    ends = _seconds(claims, "exp")
    if ends is None:
        raise Forged("the token never ends")
    begins, issued = _seconds(claims, "nbf"), _seconds(claims, "iat")
    if now_s > ends + _LEEWAY_S:
        raise Forged("the token has ended")
    if begins is not None and now_s < begins - _LEEWAY_S:
        raise Forged("the token has not begun")
    if issued is not None and abs(now_s - issued) > window_s:
        raise Forged("the time is outside of the window")


def _for_us(claims: dict[str, Any], audience: str, issuer: str) -> None:
    named = claims.get("aud")
    audiences = named if isinstance(named, list) else [named]
    right = False
    for one in audiences:
        if isinstance(one, str):
            right |= evidence.same(one, evidence.raw(audience))
    if not right:
        raise Forged("the token is for somebody else")
    by = claims.get("iss")
    if issuer and not (isinstance(by, str) and evidence.same(by, evidence.raw(issuer))):
        raise Forged("the token is from somebody else")


def _seconds(claims: dict[str, Any], name: str) -> float | None:
    value = claims.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise Forged("the token is malformed")
    try:
        seconds = float(value)
    except OverflowError as error:
        raise Forged("the token is malformed") from error
    if not math.isfinite(seconds):
        raise Forged("the token is malformed")
    return seconds


def _object(part: str) -> dict[str, Any]:
    try:
        value = json.loads(evidence.decoded(part, url_safe=True))
    except (ValueError, RecursionError) as error:
        raise Forged("the token is malformed") from error
    if not isinstance(value, dict):
        raise Forged("the token is malformed")
    return value

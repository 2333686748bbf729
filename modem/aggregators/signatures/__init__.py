"""Whether a webhook comes from the vendor: signature, time window and nonce.

What comes in: a `Scheme` with an account's secrets, and a `Hook`, whose address is the
public one. What goes out: a nonce that may come with no other request, or '' where the
scheme has none; `Forged` otherwise, with a reason that quotes nothing. Nothing else is
ever raised, whatever was sent. Vendors call it from `Aggregator.verify`; `modem.http`
remembers the nonces.

    schemes     the values, with their secrets
    evidence    headers, times, comparisons in constant time
    declared    passwords, tokens, HMAC over declared parts
    sorting     Twilio, Vonage, Plivo: fields sorted and joined
    keyed       JSON Web Tokens and Ed25519
"""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from modem.aggregators.signatures.declared import (
    check_basic,
    check_bearer,
    check_hmac,
    check_token,
)
from modem.aggregators.signatures.keyed import check_ed25519, check_jwt
from modem.aggregators.signatures.schemes import (
    BasicAuth,
    BearerToken,
    DeclaredHmac,
    Ed25519,
    HeaderToken,
    JwtHs256,
    NoSignature,
    PlivoV2,
    PlivoV3,
    Scheme,
    TwilioSignature,
    VonageSignature,
)
from modem.aggregators.signatures.sorting import (
    check_plivo_v2,
    check_plivo_v3,
    check_twilio,
    check_vonage,
)

if TYPE_CHECKING:
    from modem.hooks import Hook

__all__ = [
    "BasicAuth",
    "BearerToken",
    "DeclaredHmac",
    "Ed25519",
    "HeaderToken",
    "JwtHs256",
    "NoSignature",
    "PlivoV2",
    "PlivoV3",
    "Scheme",
    "TwilioSignature",
    "VonageSignature",
    "check",
]


def check(scheme: Scheme, hook: Hook, *, window_s: int) -> str:  # noqa: C901
    """Return a nonce to be seen with this request only, or ''.

    `window_s` is how far the signed time, where there is one, may be from now.

    Raises:
        Forged: something is missing, malformed, wrong, or out of its time.
    """
    match scheme:
        case NoSignature():
            return ""
        case BasicAuth():
            return check_basic(scheme, hook)
        case BearerToken():
            return check_bearer(scheme, hook)
        case HeaderToken():
            return check_token(scheme, hook)
        case DeclaredHmac():
            return check_hmac(scheme, hook, window_s)
        case JwtHs256():
            return check_jwt(scheme, hook, window_s)
        case Ed25519():
            return check_ed25519(scheme, hook, window_s)
        case TwilioSignature():
            return check_twilio(scheme, hook)
        case VonageSignature():
            return check_vonage(scheme, hook, window_s)
        case PlivoV2():
            return check_plivo_v2(scheme, hook)
        case PlivoV3():
            return check_plivo_v3(scheme, hook)
        case _:
            assert_never(scheme)

"""A declared signature with a link's secrets: what `signatures` checks.

What comes in: how a vendor signs, and the values of a link's keys. What goes out: a
`Scheme`. Those that anybody may declare come first, then those that one vendor has
made up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, assert_never

from modem.aggregators import signatures
from modem.aggregators.dialect.values import SignatureScheme, Signing

if TYPE_CHECKING:
    from modem.aggregators.dialect.template import Template, Values


def scheme_of(signing: Signing, values: Values) -> signatures.Scheme:
    """Return the check that a webhook has to pass.

    Raises:
        BadDialect: with these values it would protect nothing.
    """

    def told(template: Template) -> str:
        return template.fill(values) or ""

    match signing.scheme:
        case SignatureScheme.none:
            return signatures.NoSignature()
        case SignatureScheme.basic:
            return signatures.BasicAuth(
                user=told(signing.user), password=told(signing.password)
            )
        case SignatureScheme.bearer:
            return signatures.BearerToken(token=told(signing.token))
        case SignatureScheme.header:
            return signatures.HeaderToken(
                header=signing.header, token=told(signing.token)
            )
        case SignatureScheme.hmac:
            return signatures.DeclaredHmac(
                hash=signing.hash,
                encoding=signing.encoding,
                header=signing.header,
                parts=signing.parts,
                key=told(signing.key),
                time_header=signing.time_header,
                nonce_header=signing.nonce_header,
                prefix=signing.prefix,
            )
        case SignatureScheme.jwt_hs256:
            return signatures.JwtHs256(
                key=told(signing.key),
                audience=told(signing.audience),
                issuer=signing.issuer,
            )
        case SignatureScheme.ed25519:
            return signatures.Ed25519(
                public_key=told(signing.public_key),
                signature_header=signing.header,
                time_header=signing.time_header,
            )
        case _:
            key = told(signing.token) or told(signing.key)
            return _made_up(signing.scheme, key, signing.method)


def _made_up(
    scheme: Literal[
        SignatureScheme.twilio,
        SignatureScheme.vonage,
        SignatureScheme.plivo_v2,
        SignatureScheme.plivo_v3,
    ],
    key: str,
    method: str,
) -> signatures.Scheme:
    match scheme:
        case SignatureScheme.twilio:
            return signatures.TwilioSignature(token=key)
        case SignatureScheme.vonage:
            return signatures.VonageSignature(secret=key, method=method)
        case SignatureScheme.plivo_v2:
            return signatures.PlivoV2(token=key)
        case SignatureScheme.plivo_v3:
            return signatures.PlivoV3(token=key)
        case _:
            assert_never(scheme)

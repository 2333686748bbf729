"""How webhooks prove where they come from: one value a scheme, secrets unprinted.

What comes in: an account's secrets and, for a declared signature, how it is made. What
goes out: a `Scheme`, or `BadDialect` where it could not protect anything: an empty
secret, a hash nobody knows. `modem.aggregators.signatures.check` uses them.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field

from modem.aggregators.keys import BadDialect

HASHES = ("md5", "sha1", "sha256", "sha384", "sha512")
ENCODINGS = ("hex", "base64", "base64url")
#: `md5hash` appends the secret and hashes; the others are HMAC.
VONAGE_METHODS = ("md5hash", "md5", "sha1", "sha256", "sha512")
ED25519_KEY_BYTES = 32

_PART = re.compile(r"body|url|params|header:[A-Za-z0-9-]+|'[^']*'")


def _filled(**values: str) -> None:
    for name, value in values.items():
        if not value:
            raise BadDialect(name, "it is empty, and would protect nothing")


def _one_of(name: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise BadDialect(name, f"write one of {', '.join(known)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class NoSignature:
    """The vendor signs nothing: only the secret part of the path protects."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BasicAuth:
    """A user and password of our choice (RFC 7617)."""

    user: str
    password: str = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse an empty password."""
        _filled(user=self.user, password=self.password)


@dataclass(frozen=True, slots=True, kw_only=True)
class BearerToken:
    """A token of our choice in `Authorization: Bearer` (RFC 6750)."""

    token: str = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse an empty token."""
        _filled(token=self.token)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderToken:
    """A token of our choice in a header of its own."""

    header: str
    token: str = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse an empty token."""
        _filled(header=self.header, token=self.token)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredHmac:
    """An HMAC over parts that are named: sms-gate.app, textbee, Sinch and many more."""

    hash: str = "sha256"
    encoding: str = "hex"
    #: Where the signature stands.
    header: str
    #: `body`, `url`, `params` (sorted keys, each with its value), `header:NAME`, or a
    #: literal in single quotes; joined without anything between.
    parts: tuple[str, ...] = ("body",)
    key: str = field(repr=False)
    #: Seconds, or milliseconds in 13 digits; must be among the parts to be worth a lot.
    time_header: str = ""
    nonce_header: str = ""
    #: What some write before the signature, such as `sha256=`.
    prefix: str = ""

    def __post_init__(self) -> None:
        """Refuse what could not be worked out, or would cover nothing."""
        _filled(header=self.header, key=self.key)
        _one_of("hash", self.hash, HASHES)
        _one_of("encoding", self.encoding, ENCODINGS)
        if not self.parts or not all(_PART.fullmatch(part) for part in self.parts):
            raise BadDialect(
                "parts", "write body, url, params, header:NAME or 'literal'"
            )
        if not {"body", "params"} & set(self.parts):
            raise BadDialect("parts", "body or params must be among them")


@dataclass(frozen=True, slots=True, kw_only=True)
class JwtHs256:
    """A JSON Web Token made with a shared key (httpSMS); it does not cover the body."""

    key: str = field(repr=False)
    #: Empty: the webhook's own address.
    audience: str = ""
    #: Empty: any.
    issuer: str = ""

    def __post_init__(self) -> None:
        """Refuse an empty key."""
        _filled(key=self.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ed25519:
    """Ed25519 over `time|body` (Telnyx)."""

    #: 32 bytes in base64; not a secret.
    public_key: str
    signature_header: str = "telnyx-signature-ed25519"
    time_header: str = "telnyx-timestamp"

    def __post_init__(self) -> None:
        """Refuse what is no key."""
        try:
            size = len(base64.b64decode(self.public_key, validate=True))
        except (binascii.Error, ValueError):
            size = 0
        if size != ED25519_KEY_BYTES:
            raise BadDialect("public_key", "it must be 32 bytes in base64")


@dataclass(frozen=True, slots=True, kw_only=True)
class TwilioSignature:
    """Twilio's, made with the account's auth token."""

    token: str = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse an empty token."""
        _filled(token=self.token)


@dataclass(frozen=True, slots=True, kw_only=True)
class VonageSignature:
    """Vonage's SMS API, made with the account's signature secret."""

    secret: str = field(repr=False)
    method: str = "md5hash"

    def __post_init__(self) -> None:
        """Refuse an empty secret and an unknown method."""
        _filled(secret=self.secret)
        _one_of("method", self.method, VONAGE_METHODS)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlivoV2:
    """Plivo's older signature: address and nonce; it does not cover the body."""

    token: str = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse an empty token."""
        _filled(token=self.token)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlivoV3:
    """Plivo's signature over address, fields and nonce."""

    token: str = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse an empty token."""
        _filled(token=self.token)


Scheme = (
    NoSignature
    | BasicAuth
    | BearerToken
    | HeaderToken
    | DeclaredHmac
    | JwtHs256
    | Ed25519
    | TwilioSignature
    | VonageSignature
    | PlivoV2
    | PlivoV3
)

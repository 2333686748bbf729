"""Signatures over the fields of a request, sorted: Twilio, Vonage, Plivo.

What comes in: a scheme and a webhook, with its address as the vendor called it. What
goes out: the nonce to be seen once, or ''; `Forged`. How each vendor joins the fields
is told at its function, and pinned by the vendors' own test vectors. `check` calls it.
"""

from __future__ import annotations

import base64
import hashlib
import re
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit, urlunsplit

from modem.aggregators import bodies
from modem.aggregators.signatures import evidence
from modem.aggregators.signatures.declared import sorted_fields
from modem.hooks import Forged

if TYPE_CHECKING:
    from modem.aggregators.signatures.schemes import (
        PlivoV2,
        PlivoV3,
        TwilioSignature,
        VonageSignature,
    )
    from modem.hooks import Hook

_DEFAULT_PORTS = {"http": 80, "https": 443}
_PORT = re.compile(r":[0-9]*$")


def check_twilio(scheme: TwilioSignature, hook: Hook) -> str:
    """HMAC-SHA1 over the address and the sorted fields of the form.

    The values of a repeated key are a set. A JSON body is covered by the query's
    `bodySHA256`, and the address alone is signed. Twilio may or may not have written
    the port, so every way of writing it is tried.
    """
    given = evidence.header(hook, "x-twilio-signature", "signature")
    signed = b""
    if hook.method.upper() != "GET":
        if bodies.is_json(hook.headers):
            _covers_body(hook)
        else:
            signed = sorted_fields(evidence.form(hook))
    right = False
    for url in _spellings(hook.url):
        digest = evidence.mac("sha1", scheme.token, evidence.raw(url) + signed)
        right |= evidence.same(given, base64.b64encode(digest))
    if not right:
        raise Forged("the signature is wrong")
    return ""


def check_vonage(scheme: VonageSignature, hook: Hook, window_s: int) -> str:
    """Hash `&key=value` of all sorted fields but `sig`.

    `&` and `=` inside values become `_`. The account's default appends the secret and
    takes MD5; the others are HMAC. Fields may stand in the query, a form or JSON.
    """
    found = dict(fields := evidence.fields(hook))
    if len(found) != len(fields):
        raise Forged("a signed field is there twice")
    given = found.pop("sig", "").strip().lower()
    if not given:
        raise Forged("the signature is missing")
    message = "".join(
        f"&{key}={found[key].replace('&', '_').replace('=', '_')}"
        for key in sorted(found)
    )
    if scheme.method == "md5hash":
        # The vendor's choice; accounts can be switched to a better one.
        text = evidence.raw(message + scheme.secret)
        digest = hashlib.md5(text, usedforsecurity=False).digest()
    else:
        digest = evidence.mac(scheme.method, scheme.secret, evidence.raw(message))
    evidence.matches(given, digest.hex().encode())
    if not found.get("timestamp"):
        raise Forged("the time is missing")
    evidence.timely(hook, found["timestamp"], window_s)
    return evidence.nonce(found["nonce"]) if found.get("nonce") else ""


def check_plivo_v2(scheme: PlivoV2, hook: Hook) -> str:
    """HMAC-SHA256 over the address without its query, and a nonce."""
    nonce = evidence.header(hook, "x-plivo-signature-v2-nonce", "nonce")
    message = evidence.raw(_bare(hook.url) + nonce)
    _listed(hook, "x-plivo-signature-v2", scheme.token, message)
    return evidence.nonce(nonce)


def check_plivo_v3(scheme: PlivoV3, hook: Hook) -> str:
    """HMAC-SHA256 over the address, its sorted query, the sorted form, and a nonce.

    A form adds `?` even where there is no query, and `.` after a query.
    """
    nonce = evidence.header(hook, "x-plivo-signature-v3-nonce", "nonce")
    posted = () if hook.method.upper() == "GET" else evidence.form(hook)
    query = "&".join(f"{key}={value}" for key, value in sorted(hook.query))
    message = _bare(hook.url)
    if query or posted:
        message += f"?{query}"
    if query and posted:
        message += "."
    message += "".join(f"{key}{value}" for key, value in sorted(posted))
    signed = evidence.raw(f"{message}.{nonce}")
    _listed(hook, "x-plivo-signature-v3", scheme.token, signed)
    return evidence.nonce(nonce)


def _listed(hook: Hook, name: str, token: str, message: bytes) -> None:
    """Accept any of the signatures a header lists: one for each valid token."""
    wanted = base64.b64encode(evidence.mac("sha256", token, message))
    right = False
    for given in evidence.header(hook, name, "signature").split(","):
        right |= evidence.same(given.strip(), wanted)
    if not right:
        raise Forged("the signature is wrong")


def _covers_body(hook: Hook) -> None:
    given = [value for key, value in hook.query if key == "bodySHA256"]
    if len(given) != 1:
        raise Forged("the body is not signed")
    digest = hashlib.sha256(hook.body).hexdigest().encode()
    evidence.matches(given[0].lower(), digest, "digest of the body")


def _spellings(url: str) -> tuple[str, ...]:
    """Return the address as it is, without a port, and with the usual one."""
    parts = _parts(url)
    host = _PORT.sub("", parts.netloc)
    port = _DEFAULT_PORTS.get(parts.scheme.lower())
    spelt = [url, _with(url, parts, host)]
    if port is not None and host == parts.netloc:
        spelt.append(_with(url, parts, f"{host}:{port}"))
    return tuple(dict.fromkeys(spelt))


def _with(url: str, parts: SplitResult, host: str) -> str:
    """Replace the host in an address and leave every other character alone."""
    before, _, after = url.partition(parts.netloc)
    return f"{before}{host}{after}"


def _bare(url: str) -> str:
    parts = _parts(url)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, "", ""))


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise Forged("the address cannot be read") from error
    if not parts.netloc:
        raise Forged("the address cannot be read")
    return parts

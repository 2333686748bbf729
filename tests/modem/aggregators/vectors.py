"""Requests that vendors sign, from their own libraries or worked out beside them.

What comes in: nothing. What goes out: `VECTORS`, each a scheme and a webhook that must
pass it, and what makes tokens. Twilio, Vonage, Plivo's older one and Sinch are from the
vendors' test suites; the others were made with other code than ours.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from modem.aggregators.signatures import (
    BasicAuth,
    BearerToken,
    DeclaredHmac,
    Ed25519,
    HeaderToken,
    JwtHs256,
    PlivoV2,
    PlivoV3,
    Scheme,
    TwilioSignature,
    VonageSignature,
)
from tests.modem.aggregators.hooked import AT, FORM, URL, hooked

if TYPE_CHECKING:
    from modem.hooks import Hook

TWILIO_URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
TWILIO_FORM = urlencode(
    {
        "CallSid": "CA1234567890ABCDE",
        "Digits": "1234",
        "From": "+14158675309",
        "To": "+18005551212",
        "Caller": "+14158675309",
    }
).encode()
TWILIO_JSON = b'{"property": "value", "boolean": true}'
TWILIO_SHA = "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"
TELNYX_KEY = "A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg="
TELNYX_SIGNATURE = (
    "NMQOthHKj00VoDxQbYGerZjOOFli2xhAkPDkJFo6ejSVzSWldlkGjrXx4fd+FqAwHXxSF3mTDGg9fXZ6"
    "5b/+Cg=="
)
SINCH_BODY = (
    b'{"app_id":"01EB37HMH1M6SV18BSNS3G135H",'
    b'"accepted_time":"2020-11-17T15:09:11.659Z",'
    b'"project_id":"c36f3d3d-1513-2edd-ae42-11995557ff61",'
    b'"message_delivery_report":{"message_id":"01EQBC1A3BEK731GY4YXEN0C2R",'
    b'"conversation_id":"01EPYATA64TMNZ1FV02JKF12JF","status":"QUEUED_ON_CHANNEL",'
    b'"contact_id":"01EXA07N79THJ20WSN6AS30TMW"}}'
)
SINCH = DeclaredHmac(
    encoding="base64",
    header="x-sinch-webhook-signature",
    parts=(
        "body",
        "'.'",
        "header:x-sinch-webhook-signature-nonce",
        "'.'",
        "header:x-sinch-webhook-signature-timestamp",
    ),
    key="foo_secret1234",
    time_header="x-sinch-webhook-signature-timestamp",
    nonce_header="x-sinch-webhook-signature-nonce",
)
SMS_GATE = DeclaredHmac(
    header="X-Signature",
    parts=("body", "header:X-Timestamp"),
    key="testkey",
    time_header="X-Timestamp",
)
TEXTBEE = DeclaredHmac(header="X-Signature", key="a-signing-secret-of-enough-length")


@dataclass(frozen=True, kw_only=True)
class Vector:
    """A request that must pass, and the nonce it shows."""

    scheme: Scheme
    hook: Hook
    nonce: str = ""
    #: The header with the signature; empty: it stands in the fields.
    header: str = ""


def at(seconds: float) -> datetime:
    """Return a moment."""
    return datetime.fromtimestamp(seconds, UTC)


def twilio(
    url: str, signature: str, body: bytes = TWILIO_FORM, kind: str = FORM
) -> Vector:
    """A request of Twilio's, whose auth token is 12345."""
    headers = {"X-Twilio-Signature": signature, "Content-Type": kind}
    return Vector(
        scheme=TwilioSignature(token="12345"),
        hook=hooked(body, url=url, headers=headers),
        header="x-twilio-signature",
    )


def vonage(method: str, signature: str, **fields: str) -> Vector:
    """A GET request of Vonage's, at the second it was signed."""
    found = {"param1": "value1", "param2": "value2", **fields}
    query = urlencode({**found, "timestamp": "1234567890", "sig": signature})
    return Vector(
        scheme=VonageSignature(secret="signature_secret", method=method),
        hook=hooked(url=f"{URL}/in?{query}", method="GET", at=at(1234567890)),
    )


def plivo(url: str, signature: str, body: bytes = b"", method: str = "POST") -> Vector:
    """A request of Plivo's with the newer signature."""
    headers = {
        "X-Plivo-Signature-V3": signature,
        "X-Plivo-Signature-V3-Nonce": "n1",
        "Content-Type": FORM,
    }
    return Vector(
        scheme=PlivoV3(token="my_auth_token"),
        hook=hooked(body, url=url, method=method, headers=headers),
        nonce="n1",
        header="x-plivo-signature-v3",
    )


def http(url: str) -> str:
    """Return the address without its encryption."""
    return url.replace("https", "http")


def coloned(url: str, port: int) -> str:
    """Return the address with a port."""
    return url.replace(".com", f".com:{port}")


def token(key: str = "key-of-hooks", head: str = "", **claims: object) -> str:
    """Write a JSON Web Token; claims of None are left out."""
    now = int(AT.timestamp())
    said = {
        "aud": f"{URL}/in",
        "iss": "api.httpsms.com",
        "iat": now,
        "nbf": now,
        "exp": now + 600,
        "sub": "WB7DRDWrJZRGbYrv2CKGkqbzvqdC",
        **claims,
    }
    kept = {name: value for name, value in said.items() if value is not None}
    signed = ".".join(
        _unpadded(part.encode())
        for part in (head or '{"alg":"HS256","typ":"JWT"}', json.dumps(kept))
    )
    mac = hmac.new(key.encode(), signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{_unpadded(mac)}"


def _unpadded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def bearer(value: str, body: bytes = b'{"id":"1"}') -> Hook:
    """A request with a token."""
    return hooked(body, headers={"Authorization": f"Bearer {value}"})


JWT = JwtHs256(key="key-of-hooks", issuer="api.httpsms.com")
VECTORS = {
    "twilio": twilio(TWILIO_URL, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
    "twilio, signed with :443": twilio(TWILIO_URL, "kvajT1Ptam85bY51eRf/AJRuM3w="),
    "twilio, called with :443": twilio(
        coloned(TWILIO_URL, 443), "RSOYDt4T1cUTdK1PDd93/VVr8B8="
    ),
    "twilio, called with :1234": twilio(
        coloned(TWILIO_URL, 1234), "RSOYDt4T1cUTdK1PDd93/VVr8B8="
    ),
    "twilio, http signed with :80": twilio(
        http(TWILIO_URL), "0ZXoZLH/DfblKGATFgpif+LLRf4="
    ),
    "twilio, http with :1234": twilio(
        coloned(http(TWILIO_URL), 1234), "Zmvh+3yNM1Phv2jhDCwEM3q5ebU="
    ),
    "twilio, repeated keys": twilio(
        TWILIO_URL,
        "IK+Dwps556ElfBT0I3Rgjkr1wJU=",
        b"Sid=CA123&SidAccount=AC123&Digits=5678&Digits=1234&Digits=1234",
    ),
    "twilio, json": twilio(
        f"{TWILIO_URL}&bodySHA256={TWILIO_SHA}",
        "a9nBmqA0ju/hNViExpshrM61xv4=",
        TWILIO_JSON,
        "application/json",
    ),
    "vonage sha256": vonage(
        "sha256", "280c4320703dbc98bfa22db676655ed2acfbfe8792b062ff7622e67f1183c287"
    ),
    "vonage md5": vonage("md5", "724c2bf6ca423c36e20631b11d1c5753"),
    "vonage md5, upper case": vonage("md5", "724C2BF6CA423C36E20631B11D1C5753"),
    "vonage md5, & and =": vonage(
        "md5",
        "2bbf0abafb2c55e5af6231513896a2ac",
        param1="value&1",
        param2="value=2",
    ),
    "vonage md5hash": vonage("md5hash", "d72f75ac8cda9bbce891c4fa62bee6cd"),
    "plivo v2": Vector(
        scheme=PlivoV2(token="my_auth_token"),
        hook=hooked(
            url="https://answer.url?ignored=1",
            headers={
                "X-Plivo-Signature-V2": "ehV3IKhLysWBxC1sy8INm0qGoQYdYsHwuoKjsX7FsXc=",
                "X-Plivo-Signature-V2-Nonce": "12345",
            },
        ),
        nonce="12345",
        header="x-plivo-signature-v2",
    ),
    "plivo v3, GET": plivo(
        "https://pay.example/hook/p/s/in?B=2&A=1&From=%2B50370001234",
        "jR3/Db9ycmr4BQHDxXxbtfIfCon3zzCsI2xXSlGwEvs=",
        method="GET",
    ),
    "plivo v3, form": plivo(
        "https://pay.example/hook/p/s/in",
        "qjv4Jm28JnWArIs387vEKmwvLnja0AXCQA7GmyHG+Gg=",
        b"Text%20hola=&FromA=1",
    ),
    "plivo v3, form and query": plivo(
        "https://pay.example/hook/p/s/in?b=2&a=1",
        "3MsNMxpsneTd4vt68tJWCMOSMFgVHzI/5vTCvxUFSdU=",
        b"Text=hola&FromA=1",
    ),
    "sinch": Vector(
        scheme=SINCH,
        hook=hooked(
            SINCH_BODY,
            headers={
                "x-sinch-webhook-signature": (
                    "Yc+3R1pIS78xLASybulhs8BsSo9BPB3Pr92QCUoczfk="
                ),
                "x-sinch-webhook-signature-nonce": "01FJA8B4A7BM43YGWSG9GBV067",
                "x-sinch-webhook-signature-timestamp": "1634579353",
            },
            at=at(1634579353),
        ),
        nonce="01FJA8B4A7BM43YGWSG9GBV067",
        header="x-sinch-webhook-signature",
    ),
    "telnyx": Vector(
        scheme=Ed25519(public_key=TELNYX_KEY),
        hook=hooked(
            b'{"data":{"event_type":"message.received"}}',
            headers={
                "telnyx-signature-ed25519": TELNYX_SIGNATURE,
                "telnyx-timestamp": "1700000000",
            },
            at=at(1700000000),
        ),
        header="telnyx-signature-ed25519",
    ),
    "sms-gate.app": Vector(
        scheme=SMS_GATE,
        hook=hooked(
            b'{"event":"sms:received"}',
            headers={
                "X-Signature": (
                    "3b4662ea258bad919717bcfac7e776fb7a01c5d2cd5c7b84653b21b414a68728"
                ),
                "X-Timestamp": "1700000000",
            },
            at=at(1700000000),
        ),
        header="x-signature",
    ),
    "textbee": Vector(
        scheme=TEXTBEE,
        hook=hooked(
            b'{"hello":"world"}',
            headers={
                "X-Signature": (
                    "ebfb7005d04f9718aca35f6d4de02fdadc310039bb293589fda64cc192a532f4"
                )
            },
        ),
        header="x-signature",
    ),
    "httpsms": Vector(scheme=JWT, hook=bearer(token()), header="authorization"),
    "basic": Vector(
        scheme=BasicAuth(user="hook", password="pass:word"),
        hook=hooked(
            b"{}",
            headers={
                "Authorization": f"basic {base64.b64encode(b'hook:pass:word').decode()}"
            },
        ),
        header="authorization",
    ),
    "bearer": Vector(
        scheme=BearerToken(token="a-token"),
        hook=bearer("a-token"),
        header="authorization",
    ),
    "header": Vector(
        scheme=HeaderToken(header="X-Hook-Token", token="a-token"),
        hook=hooked(b"{}", headers={"x-hook-token": "a-token"}),
        header="x-hook-token",
    ),
}

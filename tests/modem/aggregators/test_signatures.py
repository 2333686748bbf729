"""Promises of the checks of webhooks: the vendors' own vectors pass, nothing else does.

A vector is a request that a vendor's library signs, or was worked out beside the
published algorithm; what is done to it after that must be refused, in words that repeat
nothing of it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modem.aggregators.keys import BadDialect
from modem.aggregators.signatures import (
    BasicAuth,
    DeclaredHmac,
    Ed25519,
    JwtHs256,
    NoSignature,
    Scheme,
    TwilioSignature,
    VonageSignature,
    check,
)
from modem.hooks import Forged
from tests.modem.aggregators.hooked import AT, FORM, URL, hooked
from tests.modem.aggregators.vectors import (
    JWT,
    SMS_GATE,
    TWILIO_JSON,
    TWILIO_URL,
    VECTORS,
    Vector,
    bearer,
    token,
    twilio,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from modem.hooks import Hook

WINDOW_S = 300
EACH = pytest.mark.parametrize("vector", VECTORS.values(), ids=VECTORS.keys())
SIGNED_IN_HEADER = [one for one in VECTORS.values() if one.header]


def refused(scheme: Scheme, hook: Hook) -> str:
    """Return why a webhook is refused; fails where it is not."""
    with pytest.raises(Forged) as caught:
        check(scheme, hook, window_s=WINDOW_S)
    return str(caught.value)


def with_headers(hook: Hook, **changed: str | None) -> Hook:
    """Return the webhook with other headers; None takes one away."""
    headers: Mapping[str, str | None] = {
        **hook.headers,
        **{name.replace("_", "-"): value for name, value in changed.items()},
    }
    kept = {name: value for name, value in headers.items() if value is not None}
    return replace(hook, headers=kept)


def resigned(vector: Vector, change: Callable[[str], str | None]) -> Hook:
    """Return the vector's webhook with its signature changed."""
    value = change(vector.hook.headers[vector.header])
    return with_headers(vector.hook, **{vector.header.replace("-", "_"): value})


@EACH
def test_a_genuine_webhook_passes(vector: Vector) -> None:
    """Every vendor's own test vector passes, and shows its nonce."""
    assert check(vector.scheme, vector.hook, window_s=WINDOW_S) == vector.nonce


@EACH
def test_another_secret_refuses_it(vector: Vector) -> None:
    """What one account signed does not pass for another's."""
    other: dict[str, Any] = {
        name: "other-secret"
        for name in ("token", "key", "secret", "password")
        if hasattr(vector.scheme, name)
    } or {"public_key": base64.b64encode(bytes(31) + b"\x09").decode()}

    assert refused(replace(vector.scheme, **other), vector.hook)


@pytest.mark.parametrize(
    "change",
    [
        lambda _: None,
        lambda value: value[:-3] + ("A" if value[-3] != "A" else "B") + value[-2:],
        lambda value: value[1:],
        lambda value: value + "0",
        lambda value: f"{value}, {value}",
        lambda value: f"{value}\u00f1",
        lambda _: "\ud83d\u0661",
        lambda _: "=",
        lambda _: "",
    ],
    ids=[
        "missing",
        "changed",
        "short",
        "long",
        "twice",
        "non-ascii",
        "surrogate",
        "=",
        "",
    ],
)
@pytest.mark.parametrize(
    "vector", SIGNED_IN_HEADER, ids=[k for k, v in VECTORS.items() if v.header]
)
def test_a_spoilt_signature_is_refused(
    vector: Vector, change: Callable[[str], str | None], request: pytest.FixtureRequest
) -> None:
    """One character off, missing, doubled or no signature at all: refused in words."""
    hook = resigned(vector, change)
    if "twice" in request.node.callspec.id and "plivo" in request.node.callspec.id:
        # Plivo lists a signature for each token that is valid.
        assert check(vector.scheme, hook, window_s=WINDOW_S) == vector.nonce
        return

    reason = refused(vector.scheme, hook)
    assert reason.split()[0] == "the"
    assert vector.hook.headers[vector.header] not in reason


@pytest.mark.parametrize(
    "name",
    sorted(set(VECTORS) - {"plivo v2", "httpsms", "basic", "bearer", "header"}),
)
def test_one_bit_of_what_is_signed_refuses_it(name: str) -> None:
    """A body or query that was touched is refused (where the vendor covers it)."""
    vector = VECTORS[name]
    hook = vector.hook
    if hook.method == "GET":
        spoilt = hooked(
            url=hook.url.replace("2", "3", 1),
            method="GET",
            headers=hook.headers,
            at=hook.at,
        )
    else:
        spoilt = replace(hook, body=hook.body[:-1] + bytes([hook.body[-1] ^ 1]))

    assert refused(vector.scheme, spoilt)


@pytest.mark.parametrize(
    ("name", "off_s", "passes"),
    [
        (name, off_s, abs(off_s) <= WINDOW_S)
        for name in ("vonage md5hash", "sinch", "telnyx", "sms-gate.app", "httpsms")
        for off_s in (-301, -299, 299, 301)
        # Nobody's clock is five minutes behind a token that has just begun.
        if (name, off_s) != ("httpsms", -299)
    ],
)
def test_the_time_must_be_now(name: str, off_s: int, *, passes: bool) -> None:
    """A webhook from five minutes ago, or ahead, is refused however well signed."""
    vector = VECTORS[name]
    hook = replace(vector.hook, at=vector.hook.at + timedelta(seconds=off_s))

    if passes:
        assert check(vector.scheme, hook, window_s=WINDOW_S) == vector.nonce
    else:
        assert "time" in refused(vector.scheme, hook) or name == "httpsms"


@pytest.mark.parametrize(
    "time", ["", "now", "17e8", "1700000000.0", "-1", "١٧", "9" * 40]
)
def test_no_time_is_no_time(time: str) -> None:
    """What is no number of seconds is refused, though the signature covers it."""
    body = b"{}"
    mac = hmac.new(b"testkey", body + time.encode(), hashlib.sha256).hexdigest()
    hook = hooked(body, headers={"X-Signature": mac, "X-Timestamp": time})

    assert refused(SMS_GATE, hook).startswith("the ")


def test_milliseconds_are_a_time_too() -> None:
    """Vendors that count in milliseconds are understood."""
    time = str(int(AT.timestamp() * 1000) + 1500)
    mac = hmac.new(b"testkey", b"{}" + time.encode(), hashlib.sha256).hexdigest()
    hook = hooked(b"{}", headers={"X-Signature": mac, "X-Timestamp": time})

    assert check(SMS_GATE, hook, window_s=2) == ""
    assert "window" in refused(SMS_GATE, replace(hook, at=AT - timedelta(minutes=10)))


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"exp": None}, "the token never ends"),
        ({"exp": int(AT.timestamp()) - 61}, "the token has ended"),
        ({"nbf": int(AT.timestamp()) + 61}, "the token has not begun"),
        ({"iat": int(AT.timestamp()) - 301}, "the time is outside of the window"),
        ({"exp": "never"}, "the token is malformed"),
        ({"exp": True}, "the token is malformed"),
        ({"exp": 10**400}, "the token is malformed"),
        ({"aud": "https://else.example/in"}, "the token is for somebody else"),
        ({"aud": None}, "the token is for somebody else"),
        ({"aud": [7, {}]}, "the token is for somebody else"),
        ({"iss": "evil.example"}, "the token is from somebody else"),
        ({"iss": None}, "the token is from somebody else"),
        ({"jti": 7}, "the token is malformed"),
    ],
)
def test_a_token_must_be_for_us_and_for_now(
    claims: dict[str, Any], reason: str
) -> None:
    """A token for somebody else, or that has ended or never does, is refused."""
    assert refused(JWT, bearer(token(**claims))) == reason


def test_a_tokens_id_is_its_nonce() -> None:
    """A token with an id shows it; one of several audiences may be ours."""
    hook = bearer(token(jti="t-1", aud=["https://else.example", f"{URL}/in"]))

    assert check(JWT, hook, window_s=WINDOW_S) == "t-1"


@pytest.mark.parametrize(
    "head",
    [
        '{"alg":"none"}',
        '{"alg":"HS512"}',
        '{"alg":"hs256"}',
        '{"alg":["HS256"]}',
        '{"alg":"HS256","crit":["b64"]}',
        "{}",
        "[]",
        "no json",
    ],
)
def test_the_algorithm_is_ours_to_choose(head: str) -> None:
    """A token cannot say how it is to be checked."""
    assert refused(JWT, bearer(token(head=head)))


def test_json_of_twilios_must_be_covered() -> None:
    """JSON without its digest in the signed address is refused."""
    digest = hmac.new(b"12345", TWILIO_URL.encode(), hashlib.sha1).digest()
    vector = twilio(
        TWILIO_URL,
        base64.b64encode(digest).decode(),
        TWILIO_JSON,
        "application/json",
    )

    assert refused(vector.scheme, vector.hook) == "the body is not signed"


def test_vonages_fields_may_come_as_form_or_json() -> None:
    """The same fields pass in a form and in JSON, and show their nonce."""
    fields = {"msisdn": "50370001234", "text": "hola & adios", "nonce": "n-1"}
    fields["timestamp"] = str(int(AT.timestamp()))
    said = "".join(f"&{key}={fields[key].replace('&', '_')}" for key in sorted(fields))
    fields["sig"] = hmac.new(b"secret", said.encode(), hashlib.sha512).hexdigest()
    scheme = VonageSignature(secret="secret", method="sha512")
    form = hooked(urlencode(fields).encode(), headers={"Content-Type": FORM})
    in_json = hooked(
        json.dumps(fields).encode(), headers={"Content-Type": "application/json"}
    )

    assert check(scheme, form, window_s=WINDOW_S) == "n-1"
    assert check(scheme, in_json, window_s=WINDOW_S) == "n-1"
    twice = replace(form, body=form.body + b"&text=hola+%26+adios")
    assert refused(scheme, twice) == "a signed field is there twice"


def test_a_prefix_and_fields_can_be_declared() -> None:
    """A vendor that signs sorted fields, and writes `sha256=` first, is understood."""
    scheme = DeclaredHmac(
        header="X-Sig", parts=("url", "params"), key="k", prefix="sha256="
    )
    said = f"{URL}/ina1b2".encode()
    mac = hmac.new(b"k", said, hashlib.sha256).hexdigest().upper()
    hook = hooked(b"b=2&a=1", headers={"X-Sig": f"sha256={mac}"})

    assert check(scheme, hook, window_s=WINDOW_S) == ""
    assert (
        refused(scheme, with_headers(hook, x_sig=mac)) == "the signature is malformed"
    )


def test_no_signature_passes_anything() -> None:
    """Where a vendor signs nothing, the secret of the path is all there is."""
    assert check(NoSignature(), hooked(b"anything"), window_s=WINDOW_S) == ""


@pytest.mark.parametrize(
    ("make", "path"),
    [
        (lambda: TwilioSignature(token=""), "token"),
        (lambda: VonageSignature(secret="s", method="sha3"), "method"),
        (lambda: BasicAuth(user="u", password=""), "password"),
        (lambda: JwtHs256(key=""), "key"),
        (lambda: Ed25519(public_key="AAAA"), "public_key"),
        (lambda: DeclaredHmac(header="X", key="k", hash="crc32"), "hash"),
        (lambda: DeclaredHmac(header="X", key="k", encoding="rot13"), "encoding"),
        (lambda: DeclaredHmac(header="X", key="k", parts=("head",)), "parts"),
        (lambda: DeclaredHmac(header="X", key="k", parts=("url",)), "parts"),
    ],
)
def test_a_scheme_that_protects_nothing_cannot_be_made(
    make: Callable[[], Scheme], path: str
) -> None:
    """An empty secret or an unknown way is refused when the link is built."""
    with pytest.raises(BadDialect) as caught:
        make()

    assert caught.value.path == path


@EACH
def test_no_secret_is_printed(vector: Vector) -> None:
    """Printing a scheme shows no secret, and printing a webhook no text."""
    for name in ("token", "key", "secret", "password"):
        value = getattr(vector.scheme, name, None)
        assert value is None or value not in repr(vector.scheme)
    assert str(vector.hook.body) not in repr(vector.hook) or not vector.hook.body


@given(
    vector=st.sampled_from(list(VECTORS.values())),
    body=st.binary(max_size=80),
    value=st.text(max_size=80),
    url=st.text(max_size=40),
    method=st.sampled_from(["GET", "POST"]),
    kind=st.sampled_from([FORM, "application/json", "", "text/plain"]),
)
def test_whatever_comes_is_refused_in_words(
    vector: Vector, body: bytes, value: str, url: str, method: str, kind: str
) -> None:
    """No bytes, headers or address make a check fail in any other way."""
    names = dict.fromkeys(vector.hook.headers, value) | {"content-type": kind}
    hook = hooked(body, url=url, method=method, headers=names)

    assert refused(vector.scheme, hook).startswith(("the ", "a "))

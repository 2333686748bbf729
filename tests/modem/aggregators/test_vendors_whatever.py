"""Promises of the vendors for any bytes at all, and of the table that builds them.

Whatever is answered is an outcome; whatever is posted is heard or is `Unreadable`; and
nothing of a text or a secret is ever printed or told as a reason.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from aiohttp import ClientSession
from hypothesis import given
from hypothesis import strategies as st

from modem.aggregators import vendors
from modem.aggregators.keys import BadDialect
from modem.aggregators.wire import (
    Accepted,
    Heard,
    HeardReport,
    HeardText,
    HttpAnswer,
    NotNow,
    Perhaps,
    Refused,
)
from modem.hooks import Forged, Hook, HookKind, Unreadable
from modem.link import Outgoing
from tests.modem.aggregators.accounts import (
    FIXTURES,
    REPORTS,
    SECRETS,
    VENDORS,
    fixtures,
    webhook,
)
from tests.modem.aggregators.fakes import fake, forged
from tests.modem.aggregators.hooked import AT, FORM, URL, hook_of, hooked

if TYPE_CHECKING:
    from modem.aggregators.wire import HttpRequest

CANARY = "PAGAR 5.00 70001234 4827"
PHONE = "+50370001234"
NAMES = st.sampled_from(list(VENDORS))
#: Fixtures and bytes that are near to one: a piece cut out, a piece put in.
BODIES = [path.read_bytes() for path in sorted(FIXTURES.glob("*/*.*"))]


@st.composite
def bodies(draw: st.DrawFn) -> bytes:
    """Draw bytes, or a fixture that something happened to."""
    body = draw(st.sampled_from([b"", *BODIES]))
    start = draw(st.integers(0, len(body)))
    end = draw(st.integers(start, min(len(body), start + 40)))
    return body[:start] + draw(st.binary(max_size=40)) + body[end:]


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["message.received", "delivered", "0", "PENDING", "true"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    *("data", "payload", "event_type", "messages", "results", "status"),
                    *("to", "from", "text", "id", "errors", "code", "groupName"),
                    *("messageId", "phone_number", "sid", "concat", "msisdn", "error"),
                ]
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=20,
)
JSON_BODIES = VALUES.map(lambda value: json.dumps(value).encode())


@given(
    vendor=NAMES,
    status=st.integers(100, 599),
    body=bodies() | JSON_BODIES,
    after=st.text(max_size=12),
)
def test_any_answer_is_an_outcome(
    vendor: str, status: int, body: bytes, after: str
) -> None:
    """Whatever a vendor answers, the link knows what to do, and no error escapes."""
    told = HttpAnswer(status=status, headers={"retry-after": after}, body=body)
    outcome = VENDORS[vendor].outcome(told)

    assert isinstance(outcome, (Accepted, Refused, NotNow, Perhaps))
    if not 200 <= status < 300:
        assert not isinstance(outcome, Accepted)


@given(
    vendor=NAMES,
    kind=st.sampled_from(list(HookKind)),
    method=st.sampled_from(["GET", "POST", "PUT"]),
    media=st.sampled_from(["application/json", FORM, "text/plain", "multipart/x", ""]),
    query=st.text(max_size=30),
    body=bodies() | JSON_BODIES,
)
def test_any_webhook_is_heard_or_unreadable(
    vendor: str, kind: HookKind, method: str, media: str, query: str, body: bytes
) -> None:
    """Whatever is posted is read or refused in words; what is read can be stored."""
    hook = hooked(
        body,
        kind=kind,
        method=method,
        url=f"{URL}/in?{query}",
        headers={"Content-Type": media},
    )
    try:
        items = VENDORS[vendor].hear(hook)
    except Unreadable:
        return

    for item in items:
        if isinstance(item, HeardText):
            assert item.sender
            item.text.encode()
            item.id.encode()
        else:
            assert isinstance(item, HeardReport)
            assert item.reference.encode()


@given(vendor=NAMES, body=bodies(), value=st.text(max_size=60))
def test_what_no_vendor_signed_is_forged(vendor: str, body: bytes, value: str) -> None:
    """No bytes and no header pass for a vendor's that it did not sign."""
    names = ("x-twilio-signature", "authorization", "telnyx-signature-ed25519")
    headers = dict.fromkeys(names, value) | {
        "telnyx-timestamp": str(int(AT.timestamp())),
        "content-type": FORM,
    }
    hook = hooked(body or b"x", headers=headers)

    with pytest.raises(Forged) as caught:
        VENDORS[vendor].verify(hook)
    assert str(caught.value).startswith(("the ", "a "))


@pytest.mark.parametrize("vendor", VENDORS)
def test_nothing_secret_is_printed(vendor: str) -> None:
    """Neither a vendor, nor its request, nor what it heard shows a secret or a text."""
    request = VENDORS[vendor].request(Outgoing(id=7, to=PHONE, text=CANARY))
    hook = webhook(vendor, fixtures(vendor, "in")[0])
    shown = "".join(
        [
            repr(VENDORS[vendor]),
            repr(request),
            repr(hook),
            *(repr(item) for item in VENDORS[vendor].hear(hook)),
        ]
    )

    for secret in (*SECRETS, CANARY, "4827", "s3cret", "Hello", "QUIZ", "Msg"):
        assert secret not in shown


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize("status", [200, 201, 400, 401, 403, 404, 429, 500, 503])
def test_no_reason_quotes_a_text(vendor: str, status: int) -> None:
    """A vendor that repeats the text in its error does not bring it into our logs."""
    said = {
        "code": CANARY,
        "message": CANARY,
        "errorCode": CANARY,
        "status": "failed",
        "error_code": CANARY,
        "errors": [{"code": CANARY, "detail": CANARY}],
        "messages": [
            {"status": CANARY, "error-text": CANARY}
            if vendor == "vonage"
            else {"status": {"groupId": 5, "name": CANARY, "description": CANARY}}
        ],
    }
    answered = HttpAnswer(status=status, body=json.dumps(said).encode())
    outcome = VENDORS[vendor].outcome(answered)

    assert "4827" not in repr(outcome)
    assert "PAGAR" not in repr(outcome)


# ---- against a vendor on loopback


async def sent(request: HttpRequest) -> HttpAnswer:
    """Do what `modem.http` does with a request, without its care."""
    async with (
        ClientSession() as client,
        client.request(
            request.method,
            request.url,
            headers=list(request.headers),
            data=request.body,
        ) as got,
    ):
        headers = {name.lower(): value for name, value in got.headers.items()}
        return HttpAnswer(status=got.status, headers=headers, body=await got.read())


@pytest.mark.parametrize("kind", vendors.names())
async def test_a_vendor_and_its_link_understand_each_other(kind: str) -> None:
    """A text is taken and reported on by its name; a text comes in; forgery fails."""
    async with fake(kind) as far:
        options = {**far.options, "report_url": REPORTS}
        vendor = vendors.load(far.preset, options)
        text = Outgoing(id=1, to=PHONE, text="Pagaste $5.00 ñ ¿? & más")
        first = vendor.outcome(await sent(vendor.request(text)))
        again = vendor.outcome(await sent(vendor.request(text)))

        assert first == Accepted(references=(far.taken[0].id,))
        assert isinstance(again, Accepted)
        assert far.phone == [(PHONE, text.text)] * (
            1 if vendor.traits.idempotent else 2
        )

        posts = [far.incoming(URL, sender=PHONE, text="SALDO ¿ñ?", at=AT)]
        posts += [
            far.report(URL, reference=far.taken[0].id, to=PHONE, status=status, at=AT)
            for status in ("trying", "delivered", "failed")
        ]
        heard: list[Heard] = []
        for post in posts:
            vendor.verify(hook_of(post))
            heard += vendor.hear(hook_of(post))
            with pytest.raises(Forged):
                vendor.verify(hook_of(forged(post)))

    assert isinstance(heard[0], HeardText)
    assert (heard[0].sender, heard[0].text) == (PHONE, "SALDO ¿ñ?")
    assert heard[0].sent_at == (AT if vendor.traits.sent_times else None)
    reports = [item for item in heard[1:] if isinstance(item, HeardReport)]
    assert [one.status for one in reports] == ["trying", "delivered", "failed"]
    assert {(one.reference, one.to) for one in reports} == {(far.taken[0].id, PHONE)}


async def test_vonage_says_which_part_is_which() -> None:
    """Parts of a long text come one by one, each with its place."""
    async with fake("vonage") as far:
        vendor = vendors.load("vonage", far.options)
        post = far.incoming(
            URL, sender=PHONE, text="PAGAR 5.00", at=AT, part=("7", 2, 3)
        )
        vendor.verify(hook_of(post))
        (heard,) = vendor.hear(hook_of(post))

    assert isinstance(heard, HeardText)
    assert heard.part is not None
    assert (heard.part.reference, heard.part.number, heard.part.total) == ("7", 2, 3)


def test_vonage_may_try_the_address_out() -> None:
    """Its dashboard calls a new address with nothing in it, and wants 200."""
    hook = hooked(method="GET")

    assert VENDORS["vonage"].verify(hook) == ""
    assert VENDORS["vonage"].hear(hook) == ()


# ---- the table


@pytest.mark.parametrize("name", vendors.names())
def test_every_key_is_known_needed_and_told(name: str) -> None:
    """Each key has a hint; one that is needed is missed by name; others are unknown."""
    facts = vendors.keys(name)
    given = {
        "account": "AC1", "token": "t", "api_key": "k", "api_secret": "s",
        "from": "+15005550006", "url": "https://vendor.example/",
        "public_key": "A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=",
    }  # fmt: skip
    given = {key: value for key, value in given.items() if key in facts}
    assert vendors.load(name, given).traits.send
    assert all(fact.hint for fact in facts.values())

    for key, fact in facts.items():
        if fact.needed:
            without = {one: value for one, value in given.items() if one != key}
            with pytest.raises(BadDialect) as caught:
                vendors.load(name, without)
            assert caught.value.path == key
    with pytest.raises(BadDialect) as caught:
        vendors.load(name, {**given, "colour": "blue"})
    assert caught.value.path == "colour"


@pytest.mark.parametrize(
    ("name", "changed", "path"),
    [
        ("twilio", {"from": ""}, "from"),
        ("twilio", {"service": "MG1"}, "from"),
        ("twilio", {"from": "+503 7000"}, "from"),
        ("twilio", {"url": "http://api.twilio.com"}, "url"),
        ("twilio", {"url": "https://api.twilio.com/?x=1"}, "url"),
        ("twilio", {"url": "https://[bad"}, "url"),
        ("twilio", {"token": 7}, "token"),
        ("twilio", {"keeps_sender": "perhaps"}, "keeps_sender"),
        ("vonage", {"signature_method": "sha3"}, "signature_method"),
        ("infobip", {"hook_user": "u", "hook_password": ""}, "hook_user"),
        ("telnyx", {"public_key": "AAAA"}, "public_key"),
        ("telnyx", {"from": ""}, "from"),
    ],
)
async def test_a_key_that_cannot_be_is_named(
    name: str, changed: dict[str, object], path: str
) -> None:
    """What could not work, or would send secrets in the clear, is refused by key."""
    async with fake(name) as far:
        options = {**far.options, **changed}
    with pytest.raises(BadDialect) as caught:
        vendors.load(name, options)

    assert caught.value.path == path


def test_there_is_no_other_vendor() -> None:
    """A name that is not written out is refused, and the known ones are told."""
    with pytest.raises(BadDialect, match="infobip, telnyx, twilio, vonage"):
        vendors.load("acme", {})


async def test_a_number_that_can_be_answered_can_be_told() -> None:
    """`keeps_sender` says that members see the number; by default they do not."""
    async with fake("twilio") as far:
        options = dict(far.options)
    assert not vendors.load("twilio", options).traits.keeps_sender
    assert vendors.load("twilio", {**options, "keeps_sender": True}).traits.keeps_sender


def test_hooks_have_no_second_reading() -> None:
    """What is signed as a form is read as a form: JSON is none of Twilio's."""
    hook: Hook = replace(
        webhook("twilio", "in.form"), headers={"content-type": "application/json"}
    )

    with pytest.raises(Unreadable):
        VENDORS["twilio"].hear(hook)

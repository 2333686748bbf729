"""Promises of the vendors that are written out, in the bytes that they document.

Every file under `fixtures/` stands in one of the tables, with what it means.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from modem.aggregators.twilio import decoded
from modem.aggregators.wire import (
    Accepted,
    Heard,
    HeardReport,
    HeardText,
    HttpAnswer,
    NotNow,
    Outcome,
    Part,
    Perhaps,
    Refused,
)
from modem.hooks import HookKind, Unreadable
from modem.link import ReportStatus
from tests.modem.aggregators.accounts import (
    FIXTURES,
    VENDORS,
    answer,
    fixtures,
    webhook,
)
from tests.modem.aggregators.hooked import FORM, hooked

SID = "SMe287d7109a5a925f182f0e07fe5b223b"
TELNYX_ID = "40385f64-5717-4562-b3fc-2c963f66afa6"
INFOBIP_ID = "2250be2d4219-3af1-78856-aabe-1362af1edfd2"

#: What becomes of a text: taken under these names, or the kind of no and its code.
ANSWERS: dict[str, dict[str, tuple[object, ...]]] = {
    "twilio": {
        "answer-201.json": (Accepted, "SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
        "answer-400-number.json": (Refused, "21211", False),
        "answer-400-landline.json": (Refused, "21614", False),
        "answer-400-long.json": (Refused, "21617", False),
        "answer-400-stopped.json": (Refused, "21610", True),
        "answer-400-region.json": (NotNow, None),
        "answer-401.json": (NotNow, None),
        "answer-429.json": (NotNow, 7.0),
        "answer-500.json": (Perhaps,),
    },
    "vonage": {
        "answer-200.json": (Accepted, "0C000000217B7F02"),
        "answer-200-parts.json": (Accepted, "0C000000217B7F02", "0C000000217B7F03"),
        "answer-200-half.json": (Perhaps,),
        "answer-200-throttled.json": (NotNow, 0.25),
        "answer-200-missing.json": (Refused, "2", False),
        "answer-200-credentials.json": (NotNow, 7.0),
        "answer-200-internal.json": (Perhaps,),
        "answer-200-barred.json": (Refused, "7", False),
        "answer-200-quota.json": (NotNow, 7.0),
        "answer-200-communication.json": (NotNow, None),
        "answer-200-whitelist.json": (NotNow, 7.0),
    },
    "infobip": {
        "answer-200.json": (Accepted, INFOBIP_ID),
        "answer-200-duplicate.json": (Accepted, INFOBIP_ID),
        "answer-200-credit.json": (NotNow, None),
        "answer-200-destination.json": (Refused, "REJECTED_DESTINATION", False),
        "answer-200-passing.json": (NotNow, None),
        "answer-200-permanent.json": (Refused, "UNDELIVERABLE_NOT_DELIVERED", False),
        "answer-400.json": (Refused, "E400", False),
        "answer-401.json": (NotNow, None),
        "answer-429.json": (NotNow, 7.0),
    },
    "telnyx": {
        "answer-200.json": (Accepted, TELNYX_ID),
        "answer-200-failed.json": (Refused, "40001", False),
        "answer-400-number.json": (Refused, "40310", False),
        "answer-400-stopped.json": (Refused, "40300", True),
        "answer-400-sender.json": (NotNow, None),
        "answer-401.json": (NotNow, None),
        "answer-429.json": (NotNow, 7.0),
        "answer-500.json": (Perhaps,),
    },
}


def plain(outcome: Outcome) -> tuple[object, ...]:
    """Return what matters of an outcome."""
    match outcome:
        case Accepted():
            return (Accepted, *outcome.references)
        case Refused():
            return (Refused, outcome.code, outcome.opted_out)
        case NotNow():
            return (NotNow, outcome.after_s)
        case Perhaps():
            return (Perhaps,)


@pytest.mark.parametrize(
    ("vendor", "name"),
    [(vendor, name) for vendor in ANSWERS for name in ANSWERS[vendor]],
)
def test_an_answer_means_what_the_vendor_says(vendor: str, name: str) -> None:
    """Taken, refused for good, not now, or perhaps: each documented answer is told."""
    outcome = VENDORS[vendor].outcome(answer(vendor, name, retry_after="7"))

    assert plain(outcome) == ANSWERS[vendor][name]


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (200, b"<html>captive portal</html>", Perhaps),
        (200, b"{}", Perhaps),
        (204, b"", Perhaps),
        (301, b"", NotNow),
        (400, b"", Refused),
        (403, b"", NotNow),
        (404, b"<h1>Not found</h1>", NotNow),
        (408, b"", NotNow),
        (429, b"", NotNow),
        (500, b"", Perhaps),
        (502, b"Bad Gateway", Perhaps),
        (503, b"", NotNow),
        (504, b"", Perhaps),
    ],
)
def test_an_answer_of_a_status_alone(
    vendor: str, status: int, body: bytes, kind: type[Outcome]
) -> None:
    """Where the vendor says nothing more, a doubt is a doubt and never a success."""
    outcome = VENDORS[vendor].outcome(HttpAnswer(status=status, body=body))

    assert type(outcome) is kind


@pytest.mark.parametrize(
    ("asked", "after_s"),
    [("30", 30.0), ("1.5", 1.5), ("99999999", 86_400.0), ("-1", None), ("", None)],
)
def test_retry_after_is_a_number_of_seconds(asked: str, after_s: float | None) -> None:
    """What a vendor asks for is heeded up to a day; a date is not guessed at."""
    told = HttpAnswer(status=429, headers={"retry-after": asked})

    assert plain(VENDORS["telnyx"].outcome(told)) == (NotNow, after_s)


def utc(*parts: int) -> datetime:
    """Return a time."""
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]


def text(sender: str, words: str, name: str, at: datetime | None = None) -> HeardText:
    """Return a text that was heard."""
    return HeardText(sender=sender, text=words, id=name, sent_at=at)


def report(
    name: str,
    to: str,
    status: str,
    at: datetime | None = None,
    code: str = "",
    *,
    opted_out: bool = False,
) -> HeardReport:
    """Return a report that was heard."""
    return HeardReport(
        reference=name,
        to=to,
        status=ReportStatus(status),
        at=at,
        code=code,
        opted_out=opted_out,
    )


QUIZ = text(
    "+385916242493",
    "QUIZ Correct answer is Paris",
    "817790313235066447",
    utc(2016, 10, 6, 9, 28, 39, 220_000),
)
NEW_YEAR = utc(2020, 1, 1, 12)
CAMP = "Bannon Explains The World ...\n\u201cThe Camp of the Saints"
DONE = utc(2019, 11, 9, 16, 0, 10)
FINAL = utc(2019, 12, 9, 21, 32, 14, 148_000)
MDR = "834f3d53-8a3c-4aa0-a733-7f2d682a72df"
HEARD: dict[str, dict[str, tuple[Heard, ...]]] = {
    "twilio": {
        "in.form": (text("+14133881111", "Msg", SID),),
        "in-base64.form": (text("+14133881111", CAMP, SID),),
        "in-picture.form": (),
        "report-delivered.form": (report(SID, "+12028831111", "delivered"),),
        "report-sent.form": (report(SID, "+12028831111", "trying"),),
        "report-undelivered.form": (
            report(SID, "+12028831111", "failed", code="30003"),
        ),
        "report-stopped.form": (
            report(SID, "+12028831111", "failed", code="21610", opted_out=True),
        ),
        "report-unknown.form": (),
    },
    "vonage": {
        "in.query": (
            text("+447700900001", "Hello world", "0A0000000123ABCD1", NEW_YEAR),
        ),
        "in.json": (
            replace(
                text("+447700900001", "Hello world", "0A0000000123ABCD1", NEW_YEAR),
                part=Part(reference="1", number=2, total=3),
            ),
        ),
        "in-binary.query": (),
        "report-delivered.json": (
            report("0A0000001234567B", "+447700900000", "delivered", NEW_YEAR),
        ),
        "report-stopped.json": (
            report(
                "aaaaaaaa-bbbb-cccc-dddd-0123456789ab",
                "+447700900000",
                "failed",
                NEW_YEAR,
                "9",
                opted_out=True,
            ),
        ),
        "report-failed.query": (
            report("external1", "+447700900000", "failed", code="6"),
        ),
        "report-buffered.query": (report("external1", "+447700900000", "trying"),),
        "report-unexpected.query": (),
    },
    "infobip": {
        "in.json": (QUIZ,),
        "in-batch.json": (
            QUIZ,
            text(
                "+385916242493",
                "¿SALDO?",
                "817790313235066448",
                utc(2016, 10, 6, 9, 28, 40),
            ),
        ),
        "report.json": (
            report("MESSAGE-ID-123-xyz", "+41793026727", "delivered", DONE),
            report(
                "12db39c3-7822-4e72-a3ec-c87442c0ffc5",
                "+41793026727",
                "failed",
                DONE,
                "EC_UNKNOWN_SUBSCRIBER",
            ),
            report("third", "+41793026727", "trying", DONE),
            report("fourth", "+41793026727", "failed", DONE, "EXPIRED_EXPIRED"),
            report("fifth", "+41793026727", "trying", DONE),
        ),
    },
    "telnyx": {
        "in.json": (
            text(
                "+18665550001",
                "Hello, World!",
                "7ee4241c-f127-47e5-9c34-3aac291f8058",
                utc(2019, 1, 23, 18, 10, 2, 574_000),
            ),
        ),
        "in-picture.json": (),
        "report-finalized.json": (report(MDR, "+13125000001", "delivered", FINAL),),
        "report-sent.json": (
            report(
                MDR,
                "+13125000001",
                "trying",
                utc(2019, 12, 9, 21, 32, 13, 596_000),
            ),
        ),
        "report-failed.json": (
            report(MDR, "+13125000001", "failed", FINAL, "40300", opted_out=True),
        ),
        "other.json": (),
    },
}


@pytest.mark.parametrize(
    ("vendor", "name"), [(vendor, name) for vendor in HEARD for name in HEARD[vendor]]
)
def test_a_webhook_brings_what_the_vendor_says(vendor: str, name: str) -> None:
    """Texts, parts, reports and opt-outs are read; what is none of them is let be."""
    assert VENDORS[vendor].hear(webhook(vendor, name)) == HEARD[vendor][name]


@pytest.mark.parametrize("vendor", VENDORS)
def test_every_fixture_is_told(vendor: str) -> None:
    """No documented bytes lie about that no test reads."""
    told = sorted([*ANSWERS[vendor], *HEARD[vendor]])

    assert told == sorted(path.name for path in (FIXTURES / vendor).iterdir())
    assert {
        name for kind in ("answer", "in", "report") for name in fixtures(vendor, kind)
    }


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_session_is_no_text(vendor: str) -> None:
    """What comes to a vendor's USSD path is never read as a text."""
    for name in HEARD[vendor]:
        hook = replace(webhook(vendor, name), kind=HookKind.ussd)
        assert VENDORS[vendor].hear(hook) == ()


@pytest.mark.parametrize(
    ("vendor", "body"),
    [
        ("twilio", b"From=%2B503&Body=hola"),
        ("twilio", b"MessageSid=S&Body=hola"),
        ("twilio", b"MessageSid=S&Body=hola&Body=PAGAR&From=%2B503"),
        ("twilio", b"MessageStatus=delivered"),
        ("vonage", b"msisdn=503&text=hola"),
        ("vonage", b"messageId=1&text=hola&msisdn="),
        (
            "vonage",
            b"messageId=1&text=h&msisdn=5&concat=true&concat-part=4&concat-total=3",
        ),
        (
            "vonage",
            b"messageId=1&text=h&msisdn=5&concat=true&concat-part=x&concat-total=3",
        ),
        ("infobip", b'{"unexpected":[]}'),
        ("infobip", b'{"results":[{"from":"503"}]}'),
        ("telnyx", b'{"data":{"event_type":"message.received"}}'),
        (
            "telnyx",
            b'{"data":{"event_type":"message.received","payload":{"text":"h"}}}',
        ),
        ("telnyx", b"[]"),
    ],
)
def test_what_is_not_documented_is_unreadable(vendor: str, body: bytes) -> None:
    """A webhook without a sender, an id or a text is refused in words, not guessed."""
    kind = "application/json" if body[:1] in (b"{", b"[") else FORM
    hook = hooked(body, headers={"Content-Type": kind})

    with pytest.raises(Unreadable) as caught:
        VENDORS[vendor].hear(hook)
    assert "hola" not in str(caught.value)


@pytest.mark.parametrize(
    "body",
    [
        "UEFHQVI=",
        "PAGAR 5.00 70001234 4827",
        "a" * 60,
        "0123456789" * 8,
        "QmFubm9uIEV4cGxhaW5z" * 3 + "!!!!",
        "//79" * 20,
    ],
)
def test_only_a_long_text_in_base64_is_undone(body: str) -> None:
    """What a member could have written stays as it was written."""
    assert decoded(body) == body

"""Promises of an explanation: every field, where it stands, and no PIN."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from modem.aggregators import presets, vendors
from modem.aggregators.explain import (
    Explanation,
    explain_answer,
    explain_hook,
    explain_vendor_answer,
    explain_vendor_hook,
)
from modem.aggregators.sample import read_sample
from modem.hooks import HookKind
from tests.modem.aggregators.accounts import answer, webhook
from tests.modem.aggregators.shipped import SHIPPED, sample

AT = datetime(2026, 11, 25, tzinfo=UTC)


def hidden(text: str) -> str:
    """Stand in for the house's own redaction."""
    return f"<{len(text)} hidden>"


def explained(
    name: str, message: bytes, kind: HookKind = HookKind.incoming
) -> Explanation:
    """Explain a webhook with a preset."""
    hook = read_sample(message).hook(kind, AT)
    return explain_hook(presets.preset(name), hook, hidden)


def values(told: Explanation) -> dict[str, str]:
    """Return the values by field."""
    return {one.name: one.value for one in told.fields}


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_every_fixture_is_explained(name: str) -> None:
    """What a preset's fixtures mean can be asked without any of its secrets."""
    dialect = presets.preset(name)
    text = explain_hook(dialect, sample(name, "in").hook(HookKind.incoming, AT), hidden)
    report = explain_hook(
        dialect, sample(name, "report").hook(HookKind.report, AT), hidden
    )
    answer = explain_answer(dialect, sample(name, "answer").answer())

    assert (text.meaning, report.meaning, answer.meaning) == (
        "text",
        "report",
        "accepted",
    )
    assert values(text)["from"] == SHIPPED[name].heard.sender
    assert values(text)["text"] == hidden(SHIPPED[name].heard.text)
    assert values(report)["ref"] == SHIPPED[name].reported.reference


@pytest.mark.parametrize(
    ("name", "text", "report", "took"),
    [
        ("infobip", "in.json", "report.json", "answer-200.json"),
        ("telnyx", "in.json", "report-finalized.json", "answer-200.json"),
        ("twilio", "in.form", "report-delivered.form", "answer-201.json"),
        ("vonage", "in.json", "report-delivered.json", "answer-200.json"),
    ],
)
def test_every_vendor_is_explained(
    name: str, text: str, report: str, took: str
) -> None:
    """A vendor that is understood by code tells the same, with nobody's account."""
    vendor = vendors.stand_in(name)
    heard = explain_vendor_hook(vendor, webhook(name, text), hidden)
    reported = explain_vendor_hook(vendor, webhook(name, report), hidden)
    taken = explain_vendor_answer(vendor, answer(name, took))

    assert (heard.meaning, reported.meaning, taken.meaning) == (
        "text",
        "report",
        "accepted",
    )
    assert values(heard)["text"].endswith("hidden>")
    assert values(reported)["ref"]


def test_a_body_alone_will_do() -> None:
    """A body that was copied out of a log is enough, with a line end or without."""
    body = (
        b'{"webhookEvent":"MESSAGE_RECEIVED","sender":"+1","message":"PAGAR 1 4321"}\n'
    )
    told = explained("textbee", body)

    assert told.meaning == "text"
    assert values(told)["text"] == "<12 hidden>"
    assert values(told)["sent_at"] == ""


def test_a_query_alone_will_do() -> None:
    """Of a GET the part from the question mark on is enough."""
    told = explained("kannel", b"?id=1&sender=%2B503&ts=1493735509&message=Hola\n")

    assert values(told) == {
        "from": "+503",
        "text": "<4 hidden>",
        "id": "1",
        "sent_at": "2017-05-02T14:31:49+00:00",
    }


def test_what_is_missing_is_named() -> None:
    """An unreadable message tells which place is empty, and quotes nothing."""
    told = explained("textbee", b'{"webhookEvent":"MESSAGE_RECEIVED","message":"4321"}')

    assert told.meaning == "unreadable"
    assert told.sentence == "Answered with 400: there is no sender at /sender."


def test_what_is_ignored_says_why() -> None:
    """The places that decide are shown, with what stands there."""
    told = explained("sms-gate-local", b'{"event":"system:ping","payload":{}}')

    assert told.meaning == "ignored"
    assert ("in.when", "/event", "<11 hidden>") in [
        (one.name, one.place, one.value) for one in told.fields
    ]


def test_an_unknown_status_is_shown() -> None:
    """A report whose status means nothing to us is ignored, and its status shown."""
    told = explained(
        "clickatell", b'{"messageId":"m","statusCode":99}', HookKind.report
    )

    assert told.meaning == "ignored"
    assert values(told)["report.status"] == "<2 hidden>"


@pytest.mark.parametrize(
    ("status", "body", "meaning", "rule"),
    [
        (202, b"{}", "accepted", "ok"),
        (409, b"{}", "accepted", "duplicate"),
        (400, b"{}", "refused", "refused"),
        (503, b"{}", "not_now", "retry"),
        (500, b"<html>", "perhaps", "none"),
    ],
)
def test_an_answer_says_by_which_rule(
    status: int, body: bytes, meaning: str, rule: str
) -> None:
    """The rule that decided what became of a text is named."""
    dialect = presets.preset("sms-gate-server")
    told = explain_answer(dialect, read_sample(body).answer(status))

    assert told.meaning == meaning
    assert values(told)["rule"] == rule

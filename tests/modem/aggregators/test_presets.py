"""Promises of the shipped presets, in the bytes that their vendors document.

One table over all of them, then what is particular to one: the traps.
"""

from __future__ import annotations

import dataclasses
import tomllib
from contextlib import suppress
from importlib import resources
from typing import TYPE_CHECKING

import pytest

from modem.aggregators import presets
from modem.aggregators.wire import Accepted, HeardReport, HeardText, Perhaps
from modem.hooks import Forged, HookKind, Unreadable
from modem.link import Outgoing, ReportStatus
from tests.modem.aggregators.shipped import (
    FIXTURES,
    KEY,
    NEEDED,
    OUTGOING,
    SHIPPED,
    sample,
)

if TYPE_CHECKING:
    from modem.aggregators.wire import Aggregator, Heard
    from modem.hooks import Hook

every = pytest.mark.parametrize("name", sorted(SHIPPED))
KINDS = {"in": HookKind.incoming, "report": HookKind.report}


def vendor(name: str) -> Aggregator:
    """Return the preset with the keys of the table."""
    return presets.load(name, SHIPPED[name].options)


def hook(name: str, fixture: str) -> Hook:
    """Return a webhook of a fixture; what is named report… comes to that address."""
    kind = KINDS["report" if fixture.startswith("report") else "in"]
    return sample(name, fixture).hook(kind, SHIPPED[name].at)


def heard(name: str, fixture: str) -> tuple[Heard, ...]:
    """Return what a fixture brings once its signature is checked."""
    one = hook(name, fixture)
    vendor(name).verify(one)
    return vendor(name).hear(one)


def text(name: str, fixture: str) -> HeardText:
    """Return the one text that a fixture brings."""
    (one,) = heard(name, fixture)
    assert isinstance(one, HeardText)
    return one


# ---- all of them


def test_every_preset_is_in_the_table() -> None:
    """No preset is shipped that nothing is known of."""
    assert presets.names() == tuple(sorted(SHIPPED))


@every
def test_every_preset_has_its_fixtures(name: str) -> None:
    """A preset has a request, an answer, an error, a text and a report."""
    found = {path.stem for path in (FIXTURES / name).iterdir()}

    assert set(NEEDED) <= found


@every
def test_every_preset_tells_the_day_of_its_facts(name: str) -> None:
    """It says whose it is and when that was looked up, in the file that is shipped."""
    file = resources.files("modem.aggregators.presets") / f"{name}.toml"
    table = tomllib.loads(file.read_text("utf-8"))

    assert table["about"]
    assert table["facts"] == presets.preset(name).facts
    assert presets.preset(name).facts is not None


@every
def test_the_request_is_what_the_vendor_documents(name: str) -> None:
    """A text is sent in exactly these bytes."""
    request = vendor(name).request(OUTGOING)
    wanted = sample(name, "request")

    assert (request.method, request.url) == (wanted.method, wanted.target)
    assert {k.lower(): v for k, v in request.headers} == wanted.headers
    assert request.body == wanted.body


@every
def test_the_answer_means_that_it_was_taken(name: str) -> None:
    """The documented answer is success, with the name that reports will use."""
    outcome = vendor(name).outcome(sample(name, "answer").answer())

    assert outcome == SHIPPED[name].accepted


@every
def test_errors_mean_what_the_vendor_says(name: str) -> None:
    """A text is given up only where the vendor will never take it."""
    one = vendor(name)

    assert one.outcome(sample(name, "error").answer()) == SHIPPED[name].failed
    for fixture, outcome in SHIPPED[name].answers.items():
        assert one.outcome(sample(name, fixture).answer()) == outcome


@every
@pytest.mark.parametrize("status", [500, 502, 504, 404, 302])
def test_an_answer_nobody_documents_is_neither_yes_nor_no(
    name: str, status: int
) -> None:
    """Where an error may have come after the work, the text may have been sent."""
    answer = dataclasses.replace(
        sample(name, "answer").answer(), status=status, body=b"<html>"
    )

    assert isinstance(vendor(name).outcome(answer), Perhaps)


@every
def test_a_text_is_heard(name: str) -> None:
    """Sender, words, id and time are found, once the signature is checked."""
    assert heard(name, "in") == (SHIPPED[name].heard,)


@every
def test_a_report_is_heard(name: str) -> None:
    """What became of a text is found under the name that it was sent by."""
    assert heard(name, "report") == (SHIPPED[name].reported,)


@every
def test_what_is_no_message_is_refused(name: str) -> None:
    """Noise is unreadable, or of no concern; nothing else is ever raised."""
    one = vendor(name)
    for body in (b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"event":1}', b"a=%zz"):
        for kind in (HookKind.incoming, HookKind.report):
            made = dataclasses.replace(
                hook(name, "in"), body=body, kind=kind, query=(), url="https://x/in"
            )
            with suppress(Unreadable):
                assert one.hear(made) == ()


@every
def test_no_secret_is_ever_shown(name: str) -> None:
    """Whoever prints a vendor, its request or a hook prints no secret and no text."""
    one = vendor(name)
    facts = presets.keys(name)
    secrets = [
        str(value)
        for key, value in SHIPPED[name].options.items()
        if key != "report_url" and facts[key].secret
    ]
    shown = f"{one!r} {one.request(OUTGOING)!r} {hook(name, 'in')!r} {one.traits!r}"

    assert secrets
    for secret in [*secrets, OUTGOING.text, SHIPPED[name].heard.text]:
        assert secret not in shown


@every
@pytest.mark.parametrize(
    "words",
    [
        'a"b\\c\r\nX-Evil: 1\r\n\r\n&to=+1&text=2#x%0d%0a{to}{{',
        "\x00\x1f\u2028\u2029</script>",
        "Pago 5.00 ☺ 😀 ñ",
        "\ud800 half a pair",
    ],
)
def test_no_text_breaks_out_of_its_place(name: str, words: str) -> None:
    """Whatever a text holds, the request has one recipient and the same headers."""
    one = vendor(name)
    plain = one.request(OUTGOING)
    request = one.request(dataclasses.replace(OUTGOING, text=words))

    assert request.headers == plain.headers
    assert not set(request.url) & set(' \r\n"{}<>')
    assert request.body.count(b"50370001234") == plain.body.count(b"50370001234")
    assert b"\n" not in request.body


@every
def test_a_signed_webhook_cannot_be_changed(name: str) -> None:
    """Where the vendor signs the body, one other byte is a forgery."""
    dialect = presets.preset(name)
    one, made = vendor(name), hook(name, "in")
    if dialect.signing.scheme == "hmac":
        with pytest.raises(Forged):
            one.verify(dataclasses.replace(made, body=made.body + b" "))
    if dialect.signing.scheme != "none":
        with pytest.raises(Forged):
            one.verify(dataclasses.replace(made, headers={}))


# ---- traps


@pytest.mark.parametrize("name", ["sms-gate-local", "sms-gate-server"])
def test_a_receipt_overtakes_campaigns_on_the_phone(name: str) -> None:
    """The app sends replies before all limits, and campaigns behind everything."""
    reply = vendor(name).request(OUTGOING)
    campaign = vendor(name).request(dataclasses.replace(OUTGOING, bulk=True))

    assert b'"priority":100' in reply.body
    assert b'"priority":-1' in campaign.body


def test_two_texts_of_the_same_words_stay_two() -> None:
    """sms-gate's messageId is made of the words; the event's id tells texts apart."""
    one = vendor("sms-gate-local")
    first = hook("sms-gate-local", "in")
    second = dataclasses.replace(
        first, body=first.body.replace(b"Ey6ECgOkVVFjz3CL48B8C", b"another-event-id")
    )

    (a,), (b,) = one.hear(first), one.hear(second)
    assert isinstance(a, HeardText)
    assert isinstance(b, HeardText)
    assert a.text == b.text
    assert a.id != b.id


def test_older_apps_call_the_sender_otherwise() -> None:
    """sms-gate before `sender` said `phoneNumber`; both are read."""
    assert text("sms-gate-local", "in-before-sender").sender == "6505551212"


def test_a_text_that_the_phone_could_not_send_says_why() -> None:
    """Android's own limit reaches the operator by name."""
    (report,) = heard("sms-gate-local", "report-failed")

    assert isinstance(report, HeardReport)
    assert report.status is ReportStatus.failed
    assert report.code == "RESULT_ERROR_LIMIT_EXCEEDED"


def test_the_phones_ping_is_acknowledged_and_ignored() -> None:
    """Events about something else bring nothing, and are no error."""
    assert heard("sms-gate-local", "ping") == ()
    assert heard("httpsms", "offline") == ()


def test_one_address_for_all_events_will_do() -> None:
    """A report that comes to the address for texts is still a report."""
    report = hook("sms-gate-local", "report")
    elsewhere = dataclasses.replace(report, kind=HookKind.incoming)

    assert vendor("sms-gate-local").hear(elsewhere) == heard("sms-gate-local", "report")


def test_a_webhook_is_over_after_five_minutes() -> None:
    """sms-gate signs the time: what is older is no webhook any more."""
    late = dataclasses.replace(hook("sms-gate-local", "in"), at=SHIPPED["httpsms"].at)

    with pytest.raises(Forged):
        vendor("sms-gate-local").verify(late)


def test_two_networks_on_one_phone_do_not_swallow_each_others_texts() -> None:
    """The id that a server takes once is made with a secret, not the row alone."""
    options = dict(SHIPPED["sms-gate-server"].options)
    outgoing = Outgoing(id=1, to="+50370001234", text="x")
    other = presets.load("sms-gate-server", {**options, "signing_key": "another"})
    ours = presets.load("sms-gate-server", options)

    assert ours.request(outgoing).body != other.request(outgoing).body
    assert ours.request(outgoing).reference == ours.request(outgoing).reference
    assert ours.traits.idempotent


def test_an_encrypted_text_is_never_taken_for_words() -> None:
    """httpSMS can encrypt; the operator is told to switch that off."""
    with pytest.raises(Unreadable, match="switch encryption off"):
        heard("httpsms", "in-encrypted")


def test_a_text_the_phone_did_not_take_in_time_has_failed() -> None:
    """httpSMS calls it expired after five minutes, under another name for the text."""
    (report,) = heard("httpsms", "report-expired")

    assert isinstance(report, HeardReport)
    assert report.reference == "32343a19-da5e-4b1b-a767-3298a73703cb"
    assert report.status is ReportStatus.failed


def test_a_token_for_another_address_is_none() -> None:
    """httpSMS signs for one webhook; at another its token is worth nothing."""
    with pytest.raises(Forged):
        vendor("httpsms").verify(
            dataclasses.replace(hook("httpsms", "in"), url="https://evil.example/in")
        )


def test_both_ways_of_writing_a_date_are_read() -> None:
    """Africa's Talking writes dates in two ways; they are the same time."""
    dated = text("africastalking", "in-space-date").sent_at

    assert dated == SHIPPED["africastalking"].heard.sent_at


def test_three_charsets_of_one_vendor() -> None:
    """Clickatell's texts come plain, as %-coded Latin-1 and as %-coded UTF-16."""
    assert text("clickatell", "in").text == "Hello World!"
    assert text("clickatell", "in-latin").text == "hello!"
    assert text("clickatell", "in-utf16").text == (
        "mexico k mis papas no tenía dinero para comprarnos lo q queríamos.."
    )


def test_half_a_character_is_refused() -> None:
    """UTF-16 that ends in the middle is not guessed at."""
    made = hook("clickatell", "in-utf16")
    cut = dataclasses.replace(made, body=made.body.replace(b"%00.%00.", b"%00.%00"))

    with pytest.raises(Unreadable, match="utf-16-be"):
        vendor("clickatell").hear(cut)


def test_kannel_texts_in_other_bytes_are_read() -> None:
    """A query whose bytes are no UTF-8 loses nothing on its way."""
    assert text("kannel", "in-utf16").text == "Sí ☺"
    assert text("jasmin", "in-utf16").text == "Sí☺"


def test_a_text_outside_the_gsm_alphabet_is_marked() -> None:
    """Kannel and Jasmin are told when a text needs UCS-2."""
    smile = dataclasses.replace(OUTGOING, text="Hola ☺")

    assert "coding=2&" in vendor("kannel").request(smile).url
    body = vendor("jasmin").request(smile).body
    assert b"coding=8" in body
    assert b"hex-content=0048006f006c00610020263a" in body
    assert b"&content=" not in body


def test_kannel_reports_come_by_our_own_name() -> None:
    """Kannel names no text: the request says by what name its report will come."""
    assert vendor("kannel").request(OUTGOING).reference == KEY


def test_without_a_report_address_none_is_asked_for() -> None:
    """A link that nobody can reach from outside sends all the same."""
    options = {k: v for k, v in SHIPPED["kannel"].options.items() if k != "report_url"}

    assert "dlr-url" not in presets.load("kannel", options).request(OUTGOING).url


def test_jasmin_is_answered_as_it_wants() -> None:
    """Jasmin sends again until it reads exactly this."""
    assert vendor("jasmin").traits.hook_ok_body == b"ACK/Jasmin"
    assert vendor("kannel").traits.hook_ok_body == b""


def test_a_refusal_by_the_network_is_a_failure() -> None:
    """Jasmin passes the network's own statuses on; whatever is not ROK failed."""
    (report,) = heard("jasmin", "report-smsc")

    assert isinstance(report, HeardReport)
    assert report.status is ReportStatus.failed


def test_a_duplicate_counts_as_taken() -> None:
    """The same id again is 409: the phone has it, and it is not sent twice."""
    answer = sample("sms-gate-server", "duplicate").answer()

    assert isinstance(vendor("sms-gate-server").outcome(answer), Accepted)


def test_links_without_a_time_say_so() -> None:
    """Jasmin tells no send time, so its texts are asked about before they pay."""
    assert not vendor("jasmin").traits.sent_times
    assert vendor("kannel").traits.sent_times

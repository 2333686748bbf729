"""Promises of a declared dialect: what it can say, and what is found when loaded."""

from __future__ import annotations

import json
import tomllib
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modem.aggregators import presets
from modem.aggregators.keys import BadDialect, KeyFact
from modem.aggregators.wire import (
    Accepted,
    HeardReport,
    HeardText,
    HttpAnswer,
    NotNow,
    Part,
    Perhaps,
    Refused,
)
from modem.errors import Rejected
from modem.hooks import HookKind, Unreadable
from modem.link import Outgoing, ReportStatus
from tests.modem.aggregators.hooked import URL, hooked

if TYPE_CHECKING:
    from pathlib import Path

    from modem.aggregators.wire import Aggregator, Heard, Outcome

OUT = Outgoing(id=7, to="+50370001234", text='Hola "Ana" & Co')
#: A local firm, with everything that a dialect can say.
FIRM = """
about = "A local firm"
facts = 2026-11-01

[keys.url]
form = "url"
hint = "the firm's address"
[keys.token]
secret = true
hint = "from the firm's letter"
[keys.account]
needed = false
hint = "the account's number"

[send]
url = "{url}/sms/{account}"
auth = { scheme = "bearer", token = "{token}" }
headers = { X-Ref = "{id}" }
query = { account = "{account}", v = "2" }
json = { n = "{id:int}", to = ["{to}"], body = { text = "{text}", note = "{{x}}" }, from = "{account}", urgent = true }

[answer]
ok = { status = "2xx", when = { "/ok" = true } }
refused = [{ status = [400, 422] }, { when = { "/code" = ["E1", "regex:^X"] } }]
opted_out = { when = { "/code" = "E9" } }
retry = { status = [429, 503] }
id = ["/ids/0", "header:X-Id"]
code = "/code"
reason = "/why"

[in]
items = "/results"
from = "/from/number"
text = "/text"
id = "/id"
sent_at = "/at"
time = ["unix_ms", "%d/%m/%Y %H:%M"]
part = { reference = "/multi/ref", number = "/multi/n", total = "/multi/of" }

[report]
items = "/results"
ref = "/id"
to = "/to"
status = "/status"
map = { DONE = "delivered", BUSY = "trying", "regex:^NO" = "failed", NOTED = "ignore" }
code = "/code"
opted_out = "E9"

[can]
keeps_sender = false
"""  # noqa: E501
VALUES = {"url": "https://firm.example/", "token": "s3cret", "account": "12"}


def firm(text: str = FIRM, **values: object) -> Aggregator:
    """Return the firm's vendor."""
    return presets.load(None, {"dialect": tomllib.loads(text), **VALUES, **values})


def changed(old: str, new: str) -> str:
    """Return the firm's dialect with one thing changed, which must be there."""
    assert old in FIRM
    return FIRM.replace(old, new, 1)


def answered(status: int, **body: object) -> Outcome:
    """Return what an answer means to the firm."""
    return firm().outcome(HttpAnswer(status=status, body=json.dumps(body).encode()))


def heard(*items: object, kind: HookKind = HookKind.incoming) -> tuple[Heard, ...]:
    """Return what a batch brings."""
    body = json.dumps({"results": items}).encode()
    return firm().hear(hooked(body, kind=kind))


# ---- out


def test_every_place_is_filled_as_it_needs() -> None:
    """A number stays a number, braces stay braces, and the url is escaped."""
    request = firm(account="1/2 3").request(OUT)

    assert request.url == "https://firm.example/sms/1%2F2%203?account=1%2F2+3&v=2"
    assert dict(request.headers) == {
        "Authorization": "Bearer s3cret",
        "Content-Type": "application/json",
        "X-Ref": "7",
    }
    assert json.loads(request.body) == {
        "n": 7,
        "to": ["+50370001234"],
        "body": {"text": 'Hola "Ana" & Co', "note": "{x}"},
        "from": "1/2 3",
        "urgent": True,
    }


def test_what_is_not_set_is_left_out() -> None:
    """An entry whose key a link does not set is not in the request at all."""
    text = changed("{url}/sms/{account}", "{url}/sms")
    request = firm(text, account="").request(OUT)

    assert request.url == "https://firm.example/sms?v=2"
    assert "from" not in json.loads(request.body)


@given(words=st.text(), account=st.text(min_size=1, alphabet='abc/?#&=% "{}é'))
def test_any_text_arrives_as_it_is(words: str, account: str) -> None:
    """Whatever is sent, the vendor reads the same words, and one account."""
    request = firm(account=account).request(
        Outgoing(id=1, to="+50370001234", text=words)
    )
    body = json.loads(request.body)

    assert body["body"]["text"].encode("utf-16", "surrogatepass") == words.encode(
        "utf-16", "surrogatepass"
    )
    assert dict(parse_qsl(urlsplit(request.url).query))["account"] == account
    assert urlsplit(request.url).hostname == "firm.example"


@pytest.mark.parametrize(
    ("auth", "header"),
    [
        (
            '{ scheme = "basic", user = "u", password = "{token}" }',
            "Basic dTpzM2NyZXQ=",
        ),
        ('{ scheme = "bearer", token = "{token}" }', "Bearer s3cret"),
        ('{ scheme = "header", header = "X-Key", token = "k {token}" }', "k s3cret"),
    ],
)
def test_three_ways_to_say_who_we_are(auth: str, header: str) -> None:
    """Basic, bearer, and a header of the vendor's own."""
    text = changed('{ scheme = "bearer", token = "{token}" }', auth)

    assert header in dict(firm(text).request(OUT).headers).values()


def test_the_vendors_names_for_a_text_are_our_keys() -> None:
    """A key given by the house is used as it is; else it is made with a secret."""
    text = changed('note = "{{x}}"', 'note = "{key}"')
    one = json.loads(firm(text).request(OUT).body)["body"]["note"]
    again = json.loads(firm(text).request(OUT).body)["body"]["note"]
    other = json.loads(firm(text, token="t").request(OUT).body)["body"]["note"]

    assert one == again != other
    assert len(one) == 32


def test_a_dialect_without_send_does_not_send() -> None:
    """A vendor that only brings texts says so, and refuses the rest."""
    vendor = presets.load(None, {"dialect": {"in": {"from": "/f", "text": "/t"}}})

    assert not vendor.traits.send
    assert not vendor.traits.report
    with pytest.raises(Rejected, match="does not send"):
        vendor.request(OUT)


# ---- what became of it


def test_answers_in_three_ways_and_a_fourth() -> None:
    """Taken, never, not now, and perhaps."""
    assert answered(201, ok=True, ids=["a", "b"]) == Accepted(references=("a",))
    assert answered(400, why="no such number") == Refused(
        reason="HTTP 400: no such number"
    )
    assert answered(200, code="X7") == Refused(reason="HTTP 200, code X7", code="X7")
    assert answered(200, code="E9") == Refused(
        reason="HTTP 200, code E9", code="E9", opted_out=True
    )
    assert answered(503) == NotNow(reason="HTTP 503")
    assert answered(200, ok=False) == Perhaps(reason="HTTP 200")
    assert answered(500) == Perhaps(reason="HTTP 500")


def test_an_id_may_stand_in_a_header() -> None:
    """Where the first place has nothing, the next is looked at."""
    answer = HttpAnswer(status=200, headers={"x-id": "h1"}, body=b'{"ok":true}')

    assert firm().outcome(answer) == Accepted(references=("h1",))


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("30", 30.0),
        (" 1.5 ", 1.5),
        ("999999999", 86_400.0),
        ("Wed, 25 Nov 2026 10:00:00 GMT", None),
        ("-1", None),
        ("nan", None),
        ("", None),
    ],
)
def test_retry_after_is_honoured(told: str, seconds: float | None) -> None:
    """Seconds are waited, a day at most; whatever else it says is no number."""
    answer = HttpAnswer(status=429, headers={"retry-after": told})

    assert firm().outcome(answer) == NotNow(reason="HTTP 429", after_s=seconds)


def test_a_vendors_reason_repeats_no_digits() -> None:
    """What a vendor quotes of a text reaches no log."""
    outcome = answered(400, why="bad text: PAGAR 5 rosa 8642\r\nX")

    assert outcome == Refused(reason="HTTP 400: bad text: PAGAR 5 rosa **** X")


@given(status=st.integers(100, 599), body=st.binary(max_size=200))
def test_no_answer_is_too_strange(status: int, body: bytes) -> None:
    """Whatever the bytes, there is an outcome and no error."""
    for name in ("kannel", "clickatell"):
        vendor = presets.load(
            name,
            {"url": "http://x", "user": "u", "password": "p"}
            if name == "kannel"
            else {"api_key": "k"},
        )
        vendor.outcome(HttpAnswer(status=status, body=body))


# ---- in


def test_a_batch_brings_each_of_its_texts() -> None:
    """In order, each with its own id and time."""
    texts = heard(
        {"from": {"number": "+1"}, "text": "a", "id": 1, "at": 1516217711000},
        {"from": {"number": "+2"}, "text": "", "id": "2", "at": "25/11/2026 08:30"},
    )

    assert texts == (
        HeardText(
            sender="+1",
            text="a",
            id="1",
            sent_at=datetime(2018, 1, 17, 19, 35, 11, tzinfo=UTC),
        ),
        HeardText(
            sender="+2",
            text="",
            id="2",
            sent_at=datetime(2026, 11, 25, 8, 30, tzinfo=UTC),
        ),
    )


def test_a_part_says_which_it_is() -> None:
    """A whole text has no part; numbers that cannot be are unreadable."""
    text = {"from": {"number": "+1"}, "text": "a"}
    (part,) = heard({**text, "multi": {"ref": "r", "n": 2, "of": 3}})
    (whole,) = heard({**text, "multi": {"ref": "r", "n": 1, "of": 1}})
    (none,) = heard(text)

    assert isinstance(part, HeardText)
    assert part.part == Part(reference="r", number=2, total=3)
    assert isinstance(whole, HeardText)
    assert isinstance(none, HeardText)
    assert whole.part is None
    assert none.part is None
    for n, of in ((4, 3), (0, 2), (1, 256), (-1, 2), ("x", 2)):
        with pytest.raises(Unreadable):
            heard({**text, "multi": {"ref": "r", "n": n, "of": of}})


def test_a_time_that_is_none_is_no_time() -> None:
    """The text is heard; without a sure time it pays nothing unasked."""
    for at in ("soon", "", None, {"x": 1}, 10**30, "99/99/2026 00:00"):
        (text,) = heard({"from": {"number": "+1"}, "text": "a", "at": at})
        assert isinstance(text, HeardText)
        assert text.sent_at is None


def test_a_text_without_a_sender_is_unreadable() -> None:
    """Nothing is guessed: the place is named and nothing is quoted."""
    with pytest.raises(Unreadable, match="no sender at /from/number"):
        heard({"text": "PAGAR 5 rosa 8642"})
    with pytest.raises(Unreadable, match="no text at /text"):
        heard({"from": {"number": "+1"}})
    with pytest.raises(Unreadable, match="no list at /results"):
        firm().hear(hooked(b'{"results": {}}'))


@pytest.mark.parametrize("body", ["form", "query"])
def test_a_field_that_is_there_twice_is_unreadable(body: str) -> None:
    """Which of two senders or texts is meant is not guessed at."""
    dialect = {"in": {"body": body, "from": "/de", "text": "/t"}, "about": "Twice"}
    vendor = presets.load(None, {"dialect": dialect})
    for fields, times in (("de=%2B1&t=a&x=1", 1), ("de=%2B1&t=a&de=%2B2", 2)):
        hook = (
            hooked(fields.encode())
            if body == "form"
            else hooked(method="GET", url=f"{URL}/in?{fields}")
        )
        if times == 1:
            assert vendor.hear(hook) == (HeardText(sender="+1", text="a"),)
            continue
        with pytest.raises(Unreadable, match="a field is there twice"):
            vendor.hear(hook)


def test_halves_of_a_character_are_made_whole() -> None:
    """What JSON smuggles in as half a pair can be kept and logged afterwards."""
    body = b'{"results":[{"from":{"number":"+1"},"text":"\\ud83d\\ude00 \\ud800"}]}'
    (text,) = firm().hear(hooked(body))

    assert isinstance(text, HeardText)
    assert text.text == "😀 \ufffd"
    assert text.text.encode()


def test_reports_by_their_status() -> None:
    """Delivered, still trying, failed by a pattern; what is not named is ignored."""
    reports = heard(
        *(
            {"id": name, "to": "+1", "status": name, "code": "E9"}
            for name in ("DONE", "BUSY", "NOROUTE", "NOTED", "OTHER")
        ),
        kind=HookKind.report,
    )

    assert [one.status for one in reports if isinstance(one, HeardReport)] == [
        ReportStatus.delivered,
        ReportStatus.trying,
        ReportStatus.failed,
    ]
    assert all(isinstance(one, HeardReport) and one.opted_out for one in reports)


def test_a_session_is_no_text() -> None:
    """USSD is verified by the link and read elsewhere."""
    assert firm().hear(hooked(b"{}", kind=HookKind.ussd)) == ()


def test_traits_follow_from_what_is_declared() -> None:
    """What a dialect does not tell how to do, its link does not claim."""
    traits = firm().traits

    assert (traits.send, traits.receive, traits.report) == (True, True, True)
    assert traits.sent_times
    assert not traits.keeps_sender
    assert not traits.trusted
    assert not traits.idempotent


# ---- mistakes

MISTAKES = [
    ("[answer]", "[answers]", "answers", "did you mean answer"),
    ('url = "{url}/sms', 'urll = "{url}/sms', "send.urll", "did you mean url"),
    ('url = "{url}/sms', 'url = "ftp://x/sms', "send.url", "begin with https://"),
    ("{url}/sms/{account}", "{url}/sms?x=1", "send.url", "belongs into send.query"),
    ('"{id:int}"', '"{idd:int}"', "send.json.n", "nothing fills {idd}"),
    ('"{id:int}"', '"{id"', "send.json.n", "a brace itself is {{ or }}"),
    ('text = "{text}", ', "", "send", "write {text} somewhere"),
    ('to = ["{to}"], ', "", "send", "write {to} somewhere"),
    ('X-Ref = "{id}"', 'X-Ref = "{text}"', "send.headers.X-Ref", "nothing fills"),
    ("X-Ref =", '"X: Ref" =', "send.headers.X: Ref", "no header's name"),
    ('X-Ref = "{id}"', "X-Ref = 7", "send.headers.X-Ref", "in quotation marks"),
    ('"bearer"', '"digest"', "send.auth.scheme", "write one of none, basic"),
    ('token = "{token}" }', 'token = "abc" }', "send.auth.token", "under [keys]"),
    ("json = {", 'form = { a = "1" }\njson = {', "send.form", "one body"),
    ("ok = {", "okay = {", "answer.okay", "did you mean ok"),
    ('status = "2xx"', 'status = "20x"', "answer.ok.status", '"5xx"'),
    ('"/ok" = true', '"ok" = true', "answer.ok.when.ok", "write a place"),
    ('"regex:^X"', '"regex:("', "answer.refused.when./code", "cannot be read"),
    ('id = ["/ids/0", "header:X-Id"]', "id = 7", "answer.id", "a list of texts"),
    ('from = "/from/number"\n', "", "in.from", "it is missing"),
    ('"unix_ms"', '"unix_us"', "in.time", "unix_ms, or a pattern"),
    ('of" }', 'of", x = 1 }', "in.part.x", "there is no such key"),
    ('DONE = "delivered"', 'DONE = "done"', "report.map.DONE", "delivered, trying"),
    ("keeps_sender = false", "keeps_sender = 0", "can.keeps_sender", "true or false"),
    ("facts = 2026-11-01", 'facts = "today"', "facts", "a date"),
    ("[keys.account]", "[keys.text]", "keys.text", "this name is taken"),
    ('form = "url"', 'form = "uri"', "keys.url.form", "write one of text, url"),
    ("secret = true", 'secret = true\ndefault = "x"', "keys.token.default", "secret"),
    (
        "[can]",
        '[signature]\nscheme = "hmac"\nheader = "X"\n[can]',
        "signature.key",
        "needs it",
    ),
    (
        "[can]",
        '[signature]\nscheme = "hmac"\nkey = "{token}"\nheader = "X"\n'
        'parts = "head"\n[can]',
        "signature.parts",
        "header:NAME",
    ),
]


@pytest.mark.parametrize(("old", "new", "path", "hint"), MISTAKES)
def test_a_mistake_is_found_when_loaded(
    old: str, new: str, path: str, hint: str
) -> None:
    """Each names the key's path and says what to write, before any text is sent."""
    with pytest.raises(BadDialect) as found:
        firm(changed(old, new))

    assert found.value.path == path
    assert hint in found.value.hint


@pytest.mark.parametrize(
    ("key", "value", "hint"),
    [
        ("token", "", "it is missing; from the firm's letter"),
        ("token", "a\r\nX: 1", "one line of text"),
        ("url", "firm.example", "an address like https://"),
        ("url", "https://firm.example/?a=", "without ? and #"),
        ("account", True, "in quotation marks"),
        ("acount", "1", "no such key; there are url, token, account"),
    ],
)
def test_a_wrong_value_is_found_when_loaded(key: str, value: object, hint: str) -> None:
    """What a link sets is checked by what its dialect says, and never repeated."""
    with pytest.raises(BadDialect) as found:
        presets.load(None, {"dialect": tomllib.loads(FIRM), **VALUES, key: value})

    assert found.value.path == key
    assert hint in found.value.hint
    assert "s3cret" not in str(found.value)


def test_an_empty_signing_key_is_refused() -> None:
    """A signature that anybody could make protects nothing."""
    text = changed(
        "[can]",
        '[signature]\nscheme = "hmac"\nkey = "{account}"\nheader = "X"\n[can]',
    ).replace("{url}/sms/{account}", "{url}/sms")

    with pytest.raises(BadDialect) as found:
        firm(text, account="")
    assert found.value.path == "signature.key"


def test_a_preset_or_a_dialect_not_both() -> None:
    """And one of them there must be; the presets are named."""
    with pytest.raises(BadDialect, match="a preset or a dialect"):
        presets.load("textbee", {"dialect": {}})
    with pytest.raises(BadDialect, match="preset: write one of africastalking"):
        presets.load(None, {})
    with pytest.raises(BadDialect, match="preset: write one of"):
        presets.load("twitter", {})


def test_a_dialect_in_a_file(tmp_path: Path) -> None:
    """The same tables in a file of their own; one that is none is told."""
    path = tmp_path / "firm.toml"
    path.write_text(FIRM)
    vendor = presets.load(None, {"dialect": path, **VALUES})

    assert vendor.request(OUT) == firm().request(OUT)
    path.write_text("[send\n")
    with pytest.raises(BadDialect, match="is not TOML"):
        presets.declared(path)
    with pytest.raises(BadDialect, match="cannot be read"):
        presets.declared(tmp_path / "none.toml")


def test_keys_say_what_is_secret_and_what_is_needed() -> None:
    """From them the configuration knows what to take by reference only."""
    facts = presets.keys("textbee")

    assert facts["api_key"] == KeyFact(
        secret=True, needed=True, hint="the API key from the dashboard"
    )
    assert not facts["url"].needed

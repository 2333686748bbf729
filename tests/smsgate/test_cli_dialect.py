"""Promises of `smsgate link dialect`: what a message would mean, and no PIN."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pydantic import BaseModel

from smsgate.operations import OperationRefused
from smsgate.operations.texts.dialects import dialect_of
from tests.modem.aggregators.shipped import FIXTURES
from tests.smsgate.shell import shell

if TYPE_CHECKING:
    from tests.smsgate.shell import Net

BODY = (
    '{"webhookEvent":"MESSAGE_RECEIVED","smsId":"s1","sender":"+50370001234",'
    '"message":"PAGAR 5.00 rosa 8642","receivedAt":"2025-02-04T10:20:30.000Z"}'
)
OWN = """
about = "A local firm"
[in]
body = "form"
from = "/de"
text = "/texto"
"""


class HttpLink(BaseModel):
    """A link as a configuration has it."""

    name: str
    driver: str = "http"
    preset: str = ""
    dialect: Path | None = None


@pytest.fixture
def body(tmp_path: Path) -> Path:
    """A message with a PIN in it."""
    path = tmp_path / "body.json"
    path.write_text(BODY)
    return path


def test_a_text_is_told_without_its_pin(body: Path) -> None:
    """Each field stands there with its place; the PIN does not."""
    said = shell("link", "dialect", "textbee", "--sample", str(body))

    assert (said.code, said.err) == (0, "")
    assert "+50370001234" in said.out
    assert "/receivedAt" in said.out
    assert "PAGAR 5.00 rosa ****" in said.out
    assert "8642" not in said.out


def test_the_same_as_json(body: Path) -> None:
    """Programs get one document with the same fields."""
    said = shell("link", "dialect", "textbee", "--sample", str(body), "--json")
    told = json.loads(said.out)

    assert told["meaning"] == "text"
    assert told["facts"] == "2026-11-25"
    assert {"field": "id", "place": "/smsId or /idempotencyKey", "value": "s1"} in (
        told["fields"]
    )
    assert "8642" not in said.out


def test_a_report_and_an_answer() -> None:
    """Whole HTTP messages of the other kinds are told as well."""
    report = FIXTURES / "kannel" / "report.http"
    answer = FIXTURES / "jasmin" / "error.http"
    said = shell(
        *("link", "dialect", "kannel", "--kind", "report", "--sample", str(report))
    )
    assert said.code == 0
    assert "delivered" in said.out
    said = shell(
        *("link", "dialect", "jasmin", "--kind", "answer", "--sample", str(answer))
    )
    assert said.code == 0
    assert "HTTP 412: No route found" in said.out


def test_a_dialect_of_ones_own(tmp_path: Path) -> None:
    """A file can be tried before any link uses it."""
    (tmp_path / "firm.toml").write_text(OWN)
    (tmp_path / "body").write_text("de=70001234&texto=SALDO")
    said = shell(
        *("link", "dialect", str(tmp_path / "firm.toml")),
        *("--sample", str(tmp_path / "body")),
    )

    assert said.code == 0
    assert "A local firm" in said.out
    assert "SALDO" in said.out


def test_what_cannot_be_read_is_exit_1(tmp_path: Path) -> None:
    """A message that would be refused says so to programs too."""
    (tmp_path / "body").write_text("{")
    said = shell("link", "dialect", "textbee", "--sample", str(tmp_path / "body"))

    assert said.code == 1
    assert "the body is no JSON" in said.out


def test_a_mistake_in_a_dialect_is_a_sentence(tmp_path: Path) -> None:
    """The path of the key and what to write there."""
    (tmp_path / "bad.toml").write_text('[in]\nfrom = "/de"\ntexto = "/t"\n')
    (tmp_path / "body").write_text("x")
    said = shell(
        *("link", "dialect", str(tmp_path / "bad.toml")),
        *("--sample", str(tmp_path / "body")),
    )

    assert said.code == 1
    assert "in.texto: there is no such key; did you mean text?" in said.err


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """Exit 3, and the file's name."""
    said = shell("link", "dialect", "textbee", "--sample", str(tmp_path / "none"))

    assert said.code == 3
    assert "none cannot be read" in said.err


def test_a_name_that_nothing_has(net: Net, body: Path) -> None:
    """The sentence says what may be named."""
    said = shell(
        *("-c", str(net.folder / "config.toml")),
        *("link", "dialect", "nobody", "--sample", str(body)),
    )

    assert said.code == 1
    assert "there is no link nobody" in said.err
    assert "kannel" in said.err


def test_a_links_dialect_is_found_by_its_name(tmp_path: Path) -> None:
    """A link's preset, or its own file, is what is asked."""
    own = tmp_path / "firm.toml"
    own.write_text(OWN)
    links = [
        HttpLink(name="phone-b", preset="sms-gate-local"),
        HttpLink(name="firm", dialect=own),
        HttpLink(name="tw", preset="twilio"),
    ]

    assert "sms-gate" in dialect_of("phone-b", lambda: links).about
    assert dialect_of("firm", lambda: links).about == "A local firm"
    assert dialect_of("tw", lambda: links).about.startswith("Twilio")
    modem = HttpLink(name="modem-a", driver="gsm")
    with pytest.raises(OperationRefused, match="name a link with driver http"):
        dialect_of("modem-a", lambda: [modem])


@pytest.mark.parametrize(
    ("name", "kind", "sample", "words"),
    [
        ("twilio", "in", b"MessageSid=SM1&From=%2B50370001234&Body=SALDO+4827", "****"),
        (
            "vonage",
            "report",
            b'{"msisdn":"503","to":"7","messageId":"A","status":"x"}',
            "ignored",
        ),
        ("infobip", "in", b'{"results":[]}', "ignored"),
        ("telnyx", "answer", b'{"errors":[{"code":"40300","title":"x"}]}', "opted out"),
        ("twilio", "in", b'{"From":"x"}', "Answered with 400: the body is JSON"),
    ],
)
def test_a_vendor_that_is_understood_by_code(
    tmp_path: Path, name: str, kind: str, sample: bytes, words: str
) -> None:
    """It is asked like any other, without an account; the PIN is not shown."""
    path = tmp_path / "sample"
    path.write_bytes(sample)
    said = shell(
        *("link", "dialect", name, "--sample", str(path)),
        *("--kind", kind, "--status", "400"),
    )

    assert said.code == (1 if "400:" in words else 0)
    assert words in said.out
    assert "4827" not in said.out

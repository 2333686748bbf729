"""Promises of the page on a new aggregator: followed step by step, it works.

What comes in: the page itself, its blocks in order. What goes out: the firm of the
page, sending, understood and signed, as somebody would have it who only copied.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

import pytest

from modem.aggregators import presets
from modem.aggregators.wire import (
    Accepted,
    HeardReport,
    HeardText,
    HttpAnswer,
    NotNow,
    Perhaps,
    Refused,
)
from modem.hooks import Forged, Hook, HookKind
from modem.link import Outgoing, ReportStatus
from tests.smsgate.shell import shell

if TYPE_CHECKING:
    from modem.aggregators.wire import Aggregator, Outcome

PAGE = Path(__file__).parents[1] / "docs" / "howto" / "new-aggregator.md"
BLOCKS = re.findall(
    r"^```(\w+)\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
)
TOML = [block for kind, block in BLOCKS if kind == "toml"]
ANSWER, TEXT = (block for kind, block in BLOCKS if kind == "json")
#: Last come the link's table in the house's own configuration, and another firm's file.
FIRM = "\n".join(TOML[:-2])
LINK = tomllib.loads(TOML[-2])["link"][0]
PLAIN = TOML[-1]
PLAIN_ANSWER, PLAIN_TEXT = (block for kind, block in BLOCKS if kind == "text")
SECRETS = {"token": "t0ken", "signing_key": "k3y"}
AT = datetime(2026, 11, 25, 14, 31, tzinfo=UTC)


def firm() -> Aggregator:
    """Return the vendor as the link's table sets it, its secrets opened."""
    dialect = tomllib.loads(FIRM)
    given = {key: LINK[key] for key in dialect["keys"] if key in LINK}
    return presets.load(None, {"dialect": dialect, **given, **SECRETS})


def callback(body: bytes, fecha: str) -> Hook:
    """Return a webhook, signed as step 4 says."""
    signed = hmac.new(b"k3y", fecha.encode() + b"." + body, hashlib.sha256)
    return Hook(
        kind=HookKind.incoming,
        method="POST",
        url="https://pay.example.org/hook/firm/s/in",
        headers={"x-firma": signed.hexdigest(), "x-fecha": fecha},
        body=body,
        at=AT,
    )


def test_it_sends() -> None:
    """Steps 1 and 2: the request, and what the firm's answer means."""
    request = firm().request(Outgoing(id=7, to="+50370001234", text="Hola"))

    assert request.url == "https://api.mensajes.example/v1/enviar"
    assert json.loads(request.body) == {
        "numero": "50370001234",
        "texto": "Hola",
        "referencia": "7",
    }


def test_the_samples_are_told(tmp_path: Path) -> None:
    """Steps 2 and 3: each command of the page says what the page promises."""
    file = tmp_path / "firm.toml"
    file.write_text(FIRM)
    (tmp_path / "answer.json").write_text(ANSWER)
    (tmp_path / "text.json").write_text(TEXT)
    said = shell(
        *("link", "dialect", str(file), "--kind", "answer"),
        *("--sample", str(tmp_path / "answer.json")),
    )
    assert said.code == 0
    assert "The vendor took the text." in said.out
    assert "m-81" in said.out
    said = shell("link", "dialect", str(file), "--sample", str(tmp_path / "text.json"))
    assert said.code == 0
    assert "+50370001234" in said.out
    assert "2026-11-25T14:30:00+00:00" in said.out


def test_nobody_else_gets_in() -> None:
    """Step 4: what the firm signed is heard, what it did not is forged."""
    now = str(int(AT.timestamp()))
    good = callback(TEXT.encode(), now)
    vendor = firm()

    vendor.verify(good)
    (text,) = vendor.hear(good)
    assert isinstance(text, HeardText)
    assert (text.sender, text.text, text.id) == ("+50370001234", "SALDO", "r-5")
    for forged in (
        callback(TEXT.encode(), str(int(now) - 3600)),
        Hook(
            kind=good.kind,
            method=good.method,
            url=good.url,
            headers=good.headers,
            body=TEXT.replace("SALDO", "MENU").encode(),
            at=AT,
        ),
    ):
        with pytest.raises(Forged):
            vendor.verify(forged)


def test_every_secret_is_named_and_none_is_written() -> None:
    """Step 5: the link's table has all that is needed, secrets by reference."""
    facts = {
        name: key.fact
        for name, key in presets.declared(tomllib.loads(FIRM)).keys.items()
    }

    assert {name for name, fact in facts.items() if fact.needed} <= LINK.keys()
    for name, fact in facts.items():
        if fact.secret:
            assert LINK[name].startswith("file:")


def test_an_answer_is_not_success_by_its_status_alone() -> None:
    """Step 2: a 200 that does not say `aceptado` may mean anything."""
    assert firm().outcome(HttpAnswer(status=200, body=ANSWER.encode())) == Accepted(
        references=("m-81",)
    )
    assert isinstance(firm().outcome(HttpAnswer(status=200, body=b"{}")), Perhaps)


# ---- step 6: forms and plain words


def plain() -> Aggregator:
    """Return the vendor of step 6."""
    keys = {"url": "https://sms.plano.example", "user": "red", "password": "c1ave"}
    return presets.load(None, {"dialect": tomllib.loads(PLAIN), **keys})


def test_a_form_asks_and_a_line_answers() -> None:
    """Step 6: every kind of line has its meaning; what is none may have been sent."""
    request = plain().request(Outgoing(id=7, to="+50370001234", text="5.00 & más"))

    assert request.url == "https://sms.plano.example/sms.php"
    assert parse_qsl(request.body.decode()) == [
        ("usuario", "red"),
        ("clave", "c1ave"),
        ("para", "50370001234"),
        ("mensaje", "5.00 & más"),
    ]

    def said(line: str) -> Outcome:
        return plain().outcome(HttpAnswer(status=200, body=line.encode()))

    assert said(PLAIN_ANSWER) == Accepted(references=("991234",))
    assert isinstance(said("ERR 7 numero invalido"), Refused)
    assert isinstance(said("ERR 3 sin saldo"), NotNow)
    assert isinstance(said("<html>502</html>"), Perhaps)


def test_a_form_brings_texts_and_reports(tmp_path: Path) -> None:
    """Step 6: the page's callback is a text; a report has the id of the answer."""
    (tmp_path / "plano.toml").write_text(PLAIN)
    (tmp_path / "text.form").write_text(PLAIN_TEXT)
    said = shell(
        *("link", "dialect", str(tmp_path / "plano.toml")),
        *("--sample", str(tmp_path / "text.form")),
    )
    assert said.code == 0
    assert "+50370001234" in said.out
    assert "2026-11-25T14:30:00+00:00" in said.out

    hook = Hook(
        kind=HookKind.report,
        method="POST",
        url="https://pay.example.org/hook/plano/s/report",
        headers={},
        body=b"mid=991234&estado=DELIVRD",
        at=AT,
    )
    (report,) = plain().hear(hook)
    assert isinstance(report, HeardReport)
    assert (report.reference, report.status) == ("991234", ReportStatus.delivered)
    assert plain().traits.hook_ok_body == b"OK"

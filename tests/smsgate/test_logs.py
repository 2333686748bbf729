"""Logs tell what happened and to which link, never a PIN, a text or a whole number."""

from __future__ import annotations

import io
import json
import logging
from typing import TYPE_CHECKING

import pytest
import structlog

from commands.secret import Secret
from smsgate import logs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PIN = "739154"


@pytest.fixture
def heard() -> Iterator[Callable[..., io.StringIO]]:
    """Set logs up as asked, and put everything back afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in logs.QUIET}

    def setup(**how: str) -> io.StringIO:
        stream = io.StringIO()
        logs.setup(stream=stream, **how)
        return stream

    yield setup
    root.handlers = handlers
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)
    structlog.reset_defaults()


def test_an_event_is_one_line_of_json(heard: Callable[..., io.StringIO]) -> None:
    """Event, level, time and facts, each under its name."""
    stream = heard(form="json")
    structlog.get_logger("smsgate.gateway").info("sms.kept", link="a", outbox=123456)
    (line,) = stream.getvalue().splitlines()
    told = json.loads(line)
    assert told.pop("timestamp").endswith("Z")
    assert told == {
        "event": "sms.kept",
        "level": "info",
        "link": "a",
        "logger": "smsgate.gateway",
        "outbox": 123456,
    }


def test_an_event_is_one_line_of_key_and_value(
    heard: Callable[..., io.StringIO],
) -> None:
    """For people: time, level and event first, line breaks escaped."""
    stream = heard()
    structlog.get_logger("x").warning("link.changed", why="gone\nPAGAR", up=False)
    (line,) = stream.getvalue().splitlines()
    assert " level=warning event=link.changed " in line
    assert r"why=gone\nPAGAR " in line
    assert "up=false" in line


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("to +50371231111", "to +503****1111"),
        ("to +503****1111", "to +503****1111"),
        ("PAGAR 20417 25.50 4821", "PAGAR ****"),
        ("PIN 4 8 2 1", "PIN ****"),
        ("cuatro ocho dos uno", "****"),
        ("+5037123111 4821", "+503****3111 ****"),
        ("slot 12 of 40", "slot 12 of 40"),
        ("", ""),
    ],
)
def test_free_text_is_masked(text: str, shown: str) -> None:
    """Phones keep country and four digits; what could be a PIN keeps none."""
    assert logs.mask_text(text) == shown


def test_no_fact_shows_a_pin(heard: Callable[..., io.StringIO]) -> None:
    """Neither a Secret nor digits in text, lists, tables, bytes or errors are shown."""
    stream = heard(form="json")
    log = structlog.get_logger("smsgate")
    log.info(
        "sms.kept",
        pin=Secret(PIN),
        text=f"SALDO {PIN}",
        more=[f"x{PIN}", {"deep": f"{PIN} y", "pin": Secret(PIN)}],
        raw=PIN.encode(),
        thing=ValueError(f"bad {PIN}"),
    )
    try:
        int(f"cannot read {PIN}")
    except ValueError:
        log.exception("sms.failed")
    logging.getLogger("modem.gsm").warning("odd answer %s", f"+CMT: {PIN}")
    shown = stream.getvalue()
    assert len(shown.splitlines()) == 3
    assert PIN not in shown
    assert "cannot read ****" in shown
    assert "test_logs.py" in shown
    assert "<6 bytes>" in shown


def test_what_the_house_knows_may_be_seen(heard: Callable[..., io.StringIO]) -> None:
    """References, codes, addresses and paths are of use to an operator."""
    stream = heard(form="json")
    facts = {"ref": "4812057735", "code": "20417", "listen": "127.0.0.1:8080"}
    structlog.get_logger("smsgate").info("transfer.posted", **facts)
    told = json.loads(stream.getvalue())
    assert {key: told[key] for key in facts} == facts


@pytest.mark.parametrize(
    "name", ["serial", "gsmmodem.modem", "aiohttp.access", "asyncio"]
)
def test_libraries_at_a_wire_are_held_at_warnings(
    heard: Callable[..., io.StringIO], name: str
) -> None:
    """Even a library that asks for DEBUG is not heard below a warning."""
    stream = heard()
    library = logging.getLogger(name)
    before = library.level
    library.setLevel(logging.DEBUG)
    try:
        library.debug("wrote %s", PIN)
        library.info("wrote %s", PIN)
        assert stream.getvalue() == ""
        library.warning("port is gone")
    finally:
        library.setLevel(before)
    assert "port is gone" in stream.getvalue()


def test_the_level_is_the_least_that_is_told(
    heard: Callable[..., io.StringIO],
) -> None:
    """With "error", information and warnings are left out."""
    stream = heard(level="error")
    log = structlog.get_logger("smsgate")
    log.info("sms.kept")
    log.warning("sms.unsent")
    log.error("sms.unkept")
    assert [line.split("event=")[1] for line in stream.getvalue().splitlines()] == [
        "sms.unkept logger=smsgate"
    ]

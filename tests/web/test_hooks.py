"""What is answered at the addresses of webhooks, and what is not even looked at."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import TYPE_CHECKING

import pytest

from smsgate.web import hooks
from tests.modem.http.rig import text
from tests.web.house import HOOK, WORD, House, house, until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

KEPT = "SELECT count(*) FROM inbox"


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    """Return a house that runs."""
    async with house(tmp_path) as running:
        yield running


async def test_a_text_is_acknowledged_once_it_is_kept(home: House) -> None:
    """200 means that the text stands in the inbox; again it changes nothing."""
    assert await home.post(text("AYUDA", id="1")) == 200
    assert home.rows(KEPT) == [(1,)]
    assert await home.post(text("AYUDA", id="1")) == 200
    assert home.rows(KEPT) == [(1,)]


@pytest.mark.parametrize(
    "path",
    [
        HOOK.replace("/web/", "/other/"),
        HOOK.replace("nobody", "somebody"),
        HOOK + "/",
        HOOK + "x",
        HOOK.replace("/in", ""),
        HOOK.replace("/in", "/ussd"),
        "/hook/web//in",
        "/",
        "/metrics",
    ],
)
async def test_a_wrong_secret_looks_like_an_address_that_is_not_there(
    home: House, path: str
) -> None:
    """Whoever tries addresses learns nothing from the answers."""
    wrong = await home.ask("POST", path, data=b"[]", headers=WORD)
    nowhere = await home.ask("POST", "/nowhere", data=b"[]")
    for answer in (wrong, nowhere):
        answer[2].pop("Date")
    assert wrong == nowhere
    assert wrong[:2] == (404, b"not found\n")


async def test_other_methods_are_not_allowed(home: House) -> None:
    """A webhook is not fetched, deleted or asked for its options; USSD never by GET."""
    for method in ("PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"):
        assert (await home.ask(method, HOOK))[0] == 405
    assert (await home.ask("GET", HOOK.replace("/in", "/ussd")))[0] == 405


async def test_an_unsigned_webhook_is_refused(home: House) -> None:
    """Who knows the address and not the vendor's secret does nothing."""
    assert await home.post(text("AYUDA", id="1"), **{"X-Word": "guess"}) == 401
    assert home.rows(KEPT) == [(0,)]


async def test_bytes_that_are_no_webhook_are_refused(home: House) -> None:
    """Wrong charset, wrong JSON and nothing at all are answered 400."""
    for body in (b"", b"\xff\xfe\x00", b'[{"from": "\xe9"}]', b"a=b", b"{" * 30_000):
        status, _, _ = await home.ask("POST", HOOK, data=body, headers=WORD)
        assert status == 400
    assert home.rows(KEPT) == [(0,)]


async def test_a_body_as_long_as_allowed_is_read(home: House) -> None:
    """64 KiB are read whole."""
    items = [text("AYUDA", id="1", padding="")]
    spare = hooks.BODY_MAX_BYTES - len(json.dumps(items))
    items[0]["padding"] = "x" * spare
    assert await home.post(*items) == 200


async def test_a_body_that_is_too_long_is_not_read(home: House) -> None:
    """One byte more is refused, whether it was announced or not."""
    too_long = b"x" * (hooks.BODY_MAX_BYTES + 1)
    status, _, _ = await home.ask("POST", HOOK, data=too_long, headers=WORD)
    assert status == 413

    head = f"POST {HOOK} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunks = b"".join(b"4000\r\n" + b"x" * 0x4000 + b"\r\n" for _ in range(5))
    assert b" 413 " in (await home.says(head.encode() + chunks)).splitlines()[0]


async def test_a_huge_body_is_refused_by_its_announcement(home: House) -> None:
    """A gigabyte is refused before any of it came."""
    head = f"POST {HOOK} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\n"
    assert b" 413 " in (await home.says(head.encode())).splitlines()[0]


async def test_a_slow_body_is_given_up(
    home: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever sends half a body keeps nobody waiting."""
    monkeypatch.setattr(hooks, "BODY_S", 0.05)
    head = f"POST {HOOK} HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf"
    assert b" 408 " in (await home.says(head.encode())).splitlines()[0]


async def test_fifty_at_once_are_each_kept_once(tmp_path: Path) -> None:
    """Fifty webhooks side by side, each twice, are fifty texts."""
    async with house(tmp_path, daemon={"in_flight_max": 200}) as home:
        texts = [
            text("AYUDA", id=f"{n}", **{"from": f"+5037000{n:04}"}) for n in range(50)
        ]
        took = await asyncio.gather(*(home.post(one) for one in texts * 2))
        assert took == [200] * 100
        assert home.rows(KEPT) == [(50,)]


async def test_the_excess_is_told_to_come_again_and_loses_nothing(
    tmp_path: Path,
) -> None:
    """With room for two, most of a hundred are refused at once, and all come in."""
    async with house(tmp_path, daemon={"in_flight_max": 2}) as home:
        waiting = [
            text("AYUDA", id=f"{n}", **{"from": f"+5037000{n:04}"}) for n in range(100)
        ]
        refused = 0
        while waiting:
            took = await asyncio.gather(*(home.post(one) for one in waiting))
            assert set(took) <= {200, 503}
            waiting = [
                one for one, status in zip(waiting, took, strict=True) if status == 503
            ]
            refused += len(waiting)
        assert refused > 0
        assert home.rows(KEPT) == [(100,)]


async def test_a_refusal_says_when_to_come_again(tmp_path: Path) -> None:
    """503 carries Retry-After."""
    async with house(tmp_path, daemon={"in_flight_max": 1}) as home:
        home.running.gateway.stop_receiving()
        status, _, headers = await home.ask("POST", HOOK, data=b"[]", headers=WORD)
        assert (status, headers["Retry-After"]) == (503, "5")


async def test_what_takes_too_long_is_finished_all_the_same(
    home: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The vendor is told to come again; the text is kept, and its next try is known."""
    monkeypatch.setattr(hooks, "ANSWER_S", 0.0)
    assert await home.post(text("AYUDA", id="1")) == 503

    async def kept() -> bool:
        return home.rows(KEPT) == [(1,)]

    await until(kept)
    monkeypatch.setattr(hooks, "ANSWER_S", 5.0)
    assert await home.post(text("AYUDA", id="1")) == 200
    assert home.rows(KEPT) == [(1,)]


async def test_texts_may_come_by_get(home: House) -> None:
    """Vendors that send a text in an address are heard too."""
    status, _, _ = await home.ask("GET", HOOK, headers=WORD)
    # This vendor sends JSON bodies; the link saw the request and could not read it.
    assert status == 400


async def test_neither_addresses_nor_bodies_are_logged(
    home: House, caplog: pytest.LogCaptureFixture
) -> None:
    """Secrets are in the addresses, PINs in the bodies: no log has either."""
    caplog.set_level(logging.DEBUG)
    await home.post(text("PAGAR 20417 25.50 4827", id="1"))
    await home.says(f"POST {HOOK} HTTP/9.9\r\n\x00\r\n\r\n4827".encode())
    await home.says(b"\x16\x03\x01 4827 " + HOOK.encode() + b"\r\n\r\n")
    assert HOOK not in caplog.text
    assert "nobody-guesses" not in caplog.text
    assert "4827" not in caplog.text


async def test_an_answer_does_not_say_what_we_are_made_of(home: House) -> None:
    """No version of a library is told to whoever asks."""
    for path in ("/healthz", "/nowhere", HOOK):
        _, _, headers = await home.ask("GET", path)
        assert headers["Server"] == "smsgate"

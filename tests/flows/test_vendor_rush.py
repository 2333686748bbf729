"""Five thousand webhooks at once, against the daemon as an operator runs it.

The house has room for a tenth. The excess is told to come again at once, the sender
does, and in the end everything was heard once and every payment made once.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from smsgate.clock import Clock
from tests.crash.house import ROOT, Process, build
from tests.crash.test_kill_webhook import SECRET, link_to
from tests.modem.aggregators.fakes import fake
from tests.web.house import free_port

if TYPE_CHECKING:
    from pathlib import Path

    from tests.crash.house import House
    from tests.modem.aggregators.fakes import FakeVendor
    from tests.modem.aggregators.spoken import Post

_ALL, _ROOM = 5_000, 500
_PAYERS, _EACH = 10, 10
#: A firm's own number: what it writes is kept, and never answered.
_FIRM = "22001"


@pytest.mark.timeout(240)
async def test_five_thousand_webhooks_at_once(tmp_path: Path) -> None:
    """503 for the excess, and nothing is lost: no text, no cent, no receipt."""
    port = free_port()
    settings: dict[str, dict[str, object]] = {
        "http": {"listen": f"127.0.0.1:{port}"},
        "daemon": {"in_flight_max": _ROOM},
    }
    names = ["Rosa", *(f"N{number}" for number in range(_PAYERS))]
    # It runs a loop of its own.
    house = await asyncio.to_thread(build, tmp_path, names, settings=settings)
    async with fake("sms-gate") as vendor:
        text = house.config.read_text() + link_to(vendor, house.folder)
        house.config.write_text(text)
        daemon = Process(house)
        await asyncio.to_thread(daemon.until_said, "web.listening")
        told = await _rush(_posts(house, vendor, port))
        # A receipt to each side of each payment.
        async with asyncio.timeout(30):
            await vendor.took(2 * _PAYERS * _EACH)
        assert await asyncio.to_thread(daemon.stop) == 0

    heard = told["heard"]
    assert set(heard) <= {"200", "503", "sent away"}
    assert heard["200"] == _ALL
    assert heard["503"] + heard.get("sent away", 0) > _ALL - _ROOM
    kept = house.rows("SELECT sender, count(*) AS n FROM inbox GROUP BY sender")
    rosa, *payers = house.people
    assert {row["sender"]: row["n"] for row in kept} == {
        _FIRM: _ALL - _PAYERS * _EACH,
        **{payer.phone: _EACH for payer in payers},
    }
    paid = house.rows("SELECT amount, count(*) AS n FROM transfer GROUP BY amount")
    expected = {100 + number: _PAYERS for number in range(_EACH)}
    assert {row["amount"]: row["n"] for row in paid} == expected
    rang = Counter(to for to, _ in vendor.phone)
    assert rang == {
        rosa.phone: _PAYERS * _EACH,
        **{payer.phone: _EACH for payer in payers},
    }
    assert house.findings() == []


def _posts(house: House, vendor: FakeVendor, port: int) -> list[Post]:
    rosa, *payers = house.people
    texts = [
        (payer.phone, f"PAGAR {rosa.code} 1.{number:02} {payer.pin}")
        for number in range(_EACH)
        for payer in payers
    ]
    # The payments come among the others, not before them.
    every = _ALL // len(texts)
    written = [
        texts.pop() if number % every == 0 and texts else (_FIRM, f"aviso {number}")
        for number in range(_ALL)
    ]
    assert texts == []
    url, now = f"http://127.0.0.1:{port}/hook/web/{SECRET}", Clock().now()
    return [
        vendor.incoming(url, sender=sender, text=words, at=now)
        for sender, words in written
    ]


async def _rush(posts: list[Post]) -> Any:
    """Have the sender post all of them; return what it heard."""
    sender = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.flows.rush"),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    webhooks = [
        {"url": one.url, "headers": dict(one.headers), "body": one.body.decode()}
        for one in posts
    ]
    out, _ = await sender.communicate(json.dumps(webhooks).encode())
    assert sender.returncode == 0
    return json.loads(out)

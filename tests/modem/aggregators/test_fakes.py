"""Promises of the faked vendors, on which other tests stand."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from aiohttp import ClientConnectionError, ClientSession, web

from tests.modem.aggregators.fakes import FakeVendor, Mood, fake, forged
from tests.modem.aggregators.speakers import SPEAKERS, SmsGate
from tests.modem.aggregators.spoken import basic

AT = datetime(2026, 11, 25, 15, 0, tzinfo=UTC)
PHONE = "+50370001234"
WHO = basic(SmsGate.USER, SmsGate.PASSWORD)


async def send(vendor: FakeVendor, text: str, ours: str = "7") -> tuple[int, str]:
    """Send a text as sms-gate.app wants it; return status and Retry-After."""
    asked = {"id": ours, "textMessage": {"text": text}, "phoneNumbers": [PHONE]}
    async with (
        ClientSession(headers={"Authorization": WHO}) as client,
        client.post(f"{vendor.url}/messages", data=json.dumps(asked)) as answer,
    ):
        return answer.status, answer.headers.get("Retry-After", "")


async def test_a_text_is_taken_once_an_id() -> None:
    """The same id again is told so, and the phone does not ring again."""
    async with fake("sms-gate") as vendor:
        told = [(await send(vendor, "hola"))[0] for _ in range(2)]

        assert told == [202, 409]
        assert vendor.phone == [(PHONE, "hola")]


async def test_moods_pass() -> None:
    """A fault is for one request; a text cut off was taken all the same."""
    async with fake("sms-gate") as vendor:
        vendor.moods += [
            Mood(status=500),
            Mood(status=429, headers={"Retry-After": "7"}),
            Mood(cut=True),
        ]
        told = [await send(vendor, "hola") for _ in range(2)]
        with pytest.raises(ClientConnectionError):
            await send(vendor, "hola")

        assert told == [(500, ""), (429, "7")]
        assert vendor.phone == [(PHONE, "hola")]
        assert await send(vendor, "otra", ours="8") == (202, "")


async def test_a_gate_holds_the_answer_back() -> None:
    """A slow vendor has done the work before it answers."""
    async with fake("sms-gate") as vendor:
        gate = asyncio.Event()
        vendor.moods += [Mood(gate=gate, twice=True)]
        async with asyncio.TaskGroup() as group:
            sending = group.create_task(send(vendor, "hola"))
            await vendor.took(1)
            assert not sending.done()
            gate.set()

        assert sending.result() == (202, "")
        assert vendor.phone == [(PHONE, "hola")] * 2


@dataclass
class Hooks:
    """A web server that writes down what comes."""

    heard: list[tuple[str, bytes]] = field(default_factory=list)

    async def serve(self, request: web.BaseRequest) -> web.Response:
        """Write it down."""
        self.heard.append((request.path, await request.read()))
        return web.Response(status=204)


@pytest.mark.parametrize("kind", sorted(SPEAKERS))
async def test_webhooks_arrive_as_written(kind: str) -> None:
    """A webhook reaches the server behind its public address, again if asked."""
    hooks = Hooks()
    runner = web.ServerRunner(web.Server(hooks.serve), shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    public = "https://pay.example/hook/vendor/s3cret"
    async with fake(kind) as vendor:
        text = vendor.incoming(public, sender=PHONE, text="SALDO", at=AT)
        told = vendor.report(public, reference="7", to=PHONE, status="delivered", at=AT)
        for post in (text, told, text):
            assert await vendor.post(post, at_origin=f"http://{host}:{port}") == 204
    await runner.cleanup()

    assert [path.rsplit("/", 1)[1] for path, _ in hooks.heard] == ["in", "report", "in"]
    assert hooks.heard[0] == hooks.heard[2]
    assert b"SALDO" in hooks.heard[0][1]
    assert forged(text).signature not in str((forged(text).headers, forged(text).body))

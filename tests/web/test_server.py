"""The server itself: its port, its certificate, its health, and slow callers."""

from __future__ import annotations

import asyncio
import datetime
import ssl
from functools import partial
from typing import TYPE_CHECKING

import aiohttp
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from smsgate import daemon
from smsgate.web import server
from tests.modem.http.rig import NOON
from tests.web.house import free_port, house, link, listening, settings, until

if TYPE_CHECKING:
    from pathlib import Path


async def test_alive_and_ready(tmp_path: Path) -> None:
    """Alive while the ledger can be written, ready while a text can arrive."""
    async with house(tmp_path) as home:
        assert (await home.ask("GET", "/healthz"))[:2] == (200, b"ok\n")
        # Its vendor cannot be reached.
        assert (await home.ask("GET", "/readyz"))[:2] == (
            503,
            b"no link can receive\n",
        )


async def test_ready_once_a_link_is_up(tmp_path: Path) -> None:
    """A link that needs to reach nobody can receive from the start."""
    port = free_port()
    loaded = settings(tmp_path, port)
    async with (
        daemon.serve(loaded, links=[link(sends=False)]),
        aiohttp.ClientSession(f"http://127.0.0.1:{port}") as client,
    ):
        await listening(port)
        async with client.get("/readyz") as answer:
            assert (answer.status, await answer.read()) == (200, b"ok\n")


async def test_a_taken_port_stops_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Somebody else on the port is an alarm; once it is free the server listens."""
    monkeypatch.setattr(server, "_AGAIN_S", 0.01)
    port = free_port()
    holder = await asyncio.start_server(lambda _r, w: w.close(), "127.0.0.1", port)
    async with daemon.serve(settings(tmp_path, port), links=[link()]) as running:

        async def said() -> bool:
            return "web.unlistened" in capsys.readouterr().out

        await until(said)
        await running.store.write(lambda _: None)
        holder.close()
        await holder.wait_closed()
        async with aiohttp.ClientSession() as client:
            await asyncio.sleep(0.05)
            await listening(port)
            async with client.get(f"http://127.0.0.1:{port}/healthz") as answer:
                assert answer.status == 200


async def test_no_server_where_none_is_wanted(tmp_path: Path) -> None:
    """Without an address in the configuration nothing listens."""
    loaded = settings(tmp_path, 0, http={"listen": ""})
    async with daemon.serve(loaded, links=[link()]) as running:
        assert running.site is None


async def test_who_says_nothing_is_hung_up_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A connection without a whole request is closed, another goes on."""
    monkeypatch.setattr(server, "_HEADERS_S", 0.05)
    monkeypatch.setattr(server, "_LOOK_S", 0.01)
    async with house(tmp_path) as home:
        assert await home.says(b"POST /hook/web/half") == b""
        assert (await home.ask("GET", "/healthz"))[0] == 200


async def test_more_connections_than_there_is_room_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The excess is told to come again and takes no room."""
    monkeypatch.setattr(server, "_CONNECTIONS_MAX", 1)
    async with house(tmp_path) as home:

        async def there_is_room() -> bool:
            return (await home.ask("GET", "/healthz"))[0] == 200

        # The client keeps its connection, once there was room for it.
        await until(there_is_room)
        said = await home.says(b"")
        assert said.startswith(b"HTTP/1.1 503 ")
        assert b"Retry-After: 5" in said


def certificate(folder: Path, serial: int) -> None:
    """Write a certificate for 127.0.0.1 and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(serial)
        .not_valid_before(NOON - datetime.timedelta(days=5000))
        .not_valid_after(NOON + datetime.timedelta(days=50_000))
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    chain, secret = folder / "cert.pem", folder / "key.pem"
    chain.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


def serial_at(port: int) -> int:
    """Return the serial number of the certificate that a port shows."""
    shown = ssl.get_server_certificate(("127.0.0.1", port), timeout=5)
    return x509.load_pem_x509_certificate(shown.encode()).serial_number


async def test_https_with_a_certificate_that_is_renewed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A given certificate is used, and its successor without a restart."""
    monkeypatch.setattr(server, "_LOOK_S", 0.01)
    port, folder = free_port(), tmp_path / "house"
    folder.mkdir()
    certificate(folder, 11)
    loaded = settings(folder, port, http={"tls_cert": "cert.pem", "tls_key": "key.pem"})

    async def shown(serial: int) -> bool:
        return await asyncio.to_thread(serial_at, port) == serial

    async with daemon.serve(loaded, links=[link()]):
        await listening(port)
        assert await shown(11)
        certificate(folder, 12)
        await until(partial(shown, 12))
